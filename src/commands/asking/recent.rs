//! `recent`: what was added or changed last.

use crate::commands::{
    Arguments, CommandError, Context,
    asking::in_short::EntriesInShort,
    asking::present::{self, count},
    definitions::asking::RECENT,
};
use crate::reply::{Outcome, Page, Reply};

pub(in crate::commands) fn run(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let offset = (arguments.page() - 1) * context.page_size;
    let found = context.search.recent(offset, context.page_size)?;
    if found.counts.statements == 0 {
        return Ok(Reply::new(Outcome::NothingFound).heading("There is no statement on record yet."));
    }
    let pages = found.counts.statements.div_ceil(context.page_size);
    let mut reply = Reply::new(Outcome::Answered).heading("The statements added or changed last");
    reply = reply.paragraph(count(found.counts.statements, "statement on record", "statements on record"));
    let mut in_short = EntriesInShort::default();
    for &number in &found.statements {
        if let Some(view) = context.records.entry(number)? {
            let mut entry = in_short.entry(&view);
            entry.details.extend(present::vetted(view.vetted));
            reply = reply.entry(entry);
            reply.records.push(present::json_statement(&view));
        }
    }
    Ok(reply.on_page(Page::new(arguments.page(), pages, arguments.to_call(&RECENT))))
}
