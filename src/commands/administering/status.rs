//! `status`: how the process that answers stands, for admins.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, Unit};

use crate::commands::{Arguments, CommandError, Context, asking::present::count};
use crate::{
    metrics::{Connection, Metrics, Sample, Tally},
    model::{Platform, RecordKind, Sequence},
    reply::{Fact, Outcome, Reply, Text},
    store::{Condition, Failure, Reader, Store},
};

/// Whether texts are found by what they mean, and how far the vectors are.
fn meaning(context: &Context<'_>, sample: &Sample) -> String {
    let Some(standing) = context.search.meaning() else { return context.process.metrics.meaning().into_owned() };
    let placed = count(standing.wordings, "text has its vector", "texts have their vectors");
    let reached = match standing.reached {
        None => "the first are being made".to_owned(),
        Some(reached) => match sample.history.changes_since(reached) {
            0 => "all that are on record".to_owned(),
            behind => format!("{} to go", count(behind, "change", "changes")),
        },
    };
    let kept = if standing.kept { "" } else { "; they can't be kept on the disk, and are made anew at the next start" };
    format!("yes, by {}: {placed}, {reached}{kept}", standing.model)
}

pub(in crate::commands) fn run(context: &Context<'_>, _: &Arguments) -> Result<Reply, CommandError> {
    let request = &context.request;
    let metrics = context.process.metrics;
    let sample = sample(context.records, request.store, context.process.index, request.now)?;
    metrics.sampled(&sample);
    let totals = context.records.totals()?;
    let of = |wanted: RecordKind| totals.iter().find(|(kind, _)| *kind == wanted).map_or(0, |(_, number)| *number);
    let mut facts = vec![
        Fact {
            label: "Running".into(),
            value: format!(
                "since {} ({}), version {}",
                moment(metrics.started()),
                span(request.now.duration_since(metrics.started())),
                env!("CARGO_PKG_VERSION")
            )
            .into(),
        },
        Fact { label: "Connected".into(), value: connected(metrics, request.now) },
        Fact {
            label: "On record".into(),
            value: format!(
                "{} · {} · {}",
                count(of(RecordKind::Statement), "statement", "statements"),
                count(of(RecordKind::Response), "response", "responses"),
                count(sample.history.0, "approved change", "approved changes")
            )
            .into(),
        },
        Fact {
            label: "Waiting".into(),
            value: format!(
                "{} · {} · {}",
                count(sample.proposals, "proposal", "proposals"),
                count(sample.corrections, "correction", "corrections"),
                count(sample.posts, "post", "posts")
            )
            .into(),
        },
        Fact {
            label: "Database".into(),
            value: format!("{}, write-ahead log {}", size(sample.database_bytes), size(sample.log_bytes)).into(),
        },
        Fact { label: "Last hashes".into(), value: last_hashes(context.records)?.into() },
        Fact { label: "Writing".into(), value: writing(&request.store.condition()) },
        Fact { label: "Search index".into(), value: index(&sample) },
        Fact { label: "Found by meaning".into(), value: meaning(context, &sample).into() },
        Fact {
            label: "Last backup".into(),
            value: metrics.last_backup().map_or_else(
                || "none that this process knows of".into(),
                |at| format!("{}, {} ago", moment(at), span(request.now.duration_since(at))).into(),
            ),
        },
    ];
    if let Some(lag) = sample.replication_lag {
        facts.push(Fact { label: "Replica".into(), value: replica(lag).into() });
    }
    for (label, minutes) in [("Last hour", 60), ("Last 24 hours", 24 * 60)] {
        facts.push(Fact { label: label.into(), value: tally(&metrics.tally(minutes)).into() });
    }
    let queue = metrics.queue_depth().max(0);
    facts.push(Fact { label: "In the queue".into(), value: count(queue, "request", "requests").into() });
    Ok(Reply::new(Outcome::Answered).heading("How the bot stands").facts(facts))
}

/// How the records stand.
pub(crate) fn sample(records: &Reader<'_>, store: &Store, index: Sequence, now: Timestamp) -> Result<Sample, Failure> {
    let backlog = records.backlog(now)?;
    let (database_bytes, log_bytes) = store.sizes();
    Ok(Sample {
        database_bytes,
        log_bytes,
        proposals: backlog.proposals,
        corrections: backlog.corrections,
        posts: backlog.posts,
        history: records.latest_sequence()?,
        index,
        replication_lag: store.replication_lag(),
    })
}

/// How far a replica is behind. Litestream copies within a second or so.
fn replica(lag: Duration) -> String {
    const USUAL: Duration = Duration::from_secs(10);
    if lag < USUAL {
        return "Litestream has copied everything".to_owned();
    }
    let lag = SignedDuration::try_from(lag).unwrap_or(SignedDuration::MAX);
    format!("Litestream has copied nothing for {}; look whether it runs", span(lag))
}

fn connected(metrics: &Metrics, now: Timestamp) -> Text {
    let chats = metrics.connections();
    if chats.is_empty() {
        return "no chat in this process".into();
    }
    let each: Vec<String> = chats.into_iter().map(|(platform, chat)| connection(platform, &chat, now)).collect();
    each.join(" · ").into()
}

fn connection(platform: Platform, chat: &Connection, now: Timestamp) -> String {
    let name = platform.name();
    let parts = if chat.of > 1 { format!(", {} of {} shards", chat.up, chat.of) } else { String::new() };
    match (chat.since, chat.last_contact) {
        (Some(since), _) => {
            format!("{name} since {} ({}){parts}", moment(since), span(now.duration_since(since)))
        }
        (None, Some(last)) => format!("{name} not connected, last at {}{parts}", moment(last)),
        (None, None) => format!("{name} not connected yet"),
    }
}

/// Where the chains end. Whoever keeps this elsewhere can tell later that nothing before was altered.
fn last_hashes(records: &Reader<'_>) -> Result<String, Failure> {
    let heads = records.heads()?.into_iter();
    Ok(heads.map(|head| format!("{} of {}", head.hash, head.chain.name())).collect::<Vec<_>>().join(" · "))
}

/// Whether what is decided can be kept.
fn writing(condition: &Condition) -> Text {
    match condition {
        Condition::Sound => "possible".into(),
        Condition::Unwritable(reason) | Condition::Displaced(reason) | Condition::Damaged(reason) => {
            format!("NOT possible: {reason}").into()
        }
    }
}

fn index(sample: &Sample) -> Text {
    let behind = sample.history.changes_since(sample.index);
    if behind == 0 {
        return format!("at change {} of {}", sample.index, sample.history).into();
    }
    format!("at change {} of {}: {} behind", sample.index, sample.history, count(behind, "change", "changes")).into()
}

fn tally(tally: &Tally) -> String {
    let Tally { answered, nothing_found, misused, failed, busy, limited } = *tally;
    format!(
        "{answered} answered · {nothing_found} nothing found · {misused} put wrongly · {failed} failed · {busy} refused \
         as busy · {limited} refused as too many"
    )
}

/// A moment, in UTC, to the minute.
fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// A stretch of time in its two largest units. A clock that was put back makes none.
fn span(duration: SignedDuration) -> String {
    let minutes = duration.round(Unit::Minute).unwrap_or(duration).as_mins().max(0);
    let (days, hours, minutes) = (minutes / (24 * 60), minutes / 60 % 24, minutes % 60);
    match (days, hours) {
        (0, 0) => count(minutes, "minute", "minutes"),
        (0, _) => format!("{hours} h {minutes} min"),
        (_, _) => format!("{} {hours} h", count(days, "day", "days")),
    }
}

/// A number of bytes in a unit that is easily read.
fn size(bytes: u64) -> String {
    let mut rest = bytes;
    let mut tenths = 0;
    for unit in ["bytes", "KiB", "MiB", "GiB"] {
        if rest < 1_024 {
            return if unit == "bytes" { format!("{rest} {unit}") } else { format!("{rest}.{tenths} {unit}") };
        }
        tenths = rest % 1_024 * 10 / 1_024;
        rest /= 1_024;
    }
    format!("{rest}.{tenths} TiB")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_stretches_of_time_are_easily_read() {
        for (bytes, text) in [
            (0, "0 bytes"),
            (1_023, "1023 bytes"),
            (1_024, "1.0 KiB"),
            (1_536, "1.5 KiB"),
            (5_242_880, "5.0 MiB"),
            (3 << 40, "3.0 TiB"),
        ] {
            assert_eq!(size(bytes), text);
        }
        for (seconds, text) in [
            (-5, "0 minutes"),
            (59, "1 minute"),
            (3_540, "59 minutes"),
            (3_660, "1 h 1 min"),
            (90_000, "1 day 1 h"),
            (864_000, "10 days 0 h"),
        ] {
            assert_eq!(span(SignedDuration::from_secs(seconds)), text);
        }
    }
}
