//! What the administrative acts add up to: roles, links, blocks and the settings of communities. The tables that hold
//! them are compared with it when the history is verified.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use crate::model::Role;
use crate::store::{
    acts::communities::settings_of_all,
    acts::community_settings::CommunitySettings,
    acts::deeds::{Channels, Deed},
    acts::journal::Act,
    failure::Failure,
    records::load::rows,
};

/// Who did something, when (in milliseconds), and what.
type Done<T> = (String, i64, T);

/// A row of the table of blocks; rows are numbered from 1 on, without gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
struct BlockRow {
    subject: String,
    made: (String, i64),
    until: Option<i64>,
    reason: Option<String>,
    lifted: (Option<String>, Option<i64>),
}

/// How things stand, by whom or what they concern.
#[derive(Debug, Default)]
struct Administration {
    roles: BTreeMap<String, Done<String>>,
    /// The word under which the identities of one person are kept.
    people: BTreeMap<String, String>,
    blocks: Vec<(i64, BlockRow)>,
    settings: BTreeMap<String, Done<Deed>>,
}

/// What is held otherwise than the acts say. The settings of some communities (`older`) are older than the record of
/// acts, and are under a seal of their own until they are set anew.
pub(in crate::store) fn differences(
    connection: &Connection,
    acts: &[Act],
    older: &BTreeSet<String>,
) -> Result<Vec<String>, Failure> {
    let mut said = Administration::of_acts(acts);
    let mut held = Administration::of_tables(connection)?;
    held.settings.retain(|community, _| said.settings.contains_key(community) || !older.contains(community));
    for (community, (_, _, deed)) in &mut said.settings {
        if let Some((_, _, held)) = held.settings.get(community) {
            take_channels(deed, held);
        }
    }
    let mut found = differing("role", &said.roles, &held.roles);
    found.extend(differing("link", &said.people, &held.people));
    found.extend(differing("setting", &said.settings, &held.settings));
    let longest = said.blocks.len().max(held.blocks.len());
    for place in 0..longest {
        let (said, held) = (said.blocks.get(place), held.blocks.get(place));
        if said != held {
            let subjects: BTreeSet<&str> =
                [said, held].into_iter().flatten().map(|(_, block)| block.subject.as_str()).collect();
            found.extend(subjects.into_iter().map(|subject| differs("block", subject)));
        }
    }
    Ok(found)
}

/// Of an act from before acts were data only the number of channels is known.
fn take_channels(said: &mut Deed, held: &Deed) {
    if let (
        Deed::Setting { channels: said @ Channels::Counted(_), .. },
        Deed::Setting { channels: held @ Channels::Named(named), .. },
    ) = (said, held)
        && *said == Channels::Counted(named.len())
    {
        said.clone_from(held);
    }
}

fn differing<T: PartialEq>(what: &str, said: &BTreeMap<String, T>, held: &BTreeMap<String, T>) -> Vec<String> {
    let missing = said.keys().filter(|subject| !held.contains_key(*subject));
    let other = held.iter().filter(|(subject, value)| said.get(*subject) != Some(value)).map(|(subject, _)| subject);
    missing.chain(other).map(|subject| differs(what, subject)).collect()
}

fn differs(what: &str, subject: &str) -> String {
    format!("the {what} of {subject} is not what the administrative acts say")
}

impl Administration {
    fn of_acts(acts: &[Act]) -> Self {
        let mut this = Self::default();
        for act in acts {
            let (actor, at, subject) = (act.actor.to_string(), act.at.as_millisecond(), act.subject.clone());
            match &act.deed {
                Deed::Role { after: Role::Reader, .. } => {
                    this.roles.remove(&subject);
                }
                Deed::Role { after, .. } => {
                    this.roles.insert(subject, (actor, at, after.word().to_owned()));
                }
                Deed::Link { with } => this.link(&subject, with),
                Deed::Part { .. } => this.part(&subject),
                Deed::Block { until, reason } => {
                    this.lift(&subject, &actor, at);
                    let block = BlockRow {
                        subject,
                        made: (actor, at),
                        until: *until,
                        reason: reason.clone(),
                        lifted: (None, None),
                    };
                    this.blocks.push((this.blocks.len() as i64 + 1, block));
                }
                Deed::HeardAgain {} => this.lift(&subject, &actor, at),
                Deed::Setting { .. } => {
                    this.settings.insert(subject, (actor, at, act.deed.clone()));
                }
                // Those of the records are in the changes.
                Deed::Purge { .. } | Deed::Import {} | Deed::Told {} => {}
            }
        }
        this
    }

    fn lift(&mut self, subject: &str, by: &str, at: i64) {
        let in_force = self.blocks.iter_mut().filter(|(_, block)| block.subject == subject && block.lifted.0.is_none());
        for (_, block) in in_force {
            block.lifted = (Some(by.to_owned()), Some(at));
        }
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

    fn of_tables(connection: &Connection) -> Result<Self, Failure> {
        let roles = rows(connection, "SELECT identity, given_by, given_at, role FROM role", [], |row| {
            Ok((row.get(0)?, (row.get(1)?, row.get(2)?, row.get(3)?)))
        })?;
        let people = rows(connection, "SELECT identity, person FROM person", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let blocks = rows(connection, "SELECT * FROM block ORDER BY id", [], |row| {
            let block = BlockRow {
                subject: row.get("subject")?,
                made: (row.get("blocked_by")?, row.get("blocked_at")?),
                until: row.get("until")?,
                reason: row.get("reason")?,
                lifted: (row.get("lifted_by")?, row.get("lifted_at")?),
            };
            Ok((row.get("id")?, block))
        })?;
        let mut settings = BTreeMap::new();
        let all = settings_of_all(connection)?;
        for (id, by, at) in rows(connection, "SELECT id, changed_by, changed_at FROM community", [], |row| {
            Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?))
        })? {
            let deed = Deed::setting(all.get(&id).unwrap_or(&CommunitySettings::default()));
            settings.insert(id, (by, at, deed));
        }
        Ok(Self { roles: roles.into_iter().collect(), people: people.into_iter().collect(), blocks, settings })
    }
}
