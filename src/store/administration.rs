//! What the administrative acts add up to: roles, links, blocks and the settings of communities. The tables that hold
//! them are compared with it when the history is verified.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::{
    acts::{Act, ActKind},
    blocks::in_words,
    communities::settings_of_all,
    error::StoreError,
    load::rows,
    row::{get, timestamp},
};
use crate::model::{Line, Role};

/// Who did something, when (in milliseconds), and what.
type Deed = (String, i64, String);

/// How things stand, by whom or what they concern.
#[derive(Debug, Default, PartialEq, Eq)]
struct Administration {
    roles: BTreeMap<String, Deed>,
    /// The word under which the identities of one person are kept.
    people: BTreeMap<String, String>,
    blocks: BTreeMap<String, Deed>,
    settings: BTreeMap<String, Deed>,
}

/// What is held otherwise than the acts say.
pub(super) fn differences(connection: &Connection, acts: &[Act]) -> Result<Vec<String>, StoreError> {
    let said = Administration::of_acts(acts);
    let mut held = Administration::of_tables(connection)?;
    // Settings that are older than the record of acts are in none.
    held.settings.retain(|community, _| said.settings.contains_key(community));
    let mut found = differing("role", &said.roles, &held.roles);
    found.extend(differing("link", &said.people, &held.people));
    found.extend(differing("block", &said.blocks, &held.blocks));
    found.extend(differing("setting", &said.settings, &held.settings));
    Ok(found)
}

fn differing<T: PartialEq>(what: &str, said: &BTreeMap<String, T>, held: &BTreeMap<String, T>) -> Vec<String> {
    let missing = said.keys().filter(|subject| !held.contains_key(*subject));
    let other = held.iter().filter(|(subject, value)| said.get(*subject) != Some(value)).map(|(subject, _)| subject);
    missing
        .chain(other)
        .map(|subject| format!("the {what} of {subject} is not what the administrative acts say"))
        .collect()
}

impl Administration {
    fn of_acts(acts: &[Act]) -> Self {
        let mut this = Self::default();
        for act in acts {
            let deed = |what: &str| (act.actor.to_string(), act.at.as_millisecond(), what.to_owned());
            let (subject, what) = (act.subject.clone(), act.what.as_str());
            match ActKind::of(&act.kind) {
                Some(ActKind::Role) => {
                    let role = what.rsplit_once(GIVEN).map_or(what, |(_, role)| role);
                    this.roles.remove(&subject);
                    if role != Role::Reader.word() {
                        this.roles.insert(subject, deed(role));
                    }
                }
                Some(ActKind::Link) => match what.strip_prefix(LINKED) {
                    Some(other) => this.link(&subject, other),
                    None => this.part(&subject),
                },
                Some(ActKind::Block) => {
                    this.blocks.remove(&subject);
                    if what != HEARD_AGAIN {
                        this.blocks.insert(subject, deed(what));
                    }
                }
                Some(ActKind::Setting) => {
                    this.settings.insert(subject, deed(what));
                }
                // Those of the records are in the changes.
                Some(ActKind::Purge | ActKind::Import) | None => {}
            }
        }
        this
    }

    fn link(&mut self, one: &str, other: &str) {
        let person = |people: &BTreeMap<String, String>, identity: &str| {
            people.get(identity).cloned().unwrap_or_else(|| identity.to_owned())
        };
        let (first, second) = (person(&self.people, one), person(&self.people, other));
        for identity in [one, other] {
            self.people.entry(identity.to_owned()).or_insert_with(|| first.clone());
        }
        for person in self.people.values_mut().filter(|person| **person == second) {
            person.clone_from(&first);
        }
    }

    fn part(&mut self, one: &str) {
        self.people.remove(one);
        let rest = self.people.iter().find(|(_, person)| *person == one).map(|(identity, _)| identity.clone());
        if let Some(rest) = rest {
            for person in self.people.values_mut().filter(|person| *person == one) {
                person.clone_from(&rest);
            }
        }
    }

    fn of_tables(connection: &Connection) -> Result<Self, StoreError> {
        let roles = rows(connection, "SELECT identity, given_by, given_at, role FROM role", [], |row| {
            Ok((row.get(0)?, (row.get(1)?, row.get(2)?, row.get(3)?)))
        })?;
        let people = rows(connection, "SELECT identity, person FROM person", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let blocks = rows(connection, "SELECT * FROM block WHERE lifted_at IS NULL", [], |row| {
            let until = row.get::<_, Option<i64>>("until")?.map(|_| timestamp(row, "until")).transpose()?;
            let reason = row.get::<_, Option<String>>("reason")?.map(|_| get::<Line>(row, "reason")).transpose()?;
            let words = in_words(until, reason.as_ref());
            Ok((row.get("subject")?, (row.get("blocked_by")?, row.get("blocked_at")?, words)))
        })?;
        let mut settings = BTreeMap::new();
        let all = settings_of_all(connection)?;
        for (id, by, at) in rows(connection, "SELECT id, changed_by, changed_at FROM community", [], |row| {
            Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?))
        })? {
            let words = all.get(&id).map(|settings| settings.in_words()).unwrap_or_default();
            settings.insert(id, (by, at, words));
        }
        Ok(Self {
            roles: roles.into_iter().collect(),
            people: people.into_iter().collect(),
            blocks: blocks.into_iter().collect(),
            settings,
        })
    }
}

/// What stands in an act between the role before and the role after.
pub(super) const GIVEN: &str = " → ";

/// What stands in an act before the identity that another was linked with.
pub(super) const LINKED: &str = "one person with ";

/// What an act says of a block that was lifted.
pub(super) const HEARD_AGAIN: &str = "heard again";
