//! How long an answer may be, whatever was asked: what is longer is cut between its parts, and says so.

use super::{Block, Entry, Notice, Reply, SourceLine, Span, Text};

/// The most bytes of words in an answer. The limit is ours: it fills some twenty messages of Discord, which nobody reads.
pub const MAX_REPLY: usize = 100_000;

/// What is said under an answer that was cut.
const CUT: &str = "The answer is longer than what is shown at once, and its end is left out. Ask for less of it.";

impl Reply {
    /// The answer with no more words than [`MAX_REPLY`]. Blocks that don't fit are left out from the first one on, of a
    /// list or an entry the parts that don't; where anything was, the last block says so.
    #[must_use]
    pub fn bounded(mut self) -> Self {
        let mut left = MAX_REPLY;
        let mut is_cut = false;
        let mut kept = Vec::with_capacity(self.blocks.len());
        for mut block in self.blocks {
            is_cut |= shorten(&mut block, left);
            let size = size(&block);
            if size > left {
                is_cut = true;
                break;
            }
            left -= size;
            kept.push(block);
            if is_cut {
                break;
            }
        }
        self.blocks = kept;
        if is_cut { self.warning(CUT) } else { self }
    }
}

/// Takes from the end of a block of several parts what has no room; says whether there was anything.
fn shorten(block: &mut Block, room: usize) -> bool {
    if size(block) <= room {
        return false;
    }
    match block {
        Block::List(items) => items.truncate(fitting(items.iter().map(of_text), room)),
        Block::Facts(facts) => {
            facts.truncate(fitting(facts.iter().map(|fact| fact.label.len() + of_text(&fact.value)), room));
        }
        Block::Entry(entry) => {
            let own = of_entry(entry);
            let sources: usize = entry.sources.iter().map(of_source).sum();
            let responses: usize = entry.responses.iter().map(of_entry).sum();
            let details: usize = entry.details.iter().map(of_text).sum();
            let mut room = room.saturating_sub(own - sources - responses - details);
            let details = fitting(entry.details.iter().map(of_text), room);
            entry.details.truncate(details);
            room -= entry.details.iter().map(of_text).sum::<usize>();
            let sources = fitting(entry.sources.iter().map(of_source), room);
            entry.more_sources += entry.sources.len() - sources;
            entry.sources.truncate(sources);
            room -= entry.sources.iter().map(of_source).sum::<usize>();
            let responses = fitting(entry.responses.iter().map(of_entry), room);
            entry.more_responses += entry.responses.len() - responses;
            entry.responses.truncate(responses);
        }
        Block::Heading(_) | Block::Paragraph(_) | Block::Note(_) => {}
    }
    true
}

/// How many of the first parts of these sizes have room together.
fn fitting(sizes: impl Iterator<Item = usize>, room: usize) -> usize {
    let mut used = 0;
    sizes
        .take_while(|size| {
            used += size;
            used <= room
        })
        .count()
}

fn size(block: &Block) -> usize {
    match block {
        Block::Heading(text) | Block::Paragraph(text) => of_text(text),
        Block::Entry(entry) => of_entry(entry),
        Block::List(items) => items.iter().map(of_text).sum(),
        Block::Facts(facts) => facts.iter().map(|fact| fact.label.len() + of_text(&fact.value)).sum(),
        Block::Note(note) => of_text(&note.text),
    }
}

fn of_text(text: &Text) -> usize {
    let of_span = |span: &Span| match span {
        Span::Plain(text) | Span::Strong(text) | Span::Id(text) | Span::Syntax(text) => text.len(),
        Span::Ask(ask) => ask.as_str().len(),
        Span::Link { text, address } => text.len() + address.as_str().len(),
        Span::Date(_) => "2022-10-26".len(),
        Span::Person(who) => who.to_string().len(),
    };
    text.0.iter().map(of_span).sum()
}

fn of_entry(entry: &Entry) -> usize {
    let Entry { id, byline, notices, text, quote, original, answered_above, details, responses, .. } = entry;
    id.len()
        + of_text(byline)
        + of_notices(notices)
        + text.len()
        + quote.as_ref().map_or(0, |quote| quote.text.len())
        + original.as_ref().map_or(0, of_text)
        + answered_above.iter().map(String::len).sum::<usize>()
        + details.iter().map(of_text).sum::<usize>()
        + responses.iter().map(of_entry).sum::<usize>()
        + entry.sources.iter().map(of_source).sum::<usize>()
}

fn of_source(source: &SourceLine) -> usize {
    let optional = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    let address = |address: &Option<crate::model::WebAddress>| address.as_ref().map_or(0, |it| it.as_str().len());
    source.id.len()
        + source.publisher.len()
        + optional(&source.title)
        + optional(&source.locator)
        + address(&source.address)
        + address(&source.archive)
        + of_notices(&source.notices)
}

fn of_notices(notices: &[Notice]) -> usize {
    notices.iter().map(|(Notice::Retracted { reason, .. } | Notice::Corrected { reason, .. })| reason.len()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reply::{EntryKind, Outcome, SourceOrigin};

    fn words(reply: &Reply) -> usize {
        reply.blocks.iter().map(size).sum()
    }

    #[test]
    fn an_answer_of_any_size_is_cut_between_its_parts_and_says_so() {
        let source = |number: usize| SourceLine {
            origin: SourceOrigin::Original,
            id: format!("D{number}"),
            publisher: "p".repeat(1_000),
            date: None,
            title: None,
            language: None,
            address: None,
            archive: None,
            locator: None,
            notices: Vec::new(),
        };
        let mut entry = Entry::new(EntryKind::Statement, "S1", Text::from("Someone"));
        entry.sources = (0..500).map(source).collect();
        let item = Text::from("x".repeat(1_000));
        for block in [Block::List(vec![item.clone(); 500]), Block::Entry(Box::new(entry))] {
            let mut reply = Reply::new(Outcome::Answered).heading("Everything");
            reply.blocks.push(block);
            let reply = reply.paragraph("The end.").bounded();
            assert!((90_000..=MAX_REPLY + CUT.len()).contains(&words(&reply)), "{}", words(&reply));
            assert_eq!(reply.blocks.len(), 3, "the heading, what has room of the rest, the warning");
            if let Some(Block::Entry(entry)) = reply.blocks.get(1) {
                assert_eq!(entry.more_sources + entry.sources.len(), 500);
            }
        }
        let paragraphs = (0..300).fold(Reply::new(Outcome::Answered), |reply, _| reply.paragraph(item.clone()));
        let reply = paragraphs.bounded();
        assert_eq!(reply.blocks.len(), 101);
        let short = Reply::new(Outcome::Answered).heading("Short").paragraph(item);
        assert_eq!(short.clone().bounded().blocks, short.blocks);
    }
}
