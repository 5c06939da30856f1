//! Whether a message in a chat is meant for the bot, and what it asks.

use std::ops::Range;

use crate::commands::{self, SmallTalk, calls};

/// How a message addresses the bot.
#[derive(Debug, Clone, Copy)]
pub struct Addressed<'a> {
    /// The message.
    pub text: &'a str,
    /// Whether and where it names the bot.
    pub naming: BotNaming<'a>,
    /// What stands before commands; `None`: nothing does.
    pub prefix: Option<&'a str>,
    /// Whether only the bot is spoken to.
    pub direct: bool,
    /// Whether it replies to another message.
    pub replies: bool,
    /// A word that is taken like a command here and is none.
    pub also: Option<&'a str>,
}

/// Whether and where a message names the bot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BotNaming<'a> {
    /// It doesn't.
    None,
    /// Its platform says that it does, and none of its words is a name of the bot's.
    Aside,
    /// In its words, at these places, in order.
    InWords(&'a [Range<usize>]),
}

impl Addressed<'_> {
    /// The line that the message asks, without prefix or mention; `None` when it isn't for the bot, or says nothing that
    /// has to be answered.
    ///
    /// After a prefix only what begins with a command is meant for us: other bots use the same. Where the bot is named,
    /// or in private, whatever is no command is a question; a message that quotes another is one to check. Small talk is
    /// told in private how to ask.
    #[must_use]
    pub fn line(self) -> Option<String> {
        let (text, named) = self.spoken()?;
        let text = text.trim();
        let prefixed = self.prefix.and_then(|prefix| {
            let full_width = if prefix == "!" { text.strip_prefix('！') } else { None };
            text.strip_prefix(prefix).or(full_width)
        });
        let (line, sure) = match (named, prefixed) {
            (true, Some(line)) => (line, true),
            (true, None) => (text, true),
            (false, Some(line)) => (line, self.direct),
            (false, None) if self.direct => (text, true),
            (false, None) => return None,
        };
        let line = line.trim();
        let (word, _) = commands::split_command(line);
        if commands::find(word).is_some() {
            Some(commands::as_meant(line).into_owned())
        } else if self.also == Some(line) {
            Some(line.to_owned())
        } else if !sure {
            None
        } else if line.is_empty() {
            Some(self.bare())
        } else if let Some(talk) = commands::small_talk(line) {
            match (talk, self.direct, self.replies) {
                (_, true, _) => Some(calls::help(None).as_str().to_owned()),
                // Who calls the bot to a message greets it first.
                (SmallTalk::Greeting, false, true) => Some(self.bare()),
                (SmallTalk::Greeting | SmallTalk::Thanks, false, _) => None,
            }
        } else if commands::quotes_a_message(line) {
            Some(calls::check(line).as_str().to_owned())
        } else {
            Some(calls::source(line).as_str().to_owned())
        }
    }

    /// What is said to the bot, and whether it is named; `None` where it is spoken of, and another is spoken to.
    fn spoken(&self) -> Option<(String, bool)> {
        let places = match self.naming {
            BotNaming::InWords(places) => places,
            // A reply names whom it answers, whether that is meant or not.
            BotNaming::Aside => return Some((self.text.to_owned(), !self.replies)),
            BotNaming::None => return Some((self.text.to_owned(), false)),
        };
        let Some(first) = places.first() else { return Some((self.text.to_owned(), false)) };
        let before = self.text.get(..first.start).unwrap_or_default();
        let mut after = String::new();
        let ends = places.iter().map(|place| place.end);
        let begins = places.iter().skip(1).map(|place| place.start).chain([self.text.len()]);
        for (from, to) in ends.zip(begins) {
            let between = self.text.get(from..to).unwrap_or_default();
            let joins = after.ends_with(' ') && between.starts_with(' ');
            after.push_str(if joins { between.trim_start_matches(' ') } else { between });
        }
        // "@Onrecord, is this true?"
        let behind = after.trim_start().trim_start_matches(AFTER_A_NAME).trim_start();
        if !before.chars().any(|sign| !sign.is_whitespace()) {
            return Some((behind.to_owned(), true));
        }
        if is_said_to_another(before.trim_start(), self.prefix) {
            return None;
        }
        // "Hey @Onrecord, what did Laura Harth say?"
        let has_words = behind.contains(char::is_alphanumeric);
        if has_words && commands::small_talk(before).is_some() && commands::small_talk(behind).is_none() {
            return Some((behind.to_owned(), true));
        }
        let joins = before.ends_with(' ') && after.starts_with(' ');
        let after = if joins { after.trim_start_matches(' ') } else { &after };
        Some((format!("{before}{after}"), true))
    }

    /// What a message asks that only names the bot: in a reply it points at what it replies to.
    fn bare(&self) -> String {
        let call = if self.replies { calls::check_replied_to() } else { calls::help(None) };
        call.as_str().to_owned()
    }
}

/// What people put behind a name that they speak to.
const AFTER_A_NAME: [char; 6] = [':', ',', '：', '，', '、', '،'];

/// What stands before the commands of bots.
const BEFORE_COMMANDS: [char; 14] = ['!', '！', '?', '.', '/', '$', '%', '&', '+', '~', '-', '=', ';', '^'];

/// Whether a message begins as those do that give another bot a command: `?kick @Onrecord`.
fn is_said_to_another(text: &str, prefix: Option<&str>) -> bool {
    let ours = prefix.and_then(|prefix| text.strip_prefix(prefix)).map(|line| commands::split_command(line).0);
    if ours.is_some_and(|word| commands::find(word).is_some()) {
        return false;
    }
    let bare = text.trim_start_matches(BEFORE_COMMANDS);
    bare.len() < text.len() && bare.starts_with(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The places of the bot's name, which is `@R` here.
    fn places(text: &str) -> Vec<Range<usize>> {
        text.match_indices("@R").map(|(at, name)| at..at + name.len()).collect()
    }

    fn line(text: &str, replies: bool, direct: bool) -> Option<String> {
        let places = places(text);
        let naming = if places.is_empty() { BotNaming::None } else { BotNaming::InWords(&places) };
        Addressed { text, naming, prefix: Some("!"), direct, replies, also: None }.line()
    }

    /// What is written, whether in a reply, and what it asks.
    #[rustfmt::skip]
    const CASES: &[(&str, bool, Option<&str>)] = &[
        // The name stands first.
        ("@R sydney", false, Some("source sydney")),
        ("@R, sydney", false, Some("source sydney")),
        ("@R !about sydney", false, Some("about sydney")),
        ("@R about sydney", false, Some("about sydney")),
        ("@R", false, Some("help")),
        ("@R", true, Some("check")),
        ("@R is this true?", true, Some("source is this true?")),
        ("@R @R sydney", false, Some("source sydney")),
        // In the middle.
        ("hey @R, sydney", false, Some("source sydney")),
        ("hey @R about sydney", false, Some("about sydney")),
        ("is there one @R in sydney?", false, Some("source is there one in sydney?")),
        ("so @R what did Laura Harth say", false, Some("source so what did Laura Harth say")),
        ("could you check this @R please", true, Some("source could you check this please")),
        ("> a claim\n@R is this real?", false, Some("check > a claim\n is this real?")),
        ("is this true @R please", true, Some("source is this true please")),
        // At the end.
        ("is there one in sydney @R", false, Some("source is there one in sydney")),
        ("!about sydney @R", false, Some("about sydney")),
        ("about sydney @R", false, Some("about sydney")),
        ("is this true @R?", true, Some("source is this true ?")),
        ("check this @R", true, Some("check this")),
        ("> a claim\n@R", false, Some("check > a claim")),
        // It is spoken of, and another bot is spoken to.
        ("!ban @R", false, None),
        ("?kick @R now", false, None),
        (".mute @R", false, None),
        // Small talk.
        ("thanks @R!", false, None),
        ("@R thanks", true, None),
        ("@R 👍", true, None),
        ("hi @R", false, None),
        ("@R hi", true, Some("check")),
        ("hi @R, sydney?", false, Some("source sydney?")),
        // Without the name.
        ("!source sydney", false, Some("source sydney")),
        ("！S 悉尼", false, Some("S 悉尼")),
        ("!check", true, Some("check")),
        ("source sydney", false, None),
        ("!ban someone", false, None),
        ("!hi", false, None),
        ("! wow", false, None),
        ("!!source", false, None),
        ("hi", false, None),
    ];

    #[test]
    fn who_is_named_is_asked_wherever_the_name_stands() {
        for (text, replies, wanted) in CASES {
            assert_eq!(line(text, *replies, false).as_deref(), *wanted, "{text}");
        }
    }

    #[test]
    fn in_private_nothing_has_to_stand_before_a_question_and_small_talk_is_told_how_to_ask() {
        for (text, wanted) in [
            ("sydney", "source sydney"),
            ("!check a", "check a"),
            ("hi", "help"),
            ("thanks!", "help"),
            ("thanks @R", "help"),
            ("!hi", "help"),
            ("good morning", "help"),
            ("hi, is there one in sydney?", "source hi, is there one in sydney?"),
        ] {
            assert_eq!(line(text, false, true).as_deref(), Some(wanted), "{text}");
        }
    }

    #[test]
    fn a_mention_without_a_name_counts_unless_a_reply_makes_it_by_itself() {
        for (naming, replies, wanted) in [
            (BotNaming::Aside, false, Some("source the bot in sydney")),
            (BotNaming::Aside, true, None),
            (BotNaming::None, false, None),
            (BotNaming::InWords(&[]), false, None),
        ] {
            let text = "the bot in sydney";
            let asked = Addressed { text, naming, prefix: Some("!"), direct: false, replies, also: None };
            assert_eq!(asked.line().as_deref(), wanted, "{naming:?} {replies}");
        }
    }
}
