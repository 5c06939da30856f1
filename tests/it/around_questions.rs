//! What people write around a question or a claim: quotations and remarks, the marks of chats, links, sentences without a
//! command, a wish for help.

use std::sync::LazyLock;

use onrecord::{desk::Invocation, reply::Outcome};

use super::{
    rendered::rendered,
    support::{World, request},
};

/// One world for the questions that only ask.
static SHIPPED: LazyLock<World> = LazyLock::new(World::shipped);

const CLAIM: &str = "There is a Chinese police station in Dublin, on Capel Street";

#[test]
fn a_quoted_claim_is_checked_where_nothing_else_is_claimed() {
    let world = &*SHIPPED;
    let claimed = world.keys(&format!("check {CLAIM}"));
    assert!(!claimed.is_empty());
    for message in [
        format!("> {CLAIM}\nis this real?"),
        format!("is this real?\n> {CLAIM}"),
        format!("> {CLAIM}\n¿es verdad?"),
        format!("> {CLAIM}\n真的吗"),
        format!("> {CLAIM}\n<@123456789012345678> :thinking: fake!"),
        format!("> {CLAIM}\n🤔"),
        ">>> There is a Chinese police station in Dublin,\non Capel Street\nPlease share".to_owned(),
        format!("wait what\n>>> {CLAIM}"),
    ] {
        assert_eq!(world.keys(&format!("check {message}")), claimed, "{message:?}");
    }
    // What is claimed beside a quotation is what is checked.
    let other = world.keys(&format!("check > The moon is made of cheese\n{CLAIM}"));
    assert_eq!(other, claimed);
    assert_eq!(world.keys(&format!("check > {CLAIM}\nThe moon is made of cheese")), Vec::<String>::new());
}

#[test]
fn marks_of_chats_are_no_part_of_a_question() {
    let world = &*SHIPPED;
    let text = |line: &str| rendered(&world.ask(line));
    let dublin = text("source dublin");
    for line in [
        "source dublin <@123456789012345678>",
        "source <:flag_ie:123456789012345678> dublin",
        "source <#123456789012345678> dublin",
        "source <@&1> dublin <a:wave:2> <t:1700000000:R>",
        "source :flag_ie: dublin",
        "source @ann:example.org dublin",
        "source [Ann](https://matrix.to/#/@ann:example.org) dublin",
    ] {
        assert_eq!(text(line), dublin, "{line}");
    }
    assert_eq!(text("source place:dublin <@1>"), text("source place:dublin"));
    assert_eq!(text("about <#123> dublin"), text("about dublin"));
    assert_eq!(text("sources <@1> irish times"), text("sources irish times"));
    assert_eq!(text("people <@1> laura"), text("people laura"));
    for line in ["about <#123456789012345678>", "source <@1>", "source by:<@1>", "source :thinking:", "places <#1>"] {
        let reply = world.ask(line);
        assert_eq!(reply.outcome, Outcome::Misused, "{line}");
        assert!(rendered(&reply).contains("there is nothing to look for in it"), "{}", rendered(&reply));
    }
}

#[test]
fn text_right_behind_a_link_is_read() {
    let world = World::of(
        r#"
        [[entity]]
        key = "gull"
        kind = "organisation"
        name = "Harbour Gull"
        [[entity]]
        key = "lantau"
        kind = "place"
        name = "Lantau Island"
        [[source]]
        key = "report"
        kind = "news_article"
        title = "渡輪在大嶼山附近沉沒"
        url = "https://gull.example.org/ferry"
        publisher = "gull"
        language = "zh-Hant"
        seen = "full"
        [[statement]]
        key = "ferry"
        speaker = "gull"
        text = "Harbour Gull reported that the ferry Pearl had sunk off Lantau Island."
        quote = "渡輪海港明珠號在大嶼山附近沉沒，船上四十人全部獲救"
        quote_language = "zh-Hant"
        said = "2026-03"
        about = ["lantau"]
        citations = [{ source = "report", role = "original" }]
        "#,
    );
    let claim = "渡輪海港明珠號在大嶼山附近沉沒，船上四十人全部獲救";
    for message in [
        format!("https://t.co/abc {claim}"),
        format!("https://t.co/abc{claim}"),
        format!("https://t.co/abc，{claim}https://t.co/def"),
        format!("（https://t.co/abc）{claim}"),
    ] {
        assert_eq!(world.keys(&format!("check {message}")), ["ferry"], "{message}");
    }
}

#[test]
fn help_behind_a_command_is_help_on_it() {
    let world = &*SHIPPED;
    for (line, command) in [
        ("source --help", "source"),
        ("s --help", "source"),
        ("check —help", "check"),
        ("show --help", "show"),
        ("settings --help", "settings"),
        ("approve --help", "approve"),
        ("help --help", "help"),
        ("more --help", "more"),
    ] {
        assert_eq!(rendered(&world.ask(line)), rendered(&world.ask(&format!("help {command}"))), "{line}");
        let (name, rest) = line.split_once(' ').unwrap();
        let words = Invocation::Words(vec![name.to_owned(), rest.to_owned()]);
        let by_words = world.app.desk.answer(&onrecord::desk::Request { invocation: words, ..request(line) });
        assert_eq!(rendered(&by_words), rendered(&world.ask(&format!("help {command}"))), "{line}");
    }
    let options = Invocation::Options {
        command: "source".to_owned(),
        options: vec![("question".to_owned(), "--help".to_owned())],
    };
    let by_options = world.app.desk.answer(&onrecord::desk::Request { invocation: options, ..request("") });
    assert_eq!(rendered(&by_options), rendered(&world.ask("help source")));
    // A message is taken as it is.
    assert_eq!(world.ask("check run it with --help").outcome, Outcome::NothingFound);
}

#[test]
fn a_sentence_without_a_command_is_a_question() {
    let world = &*SHIPPED;
    for (line, asked) in [
        ("is there a police station in dublin", "source is there a police station in dublin"),
        ("dublin", "source dublin"),
        ("悉尼", "source 悉尼"),
        ("What did Laura Harth say?", "source What did Laura Harth say?"),
    ] {
        assert_eq!(rendered(&world.ask(line)), rendered(&world.ask(asked)), "{line}");
        assert_eq!(world.ask(line).outcome, Outcome::Answered, "{line}");
    }
    assert_eq!(rendered(&world.ask("who is laura harth?")), rendered(&world.ask("about laura harth")));
    let near = world.ask("sorce sydney");
    assert_eq!(near.outcome, Outcome::Misused);
    let said = rendered(&near);
    assert!(said.contains("Did you mean: `!source sydney`") && said.contains("`!source sorce sydney`"), "{said}");
    // What changes something is typed.
    let near = world.ask("aprove C41");
    assert!(rendered(&near).contains("Did you mean: `!approve C41`") && near.actions.is_empty(), "{}", rendered(&near));
    let said = rendered(&world.ask("check is this true?"));
    assert!(said.contains("reply to it with !check"), "{said}");
}

#[test]
fn of_names_joined_by_or_any_will_do() {
    let world = &*SHIPPED;
    let keys = |question: &str| world.keys(&format!("source {question}"));
    let union = |one: &str, other: &str| {
        let mut all = [keys(one), keys(other)].concat();
        all.sort();
        all.dedup();
        all
    };
    let sorted = |question: &str| {
        let mut found = keys(question);
        found.sort();
        found
    };
    for (question, one, other) in [
        ("sydney or dublin", "sydney", "dublin"),
        ("Sydney oder Dublin", "sydney", "dublin"),
        ("悉尼或都柏林", "sydney", "dublin"),
        ("police station in sydney or dublin", "police station in sydney", "police station in dublin"),
    ] {
        let all = union(one, other);
        assert!(!all.is_empty() && !keys(one).is_empty() && !keys(other).is_empty(), "{question}");
        let found = sorted(question);
        assert!(found.iter().all(|key| all.contains(key)), "{question}: {found:?} of {all:?}");
        assert!(keys(one).iter().any(|key| found.contains(key)), "{question}: {found:?}");
        assert!(keys(other).iter().any(|key| found.contains(key)), "{question}: {found:?}");
    }
    let reply = world.ask("source sydney, dublin or rome");
    assert!(rendered(&reply).contains("Sydney"), "{}", rendered(&reply));
    // One that isn't on record is said to be so.
    let reply = world.ask("source sydney or oslo");
    assert_eq!(reply.outcome, Outcome::NothingFound);
}

#[test]
fn small_talk_is_no_claim() {
    for message in include_str!("../fixtures/cases/small-talk.txt").lines() {
        let reply = SHIPPED.ask(&format!("check {message}"));
        assert_ne!(reply.outcome, Outcome::Answered, "{message}");
    }
}
