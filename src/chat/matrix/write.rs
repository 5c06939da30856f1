//! A document as pieces of HTML and of plain text beside each other. The HTML uses only what the Matrix
//! specification allows ("m.room.message msgtypes", `org.matrix.custom.html`), and every piece is
//! whole in itself, so that pieces can be parted anywhere.

use std::collections::HashSet;

use url::Url;

use crate::{
    layout::one_line,
    model::{WebAddress, is_invisible},
    reply::{
        Action, Block, Entry, EntryKind, NO_ADDRESS, NO_DATE, Notice, Quoted, Reply, SourceLine, SourceOrigin, Span,
        Text, Weight,
    },
};

/// A part of a document, in both forms.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Piece {
    pub(super) html: String,
    pub(super) plain: String,
    /// Whether it belongs to the piece before it.
    pub(super) continues: bool,
}

/// A line in both forms.
#[derive(Debug, Clone, Default)]
struct Both {
    html: String,
    plain: String,
}

impl Both {
    fn text(text: &str) -> Self {
        Self { html: escape(text), plain: one_line(text) }
    }

    fn strong(text: &str) -> Self {
        Self { html: format!("<strong>{}</strong>", escape(text)), plain: one_line(text) }
    }

    fn code(text: &str) -> Self {
        Self { html: format!("<code>{}</code>", escape(text)), plain: one_line(text) }
    }

    fn join(mut self, other: &Self) -> Self {
        self.html.push_str(&other.html);
        self.plain.push_str(&other.plain);
        self
    }

    fn plus(self, text: &str) -> Self {
        self.join(&Self { html: escape(text), plain: text.to_owned() })
    }

    /// Smaller where there are sizes; brackets would only be noise in the plain form.
    fn small(self) -> Self {
        Self { html: format!("<sub>{}</sub>", self.html), plain: self.plain }
    }
}

/// Writes a document; `prefix` stands before requests.
pub(super) fn pieces(reply: &Reply, prefix: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for block in &reply.blocks {
        match block {
            Block::Heading(text) => {
                let line = write_text(text, prefix);
                let strong = text.0.iter().any(|span| matches!(span, Span::Strong(_) | Span::Ask(_)));
                let html = if strong { line.html } else { format!("<strong>{}</strong>", line.html) };
                pieces.push(paragraph(&[Both { html, plain: line.plain }], false));
            }
            Block::Paragraph(text) => pieces.push(paragraph(&[write_text(text, prefix)], false)),
            Block::Entry(entry) => write_entry(&mut pieces, entry, prefix, "", &mut HashSet::new()),
            Block::List(items) => {
                // Item by item, as a list may be long.
                for (index, item) in items.iter().enumerate() {
                    let line = write_text(item, prefix);
                    let html = format!("<ul><li>{}</li></ul>", line.html);
                    pieces.push(Piece { html, plain: format!("• {}", line.plain), continues: index > 0 });
                }
            }
            Block::Facts(facts) => {
                let lines: Vec<Both> = facts
                    .iter()
                    .map(|fact| {
                        Both::strong(&format!("{}:", fact.label)).plus(" ").join(&write_text(&fact.value, prefix))
                    })
                    .collect();
                pieces.push(paragraph(&lines, false));
            }
            Block::Note(note) => {
                let text = write_text(&note.text, prefix);
                let line = match note.weight {
                    Weight::Hint => text.small(),
                    Weight::Warning => Both::text("⚠️ ").join(&text),
                };
                pieces.push(paragraph(&[line], false));
            }
        }
    }
    write_actions(&mut pieces, &reply.actions, prefix);
    pieces
}

/// What can be asked next, to be typed: Matrix has no buttons. What the document itself says is not said
/// again.
fn write_actions(pieces: &mut Vec<Piece>, actions: &[Action], prefix: &str) {
    let said: String = pieces.iter().map(|piece| piece.html.as_str()).collect();
    let is_new = |action: &&Action| {
        !said.contains(&format!("<code>{}</code>", escape(&format!("{prefix}{}", action.ask.as_str()))))
    };
    for (index, action) in actions.iter().filter(is_new).take(10).enumerate() {
        let ask = Both::code(&format!("{prefix}{}", action.ask.as_str()));
        let line = Both::text(&format!("{}: ", action.label)).join(&ask);
        let html = format!("<ul><li>{}</li></ul>", line.html);
        pieces.push(Piece { html, plain: format!("• {}", line.plain), continues: index > 0 });
    }
}

fn paragraph(lines: &[Both], continues: bool) -> Piece {
    let html = lines.iter().map(|line| line.html.as_str()).collect::<Vec<_>>().join("<br>");
    let plain = lines.iter().map(|line| line.plain.as_str()).collect::<Vec<_>>().join("\n");
    Piece { html: format!("<p>{html}</p>"), plain, continues }
}

fn write_text(text: &Text, prefix: &str) -> Both {
    text.0.iter().fold(Both::default(), |line, span| line.join(&write_span(span, prefix)))
}

fn write_span(span: &Span, prefix: &str) -> Both {
    match span {
        Span::Plain(text) => Both::text(text),
        Span::Strong(text) => Both::strong(text),
        Span::Id(id) => Both::code(id),
        Span::Ask(ask) => Both::code(&format!("{prefix}{}", ask.as_str())),
        Span::Syntax(words) => Both::code(words),
        Span::Link { text, address } => link(text, address),
        Span::Date(date) => Both::text(&date.to_string()),
    }
}

fn write_entry<'a>(pieces: &mut Vec<Piece>, entry: &'a Entry, prefix: &str, lead: &str, named: &mut HashSet<&'a str>) {
    let mut first = Both::text(lead).join(&Both::code(&entry.id)).plus(" ").join(&write_text(&entry.byline, prefix));
    match (entry.date, entry.kind) {
        (Some(date), _) => first = first.plus(&format!(" · {date}")),
        (None, EntryKind::Change) => {}
        (None, EntryKind::Statement | EntryKind::Response | EntryKind::Source) => {
            first = first.plus(&format!(" · {NO_DATE}"));
        }
    }
    let mut lines = vec![first];
    lines.extend(entry.notices.iter().map(write_notice));
    if !entry.text.is_empty() {
        lines.push(Both::text(&entry.text));
    }
    pieces.push(paragraph(&lines, !lead.is_empty()));
    pieces.extend(entry.quote.as_ref().map(write_quote));
    let mut lines: Vec<Both> = entry.details.iter().map(|detail| write_text(detail, prefix).small()).collect();
    for source in &entry.sources {
        // Named once in an entry, a source isn't spelt out again for each response that cites it.
        write_source(&mut lines, source, entry, !named.insert(&source.id));
    }
    left_out(&mut lines, entry, entry.more_sources, ("source", "sources"), prefix);
    for some in lines.chunks(8) {
        pieces.push(paragraph(some, true));
    }
    for response in &entry.responses {
        write_entry(pieces, response, prefix, "↳ ", named);
    }
    let mut lines = Vec::new();
    left_out(&mut lines, entry, entry.more_responses, ("response", "responses"), prefix);
    if !lines.is_empty() {
        pieces.push(paragraph(&lines, true));
    }
}

fn write_quote(quote: &Quoted) -> Piece {
    let language = quote.language.as_ref().map(|language| format!(" ({language})")).unwrap_or_default();
    let line = Both::text(&format!("“{}”{language}", quote.text.trim()));
    let html = format!("<blockquote>{}</blockquote>", line.html);
    Piece { html, plain: format!("> {}", line.plain), continues: true }
}

fn write_notice(notice: &Notice) -> Both {
    let (word, on, reason) = match notice {
        Notice::Retracted { on, reason } => ("RETRACTED", on, reason),
        Notice::Corrected { on, reason } => ("CORRECTED", on, reason),
    };
    Both::text("⚠️ ").join(&Both::strong(&format!("{word} {on}:"))).plus(" ").join(&Both::text(reason))
}

fn write_source(lines: &mut Vec<Both>, source: &SourceLine, entry: &Entry, repeated: bool) {
    let own = entry.kind == EntryKind::Source && source.id == entry.id;
    let mut line = if own { Both::default() } else { Both::text(&format!("{}: ", source.origin.label())) };
    let date = source.date.map_or_else(|| NO_DATE.to_owned(), |date| date.to_string());
    let title = source.title.as_ref().filter(|_| !repeated);
    let name = title.map_or_else(|| source.publisher.clone(), |title| format!("“{}”", title.trim()));
    line = line.join(&match &source.address {
        Some(address) if !repeated => link(&name, address),
        Some(_) | None => Both::text(&name),
    });
    if title.is_some() {
        line = line.plus(", ").join(&Both::text(&source.publisher));
    }
    line = line.plus(&format!(", {date}"));
    if let Some(language) = source.language.as_ref().filter(|_| !repeated) {
        line = line.join(&Both::text(&format!(" ({language})")));
    }
    if let Some(locator) = &source.locator {
        line = line.plus(", ").join(&Both::text(locator));
    }
    match &source.address {
        _ if repeated => {}
        // The plain form has the whole address already.
        Some(address) => line.html.push_str(&format!(" · {}", escape(address.host()))),
        None => line = line.plus(&format!(" · {NO_ADDRESS}")),
    }
    if let Some(archive) = source.archive.as_ref().filter(|_| !repeated) {
        line = line.plus(" · ").join(&link("archived copy", archive));
    }
    if !own {
        line = line.plus(" · ").join(&Both::code(&source.id));
    }
    if repeated {
        line = line.plus(", see above");
    }
    // What was published first stands out from what carries it.
    lines.push(match source.origin {
        SourceOrigin::Original => line,
        SourceOrigin::Carried => line.small(),
    });
    lines.extend(source.notices.iter().map(write_notice));
}

fn left_out(lines: &mut Vec<Both>, entry: &Entry, count: usize, nouns: (&str, &str), prefix: &str) {
    if count > 0 {
        let noun = if count == 1 { nouns.0 } else { nouns.1 };
        let ask = Both::code(&format!("{prefix}show {}", entry.id));
        lines.push(Both::text(&format!("{count} more {noun}: ")).join(&ask).small());
    }
}

/// A labelled link; in the plain form the address stands behind the label. It is written in ASCII, so
/// that its host is what it is.
fn link(label: &str, address: &WebAddress) -> Both {
    let Ok(url) = Url::parse(address.as_str()) else { return Both::text(label) };
    let target: String = url.as_str().chars().filter(|sign| !sign.is_whitespace() && !is_invisible(*sign)).collect();
    Both {
        html: format!("<a href=\"{}\">{}</a>", escape(&target), escape(label)),
        plain: format!("{} <{}>", one_line(label), target.replace('<', "%3C").replace('>', "%3E")),
    }
}

/// A text on one line, as HTML that says just that.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for character in one_line(text).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reply::Outcome;

    #[test]
    fn nothing_in_a_text_is_obeyed() {
        let hostile = "<script>x</script> <a href=\"https://e.example\">b</a> &lt; @room\u{202e} \u{200b}'\"";
        let pieces = pieces(&Reply::new(Outcome::Answered).paragraph(hostile), "!");
        assert_eq!(
            pieces[0].html,
            "<p>&lt;script&gt;x&lt;/script&gt; &lt;a href=&quot;https://e.example&quot;&gt;b&lt;/a&gt; &amp;lt; @room &#39;&quot;</p>"
        );
        assert!(!pieces[0].plain.contains(['\u{202e}', '\u{200b}']));
    }

    #[test]
    fn a_link_shows_its_host_as_it_is() {
        let address: WebAddress = "https://bücher.example.org/a?b=\"c\"&d".parse().unwrap();
        let both = link("<b>", &address);
        assert_eq!(both.html, "<a href=\"https://xn--bcher-kva.example.org/a?b=%22c%22&amp;d\">&lt;b&gt;</a>");
        assert_eq!(both.plain, "<b> <https://xn--bcher-kva.example.org/a?b=%22c%22&d>");
    }
}
