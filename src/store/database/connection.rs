//! Opening connections: one way for the writer, one for readers, with SQLite's settings.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags, config::DbConfig};

use crate::files::{beside, create_private};
use crate::store::{database::ownership::Ownership, open_error::OpenError};

/// Marks a file as one of ours ("OnRe"; SQLite, "PRAGMA application_id").
pub(in crate::store) const APPLICATION_ID: i32 = 0x4F6E_5265;

/// How long a statement waits for another process's lock.
pub(in crate::store) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How much of the file each reader keeps in memory, in KiB: four times what SQLite takes by itself. On a hundred thousand
/// statements an answer copies some twenty pages from the system even so.
const PAGES_KEPT: i64 = 8 * 1_024;

/// What SQLite puts beside a database that is open (SQLite, "Write-Ahead Logging").
pub(in crate::store) const LOGS: [&str; 2] = ["-wal", "-shm"];

/// How readers may open the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Access {
    /// Beside a writer, through the write-ahead log.
    Shared,
    /// Where nothing at all can be written, not even the log's index: the file can't change either.
    Immutable,
}

/// Which access a file has that can't be written: shared where its log is there to be read.
pub(in crate::store) fn read_only_access(path: &Path) -> Access {
    if beside(path, "-shm").exists() { Access::Shared } else { Access::Immutable }
}

/// Which access a file has that is copied: shared where its log stands beside it, so that what is in the
/// log is copied too; otherwise nothing is written beside it, wherever it lies.
pub(in crate::store) fn copy_access(path: &Path) -> Access {
    if beside(path, "-wal").exists() { Access::Shared } else { Access::Immutable }
}

/// Refuses what is there and no file: to open a pipe would be to wait for whoever writes to it.
fn check_file(path: &Path) -> Result<(), OpenError> {
    match std::fs::metadata(path) {
        Ok(found) if !found.is_file() => Err(OpenError::NotADatabase { path: path.to_owned() }),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Whether there is something at a path that a database could be: a file without content is what a first start that was
/// cut short leaves, and holds nothing.
pub(in crate::store) fn is_there(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|found| !found.is_file() || found.len() > 0)
}

/// Refuses a path at which there is no database, for those who begin none.
pub(in crate::store) fn check_there(path: &Path) -> Result<(), OpenError> {
    if is_there(path) { Ok(()) } else { Err(OpenError::Missing { path: path.to_owned() }) }
}

/// Makes the file of a new database, private and whosever folder it is in.
pub(in crate::store) fn begin(path: &Path) -> Result<(), OpenError> {
    let made = create_private(path).and_then(|_| Ownership::of_new(path)?.give(path));
    match made {
        Ok(()) => Ok(()),
        // By another process, or by one that ended before there was anything in it.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::StorageFull => Err(OpenError::Full { path: path.to_owned() }),
        Err(_) => Err(OpenError::Inaccessible {
            path: path.to_owned(),
            reason: "its folder is missing or may not be written".to_owned(),
            read_only: false,
        }),
    }
}

/// A connection that writes to a file that is there. Nothing is written before `examine` has looked at what is there; what
/// it refuses is left as it is. The connection never folds the log in by itself: whoever may does it by `log_keeper`.
pub(in crate::store) fn open_for_writing(
    path: &Path,
    examine: impl FnOnce(&Connection) -> Result<(), OpenError>,
) -> Result<Connection, OpenError> {
    check_file(path)?;
    let sqlite = |error| OpenError::from_sqlite(path, error);
    let open = || -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        settle(&connection)?;
        connection.pragma_update(None, "wal_autocheckpoint", 0)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        Ok(connection)
    };
    let connection = open().map_err(sqlite)?;
    examine(&connection)?;
    let prepare = |connection: Connection| -> rusqlite::Result<Connection> {
        let found: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
        let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        if found != APPLICATION_ID && (found != 0 || tables > 0) {
            // Told apart below; a file of another program must not even be switched to WAL.
            return Ok(connection);
        }
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // An acknowledged approval survives the loss of power: the log is synced at each commit.
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "journal_size_limit", 64 * 1024 * 1024)?;
        // What is purged is overwritten, not only forgotten.
        connection.pragma_update(None, "secure_delete", true)?;
        Ok(connection)
    };
    let connection = prepare(connection).map_err(sqlite)?;
    // A file opened read-write may turn out to be read-only; ask before the first change does.
    if connection.is_readonly(rusqlite::MAIN_DB).map_err(sqlite)? {
        return Err(OpenError::Inaccessible {
            path: path.to_owned(),
            reason: "it can only be read".to_owned(),
            read_only: true,
        });
    }
    Ok(connection)
}

/// A connection that can't write.
pub(in crate::store) fn open_for_reading(path: &Path, access: Access) -> Result<Connection, OpenError> {
    let connection = open_for_copying(path, access)?;
    connection.pragma_update(None, "query_only", true).map_err(|error| OpenError::from_sqlite(path, error))?;
    // Negative: in KiB, not in pages.
    connection.pragma_update(None, "cache_size", -PAGES_KEPT).map_err(|error| OpenError::from_sqlite(path, error))?;
    // A page of answers runs some thirty different statements; each is compiled once.
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// A connection that can't write to the file, but can copy it to another.
pub(in crate::store) fn open_for_copying(path: &Path, access: Access) -> Result<Connection, OpenError> {
    check_file(path)?;
    let open = || -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = match access {
            Access::Shared => Connection::open_with_flags(path, flags)?,
            Access::Immutable => {
                let address = url::Url::from_file_path(std::path::absolute(path).unwrap_or_else(|_| path.to_owned()))
                    .map_err(|()| rusqlite::Error::InvalidPath(path.to_owned()))?;
                Connection::open_with_flags(format!("{address}?immutable=1"), flags | OpenFlags::SQLITE_OPEN_URI)?
            }
        };
        settle(&connection)?;
        Ok(connection)
    };
    open().map_err(|error| OpenError::from_sqlite(path, error))
}

/// A connection that reads every page. On one that is opened for reading only, SQLite doesn't know of the CHECKs and
/// so doesn't hold the rows against them; this one could write, and is kept from it. Of a file that can't be written
/// the pages are read all the same.
pub(in crate::store) fn open_for_checking(path: &Path, access: Access) -> Result<Connection, OpenError> {
    check_file(path)?;
    let open = || -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        settle(&connection)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        connection.pragma_update(None, "query_only", true)?;
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(connection)
    };
    match access {
        Access::Shared => open().or_else(|_| open_for_reading(path, access)),
        Access::Immutable => open_for_reading(path, access),
    }
}

/// Whether a file is written through the log. One that isn't, as a backup that was copied to its place by hand, can't be
/// switched to it while someone reads.
pub(in crate::store) fn is_logged(connection: &Connection) -> rusqlite::Result<bool> {
    let mode: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
    Ok(mode.eq_ignore_ascii_case("wal"))
}

fn settle(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn sqlite_is_compiled_so_that_connections_share_no_lock() {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        let mut statement = connection.prepare("PRAGMA compile_options").unwrap();
        let options: Vec<String> =
            statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
        assert!(
            !options.iter().any(|option| option == "ENABLE_MEMORY_MANAGEMENT"),
            "see .cargo/config.toml: {options:?}"
        );
        assert!(options.iter().any(|option| option == "DEFAULT_MEMSTATUS=0"), "see .cargo/config.toml: {options:?}");
    }
}
