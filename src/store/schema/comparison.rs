//! The schema of a database against the one that the migrations make: a trigger, a view or a column beyond, and a rule
//! or an index that is gone, are found before anything is written or believed.
//!
//! What is compared is the text that SQLite itself goes by (SQLite, "The Schema Table"), without comments, white space
//! and needless quotation marks. The schema to compare with is made by the migrations in memory, once in a process.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::Connection;

use crate::store::{
    database::connection::APPLICATION_ID,
    open_error::OpenError,
    schema::migrations::{BOOKKEEPING, MIGRATIONS, Migration, applied},
    schema::tally::OF_OTHERS,
};

/// How many differences are named.
const NAMED: usize = 20;

/// The objects of a schema: under their kind and name, the table that they belong to and the words of their SQL, which
/// an index that SQLite makes by itself has none of.
type Schema = BTreeMap<(String, String), (String, Option<String>)>;

/// How the schema of a database differs from the one that the program's migrations make, up to the one that the file
/// says was applied last. Nothing is said of a file with more migrations than the program knows.
///
/// # Errors
/// When the file can't be read.
pub(in crate::store) fn differences(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    differences_from(connection, MIGRATIONS)
}

fn differences_from(connection: &Connection, migrations: &[Migration]) -> rusqlite::Result<Vec<String>> {
    // The number and the schema are of one moment, though another process may just be bringing the file up to date.
    let _moment = if connection.is_autocommit() { Some(connection.unchecked_transaction()?) } else { None };
    let version: usize = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    // The number alone could be anyone's: it must be that of the migrations on the list.
    if version > 0 {
        let listed = "SELECT EXISTS (SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND name = 'migration')";
        let is_listed: bool = connection.query_row(listed, [], |row| row.get(0))?;
        let counted: usize = if is_listed {
            connection.query_row("SELECT count(*) FROM main.migration", [], |row| row.get(0))?
        } else {
            0
        };
        if counted != version {
            return Ok(vec![format!("the schema is said to be {version}, and {counted} migrations were applied")]);
        }
    }
    // That the program knows no such version is said by the migrations.
    let Some(applied) = migrations.get(..version) else { return Ok(Vec::new()) };
    let (made, found) = (made_by(applied)?, schema_of(connection)?);
    let mut differences = Vec::new();
    for (object, should_be) in made.iter() {
        let (kind, name) = object;
        match found.get(object) {
            None => differences.push(format!("the {kind} {name} is missing")),
            Some(is) if is != should_be => {
                differences.push(format!("the {kind} {name} is not as the program makes it"))
            }
            Some(_) => {}
        }
    }
    let beyond = found.iter().filter(|(object, _)| !made.contains_key(*object));
    for ((kind, name), (_, sql)) in beyond {
        if !is_of_others(kind, name, sql.as_deref()) {
            differences.push(format!("the {kind} {name} is not of this program"));
        }
    }
    differences.truncate(NAMED);
    Ok(differences)
}

/// Refuses a file of ours whose schema is another than the migrations make. What is no file of ours, or newer than the
/// program, is told apart by the migrations.
pub(in crate::store) fn check(connection: &Connection, path: &Path, migrations: &[Migration]) -> Result<(), OpenError> {
    let sqlite = |error| OpenError::from_sqlite(path, error);
    let marked: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(sqlite)?;
    if marked != APPLICATION_ID {
        return Ok(());
    }
    // What is wrong with the migrations themselves is told as that.
    applied(connection, path, migrations)?;
    let differences = differences_from(connection, migrations).map_err(sqlite)?;
    if differences.is_empty() { Ok(()) } else { Err(OpenError::Altered { path: path.to_owned(), differences }) }
}

/// Whether an object is a table that SQLite or Litestream keeps for itself, and can do nothing by itself: with one pair
/// of parentheses it is no virtual table and has no expression in it.
fn is_of_others(kind: &str, name: &str, sql: Option<&str>) -> bool {
    kind == "table"
        && OF_OTHERS.contains(&name)
        && sql.is_some_and(|sql| sql.starts_with("CREATE TABLE ") && sql.matches('(').count() == 1)
}

fn schema_of(connection: &Connection) -> rusqlite::Result<Schema> {
    let mut statement = connection.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema")?;
    let objects = statement.query_map([], |row| {
        let sql: Option<String> = row.get(3)?;
        Ok(((row.get(0)?, row.get(1)?), (row.get(2)?, sql.as_deref().map(words_of))))
    })?;
    objects.collect()
}

/// The schema that these migrations make.
fn made_by(migrations: &[Migration]) -> rusqlite::Result<Arc<Schema>> {
    static MADE: Mutex<Option<HashMap<Vec<&'static str>, Arc<Schema>>>> = Mutex::new(None);
    let key: Vec<&'static str> = migrations.iter().map(|migration| migration.sql).collect();
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    let made = made.get_or_insert_default();
    if let Some(schema) = made.get(&key) {
        return Ok(Arc::clone(schema));
    }
    let connection = Connection::open_in_memory()?;
    if !key.is_empty() {
        connection.execute_batch(BOOKKEEPING)?;
    }
    for sql in &key {
        connection.execute_batch(sql)?;
    }
    let schema = Arc::new(schema_of(&connection)?);
    made.insert(key, Arc::clone(&schema));
    Ok(schema)
}

/// SQL without comments, with one space between its words, and names without the quotation marks that they don't need:
/// SQLite puts some around a table's name when it renames it.
fn words_of(sql: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            _ if first.is_whitespace() => {
                rest = rest.trim_start();
                continue;
            }
            '-' if rest.starts_with("--") => {
                rest = rest.find('\n').map_or("", |end| &rest[end..]);
                continue;
            }
            '/' if rest.starts_with("/*") => {
                // The star that opens it doesn't close it.
                rest = rest[2..].find("*/").map_or("", |end| &rest[end + 4..]);
                continue;
            }
            '\'' | '"' | '`' => quoted(rest, first),
            _ if is_of_word(first) => rest.find(|character| !is_of_word(character)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (word, after) = rest.split_at(length);
        let name = word.strip_prefix('"').and_then(|word| word.strip_suffix('"'));
        let plain = name.filter(|name| {
            name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') && name.chars().all(is_of_word)
        });
        words.push(plain.unwrap_or(word).to_owned());
        rest = after;
    }
    words.join(" ")
}

const fn is_of_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// How long the quoted text is that stands at the beginning; a doubled mark inside is part of it.
fn quoted(text: &str, mark: char) -> usize {
    let mut inside = text.char_indices().skip(1).peekable();
    while let Some((at, character)) = inside.next() {
        if character == mark && inside.next_if(|(_, next)| *next == mark).is_none() {
            return at + mark.len_utf8();
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::words_of;

    #[test]
    fn comments_space_and_needless_marks_are_no_part_of_a_schema() {
        let one = "CREATE TABLE \"act\" (id INTEGER, -- which; it's old\n  kind TEXT CHECK (kind <> '--''x')) /* end */ STRICT";
        let other = "CREATE TABLE act(id INTEGER,kind TEXT CHECK(kind<>'--''x'))STRICT";
        assert_eq!(words_of(one), words_of(other));
        for different in [other.replace("''x", "''y"), other.replace("INTEGER", "TEXT"), other.replace("STRICT", "")] {
            assert_ne!(words_of(one), words_of(&different));
        }
        assert_ne!(words_of("CREATE TABLE \"a b\" (x)"), words_of("CREATE TABLE a b (x)"));
    }
}
