//! What tells that a text is about a record whose content is being purged: the record's own sentences and addresses, and
//! those of its words that no other record has or had. Ids say nothing, and don't count.

use std::collections::HashSet;

use rusqlite::Connection;
use serde_json::Value;

use crate::model::{ChangeId, RecordKey};
use crate::store::failure::Failure;

/// From how many characters on a field is told by being repeated as a whole: a sentence, a name of several words, an
/// address.
const LONG: usize = 12;

/// From how many characters on a word of an alphabet tells something. In other scripts two say as much.
const WORD: usize = 5;
const WORD_ELSEWHERE: usize = 2;

/// What names a record.
#[derive(Debug, Default)]
pub(in crate::store) struct Telling {
    texts: HashSet<String>,
    words: HashSet<String>,
}

impl Telling {
    /// What names a record, in whatever version there was or is proposed of it. To be read before its content goes; what
    /// the purge itself says doesn't count.
    pub(in crate::store) fn of(connection: &Connection, target: &RecordKey, purge: ChangeId) -> Result<Self, Failure> {
        let mut telling = Self::default();
        telling.texts.insert(target.key.as_str().to_owned());
        let mut own = connection.prepare(
            "SELECT content, proposed FROM operation WHERE record_kind = ?1 AND record_key = ?2 AND change <> ?3",
        )?;
        let mut rows = own.query((target.kind.word(), target.key.as_str(), purge.0))?;
        while let Some(row) = rows.next()? {
            for column in 0..2 {
                let Some(content) = row.get::<_, Option<String>>(column)? else { continue };
                let operation: Value = serde_json::from_str(&content)
                    .map_err(|error| Failure::Unreadable(format!("an operation on the {target}: {error}")))?;
                strings(&operation["record"], &mut |text| telling.add(text));
            }
        }
        let mut others = connection.prepare(
            "SELECT content FROM operation WHERE NOT (record_kind = ?1 AND record_key = ?2 AND change <> ?3)",
        )?;
        let mut rows = others.query((target.kind.word(), target.key.as_str(), purge.0))?;
        while let Some(row) = rows.next()? {
            telling.leave_out(&row.get_ref(0)?.as_str().unwrap_or_default().to_lowercase());
        }
        Ok(telling)
    }

    fn add(&mut self, text: &str) {
        let text = text.to_lowercase();
        self.words.extend(words(&text).filter(|word| tells(word)).map(str::to_owned));
        let is_whole = text.chars().count() >= LONG && (text.contains(char::is_whitespace) || text.contains("://"));
        if is_whole {
            self.texts.insert(text);
        }
    }

    /// Leaves out what another record has, too.
    fn leave_out(&mut self, content: &str) {
        for word in words(content) {
            self.words.remove(word);
        }
        self.texts.retain(|text| !content.contains(text.as_str()));
    }

    /// Whether a text names the record.
    pub(in crate::store) fn is_in(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        words(&text).any(|word| self.words.contains(word)) || self.texts.iter().any(|own| text.contains(own.as_str()))
    }

    /// As [`Telling::is_in`], of any text in JSON.
    pub(in crate::store) fn is_in_json(&self, json: &str) -> bool {
        // What is no JSON is looked through as it stands.
        let Ok(value) = serde_json::from_str(json) else { return self.is_in(json) };
        let mut found = false;
        strings(&value, &mut |text| found |= self.is_in(text));
        found
    }
}

/// The words of a text, as far as they are parted by anything.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty())
}

fn tells(word: &str) -> bool {
    let enough = if word.is_ascii() { WORD } else { WORD_ELSEWHERE };
    word.chars().count() >= enough && !word.bytes().all(|byte| byte.is_ascii_digit())
}

/// All texts in a JSON value.
fn strings(value: &Value, each: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => each(text),
        Value::Array(items) => items.iter().for_each(|item| strings(item, each)),
        Value::Object(fields) => fields.values().for_each(|item| strings(item, each)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_about_a_record_if_it_has_what_no_other_record_has() {
        let mut telling = Telling::default();
        telling.texts.insert("harbour-secret".to_owned());
        for text in [
            "It was said that the Zyxomma is hidden.",
            "news_article",
            "Old pier",
            "https://example.org/a",
            "2022-10-24",
            "悉尼",
        ] {
            telling.add(text);
        }
        telling.leave_out(
            r#"{"record":{"text":"it was said that the pier is hidden.","source":"https://example.org/b"}}"#,
        );
        for text in ["zyxomma", "A ZYXOMMA!", "see harbour-secret", "at https://example.org/a today", "悉尼"] {
            assert!(telling.is_in(text), "{text}");
        }
        for text in [
            "The pier is hidden",
            "https://example.org/b",
            "S12",
            "an old one",
            "2022-10-24",
            "It was said that it snows.",
        ] {
            assert!(!telling.is_in(text), "{text}");
        }
        assert!(telling.is_in_json(r#"{"draft":"text: one\nquote: a\nzyxomma"}"#));
        assert!(!telling.is_in_json(r#"{"draft":"text: one"}"#));
    }
}
