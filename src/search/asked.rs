//! A message as it is looked for, and the statements that share the most telling words with it, weighed by their words and
//! their grams of four characters (`likeness`).

use crate::model::{EntityId, StatementId};
use std::collections::{BTreeMap, btree_map::Entry};

use tantivy::{
    DocAddress, Score, Searcher, TantivyDocument, Term,
    collector::TopDocs,
    query::{BooleanQuery, BoostQuery, Occur, Query, TermQuery, TermSetQuery},
    schema::{IndexRecordOption, Value},
};

use super::{
    SearchError, Snapshot,
    checked::{Checked, MatchVerdict, THRESHOLD},
    clean::Cleaned,
    content::{asked_content, letters},
    fields::{ENTITY_MARK, number},
    fitted::WEIGHTS,
    grams::{SAMPLED, SoughtGrams, grams},
    languages::detect,
    likeness::Likeness,
    words::{Word, words},
};

/// How many candidates are weighed.
pub(super) const CANDIDATES: usize = 100;

/// How many bytes of a message are read. Ours: all of the longest message that `check` takes, 20,000 characters of four
/// bytes, so that nothing is left unread in silence.
pub(crate) const MOST_BYTES: usize = 80_000;

/// How many content words of a message are looked for at most, the rarest ones.
const MOST_WORDS: usize = 64;

/// How many places of words in the index a search for candidates may read: the rarest words first.
/// Words beyond carry next to nothing, and reading them is what takes time.
const MOST_POSTINGS: u64 = 40_000;

/// How many words are looked for however common they are.
const LEAST_WORDS: usize = 4;

/// How much a content word counts in the responses, and a name that the message has in another spelling
/// than the statement, beside one in the statement.
const IN_RESPONSES: f32 = 0.3;
const AS_ENTITY: f32 = 0.5;

/// How much a name counts in a message that is not in English: there its words can't meet our wording.
const AS_FOREIGN_ENTITY: f32 = 1.0;

/// The power of rarity by which grams count. Common ones are too many to count as words do.
const GRAM_POWER: f64 = 1.5;

/// A content word or an entity, as candidates are looked for.
struct SoughtTerm {
    term: Term,
    weight: Score,
    /// Whether it is looked for in the responses, too.
    in_responses: bool,
}

/// A message as it is looked for.
pub(super) struct Asked {
    /// The terms, the rarest first.
    terms: Vec<SoughtTerm>,
    grams: SoughtGrams,
    /// How many content words the message has.
    claimed: usize,
    /// The mean number of grams that a statement has.
    mean_grams: f64,
    /// The logarithm of the number of statements.
    scale: f64,
    gram_scale: f64,
    words_in_all: f64,
    grams_in_all: f64,
}

/// How many content words a message has at least that claims something: a word or two, a name alone or small talk is no
/// claim, whatever share of it is found.
const LEAST_CLAIMED: usize = 3;

impl Asked {
    /// Whether the message claims anything.
    pub(super) const fn claims(&self) -> bool {
        self.claimed >= LEAST_CLAIMED
    }

    /// A message as people write it.
    pub(super) fn message(search: &Snapshot, cleaned: &Cleaned) -> Result<Self, SearchError> {
        let body = words(&cleaned.body);
        let entities: Vec<EntityId> = search.names.find_in(&body).into_iter().flat_map(|name| name.entities).collect();
        Self::read(search, &body, &words(&cleaned.author), &words(&cleaned.written), &entities)
    }

    /// The wording of a statement, and what it is about.
    pub(super) fn wording(search: &Snapshot, text: &str, about: &[EntityId]) -> Result<Self, SearchError> {
        Self::read(search, &words(beginning(text, MOST_BYTES)), &[], &[], about)
    }

    fn read(
        search: &Snapshot,
        body: &[Word],
        author: &[Word],
        written: &[Word],
        entities: &[EntityId],
    ) -> Result<Self, SearchError> {
        let searcher = &search.searcher;
        let total = searcher.num_docs();
        let language = detect(body);
        let mut content = asked_content(body, language);
        content.extend(asked_content(author, language));
        content.extend(asked_content(written, Some("en")));

        let claimed = content.len();
        let fields = &search.fields;
        // In order, so that sums over it are the same to the last bit every time.
        let mut sought: BTreeMap<String, (Term, Score, u64)> = BTreeMap::new();
        let mut add = |term: Term, weight: Score, key: String| -> Result<(), SearchError> {
            if let Entry::Vacant(place) = sought.entry(key) {
                let count = searcher.doc_freq(&term)?;
                place.insert((term, weight, count));
            }
            Ok(())
        };
        for form in content.iter().flatten() {
            add(Term::from_field_text(fields.content, form), 1.0, form.clone())?;
        }
        for entity in entities {
            let form = format!("{ENTITY_MARK}{}", entity.0);
            let weight = if language.is_none_or(|language| language == "en") { AS_ENTITY } else { AS_FOREIGN_ENTITY };
            add(Term::from_field_text(fields.content, &form), weight, form)?;
        }
        let scale = logarithm(total);
        // What no statement has can't be found, but it is a part of what the message says.
        let words_in_all =
            sought.values().map(|(_, weight, count)| f64::from(*weight) * rarity(*count, total)).sum::<f64>();
        let mut sought: Vec<_> = sought.into_values().filter(|(_, _, count)| *count > 0).collect();
        sought.sort_by(|left, right| (left.2, &left.0).cmp(&(right.2, &right.0)));
        let mut terms = Vec::new();
        let mut postings = 0;
        for (term, weight, count) in sought.into_iter().take(MOST_WORDS) {
            postings += count;
            if postings > MOST_POSTINGS && terms.len() >= LEAST_WORDS {
                break;
            }
            // What is looked for in two fields is read twice.
            terms.push(SoughtTerm { term, weight, in_responses: postings <= MOST_POSTINGS / 2 });
        }

        let mut text = String::new();
        letters(body, &mut text);
        letters(author, &mut text);
        let sample = searcher.doc_freq(&Term::from_field_text(fields.grams, SAMPLED))?;
        let gram_scale = logarithm(sample).powf(GRAM_POWER);
        let mut asked = SoughtGrams::default();
        let mut grams_in_all = 0.0;
        // Some signs are written out as many letters.
        for gram in grams(beginning(&text, MOST_BYTES)) {
            if asked.has(&gram) {
                continue;
            }
            let weight =
                rarity(searcher.doc_freq(&Term::from_field_text(fields.grams, &gram))?, sample).powf(GRAM_POWER);
            asked.add(&gram, weight);
            grams_in_all += weight;
        }
        Ok(Self {
            terms,
            grams: asked,
            claimed,
            mean_grams: mean_grams(search, sample)?,
            scale,
            gram_scale,
            words_in_all: words_in_all / scale,
            grams_in_all: grams_in_all / gram_scale,
        })
    }

    /// The candidates in order, the likeliest first, at most `limit`.
    pub(super) fn ranked(&self, search: &Snapshot, limit: usize) -> Result<Vec<Checked>, SearchError> {
        let mut checked = self.weigh(search)?;
        in_order(&mut checked);
        checked.truncate(limit);
        Ok(checked)
    }

    /// Finds the candidates and weighs them.
    pub(super) fn weigh(&self, search: &Snapshot) -> Result<Vec<Checked>, SearchError> {
        if self.terms.is_empty() {
            return Ok(Vec::new());
        }
        self.weigh_found(search, &self.query(search), CANDIDATES)
    }

    /// Weighs statements that are named.
    pub(super) fn weigh_these(
        &self,
        search: &Snapshot,
        statements: &[StatementId],
    ) -> Result<Vec<Checked>, SearchError> {
        if statements.is_empty() {
            return Ok(Vec::new());
        }
        let terms = statements.iter().map(|statement| Term::from_field_u64(search.fields.id, number(statement.0)));
        let these = BoostQuery::new(Box::new(TermSetQuery::new(terms)), 0.0);
        let query: [(Occur, Box<dyn Query>); 2] =
            [(Occur::Must, Box::new(these)), (Occur::Should, Box::new(self.query(search)))];
        self.weigh_found(search, &BooleanQuery::new(query.into()), statements.len())
    }

    fn weigh_found(&self, search: &Snapshot, query: &dyn Query, limit: usize) -> Result<Vec<Checked>, SearchError> {
        search.in_time()?;
        let searcher = &search.searcher;
        let found = searcher.search(query, &TopDocs::with_limit(limit).order_by_score())?;
        found
            .into_iter()
            .filter_map(|(score, address)| self.weigh_one(search, searcher, score, address).transpose())
            .collect()
    }

    fn weigh_one(
        &self,
        search: &Snapshot,
        searcher: &Searcher,
        score: Score,
        address: DocAddress,
    ) -> Result<Option<Checked>, SearchError> {
        let document: TantivyDocument = searcher.doc(address)?;
        let text = document.get_first(search.fields.letters).and_then(|value| value.as_str()).unwrap_or_default();
        let likeness = Likeness {
            words: steady(score) / self.scale,
            words_in_all: self.words_in_all,
            grams: self.grams.weigh(text, self.mean_grams) / self.gram_scale,
            grams_in_all: self.grams_in_all,
        };
        let columns = search.columns.of(address.segment_ord);
        let number = columns.and_then(|columns| columns.id.first(address.doc_id));
        let number = number.and_then(|number| i64::try_from(number).ok()).map(StatementId);
        let likelihood = WEIGHTS.likelihood(&likeness);
        let verdict = if likelihood >= THRESHOLD { MatchVerdict::Match } else { MatchVerdict::Unlike };
        let checked =
            |statement| Checked { statement, likeness, likelihood, meaning: None, response: None, verdict, address };
        Ok(number.map(checked))
    }

    /// Any of the terms. Nothing but terms joined by OR: the index then skips what can't be among the best.
    fn query(&self, search: &Snapshot) -> BooleanQuery {
        let responses = search.fields.response_content;
        let clause = |term: Term, weight: Score| -> (Occur, Box<dyn Query>) {
            (
                Occur::Should,
                Box::new(BoostQuery::new(Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)), weight)),
            )
        };
        let mut clauses = Vec::with_capacity(self.terms.len() * 2);
        for SoughtTerm { term, weight, in_responses } in &self.terms {
            clauses.push(clause(term.clone(), *weight));
            let value = term.value();
            let form = value.as_str().filter(|form| *in_responses && !form.starts_with(ENTITY_MARK));
            if let Some(form) = form {
                clauses.push(clause(Term::from_field_text(responses, form), *weight * IN_RESPONSES));
            }
        }
        BooleanQuery::new(clauses)
    }
}

/// A score without its last digits. The index adds up in an order that depends on where documents lie;
/// equal texts must score the same, so that their ids decide.
fn steady(score: Score) -> f64 {
    const DIGITS: f64 = 1e3;
    (f64::from(score) * DIGITS).round() / DIGITS
}

/// The first bytes of a text, at most so many, whole characters.
pub(super) fn beginning(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

/// BM25's inverse document frequency, positive as tantivy has it.
#[expect(clippy::cast_precision_loss, reason = "counts of documents are far below 2^52")]
fn rarity(count: u64, total: u64) -> f64 {
    let total = total.max(count) as f64;
    (1.0 + (total - count as f64 + 0.5) / (count as f64 + 0.5)).ln()
}

#[expect(clippy::cast_precision_loss, reason = "counts of documents are far below 2^52")]
fn logarithm(total: u64) -> f64 {
    (total as f64 + 2.0).ln()
}

#[expect(clippy::cast_precision_loss, reason = "counts of grams are far below 2^52")]
fn mean_grams(search: &Snapshot, sample: u64) -> Result<f64, SearchError> {
    let mut tokens = 0;
    for segment in search.searcher.segment_readers() {
        tokens += segment.inverted_index(search.fields.grams)?.total_num_tokens();
    }
    Ok(tokens.saturating_sub(sample) as f64 / sample.max(1) as f64)
}

/// Puts the likeliest by words first; of equals the older one.
pub(super) fn in_order(checked: &mut [Checked]) {
    checked.sort_by(|left, right| {
        let by_score = WEIGHTS.score(&right.likeness).total_cmp(&WEIGHTS.score(&left.likeness));
        by_score.then(left.statement.cmp(&right.statement))
    });
}
