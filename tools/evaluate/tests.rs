//! The evaluation: a made-up judged set through the product's own import and search.

use std::path::{Path, PathBuf};

use clap::Parser;
use onrecord::{
    files::TargetError,
    search::{FITTED, Likeness, MEANING_FITTED, MEANING_WEIGHTS, MeaningLikeness, WEIGHTS},
};

use crate::{
    Arguments,
    curve::curve,
    evaluate,
    evaluation::{EvaluationError, ask, prepare},
    fit::source_of,
    fit_meaning::{self, curve as meaning_curve, fit_meaning, rated},
    judged::{JudgedData, JudgedError},
    measures::measured,
    messages::{Candidate, Looked},
    trec::write_run,
};

fn judged() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tools/evaluate/judged")
}

#[test]
fn a_judged_set_is_taken_in_asked_and_measured() {
    let data = JudgedData::read(&judged()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let prepared = prepare(&data, folder.path(), None).unwrap();
    let result = ask(&prepared, &data, &data.sets[0]).unwrap();
    let firsts: Vec<&str> = result.asked.iter().take(5).map(|asked| asked.found[0].document.as_str()).collect();
    assert_eq!(firsts, ["ferry", "bridge", "mayor", "water", "strom"]);
    let answerable: Vec<_> = result.asked.iter().take(5).collect();
    assert!(measured(&answerable).iter().all(|(_, estimate)| (estimate.mean - 1.0).abs() < 1e-9));
    let all: Vec<_> = result.asked.iter().collect();
    let share: f64 = measured(&all)[0].1.mean;
    assert!((share - 5.0 / 6.0).abs() < 1e-9);
    // With a higher threshold nobody gets an answer who had none.
    assert!(curve(&all).is_sorted_by(|left, right| left.answered >= right.answered));
    let mut run = Vec::new();
    write_run(std::slice::from_ref(&result), &mut run).unwrap();
    let run = String::from_utf8(run).unwrap();
    let first: Vec<&str> = run.lines().next().unwrap().split(' ').collect();
    assert_eq!((first[0], first[1], first[2], first[3], first[5]), ("1", "Q0", "ferry", "1", "onrecord-small"));
    // The same folder a second time: nothing is taken in twice.
    let again = ask(&prepare(&data, folder.path(), None).unwrap(), &data, &data.sets[0]).unwrap();
    assert_eq!(again.asked[0].found, result.asked[0].found);
}

#[test]
fn judged_data_that_is_wrong_is_named_by_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(JudgedData::read(folder.path()), Err(JudgedError::File { .. })));
    std::fs::write(folder.path().join("documents.jsonl"), "{\"id\": \"a\", \"text\": \"x\"}\n").unwrap();
    assert!(matches!(JudgedData::read(folder.path()), Err(JudgedError::NoSets(_))));
    let set = folder.path().join("set");
    std::fs::create_dir(&set).unwrap();
    std::fs::write(set.join("queries.jsonl"), "{\"id\": \"1\", \"text\": \"x\"}\n\n{\"id\": 2}\n").unwrap();
    std::fs::write(set.join("qrels.txt"), "1 0 a 1\n").unwrap();
    let error = JudgedData::read(folder.path()).unwrap_err().to_string();
    assert!(error.contains("queries.jsonl, line 3"), "{error}");
    std::fs::write(set.join("queries.jsonl"), "{\"id\": \"1\", \"text\": \"x\"}\n").unwrap();
    std::fs::write(set.join("qrels.txt"), "1 0 a\n").unwrap();
    let error = JudgedData::read(folder.path()).unwrap_err().to_string();
    assert!(error.contains("qrels.txt, line 1: a judgement has four fields"), "{error}");
}

/// Runs the tool on the judged set with these options; gives what it prints.
fn run(options: &[&str]) -> Result<String, EvaluationError> {
    let judged = judged();
    let words = ["evaluate", judged.to_str().unwrap()].into_iter().chain(options.iter().copied());
    let mut out = Vec::new();
    evaluate(&Arguments::try_parse_from(words).unwrap(), &mut out)?;
    Ok(String::from_utf8(out).unwrap())
}

#[test]
fn the_tool_measures_fits_and_writes_what_it_was_asked_for_and_replaces_nothing_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (fitted, rankings, database) = (file("fitted.rs"), file("rankings.txt"), file("database"));
    let measured = run(&["--database", &database, "--run", &rankings]).unwrap();
    assert!(measured.contains(&format!("The constants: {FITTED}.")), "{measured}");
    assert!(measured.contains("small: 6 queries") && measured.contains("MAP@5   0.8333"), "{measured}");
    assert!(std::fs::read_to_string(&rankings).unwrap().starts_with("1 Q0 ferry 1 "));
    let printed = run(&["--database", &database, "--fit", &fitted]).unwrap();
    assert!(printed.contains("Measures of constants fitted on the other 4 of 5 parts:"), "{printed}");
    let source = std::fs::read_to_string(&fitted).unwrap();
    assert!(source.contains("on 6 queries of judged (small)\";\n"), "{source}");
    for options in [["--run", rankings.as_str()], ["--fit", fitted.as_str()]] {
        let error = run(&options).unwrap_err();
        assert!(matches!(error, EvaluationError::Target(TargetError::Exists(_))), "{error}");
        assert_eq!(error.exit_code(), 2);
    }
    assert_eq!(std::fs::read_to_string(&fitted).unwrap(), source);
    run(&["--database", &database, "--fit", &fitted, "--force"]).unwrap();
}

#[test]
fn the_constants_of_the_product_stand_as_the_tool_writes_them() {
    assert_eq!(source_of(&WEIGHTS, FITTED), include_str!("../../src/search/fitted.rs"));
}

#[test]
fn the_constants_with_a_model_stand_as_the_tool_writes_them() {
    let written = fit_meaning::source_of(&MEANING_WEIGHTS, MEANING_FITTED);
    assert_eq!(written, include_str!("../../src/search/fitted_meaning.rs"));
}

/// A message whose candidates have these cosines; the first answers it if any does.
fn looked(kind: &str, answerable: bool, cosines: [f64; 3]) -> Looked {
    let candidates = (0..).zip(cosines).map(|(place, cosine)| Candidate {
        likeness: Likeness { words_in_all: 5.0, grams_in_all: 5.0, ..Likeness::default() },
        meaning: MeaningLikeness { cosine, mean: 0.8, deviation: 0.02 },
        right: answerable && place == 0,
        contradicted: false,
    });
    Looked { kind: kind.to_owned(), answerable, claims: true, candidates: candidates.collect() }
}

#[test]
fn what_stands_out_by_meaning_is_learnt_to_be_right_and_a_contradicted_one_never_matches() {
    let mut messages = Vec::new();
    for step in 0..40 {
        let apart = f64::from(step) * 0.0005;
        messages.push(looked("claim", true, [0.92 - apart, 0.84, 0.83]));
        messages.push(looked("small-talk", false, [0.82 + apart, 0.82, 0.81]));
    }
    let fit = fit_meaning(&messages);
    assert!(fit.weights.standing > 0.0 && fit.weights.near <= fit.weights.matching, "{:?}", fit.weights);
    let points = meaning_curve(&messages, &fit.held_out);
    let half = points.iter().find(|point| point.threshold >= 0.5).unwrap();
    assert!(half.right > 0.9 && half.wrong < 0.1 && half.small_talk < 0.1, "{half:?}");
    for message in &mut messages {
        for candidate in &mut message.candidates {
            candidate.contradicted = true;
        }
    }
    let contradicted: Vec<_> = messages.iter().map(|message| rated(message, &fit.weights)).collect();
    let points = meaning_curve(&messages, &contradicted);
    assert!(points.iter().all(|point| point.right == 0.0) && points[0].shown_right > 0.9, "{:?}", points[0]);
}

#[test]
fn messages_that_cannot_be_read_are_named_by_file() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(crate::messages::read(folder.path()), Err(JudgedError::File { .. })));
    std::fs::write(folder.path().join("messages.toml"), "[[message]]\ntext = \"x\"\n").unwrap();
    let error = crate::messages::read(folder.path()).unwrap_err().to_string();
    assert!(error.contains("messages.toml can't be read as judged messages"), "{error}");
}
