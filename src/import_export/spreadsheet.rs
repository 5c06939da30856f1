//! Statements and responses as a table for spreadsheets: comma-separated values (RFC 4180) that begin with a byte order
//! mark, without which Excel reads other scripts than Latin wrongly.
//!
//! A spreadsheet takes a cell that begins with certain signs for a formula, also where it comes from a file (OWASP, "CSV
//! Injection"). Such cells begin with an apostrophe here.

use std::collections::BTreeSet;

use crate::{
    model::{
        CitationRole, Date, Record, RecordNotice, SourceName, Standing, StatementId,
        fields::{FieldKind, FieldValues, held},
    },
    store::{CitationView, EntryView, Reader, ResponseView, StoreError},
};

/// The names of the columns.
pub const COLUMNS: [&str; 19] = [
    "id",
    "record",
    "standing",
    "corrections",
    "who",
    "role",
    "year",
    "month",
    "day",
    "text",
    "in short",
    "quote",
    "language of the quote",
    "about",
    "answers",
    "kind of response",
    "original reporting",
    "also carried by",
    "last vetted",
];

type Row = [String; COLUMNS.len()];

/// The byte order mark of UTF-8.
const MARK: &str = "\u{feff}";

/// How many statements are read at a time.
const BATCH: usize = 1_000;

/// All statements in order of id, each followed by its responses; a response that answers several stands once.
///
/// # Errors
/// When the records can't be read.
pub fn write_spreadsheet(records: &Reader<'_>) -> Result<String, StoreError> {
    let mut rows = vec![COLUMNS.map(str::to_owned)];
    let mut written = BTreeSet::new();
    let mut last = StatementId::default();
    loop {
        let batch = records.statements_after(last, BATCH)?;
        let Some(end) = batch.last() else { break };
        last = *end;
        for id in batch {
            let Some(entry) = records.entry(id)? else { continue };
            rows.push(statement(&entry));
            let new = entry.responses.iter().filter(|response| written.insert(response.id));
            rows.extend(new.map(response));
        }
    }
    Ok(csv_of(&rows))
}

fn csv_of(rows: &[Row]) -> String {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(MARK.as_bytes().to_vec());
    for row in rows {
        // Writing to memory can't fail, and all rows are of one length.
        let _ = writer.write_record(row.iter().map(|cell| inert(cell)));
    }
    // Made of strings, it is one.
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// A cell that no spreadsheet takes for a formula.
fn inert(cell: &str) -> String {
    const ACTIVE: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];
    let first = cell.trim_start_matches([' ', '\n', '\u{a0}', '\u{feff}']).chars().next();
    if first.is_some_and(|first| ACTIVE.contains(&first)) { format!("'{cell}") } else { cell.to_owned() }
}

fn statement(view: &EntryView) -> Row {
    let names: Vec<String> = view.about.iter().map(|entity| entity.name.to_string()).collect();
    let [year, month, day] = parts(view.statement.said);
    let vetted = view.vetted.on.map(|day| day.to_string()).unwrap_or_default();
    row(
        &Record::Statement(view.statement.clone()),
        &[
            ("id", view.id.to_string()),
            ("standing", standing(&view.standing)),
            ("corrections", lines(view.standing.corrections.iter().map(notice))),
            ("who", view.speaker.name.to_string()),
            ("year", year),
            ("month", month),
            ("day", day),
            ("about", names.join("; ")),
            ("original reporting", cited(&view.citations, true)),
            ("also carried by", cited(&view.citations, false)),
            ("last vetted", vetted),
        ],
    )
}

fn response(view: &ResponseView) -> Row {
    let answers: Vec<String> = view.answers.iter().map(StatementId::to_string).collect();
    let [year, month, day] = parts(view.response.said);
    let vetted = view.vetted.on.map(|day| day.to_string()).unwrap_or_default();
    row(
        &Record::Response(view.response.clone()),
        &[
            ("id", view.id.to_string()),
            ("standing", standing(&view.standing)),
            ("corrections", lines(view.standing.corrections.iter().map(notice))),
            ("who", view.responder.name.to_string()),
            ("year", year),
            ("month", month),
            ("day", day),
            ("answers", answers.join("; ")),
            ("original reporting", cited(&view.citations, true)),
            ("also carried by", cited(&view.citations, false)),
            ("last vetted", vetted),
        ],
    )
}

/// The row of a record: what is told here of it and of what it refers to, and its other fields as they are.
fn row(record: &Record, told: &[(&str, String)]) -> Row {
    let values = FieldValues::of(record);
    COLUMNS.map(|column| {
        if column == "record" {
            return record.kind().word().to_owned();
        }
        if let Some((_, cell)) = told.iter().find(|(name, _)| *name == column) {
            return cell.clone();
        }
        let field = held(record.kind()).find(|(_, held)| held.column == Some(column));
        let value = field.and_then(|(field, held)| Some((field, values.text(&held)?)));
        value.map_or_else(String::new, |(field, text)| match field.kind {
            FieldKind::Choice(_) => text.replace('_', " "),
            _ => text.to_owned(),
        })
    })
}

fn standing(standing: &Standing) -> String {
    standing.retracted.as_ref().map_or_else(|| "in force".to_owned(), |why| format!("retracted {}", notice(why)))
}

fn notice(notice: &RecordNotice) -> String {
    format!("{}: {}", notice.on, notice.reason)
}

/// The year, the month and the day of a date, as far as they are known. A spreadsheet makes a day out of a month.
fn parts(date: Option<Date>) -> [String; 3] {
    let text = date.map(|date| date.to_string()).unwrap_or_default();
    let mut parts = text.split('-').map(str::to_owned);
    [(); 3].map(|()| parts.next().unwrap_or_default())
}

/// The sources that published first, or the others, one a line.
fn cited(citations: &[CitationView], original: bool) -> String {
    lines(citations.iter().filter(|cited| (cited.role == CitationRole::Original) == original).map(source))
}

fn source(cited: &CitationView) -> String {
    let source = &cited.source.source;
    let name = match &source.name {
        SourceName::Title(title) => format!("“{title}”"),
        SourceName::Description(description) => description.to_string(),
    };
    let parts = [
        Some(cited.source.publisher.name.to_string()),
        source.published.map(|date| date.to_string()),
        Some(name),
        cited.locator.as_ref().map(ToString::to_string),
        source.url.as_ref().map(ToString::to_string),
    ];
    format!("{} ({})", parts.into_iter().flatten().collect::<Vec<_>>().join(", "), cited.source.id)
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RecordKind;

    #[test]
    fn every_field_of_an_entry_has_a_column_that_there_is() {
        for kind in [RecordKind::Statement, RecordKind::Response] {
            for (field, held) in held(kind) {
                let column = held.column.unwrap_or_default();
                assert!(COLUMNS.contains(&column), "the {} of a {kind} is in no column", field.name);
            }
        }
    }
}
