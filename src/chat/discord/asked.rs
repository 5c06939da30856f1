//! Whether a message is meant for the bot, and what it asks. No message goes further that is not.

use std::ops::Range;

use crate::frontend::{Addressed, BotNaming};

/// How a message may address the bot in one place.
#[derive(Debug, Clone, Copy)]
pub(super) struct ChannelAddressing<'a> {
    /// What stands before commands; `None`: nothing does.
    pub(super) prefix: Option<&'a str>,
    /// The bot's own id.
    pub(super) bot: u64,
    /// Whether only the bot is spoken to, as in a direct message.
    pub(super) direct: bool,
    /// Whether the message replies to another.
    pub(super) replies: bool,
}

/// The line that a message asks, without prefix or mention; `None` when it isn't for the bot.
pub(super) fn read(content: &str, manner: ChannelAddressing<'_>) -> Option<String> {
    let text = content.trim_start();
    let ChannelAddressing { prefix, direct, replies, bot } = manner;
    // In private, people try the slash that commands have elsewhere.
    let text = if direct { text.strip_prefix('/').unwrap_or(text) } else { text };
    let places = mentions(text, bot);
    let naming = if places.is_empty() { BotNaming::None } else { BotNaming::InWords(&places) };
    Addressed { text, naming, prefix, direct, replies, also: None }.line()
}

/// Where a message mentions the bot (Discord, "Message Formatting").
fn mentions(text: &str, bot: u64) -> Vec<Range<usize>> {
    let all = text.match_indices("<@").filter_map(|(at, mark)| {
        let rest = text.get(at + mark.len()..)?;
        let rest = rest.strip_prefix('!').unwrap_or(rest);
        let (id, behind) = rest.split_once('>')?;
        (id.parse() == Ok(bot)).then(|| at..text.len() - behind.len())
    });
    all.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefix_mention_and_private_words_are_told_from_talk() {
        let channel = ChannelAddressing { prefix: Some("!"), bot: 7, direct: false, replies: false };
        let read = |content| super::read(content, channel);
        assert_eq!(read("!source sydney").as_deref(), Some("source sydney"));
        assert_eq!(read("！S 悉尼").as_deref(), Some("S 悉尼"));
        assert_eq!(read("<@7> sydney").as_deref(), Some("source sydney"));
        assert_eq!(read("<@!7> !about sydney").as_deref(), Some("about sydney"));
        assert_eq!(read("<@7>").as_deref(), Some("help"));
        assert_eq!(read("<@7>, is there one in sydney?").as_deref(), Some("source is there one in sydney?"));
        assert_eq!(read("<@7> who said this?").as_deref(), Some("source who said this?"));
        assert_eq!(read("<@7> > a claim\nis this real?").as_deref(), Some("check > a claim\nis this real?"));
        let reply = ChannelAddressing { replies: true, ..channel };
        assert_eq!(super::read("<@7>", reply).as_deref(), Some("check"));
        for talk in [
            "source sydney",
            "!ban someone",
            "!",
            "! wow",
            "hello <@7>",
            "<@8> source x",
            "!!source",
            "?kick <@7>",
            "thanks <@7>!",
        ] {
            assert_eq!(read(talk), None, "{talk}");
        }
        assert_eq!(read("sydney <@!7>, anything?").as_deref(), Some("source sydney , anything?"));
        assert_eq!(read("is there one in sydney <@7>").as_deref(), Some("source is there one in sydney"));
        assert_eq!(super::read("true? <@7>", reply).as_deref(), Some("source true?"));
        let private = ChannelAddressing { direct: true, ..channel };
        assert_eq!(super::read("sydney", private).as_deref(), Some("source sydney"));
        assert_eq!(super::read("!check a", private).as_deref(), Some("check a"));
        assert_eq!(super::read("/help", private).as_deref(), Some("help"));
        let quiet = ChannelAddressing { prefix: None, ..channel };
        assert_eq!(super::read("!source sydney", quiet), None);
        assert_eq!(super::read("<@7> source sydney", quiet).as_deref(), Some("source sydney"));
    }
}
