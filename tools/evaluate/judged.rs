//! Judged data as it lies in a folder: documents, and sets of queries with their judgements.
//!
//! `documents.jsonl` has a document a line (`id`, `text`, and if it has them `title` and `language`);
//! each folder beside it that has `queries.jsonl` (`id`, `text`) and `qrels.txt` (TREC's judgements:
//! query, 0, document, relevance) is a set.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use onrecord::{
    files::{FileError, MIB, read_text},
    model::Language,
};
use serde::{Deserialize, de::DeserializeOwned};

/// A document that a query may be meant for.
#[derive(Debug, Clone, Deserialize)]
pub struct Document {
    /// Its id.
    pub id: String,
    /// What is claimed in it.
    pub text: String,
    /// Its headline.
    #[serde(default)]
    pub title: String,
    /// The language it is in; left out: English.
    pub language: Option<Language>,
}

/// A message with the documents that answer it.
#[derive(Debug, Clone)]
pub struct Query {
    /// Its id.
    pub id: String,
    /// The message.
    pub text: String,
    /// The ids of the relevant documents; none for a message that nothing answers.
    pub relevant: BTreeSet<String>,
}

/// Queries that belong together.
#[derive(Debug, Clone)]
pub struct JudgedSet {
    /// The name of its folder.
    pub name: String,
    /// The queries in order of the file.
    pub queries: Vec<Query>,
}

/// All that lies in a folder.
#[derive(Debug, Clone)]
pub struct JudgedData {
    /// The documents in order of the file.
    pub documents: Vec<Document>,
    /// The sets in order of name.
    pub sets: Vec<JudgedSet>,
}

/// Why judged data can't be used.
#[derive(Debug, thiserror::Error)]
pub enum JudgedError {
    /// A file can't be read.
    #[error("{} {source}; a folder of judged data has documents.jsonl and folders with queries.jsonl and qrels.txt", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// Why.
        source: FileError,
    },
    /// A line is not what it should be.
    #[error("{}, line {line}: {message}", file.display())]
    Line {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        message: String,
    },
    /// A file of messages is not what it should be.
    #[error("{} can't be read as judged messages: {message}", file.display())]
    Messages {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        message: String,
    },
    /// There is nothing to ask.
    #[error("{} has no folder with queries.jsonl and qrels.txt; without one there is nothing to ask", .0.display())]
    NoSets(PathBuf),
}

/// The largest file of judged data, in bytes. The limit is ours: it is more than the largest published sets have.
const MOST_BYTES: u64 = 256 * MIB;

#[derive(Deserialize)]
struct QueryRow {
    id: String,
    text: String,
}

impl JudgedData {
    /// Reads a folder.
    ///
    /// # Errors
    /// When a file is missing or a line of one is wrong.
    pub fn read(folder: &Path) -> Result<Self, JudgedError> {
        let documents = read_rows(&folder.join("documents.jsonl"))?;
        let entries = std::fs::read_dir(folder).map_err(|error| failed(folder, error.into()))?;
        let mut places: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        places.retain(|place| place.join("queries.jsonl").is_file());
        places.sort();
        let sets = places.iter().map(|place| read_set(place)).collect::<Result<Vec<_>, _>>()?;
        if sets.is_empty() { Err(JudgedError::NoSets(folder.to_owned())) } else { Ok(Self { documents, sets }) }
    }
}

fn read_set(folder: &Path) -> Result<JudgedSet, JudgedError> {
    let mut relevant = read_judgements(&folder.join("qrels.txt"))?;
    let rows: Vec<QueryRow> = read_rows(&folder.join("queries.jsonl"))?;
    let queries = rows
        .into_iter()
        .map(|row| Query { relevant: relevant.remove(&row.id).unwrap_or_default(), id: row.id, text: row.text })
        .collect();
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(JudgedSet { name, queries })
}

fn failed(file: &Path, source: FileError) -> JudgedError {
    JudgedError::File { file: file.to_owned(), source }
}

fn read_rows<T: DeserializeOwned>(file: &Path) -> Result<Vec<T>, JudgedError> {
    let text = read_text(file, MOST_BYTES).map_err(|source| failed(file, source))?;
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(line, row)| {
            serde_json::from_str(row).map_err(|error| JudgedError::Line {
                file: file.to_owned(),
                line,
                message: error.to_string(),
            })
        })
        .collect()
}

fn read_judgements(file: &Path) -> Result<BTreeMap<String, BTreeSet<String>>, JudgedError> {
    let text = read_text(file, MOST_BYTES).map_err(|source| failed(file, source))?;
    let mut relevant: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (line, row) in (1..).zip(text.lines()) {
        let fields: Vec<&str> = row.split_ascii_whitespace().collect();
        let wrong = |message: &str| JudgedError::Line { file: file.to_owned(), line, message: message.to_owned() };
        match fields.as_slice() {
            [] => {}
            [query, _, document, relevance] => {
                let relevance: i32 =
                    relevance.parse().map_err(|_| wrong("the fourth field, the relevance, is no whole number"))?;
                if relevance > 0 {
                    relevant.entry((*query).to_owned()).or_default().insert((*document).to_owned());
                }
            }
            _ => return Err(wrong("a judgement has four fields: query, 0, document, relevance")),
        }
    }
    Ok(relevant)
}
