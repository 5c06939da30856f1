//! What replies lead on to: every call that a button, a hint or a page makes is read back from its line as it is, and is
//! answered as it is when it is typed.

use std::collections::BTreeMap;

use onrecord::{
    commands::{COMMANDS, decode},
    desk::{Invocation, Request},
    reply::{Block, CommandCall, Outcome, Page, Reply, Span, Text},
};

use super::{
    editorial::{say, town},
    support::{World, request},
};

fn calls(reply: &Reply) -> Vec<CommandCall> {
    let mut texts: Vec<&Text> = Vec::new();
    for block in &reply.blocks {
        match block {
            Block::Heading(text) | Block::Paragraph(text) => texts.push(text),
            Block::List(items) => texts.extend(items),
            Block::Facts(facts) => texts.extend(facts.iter().map(|fact| &fact.value)),
            Block::Note(note) => texts.push(&note.text),
            Block::Entry(entry) => texts.extend(&entry.details),
        }
    }
    let page = reply.page.as_deref();
    let spans = texts.into_iter().flat_map(|text| &text.0).filter_map(|span| match span {
        Span::Ask(call) => Some(call.clone()),
        _ => None,
    });
    let actions = reply.actions.iter().map(|action| action.ask.clone());
    spans.chain(actions).chain(page.and_then(Page::next)).chain(page.and_then(Page::previous)).collect()
}

/// Requests that between them bring every command's replies.
fn replies(world: &World) -> Vec<Reply> {
    let root = "matrix:@root:example.org";
    let mut lines: Vec<String> =
        COMMANDS.iter().flat_map(|spec| spec.examples).map(|example| (*example).to_owned()).collect();
    lines.extend(COMMANDS.iter().map(|spec| spec.name.to_owned()));
    lines.extend(COMMANDS.iter().map(|spec| format!("help {}", spec.name)));
    let others = [
        "source",
        "source harbour",
        "source harbor tonw",
        "source by:\"the daily gull\"",
        "source nothing-like-it",
        "sorce x",
        "about harbour town",
        "about zzz",
        "show S1",
        "show E1",
        "show D1",
        "show C1",
        "show S1 at 2020",
        "history S1",
        "places page:9",
        "recent page:99",
        "related S1",
    ];
    lines.extend(others.map(str::to_owned));
    lines.iter().map(|line| say(world, root, line)).collect()
}

#[test]
fn whatever_a_reply_leads_to_is_read_back_from_its_line_as_it_is() {
    let world = town();
    let mut all = replies(&world);
    all.push(say(&world, "terminal:cai", "add entity\nname: Bo Lee\nkind: person"));
    all.push(say(&world, "terminal:rui", "queue"));
    all.push(say(&world, "terminal:rui", "review C2"));
    all.push(say(&world, "terminal:rui", "approve C2"));
    all.push(say(&world, "terminal:rui", "approve C2"));
    all.push(say(&world, "terminal:rui", "claim-review C2"));
    let mut seen = BTreeMap::new();
    for call in all.iter().flat_map(calls) {
        let line = call.as_str();
        let read = decode(line).unwrap_or_else(|| panic!("{line} is no call"));
        assert_eq!((read.command(), read.arguments()), (call.command(), call.arguments()), "{line}");
        assert_eq!(decode(read.as_str()).as_ref(), Some(&read), "{line}");
        *seen.entry(call.command()).or_insert(0) += 1;
    }
    for command in ["show", "source", "review", "history", "approve", "reject", "help", "claim-review"] {
        assert!(seen.contains_key(command), "no reply led to {command}: {seen:?}");
    }
}

#[test]
fn a_call_is_answered_as_its_line_is_when_it_is_typed() {
    let world = World::shipped();
    let answer = |invocation| world.app.desk.answer(&Request { invocation, ..request("") });
    for line in
        ["source sydney", "source \"refused to comment\" page:2", "show S1", "places", "recent page:2", "help source"]
    {
        let typed = answer(Invocation::Text(line.to_owned()));
        let called = answer(Invocation::Call(decode(line).unwrap()));
        assert_eq!((typed.outcome, typed.blocks, typed.page), (called.outcome, called.blocks, called.page), "{line}");
    }
    let gone = Invocation::Call(CommandCall::new("forecast", Vec::new(), "forecast".to_owned()));
    assert_eq!(answer(gone).outcome, Outcome::Misused);
}

#[test]
fn the_reason_is_all_that_a_rejection_lacks() {
    let world = town();
    say(&world, "terminal:cai", "add entity\nname: Bo Lee\nkind: person");
    let reply = say(&world, "terminal:rui", "review C2");
    let rejection = reply.actions.iter().find(|action| action.label == "Reject").unwrap();
    let reason = onrecord::commands::missing_sentence(&rejection.ask).unwrap();
    let call = onrecord::commands::with_value(&rejection.ask, reason, "seen: nowhere else");
    let rejected = world.app.desk.answer(&Request {
        actor: "terminal:rui".parse().unwrap(),
        invocation: Invocation::Call(call),
        ..request("")
    });
    assert_eq!(rejected.outcome, Outcome::Answered, "{}", text(&rejected));
}

fn text(reply: &Reply) -> String {
    serde_json::to_string(&onrecord::reply::json::JsonReply::of(reply)).unwrap()
}
