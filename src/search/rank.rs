//! The order of answers, and the counts that go with them.
//!
//! What is in force comes before what is retracted; what is about the entity itself before what is
//! about its parts; then how well the words match; then newest first; then the id. The same
//! question always gives the same order.

use crate::model::StatementId;
use std::{cmp::Reverse, collections::BinaryHeap, sync::Arc, time::Instant};

use tantivy::{
    DocId, Score, SegmentOrdinal, SegmentReader, TantivyError,
    collector::{Collector, SegmentCollector},
};

use super::columns::{Columns, SegmentColumns};

/// Up to how many matches responses and sources are counted. Beyond that the numbers would take
/// longer than they are worth.
const COUNTED: usize = 10_000;

/// How many matches lie between two looks at the clock.
const BETWEEN_LOOKS: usize = 4_096;

/// What to order answers by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// By how well they match.
    Relevance,
    /// By when they were last vetted, the newest first.
    Vetted,
}

/// How much matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MatchCounts {
    /// How many statements match.
    pub statements: usize,
    /// How many responses they have in all; `None` where there are too many to count.
    pub responses: Option<usize>,
    /// How many sources they and their responses rest on; `None` where there are too many to count.
    pub sources: Option<usize>,
}

/// A statement's place in the order; the least comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    retracted: bool,
    tier: u8,
    sequence: Reverse<u64>,
    /// Scores are positive, and the bits of positive floating point numbers have their order.
    score: Reverse<u32>,
    last_day: Reverse<i64>,
    first_day: Reverse<i64>,
    id: u64,
}

/// Collects the best matches and counts them all.
pub(super) struct Ranking {
    /// For each entity asked about, the numbers of the entity itself, in order.
    pub(super) direct: Arc<Vec<Vec<u64>>>,
    /// The columns of the searcher's segments.
    pub(super) columns: Columns,
    pub(super) order: Order,
    pub(super) scored: bool,
    pub(super) limit: usize,
    /// When ranking ends, whatever is left; whoever asks looks at the time, too.
    pub(super) due: Option<Instant>,
}

/// The best matches and the counts.
#[derive(Debug, Default)]
pub(super) struct Ranked {
    /// The numbers of the statements with their scores, the best first.
    pub(super) best: Vec<(StatementId, Score)>,
    pub(super) counts: MatchCounts,
}

pub(super) struct SegmentRanking {
    direct: Arc<Vec<Vec<u64>>>,
    order: Order,
    limit: usize,
    due: Option<Instant>,
    is_over: bool,
    columns: Arc<SegmentColumns>,
    /// The worst of the best is on top.
    best: BinaryHeap<Rank>,
    matched: usize,
    /// The numbers of responses and sources, each as often as it was met.
    responses: Vec<u64>,
    sources: Vec<u64>,
}

pub(super) struct SegmentRanked {
    best: Vec<Rank>,
    matched: usize,
    responses: Vec<u64>,
    sources: Vec<u64>,
}

impl Collector for Ranking {
    type Fruit = Ranked;
    type Child = SegmentRanking;

    fn for_segment(&self, segment: SegmentOrdinal, _: &SegmentReader) -> tantivy::Result<SegmentRanking> {
        let columns = self.columns.of(segment).ok_or_else(|| {
            TantivyError::InternalError(format!("segment {segment} came after its searcher's columns were opened"))
        })?;
        Ok(SegmentRanking {
            direct: Arc::clone(&self.direct),
            order: self.order,
            limit: self.limit,
            due: self.due,
            is_over: false,
            columns: Arc::clone(columns),
            best: BinaryHeap::new(),
            matched: 0,
            responses: Vec::new(),
            sources: Vec::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        self.scored
    }

    fn merge_fruits(&self, segments: Vec<SegmentRanked>) -> tantivy::Result<Ranked> {
        let mut best = Vec::new();
        let mut statements = 0;
        let mut responses = Vec::new();
        let mut sources = Vec::new();
        for segment in segments {
            best.extend(segment.best);
            statements += segment.matched;
            responses.extend(segment.responses);
            sources.extend(segment.sources);
        }
        best.sort_unstable();
        best.truncate(self.limit);
        let counted = statements <= COUNTED;
        Ok(Ranked {
            best: best
                .into_iter()
                .map(|rank| (StatementId(i64::try_from(rank.id).unwrap_or_default()), f32::from_bits(rank.score.0)))
                .collect(),
            counts: MatchCounts {
                statements,
                responses: counted.then(|| different(responses)),
                sources: counted.then(|| different(sources)),
            },
        })
    }
}

/// How many different numbers there are.
fn different(mut numbers: Vec<u64>) -> usize {
    numbers.sort_unstable();
    numbers.dedup();
    numbers.len()
}

impl SegmentRanking {
    fn tier(&self, doc: DocId) -> u8 {
        let concerns = |ids: &Vec<u64>| {
            let columns = [&self.columns.about, &self.columns.speaker, &self.columns.responder];
            columns.into_iter().any(|column| column.values_for_doc(doc).any(|id| ids.binary_search(&id).is_ok()))
        };
        let indirect = self.direct.iter().filter(|ids| !concerns(ids)).count();
        u8::try_from(indirect).unwrap_or(u8::MAX)
    }
}

impl SegmentCollector for SegmentRanking {
    type Fruit = SegmentRanked;

    fn collect(&mut self, doc: DocId, score: Score) {
        if self.is_over {
            return;
        }
        self.matched += 1;
        if self.matched.is_multiple_of(BETWEEN_LOOKS) {
            self.is_over = self.due.is_some_and(|due| Instant::now() > due);
        }
        if self.matched <= COUNTED {
            self.responses.extend(self.columns.response.values_for_doc(doc));
            self.sources.extend(self.columns.source.values_for_doc(doc));
        }
        if self.limit == 0 {
            return;
        }
        let sequence = match self.order {
            Order::Relevance => 0,
            Order::Vetted => self.columns.sequence.first(doc).unwrap_or_default(),
        };
        let rank = Rank {
            retracted: self.columns.retracted.first(doc).is_some_and(|retracted| retracted > 0),
            tier: self.tier(doc),
            sequence: Reverse(sequence),
            score: Reverse(score.max(0.0).to_bits()),
            last_day: Reverse(self.columns.last_day.first(doc).unwrap_or(i64::MIN)),
            first_day: Reverse(self.columns.first_day.first(doc).unwrap_or(i64::MIN)),
            id: self.columns.id.first(doc).unwrap_or_default(),
        };
        if self.best.len() < self.limit {
            self.best.push(rank);
        } else if self.best.peek().is_some_and(|worst| rank < *worst) {
            self.best.pop();
            self.best.push(rank);
        }
    }

    fn harvest(self) -> SegmentRanked {
        SegmentRanked {
            best: self.best.into_vec(),
            matched: self.matched,
            responses: self.responses,
            sources: self.sources,
        }
    }
}
