//! Reading pack files into records, with every error placed by file, line and field.

use std::{
    borrow::Cow,
    collections::HashMap,
    fmt,
    path::{Path, PathBuf},
};

use super::pack::PackFile;
use crate::model::{Record, RecordKey, Standing, without_invisible};

/// The largest pack file, in bytes. The limit is ours: a pack is written and read by people, and a
/// million statements are brought in as several files.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// A record with where it was read.
#[derive(Debug, Clone)]
pub struct Located {
    /// The record.
    pub record: Record,
    /// How it stands.
    pub standing: Standing,
    /// Which of the pack's files it was read from.
    file: usize,
    /// The byte at which its key begins there.
    offset: usize,
}

/// The records of one or more files, read together.
#[derive(Debug, Default)]
pub struct Pack {
    files: Vec<SourceFile>,
    /// All entities, then all sources, statements and responses; within a kind in the order of the files.
    records: Vec<Located>,
}

#[derive(Debug)]
struct SourceFile {
    name: String,
    text: String,
}

/// What is wrong in a pack, and where. Nothing of the import is written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct PackError {
    /// The file as it was named.
    pub file: String,
    /// The line, from 1; `None` when the file as a whole is meant.
    pub line: Option<usize>,
    /// The field, as `statement.said` or `statement[3].said`.
    pub field: Option<String>,
    /// What is wrong with it.
    pub message: String,
}

impl fmt::Display for PackError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(formatter, ", line {line}")?;
        }
        if let Some(field) = &self.field {
            write!(formatter, ", field {field}")?;
        }
        write!(formatter, ": {}", self.message)
    }
}

/// Reads pack files; they may refer to each other's records.
///
/// # Errors
/// The first thing that is wrong in each of the files.
pub fn read_files(paths: &[PathBuf]) -> Result<Pack, Vec<PackError>> {
    let mut texts = Vec::new();
    let mut errors = Vec::new();
    for path in paths {
        match read_text(path) {
            Ok(text) => texts.push((path.display().to_string(), text)),
            Err(message) => {
                errors.push(PackError { file: path.display().to_string(), line: None, field: None, message });
            }
        }
    }
    match read_texts(texts) {
        Ok(pack) if errors.is_empty() => Ok(pack),
        Ok(_) => Err(errors),
        Err(more) => {
            errors.extend(more);
            Err(errors)
        }
    }
}

fn read_text(path: &Path) -> Result<String, String> {
    let size = std::fs::metadata(path).map_err(|error| format!("can't be read: {error}"))?.len();
    if size > MAX_BYTES {
        return Err(format!("is {size} bytes long; a pack has at most {MAX_BYTES}: split it"));
    }
    let bytes = std::fs::read(path).map_err(|error| format!("can't be read: {error}"))?;
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = error.as_bytes().iter().take(valid).filter(|&&byte| byte == b'\n').count() + 1;
        format!("is not UTF-8 text (line {line}); save it as UTF-8")
    })
}

/// Reads the texts of pack files, each under its name.
///
/// # Errors
/// As [`read_files`].
pub fn read_texts(texts: Vec<(String, String)>) -> Result<Pack, Vec<PackError>> {
    let mut pack = Pack::default();
    let mut errors = Vec::new();
    for (name, text) in texts {
        // A pasted headline brings signs along that nobody sees, so that nobody could take them out.
        let cleaned = match without_invisible(&text) {
            Cow::Borrowed(_) => None,
            Cow::Owned(cleaned) => Some(cleaned),
        };
        let text = cleaned.unwrap_or(text);
        let file = SourceFile { name, text };
        match parse(&file) {
            Ok(records) => {
                let number = pack.files.len();
                pack.records.extend(records.into_iter().map(|row| Located {
                    record: row.record,
                    standing: row.standing,
                    file: number,
                    offset: row.key_offset,
                }));
            }
            Err(error) => errors.push(error),
        }
        pack.files.push(file);
    }
    if errors.is_empty() {
        // Stable: within a kind, records stay in the order of the files.
        pack.records.sort_by_key(|located| located.record.kind());
        errors.extend(pack.twice());
    }
    if errors.is_empty() { Ok(pack) } else { Err(errors) }
}

fn parse(file: &SourceFile) -> Result<Vec<super::pack::RecordRow>, PackError> {
    let deserializer =
        toml::Deserializer::parse(&file.text).map_err(|error| file.error(error.span(), None, error.message()))?;
    let pack: PackFile = serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let path = error.path().to_string();
        let field = (path != "." && !path.is_empty()).then(|| path.replace(".?", ""));
        file.error(error.inner().span(), field, error.inner().message())
    })?;
    pack.into_records().map_err(|error| {
        let span = error.key_offset..error.key_offset;
        file.error(Some(span), Some(error.field.to_owned()), &error.message)
    })
}

impl SourceFile {
    fn line(&self, offset: usize) -> usize {
        self.text.as_bytes().iter().take(offset).filter(|&&byte| byte == b'\n').count() + 1
    }

    fn error(&self, span: Option<std::ops::Range<usize>>, field: Option<String>, message: &str) -> PackError {
        PackError {
            file: self.name.clone(),
            line: span.map(|span| self.line(span.start)),
            field,
            message: message.to_owned(),
        }
    }
}

impl Pack {
    /// The records: all entities, then all sources, statements and responses.
    #[must_use]
    pub fn records(&self) -> &[Located] {
        &self.records
    }

    /// The error that says `message` of a field of a record of this pack. When the field holds
    /// `value`, the line is the one where the value stands.
    #[must_use]
    pub fn error_at(&self, located: &Located, field: &str, value: Option<&str>, message: String) -> PackError {
        let Some(file) = self.files.get(located.file) else {
            return PackError { file: String::new(), line: None, field: Some(field.to_owned()), message };
        };
        let rest = file.text.get(located.offset..).unwrap_or_default();
        let record_text = rest.find("\n[[").map_or(rest, |end| rest.get(..end).unwrap_or(rest));
        let within = value.and_then(|value| record_text.find(&format!("\"{value}\""))).unwrap_or(0);
        let line = Some(file.line(located.offset + within));
        let field = Some(format!("{}.{field}", located.record.kind().word()));
        PackError { file: file.name.clone(), line, field, message }
    }

    /// The record of this name.
    #[must_use]
    pub fn find(&self, name: &RecordKey) -> Option<&Located> {
        self.records.iter().find(|located| located.record.record_key() == *name)
    }

    /// An error for each record whose key another record of its kind has already.
    fn twice(&self) -> Vec<PackError> {
        let mut seen: HashMap<RecordKey, &Located> = HashMap::new();
        let mut errors = Vec::new();
        for located in &self.records {
            if let Some(first) = seen.insert(located.record.record_key(), located) {
                let place = self.error_at(first, "key", None, String::new());
                let line = place.line.unwrap_or_default();
                let message = format!("{} is a key already, in {}, line {line}", located.record.key(), place.file);
                errors.push(self.error_at(located, "key", None, message));
            }
        }
        errors
    }
}
