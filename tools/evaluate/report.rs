//! What is printed of an evaluation.

use std::io::{self, Write};

use crate::{
    curve::{curve, reliability},
    evaluation::{Asked, SetResult},
    measures::{latencies, measured},
};

/// Prints the measures of each set and of all together, what each threshold gives, and how far the likelihoods hold.
pub fn report(out: &mut impl Write, results: &[SetResult]) -> io::Result<()> {
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

fn measures(out: &mut impl Write, name: &str, asked: &[&Asked]) -> io::Result<()> {
    writeln!(out, "\n{name}: {} queries, means with 95 % intervals (bootstrap)", asked.len())?;
    for (name, estimate) in measured(asked) {
        writeln!(out, "  {name:<7} {:.4}  [{:.4}, {:.4}]", estimate.mean, estimate.low, estimate.high)?;
    }
    let (median, late) = latencies(asked.iter().copied());
    let milliseconds = |took: std::time::Duration| took.as_secs_f64() * 1_000.0;
    writeln!(out, "  a query took {:.2} ms, the 99th percentile {:.2} ms", milliseconds(median), milliseconds(late))
}
