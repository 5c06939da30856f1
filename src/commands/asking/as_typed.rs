//! A question that a shell kept together as one word: a name with spaces in it, or a line that was quoted as a whole?

use super::source;
use crate::{
    commands::{
        Arguments,
        definitions::asking::{QUESTION, SOURCE},
        may_be_typed, read_text,
    },
    model::Date,
    search::{FilterField, SearchError, Snapshot, is_small_word},
};

/// Whether the words behind `source` are a line as someone would type it: `place:netherlands kind of station`, and not
/// the one name in `by:laura harth`, whose quotation marks the shell took off. Only the records can tell: each filter has
/// to name someone or something exactly, and the words beside it have to stand in what it finds or to be a phrase with a
/// small word in it. A name that isn't on record, as "London Ontario", is not taken for a part of it that is.
///
/// # Errors
/// When the index can't be read.
pub(crate) fn is_typed_line(search: &Snapshot, words: &[String], today: Date) -> Result<bool, SearchError> {
    let [word] = words else { return Ok(false) };
    if !may_be_typed(&SOURCE, words) {
        return Ok(false);
    }
    let Ok(arguments) = Arguments::check(&SOURCE, &read_text(&SOURCE, word)) else { return Ok(false) };
    let question = source::as_typed(&arguments, today);
    let is_exact = |field: &FilterField| match field {
        FilterField::By(name)
        | FilterField::About(name)
        | FilterField::Place(name)
        | FilterField::Organisation(name)
        | FilterField::From(name) => !search.names().known_as(name).is_empty(),
        FilterField::Since(_) | FilterField::Until(_) | FilterField::Language(_) | FilterField::Host { .. } => true,
    };
    if !question.filters.iter().all(|filter| is_exact(&filter.field)) {
        return Ok(false);
    }
    let found = search.find_or_nearly(&search.understand(&question)?, 0, 1)?;
    let words = arguments.text(QUESTION.name).unwrap_or_default();
    let is_phrase = words.split_whitespace().any(|word| is_small_word(&word.to_lowercase()));
    Ok(found.counts.statements > 0 && found.only_named.is_none() && (!found.words_dropped || is_phrase))
}
