//! The judged questions over the shipped entries (`tests/fixtures/questions`): how many of each kind
//! get the right first answer. The figures are committed; a change that lowers one shows in the diff.

use std::{collections::BTreeMap, fmt::Write};

use onrecord::model::{EntityId, RecordKey, RecordKind, StatementId};

use super::support::World;

/// One line of the file.
struct Judged<'a> {
    language: &'a str,
    kind: &'a str,
    line: &'a str,
    wanted: &'a str,
}

fn judged(text: &str) -> Vec<Judged<'_>> {
    let rows = text.lines().filter(|line| !line.starts_with('#'));
    rows.map(|row| {
        let fields: Vec<&str> = row.split('\t').collect();
        let &[language, kind, line, wanted] = fields.as_slice() else { panic!("four fields: {row}") };
        Judged { language, kind, line, wanted }
    })
    .collect()
}

/// Whether a statement is the one wanted, or concerns the entity wanted or what belongs to it.
fn is_wanted(world: &World, key: &str, wanted: &str) -> bool {
    let reader = world.app.store.reader().unwrap();
    wanted.split('|').any(|wanted| match wanted.strip_prefix('@') {
        None => key == wanted,
        Some(entity) => {
            let number = |kind, key: &str| {
                let name = RecordKey { kind, key: key.parse().unwrap() };
                reader.record_id(&name).unwrap().unwrap_or_else(|| panic!("no {key}")).number
            };
            let family = world.app.search.snapshot().names().family(EntityId(number(RecordKind::Entity, entity)));
            let view = reader.entry(StatementId(number(RecordKind::Statement, key))).unwrap().unwrap();
            let responders = view.responses.iter().map(|response| response.responder.id);
            let mut parties = view.about.iter().map(|about| about.id).chain([view.speaker.id]).chain(responders);
            parties.any(|id| family.contains(&id))
        }
    })
}

#[test]
fn judged_questions_get_the_right_first_answer_as_often_as_before() {
    let world = World::shipped();
    let text = std::fs::read_to_string("tests/fixtures/questions/shipped.tsv").unwrap();
    let all = judged(&text);
    let (nothing, something): (Vec<_>, Vec<_>) = all.iter().partition(|judged| judged.wanted.is_empty());
    assert!(nothing.len() >= 60 && something.len() >= 150, "{} and {}", nothing.len(), something.len());
    let mut counts: BTreeMap<(&str, &str), (usize, usize)> = BTreeMap::new();
    let mut wrong = String::new();
    for judged in &all {
        let keys = world.keys(judged.line);
        let first = keys.first().map_or("", String::as_str);
        let right = match (first, judged.wanted) {
            ("", wanted) => wanted.is_empty(),
            (_, "") => false,
            (first, wanted) => is_wanted(&world, first, wanted),
        };
        let count = counts.entry((judged.kind, judged.language)).or_default();
        count.0 += usize::from(right);
        count.1 += 1;
        if !right {
            writeln!(wrong, "{} [{}] → {first}", judged.line, judged.wanted).unwrap();
        }
    }
    let mut report = String::new();
    for ((kind, language), (right, of)) in &counts {
        writeln!(report, "{kind} {language}: {right} of {of}").unwrap();
    }
    insta::assert_snapshot!(format!("{report}\nWrong:\n{wrong}"));
}

#[test]
fn the_questions_are_in_eight_languages_and_of_every_kind() {
    let text = std::fs::read_to_string("tests/fixtures/questions/shipped.tsv").unwrap();
    let all = judged(&text);
    let languages: std::collections::BTreeSet<&str> =
        all.iter().filter(|judged| !judged.wanted.is_empty()).map(|judged| judged.language).collect();
    assert!(languages.len() >= 8, "{languages:?}");
    for kind in ["question", "typo", "alias", "hierarchy", "ambiguous", "filter", "message", "nothing"] {
        assert!(all.iter().any(|judged| judged.kind == kind), "{kind}");
    }
}
