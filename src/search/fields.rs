//! The fields of the text index, and how a statement becomes a document of it.
//!
//! The index holds no text to show and no names of entities: only what statements can be found by. For
//! questions that is every word with its place; for whole messages the content words of the statement, the
//! quote and the headlines in one field and those of the responses in another, and the letters of the
//! former as they are cut into grams.

use std::collections::BTreeSet;

use tantivy::{
    DocSet, Searcher, TERMINATED, TantivyDocument, Term,
    schema::{FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions},
    tokenizer::{PreTokenizedString, Token},
};

use super::{
    centrality,
    content::{content, letters},
    grams::{SAMPLED, grams, is_sampled},
    segments::{are_paired, terms},
    stems::stem,
    words::words,
};
use crate::{
    model::{Date, Language},
    store::StatementText,
};

/// The version of all that decides what is in the index. A new version makes every old index be
/// built anew.
pub(super) const FORMAT: u32 = 6;

/// How many words lie between two texts of one field, so that no phrase spans them.
const GAP: usize = 100;

#[derive(Debug, Clone)]
pub(super) struct Fields {
    pub(super) schema: Schema,
    pub(super) id: Field,
    pub(super) about: Field,
    pub(super) speaker: Field,
    pub(super) responder: Field,
    pub(super) publisher: Field,
    pub(super) language: Field,
    pub(super) first_day: Field,
    pub(super) last_day: Field,
    pub(super) text: [TextField; 3],
    /// Content words, and the entities that the statement concerns as [`ENTITY_MARK`] and their numbers.
    pub(super) content: Field,
    pub(super) response_content: Field,
    /// The grams of a sample of the statements; only counted.
    pub(super) grams: Field,
    /// The text that grams are cut from, stored.
    pub(super) letters: Field,
    response: Field,
    source: Field,
    retracted: Field,
    centrality: Field,
    sequence: Field,
}

/// A field of words, and how much a word found in it counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct TextField {
    pub(super) field: Field,
    pub(super) weight: f32,
}

/// What stands before the number of an entity among content words. No word has it.
pub(super) const ENTITY_MARK: char = '#';

/// Names of the fields that ranking reads.
pub(super) const ID: &str = "id";
pub(super) const ABOUT: &str = "about";
pub(super) const SPEAKER: &str = "speaker";
pub(super) const RESPONDER: &str = "responder";
pub(super) const RESPONSE: &str = "response";
pub(super) const SOURCE: &str = "source";
pub(super) const RETRACTED: &str = "retracted";
pub(super) const CENTRALITY: &str = "centrality";
pub(super) const SEQUENCE: &str = "sequence";
pub(super) const FIRST_DAY: &str = "first_day";
pub(super) const LAST_DAY: &str = "last_day";

impl Fields {
    pub(super) fn new() -> Self {
        let mut schema = Schema::builder();
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("raw")
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let words = TextOptions::default().set_indexing_options(indexing);
        let mut text = |name, weight| TextField { field: schema.add_text_field(name, words.clone()), weight };
        let text = [text("statement", 1.0), text("responses", 0.6), text("titles", 0.5)];
        let counted = |option, norms| {
            let indexing =
                TextFieldIndexing::default().set_tokenizer("raw").set_index_option(option).set_fieldnorms(norms);
            TextOptions::default().set_indexing_options(indexing)
        };
        Self {
            content: schema.add_text_field("content", counted(IndexRecordOption::WithFreqs, true)),
            response_content: schema.add_text_field("response_content", counted(IndexRecordOption::WithFreqs, true)),
            grams: schema.add_text_field("grams", counted(IndexRecordOption::Basic, false)),
            letters: schema.add_text_field("letters", STORED),
            id: schema.add_u64_field(ID, INDEXED | FAST),
            about: schema.add_u64_field(ABOUT, INDEXED | FAST),
            speaker: schema.add_u64_field(SPEAKER, INDEXED | FAST),
            responder: schema.add_u64_field(RESPONDER, INDEXED | FAST),
            publisher: schema.add_u64_field("publisher", INDEXED),
            language: schema.add_text_field("language", STRING),
            first_day: schema.add_i64_field(FIRST_DAY, FAST),
            last_day: schema.add_i64_field(LAST_DAY, FAST),
            text,
            response: schema.add_u64_field(RESPONSE, FAST),
            source: schema.add_u64_field(SOURCE, FAST),
            retracted: schema.add_u64_field(RETRACTED, FAST),
            centrality: schema.add_u64_field(CENTRALITY, FAST),
            sequence: schema.add_u64_field(SEQUENCE, FAST),
            schema: schema.build(),
        }
    }

    /// The document of a statement.
    pub(super) fn document(&self, statement: &StatementText) -> TantivyDocument {
        let mut document = TantivyDocument::new();
        document.add_u64(self.id, number(statement.id.0));
        document.add_u64(self.speaker, number(statement.speaker.0));
        for (field, entities) in [
            (self.about, &statement.about),
            (self.responder, &statement.responders),
            (self.publisher, &statement.publishers),
        ] {
            for entity in entities {
                document.add_u64(field, number(entity.0));
            }
        }
        for response in &statement.responses {
            document.add_u64(self.response, number(response.0));
        }
        for source in &statement.sources {
            document.add_u64(self.source, number(source.0));
        }
        for language in &statement.languages {
            document.add_text(self.language, language.primary());
        }
        if let Some(said) = statement.said {
            document.add_i64(self.first_day, first_day(said));
            document.add_i64(self.last_day, last_day(said));
        }
        document.add_u64(self.retracted, u64::from(statement.retracted));
        document.add_u64(self.centrality, centrality::of_itself(statement));
        document.add_u64(self.sequence, number(statement.sequence.0));

        let [wording, responses, titles] = self.text;
        let mut tokens = Tokens::default();
        tokens.add(&statement.text, Some("en"));
        tokens.add_quotes(&statement.quote, &statement.languages);
        document.add_pre_tokenized_text(wording.field, tokens.finish());
        let mut tokens = Tokens::default();
        for text in &statement.response_texts {
            tokens.add(text, Some("en"));
        }
        tokens.add_quotes(&statement.response_quotes, &statement.languages);
        document.add_pre_tokenized_text(responses.field, tokens.finish());
        let mut tokens = Tokens::default();
        for (title, language) in &statement.titles {
            tokens.add(title, Some(language.primary()));
        }
        document.add_pre_tokenized_text(titles.field, tokens.finish());
        self.add_content(statement, &mut document);
        document
    }

    /// Adds what whole messages are matched with.
    fn add_content(&self, statement: &StatementText, document: &mut TantivyDocument) {
        let shared = shared_language(&statement.languages);
        let quoted = |(quote, language): &(String, Option<Language>)| {
            content(quote, language.as_ref().map_or(shared, |language| Some(language.primary())).unwrap_or("en"))
        };
        let mut texts = vec![statement.text.as_str()];
        let mut terms = content(&statement.text, "en");
        if let Some(quote) = &statement.quote {
            texts.push(&quote.0);
            terms.extend(quoted(quote));
        }
        for (title, language) in &statement.titles {
            // A headline that several sources share counts once.
            if !texts.contains(&title.as_str()) {
                texts.push(title);
                terms.extend(content(title, language.primary()));
            }
        }
        let parties = std::iter::once(&statement.speaker).chain(&statement.about).chain(&statement.responders);
        terms.extend(parties.map(|entity| format!("{ENTITY_MARK}{}", entity.0)).collect::<BTreeSet<_>>());
        document.add_pre_tokenized_text(self.content, tokens_of(terms));

        let mut terms: Vec<String> = statement.response_texts.iter().flat_map(|text| content(text, "en")).collect();
        terms.extend(statement.response_quotes.iter().flat_map(quoted));
        document.add_pre_tokenized_text(self.response_content, tokens_of(terms));

        let mut text = String::new();
        for part in texts {
            letters(&words(part), &mut text);
        }
        if is_sampled(statement.id) {
            let mut counted: BTreeSet<String> = grams(&text).collect();
            counted.insert(SAMPLED.to_owned());
            document.add_pre_tokenized_text(self.grams, tokens_of(counted));
        }
        document.add_text(self.letters, text);
    }
}

fn tokens_of(terms: impl IntoIterator<Item = String>) -> PreTokenizedString {
    let token = |(position, text)| Token { offset_from: 0, offset_to: 0, position, text, position_length: 1 };
    PreTokenizedString { text: String::new(), tokens: (0..).zip(terms).map(token).collect() }
}

/// The language of quotes that don't name theirs: that of the sources, where they share one.
fn shared_language(source_languages: &[Language]) -> Option<&str> {
    match source_languages {
        [only] => Some(only.primary()),
        _ => None,
    }
}

/// A record's number as the index holds it. Numbers of records are positive.
pub(super) fn number(number: i64) -> u64 {
    number.unsigned_abs()
}

/// The first day that a date can mean, in days since the year 0.
pub(super) fn first_day(date: Date) -> i64 {
    days(date.first_day())
}

/// The last day that a date can mean, in days since the year 0.
pub(super) fn last_day(date: Date) -> i64 {
    days(date.last_day())
}

/// The year of a day as it is counted here.
pub(super) fn year(day: i64) -> i64 {
    (day - 1).div_euclid(YEAR)
}

/// Only the order matters: every year gets as many days.
const YEAR: i64 = 366;

fn days(day: jiff::civil::Date) -> i64 {
    i64::from(day.year()) * YEAR + i64::from(day.day_of_year())
}

/// The tokens of one field of one document: each word under its folded form and its stem, each pair of neighbouring
/// characters of a script written without spaces, and the words of one where they can be told apart.
#[derive(Default)]
struct Tokens {
    tokens: Vec<Token>,
    position: usize,
}

impl Tokens {
    fn add(&mut self, text: &str, language: Option<&str>) {
        let words = words(text);
        let mut terms = terms(&words).into_iter().peekable();
        for (at, word) in words.iter().enumerate() {
            self.push(word.folded.clone());
            if let Some(stem) = language.and_then(|language| stem(word, language)).filter(|stem| *stem != word.folded) {
                self.push(stem);
            }
            let pair = words.get(at + 1).filter(|next| are_paired(word, next));
            let pair = pair.map(|next| format!("{}{}", word.folded, next.folded));
            while let Some((_, term)) = terms.next_if(|(first, _)| *first <= at) {
                if term.folded != word.folded && Some(&term.folded) != pair.as_ref() {
                    self.push(term.folded);
                }
            }
            if let Some(pair) = pair {
                self.push(pair);
            }
            self.position += 1;
        }
        self.position += GAP;
    }

    /// Quotes without a language are in that of a source; where the sources share one, it is that.
    fn add_quotes<'a>(
        &mut self,
        quotes: impl IntoIterator<Item = &'a (String, Option<Language>)>,
        source_languages: &[Language],
    ) {
        let shared = shared_language(source_languages);
        for (quote, language) in quotes {
            self.add(quote, language.as_ref().map(Language::primary).or(shared));
        }
    }

    fn push(&mut self, text: String) {
        self.tokens.push(Token { offset_from: 0, offset_to: 0, position: self.position, text, position_length: 1 });
    }

    fn finish(self) -> PreTokenizedString {
        PreTokenizedString { text: String::new(), tokens: self.tokens }
    }
}

/// Whether a term stands in a document that is still there. The index's own count has documents in it that were
/// replaced since, until they are merged away.
pub(super) fn stands_somewhere(searcher: &Searcher, term: &Term) -> tantivy::Result<bool> {
    for segment in searcher.segment_readers() {
        let postings = segment.inverted_index(term.field())?.read_postings(term, IndexRecordOption::Basic)?;
        let Some(mut postings) = postings else { continue };
        while postings.doc() != TERMINATED {
            if segment.alive_bitset().is_none_or(|alive| alive.is_alive(postings.doc())) {
                return Ok(true);
            }
            postings.advance();
        }
    }
    Ok(false)
}
