//! Writing records as a pack that people can read and compare, and that reads back to the same records.

use std::fmt::Write as _;

use crate::model::{Citations, HeldRecord, Key, Nature, Quote, Record, RecordNotice, SourceName, Standing};

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
        match &held.record {
            Record::Entity(entity) => {
                table.field("key", &entity.key);
                table.field("kind", entity.kind().word());
                table.field("name", &entity.name);
                let aliases = entity.aliases.iter().map(|alias| {
                    format!("{{ name = {}, language = {} }}", quoted(&alias.name), quoted(&alias.language))
                });
                table.list("aliases", aliases.collect(), Layout::Short);
                table.optional("part_of", entity.part_of.as_ref());
                table.optional("description", entity.description.as_ref());
                if let Nature::Person { role, affiliation } = &entity.nature {
                    table.optional("role", role.as_ref());
                    table.optional("affiliation", affiliation.as_ref());
                }
            }
            Record::Source(source) => {
                table.field("key", &source.key);
                table.field("kind", source.kind.word());
                match &source.name {
                    SourceName::Title(title) => table.field("title", title),
                    SourceName::Description(description) => table.field("description", description),
                }
                table.optional("url", source.url.as_ref());
                table.optional("archive_url", source.archive_url.as_ref());
                table.field("publisher", &source.publisher);
                table.list("authors", source.authors.iter().map(quoted).collect(), Layout::Short);
                table.optional("published", source.published.as_ref());
                table.field("language", &source.language);
                table.optional("accessed", source.accessed.as_ref());
                table.field("seen", source.seen.word());
                table.optional("note", source.note.as_ref());
            }
            Record::Statement(statement) => {
                table.field("key", &statement.key);
                table.field("speaker", &statement.speaker);
                table.optional("speaker_role", statement.speaker_role.as_ref());
                table.field("text", &statement.text);
                table.quote(statement.quote.as_ref());
                table.optional("said", statement.said.as_ref());
                table.keys("about", &mut statement.about.iter());
                table.citations(&statement.citations);
            }
            Record::Response(response) => {
                table.field("key", &response.key);
                table.keys("to", &mut response.to.iter());
                table.field("responder", &response.responder);
                table.field("kind", response.kind.word());
                table.field("text", &response.text);
                table.quote(response.quote.as_ref());
                table.optional("said", response.said.as_ref());
                table.citations(&response.citations);
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

    fn quote(&mut self, quote: Option<&Quote>) {
        self.optional("quote", quote.map(|quote| &quote.text));
        self.optional("quote_language", quote.and_then(|quote| quote.language.as_ref()));
    }

    fn keys(&mut self, name: &str, keys: &mut dyn Iterator<Item = &Key>) {
        self.list(name, keys.map(quoted).collect(), Layout::Short);
    }

    fn citations(&mut self, citations: &Citations) {
        let items = citations.iter().map(|citation| {
            let locator = citation.locator.as_ref();
            let locator = locator.map(|locator| format!(", locator = {}", quoted(locator))).unwrap_or_default();
            format!("{{ source = {}, role = {}{locator} }}", quoted(&citation.source), quoted(citation.role.word()))
        });
        self.list("citations", items.collect(), Layout::Long);
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

/// A TOML basic string (TOML 1.0, "String"). Lines of the model hold no control characters, so only
/// quotation marks and backslashes need escaping.
fn quoted(value: impl ToString) -> String {
    let escaped = value.to_string().replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}
