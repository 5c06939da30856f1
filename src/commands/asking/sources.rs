//! `sources`: publishers, and the sources of one of them.

use crate::commands::{
    Arguments, CommandError, Context,
    asking::linked,
    asking::present::{self, count},
    definitions::asking::SOURCES,
};
use crate::{
    model::{EntityId, EntityKind},
    reply::{Outcome, Page, Reply, Text, json::JsonRecord},
};

/// How many lines a page has for each entry that it could have.
const LINES_PER_ENTRY: usize = 4;

pub(in crate::commands) fn run(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    match arguments.text("publisher") {
        Some(name) => of_publisher(context, arguments, name),
        None => publishers(context, arguments),
    }
}

fn publishers(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let size = context.page_size * LINES_PER_ENTRY;
    let (shown, total) = context.records.publishers((arguments.page() - 1) * size, size)?;
    let pages = total.div_ceil(size).max(1);
    let mut reply = Reply::new(Outcome::Answered).heading(count(total, "publisher", "publishers"));
    let mut items = Vec::new();
    for summary in shown {
        items.push(
            Text::new()
                .strong(summary.publisher.name.as_str())
                .plain(format!(" — {} ", count(summary.sources, "source", "sources")))
                .id(summary.publisher.id),
        );
        reply.records.push(present::json_entity(&summary.publisher, None, Some(summary.sources)));
    }
    Ok(reply
        .list(items)
        .hint(Text::from("The sources of one of them: ").ask(SOURCES.typed("NAME")))
        .on_page(Page::new(arguments.page(), pages, arguments.to_call(&SOURCES))))
}

fn of_publisher(context: &Context<'_>, arguments: &Arguments, name: &str) -> Result<Reply, CommandError> {
    let names = context.search.names();
    let is_organisation =
        |id: &EntityId| names.entity(*id).is_some_and(|entity| entity.kind == EntityKind::Organisation);
    let mut found: Vec<EntityId> = names.exactly(name);
    if found.is_empty()
        && let Some((_, publishers)) = linked::publishers_meant(context, name)?
    {
        found = publishers;
    } else if found.is_empty() {
        found = names.suggestions(name, 10);
    }
    found.retain(is_organisation);
    let mut page_of = None;
    let mut others = Vec::new();
    for id in found {
        let (sources, total) =
            context.records.sources_of(id, (arguments.page() - 1) * context.page_size, context.page_size)?;
        match page_of {
            _ if total == 0 => {}
            None => page_of = Some((id, sources, total)),
            Some(_) => others.push(id),
        }
    }
    let Some((id, sources, total)) = page_of else {
        return Ok(Reply::new(Outcome::NothingFound)
            .heading(format!("No publisher on record is called “{name}”."))
            .hint(Text::from("All of them: ").ask(SOURCES.call(&[]))));
    };
    let publisher = names.entity(id).map_or("", |entity| entity.name.as_str());
    let mut reply = Reply::new(Outcome::Answered)
        .heading(Text::new().strong(publisher).plain(format!(" — {}", count(total, "source", "sources"))));
    if !others.is_empty() {
        let others: Vec<&str> =
            others.iter().filter_map(|&id| names.entity(id)).map(|entity| entity.name.as_str()).collect();
        reply = reply.hint(format!("The name may also mean: {}.", others.join(", ")));
    }
    for view in &sources {
        reply = reply.entry(present::source(view));
        reply.records.push(JsonRecord::Source(present::json_source(view)));
    }
    let pages = total.div_ceil(context.page_size).max(1);
    Ok(reply.on_page(Page::new(arguments.page(), pages, arguments.to_call(&SOURCES))))
}
