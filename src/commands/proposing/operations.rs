//! A change as a reviewer reads it: each operation, field by field, with the sources to open.

use std::ops::Range;

use crate::commands::{CommandError, Context, proposing::fields::ReferenceNames};
use crate::{
    model::{
        Announcement, Date, Operation, Record, RecordKey, RecordKind, RecordNotice, SourceName, Standing, WebAddress,
        ledger::BrokenRule,
    },
    reply::{Fact, Reply, Span, Text},
    store::Reader,
};

/// How many operations a page shows at most, and how many bytes they have as JSON: a page is to fit in one message of
/// every chat. One that is longer by itself has a page of its own.
const OPERATIONS: usize = 12;
const BYTES: usize = 4_000;

/// How many sources of a page are listed to be opened.
const SOURCES: usize = 12;

/// The operations of a change in pages; at least one.
pub(in crate::commands) fn pages(operations: &[Operation]) -> Vec<Range<usize>> {
    let mut pages = Vec::new();
    let (mut from, mut bytes) = (0, 0);
    for (at, operation) in operations.iter().enumerate() {
        let size = serde_json::to_string(operation).map_or(0, |text| text.len());
        if at > from && (at - from == OPERATIONS || bytes + size > BYTES) {
            pages.push(from..at);
            (from, bytes) = (at, 0);
        }
        bytes += size;
    }
    pages.push(from..operations.len());
    pages
}

/// Adds those operations of a change that are on a page to a reply; `before` gives what a record was before it.
pub(in crate::commands) fn show(
    context: &Context<'_>,
    mut reply: Reply,
    operations: &[Operation],
    page: Range<usize>,
    before: &dyn Fn(&RecordKey) -> Result<Option<Record>, CommandError>,
) -> Result<Reply, CommandError> {
    let names = ReferenceNames { context, operations };
    let page = operations.get(page).unwrap_or_default();
    for operation in page {
        let target = operation.target();
        let id = context.records.record_id(&target)?;
        let called = id.map_or_else(|| target.kind.word().to_owned(), |id| id.to_string());
        // What goes or comes back is shown as it stands, so that nobody decides by a number alone.
        let as_it_stands = || -> Result<Vec<Fact>, CommandError> {
            before(&target)?.map_or_else(|| Ok(Vec::new()), |record| names.as_it_stands(&record))
        };
        let (heading, facts) = match operation {
            Operation::Create { record, standing } => {
                let mut facts = names.all(record)?;
                facts.extend(standing_from_the_start(&names, standing)?);
                (format!("New {}", target.kind.word()), facts)
            }
            Operation::Edit { record, corrections, vetted } => {
                let mut facts = match before(&target)? {
                    Some(old) => names.differing(&old, record)?,
                    None => names.all(record)?,
                };
                facts.extend(corrections.iter().map(told));
                facts.extend(vetted.map(vetted_on));
                (format!("Edit of {called}"), facts)
            }
            Operation::Retract { target: _, announcement } => {
                let mut facts = vec![told(announcement)];
                facts.extend(as_it_stands()?);
                (format!("Retraction of {called}"), facts)
            }
            Operation::Restore { target: _ } => (format!("{called} is put in force again"), as_it_stands()?),
            Operation::Purge { target: _, announcement } => {
                let mut facts = vec![told(announcement)];
                facts.extend(as_it_stands()?);
                (format!("Purge of {called}: its content goes for good"), facts)
            }
            Operation::Removed { target: _ } => (format!("{called}: the content was purged"), Vec::new()),
            Operation::Merge { from, into } => {
                let heading = format!("{} becomes part of {}", names.entity(from)?, names.entity(into)?);
                reply = reply.paragraph(Text::new().strong(heading)).facts(as_it_stands()?);
                let stays = before(&RecordKey::new(RecordKind::Entity, into.clone()))?;
                let facts = stays.map_or_else(|| Ok(Vec::new()), |record| names.as_it_stands(&record))?;
                (format!("What stays, and takes over these names: {}", names.entity(into)?), facts)
            }
        };
        reply = reply.paragraph(Text::new().strong(heading)).facts(facts);
    }
    let sources = sources(context, operations, page)?;
    if !sources.is_empty() {
        reply = reply.paragraph("Sources to open:").list(sources);
    }
    Ok(reply)
}

fn told(announcement: &Announcement) -> Fact {
    let Announcement { on, reason } = announcement;
    let day = on.map(|on| format!(" (dated {on})")).unwrap_or_default();
    Fact { label: "Readers are told".into(), value: format!("{reason}{day}").into() }
}

/// The day that a pack gives for the review of a record.
fn vetted_on(day: Date) -> Fact {
    Fact { label: "Vetted".into(), value: Text::new().date(day) }
}

/// How a record stands from the start, as an import brings it along.
fn standing_from_the_start(names: &ReferenceNames<'_>, standing: &Standing) -> Result<Vec<Fact>, CommandError> {
    let Standing { corrections, retracted, merged_into, vetted } = standing;
    let dated = |notice: &RecordNotice| format!("{} (dated {})", notice.reason, notice.on);
    let fact = |label: &'static str, value: String| Fact { label: label.into(), value: value.into() };
    let mut facts: Vec<Fact> = corrections.iter().map(|notice| fact("Stands corrected", dated(notice))).collect();
    facts.extend(retracted.iter().map(|notice| fact("Stands retracted", dated(notice))));
    if let Some(into) = merged_into {
        facts.push(fact("Stands merged into", names.entity(into)?));
    }
    facts.extend(vetted.map(vetted_on));
    Ok(facts)
}

/// A rule that is broken, with ids in the place of the keys of what is on record.
pub(in crate::commands) fn in_words(records: &Reader<'_>, refusal: &BrokenRule) -> String {
    let mut words = refusal.to_string();
    for name in refusal.records() {
        // Where the id can't be read, the key stays.
        if let Ok(Some(id)) = records.record_id(&name) {
            words = words.replace(&name.to_string(), &format!("{} {id}", name.kind));
        }
    }
    words
}

/// The sources that the operations of a page rest on, each with a link.
fn sources(context: &Context<'_>, all: &[Operation], page: &[Operation]) -> Result<Vec<Text>, CommandError> {
    let mut keys = Vec::new();
    for operation in page {
        let record = match operation {
            Operation::Create { record, .. } | Operation::Edit { record, .. } => Some(record.clone()),
            _ => context.records.held(&operation.target())?.map(|held| held.record),
        };
        let Some(record) = record else { continue };
        if let Record::Source(source) = &record {
            keys.push(source.key.clone());
        }
        keys.extend(record.citations().iter().map(|citation| citation.source.clone()));
    }
    let mut seen = std::collections::HashSet::new();
    let mut items = Vec::new();
    for key in keys.into_iter().filter(|key| seen.insert(key.clone())).take(SOURCES) {
        let name = RecordKey::new(RecordKind::Source, key.clone());
        let new = all.iter().find_map(|operation| match operation {
            Operation::Create { record: Record::Source(source), .. }
            | Operation::Edit { record: Record::Source(source), .. }
                if source.key == key =>
            {
                Some(source.clone())
            }
            _ => None,
        });
        let held = match (new, context.records.held(&name)?.map(|held| held.record)) {
            (Some(source), _) | (None, Some(Record::Source(source))) => source,
            (None, _) => continue,
        };
        let title = match &held.name {
            SourceName::Title(title) => title.to_string(),
            SourceName::Description(description) => description.to_string(),
        };
        let text = match context.records.record_id(&name)? {
            Some(id) => Text::new().id(id).plain(" "),
            None => Text::from("new: "),
        };
        items.push(match &held.url {
            Some(address) => {
                text.span(Span::Link { text: link_text(&title), address: address.clone() }).plain(host(address))
            }
            None => text.plain(format!("{title} — {}", crate::reply::NO_ADDRESS)),
        });
    }
    Ok(items)
}

fn host(address: &WebAddress) -> String {
    format!(" — {}", address.host())
}

/// The words of a link, which must not look like an address themselves.
fn link_text(title: &str) -> String {
    if title.contains("://") { "the report".to_owned() } else { title.to_owned() }
}
