//! `evaluate`: how well `check` finds what it should, on a folder of judged messages.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use super::{CliError, Exit, args::Evaluate, print, write::output};
use crate::config::Config;
use crate::evaluate::{
    Asked, EvaluationError, FOLDS, JudgedData, SetResult, ask, curve, fit, latencies, measured, prepare, reliability,
    source_of, write_run,
};
use crate::files::{Audience, OutputFile, TargetError};
use crate::search::FITTED;

pub(super) fn evaluate(config: &Config, arguments: &Evaluate) -> Result<Exit, CliError> {
    let check = |file: &PathBuf| output(config, file, arguments.force, Audience::Public);
    let fit_file = arguments.fit.as_ref().map(check).transpose()?;
    let run_file = arguments.run.as_ref().map(check).transpose()?;
    let data = JudgedData::read(&arguments.folder).map_err(EvaluationError::from)?;
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
    print::remark(&format!("taking in {} documents", data.documents.len()));
    let prepared = prepare(&data, folder)?;
    if prepared.cut > 0 {
        print::remark(&format!("{} texts were longer than an entry may be and were cut", prepared.cut));
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "{} documents, indexed in {:.1} s.", data.documents.len(), prepared.indexed_in.as_secs_f64())?;
    let mut results = Vec::new();
    for set in &data.sets {
        results.push(ask(&prepared, &data, set)?);
    }
    match arguments.fit.as_ref().zip(fit_file) {
        Some((file, output)) => {
            results = fitted(&mut out, (file, output), &arguments.folder, results)?;
            writeln!(out, "\nMeasures of constants fitted on the other {} of {FOLDS} parts:", FOLDS - 1)?;
        }
        None => writeln!(out, "The constants: {FITTED}.")?,
    }
    report(&mut out, &results)?;
    if let Some((file, output)) = arguments.run.as_ref().zip(run_file) {
        let mut rankings = Vec::new();
        write_run(&results, &mut rankings)?;
        output.write(&rankings)?;
        writeln!(out, "\nThe rankings stand in {}.", file.display())?;
    }
    Ok(Exit::Answered)
}

/// Fits on all sets together; gives them as constants fitted without each query rate it.
fn fitted(
    out: &mut impl Write,
    (file, output): (&Path, OutputFile),
    folder: &Path,
    results: Vec<SetResult>,
) -> Result<Vec<SetResult>, CliError> {
    let all: Vec<&Asked> = results.iter().flat_map(|set| &set.asked).collect();
    let fit = fit(&all);
    let names: Vec<&str> = results.iter().map(|set| set.name.as_str()).collect();
    let provenance = format!(
        "fitted on {} on {} queries of {} ({})",
        crate::model::Date::of(jiff::Timestamp::now()),
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

fn report(out: &mut impl Write, results: &[SetResult]) -> std::io::Result<()> {
    for set in results {
        measures(out, &set.name, &set.asked.iter().collect::<Vec<_>>())?;
    }
    let all: Vec<&Asked> = results.iter().flat_map(|set| &set.asked).collect();
    if results.len() > 1 {
        measures(out, "all", &all)?;
    }
    writeln!(out, "\nthreshold  answered  right of these  answered if its entry weren't there")?;
    for point in curve(&all) {
        let right = point.right.map_or("–".to_owned(), |right| format!("{:.1} %", right * 100.0));
        writeln!(
            out,
            "     {:.2}   {:>5.1} %         {right:>7}  {:>5.1} %",
            point.threshold,
            point.answered * 100.0,
            point.answered_without * 100.0
        )?;
    }
    writeln!(out, "\nfirst entries  said likely  found relevant")?;
    for bin in reliability(&all) {
        writeln!(
            out,
            "        {:>5}       {:>5.1} %         {:>5.1} %",
            bin.count,
            bin.said * 100.0,
            bin.found * 100.0
        )?;
    }
    Ok(())
}

fn measures(out: &mut impl Write, name: &str, asked: &[&Asked]) -> std::io::Result<()> {
    writeln!(out, "\n{name}: {} queries, means with 95 % intervals (bootstrap)", asked.len())?;
    for (name, estimate) in measured(asked) {
        writeln!(out, "  {name:<7} {:.4}  [{:.4}, {:.4}]", estimate.mean, estimate.low, estimate.high)?;
    }
    let (median, late) = latencies(asked.iter().copied());
    let milliseconds = |took: std::time::Duration| took.as_secs_f64() * 1_000.0;
    writeln!(out, "  a query took {:.2} ms, the 99th percentile {:.2} ms", milliseconds(median), milliseconds(late))
}
