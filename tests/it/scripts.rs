//! Scripts and spellings that people type in more than one way: each way finds the same.

use std::{collections::BTreeSet, fmt::Write};

use super::{rendered::rendered, support::World};

/// One line of the file: what kind of spelling it is, which entry comes first, what is typed.
fn asked() -> Vec<(String, Option<String>, String)> {
    let text = std::fs::read_to_string("tests/fixtures/spellings/asked.tsv").unwrap();
    let rows = text.lines().filter(|line| !line.starts_with('#'));
    rows.map(|row| {
        let [kind, wanted, typed] = row.split('\t').collect::<Vec<_>>()[..] else { panic!("three fields: {row}") };
        let wanted = (wanted != "-").then(|| wanted.to_owned());
        (kind.to_owned(), wanted, serde_json::from_str(typed).unwrap())
    })
    .collect()
}

#[test]
fn each_way_to_write_it_finds_the_same() {
    let world = World::of(&std::fs::read_to_string("tests/fixtures/spellings/pack.toml").unwrap());
    let mut wrong = String::new();
    for (kind, wanted, typed) in asked() {
        let first = world.keys(&format!("source {typed}")).into_iter().next();
        if first != wanted {
            writeln!(wrong, "{kind} {typed:?}: {first:?}, not {wanted:?}").unwrap();
        }
    }
    assert_eq!(wrong, "");
}

#[test]
fn what_is_typed_is_of_every_kind() {
    let kinds: BTreeSet<String> = asked().into_iter().map(|(kind, ..)| kind).collect();
    let wanted = ["arabic", "english", "han", "hangul", "invisible", "kana", "saint", "southeast"];
    assert_eq!(kinds, wanted.map(str::to_owned).into());
}

#[test]
fn traditional_characters_are_understood_as_the_simplified_ones_are() {
    let world = World::shipped();
    for (traditional, simplified) in [
        ("中國", "中国"),
        ("荷蘭", "荷兰"),
        ("紐約", "纽约"),
        ("溫州", "温州"),
        ("愛爾蘭", "爱尔兰"),
        ("澳大利亞", "澳大利亚"),
        ("倫敦", "伦敦"),
        ("中國警察局在紐約", "中国警察局在纽约"),
    ] {
        let keys = |typed| world.keys(&format!("source {typed}"));
        assert!(!keys(simplified).is_empty(), "{simplified}");
        assert_eq!(keys(traditional), keys(simplified), "{traditional}");
    }
}

#[test]
fn what_cannot_be_seen_changes_no_answer_and_is_not_spoken_of() {
    let world = World::shipped();
    for (typed, plain) in [
        ("source persuasion \u{26A0}\u{FE0F}", "source persuasion"),
        ("source \u{26A0}\u{FE0F} Sydney", "source Sydney"),
        ("source \u{1F46E}\u{200D}\u{2642}\u{FE0F} dublin", "source dublin"),
        ("source \u{FE0F} dublin", "source dublin"),
        ("source dub\u{200D}lin", "source dublin"),
        ("source po\u{AD}lice sta\u{200C}tion in du**bl**in", "source police station in dublin"),
    ] {
        assert_eq!(world.keys(typed), world.keys(plain), "{typed:?}");
        let said = rendered(&world.ask(typed));
        assert!(!said.contains('\u{FE0F}') || said.contains('\u{26A0}'), "{typed:?}: {said}");
        assert_eq!(
            said.contains("No entry has"),
            rendered(&world.ask(plain)).contains("No entry has"),
            "{typed:?}: {said}"
        );
    }
}

#[test]
fn joiners_and_marks_inside_words_hide_no_claim() {
    let world = World::shipped();
    let claim = "There is a Chinese police station in Dublin, on Capel Street";
    let plain = world.keys(&format!("check {claim}"));
    assert!(!plain.is_empty());
    for (mark, closing) in [
        ("\u{200D}", ""),
        ("\u{200C}", ""),
        ("\u{AD}", ""),
        ("\u{2060}", ""),
        ("**", "**"),
        ("~~", "~~"),
        ("||", "||"),
        ("`", "`"),
    ] {
        // Each longer word with its second and third letter set apart.
        let marked = claim.split(' ').map(|word| match word.len() {
            ..5 => word.to_owned(),
            _ => format!("{}{mark}{}{closing}{}", &word[..1], &word[1..3], &word[3..]),
        });
        let marked = marked.collect::<Vec<_>>().join(" ");
        assert_eq!(world.keys(&format!("check {marked}")), plain, "{marked:?}");
    }
    let fullwidth = claim.replace("Chinese", "Ｃｈｉｎｅｓｅ");
    assert_eq!(world.keys(&format!("check {fullwidth}")), plain);
}

#[test]
fn a_claim_in_traditional_characters_is_found_as_in_simplified_ones() {
    let world = World::of(&std::fs::read_to_string("tests/fixtures/spellings/pack.toml").unwrap());
    assert_eq!(world.keys("check 警方关闭码头与灯塔"), world.keys("check 警方關閉碼頭與燈塔"));
    assert_eq!(world.keys("check 警方关闭码头与灯塔").first().map(String::as_str), Some("said-chinese"));
}

#[test]
fn no_text_takes_long_to_be_cut() {
    let world = World::of(&std::fs::read_to_string("tests/fixtures/spellings/pack.toml").unwrap());
    for unit in [
        "ตำรวจ",
        "ຕຳ",
        "ရဲ",
        "서울에서",
        "에서",
        "*",
        "**",
        "a**b",
        "|| ",
        "\u{301}",
        "か\u{3099}",
        "國",
        "ء",
        "st. ",
        "\u{FE0F}",
    ] {
        let begun = std::time::Instant::now();
        world.ask(&format!("check {}", unit.repeat(16_384 / unit.len())));
        let took = begun.elapsed();
        assert!(took.as_secs() < 5, "{unit:?}: {took:?}");
    }
}
