//! The other names of commands and of their parameters: each is typed, and does what the name does.

use onrecord::{
    commands::{
        Arguments, COMMANDS, CommandSpec, GivenArguments, Parameter, ParameterKind, ParameterPlace, read_options,
        read_text, read_words,
    },
    desk::{ChatOrigin, Invocation, Request, SeenBy},
    reply::Outcome,
};

use super::{
    editorial::{say, town, without_times},
    rendered::rendered,
    support::World,
};

const ROOT: &str = "matrix:@root:example.org";

/// What each command that has other names is typed with, in an order in which each has something to do.
const TYPED: &[(&str, &str)] = &[
    ("source", "pier"),
    ("more", ""),
    ("check", "They say that the old pier would be closed in winter."),
    ("related", "S1"),
    ("show", "S1"),
    ("about", "Ana Silva"),
    ("places", ""),
    ("organisations", ""),
    ("people", ""),
    ("topics", ""),
    ("recent", ""),
    ("sources", ""),
    ("history", "S1"),
    ("help", ""),
    ("settings", "visibility:private"),
    ("watch", "Harbour Town"),
    ("unwatch", "Harbour Town"),
    ("queue", ""),
    ("review", "C2"),
    ("claim-review", "C2"),
    ("request-changes", "C2 Say which year."),
    ("edit", "S1\nspeaker-role: Mayor of the town"),
    ("revert", "C1 It was all wrong."),
    ("add", "entity"),
    ("answer", "Tea"),
    ("answer", "cancel"),
    ("role", ""),
    ("blocked", ""),
];

/// The answers to all of it, with each command called by its name or by another: its first, its second, …
fn answers(other: Option<usize>) -> Vec<(Outcome, String)> {
    let world = town();
    let proposed = say(&world, "terminal:cai", "edit S1\nspeaker-role: Mayor");
    assert_eq!(proposed.outcome, Outcome::Answered);
    let typed = TYPED.iter().map(|(name, rest)| {
        let spec = COMMANDS.iter().find(|spec| spec.name == *name).unwrap();
        let called = other.and_then(|place| spec.aliases.get(place)).unwrap_or(&spec.name);
        answer(&world, &format!("{called} {rest}"))
    });
    typed.collect()
}

fn answer(world: &World, line: &str) -> (Outcome, String) {
    let origin = ChatOrigin {
        community: Some("matrix:!room:example.org".to_owned()),
        channel: "!room:example.org".to_owned(),
        parent: None,
        may_manage_community: true,
        may_moderate_channel: true,
        seen_by: SeenBy::Everyone,
    };
    let reply = world.app.desk.answer(&Request {
        actor: ROOT.parse().unwrap(),
        conversation: ROOT.to_owned(),
        invocation: Invocation::Text(line.to_owned()),
        origin: Some(origin),
        page_size: 10,
    });
    (reply.outcome, without_times(&rendered(&reply)))
}

#[test]
fn every_other_name_of_a_command_does_what_its_name_does() {
    for spec in COMMANDS.iter().filter(|spec| !spec.aliases.is_empty()) {
        assert!(TYPED.iter().any(|(name, _)| *name == spec.name), "{} is typed by no test", spec.name);
    }
    let by_name = answers(None);
    for ((command, rest), (outcome, said)) in TYPED.iter().zip(&by_name) {
        assert!([Outcome::Answered, Outcome::NothingFound].contains(outcome), "{command} {rest}: {said}");
    }
    let most = COMMANDS.iter().map(|spec| spec.aliases.len()).max().unwrap();
    for place in 0..most {
        for (((command, rest), by_name), by_other) in TYPED.iter().zip(&by_name).zip(answers(Some(place))) {
            assert_eq!(&by_other, by_name, "another name of {command} {rest}");
        }
    }
}

/// Something that a parameter of this kind takes.
fn value(kind: ParameterKind) -> &'static str {
    match kind {
        ParameterKind::Question | ParameterKind::Message => "pier",
        ParameterKind::EntityName(_) | ParameterKind::PublisherName | ParameterKind::NamePrefix(_) => "Harbour",
        ParameterKind::Reference => "S1",
        ParameterKind::Date => "2022-10-26",
        ParameterKind::Language => "nl",
        ParameterKind::CommandName => "source",
        ParameterKind::Page => "2",
        ParameterKind::Prefix => "?",
        ParameterKind::Identity => "terminal:ana",
        ParameterKind::Sentence => "It was said twice.",
        ParameterKind::Fields => "note",
        ParameterKind::Number => "3",
        ParameterKind::Version => "0123456789abcdef01234567",
        ParameterKind::Period => "7d",
        ParameterKind::Choice(words) => words[0],
    }
}

/// What is typed behind a command's name: all that it needs, with something for one parameter given in this way.
fn behind(spec: &CommandSpec, parameter: &Parameter, given: &str) -> String {
    let of = |place: ParameterPlace| {
        let needed = spec.parameters.iter().filter(move |other| other.place == place && other.name != parameter.name);
        needed
            .filter(|other| other.required || other.place == ParameterPlace::Word)
            .map(|other| value(other.kind))
            .collect::<Vec<_>>()
    };
    let named = spec.parameters.iter().filter(|other| {
        other.required
            && matches!(other.place, ParameterPlace::Named | ParameterPlace::Filter)
            && other.name != parameter.name
    });
    let named: Vec<String> = named.map(|other| format!("{}:{}", other.name, value(other.kind))).collect();
    [of(ParameterPlace::Word).join(" "), given.to_owned(), named.join(" "), of(ParameterPlace::Rest).join(" ")]
        .join(" ")
}

/// What a request comes to; the test stops where it is put wrongly, or says nothing for the parameter.
fn understood(spec: &'static CommandSpec, parameter: &Parameter, given: &GivenArguments, line: &str) -> Arguments {
    let arguments = Arguments::check(spec, given).unwrap_or_else(|error| panic!("{} {line}: {error}", spec.name));
    assert!(arguments.get(parameter.name).is_some(), "{} {line}: nothing is given for {}", spec.name, parameter.name);
    arguments
}

#[test]
fn every_other_name_of_a_parameter_does_what_its_name_does() {
    let mut typed = 0;
    for spec in COMMANDS.iter().copied() {
        let has_words = spec.parameters.iter().any(|parameter| parameter.place == ParameterPlace::Word);
        for parameter in spec.parameters {
            let value = value(parameter.kind);
            let mut forms = vec![("", ":"), ("", "："), ("", ":\"")];
            match parameter.place {
                ParameterPlace::Filter => forms.push(("-", ":")),
                ParameterPlace::Named if has_words => forms.push(("", " ")),
                ParameterPlace::Named | ParameterPlace::Word | ParameterPlace::Rest => {}
            }
            for other in parameter.aliases.iter().flat_map(|other| [(*other).to_owned(), other.to_uppercase()]) {
                for (before, sign) in &forms {
                    let end = if sign.ends_with('"') { "\"" } else { "" };
                    let line = |name: &str| behind(spec, parameter, &format!("{before}{name}{sign}{value}{end}"));
                    let read = |name: &str| {
                        let line = line(name);
                        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
                        [read_text(spec, &line), read_words(spec, &words)]
                            .map(|given| understood(spec, parameter, &given, &line))
                    };
                    assert_eq!(read(&other), read(parameter.name), "{} {}", spec.name, line(&other));
                    typed += 1;
                }
                let option = |name: &str| read_options(spec, &[(name.to_owned(), value.to_owned())]);
                assert_eq!(option(&other), option(parameter.name));
            }
        }
    }
    assert!(typed > 50, "{typed} were typed");
}

#[test]
fn what_is_given_by_its_place_has_no_other_name_that_nobody_could_type() {
    for spec in COMMANDS {
        for parameter in spec
            .parameters
            .iter()
            .filter(|parameter| matches!(parameter.place, ParameterPlace::Word | ParameterPlace::Rest))
        {
            assert!(parameter.aliases.is_empty(), "{}: {} is never typed by name", spec.name, parameter.name);
        }
    }
}
