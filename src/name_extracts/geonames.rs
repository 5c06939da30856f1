//! GeoNames' table of alternate names, a row for each name.
//!
//! The columns are those of alternateNamesV2.txt, and of alternateNames.txt before it, which ends after the eighth:
//! <https://download.geonames.org/export/dump/readme.txt>, "The table 'alternate names'", as of 2026-11.

use std::io::{self, BufRead};

use super::extract::{Extract, NameRole};
use crate::{
    files::{BoundedLines, LineRead},
    model::{Catalogue, CatalogueEntry},
};

/// The longest row that is held, in bytes. GeoNames' names have at most 400 characters, and its links are as long as links
/// are.
const LONGEST_ROW: u64 = 16 * 1024;

/// The fewest columns that a row has: up to the name. What is said of a name may be left out behind it.
const COLUMNS: usize = 4;

/// What stands in the column of the language where the name is an abbreviation.
const ABBREVIATION: &str = "abbr";

/// Whether a line is a row of the table: two numbers, a language or none, a name.
pub(super) fn is_row(line: &[u8]) -> bool {
    let columns: Vec<&[u8]> = line.split(|&byte| byte == b'\t').collect();
    let is_number = |column: &&[u8]| !column.is_empty() && column.iter().all(u8::is_ascii_digit);
    columns.len() >= COLUMNS && columns.iter().take(2).all(is_number)
}

/// Reads the table row by row.
pub(super) fn read(input: impl BufRead, extract: &mut Extract) -> io::Result<()> {
    let mut lines = BoundedLines::new(input, LONGEST_ROW);
    while let Some((number, line)) = lines.next_line()? {
        match line {
            LineRead::Whole(line) if line.iter().all(u8::is_ascii_whitespace) => {}
            LineRead::Whole(line) => {
                if let Err(what) = row(line, extract) {
                    extract.break_at(number, what);
                }
            }
            LineRead::TooLong => extract.break_at(number, format!("is longer than {LONGEST_ROW} bytes")),
        }
    }
    Ok(())
}

fn row(line: &[u8], extract: &mut Extract) -> Result<(), &'static str> {
    const NO_ROW: &str =
        "is no row of GeoNames' alternate names: two numbers, a language and a name, with tabs between";

    let line = std::str::from_utf8(line).map_err(|_| "is not UTF-8 text")?;
    if !is_row(line.as_bytes()) {
        return Err(NO_ROW);
    }
    let mut columns = line.split('\t').skip(1);
    let (Some(place), Some(code), Some(name)) = (columns.next(), columns.next(), columns.next()) else {
        return Err(NO_ROW);
    };
    let entry = CatalogueEntry::of(Catalogue::GeoNames, place).ok_or("has no id of GeoNames in its second column")?;
    if !extract.meet(entry) {
        return Ok(());
    }
    let mut said = || columns.next().unwrap_or_default();
    let (preferred, _short, _colloquial, historic, _from, to) = (said(), said(), said(), said(), said(), said());
    // What a place was called until some year it is called no more.
    if historic == "1" || !to.is_empty() {
        return Ok(());
    }
    if code == ABBREVIATION {
        // Of which language it is isn't said; in Latin letters it is what English has, too.
        if name.is_ascii() {
            extract.take(entry, name, "en", NameRole::Other);
        }
        return Ok(());
    }
    let role = if preferred == "1" { NameRole::Own } else { NameRole::Other };
    extract.take(entry, name, code, role);
    Ok(())
}
