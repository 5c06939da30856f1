//! `version`: what runs here.

use crate::commands::{Arguments, CommandError, Context, asking::present::count};
use crate::{
    model::RecordKind,
    reply::{Fact, Outcome, Reply, Text},
    store::Store,
};

pub(in crate::commands) fn run(context: &Context<'_>, _: &Arguments) -> Result<Reply, CommandError> {
    let totals = context.records.totals()?;
    let on_record: Vec<String> = totals
        .iter()
        .map(|&(kind, number)| match kind {
            RecordKind::Statement => count(number, "statement", "statements"),
            RecordKind::Response => count(number, "response", "responses"),
            RecordKind::Source => count(number, "source", "sources"),
            RecordKind::Entity => count(number, "entity", "entities"),
        })
        .collect();
    let changes = context.records.latest_sequence()?;
    Ok(Reply::new(Outcome::Answered)
        .heading(Text::new().strong(format!("Onrecord {}", env!("CARGO_PKG_VERSION"))))
        .facts(vec![
            Fact { label: "On record".into(), value: on_record.join(" · ").into() },
            Fact { label: "History".into(), value: count(changes.0, "approved change", "approved changes").into() },
            Fact { label: "Found by meaning".into(), value: context.process.metrics.meaning().into_owned().into() },
            Fact { label: "SQLite".into(), value: Store::sqlite_version().into() },
        ]))
}
