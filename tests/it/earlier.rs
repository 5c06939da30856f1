//! Databases as programs of earlier schemas left them, made of the fixtures that `upgrades` tells of.

use std::path::{Path, PathBuf};

use onrecord::store::{MIGRATIONS, Migration, OpenError, Store};
use rusqlite::Connection;
use sha2::{Digest, Sha256};

/// The data of a database of this schema.
pub fn fixture(schema: usize) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/upgrades/schema-{schema}.sql"))
}

/// The newest schema that there is a fixture of.
pub fn newest() -> usize {
    (1..).take_while(|schema| fixture(*schema).exists()).last().unwrap()
}

/// A database as a program of this schema left it.
pub fn early(folder: &Path, schema: usize) -> PathBuf {
    let path = folder.join("onrecord.db");
    // Before the third there was no chain to begin, and that is said; the tables are there by then.
    drop(Store::open_with(&path, &MIGRATIONS[..schema]));
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch(&std::fs::read_to_string(fixture(schema)).unwrap()).unwrap();
    if schema >= 10 {
        for (table, sum) in sums(&connection) {
            connection.execute("UPDATE tally SET sum = ?2 WHERE name = ?1", (table, sum)).unwrap();
        }
    }
    let found: usize = connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(found, schema);
    path
}

/// The sum over the rows of each table that has one, as the migration that brought them says it.
pub fn sums(connection: &Connection) -> Vec<(String, String)> {
    let texts = |sql: &str| -> Vec<String> {
        let mut statement = connection.prepare(sql).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    };
    texts("SELECT name FROM tally ORDER BY name")
        .into_iter()
        .map(|table| {
            let columns = texts(&format!("SELECT name FROM pragma_table_info('{table}') ORDER BY cid")).join(", ");
            let mut sum = [0_u8; 32];
            for row in texts(&format!("SELECT json_array({columns}) FROM {table}")) {
                let mut carry = 0;
                let row = Sha256::digest(format!("{table}\n{row}"));
                for (byte, more) in sum.iter_mut().zip(row).rev() {
                    let both = u16::from(*byte) + u16::from(more) + carry;
                    (*byte, carry) = (both.to_le_bytes()[0], both >> 8);
                }
            }
            (table, sum.iter().map(|byte| format!("{byte:02x}")).collect())
        })
        .collect()
}

/// Opens what can't be brought up to date; gives what is said. The file must be what it was.
pub fn refused(path: &Path, migrations: &[Migration]) -> OpenError {
    let before = std::fs::read(path).unwrap();
    let error = Store::open_with(path, migrations).unwrap_err();
    assert!(std::fs::read(path).unwrap() == before, "the file is not what it was: {error}");
    error
}
