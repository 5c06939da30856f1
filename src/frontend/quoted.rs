//! The messages that someone replies to, or reacts to, so that they are checked: which of their words are read, what is
//! said of those without any, and how an answer says what was read.

use super::verdict::AnswerSubject;
use crate::{
    commands::{MAX_MESSAGE, calls},
    desk::Invocation,
    reply::{Outcome, Reply, Text},
};

/// What a message holds, as its platform gives it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MessageContent {
    /// Its words, part by part, in the order in which one reads them.
    pub words: Vec<(MessagePart, String)>,
    /// What it has beside them that holds no words.
    pub beside: Vec<Unread>,
}

/// A part of a message that has words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MessagePart {
    /// What its author wrote.
    Own,
    /// What its author wrote beside a picture or a file.
    Caption,
    /// A message that is forwarded.
    Forwarded,
    /// The title and the text of a linked page, as the platform shows them.
    Preview,
    /// A card, as bots post them.
    Embed,
    /// A poll.
    Poll,
    /// Text that is laid out with pictures and buttons.
    Layout,
    /// What a picture is said to show.
    AltText,
}

impl MessagePart {
    const fn in_words(self) -> &'static str {
        match self {
            Self::Own => "its words",
            Self::Caption => "the caption",
            Self::Forwarded => "the forwarded message",
            Self::Preview => "the link's preview",
            Self::Embed => "the card",
            Self::Poll => "the poll",
            Self::Layout => "the text of its layout",
            Self::AltText => "the picture's description",
        }
    }
}

/// What has no words that could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// A sticker.
    Sticker,
    /// A message that is spoken.
    Voice,
    /// A picture.
    Picture,
    /// A film.
    Video,
    /// Any other file.
    File,
    /// A place on a map.
    Location,
}

impl MessageContent {
    /// A content of words alone.
    #[must_use]
    pub fn of(words: impl Into<String>) -> Self {
        Self { words: vec![(MessagePart::Own, words.into())], beside: Vec::new() }
    }

    /// Adds the words of a part, if there are any.
    pub fn add(&mut self, part: MessagePart, words: &str) {
        if !words.trim().is_empty() {
            self.words.push((part, words.trim().to_owned()));
        }
    }

    /// Adds what a message forwards.
    pub fn forward(&mut self, forwarded: Self) {
        self.words.extend(forwarded.words.into_iter().map(|(_, words)| (MessagePart::Forwarded, words)));
        self.beside.extend(forwarded.beside);
    }

    /// Whether there is nothing in it at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.beside.is_empty() && !self.has_words()
    }

    fn has_words(&self) -> bool {
        self.words.iter().any(|(_, words)| !words.trim().is_empty())
    }
}

/// A message that a request is about, as far as the bot can read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuotedMessage {
    /// What it holds.
    Content(MessageContent),
    /// It is encrypted, and the bot has no key for it.
    Undecrypted,
    /// The platform shows the bot nothing of it.
    Withheld,
    /// It isn't there, or not for the bot.
    Missing,
}

/// What is checked, and what is said of it beside the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageCheck {
    /// The request to check it.
    pub invocation: Invocation,
    /// Which part of it was read, where that isn't plain.
    pub read: Option<Text>,
}

impl QuotedMessage {
    /// The request to check it, or why it can't be checked.
    ///
    /// # Errors
    /// When it can't be read; the reply says so.
    pub fn check(self) -> Result<MessageCheck, Box<Reply>> {
        match self {
            Self::Content(content) if content.has_words() => {
                let parts = parts(&content.words);
                Ok(MessageCheck {
                    invocation: checked(content.words.iter().map(|(_, words)| words.as_str())),
                    read: (parts != [MessagePart::Own]).then(|| {
                        let beside = if parts.contains(&MessagePart::Caption) { ", not the file itself" } else { "" };
                        Text::from(format!("Read: {}{beside}.", listed(&parts)))
                    }),
                })
            }
            other => Err(Box::new(Reply::new(Outcome::Misused).heading(other.why_not()))),
        }
    }

    /// The request to check several messages of one author together, the oldest first; `asked` is how many were asked
    /// for.
    ///
    /// # Errors
    /// When none of them can be read; the reply says so of the last.
    pub fn check_together(messages: Vec<Self>, asked: usize) -> Result<MessageCheck, Box<Reply>> {
        let there = messages.len();
        let mut unread = None;
        let mut contents = Vec::new();
        for message in messages {
            match message {
                Self::Content(content) if content.has_words() => contents.push(content),
                other => unread = Some(other),
            }
        }
        if contents.is_empty() {
            return unread.unwrap_or(Self::Missing).check();
        }
        let mut note = match contents.len() {
            1 => "Read: one message of that author".to_owned(),
            number => format!("Read: {number} messages of that author"),
        };
        note.push_str(", up to the one replied to");
        if contents.len() < there {
            note.push_str("; the others have no words that I can read");
        } else if there < asked {
            note.push_str("; I see no more of them");
        }
        let words = contents.iter().flat_map(|content| &content.words).map(|(_, words)| words.as_str());
        Ok(MessageCheck { invocation: checked(words), read: Some(Text::from(format!("{note}."))) })
    }

    /// Why it can't be checked.
    fn why_not(&self) -> Text {
        let instead = |sentence: &str, after: &str| {
            Text::from(format!("{sentence} Write ")).ask(calls::check_replied_to()).plain(after)
        };
        match self {
            Self::Content(content) => match content.beside.first() {
                None => Text::from("There are no words in that message to check."),
                Some(Unread::Sticker) => Text::from("That is a sticker: there are no words in it to check."),
                Some(Unread::Voice) => instead(
                    "That is a voice message, and I can't listen: there are no words to check.",
                    " and what it says.",
                ),
                Some(Unread::Picture) => instead(
                    "There are no words beside that picture to check, and I can't read pictures.",
                    " and what it says.",
                ),
                Some(Unread::Video) => instead(
                    "There are no words beside that video to check, and I can't watch it.",
                    " and what it says.",
                ),
                Some(Unread::File) => instead(
                    "There are no words beside that file to check, and I don't open files.",
                    " and what it says.",
                ),
                Some(Unread::Location) => Text::from("That is a place on a map: there are no words in it to check."),
            },
            Self::Undecrypted => {
                instead("I have no key for that message: it was sent before I was here.", " and its words.")
            }
            Self::Withheld => instead(
                "I am not shown what stands in that message. Open its menu, then Apps, Find sources.",
                " and its words, if you can't.",
            ),
            Self::Missing => instead("I can't see that message.", " and its words."),
        }
    }
}

/// The request to check these words together, as far as they are read at once.
fn checked<'a>(words: impl Iterator<Item = &'a str>) -> Invocation {
    let mut text = String::new();
    for part in words {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(part);
    }
    if let Some((end, _)) = text.char_indices().nth(MAX_MESSAGE) {
        text.truncate(end);
    }
    Invocation::Call(calls::check(&text))
}

/// The kinds of the parts, each once.
fn parts(words: &[(MessagePart, String)]) -> Vec<MessagePart> {
    let mut parts: Vec<MessagePart> =
        words.iter().filter(|(_, words)| !words.trim().is_empty()).map(|(part, _)| *part).collect();
    parts.sort_unstable();
    parts.dedup();
    parts
}

fn listed(parts: &[MessagePart]) -> String {
    let words: Vec<&str> = parts.iter().map(|part| part.in_words()).collect();
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

/// An answer with what belongs to it by what was asked: which part of a message was read, and, where words of a reply say
/// something of their own, that the message which they reply to can be checked, as it may have been meant all the same.
#[must_use]
pub fn completed(reply: Reply, subject: AnswerSubject, read: Option<Text>) -> Reply {
    let reply = match read {
        Some(read) => reply.hint(read),
        None => reply,
    };
    if subject != AnswerSubject::BesideMessageRepliedTo {
        return reply;
    }
    let check = calls::check_replied_to();
    reply.hint(Text::from("To check the message that you replied to, reply to it with ").ask(check).plain(" alone."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(words: &[(MessagePart, &str)], beside: &[Unread]) -> QuotedMessage {
        let words = words.iter().map(|(part, words)| (*part, (*words).to_owned())).collect();
        QuotedMessage::Content(MessageContent { words, beside: beside.to_vec() })
    }

    fn said(checked: Result<MessageCheck, Box<Reply>>) -> (String, String) {
        match checked {
            Ok(MessageCheck { invocation, read }) => {
                let line = invocation.call().map(|call| call.as_str().to_owned()).unwrap_or_default();
                (line, read.map(|text| text.to_plain("!")).unwrap_or_default())
            }
            Err(reply) => match reply.blocks.first() {
                Some(crate::reply::Block::Heading(text)) => (text.to_plain("!"), String::new()),
                other => panic!("{other:?}"),
            },
        }
    }

    #[test]
    fn an_answer_says_which_part_of_a_message_was_read_where_that_is_not_plain() {
        use MessagePart::{AltText, Caption, Embed, Forwarded, Own, Poll, Preview};
        for (words, beside, line, read) in [
            (&[(Own, "a")][..], &[][..], "check a", ""),
            (&[(Forwarded, "a")], &[], "check a", "Read: the forwarded message."),
            (&[(Own, "a"), (Preview, "b")], &[], "check a\nb", "Read: its words and the link's preview."),
            (&[(Own, " "), (Embed, "b")], &[], "check  \nb", "Read: the card."),
            (&[(Poll, "a"), (Poll, "b")], &[], "check a\nb", "Read: the poll."),
            (&[(Caption, "a")], &[Unread::Picture], "check a", "Read: the caption, not the file itself."),
            (
                &[(AltText, "a"), (Own, "b"), (Poll, "c")],
                &[Unread::Picture],
                "check a\nb\nc",
                "Read: its words, the poll and the picture's description.",
            ),
        ] {
            let (found, note) = said(content(words, beside).check());
            assert_eq!((found.trim(), note.as_str()), (line, read), "{words:?}");
        }
    }

    #[test]
    fn what_has_no_words_gets_a_sentence_that_says_what_it_is() {
        for (message, sentence) in [
            (content(&[], &[]), "no words in that message"),
            (content(&[(MessagePart::Own, " ")], &[Unread::Sticker]), "a sticker"),
            (content(&[], &[Unread::Voice]), "Write !check and what it says."),
            (content(&[], &[Unread::Picture]), "I can't read pictures"),
            (content(&[], &[Unread::Video, Unread::Picture]), "that video"),
            (content(&[], &[Unread::File]), "that file"),
            (content(&[], &[Unread::Location]), "a place on a map"),
            (QuotedMessage::Undecrypted, "no key for that message"),
            (QuotedMessage::Withheld, "Find sources"),
            (QuotedMessage::Missing, "can't see that message"),
        ] {
            let (heading, _) = said(message.check());
            assert!(heading.contains(sentence), "{heading}");
        }
    }

    #[test]
    fn messages_of_one_author_are_checked_together() {
        let one = |words| content(&[(MessagePart::Own, words)], &[]);
        let picture = || content(&[], &[Unread::Picture]);
        let beside = "; the others have no words that I can read";
        for (messages, asked, line, read) in [
            (
                vec![one("a"), one("b"), one("c")],
                3,
                "check a\nb\nc",
                "3 messages of that author, up to the one replied to",
            ),
            (
                vec![one("a"), one("b")],
                3,
                "check a\nb",
                "2 messages of that author, up to the one replied to; I see no more",
            ),
            (vec![one("a"), picture()], 2, "check a", beside),
        ] {
            let (found, note) = said(QuotedMessage::check_together(messages, asked));
            assert!(found == line && note.contains(read), "{found}: {note}");
        }
        assert!(said(QuotedMessage::check_together(vec![picture()], 2)).0.contains("pictures"));
        assert!(said(QuotedMessage::check_together(vec![], 2)).0.contains("can't see"));
    }

    #[test]
    fn of_what_is_too_long_the_beginning_is_checked() {
        let long = "word ".repeat(MAX_MESSAGE);
        let (line, _) = said(content(&[(MessagePart::Own, &long)], &[]).check());
        assert!(line.chars().count() <= MAX_MESSAGE + "check ".len());
    }
}
