//! Reading one piece of a pack: its records, and all that is wrong with them, field by field.

use std::{borrow::Cow, ops::Range};

use serde::Deserialize;
use serde_path_to_error::Segment;
use serde_spanned::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::{
    cut::{HEADINGS, Piece},
    pack::{EntityRow, RecordRow, ResponseRow, Row, SourceRow, StatementRow},
    wording,
};
use crate::model::{
    Date, RecordKind,
    fields::{self, FieldKind},
};

/// How long one piece may be, in bytes. The limit is ours: a record is a few lines, and memory is taken for a piece as a
/// whole.
const LONGEST: usize = 1024 * 1024;

/// Something wrong in a piece.
#[derive(Debug)]
pub(super) struct Fault {
    /// Where, in bytes from the start of the pack's text.
    pub(super) offset: usize,
    /// The field, as `statement.citations[0].role`.
    pub(super) field: Option<String>,
    /// What is wrong with it.
    pub(super) message: String,
}

/// What a piece holds.
#[derive(Default)]
pub(super) struct RowContents {
    pub(super) records: Vec<RecordRow>,
    pub(super) faults: Vec<Fault>,
    /// When the records of the file were reviewed, if the piece says so of all of them.
    pub(super) vetted: Option<Date>,
}

/// Reads a piece.
pub(super) fn read_piece(piece: &Piece<'_>) -> RowContents {
    let mut reading = Reading { offset: piece.offset, contents: RowContents::default() };
    if piece.text.len() > LONGEST {
        let message = format!(
            "from here on {} KiB stand without another heading, and a record has at most {}; each record stands under \
             a heading of its own, like [[entity]]",
            piece.text.len() / 1024,
            LONGEST / 1024
        );
        reading.fault(0, None, message);
        return reading.contents;
    }
    let (table, errors) = DeTable::parse_recoverable(piece.text);
    // What follows the first is what the reader makes of what is left.
    if let Some(error) = errors.first() {
        reading.fault(error.span().map_or(0, |span| span.start), None, wording::of_syntax(error.message()));
        return reading.contents;
    }
    let mut table = table.into_inner();
    take_dates(&mut table);
    for (key, value) in table {
        match key.get_ref().as_ref() {
            "entity" => reading.rows::<EntityRow>(&key, value),
            "source" => reading.rows::<SourceRow>(&key, value),
            "statement" => reading.rows::<StatementRow>(&key, value),
            "response" => reading.rows::<ResponseRow>(&key, value),
            "vetted" => reading.vetted(value),
            other => {
                let other: String = other.chars().take(40).collect();
                let message =
                    format!("{other} stands in no record; records begin with [[{}]]", HEADINGS.join("]], [["));
                reading.fault(key.span().start, None, message);
            }
        }
    }
    reading.contents
}

struct Reading {
    offset: usize,
    contents: RowContents,
}

impl Reading {
    fn fault(&mut self, at: usize, field: Option<String>, message: String) {
        self.contents.faults.push(Fault { offset: self.offset + at, field, message });
    }

    fn vetted(&mut self, value: Spanned<DeValue<'_>>) {
        let at = value.span().start;
        match Date::deserialize(ValueDeserializer::from(value)) {
            Ok(day) => self.contents.vetted = Some(day),
            Err(error) => self.fault(at, Some("vetted".to_owned()), wording::of_value(error.message())),
        }
    }

    fn rows<T: Row>(&mut self, key: &Spanned<Cow<'_, str>>, value: Spanned<DeValue<'_>>) {
        let at = key.span().start;
        match value.into_inner() {
            DeValue::Array(rows) => {
                for row in rows {
                    let span = row.span();
                    match row.into_inner() {
                        DeValue::Table(table) => self.row::<T>(table, span),
                        _ => self.fault(span.start, None, format!("a record of {} is fields in braces", T::WORD)),
                    }
                }
            }
            DeValue::Table(_) => {
                self.fault(at, None, format!("the heading has two brackets on each side: [[{}]]", T::WORD));
            }
            _ => self.fault(at, None, format!("records stand under a heading with two brackets: [[{}]]", T::WORD)),
        }
    }

    /// Reads a record. Each field that is wrong is told and left out, so that the next can be looked at.
    fn row<T: Row>(&mut self, mut table: DeTable<'_>, span: Range<usize>) {
        let found = self.contents.faults.len();
        let begins = table.get_key_value("key").map_or(span.start, |(key, _)| key.span().start);
        for field in T::REQUIRED.iter().filter(|field| !table.contains_key(**field)) {
            self.fault(begins, Some(format!("{}.{field}", T::WORD)), "it is missing".to_owned());
        }
        let row = loop {
            let value = Spanned::new(span.clone(), DeValue::Table(table.clone()));
            let error = match serde_path_to_error::deserialize::<_, T>(ValueDeserializer::from(value)) {
                Ok(row) => break row,
                Err(error) => error,
            };
            let path: Vec<&Segment> = error.path().iter().collect();
            let Some(field) = path.iter().find_map(|segment| match segment {
                Segment::Map { key } => Some(key.clone()),
                _ => None,
            }) else {
                // Fields that are missing, which are told; or were left out.
                if self.contents.faults.len() == found {
                    self.fault(begins, None, wording::of_value(error.inner().message()));
                }
                return;
            };
            let value_at = table.get(field.as_str()).map_or(begins, |value| value.span().start);
            let at = error.inner().span().map_or(value_at, |span| span.start);
            self.fault(at, Some(named(T::WORD, &path)), wording::of_value(error.inner().message()));
            if table.remove(field.as_str()).is_none() {
                return;
            }
        };
        if self.contents.faults.len() > found {
            return;
        }
        match row.into_record() {
            Ok(mut record) => {
                record.key_offset += self.offset;
                self.contents.records.push(record);
            }
            Err(errors) => {
                for error in errors {
                    self.fault(error.key_offset, Some(format!("{}.{}", T::WORD, error.field)), error.message);
                }
            }
        }
    }
}

/// The field of a path within a record of this kind, without the marks that the reader's own types leave in it.
fn named(word: &str, path: &[&Segment]) -> String {
    let mut named = word.to_owned();
    for segment in path {
        match segment {
            Segment::Seq { index } => named.push_str(&format!("[{index}]")),
            Segment::Map { key } if !key.starts_with("$__") => {
                named.push('.');
                named.extend(key.chars().take(40));
            }
            Segment::Map { .. } | Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    named
}

/// Whether a name in a pack is that of a date: of a field, of a notice, or of the review.
fn is_date(name: &str) -> bool {
    let mut fields = HEADINGS.iter().filter_map(|word| RecordKind::from_word(word)).flat_map(fields::held);
    ["on", "vetted"].contains(&name) || fields.any(|(field, held)| held.pack == name && field.kind == FieldKind::Date)
}

/// Makes texts of dates that are written without quotation marks, as TOML has dates of its own, and of years.
fn take_dates(table: &mut DeTable<'_>) {
    for (name, value) in table.iter_mut() {
        let is_date = is_date(name.get_ref());
        let value = value.get_mut();
        let text = match value {
            DeValue::Datetime(date) if is_date => Some(date.to_string()),
            DeValue::Integer(year) if is_date && year.radix() == 10 => Some(year.as_str().to_owned()),
            _ => None,
        };
        if let Some(text) = text {
            *value = DeValue::String(Cow::Owned(text));
        }
        match value {
            DeValue::Table(table) => take_dates(table),
            DeValue::Array(values) => {
                for value in values.iter_mut() {
                    if let DeValue::Table(table) = value.get_mut() {
                        take_dates(table);
                    }
                }
            }
            _ => {}
        }
    }
}
