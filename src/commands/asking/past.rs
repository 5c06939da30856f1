//! A record as it was on a day.

use jiff::tz::TimeZone;

use crate::commands::{
    CommandError, Context, asking::absent::not_on_record, asking::present, calls, proposing::operations,
};
use crate::{
    model::{Date, Operation, RecordId, Standing},
    reply::{Outcome, Reply, Text},
};

/// The record of this id as it was at the end of a day, UTC; of a month or a year, at its end.
pub(in crate::commands) fn at(context: &Context<'_>, id: RecordId, day: Date) -> Result<Reply, CommandError> {
    let Some(name) = context.records.name_of(id)? else { return Ok(not_on_record(id)) };
    let end = day.last_day().tomorrow().unwrap_or(jiff::civil::Date::MAX).at(0, 0, 0, 0);
    // A millisecond before the next day begins.
    let moment =
        TimeZone::UTC.to_timestamp(end).map_or(context.request.now, |next| next - jiff::SignedDuration::from_millis(1));
    let sequence = context.records.sequence_at(moment)?;
    let Some(held) = context.records.version(&name, sequence)? else {
        return Ok(Reply::new(Outcome::NothingFound)
            .heading(Text::new().id(id).plain(" was not on record on ").date(day).plain("."))
            .hint(Text::from("Since when it is: ").ask(calls::history(id))));
    };
    let mut reply = Reply::new(Outcome::Answered)
        .heading(Text::new().id(id).plain(" as it was on ").date(day).plain(format!(", version {}", held.revision)));
    for notice in &held.standing.corrections {
        reply = reply.warning(Text::from("Corrected ").date(notice.on).plain(format!(": {}", notice.reason)));
    }
    if let Some(notice) = &held.standing.retracted {
        reply = reply.warning(Text::from("Retracted ").date(notice.on).plain(format!(": {}", notice.reason)));
    }
    if let Some(into) = &held.standing.merged_into {
        reply = reply.warning(format!("Merged into the entity {into}"));
    }
    let record = present::readable(held.record, context.request.role);
    let whole = [Operation::Create { record, standing: Standing::default() }];
    let reply = operations::show(context, reply, &whole, 0..whole.len(), &|_| Ok(None))?;
    Ok(reply
        .action("Now", calls::show(id))
        .hint(Text::from("Names are as they are now. All versions: ").ask(calls::history(id))))
}
