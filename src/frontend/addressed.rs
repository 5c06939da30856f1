//! Whether a message in a chat is meant for the bot, and what it asks.

use crate::commands::{self, calls};

/// How a message addresses the bot.
#[derive(Debug, Clone, Copy)]
pub struct Addressed<'a> {
    /// The message.
    pub text: &'a str,
    /// What follows the bot's name, where the message begins with it.
    pub mentioned: Option<&'a str>,
    /// What stands before commands; `None`: nothing does.
    pub prefix: Option<&'a str>,
    /// Whether only the bot is spoken to.
    pub direct: bool,
    /// Whether it replies to another message.
    pub replies: bool,
    /// A word that is taken like a command here and is none.
    pub also: Option<&'a str>,
}

impl Addressed<'_> {
    /// The line that the message asks, without prefix or mention; `None` when it isn't for the bot.
    ///
    /// After a prefix only what begins with a command is meant for us: other bots use the same. Where
    /// the bot is named, or in private, whatever is no command is a question; a message that quotes another is one to
    /// check.
    #[must_use]
    pub fn line(self) -> Option<String> {
        let prefixed = self.prefix.and_then(|prefix| {
            let full_width = if prefix == "!" { self.text.strip_prefix('！') } else { None };
            self.text.strip_prefix(prefix).or(full_width)
        });
        let (line, sure) = match (self.mentioned, prefixed) {
            (Some(line), _) => (line, true),
            (None, Some(line)) => (line, self.direct),
            (None, None) if self.direct => (self.text, true),
            (None, None) => return None,
        };
        let line = line.trim();
        // "@Onrecord, is this true?"
        let line = if self.mentioned.is_some() { line.trim_start_matches(AFTER_A_NAME).trim_start() } else { line };
        let prefix = self.prefix.filter(|_| self.mentioned.is_some());
        let line = prefix.and_then(|prefix| line.strip_prefix(prefix)).unwrap_or(line);
        let (word, _) = commands::split_command(line);
        if commands::find(word).is_some() {
            Some(commands::as_meant(line).into_owned())
        } else if self.also == Some(line) {
            Some(line.to_owned())
        } else if !sure {
            None
        } else if line.is_empty() {
            // Whoever only names the bot in a reply points at what it replies to.
            let call = if self.replies { calls::check_replied_to() } else { calls::help(None) };
            Some(call.as_str().to_owned())
        } else if commands::quotes_a_message(line) {
            Some(calls::check(line).as_str().to_owned())
        } else {
            Some(calls::source(line).as_str().to_owned())
        }
    }
}

/// What people put behind a name that they speak to.
const AFTER_A_NAME: [char; 6] = [':', ',', '：', '，', '、', '،'];
