//! What a threshold means: how often there is an answer, and how often the first one is right.

use crate::evaluation::Asked;

/// What comes of a threshold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurvePoint {
    /// From which likelihood on there is an answer.
    pub threshold: f64,
    /// The share of the queries that get one.
    pub answered: f64,
    /// The share of those whose first entry is relevant; `None` when none is answered.
    pub right: Option<f64>,
    /// The share that would get an answer if what is relevant to them were not on record: all of
    /// these would be wrong.
    pub answered_without: f64,
}

/// First answers that were said to be about as likely as each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReliabilityBin {
    /// How many.
    pub count: usize,
    /// How likely they were said to be, on average.
    pub said: f64,
    /// Which share of them is relevant.
    pub found: f64,
}

#[expect(clippy::cast_precision_loss, reason = "a judged set has far fewer than 2^52 queries")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// What comes of each threshold from 0 to 0.95.
pub fn curve(asked: &[&Asked]) -> Vec<CurvePoint> {
    (0..20)
        .map(|step| {
            let threshold = f64::from(step) * 0.05;
            let first = |asked: &Asked| asked.found.first().is_some_and(|found| found.likelihood >= threshold);
            let answered: Vec<_> = asked.iter().filter(|asked| first(asked)).collect();
            let right = answered.iter().filter(|asked| asked.relevant.first() == Some(&true)).count();
            let without = asked.iter().filter(|asked| first_irrelevant(asked).is_some_and(|said| said >= threshold));
            CurvePoint {
                threshold,
                answered: share(answered.len(), asked.len()),
                right: (!answered.is_empty()).then(|| share(right, answered.len())),
                answered_without: share(without.count(), asked.len()),
            }
        })
        .collect()
}

fn first_irrelevant(asked: &Asked) -> Option<f64> {
    let mut found = asked.found.iter().zip(&asked.relevant);
    found.find(|(_, relevant)| !**relevant).map(|(found, _)| found.likelihood)
}

/// How often the first answer is right beside how likely it was said to be, by tenths of the likelihood.
pub fn reliability(asked: &[&Asked]) -> Vec<ReliabilityBin> {
    let firsts: Vec<(f64, bool)> =
        asked.iter().filter_map(|asked| Some((asked.found.first()?.likelihood, *asked.relevant.first()?))).collect();
    (0..10)
        .filter_map(|bin| {
            let low = f64::from(bin) / 10.0;
            let high = if bin == 9 { f64::INFINITY } else { f64::from(bin + 1) / 10.0 };
            let within: Vec<_> = firsts.iter().filter(|(said, _)| *said >= low && *said < high).collect();
            #[expect(clippy::cast_precision_loss, reason = "a judged set has far fewer than 2^52 queries")]
            let said = within.iter().map(|(said, _)| said).sum::<f64>() / within.len() as f64;
            let right = within.iter().filter(|(_, relevant)| *relevant).count();
            (!within.is_empty()).then(|| ReliabilityBin {
                count: within.len(),
                said,
                found: share(right, within.len()),
            })
        })
        .collect()
}
