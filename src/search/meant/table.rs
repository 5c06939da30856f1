//! The vectors of all that is on record, and which entries come nearest to a message's.

use std::sync::Arc;

use super::{codes::Codes, file::Vectors};
use crate::model::{ResponseId, StatementId};

/// Up to how many vectors each is looked at; beyond, codes of a bit a number choose those that are.
const ALL_UP_TO: usize = 100_000;

/// How many vectors the codes choose. Of the exact ten nearest they hold more than 97 % then (docs/retrieval.md).
const CHOSEN: usize = 2_000;

/// How many vectors say how near a message is to any entry.
const SAMPLE: usize = 4_096;

/// A wording of an entry, with its vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct MeantWording {
    /// The statement that it is found by.
    pub(super) statement: StatementId,
    /// The response that says it; `None` for the statement's own.
    pub(super) response: Option<ResponseId>,
    /// Its vector.
    pub(super) row: u32,
}

/// All wordings that have a vector, by statement.
#[derive(Debug, Clone)]
pub(super) struct Table {
    vectors: Arc<Vectors>,
    wordings: Vec<MeantWording>,
    codes: Option<Codes>,
}

/// A message's vector, as vectors are held against it.
struct Sought {
    numbers: Vec<i16>,
    scale: f32,
}

/// How near a statement comes to a message.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::search) struct Nearness {
    /// The statement.
    pub(in crate::search) statement: StatementId,
    /// The cosine of its nearest wording.
    pub(in crate::search) cosine: f32,
    /// The response that says it, if it is none of the statement's own.
    pub(in crate::search) response: Option<ResponseId>,
}

/// How near the statements come to a message.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::search) struct Near {
    /// The statements by number: all, or those that the codes chose.
    statements: Vec<Nearness>,
    /// How near any wording is, on average.
    pub(in crate::search) mean: f32,
    /// How much that varies.
    pub(in crate::search) deviation: f32,
}

impl Table {
    /// A table of these wordings, in any order.
    pub(super) fn new(vectors: Arc<Vectors>, mut wordings: Vec<MeantWording>) -> Self {
        wordings.sort_unstable();
        let codes = (wordings.len() > ALL_UP_TO).then(|| {
            let rows: Vec<u32> = wordings.iter().map(|wording| wording.row).collect();
            Codes::of(&vectors, &rows)
        });
        Self { vectors, wordings, codes }
    }

    /// The wordings, by statement.
    pub(super) fn wordings(&self) -> &[MeantWording] {
        &self.wordings
    }

    /// How near the statements come to the nearest of these vectors of a message. Those of `also` are looked at however
    /// far the codes say they are.
    pub(super) fn near(&self, message: &[Vec<f32>], also: &[StatementId]) -> Near {
        let sought: Vec<Sought> = message.iter().map(|part| Sought::new(part)).collect();
        let mut near = Near::default();
        match &self.codes {
            None => near.statements = self.nearest_of(self.wordings.iter().copied(), &sought),
            Some(codes) => {
                let mut chosen: Vec<usize> = message.iter().flat_map(|part| codes.nearest(part, CHOSEN)).collect();
                chosen.extend(also.iter().flat_map(|statement| self.places(*statement)));
                chosen.sort_unstable();
                chosen.dedup();
                let chosen = chosen.into_iter().filter_map(|place| self.wordings.get(place)).copied();
                near.statements = self.nearest_of(chosen, &sought);
            }
        }
        // Of the whole message alone: how near parts are says nothing of what the message is near to.
        let step = self.wordings.len().div_ceil(SAMPLE).max(1);
        let cosines: Vec<f32> = self
            .wordings
            .iter()
            .step_by(step)
            .filter_map(|wording| sought.first()?.cosine(&self.vectors, wording.row))
            .collect();
        (near.mean, near.deviation) = mean_and_deviation(&cosines);
        near
    }

    fn places(&self, statement: StatementId) -> std::ops::Range<usize> {
        let from = self.wordings.partition_point(|wording| wording.statement < statement);
        let to = self.wordings.partition_point(|wording| wording.statement <= statement);
        from..to
    }

    /// The nearest wording of each statement, of wordings that come by statement.
    fn nearest_of(&self, wordings: impl Iterator<Item = MeantWording>, sought: &[Sought]) -> Vec<Nearness> {
        let mut nearest: Vec<Nearness> = Vec::new();
        for MeantWording { statement, response, row } in wordings {
            let Some(cosine) = sought.iter().filter_map(|part| part.cosine(&self.vectors, row)).reduce(f32::max) else {
                continue;
            };
            match nearest.last_mut().filter(|last| last.statement == statement) {
                Some(last) if last.cosine < cosine => *last = Nearness { statement, cosine, response },
                Some(_) => {}
                None => nearest.push(Nearness { statement, cosine, response }),
            }
        }
        nearest
    }
}

impl Near {
    /// How near a statement comes.
    pub(in crate::search) fn of(&self, statement: StatementId) -> Option<Nearness> {
        let place = self.statements.binary_search_by_key(&statement, |nearness| nearness.statement).ok()?;
        self.statements.get(place).copied()
    }

    /// The statements that come nearest, at most `limit`, the nearest first.
    pub(in crate::search) fn nearest(&self, limit: usize) -> Vec<Nearness> {
        let mut nearest = self.statements.clone();
        let order = |left: &Nearness, right: &Nearness| {
            right.cosine.total_cmp(&left.cosine).then(left.statement.cmp(&right.statement))
        };
        if limit < nearest.len() {
            nearest.select_nth_unstable_by(limit, order);
            nearest.truncate(limit);
        }
        nearest.sort_unstable_by(order);
        nearest
    }
}

impl Sought {
    /// Numbers of at most this; 384 products with 8-bit ones then fit 32 bits.
    const LARGEST: f32 = 16_384.0;

    #[expect(clippy::cast_possible_truncation, reason = "numbers of a vector of unit length lie between -1 and 1")]
    fn new(vector: &[f32]) -> Self {
        let numbers = vector.iter().map(|number| (number * Self::LARGEST).round() as i16).collect();
        Self { numbers, scale: 1.0 / Self::LARGEST }
    }

    #[expect(clippy::cast_precision_loss, reason = "the last bits say nothing")]
    fn cosine(&self, vectors: &Vectors, row: u32) -> Option<f32> {
        let packed = vectors.vector(row as usize)?;
        let numbers = self.numbers.iter().zip(packed.numbers);
        let sum: i32 = numbers.map(|(sought, number)| i32::from(*sought) * i32::from(number.cast_signed())).sum();
        Some(sum as f32 * self.scale * packed.scale)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a sample is small")]
fn mean_and_deviation(numbers: &[f32]) -> (f32, f32) {
    if numbers.is_empty() {
        return (0.0, 0.0);
    }
    let count = numbers.len() as f32;
    let mean = numbers.iter().sum::<f32>() / count;
    let variance = numbers.iter().map(|number| (number - mean).powi(2)).sum::<f32>() / count;
    (mean, variance.sqrt())
}
