//! A sum over the rows of each table that no history says anything of: forms, suggestions, deliveries, what messages show
//! and what is to be posted. The connection that writes keeps the sums in step, whoever wrote the statement; what another
//! program writes there, or what a fault of the disk leaves, shows when they are computed anew.
//!
//! A row counts as the SHA-256 of its table's name and its values, and a table as the sum of its rows modulo 2^256, so
//! that it costs the same to keep however large the table is. Triggers do it, which live in the connection alone: in the
//! file they would act for everyone.

use std::collections::BTreeSet;

use rusqlite::{Connection, Transaction, functions::FunctionFlags, types::ValueRef};
use sha2::{Digest, Sha256};

use crate::store::{failure::Failure, history::hash::hex, history::seals::line, records::load::rows};

/// The tables that the history accounts for: it has them under its seals, or they are what it adds up to. And this sum
/// itself, and the list of migrations, which is compared with the program's.
const TOLD_BY_THE_HISTORY: [&str; 25] = [
    "act",
    "alias",
    "block",
    "change",
    "citation",
    "community",
    "community_channel",
    "correction",
    "entity",
    "migration",
    "operation",
    "person",
    "record",
    "response",
    "response_to",
    "role",
    "same_as",
    "seal",
    "source",
    "source_author",
    "statement",
    "statement_about",
    "tally",
    "touched",
    "sqlite_sequence",
];

/// Tables that others put into the file: SQLite, which keeps what it counted there, and Litestream, which replicates
/// it. Nothing of ours reads them.
pub(in crate::store) const OF_OTHERS: [&str; 5] =
    ["sqlite_sequence", "sqlite_stat1", "sqlite_stat4", "_litestream_seq", "_litestream_lock"];

/// The name under which the connection that writes knows the function that takes a row into a sum, or out of it.
const FUNCTION: &str = "tally_after";

/// 256 bits, the most significant first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sum([u8; 32]);

impl Sum {
    const ZERO: Self = Self([0; 32]);

    fn of_row(table: &str, values: &[ValueRef<'_>]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(table);
        hasher.update("\n");
        hasher.update(line(values));
        Self(hasher.finalize().into())
    }

    fn read(text: &str) -> Option<Self> {
        let mut sum = Self::ZERO;
        let digits = text.as_bytes().chunks_exact(2);
        if text.len() != 64 {
            return None;
        }
        for (byte, pair) in sum.0.iter_mut().zip(digits) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(sum)
    }

    fn plus(mut self, other: Self) -> Self {
        let mut carry = false;
        for (byte, more) in self.0.iter_mut().zip(other.0).rev() {
            let (once, first) = byte.overflowing_add(more);
            let (twice, second) = once.overflowing_add(u8::from(carry));
            (*byte, carry) = (twice, first | second);
        }
        self
    }

    /// What is to be added to come to zero.
    fn negative(self) -> Self {
        let one = {
            let mut one = Self::ZERO;
            one.0[31] = 1;
            one
        };
        Self(self.0.map(|byte| !byte)).plus(one)
    }
}

impl std::fmt::Display for Sum {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&hex(self.0))
    }
}

/// A table with a sum, and its columns in order.
struct Table {
    name: String,
    columns: Vec<String>,
}

impl Table {
    fn sum(&self, connection: &Connection) -> Result<Sum, Failure> {
        let columns: Vec<String> = self.columns.iter().map(|column| quoted(column)).collect();
        let sql = format!("SELECT {} FROM main.{} NOT INDEXED", columns.join(", "), quoted(&self.name));
        let mut statement = connection.prepare(&sql)?;
        let mut found = statement.query([])?;
        let mut sum = Sum::ZERO;
        while let Some(row) = found.next()? {
            let values = (0..columns.len()).map(|column| row.get_ref(column)).collect::<rusqlite::Result<Vec<_>>>()?;
            sum = sum.plus(Sum::of_row(&self.name, &values));
        }
        Ok(sum)
    }

    /// The triggers that keep the sum in step.
    fn triggers(&self) -> String {
        let (table, name) = (quoted(&self.name), self.name.replace('\'', "''"));
        let after = |sum: &str, sign: i8, row: &str| {
            let values: Vec<String> = self.columns.iter().map(|column| format!("{row}.{}", quoted(column))).collect();
            format!("{FUNCTION}({sum}, {sign}, '{name}', {})", values.join(", "))
        };
        let trigger = |event: &str, sum: String| {
            format!(
                "CREATE TEMP TRIGGER {} AFTER {event} ON main.{table}
                 BEGIN UPDATE tally SET sum = {sum} WHERE name = '{name}'; END;\n",
                quoted(&format!("tally {event} {}", self.name)),
            )
        };
        [
            trigger("INSERT", after("sum", 1, "NEW")),
            trigger("DELETE", after("sum", -1, "OLD")),
            trigger("UPDATE", after(&after("sum", -1, "OLD"), 1, "NEW")),
        ]
        .concat()
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The tables that have a sum, which are all that nothing else accounts for; none in a schema from before there were sums.
fn tables(connection: &Connection) -> Result<Vec<Table>, Failure> {
    let names: Vec<String> =
        rows(connection, "SELECT name FROM main.sqlite_schema WHERE type = 'table' ORDER BY name", [], |row| {
            row.get(0)
        })?;
    if !names.iter().any(|name| name == "tally") {
        return Ok(Vec::new());
    }
    let tallied = names
        .into_iter()
        .filter(|name| !TOLD_BY_THE_HISTORY.contains(&name.as_str()) && !OF_OTHERS.contains(&name.as_str()));
    tallied
        .map(|name| {
            let columns =
                rows(connection, "SELECT name FROM pragma_table_info(?1) ORDER BY cid", [&name], |row| row.get(0))?;
            Ok(Table { name, columns })
        })
        .collect()
}

/// Has a connection keep the sums in step with all that is written through it.
pub(in crate::store) fn watch(connection: &Connection) -> Result<(), Failure> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function(FUNCTION, -1, flags, |context| {
        let sum: String = context.get(0)?;
        let (sign, table): (i64, String) = (context.get(1)?, context.get(2)?);
        let values: Vec<ValueRef<'_>> = (3..context.len()).map(|place| context.get_raw(place)).collect();
        let row = Sum::of_row(&table, &values);
        // What is no sum stays what it is, for whoever verifies.
        Ok(Sum::read(&sum).map_or(sum, |sum| sum.plus(if sign < 0 { row.negative() } else { row }).to_string()))
    })?;
    // What takes another row's place has that counted as deleted, too (SQLite, "PRAGMA recursive_triggers").
    connection.pragma_update(None, "recursive_triggers", true)?;
    for table in tables(connection)? {
        connection.execute_batch(&table.triggers())?;
    }
    Ok(())
}

/// The sums before the schema changes.
pub(in crate::store) struct Before {
    /// The tables that there were.
    tables: BTreeSet<String>,
    /// Those whose sum was that of their rows.
    sound: BTreeSet<String>,
}

/// Looks at the sums before the schema changes, and with it the rows.
pub(in crate::store) fn before_migrating(transaction: &Transaction<'_>) -> Result<Before, Failure> {
    let mut before = Before { tables: BTreeSet::new(), sound: BTreeSet::new() };
    for table in tables(transaction)? {
        if told(transaction, &table.name)? == Some(table.sum(transaction)?.to_string()) {
            before.sound.insert(table.name.clone());
        }
        before.tables.insert(table.name);
    }
    Ok(before)
}

/// Computes the sums of tables that are new, and anew those of tables whose sum was right before.
pub(in crate::store) fn after_migrating(transaction: &Transaction<'_>, before: &Before) -> Result<(), Failure> {
    for table in tables(transaction)? {
        if before.sound.contains(&table.name) || !before.tables.contains(&table.name) {
            transaction.execute(
                "INSERT INTO tally (name, sum) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET sum = excluded.sum",
                (&table.name, table.sum(transaction)?.to_string()),
            )?;
        }
    }
    Ok(())
}

fn told(connection: &Connection, table: &str) -> Result<Option<String>, Failure> {
    Ok(rows(connection, "SELECT sum FROM tally WHERE name = ?1", [table], |row| row.get(0))?.into_iter().next())
}

/// Computes all sums anew; gives what is wrong.
pub(in crate::store) fn verify(connection: &Connection) -> Result<Vec<String>, Failure> {
    let mut problems = Vec::new();
    let mut known: BTreeSet<String> =
        rows(connection, "SELECT name FROM tally", [], |row| row.get(0))?.into_iter().collect();
    for table in tables(connection)? {
        known.remove(&table.name);
        if told(connection, &table.name)? != Some(table.sum(connection)?.to_string()) {
            problems.push(format!("the table {} holds what this program didn't write", table.name));
        }
    }
    problems.extend(known.into_iter().map(|name| format!("there is a tally of {name}, which has none")));
    Ok(problems)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_was_added_and_taken_away_again_leaves_the_sum(rows in prop::collection::vec(any::<[u8; 32]>(), 0..20)) {
            let all = rows.iter().fold(Sum::ZERO, |sum, row| sum.plus(Sum(*row)));
            prop_assert_eq!(Sum::read(&all.to_string()).unwrap(), all);
            let backwards = rows.iter().rev().fold(Sum::ZERO, |sum, row| sum.plus(Sum(*row)));
            prop_assert_eq!(backwards, all);
            let none = rows.iter().fold(all, |sum, row| sum.plus(Sum(*row).negative()));
            prop_assert_eq!(none, Sum::ZERO);
        }
    }
}
