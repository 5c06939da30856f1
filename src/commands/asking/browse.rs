//! `places`, `organisations`, `people`, `topics`: what there is, with counts.

use crate::commands::{
    Arguments, CommandError, CommandSpec, Context,
    asking::present::{self, count},
    calls,
};
use crate::{
    model::{EntityId, EntityKind},
    reply::{Outcome, Page, Reply, Text},
};

/// How many names a page has for each entry that it could have.
const NAMES_PER_ENTRY: usize = 4;

pub(in crate::commands) fn browse(
    context: &Context<'_>,
    arguments: &Arguments,
    spec: &'static CommandSpec,
    kind: EntityKind,
) -> Result<Reply, CommandError> {
    let beginning = arguments.text("beginning").unwrap_or_default();
    let names = context.search.names();
    let all = names.of_kind(kind, beginning);
    if all.is_empty() {
        return Ok(Reply::new(Outcome::NothingFound)
            .heading(format!("No {kind} on record has a name that begins with “{beginning}”."))
            .hint(Text::from("All of them: ").ask(spec.call(&[]))));
    }
    let size = context.page_size * NAMES_PER_ENTRY;
    let pages = all.len().div_ceil(size);
    let page = arguments.page();
    let shown: Vec<EntityId> = all.iter().copied().skip((page - 1) * size).take(size).collect();
    let plural = match kind {
        EntityKind::Place => "places",
        EntityKind::Organisation => "organisations",
        EntityKind::Person => "people",
        EntityKind::Topic => "topics",
    };
    let mut reply = Reply::new(Outcome::Answered).heading(count(all.len(), kind.word(), plural));
    let mut items = Vec::new();
    for summary in context.records.entity_summaries(&shown)? {
        let mut text = Text::new().strong(summary.entity.name.as_str());
        if kind == EntityKind::Place {
            for whole in names.wholes(summary.entity.id) {
                text = text.plain(format!(", {}", whole.name));
            }
        }
        items.push(
            text.plain(format!(" — {} ", count(summary.statements, "statement", "statements"))).id(summary.entity.id),
        );
        reply.records.push(present::json_entity(&summary.entity, Some(summary.statements), None));
    }
    Ok(reply.list(items).hint(Text::from("To read what is on record: ").ask(calls::source("NAME"))).on_page(Page::new(
        page,
        pages,
        arguments.to_call(spec),
    )))
}
