//! Writing records as a pack that people can read and compare, and that reads back to the same records.

use std::fmt::Write as _;

use serde_json::Value;

use crate::model::{
    HeldRecord, RecordNotice, Standing,
    fields::{FieldKind, FieldValues, as_packed},
};

/// The longest line before a list is written one item to a line.
const WIDTH: usize = 110;

/// Writes records as one pack, in the order given.
#[must_use]
pub fn write_pack<'a>(header: &str, records: impl IntoIterator<Item = &'a HeldRecord>) -> String {
    let mut out = String::new();
    for line in header.lines() {
        // Writing to a string can't fail.
        let _ = writeln!(out, "# {line}");
    }
    for held in records {
        let mut table = Table::new(held.record.kind().word());
        table.field("key", held.record.key());
        let values = FieldValues::of(&held.record);
        for (field, place) in as_packed(held.record.kind()) {
            if let Some(value) = values.get(&place) {
                table.value(field.kind, place.pack, value);
            }
        }
        table.standing(&held.standing);
        out.push('\n');
        out.push_str(&table.text);
    }
    out
}

enum Layout {
    /// On one line where it fits.
    Short,
    /// One item to a line.
    Long,
}

struct Table {
    text: String,
}

impl Table {
    fn new(name: &str) -> Self {
        Self { text: format!("[[{name}]]\n") }
    }

    fn field(&mut self, name: &str, value: impl ToString) {
        let _ = writeln!(self.text, "{name} = {}", quoted(value));
    }

    fn optional(&mut self, name: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.field(name, value);
        }
    }

    /// The value of a field of a record.
    fn value(&mut self, kind: FieldKind, name: &str, value: &Value) {
        // A citation is long; what else there are several of stands on one line where it fits.
        let layout = if kind == FieldKind::Citation { Layout::Long } else { Layout::Short };
        match value {
            Value::Array(items) => self.list(name, items.iter().map(|value| item(kind, value)).collect(), layout),
            single => self.field(name, single.as_str().unwrap_or_default()),
        }
    }

    fn standing(&mut self, standing: &Standing) {
        let notice =
            |notice: &RecordNotice| format!("{{ on = {}, reason = {} }}", quoted(notice.on), quoted(&notice.reason));
        self.optional("merged_into", standing.merged_into.as_ref());
        self.optional("vetted", standing.vetted.as_ref());
        self.list("corrections", standing.corrections.iter().map(notice).collect(), Layout::Long);
        if let Some(retracted) = &standing.retracted {
            let _ = writeln!(self.text, "retracted = {}", notice(retracted));
        }
    }

    fn list(&mut self, name: &str, items: Vec<String>, layout: Layout) {
        if items.is_empty() {
            return;
        }
        let line = format!("{name} = [{}]\n", items.join(", "));
        match layout {
            Layout::Short if line.trim_end().chars().count() <= WIDTH => self.text.push_str(&line),
            Layout::Short | Layout::Long => {
                let _ = writeln!(self.text, "{name} = [");
                for item in items {
                    let _ = writeln!(self.text, "  {item},");
                }
                self.text.push_str("]\n");
            }
        }
    }
}

/// A value in a list: text, or a table of the parts that it has.
fn item(kind: FieldKind, value: &Value) -> String {
    let parts: &[&str] = match kind {
        FieldKind::Citation => &["source", "role", "locator"],
        FieldKind::Alias => &["name", "language"],
        _ => return quoted(value.as_str().unwrap_or_default()),
    };
    let given = parts.iter().filter_map(|part| Some((part, value.get(part)?.as_str()?)));
    let given: Vec<String> = given.map(|(part, text)| format!("{part} = {}", quoted(text))).collect();
    format!("{{ {} }}", given.join(", "))
}

/// A TOML basic string (TOML 1.0, "String"). Lines of the model hold no control characters, so only
/// quotation marks and backslashes need escaping.
fn quoted(value: impl ToString) -> String {
    let escaped = value.to_string().replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}
