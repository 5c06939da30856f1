//! Judged documents as records: each becomes a source and a statement that cites it, taken in
//! through the product's own import.

use std::{collections::HashMap, fmt::Write};

use jiff::Timestamp;
use onrecord::{
    import_export::{Attribution, ImportError, import, read_texts},
    model::{Identity, Key, Platform, RecordKey, RecordKind, SingleLine, StatementId, is_invisible},
    store::{Store, StoreError},
};

use crate::judged::Document;

/// How many documents one pack has. Packs are read one after another, so that memory stays small.
const BATCH: usize = 5_000;

/// Takes the documents in; gives how many texts had to be cut.
pub fn take_in(store: &Store, documents: &[Document]) -> Result<usize, ImportError> {
    let mut cut = 0;
    for (batch, documents) in documents.chunks(BATCH).enumerate() {
        let mut text =
            String::from("[[entity]]\nkey = \"judged\"\nkind = \"organisation\"\nname = \"Judged documents\"\n");
        for (place, document) in documents.iter().enumerate() {
            cut += usize::from(add(document, batch * BATCH + place, &mut text));
        }
        let pack = read_texts(vec![("documents.jsonl".to_owned(), text)]).map_err(ImportError::Pack)?;
        if let Some(attribution) = attribution() {
            import(store, &pack, attribution)?;
        }
    }
    Ok(cut)
}

/// Adds a document to a pack; gives whether a text of it was cut.
fn add(document: &Document, place: usize, pack: &mut String) -> bool {
    let (wording, long_wording) = line(&document.text);
    let (title, long_title) = line(&document.title);
    let language = document.language.as_ref().map_or("en", |language| language.as_str());
    let name = if title.is_empty() {
        "description = \"Without a headline\"".to_owned()
    } else {
        format!("title = {}", quoted(&title))
    };
    let wording = if wording.is_empty() { if title.is_empty() { "—".to_owned() } else { title } } else { wording };
    let key = key_text(place);
    // Writing to a string can't fail.
    let _ = write!(
        pack,
        "\n[[source]]\nkey = \"{key}\"\nkind = \"news_article\"\n{name}\npublisher = \"judged\"\nlanguage = \"{language}\"\nseen = \"excerpt\"\n\
         \n[[statement]]\nkey = \"{key}\"\nspeaker = \"judged\"\ntext = {}\ncitations = [{{ source = \"{key}\", role = \"original\" }}]\n",
        quoted(&wording)
    );
    long_wording || long_title
}

/// A text as a record may hold it: one line, nothing invisible, not too long; and whether it was cut.
fn line(text: &str) -> (String, bool) {
    let visible: String = text.chars().map(|character| if is_invisible(character) { ' ' } else { character }).collect();
    let words: Vec<&str> = visible.split_whitespace().collect();
    let whole = words.join(" ");
    let cut: String = whole.chars().take(SingleLine::MAX_CHARS).collect();
    let is_cut = cut.len() < whole.len();
    (cut.trim_end().to_owned(), is_cut)
}

/// A basic string of TOML. What JSON escapes, TOML escapes in the same way.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn key_text(place: usize) -> String {
    format!("judged-{place}")
}

fn attribution() -> Option<Attribution> {
    Some(Attribution {
        author: Identity::new(Platform::Project, "evaluation").ok()?,
        reviewer: Identity::new(Platform::Project, "reviewers").ok()?,
        summary: "Judged documents for an evaluation".parse().ok()?,
        reason: "Only to be searched in an evaluation".parse().ok()?,
        at: Timestamp::now(),
    })
}

/// For each statement the place of its document.
pub fn numbers(store: &Store, documents: usize) -> Result<HashMap<StatementId, usize>, StoreError> {
    let reader = store.reader()?.without_deadline();
    let mut numbers = HashMap::with_capacity(documents);
    for place in 0..documents {
        let Ok(key) = key_text(place).parse::<Key>() else { continue };
        let name = RecordKey { kind: RecordKind::Statement, key };
        numbers.extend(reader.record_id(&name)?.map(|id| (StatementId(id.number), place)));
    }
    Ok(numbers)
}
