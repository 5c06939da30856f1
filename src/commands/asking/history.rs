//! `history`: every approved change of one record.

use crate::commands::{Arguments, CommandError, Context, asking::absent::not_on_record, asking::present, calls};
use crate::{
    model::{ChangeState, Date, Reference},
    reply::{Entry, EntryKind, Outcome, Reply, Text},
};

pub(in crate::commands) fn run(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let id = match arguments.reference() {
        Some(Reference::Record(id)) => id,
        Some(Reference::Change(id)) => {
            return Ok(Reply::new(Outcome::Misused)
                .heading(format!("{id} is itself a change."))
                .hint(Text::from("To open it: ").ask(calls::show(id))));
        }
        None => return Ok(not_on_record("")),
    };
    let history = context.records.history(id)?;
    if history.is_empty() {
        return Ok(not_on_record(id));
    }
    let mut reply = Reply::new(Outcome::Answered).heading(
        Text::from("History of ").id(id).plain(format!(" — {}", present::count(history.len(), "change", "changes"))),
    );
    for item in &history {
        let what = if item.operations.is_empty() { "drawn along".to_owned() } else { item.operations.join(", ") };
        let mut entry = Entry::new(
            EntryKind::Change,
            item.change,
            Text::new().strong(item.summary.as_str()).plain(format!(" — {what}")),
        );
        entry.date = Some(Date::of(item.approved_at));
        let change = context.records.change_head(item.change)?;
        let solo = matches!(&change.state, ChangeState::Approved(approved) if approved.solo);
        entry.details.push(if solo {
            Text::from("Proposed and approved by ").person(&item.author).plain(", being the only reviewer")
        } else {
            Text::from("Proposed by ").person(&item.author).plain(", approved by ").person(&item.reviewer)
        });
        entry.details.push(Text::from(format!("Reason: {}", item.reason)));
        reply = reply.entry(entry);
        reply.records.push(present::json_change(&change));
    }
    Ok(reply)
}
