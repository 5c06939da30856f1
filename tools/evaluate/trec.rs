//! Rankings as TREC's tools read them.

use std::io::{self, Write};

use crate::evaluation::SetResult;

/// Writes a run file: query, `Q0`, document, rank, score, name of the run.
///
/// # Errors
/// When it can't be written.
pub fn write_run(sets: &[SetResult], out: &mut impl Write) -> io::Result<()> {
    for set in sets {
        for asked in &set.asked {
            for (rank, found) in (1..).zip(&asked.found) {
                // Tools order by score; where likelihoods are equal, the rank must still decide.
                let score = found.likelihood - f64::from(rank) * 1e-9;
                writeln!(out, "{} Q0 {} {rank} {score:.9} onrecord-{}", asked.query, found.document, set.name)?;
            }
        }
    }
    Ok(())
}
