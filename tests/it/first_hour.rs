//! What a newcomer meets in the first hour, on a command line and in the console.

use onrecord::{
    chat::terminal::{Settings, Surface as Typed, render},
    commands::COMMANDS,
    desk::Invocation,
    model::{Authority, SourceId},
    reply::{Block, Outcome, Reply},
};

use super::{
    documents::Place,
    support::{World, request},
};

/// The whole answer as a terminal shows it.
fn text(reply: &Reply) -> String {
    let settings = Settings {
        width: 200,
        colour: false,
        hyperlinks: true,
        unicode: true,
        terminal: false,
        place: Typed::Console,
        prefix: "!".to_owned(),
    };
    // Wherever a line may end.
    render(reply, &settings).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn admins() -> Authority {
    Authority::of(["terminal:asker".parse().unwrap()])
}

fn words(world: &World, words: &[&str]) -> Reply {
    let invocation = Invocation::Words(words.iter().map(|word| (*word).to_owned()).collect());
    world.app.desk.answer(&onrecord::desk::Request { invocation, ..request("") })
}

#[test]
fn the_words_of_a_command_line_mean_what_the_shell_made_of_them() {
    let world = World::shipped();
    world.app.desk.appoint(admins());
    for (typed, wanted) in [
        (&["edit", "S4", "speaker-role: Minister of Foreign Affairs"][..], "{+Minister of +}Foreign"),
        (&["edit", "S5", "said: 2022-10", "correction: The day: it was \"wrong\"."], "The day: it was \"wrong\"."),
        (&["edit", "S6", "said:", "2022-10"], "2022-10"),
        (&["new", "entity", "name: The Old Pier", "kind: place", "part-of: Australia"], "The Old Pier"),
        (
            &["retract", "S7", "The report by:someone was since:2022 withdrawn"],
            "The report by:someone was since:2022 withdrawn",
        ),
        (&["retract", "S8", "It", "was", "withdrawn"], "It was withdrawn"),
        (&["block", "discord:1", "for", "7d", "for being rude: again"], "discord:1 is not heard any more, until"),
        (&["source", "by:laura harth"], "By Laura Harth"),
        (&["source", "-by:laura harth", "sydney"], "without Laura Harth"),
        (&["source", "china", "refused to comment"], "the phrase “refused to comment”"),
        (&["source", "by:\"laura harth\" since:2022-10"], "since 2022-10"),
        (&["source", "new york"], "New York"),
        (&["show", "S1", "at", "2020"], "was not on record"),
        (&["merge", "E3", "into", "E3"], ""),
    ] {
        let reply = text(&words(&world, typed));
        assert!(reply.contains(wanted), "{typed:?}: {wanted:?} is not in\n{reply}");
    }
    assert!(text(&world.ask("blocked")).contains(": for being rude: again"));
}

#[test]
fn a_form_is_given_on_a_command_line_as_its_parts_were_quoted() {
    let place = Place::new();
    let whoami = place.shell("id -un").out;
    place.write(".env", &format!("ONRECORD_ADMINS=terminal:reader, terminal:local, terminal:{}\n", whoami.trim()));
    let ran = place.shell("onrecord edit S4 'speaker-role: Minister of Foreign Affairs'");
    assert!(ran.code == 0 && ran.out.contains("is proposed"), "{}{}", ran.out, ran.err);
    let ran = place.shell("onrecord new statement");
    assert!(ran.code == 0 && ran.out.contains("question by question"), "{}", ran.out);
}

#[test]
fn what_follows_on_an_answer_is_pointed_to_the_question_on_a_command_line() {
    let place = Place::new();
    for command in ["onrecord more", "onrecord next"] {
        let ran = place.shell(command);
        let out = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(ran.code, 2, "{out}");
        assert!(out.contains("onrecord source sydney page:2") && out.contains("each command stands alone"), "{out}");
    }
    let ran = place.shell("printf 'source china\\nmore\\n' | onrecord");
    assert_eq!(ran.code, 0, "{}", ran.out);
}

#[test]
fn a_page_past_the_last_is_said_to_be_none() {
    let world = World::shipped();
    world.app.desk.appoint(admins());
    let of = |line: &str| world.app.desk.answer(&request(line));
    // So that there is something of each.
    of("role discord:1 reviewer");
    of("block discord:9");
    of("add entity\nname: The Old Pier\nkind: topic");
    let mut seen = 0;
    for spec in COMMANDS.iter().filter(|spec| spec.parameters.iter().any(|parameter| parameter.name == "page")) {
        let question = match spec.name {
            "source" => "source sydney",
            "review" => "review C1",
            name => name,
        };
        let reply = of(&format!("{question} page:999"));
        let last = of(question).page.map_or(1, |page| page.of);
        assert_eq!(reply.outcome, Outcome::NothingFound, "{}", spec.name);
        let said = text(&reply);
        let pages = if last == 1 { "1 page.".to_owned() } else { format!("{last} pages.") };
        assert!(said.contains(&format!("There is no page 999: the answer has {pages}")), "{said}");
        assert!(said.contains(&format!("{question} page:{last}")), "{said}");
        seen += 1;
    }
    assert!(seen >= 9, "only {seen} commands have pages");
    let place = Place::new();
    let ran = place.shell("onrecord source page:9 sydney");
    assert!(ran.code == 1 && ran.out.contains("There is no page 9"), "{}", ran.out);
}

#[test]
fn what_editors_noted_is_shown_to_editors_alone() {
    let world = World::shipped();
    let contributor = |line: &str| {
        world.app.desk.answer(&onrecord::desk::Request { actor: "terminal:cai".parse().unwrap(), ..request(line) })
    };
    world.app.desk.appoint(admins());
    text(&world.ask("role terminal:cai contributor"));
    world.app.desk.appoint(Authority::of([]));
    let reader = world.app.store.reader().unwrap();
    let noted: Vec<(i64, String)> = (1..=198)
        .filter_map(|number| reader.source(SourceId(number)).unwrap())
        .filter_map(|view| view.source.note.as_ref().map(|note| (view.id.0, note.to_string())))
        .collect();
    drop(reader);
    assert!(noted.len() > 50, "{}", noted.len());
    let day = world.now().strftime("%Y-%m-%d").to_string();
    for (number, note) in noted {
        for question in [format!("show D{number}"), format!("show D{number} at {day}")] {
            let reply = world.ask(&question);
            let json = serde_json::to_string(&onrecord::reply::json::JsonReply::of(&reply)).unwrap();
            let quoted = serde_json::to_string(&note).unwrap();
            assert!(!text(&reply).contains(&note) && !json.contains(quoted.trim_matches('"')), "{question}: {note}");
            assert!(text(&contributor(&question)).contains(&note), "{question}: {note}");
        }
    }
    // What an author tells the reviewer is not for readers either.
    world.app.desk.appoint(admins());
    world.ask("add entity\nname: The Old Pier\nkind: topic\nnote: Ask nobody.");
    assert!(text(&contributor("show C2")).contains("Ask nobody."));
    world.app.desk.appoint(Authority::of([]));
    assert!(!text(&world.ask("show C2")).contains("Ask nobody."));
}

#[test]
fn what_is_missing_is_named_in_a_sentence() {
    let world = World::shipped();
    world.app.desk.appoint(admins());
    let mut said = String::new();
    for spec in COMMANDS {
        let reply = world.ask(spec.name);
        let heading = reply.blocks.iter().find_map(|block| match block {
            Block::Heading(heading) => Some(heading.to_plain("")),
            _ => None,
        });
        if let Some(heading) = heading.filter(|heading| heading.contains("Nothing is given")) {
            said.push_str(&format!("{}: {heading}\n", spec.name));
        }
    }
    insta::assert_snapshot!(said);
}
