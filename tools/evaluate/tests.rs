//! The evaluation: a made-up judged set through the product's own import and search.

use std::path::{Path, PathBuf};

use clap::Parser;
use onrecord::{
    files::TargetError,
    search::{FITTED, WEIGHTS},
};

use crate::{
    Arguments,
    curve::curve,
    evaluate,
    evaluation::{EvaluationError, ask, prepare},
    fit::source_of,
    judged::{JudgedData, JudgedError},
    measures::measured,
    trec::write_run,
};

fn judged() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tools/evaluate/judged")
}

#[test]
fn a_judged_set_is_taken_in_asked_and_measured() {
    let data = JudgedData::read(&judged()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let prepared = prepare(&data, folder.path()).unwrap();
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
    let again = ask(&prepare(&data, folder.path()).unwrap(), &data, &data.sets[0]).unwrap();
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
