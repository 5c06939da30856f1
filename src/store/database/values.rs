//! Between SQLite's columns and the model's types.

use std::str::FromStr;

use jiff::Timestamp;
use rusqlite::{
    Row, ToSql,
    types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef},
};

use crate::model::{DueEditId, EntityId, ResponseId, Sequence, SourceId, StatementId, SuggestionId};

/// Numbers that are types of their own are stored as what they are.
macro_rules! stored_as_number {
    ($($type:ty),*) => {$(
        impl ToSql for $type {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                self.0.to_sql()
            }
        }

        impl FromSql for $type {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                value.as_i64().map(Self)
            }
        }
    )*};
}

stored_as_number!(DueEditId, EntityId, ResponseId, Sequence, SourceId, StatementId, SuggestionId);

/// A value that is stored as its text.
pub(in crate::store) struct Stored<T>(pub(in crate::store) T);

impl<T> FromSql for Stored<T>
where
    T: FromStr<Err: std::error::Error + Send + Sync + 'static>,
{
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str()?.parse().map(Self).map_err(|error| FromSqlError::Other(Box::new(error)))
    }
}

/// The value of a column that is stored as its text.
pub(in crate::store) fn get<T>(row: &Row<'_>, column: &str) -> rusqlite::Result<T>
where
    T: FromStr<Err: std::error::Error + Send + Sync + 'static>,
{
    row.get::<_, Stored<T>>(column).map(|stored| stored.0)
}

/// As [`get`], for a column that may be null.
pub(in crate::store) fn get_optional<T>(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<T>>
where
    T: FromStr<Err: std::error::Error + Send + Sync + 'static>,
{
    row.get::<_, Option<Stored<T>>>(column).map(|stored| stored.map(|stored| stored.0))
}

/// A value as the text that is stored.
pub(in crate::store) fn text(value: &impl ToString) -> String {
    value.to_string()
}

/// An optional value as the text that is stored.
pub(in crate::store) fn optional_text<T: ToString>(value: Option<&T>) -> Option<String> {
    value.map(ToString::to_string)
}

/// The time of a column that holds milliseconds since 1970.
pub(in crate::store) fn timestamp(row: &Row<'_>, column: &str) -> rusqlite::Result<Timestamp> {
    let milliseconds = row.get(column)?;
    Timestamp::from_millisecond(milliseconds)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Integer, Box::new(error)))
}

/// A word that a column of a closed set doesn't have.
#[derive(Debug, thiserror::Error)]
#[error("{column} is none of its words: {found}")]
struct UnknownWord {
    column: &'static str,
    found: String,
}

/// What is said of a word that a column of a closed set doesn't have: it was not written by this program.
pub(in crate::store) fn unknown(column: &'static str, found: impl Into<String>) -> rusqlite::Error {
    let unknown = UnknownWord { column, found: found.into() };
    rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(unknown))
}
