//! What the bot says unasked: that an entry in one of its messages was corrected, and what is new for
//! those who watch.

use std::collections::BTreeSet;

use crate::commands::{
    CommandError,
    asking::in_short::EntriesInShort,
    asking::present,
    calls,
    definitions::{administering::WATCHES, asking::HISTORY},
};
use crate::{
    model::{ChangeState, Date, RecordId, RecordKind, Reference, ResponseId, SourceId, StatementId},
    reply::{Outcome, Reply, Text, json::JsonRecord},
    store::{DueEdit, Post, Reader},
};

/// The most entries that such a message shows; the rest are named.
const SHOWN: usize = 5;

/// What a message shows whose entries changed: what, when and why; then its entries as they stand now.
pub(crate) fn correction(records: &Reader<'_>, due: &DueEdit) -> Result<Reply, CommandError> {
    let mut reply = Reply::new(Outcome::Answered)
        .heading(Text::from("This answer was corrected on ").date(Date::of(due.at)).plain("."));
    for id in due.changed.iter().filter_map(|id| record(id)) {
        reply = reply.warning(what_changed(records, id)?);
        if reply.actions.len() < 5 {
            reply = reply.action(format!("{id} now"), calls::show(id));
        }
    }
    reply = reply.hint(
        Text::from("Below is what is on record now. The change: ")
            .ask(calls::show(due.change))
            .plain(". All versions: ")
            .ask(HISTORY.typed("ID")),
    );
    entries(records, reply, due.entries.iter().filter_map(|id| record(id)).collect())
}

/// What is posted where someone watches, or where reviews are announced.
pub(crate) fn post(records: &Reader<'_>, post: &Post) -> Result<Reply, CommandError> {
    let mut reply = Reply::new(Outcome::Answered);
    let mut shown = BTreeSet::new();
    for (change, entry) in &post.items {
        match entry.as_deref().and_then(record) {
            Some(id) => {
                shown.insert(id);
            }
            None => {
                let change = records.change_head(*change)?;
                if change.state != ChangeState::Pending {
                    continue;
                }
                reply = reply
                    .paragraph(
                        Text::from("For review: ")
                            .id(change.id)
                            .plain(format!(" {}, by ", change.proposal.summary))
                            .person(&change.proposal.author),
                    )
                    .action(format!("Review {}", change.id), calls::review(change.id));
            }
        }
    }
    if shown.is_empty() {
        return Ok(reply);
    }
    reply = reply.heading("New or changed on what is watched here");
    reply = entries(records, reply, shown.into_iter().collect())?;
    Ok(reply.hint(Text::from("What is watched here: ").ask(WATCHES.call(&[]))))
}

/// What readers are told of a record: its latest notice, or that it is in force again.
fn what_changed(records: &Reader<'_>, id: RecordId) -> Result<Text, CommandError> {
    let text = Text::new().id(id);
    if let Some(notice) = records.tombstone(id)? {
        return Ok(text.plain(" was taken away on ").date(notice.on).plain(format!(": {}", notice.reason)));
    }
    let Some(held) = records.held_by_id(id)? else { return Ok(text.plain(" is not on record any more.")) };
    if let Some(notice) = &held.standing.retracted {
        return Ok(text.plain(" was retracted on ").date(notice.on).plain(format!(": {}", notice.reason)));
    }
    let own = held.standing.corrections.last();
    // A statement is shown with its responses and sources: theirs is the notice if it has none.
    match own {
        Some(notice) => Ok(text.plain(" was corrected on ").date(notice.on).plain(format!(": {}", notice.reason))),
        None => Ok(text.plain(" is in force as shown below; it, or what belongs to it, has changed.")),
    }
}

fn record(id: &str) -> Option<RecordId> {
    match id.parse() {
        Ok(Reference::Record(id)) => Some(id),
        _ => None,
    }
}

/// Adds entries as they stand now; what has no place is named.
fn entries(records: &Reader<'_>, mut reply: Reply, ids: Vec<RecordId>) -> Result<Reply, CommandError> {
    let mut left = Vec::new();
    let mut shown = 0;
    for id in ids {
        if shown == SHOWN {
            left.push(id);
            continue;
        }
        match id.kind {
            RecordKind::Statement => {
                if let Some(view) = records.entry(StatementId(id.number))? {
                    reply = reply.entry(EntriesInShort::default().entry(&view));
                    reply.records.push(present::json_statement(&view));
                    shown += 1;
                }
            }
            RecordKind::Response => {
                if let Some(view) = records.response(ResponseId(id.number))? {
                    reply = reply.entry(present::response(&view));
                    reply.records.push(JsonRecord::Response(present::json_response(&view)));
                    shown += 1;
                }
            }
            RecordKind::Source => {
                if let Some(view) = records.source(SourceId(id.number))? {
                    reply = reply.entry(present::source(&view));
                    reply.records.push(JsonRecord::Source(present::json_source(&view)));
                    shown += 1;
                }
            }
            RecordKind::Entity => {}
        }
    }
    if !left.is_empty() {
        let mut text = Text::from("And ");
        for (at, id) in left.iter().enumerate() {
            text = text.plain(if at == 0 { "" } else { ", " }).id(id);
        }
        reply = reply.paragraph(text);
    }
    Ok(reply)
}
