//! Completing what is being typed.

use std::sync::LazyLock;

use onrecord::model::{Authority, Identity};

use super::{editorial::say, support::World};

static SHIPPED: LazyLock<World> = LazyLock::new(World::shipped);

fn anyone() -> Identity {
    "discord:80351110224678912".parse().unwrap()
}

/// The line with the first completions in place of what they replace.
fn completed(line: &str) -> Vec<String> {
    let (start, found) = SHIPPED.app.desk.complete_line(line, line.len());
    found.iter().take(3).map(|completion| format!("{}{}", &line[..start], completion.replacement)).collect()
}

#[test]
fn commands_names_options_and_their_values_are_completed() {
    for (line, first) in [
        ("so", "source"),
        ("hel", "help"),
        ("help che", "help check"),
        ("source syd", "source Sydney"),
        ("source 悉", "source Sydney"),
        ("source sydn", "source Sydney"),
        ("source new yor", "source New York City"),
        ("about safeg", "about Safeguard Defenders"),
        ("source pla", "source place:"),
        ("source place:nether", "source place:Netherlands"),
        ("source sydney by:lau", "source sydney by:\"Laura Harth\""),
        ("source by:\"laura h", "source by:\"Laura Harth\""),
        ("source from:irish t", "source from:irish t"),
        ("places new s", "places New South Wales"),
        ("sources daily", "sources Daily Mail"),
    ] {
        let found = completed(line);
        let wanted = if first == line { None } else { Some(first) };
        assert_eq!(found.first().map(String::as_str).filter(|_| wanted.is_some()), wanted, "{line}: {found:?}");
    }
}

#[test]
fn forms_are_completed_by_field_and_by_name() {
    for (line, first) in [
        ("add st", "add statement"),
        ("add statement\nspe", "add statement\nspeaker: "),
        ("add statement\nspeaker: lau", "add statement\nspeaker: Laura Harth"),
        (
            "add statement\nspeaker: Laura Harth\nabout: Sydney; nether",
            "add statement\nspeaker: Laura Harth\nabout: Sydney; Netherlands",
        ),
        ("add response kind: den", "add response kind: denial"),
        ("edit S1\nspeaker: safeg", "edit S1\nspeaker: Safeguard Defenders"),
    ] {
        assert_eq!(completed(line).first().map(String::as_str), Some(first), "{line}");
    }
    // While a question waits, its answer is completed.
    let world = World::shipped();
    world.app.desk.appoint(Authority::of(["terminal:cai".parse().unwrap()]));
    say(&world, "terminal:cai", "add statement");
    let (start, found) = world.app.desk.complete_in("terminal:place:terminal:cai", "laura h", 7);
    assert_eq!((start, found.first().map(|found| found.replacement.as_str())), (0, Some("Laura Harth")));
}

#[test]
fn nothing_is_offered_for_what_can_be_anything() {
    for line in ["check there is", "show S", "nonsense x", "source since:20"] {
        assert_eq!(completed(line), Vec::<String>::new(), "{line}");
    }
}

#[test]
fn an_option_of_a_slash_command_is_completed_in_any_script_and_with_typos() {
    let desk = &SHIPPED.app.desk;
    let first = |command, option, typed| {
        desk.complete_option(command, option, typed, &anyone()).first().map(|found| found.replacement.clone())
    };
    assert_eq!(first("source", "question", "悉尼").as_deref(), Some("Sydney"));
    assert_eq!(first("source", "place", "sydeny").as_deref(), Some("Sydney"));
    assert_eq!(first("source", "by", "harth").as_deref(), Some("Laura Harth"));
    assert_eq!(first("source", "nonsense", "x"), None);
    let ids: Vec<String> =
        desk.complete_option("show", "id", "s11", &anyone()).into_iter().map(|found| found.replacement).collect();
    assert_eq!(ids, ["S11", "S110", "S111", "S112", "S113", "S114", "S115", "S116", "S117", "S118", "S119"]);
    assert_eq!(first("show", "id", "R27").as_deref(), Some("R27"));
    assert_eq!(first("show", "id", "S999"), None);
    assert!(desk.complete_option("source", "question", "", &anyone()).len() <= 25);
}

#[test]
fn ids_are_offered_with_who_said_what_to_those_who_may_read_it() {
    let world = World::shipped();
    let desk = &world.app.desk;
    let [cai, rui] = ["terminal:cai", "terminal:rui"].map(|who| who.parse::<Identity>().unwrap());
    desk.appoint(Authority::of([cai.clone(), rui.clone()]));
    let labels = |command: &str, typed: &str, who: &Identity| -> Vec<String> {
        desk.complete_option(command, "id", typed, who).into_iter().map(|found| found.label).collect()
    };
    for (typed, id) in [("S105", "S105 — "), ("laura harth", "E"), ("sydney contact point", "S")] {
        let found = labels("show", typed, &anyone());
        assert!(
            found.first().is_some_and(|label| label.starts_with(id) && label.contains(" — ")),
            "{typed}: {found:?}"
        );
    }
    let by_name = labels("edit", "laura harth", &cai);
    assert!(by_name.iter().any(|label| label.starts_with('S') && label.contains("Laura Harth")), "{by_name:?}");
    say(
        &world,
        "terminal:cai",
        "add statement\nspeaker: Laura Harth\ntext: It was said that the zyxomma is back.\nsource: D1",
    );
    for (command, typed, who, is_offered) in [
        ("review", "", &rui, true),
        ("review", "c", &cai, true),
        ("review", "zyxomma", &rui, true),
        ("review", "petalura", &rui, false),
        ("review", "", &anyone(), false),
        ("approve", "", &rui, true),
        ("approve", "", &cai, false),
        ("withdraw", "", &cai, true),
        ("withdraw", "", &rui, false),
        ("amend", "", &cai, true),
    ] {
        let found = labels(command, typed, who);
        assert_eq!(found.len(), usize::from(is_offered), "{command} {typed} {who}: {found:?}");
        assert!(found.iter().all(|label| label.contains("Laura Harth: It was said that the zyxomma")), "{found:?}");
    }
}
