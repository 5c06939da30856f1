//! Whether a whole message repeats or speaks of an entry.
//!
//! The statements that share the most telling words with the message are candidates. Each gets a
//! likelihood from three things: which share of what the message says is found in it, how many
//! different words they share, and whether they name the same entities.

use std::collections::{BTreeMap, HashSet};

use tantivy::{
    DocAddress, DocSet, Searcher, TERMINATED, Term,
    collector::TopDocs,
    query::{BooleanQuery, EnableScoring, Occur, Query},
};

use super::{
    SearchError, Snapshot,
    fields::ID,
    question::{Part, Question},
    understand::{Sought, Understanding},
};

/// A statement that a message may repeat.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Checked {
    /// The statement's number.
    pub statement: i64,
    /// How likely it is, from 0 to 1, that the message repeats or speaks of it.
    pub likelihood: f64,
}

/// From which likelihood on a statement is given as an answer.
const THRESHOLD: f64 = 0.5;

/// How many candidates are looked at closely.
const CANDIDATES: usize = 30;

/// How many words of a message are looked for: the rarest ones.
const WORDS: usize = 64;

/// The likelihood's logistic function: the constant, and what a full share of the message, a shared
/// word and a shared name add. Set by hand so that a name alone, or common words alone, is not enough.
const CONSTANT: f64 = -6.0;
const SHARE: f64 = 5.0;
const WORD: f64 = 0.45;
const NAME: f64 = 2.5;

/// Beyond how many shared words more don't add to the likelihood.
const WORDS_COUNTED: usize = 8;

impl Snapshot {
    /// The statements that a whole message repeats or speaks of, the likeliest first, at most `limit`.
    ///
    /// # Errors
    /// When the index can't be read.
    pub fn check(&self, message: &str, limit: usize) -> Result<Vec<Checked>, SearchError> {
        let mut checked = check(self, message)?;
        checked.retain(|checked| checked.likelihood >= THRESHOLD);
        checked.truncate(limit);
        Ok(checked)
    }

    /// The statements that come nearest to a whole message, the likeliest first, at most `limit`,
    /// however unlikely they are.
    ///
    /// # Errors
    /// When the index can't be read.
    pub fn candidates(&self, message: &str, limit: usize) -> Result<Vec<Checked>, SearchError> {
        let mut checked = check(self, message)?;
        checked.truncate(limit);
        Ok(checked)
    }
}

fn check(search: &Snapshot, message: &str) -> Result<Vec<Checked>, SearchError> {
    let searcher = &search.searcher;
    let meaning = read(search, message);
    let telling = telling_words(search, meaning.words);
    let entities: Vec<Box<dyn Query>> = meaning.named.iter().map(|named| search.named(named)).collect();
    if telling.is_empty() && entities.is_empty() {
        return Ok(Vec::new());
    }
    let total: f64 = telling.iter().map(|(_, rarity)| rarity).sum();
    let queries: Vec<(Box<dyn Query>, f64)> =
        telling.iter().map(|(word, rarity)| (search.word(word), *rarity)).collect();
    let any = queries.iter().map(|(query, _)| (Occur::Should, query.box_clone())).collect();
    let candidates = searcher.search(&BooleanQuery::new(any), &TopDocs::with_limit(CANDIDATES).order_by_score())?;
    let mut evidence: BTreeMap<DocAddress, Evidence> =
        candidates.into_iter().map(|(_, address)| (address, Evidence::default())).collect();
    for (query, rarity) in &queries {
        for_each_match(searcher, query.as_ref(), &mut evidence, |found| {
            found.words += 1;
            found.share += rarity / total;
        })?;
    }
    for query in &entities {
        for_each_match(searcher, query.as_ref(), &mut evidence, |found| found.name = true)?;
    }
    let mut checked = Vec::new();
    for (address, found) in evidence {
        let likelihood = found.likelihood();
        let column = searcher.segment_reader(address.segment_ord).fast_fields().u64(ID)?;
        let number = column.first(address.doc_id).and_then(|number| i64::try_from(number).ok());
        checked.extend(number.map(|statement| Checked { statement, likelihood }));
    }
    checked
        .sort_by(|left, right| right.likelihood.total_cmp(&left.likelihood).then(left.statement.cmp(&right.statement)));
    Ok(checked)
}

#[derive(Debug, Default)]
struct Evidence {
    words: usize,
    share: f64,
    name: bool,
}

impl Evidence {
    fn likelihood(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "at most WORDS_COUNTED")]
        let words = self.words.min(WORDS_COUNTED) as f64;
        let name = if self.name { NAME } else { 0.0 };
        let sum = CONSTANT + SHARE * self.share + WORD * words + name;
        1.0 / (1.0 + (-sum).exp())
    }
}

/// Reads a message as one text: links, handles and quotation marks mean nothing in it.
fn read(search: &Snapshot, message: &str) -> Understanding {
    let kept: Vec<&str> = message
        .split_whitespace()
        .filter(|word| !word.contains("://") && !word.starts_with("www.") && !word.starts_with('@'))
        .map(|word| word.trim_start_matches('#'))
        .collect();
    let part = Part { text: kept.join(" "), phrase: false, excluded: false };
    let mut meaning = search.understand(&Question { parts: vec![part], filters: Vec::new() });
    // A name in a message counts as words too: the texts of statements have names in them.
    let names: Vec<String> = meaning.named.iter().map(|named| named.typed.clone()).collect();
    for name in names {
        meaning.words.extend(search.sought_words(&name));
    }
    meaning
}

/// The rarest words of a message, each with how much it tells: its inverse document frequency.
fn telling_words(search: &Snapshot, words: Vec<Sought>) -> Vec<(Sought, f64)> {
    #[expect(clippy::cast_precision_loss, reason = "counts of documents are far below 2^52")]
    let rarity = |count: u64| {
        let total = search.searcher.num_docs() as f64;
        (1.0 + (total - count as f64 + 0.5).max(0.5) / (count as f64 + 0.5)).ln()
    };
    let mut seen = HashSet::new();
    let mut telling: Vec<(Sought, f64)> = words
        .into_iter()
        .filter(|word| word.forms.first().is_some_and(|form| seen.insert(form.clone())))
        .map(|word| {
            let count = word
                .forms
                .iter()
                .flat_map(|form| search.fields.text.iter().map(move |text| Term::from_field_text(text.field, form)));
            let most = count.filter_map(|term| search.searcher.doc_freq(&term).ok()).max().unwrap_or(0);
            (word, rarity(most))
        })
        .collect();
    telling.sort_by(|left, right| right.1.total_cmp(&left.1));
    telling.truncate(WORDS);
    telling
}

/// Calls `add` for each candidate that a query matches.
fn for_each_match(
    searcher: &Searcher,
    query: &dyn Query,
    evidence: &mut BTreeMap<DocAddress, Evidence>,
    add: impl Fn(&mut Evidence),
) -> Result<(), SearchError> {
    let weight = query.weight(EnableScoring::disabled_from_searcher(searcher))?;
    for (segment, reader) in (0_u32..).zip(searcher.segment_readers()) {
        let mut matches = weight.scorer(reader, 1.0)?;
        for (address, found) in evidence.iter_mut().filter(|(address, _)| address.segment_ord == segment) {
            if matches.doc() == TERMINATED {
                break;
            }
            if matches.doc() < address.doc_id {
                matches.seek(address.doc_id);
            }
            if matches.doc() == address.doc_id {
                add(found);
            }
        }
    }
    Ok(())
}
