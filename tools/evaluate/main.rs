//! How well `check` finds what it should: judged sets of messages, searched through the product's own import and
//! ranking, and measured. With `--fit` it writes the constants that the product ranks with.
//!
//! A tool beside the product, for whoever works on the ranking (docs/retrieval.md):
//! `cargo run --release --example evaluate -- FOLDER`. It answers nobody, reads no settings, and knows nothing of how
//! the ranking is made.

mod bootstrap;
mod corpus;
mod curve;
mod evaluation;
mod fit;
mod judged;
mod measures;
mod newton;
mod report;
#[cfg(test)]
mod tests;
mod trec;

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Parser;
use onrecord::{
    files::{Audience, Existing, Guards, OutputFile, TargetError},
    search::FITTED,
};

use evaluation::{Asked, EvaluationError, SetResult, ask, prepare};
use fit::{FOLDS, fit, source_of};
use judged::JudgedData;

/// Measure how well check finds the right entries, on a folder of judged messages
#[derive(Debug, Parser)]
#[command(name = "evaluate", max_term_width = 100)]
struct Arguments {
    /// The folder: documents.jsonl, and folders with queries.jsonl and qrels.txt
    folder: PathBuf,
    /// Keep the database of the documents in this folder, for the next time [default: a temporary one]
    #[arg(long, value_name = "FOLDER")]
    database: Option<PathBuf>,
    /// Write the rankings to this file, as TREC's tools read them
    #[arg(long, value_name = "FILE")]
    run: Option<PathBuf>,
    /// Fit the constants of check on this data and write them to this source file; the measures are
    /// then those of cross-validation
    #[arg(long, value_name = "FILE")]
    fit: Option<PathBuf>,
    /// Replace the files of --run and --fit if they are there
    #[arg(long)]
    force: bool,
}

fn main() -> ExitCode {
    match evaluate(&Arguments::parse(), &mut io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read the output has read enough.
        Err(EvaluationError::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            remark(&error.to_string());
            ExitCode::from(error.exit_code())
        }
    }
}

/// Says something on standard error.
fn remark(text: &str) {
    // There is nowhere else to say that standard error is closed.
    let _ = writeln!(io::stderr(), "evaluate: {text}");
}

fn evaluate(arguments: &Arguments, out: &mut impl Write) -> Result<(), EvaluationError> {
    let existing = if arguments.force { Existing::Replace } else { Existing::Refuse };
    let check = |file: &PathBuf| OutputFile::check(file, existing, Audience::Public, &Guards::default());
    let fit_file = arguments.fit.as_ref().map(check).transpose()?;
    let run_file = arguments.run.as_ref().map(check).transpose()?;
    let data = JudgedData::read(&arguments.folder)?;
    let temporary;
    let folder: &Path = match &arguments.database {
        Some(folder) => {
            std::fs::create_dir_all(folder).map_err(|source| TargetError::Write { path: folder.clone(), source })?;
            folder
        }
        None => {
            temporary = tempfile::tempdir()?;
            temporary.path()
        }
    };
    remark(&format!("taking in {} documents", data.documents.len()));
    let prepared = prepare(&data, folder)?;
    if prepared.cut > 0 {
        remark(&format!("{} texts were longer than an entry may be and were cut", prepared.cut));
    }
    writeln!(out, "{} documents, indexed in {:.1} s.", data.documents.len(), prepared.indexed_in.as_secs_f64())?;
    let mut results = Vec::new();
    for set in &data.sets {
        results.push(ask(&prepared, &data, set)?);
    }
    match arguments.fit.as_ref().zip(fit_file) {
        Some((file, output)) => {
            results = fitted(out, (file, output), &arguments.folder, results)?;
            writeln!(out, "\nMeasures of constants fitted on the other {} of {FOLDS} parts:", FOLDS - 1)?;
        }
        None => writeln!(out, "The constants: {FITTED}.")?,
    }
    report::report(out, &results)?;
    if let Some((file, output)) = arguments.run.as_ref().zip(run_file) {
        let mut rankings = Vec::new();
        trec::write_run(&results, &mut rankings)?;
        output.write(&rankings)?;
        writeln!(out, "\nThe rankings stand in {}.", file.display())?;
    }
    Ok(())
}

/// Fits on all sets together; gives them as constants fitted without each query rate it.
fn fitted(
    out: &mut impl Write,
    (file, output): (&Path, OutputFile),
    folder: &Path,
    results: Vec<SetResult>,
) -> Result<Vec<SetResult>, EvaluationError> {
    let all: Vec<&Asked> = results.iter().flat_map(|set| &set.asked).collect();
    let fit = fit(&all);
    let names: Vec<&str> = results.iter().map(|set| set.name.as_str()).collect();
    let provenance = format!(
        "fitted on {} on {} queries of {} ({})",
        onrecord::model::Date::of(jiff::Timestamp::now()),
        all.len(),
        folder.file_name().unwrap_or_default().to_string_lossy(),
        names.join(", ")
    );
    output.write(source_of(&fit.weights, &provenance).as_bytes())?;
    writeln!(out, "The constants, {provenance}, stand in {}: {:?}", file.display(), fit.weights)?;
    let mut held_out = fit.held_out.into_iter();
    Ok(results
        .into_iter()
        .map(|set| SetResult { asked: held_out.by_ref().take(set.asked.len()).collect(), name: set.name })
        .collect())
}
