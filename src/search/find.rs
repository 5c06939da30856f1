//! Finding the statements that answer an understood question.

use std::{ops::Bound, sync::Arc};

use tantivy::{
    Term,
    query::{
        AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, FuzzyTermQuery, Occur, PhraseQuery,
        Query, RangeQuery, TermQuery, TermSetQuery,
    },
    schema::{Field, IndexRecordOption},
};

use super::{
    SearchError, Snapshot,
    beyond::Beyond,
    centrality::AskedFor,
    fields::{first_day, last_day, number},
    left_out::LeftOut,
    rank::{MatchCounts, Order, Ranking},
    stems::{is_empty_word, question_stems},
    understanding::{Named, Relation, Sought, Understanding},
    words::{paired, words},
};
use crate::model::{EntityId, EntityKind, StatementId};

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// The numbers of the statements of the page asked for, in order.
    pub statements: Vec<StatementId>,
    /// How much matches in all.
    pub counts: MatchCounts,
    /// What comes after the page, in few numbers; `None` where nothing does, or too much to be counted so.
    pub beyond: Option<Beyond>,
    /// Whether nothing has the words, so that what concerns the entities alone is given.
    pub words_dropped: bool,
    /// Where nothing concerns all the entities: the place, among those named, of the only one that is
    /// kept, the one that least is on record of.
    pub only_named: Option<usize>,
}

/// How much a stem counts beside the word itself.
const STEM_WEIGHT: f32 = 0.8;

/// How much a word near to an unknown one counts beside the word itself.
const NEAR_WEIGHT: f32 = 0.3;

/// From how many characters on an unknown word is looked for in the words near to it, and up to how many: longer ones
/// are no words.
const NEAR_FROM: usize = 5;
const NEAR_UP_TO: usize = 40;

/// How many of the names of a question are tried alone where nothing concerns all of them.
const TRIED_ALONE: usize = 8;

/// By how many times as much on record a name still counts as rare as the rarest of a question.
const AS_RARE: usize = 4;

/// Which share of the words of a question must be in what is found. Of three words two are enough,
/// of two both are wanted.
const WORDS_WANTED: f64 = 0.6;

/// Up to how many terms of an entity and its parts are read one by one.
const ONE_BY_ONE: usize = 1_000;

type Clause = (Occur, Box<dyn Query>);

impl Snapshot {
    /// The statements that answer an understood question: `limit` of them after the first `offset`.
    ///
    /// # Errors
    /// When the index can't be read.
    pub fn find(&self, meaning: &Understanding, offset: usize, limit: usize) -> Result<Found, SearchError> {
        if meaning.is_empty() || !meaning.unknown.is_empty() || !meaning.elsewhere.is_empty() {
            return Ok(Found::default());
        }
        let found = self.search(meaning, &meaning.words, offset, limit)?;
        let only_words = meaning.named.iter().all(|named| named.excluded) && meaning.phrases.is_empty();
        if found.counts.statements > 0 || meaning.words.is_empty() || only_words {
            return Ok(found);
        }
        let without_words = self.search(meaning, &[], offset, limit)?;
        Ok(Found { words_dropped: true, ..without_words })
    }

    /// As [`Snapshot::find`]; where nothing concerns all the entities that the free text names, what
    /// concerns the one of them that least is on record of: of "police of China in Rome", Rome.
    ///
    /// # Errors
    /// When the index can't be read.
    pub fn find_or_nearly(&self, meaning: &Understanding, offset: usize, limit: usize) -> Result<Found, SearchError> {
        let found = self.find(meaning, offset, limit)?;
        let free = |named: &Named| named.relation == Relation::Any && !named.excluded;
        if found.counts.statements > 0 || meaning.named.iter().filter(|named| free(named)).count() < 2 {
            return Ok(found);
        }
        let mut alone = Vec::new();
        for (place, _) in meaning.named.iter().enumerate().filter(|(_, named)| free(named)).take(TRIED_ALONE) {
            let kept = meaning.named.iter().enumerate().filter(|(at, named)| *at == place || !free(named));
            let narrowed = Understanding { named: kept.map(|(_, named)| named.clone()).collect(), ..meaning.clone() };
            let statements = self.search(&narrowed, &[], 0, 1)?.counts.statements;
            alone.extend((statements > 0).then_some((place, statements, narrowed)));
        }
        // That the other words stand in an entry on China makes it none on Rome.
        let least = alone.iter().map(|(_, statements, _)| *statements).min().unwrap_or_default();
        alone.retain(|(_, statements, _)| *statements <= least * AS_RARE);
        let mut best: Option<(usize, Found)> = None;
        for (place, _, narrowed) in alone {
            let found = self.find(&narrowed, offset, limit)?;
            if best.as_ref().is_none_or(|(_, best)| found.counts.statements < best.counts.statements) {
                best = Some((place, found));
            }
        }
        Ok(best.map_or(found, |(place, found)| Found { only_named: Some(place), ..found }))
    }

    /// All statements in order of when they were last vetted, the newest first.
    ///
    /// # Errors
    /// When the index can't be read.
    pub fn recent(&self, offset: usize, limit: usize) -> Result<Found, SearchError> {
        self.collect(&AllQuery, Order::Vetted, Vec::new(), false, offset, limit)
    }

    fn search(
        &self,
        meaning: &Understanding,
        words: &[Sought],
        offset: usize,
        limit: usize,
    ) -> Result<Found, SearchError> {
        let mut clauses: Vec<Clause> = Vec::new();
        let mut asked = Vec::new();
        for named in &meaning.named {
            let occur = if named.excluded { Occur::MustNot } else { Occur::Must };
            clauses.push((occur, self.named_or_written(named)));
            if !named.excluded {
                asked.push(AskedFor::new(&self.names, &named.entities));
            }
        }
        for phrase in &meaning.phrases {
            clauses.push((Occur::Must, self.phrase(phrase)));
        }
        for without in &meaning.without {
            clauses.push((Occur::MustNot, Box::new(LeftOut(self.phrase(without)))));
        }
        self.filters(meaning, &mut clauses);
        if !words.is_empty() {
            // Several words that no text has are no misspelling but another matter.
            let strange = words.len() > 1 && words.iter().all(|word| !word.known);
            let one = |word| if strange { self.word(word) } else { self.word_or_near(word) };
            let wanted = words.iter().map(|word| (Occur::Should, one(word))).collect();
            let query = BooleanQuery::with_minimum_required_clauses(wanted, words_wanted(words.len()));
            clauses.push((Occur::Must, Box::new(query)));
        }
        if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            clauses.push((Occur::Must, Box::new(AllQuery)));
        }
        let scored = !words.is_empty() || !meaning.phrases.is_empty();
        self.collect(&BooleanQuery::new(clauses), Order::Relevance, asked, scored, offset, limit)
    }

    fn collect(
        &self,
        query: &dyn Query,
        order: Order,
        asked: Vec<AskedFor>,
        scored: bool,
        offset: usize,
        limit: usize,
    ) -> Result<Found, SearchError> {
        self.in_time()?;
        let ranking = Ranking {
            names: Arc::clone(&self.names),
            asked: Arc::new(asked),
            columns: self.columns.clone(),
            order,
            scored,
            limit: offset + limit,
            due: self.due,
        };
        let ranked = self.searcher.search(query, &ranking)?;
        // What was found after that is not ranked, so it is no answer.
        self.in_time()?;
        Ok(Found {
            statements: ranked.best.into_iter().skip(offset).map(|(id, _)| id).collect(),
            counts: ranked.counts,
            beyond: ranked.beyond,
            words_dropped: false,
            only_named: None,
        })
    }

    fn filters(&self, meaning: &Understanding, clauses: &mut Vec<Clause>) {
        let fields = &self.fields;
        // A date of reduced precision matches if any day that it can mean does.
        if let Some(since) = meaning.since {
            let from = Term::from_field_i64(fields.last_day, first_day(since));
            clauses.push((Occur::Must, unscored(RangeQuery::new(Bound::Included(from), Bound::Unbounded))));
        }
        if let Some(until) = meaning.until {
            let to = Term::from_field_i64(fields.first_day, last_day(until));
            clauses.push((Occur::Must, unscored(RangeQuery::new(Bound::Unbounded, Bound::Included(to)))));
        }
        let term = |language: &crate::model::Language| Term::from_field_text(fields.language, language.primary());
        if !meaning.languages.is_empty() {
            clauses.push((Occur::Must, any_of(meaning.languages.iter().map(term).collect())));
        }
        if !meaning.without_languages.is_empty() {
            clauses.push((Occur::MustNot, any_of(meaning.without_languages.iter().map(term).collect())));
        }
    }

    /// What concerns one of the entities. What a topic is called is as good as words: an entry that has them all is meant,
    /// too, whether or not an editor filed it under the topic.
    fn named_or_written(&self, named: &Named) -> Box<dyn Query> {
        let topic = |id: &EntityId| self.names.entity(*id).is_some_and(|entity| entity.kind == EntityKind::Topic);
        let filed = self.named(named);
        if named.excluded || named.relation != Relation::Any || !named.entities.iter().all(topic) {
            return filed;
        }
        let told: Vec<Clause> = paired(&words(&named.typed))
            .iter()
            .filter(|word| !is_empty_word(&word.folded))
            .map(|word| {
                let stems = question_stems(word, &[]);
                let forms = std::iter::once(word.folded.clone()).chain(stems).collect();
                (Occur::Must, self.word(&Sought { typed: String::new(), forms, known: true }))
            })
            .collect();
        if told.is_empty() {
            return filed;
        }
        let written: Box<dyn Query> = unscored(BooleanQuery::new(told));
        Box::new(BooleanQuery::new(vec![(Occur::Should, filed), (Occur::Should, written)]))
    }

    /// What concerns one of the entities, or a part of one.
    pub(super) fn named(&self, named: &Named) -> Box<dyn Query> {
        let fields = &self.fields;
        let family: Vec<u64> =
            named.entities.iter().flat_map(|&id| self.names.family(id)).map(|entity| number(entity.0)).collect();
        let own: Vec<u64> = named.entities.iter().map(|entity| number(entity.0)).collect();
        let in_field = |field: Field, ids: &[u64]| -> Vec<Term> {
            ids.iter().map(|&id| Term::from_field_u64(field, id)).collect()
        };
        let mut terms = Vec::new();
        match named.relation {
            Relation::Any => {
                terms.extend(in_field(fields.about, &family));
                terms.extend(in_field(fields.speaker, &family));
                terms.extend(in_field(fields.responder, &family));
                terms.extend(in_field(fields.publisher, &own));
            }
            Relation::Party => {
                terms.extend(in_field(fields.about, &family));
                terms.extend(in_field(fields.speaker, &family));
                terms.extend(in_field(fields.responder, &family));
            }
            Relation::Speaker => terms.extend(in_field(fields.speaker, &family)),
            Relation::Subject => terms.extend(in_field(fields.about, &family)),
            Relation::Publisher => terms.extend(in_field(fields.publisher, &own)),
        }
        any_of(terms)
    }

    pub(super) fn word(&self, word: &Sought) -> Box<dyn Query> {
        let mut alternatives: Vec<Box<dyn Query>> = Vec::new();
        for text in &self.fields.text {
            for (place, form) in word.forms.iter().enumerate() {
                let term = TermQuery::new(Term::from_field_text(text.field, form), IndexRecordOption::WithFreqs);
                let weight = if place == 0 { text.weight } else { text.weight * STEM_WEIGHT };
                alternatives.push(Box::new(BoostQuery::new(Box::new(term), weight)));
            }
        }
        Box::new(DisjunctionMaxQuery::new(alternatives))
    }

    /// A word, or where no text has it the words near to it.
    fn word_or_near(&self, word: &Sought) -> Box<dyn Query> {
        match word.forms.first().filter(|form| !word.known && (NEAR_FROM..=NEAR_UP_TO).contains(&form.chars().count()))
        {
            Some(form) => {
                let near = self.fields.text.iter().map(|text| -> Box<dyn Query> {
                    let near = FuzzyTermQuery::new(Term::from_field_text(text.field, form), 1, true);
                    Box::new(BoostQuery::new(Box::new(near), text.weight * NEAR_WEIGHT))
                });
                Box::new(DisjunctionMaxQuery::new(near.collect()))
            }
            None => self.word(word),
        }
    }

    /// Words one after the other in some text.
    pub(super) fn phrase(&self, words: &[String]) -> Box<dyn Query> {
        let alternatives = self.fields.text.iter().map(|text| -> Box<dyn Query> {
            let terms: Vec<Term> = words.iter().map(|word| Term::from_field_text(text.field, word)).collect();
            let query: Box<dyn Query> = match <[Term; 1]>::try_from(terms) {
                Ok([term]) => Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)),
                Err(terms) => Box::new(PhraseQuery::new(terms)),
            };
            Box::new(BoostQuery::new(query, text.weight))
        });
        Box::new(DisjunctionMaxQuery::new(alternatives.collect()))
    }
}

/// Any of the terms, without a score. A set of terms is first made into an automaton for each field, which takes a
/// sixth of a millisecond whatever its size; few terms are read faster one beside the other.
fn any_of(terms: Vec<Term>) -> Box<dyn Query> {
    if terms.len() > ONE_BY_ONE {
        return unscored(TermSetQuery::new(terms));
    }
    let clause =
        |term| -> (Occur, Box<dyn Query>) { (Occur::Should, Box::new(TermQuery::new(term, IndexRecordOption::Basic))) };
    unscored(BooleanQuery::new(terms.into_iter().map(clause).collect()))
}

fn unscored(query: impl Query) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(Box::new(query), 0.0))
}

fn words_wanted(words: usize) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a question has at most a thousand words"
    )]
    let wanted = (words as f64 * WORDS_WANTED).ceil() as usize;
    wanted.max(1)
}
