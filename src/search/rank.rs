//! The order of answers, and the counts that go with them.
//!
//! What is in force comes before what is retracted; then what is central, with how well the words match (`centrality`);
//! then the first report before later ones; then the id. The same question always gives the same order.
//!
//! All matches are looked at, by their words and by what is central in them alone; the first of these are then set
//! beside each other.

use crate::model::StatementId;
use std::{cmp::Reverse, collections::BinaryHeap, sync::Arc, time::Instant};

use tantivy::{
    DocId, Score, SegmentOrdinal, SegmentReader, TantivyError,
    collector::{Collector, SegmentCollector},
    columnar::Column,
};

use super::{
    beyond::Beyond,
    centrality::{AskedFor, Concern, Together, of_words},
    columns::{Columns, SegmentColumns},
    fields::year,
    names::Names,
};

/// Up to how many matches responses and sources are counted. Beyond that the numbers would take
/// longer than they are worth.
const COUNTED: usize = 10_000;

/// How many of the first are set beside each other. Those after them keep their order.
const TOGETHER: usize = 256;

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
    sequence: Reverse<u64>,
    /// Among those that are set beside each other, what each is worth.
    worth: Reverse<i64>,
    /// Scores are positive, and the bits of positive floating point numbers have their order.
    score: Reverse<u32>,
    central: Reverse<i64>,
    day: Day,
    id: u64,
    at: (SegmentOrdinal, DocId),
}

/// When a statement was made, as it counts in the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Day {
    /// The earliest first.
    First(i64),
    /// The latest first.
    Last(Reverse<i64>),
    Unknown,
}

/// Collects the best matches and counts them all.
pub(super) struct Ranking {
    pub(super) names: Arc<Names>,
    pub(super) asked: Arc<Vec<AskedFor>>,
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
    /// What comes after them; `None` where nothing does, or too much to be told.
    pub(super) beyond: Option<Beyond>,
}

pub(super) struct SegmentRanking {
    segment: SegmentOrdinal,
    asked: Arc<Vec<AskedFor>>,
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
            segment,
            asked: Arc::clone(&self.asked),
            order: self.order,
            limit: match self.order {
                Order::Relevance if self.limit > 0 => self.limit.max(TOGETHER),
                Order::Relevance | Order::Vetted => self.limit,
            },
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
        let mut beyond = None;
        if self.order == Order::Relevance {
            self.set_beside_each_other(&mut best);
            beyond = best.get(self.limit..).filter(|after| !after.is_empty() && statements <= TOGETHER);
        }
        let beyond = beyond.map(|after| self.beyond(after));
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
            beyond,
        })
    }
}

impl Ranking {
    /// Puts the first of the best in their order.
    fn set_beside_each_other(&self, best: &mut [Rank]) {
        let (first, _) = best.split_at_mut(TOGETHER.min(best.len()));
        let mut together = Together::new(&self.names, &self.asked);
        if together.minds_others() {
            for rank in &*first {
                together.add(self.subjects(rank));
            }
        }
        let most = first.iter().map(|rank| f32::from_bits(rank.score.0)).fold(0.0, f32::max);
        for rank in &mut *first {
            let words = of_words(f32::from_bits(rank.score.0), most);
            rank.worth = Reverse(rank.central.0 + together.worth(self.subjects(rank)) + words);
        }
        first.sort_unstable();
    }

    fn beyond(&self, after: &[Rank]) -> Beyond {
        let statements = after.iter().map(|rank| {
            let year = match rank.day {
                Day::First(day) => Some(year(day)),
                Day::Last(_) | Day::Unknown => None,
            };
            (year, self.subjects(rank))
        });
        Beyond::of(&self.names, &self.asked, statements)
    }

    /// What a statement is about.
    fn subjects(&self, rank: &Rank) -> impl Iterator<Item = u64> {
        let (segment, doc) = rank.at;
        self.columns.of(segment).into_iter().flat_map(move |columns| columns.about.values_for_doc(doc))
    }
}

/// How many different numbers there are.
fn different(mut numbers: Vec<u64>) -> usize {
    numbers.sort_unstable();
    numbers.dedup();
    numbers.len()
}

impl SegmentRanking {
    /// How central a match is, as far as that can be told of it alone.
    fn central(&self, doc: DocId) -> i64 {
        let columns = &self.columns;
        let itself = i64::try_from(columns.centrality.first(doc).unwrap_or_default()).unwrap_or(i64::MAX);
        self.asked.iter().fold(itself, |central, asked| central.saturating_sub(self.concern(asked, doc).cost()))
    }

    fn concern(&self, asked: &AskedFor, doc: DocId) -> Concern {
        let columns = &self.columns;
        let in_one = |column: &Column<u64>| column.values_for_doc(doc).any(|id| asked.has(id));
        if in_one(&columns.about) || in_one(&columns.speaker) {
            Concern::Own
        } else if in_one(&columns.responder) {
            Concern::Responded
        } else {
            Concern::Otherwise
        }
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
        let (first, last) = (self.columns.first_day.first(doc), self.columns.last_day.first(doc));
        let (sequence, central, day) = match self.order {
            Order::Relevance => (0, self.central(doc), first.map(Day::First)),
            Order::Vetted => {
                (self.columns.sequence.first(doc).unwrap_or_default(), 0, last.map(|day| Day::Last(Reverse(day))))
            }
        };
        let rank = Rank {
            retracted: self.columns.retracted.first(doc).is_some_and(|retracted| retracted > 0),
            sequence: Reverse(sequence),
            worth: Reverse(0),
            score: Reverse(score.max(0.0).to_bits()),
            central: Reverse(central),
            day: day.unwrap_or(Day::Unknown),
            id: self.columns.id.first(doc).unwrap_or_default(),
            at: (self.segment, doc),
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
