//! Reading pack files into records, with every error placed by file, line and field.

use std::{borrow::Cow, collections::HashMap, path::PathBuf};

use super::{
    cut::pieces,
    faults::{Faults, PackError},
    row::read_piece,
    rules::Rules,
    wording::other_format,
};
use crate::{
    files::{self, FileError, MIB},
    model::{Record, RecordKey, Standing, without_invisible},
};

/// The most bytes of packs that are read together. The limit is ours, as is the next: an import takes some ten times as
/// much memory as its packs have bytes, and more is brought in as several imports.
pub const MAX_BYTES: u64 = 64 * MIB;

/// The most records that are imported together.
pub const MAX_RECORDS: usize = 250_000;

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
    /// What its records are held against.
    pub(super) rules: Rules,
}

#[derive(Debug)]
struct SourceFile {
    name: String,
    text: String,
}

/// Reads pack files; they may refer to each other's records.
///
/// # Errors
/// All that is wrong in them, as far as it is told in one run.
pub fn read_files(paths: &[PathBuf]) -> Result<Pack, Vec<PackError>> {
    let mut texts = Vec::new();
    let mut errors = Vec::new();
    let mut left = MAX_BYTES;
    for path in paths {
        match files::read_text(path, left) {
            Ok(text) => {
                left = left.saturating_sub(u64::try_from(text.len()).unwrap_or(u64::MAX));
                texts.push((path.display().to_string(), text));
            }
            Err(error) => {
                let message = match error {
                    FileError::TooLong(_) => {
                        let most = MAX_BYTES / MIB;
                        format!(
                            "is too long: the packs of one import have at most {most} MiB together; import them apart"
                        )
                    }
                    other => other.to_string(),
                };
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

/// Reads the texts of pack files, each under its name.
///
/// # Errors
/// As [`read_files`].
pub fn read_texts(texts: Vec<(String, String)>) -> Result<Pack, Vec<PackError>> {
    let mut pack = Pack::default();
    let mut faults = Faults::default();
    for (name, text) in texts {
        // A pasted headline brings signs along that nobody sees, so that nobody could take them out.
        let cleaned = match without_invisible(&text) {
            Cow::Borrowed(_) => None,
            Cow::Owned(cleaned) => Some(cleaned),
        };
        let text = cleaned.unwrap_or(text);
        let file = SourceFile { name, text };
        pack.read(&file, &mut faults);
        pack.files.push(file);
    }
    if pack.records.len() > MAX_RECORDS {
        let message = format!("the packs have more than {MAX_RECORDS} records; import them apart");
        faults.add(|| PackError { file: String::new(), line: None, field: None, message });
    }
    if faults.is_empty() {
        // Stable: within a kind, records stay in the order of the files.
        pack.records.sort_by_key(|located| located.record.kind());
        pack.twice(&mut faults);
    }
    if faults.is_empty() { Ok(pack) } else { Err(faults.into_errors()) }
}

impl SourceFile {
    fn line(&self, offset: usize) -> usize {
        self.text.as_bytes().iter().take(offset).filter(|&&byte| byte == b'\n').count() + 1
    }

    fn error(&self, offset: Option<usize>, field: Option<String>, message: &str) -> PackError {
        PackError {
            file: self.name.clone(),
            line: offset.map(|offset| self.line(offset)),
            field,
            message: message.to_owned(),
        }
    }
}

impl Pack {
    /// Reads the records of one more file.
    fn read(&mut self, file: &SourceFile, faults: &mut Faults) {
        if let Some(message) = other_format(&file.text) {
            return faults.add(|| file.error(None, None, message));
        }
        let number = self.files.len();
        let mut vetted = None;
        for piece in pieces(&file.text) {
            let contents = read_piece(&piece);
            for fault in contents.faults {
                faults.add(|| file.error(Some(fault.offset), fault.field, &fault.message));
            }
            // More are of no use, and would take memory.
            if self.records.len() > MAX_RECORDS {
                return;
            }
            vetted = vetted.or(contents.vetted);
            self.records.extend(contents.records.into_iter().map(|row| Located {
                record: row.record,
                standing: Standing { vetted: row.standing.vetted.or(vetted), ..row.standing },
                file: number,
                offset: row.key_offset,
            }));
        }
    }

    /// The same pack, to be held against these rules.
    #[must_use]
    pub fn under(self, rules: Rules) -> Self {
        Self { rules, ..self }
    }

    /// The records: all entities, then all sources, statements and responses.
    #[must_use]
    pub fn records(&self) -> &[Located] {
        &self.records
    }

    /// The error that says `message` of a field of a record of this pack. When the field holds
    /// `value`, the line is the one where the value stands; else the one where the field does.
    #[must_use]
    pub fn error_at(&self, located: &Located, field: &str, value: Option<&str>, message: String) -> PackError {
        let Some(file) = self.files.get(located.file) else {
            return PackError { file: String::new(), line: None, field: Some(field.to_owned()), message };
        };
        let rest = file.text.get(located.offset..).unwrap_or_default();
        let record_text = rest.find("\n[[").map_or(rest, |end| rest.get(..end).unwrap_or(rest));
        let of_value = value.and_then(|value| record_text.find(&format!("\"{value}\"")));
        let within = of_value.or_else(|| place_of(record_text, field)).unwrap_or(0);
        let line = Some(file.line(located.offset + within));
        let field = Some(format!("{}.{field}", located.record.kind().word()));
        PackError { file: file.name.clone(), line, field, message }
    }

    /// The record of this name.
    #[must_use]
    pub fn find(&self, name: &RecordKey) -> Option<&Located> {
        self.records.iter().find(|located| located.record.record_key() == *name)
    }

    /// A fault for each record whose key another record of its kind has already.
    fn twice(&self, faults: &mut Faults) {
        let mut seen: HashMap<RecordKey, &Located> = HashMap::new();
        for located in &self.records {
            if let Some(first) = seen.insert(located.record.record_key(), located) {
                faults.add(|| {
                    let place = self.error_at(first, "key", None, String::new());
                    let line = place.line.unwrap_or_default();
                    let message = format!("{} is a key already, in {}, line {line}", located.record.key(), place.file);
                    self.error_at(located, "key", None, message)
                });
            }
        }
    }
}

/// Where a field stands in the text of a record.
fn place_of(text: &str, field: &str) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let rest = line.trim_start();
        if rest.strip_prefix(field).is_some_and(|after| after.trim_start().starts_with('=')) {
            return Some(at + line.len() - rest.len());
        }
        at += line.len();
    }
    None
}
