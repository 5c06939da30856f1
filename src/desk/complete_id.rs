//! Completing ids: of records, each with whose words it has and the first of them, and of changes that wait for review.

use super::{
    Desk,
    completion::{Completion, OFFERED},
};
use crate::{
    commands::{CommandSpec, CommandTask},
    model::{Identity, Key, Operation, Record, RecordId, RecordKey, RecordKind, Reference, Role, SourceName},
    search::Question,
    store::Reader,
};

/// How many of the changes that wait are looked at. The limit is ours: a queue is rarely as long.
const LOOKED_AT: usize = 100;

/// How many entities are offered before the statements that have what was typed.
const ENTITIES: usize = 10;

impl Desk {
    /// What may be given where a command wants an id.
    pub(super) fn ids(&self, spec: &CommandSpec, typed: &str, actor: &Identity) -> Vec<Completion> {
        match spec.task {
            CommandTask::Review
            | CommandTask::Claim
            | CommandTask::Approve
            | CommandTask::Reject
            | CommandTask::RequestChanges
            | CommandTask::Withdraw
            | CommandTask::Amend => self.changes(spec, typed, actor),
            _ => self.references(typed),
        }
    }

    /// Ids that begin as typed, each with what it names; or ids of entities, found by name, and of statements, found by
    /// what they are about.
    fn references(&self, typed: &str) -> Vec<Completion> {
        let begun = self.begun_ids(typed);
        if !begun.is_empty() {
            return begun;
        }
        let snapshot = self.search.snapshot();
        let names = snapshot.names();
        let entity = |id| {
            let entity = names.entity(id)?;
            let id = entity.id.to_string();
            Some(Completion { label: format!("{id} — {} ({})", entity.name, entity.kind), replacement: id })
        };
        let statements = self.statements_on(typed);
        let begun = names.beginning_with(typed, usize::MAX);
        // What was typed is the beginning of a name; else it is words, or a name with a typo.
        if begun.is_empty() {
            let near = names.suggestions(typed, OFFERED).into_iter().filter_map(entity);
            return statements.into_iter().chain(near).take(OFFERED).collect();
        }
        let most = if statements.is_empty() { OFFERED } else { ENTITIES };
        begun.into_iter().filter_map(entity).take(most).chain(statements).take(OFFERED).collect()
    }

    /// The statements that answer what was typed as a question. None where they can't be read: what is typed can still
    /// be sent.
    fn statements_on(&self, typed: &str) -> Vec<Completion> {
        if typed.trim().chars().count() < 2 || typed.trim().parse::<Reference>().is_ok() {
            return Vec::new();
        }
        let snapshot = self.search.snapshot();
        let meaning = snapshot.understand(&Question::read(typed));
        let found = meaning.and_then(|meaning| snapshot.find(&meaning, 0, OFFERED));
        let (Ok(found), Ok(records)) = (found, self.store.reader()) else { return Vec::new() };
        let entries = found.statements.into_iter().filter_map(|number| records.entry(number).ok().flatten());
        let offered = entries.map(|entry| {
            let id = entry.id.to_string();
            let words = said(entry.speaker.name.as_str(), entry.statement.text.as_str());
            Completion { label: format!("{id} — {words}"), replacement: id }
        });
        offered.collect()
    }

    /// The records whose id is the one typed, or has one digit more.
    fn begun_ids(&self, typed: &str) -> Vec<Completion> {
        let Ok(Reference::Record(typed)) = typed.trim().parse() else { return Vec::new() };
        let Ok(records) = self.store.reader() else { return Vec::new() };
        let longer = (0..10).filter_map(|digit| typed.number.checked_mul(10)?.checked_add(digit));
        let numbers = std::iter::once(typed.number).chain(longer);
        let found = numbers.filter_map(|number| {
            let id = RecordId::new(typed.kind, number);
            let held = records.held_by_id(id).ok()??;
            let label = format!("{id} — {}", in_words(&records, &held.record));
            Some(Completion { replacement: id.to_string(), label })
        });
        found.collect()
    }

    /// The changes that wait, for those who may read them: the ones that begin as typed or have it in their words. Whoever
    /// takes back or changes a proposal is offered their own.
    fn changes(&self, spec: &CommandSpec, typed: &str, actor: &Identity) -> Vec<Completion> {
        let Ok(records) = self.store.reader() else { return Vec::new() };
        let role = records.role_of(&self.authority(), actor).unwrap_or(Role::Reader);
        let Ok((waiting, _)) = records.waiting(self.clock.now(), 0, LOOKED_AT) else { return Vec::new() };
        let wanted = typed.trim().to_lowercase();
        let found = waiting.into_iter().filter_map(|item| {
            let (id, proposal) = (item.change.id, item.change.proposal);
            let is_own = records.same_person(&proposal.author, actor).unwrap_or(false);
            let may = match spec.task {
                CommandTask::Withdraw | CommandTask::Amend => is_own,
                CommandTask::Review => role >= spec.role,
                _ => role >= spec.role && (!is_own || self.authority().solo),
            };
            if !may {
                return None;
            }
            let operations = records.change(id).map(|change| change.proposal.operations).unwrap_or_default();
            let record = operations.iter().find_map(|operation| match operation {
                Operation::Create { record, .. } | Operation::Edit { record, .. } => Some(record),
                _ => None,
            });
            let about = record.map(|record| format!(": {}", in_words(&records, record))).unwrap_or_default();
            let label = format!("{id} — {}{about}", proposal.summary);
            let fits = label.to_lowercase().contains(&wanted);
            fits.then(|| Completion { replacement: id.to_string(), label })
        });
        found.take(OFFERED).collect()
    }
}

/// What a record is, in a line: whose words it has, and these.
fn in_words(records: &Reader<'_>, record: &Record) -> String {
    match record {
        Record::Entity(entity) => entity.name.to_string(),
        Record::Source(source) => match &source.name {
            SourceName::Title(name) | SourceName::Description(name) => name.to_string(),
        },
        Record::Statement(statement) => said(&name_of(records, &statement.speaker), statement.text.as_str()),
        Record::Response(response) => said(&name_of(records, &response.responder), response.text.as_str()),
    }
}

/// The name of an entity; its key where it is proposed in the same change.
fn name_of(records: &Reader<'_>, key: &Key) -> String {
    match records.held(&RecordKey::new(RecordKind::Entity, key.clone())) {
        Ok(Some(held)) => match held.record {
            Record::Entity(entity) => entity.name.to_string(),
            _ => key.to_string(),
        },
        _ => key.to_string(),
    }
}

/// Who, and what; not who twice.
fn said(who: &str, words: &str) -> String {
    if words.starts_with(who) { words.to_owned() } else { format!("{who}: {words}") }
}
