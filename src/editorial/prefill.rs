//! A record as its form is filled in, for those who edit it.

use serde_json::Value;

use super::{
    draft::{Draft, DraftBlock},
    forms::{FieldKind, form},
};
use crate::{
    model::{Key, Record, RecordKey, RecordKind, fields, fields::FieldValues},
    store::{Failure, Reader},
};

/// The form of a record, filled in with what is on record; what it refers to by id.
///
/// # Errors
/// When the database can't be read.
pub fn prefilled(record: &Record, records: &Reader<'_>) -> Result<Draft, Failure> {
    let mut block = DraftBlock::new(form(record.kind()));
    let values = FieldValues::of(record);
    for (field, held) in fields::held(record.kind()) {
        let items = match values.get(&held) {
            None => Vec::new(),
            Some(Value::Array(items)) => items.iter().collect(),
            Some(value) => vec![value],
        };
        let items = items.into_iter().map(|item| written(field.kind, item, records)).collect::<Result<Vec<_>, _>>()?;
        block.set(field.name, &items.join("\n"));
    }
    Ok(Draft { blocks: vec![block] })
}

/// A value as someone fills it in.
fn written(kind: FieldKind, value: &Value, records: &Reader<'_>) -> Result<String, Failure> {
    let part = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
    let id = |kind: RecordKind, key: &str| -> Result<String, Failure> {
        let Ok(parsed) = key.parse::<Key>() else { return Ok(key.to_owned()) };
        Ok(records.record_id(&RecordKey::new(kind, parsed))?.map_or_else(|| key.to_owned(), |id| id.to_string()))
    };
    let text = value.as_str().unwrap_or_default();
    Ok(match kind {
        FieldKind::Entity(_) => id(RecordKind::Entity, text)?,
        FieldKind::Statement => id(RecordKind::Statement, text)?,
        FieldKind::Source => id(RecordKind::Source, text)?,
        FieldKind::Citation => {
            let source = id(RecordKind::Source, part("source"))?;
            format!("{source} {} {}", part("role"), part("locator")).trim_end().to_owned()
        }
        FieldKind::Alias => format!("{} ({})", part("name"), part("language")),
        FieldKind::Words
        | FieldKind::Quote
        | FieldKind::Date
        | FieldKind::Language
        | FieldKind::Address
        | FieldKind::Catalogue
        | FieldKind::Choice(_)
        | FieldKind::Confirmation
        | FieldKind::Number => text.to_owned(),
    })
}
