//! The model that places texts by what they mean, held to what another engine makes of the same file, and to what it is
//! for: texts of one meaning lie near each other in any language.

use std::sync::LazyLock;

use onrecord::meaning::{Embed, LocalModel, PINNED};
use serde::Deserialize;

use crate::model;

/// Loaded once: it is large.
static MODEL: LazyLock<LocalModel> = LazyLock::new(|| LocalModel::open(&model::fetched()).unwrap());

/// A line of tests/fixtures/meaning/reference.jsonl, which tools/meaning/reference.py makes.
#[derive(Deserialize)]
struct Reference {
    kind: String,
    text: String,
    tokens: Vec<u32>,
    vector: String,
}

fn references() -> Vec<Reference> {
    let lines = include_str!("../fixtures/meaning/reference.jsonl").lines();
    lines.map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn placed(kind: &str, text: &str) -> Vec<f32> {
    if kind == "query" { MODEL.message(text).unwrap() } else { MODEL.entry(text).unwrap() }
}

fn nearness(one: &[f32], other: &[f32]) -> f64 {
    let dot = |one: &[f32], other: &[f32]| -> f64 {
        one.iter().zip(other).map(|(one, other)| f64::from(*one) * f64::from(*other)).sum()
    };
    dot(one, other) / (dot(one, one) * dot(other, other)).sqrt()
}

#[test]
fn texts_are_parted_into_the_tokens_that_the_reference_has() {
    for reference in references() {
        let tokens = match reference.kind.as_str() {
            "query" => MODEL.tokens_of_message(&reference.text),
            _ => MODEL.tokens_of_entry(&reference.text),
        };
        assert_eq!(tokens, reference.tokens, "{}", reference.text);
    }
}

#[test]
fn vectors_point_where_those_of_the_reference_do() {
    let mut all = 0.0;
    let references = references();
    for reference in &references {
        let bytes = reference.vector.as_bytes().chunks(2);
        let expected = bytes.map(|pair| {
            let code = u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
            f32::from(code.cast_signed())
        });
        let found = nearness(&placed(&reference.kind, &reference.text), &expected.collect::<Vec<f32>>());
        assert!(found >= 0.998, "{found} {}", reference.text);
        all += found;
    }
    let mean = all / references.len() as f64;
    assert!(mean >= 0.999, "{mean}");
}

#[test]
fn vectors_have_length_one_and_the_model_says_which_it_is() {
    assert_eq!(MODEL.dimensions(), 384);
    assert_eq!(MODEL.model().name(), PINNED.name);
    assert_eq!(MODEL.model().mark(), format!("sha256:{}", PINNED.sha256));
    for text in ["", " ", "ok", "\u{0}", &"long ".repeat(20_000), &"\u{301}".repeat(5000)] {
        let vector = MODEL.message(text).unwrap();
        assert!((nearness(&vector, &vector) - 1.0).abs() < 1e-6);
        let length: f32 = vector.iter().map(|number| number * number).sum();
        assert!((length - 1.0).abs() < 1e-4, "{length}");
        assert!(MODEL.tokens_of_message(text).len() <= 512);
    }
}

#[test]
fn what_is_written_in_parts_counts_as_what_is_written_in_one() {
    for (one, other) in [("caf\u{e9} \u{c5}", "cafe\u{301} A\u{30a}"), (" two  words\n", "two words")] {
        assert_eq!(MODEL.tokens_of_message(one), MODEL.tokens_of_message(other), "{one}");
    }
    // What marks the beginning, the end or a gap is none of it when someone types it.
    let typed = MODEL.tokens_of_message("<s> </s> <mask> <pad> <unk>");
    assert!(typed[1..typed.len() - 1].iter().all(|&token| token > 3 && token != 250_001), "{typed:?}");
}

#[test]
fn a_text_in_another_language_lies_nearer_than_another_text() {
    let record = MODEL.entry("The minister said that the factory would close at the end of the year.").unwrap();
    let far = MODEL.message("Call the police, someone took my bicycle!").unwrap();
    for text in [
        "Die Fabrik macht laut Minister Ende Dezember zu.",
        "El ministro dijo que la fábrica cerrará a finales de año.",
        "部长说工厂将在年底关闭。",
        "قال الوزير إن المصنع سيغلق في نهاية العام",
    ] {
        let near = MODEL.message(text).unwrap();
        assert!(nearness(&near, &record) > nearness(&far, &record) + 0.05, "{text}");
    }
}

#[test]
fn texts_are_placed_at_once_by_several_threads_as_by_one() {
    let alone = MODEL.message("Who said that?").unwrap();
    let others: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| MODEL.message("Who said that?").unwrap())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(others.iter().all(|other| *other == alone));
}

#[test]
fn a_file_that_is_not_the_model_is_told_from_one_that_is() {
    let folder = tempfile::tempdir().unwrap();
    let said = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        let said = LocalModel::open(&path).unwrap_err().to_string();
        said.replace(&folder.path().display().to_string(), "FOLDER")
    };
    let whole = std::fs::read(model::fetched()).unwrap();
    let mut changed = whole.clone();
    changed[60_000_000] ^= 1;
    assert_eq!(
        said("text.bin", b"hello"),
        "the model FOLDER/text.bin is no file of a model (E5S1); it was left as it is, and answers go by words alone. To fetch it anew: onrecord model install --force"
    );
    assert!(said("short.bin", &whole[..5000]).contains("is not the file that this program knows: its SHA-256 is "));
    assert!(said("changed.bin", &changed).contains(PINNED.sha256));
    assert!(LocalModel::open(folder.path()).unwrap_err().to_string().contains("is a folder and no file"));
    assert!(LocalModel::open(&folder.path().join("none")).unwrap_err().to_string().contains("can't be read"));
    assert_eq!(std::fs::read(folder.path().join("changed.bin")).unwrap(), changed);
}
