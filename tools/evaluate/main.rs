//! How well `check` finds what it should: judged sets of messages, searched through the product's own import and
//! ranking, and measured; with `--model` by meaning, too, and with `--messages` the project's own messages over the shipped
//! entries. `--fit` and `--fit-meaning` write the constants that the product ranks and decides with.
//!
//! A tool beside the product, for whoever works on the ranking (docs/retrieval.md):
//! `cargo run --release --example evaluate -- FOLDER`. It answers nobody, reads no settings, and knows nothing of how
//! the ranking is made.

mod bootstrap;
mod corpus;
mod counting;
mod curve;
mod evaluation;
mod fit;
mod fit_meaning;
mod judged;
mod measures;
mod messages;
mod newton;
mod report;
mod report_messages;
#[cfg(test)]
mod tests;
mod trec;

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use clap::Parser;
use onrecord::{
    files::{Audience, Existing, Guards, OutputFile, TargetError},
    meaning::{Embed, LocalModel},
    search::{FITTED, MEANING_FITTED, MEANING_WEIGHTS},
};

use counting::{Message, Part, table};
use evaluation::{Asked, EvaluationError, SetResult, ask, prepare};
use fit::{FOLDS, fit, source_of};
use fit_meaning::{fit_meaning, rated};
use judged::JudgedData;
use messages::Shipped;

/// Measure how well check finds the right entries, on a folder of judged messages
#[derive(Debug, Parser)]
#[command(name = "evaluate", max_term_width = 100)]
struct Arguments {
    /// The folder: documents.jsonl, and folders with queries.jsonl and qrels.txt
    #[arg(required_unless_present = "messages")]
    folder: Option<PathBuf>,
    /// Keep the database of the documents in this folder, for the next time [default: a temporary one]
    #[arg(long, value_name = "FOLDER")]
    database: Option<PathBuf>,
    /// Write the rankings to this file, as TREC's tools read them
    #[arg(long, value_name = "FILE", requires = "folder")]
    run: Option<PathBuf>,
    /// Fit the constants of check on this data and write them to this source file; the measures are
    /// then those of cross-validation
    #[arg(long, value_name = "FILE", conflicts_with = "model", requires = "folder")]
    fit: Option<PathBuf>,
    /// Find by meaning, too, with the model in this file
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// Measure the messages of this folder (messages.toml and nothing.toml) over the shipped entries, too
    #[arg(long, value_name = "FOLDER", requires = "model")]
    messages: Option<PathBuf>,
    /// Fit the constants of the decision with a model on the part of the messages that is for fitting,
    /// and write them to this source file
    #[arg(long, value_name = "FILE", requires = "messages")]
    fit_meaning: Option<PathBuf>,
    /// Replace the files of --run, --fit and --fit-meaning if they are there
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
    let fit_meaning_file = arguments.fit_meaning.as_ref().map(check).transpose()?;
    let model = match &arguments.model {
        Some(file) => Some(Arc::new(LocalModel::open(file)?) as Arc<dyn Embed>),
        None => None,
    };
    let temporary;
    let database: &Path = match &arguments.database {
        Some(folder) => {
            std::fs::create_dir_all(folder).map_err(|source| TargetError::Write { path: folder.clone(), source })?;
            folder
        }
        None => {
            temporary = tempfile::tempdir()?;
            temporary.path()
        }
    };
    if let Some((folder, model)) = arguments.messages.as_ref().zip(model.clone()) {
        let shipped = Shipped::open(database, model)?;
        let target = arguments.fit_meaning.as_deref().zip(fit_meaning_file);
        measure_messages(out, &shipped, &messages::read(folder)?, target)?;
    }
    let Some(folder) = &arguments.folder else { return Ok(()) };
    let data = JudgedData::read(folder)?;
    remark(&format!("taking in {} documents", data.documents.len()));
    let prepared = prepare(&data, database, model)?;
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
            results = fitted(out, (file, output), folder, results)?;
            writeln!(out, "\nMeasures of constants fitted on the other {} of {FOLDS} parts:", FOLDS - 1)?;
        }
        None if arguments.model.is_some() => {
            writeln!(out, "The constants: {FITTED}; with the model {MEANING_FITTED}.")?
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

/// Measures the messages as the product answers them, or fits the constants of its decision on those for fitting.
fn measure_messages(
    out: &mut impl Write,
    shipped: &Shipped,
    messages: &[Message],
    target: Option<(&Path, OutputFile)>,
) -> Result<(), EvaluationError> {
    let Some((file, output)) = target else {
        writeln!(out, "{} messages. The constants with the model: {MEANING_FITTED}.", messages.len())?;
        let shown: Vec<_> = messages.iter().map(|message| shipped.ask(message)).collect();
        write!(out, "\n{}", table(messages, &shown))?;
        return Ok(());
    };
    let fitting: Vec<&Message> = messages.iter().filter(|message| message.part == Part::Fit).collect();
    let looked = shipped.look(&fitting)?;
    let fit = fit_meaning(&looked);
    let today: Vec<_> = looked.iter().map(|looked| rated(looked, &MEANING_WEIGHTS)).collect();
    report_messages::thresholds(out, &format!("As it is, {MEANING_FITTED}:"), &looked, &today)?;
    let heading = format!("Fitted on the other {} of {FOLDS} parts:", FOLDS - 1);
    report_messages::thresholds(out, &heading, &looked, &fit.held_out)?;
    let date = onrecord::model::Date::of(jiff::Timestamp::now());
    let provenance = format!("fitted on {date} on {} messages of the part for fitting", looked.len());
    output.write(fit_meaning::source_of(&fit.weights, &provenance).as_bytes())?;
    writeln!(out, "\nThe constants, {provenance}, stand in {}: {:?}", file.display(), fit.weights)?;
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
