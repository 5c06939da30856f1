//! `gaps`: what is missing on record, the worst first.

use crate::commands::{Arguments, CommandError, Context, asking::present::count, calls, definitions::reviewing::GAPS};
use crate::{
    reply::{Fact, Outcome, Page, Reply, Text},
    store::{GapCounts, Missing},
};

/// How many records are listed at a time.
const LISTED: usize = 20;

pub(in crate::commands) fn run(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let counts = context.records.gap_counts()?;
    if counts.records == 0 {
        return Ok(Reply::new(Outcome::NothingFound).heading("Nothing is missing on record."));
    }
    let page = arguments.page();
    let mut reply = Reply::new(Outcome::Answered)
        .heading(format!("What is missing on record: {}, the worst first", count(counts.records, "record", "records")));
    if page == 1 {
        let each = counts.each.iter().filter(|(_, records)| *records > 0);
        reply = reply.facts(
            each.map(|&(missing, records)| Fact {
                label: heading(missing).into(),
                value: format!("{records} of {}", of(missing, &counts)).into(),
            })
            .collect(),
        );
    }
    let items = context.records.gaps((page - 1) * LISTED, LISTED)?.into_iter().map(|gap| {
        let missing: Vec<&str> = gap.missing.into_iter().map(words).collect();
        Text::new().ask(calls::show(gap.record)).plain(format!(" {}: {}", gap.whose, missing.join(", ")))
    });
    let reply = reply.list(items.collect());
    Ok(reply.on_page(Page::new(page, counts.records.div_ceil(LISTED), GAPS.call(&[]))))
}

const fn heading(missing: Missing) -> &'static str {
    match missing {
        Missing::Link => "Entries without any link",
        Missing::Original => "Entries without an original",
        Missing::OriginalLink => "Entries whose original has no link",
        Missing::Address => "Sources without an address",
        Missing::LiveAddress => "Sources whose address is dead",
        Missing::Date => "Sources without a date",
        Missing::Headline => "Sources without a headline",
        Missing::Response => "Statements without a response",
        Missing::ArchivedCopy => "Sources without an archived copy",
    }
}

const fn words(missing: Missing) -> &'static str {
    match missing {
        Missing::Link => "no link",
        Missing::Original => "no original",
        Missing::OriginalLink => "no link to the original",
        Missing::Address => "no address",
        Missing::LiveAddress => "dead address",
        Missing::Date => "no date",
        Missing::Headline => "no headline",
        Missing::Response => "no response",
        Missing::ArchivedCopy => "no archived copy",
    }
}

const fn of(missing: Missing, counts: &GapCounts) -> usize {
    match missing {
        Missing::Link | Missing::Original | Missing::OriginalLink => counts.statements + counts.responses,
        Missing::Response => counts.statements,
        Missing::Address | Missing::LiveAddress | Missing::Date | Missing::Headline | Missing::ArchivedCopy => {
            counts.sources
        }
    }
}
