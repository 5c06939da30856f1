//! Whether a message is meant for the bot, and what it asks. No message goes further that is not.

use super::event::Said;
use crate::frontend::Addressed;

/// How a message may address the bot in one place.
#[derive(Debug, Clone, Copy)]
pub(super) struct RoomAddressing<'a> {
    /// What stands before commands; `None`: nothing does.
    pub(super) prefix: Option<&'a str>,
    /// The bot's whole user id.
    pub(super) bot: &'a str,
    /// The bot's display name, which clients put in place of its id when they mention it.
    pub(super) name: Option<&'a str>,
    /// Whether only the bot is spoken to.
    pub(super) direct: bool,
}

/// The word that sends the bot away. It is no command, as only rooms can be left.
pub(super) const LEAVE: &str = "leave";

/// The line that a message asks, without prefix or mention; `None` when it isn't for the bot.
pub(super) fn read(said: &Said, manner: RoomAddressing<'_>) -> Option<String> {
    let text = said.body.trim_start();
    let mentioned = after_mention(text, said.mentions.as_deref(), manner);
    let RoomAddressing { prefix, direct, .. } = manner;
    Addressed { text, mentioned, prefix, direct, replies: said.reply_to.is_some(), also: Some(LEAVE) }.line()
}

/// What follows the bot's name at the beginning of a message that mentions it (Matrix specification,
/// "User and room mentions"). Where the client doesn't say whom it mentions, only the whole id counts.
fn after_mention<'a>(text: &'a str, mentions: Option<&[String]>, manner: RoomAddressing<'_>) -> Option<&'a str> {
    let rest = match mentions {
        Some(users) if users.iter().any(|user| user == manner.bot) => {
            let local = manner.bot.split(':').next().unwrap_or_default();
            [Some(manner.bot), manner.name, Some(local), local.strip_prefix('@')]
                .into_iter()
                .flatten()
                .filter(|name| !name.is_empty())
                .find_map(|name| text.strip_prefix(name).or_else(|| text.strip_prefix('@')?.strip_prefix(name)))?
        }
        Some(_) => return None,
        None => text.strip_prefix(manner.bot)?,
    };
    // Of a longer name only the beginning would have been taken away.
    let ends = rest.chars().next().is_none_or(|next| next.is_whitespace() || matches!(next, ':' | ',' | '：' | '，'));
    ends.then(|| rest.trim_start_matches([':', ',', '：', '，']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(body: &str, mentions: Option<&[&str]>) -> Said {
        let mentions = mentions.map(|users| users.iter().map(|&user| user.to_owned()).collect());
        let (id, sender) = ("$1".to_owned(), "@a:b".to_owned());
        Said { id, sender, body: body.to_owned(), mentions, reply_to: None, thread: None, age: None }
    }

    #[test]
    fn prefix_mention_and_private_words_are_told_from_talk() {
        let room = RoomAddressing { prefix: Some("!"), bot: "@rec:ex.org", name: Some("On Record"), direct: false };
        let read = |body, mentions| super::read(&said(body, mentions), room);
        let me: Option<&[&str]> = Some(&["@rec:ex.org"]);
        assert_eq!(read("!source sydney", None).as_deref(), Some("source sydney"));
        assert_eq!(read("！S 悉尼", Some(&[])).as_deref(), Some("S 悉尼"));
        for body in ["On Record: sydney", "@rec:ex.org sydney", "rec, sydney", "@rec sydney", "@On Record sydney"] {
            assert_eq!(read(body, me).as_deref(), Some("source sydney"), "{body}");
        }
        assert_eq!(read("On Record: !about sydney", me).as_deref(), Some("about sydney"));
        assert_eq!(read("On Record", me).as_deref(), Some("help"));
        assert_eq!(read("@rec:ex.org: sydney", None).as_deref(), Some("source sydney"));
        assert_eq!(read("!leave", None).as_deref(), Some("leave"));
        for (talk, mentions) in [
            ("source sydney", None),
            ("!ban someone", None),
            ("!leaves", None),
            ("On Record sydney", None),
            ("@rec:ex.org sydney", Some(&[][..])),
            ("hello On Record", me),
            ("record sydney", me),
            ("!!source", None),
        ] {
            assert_eq!(read(talk, mentions), None, "{talk}");
        }
        let private = RoomAddressing { direct: true, ..room };
        assert_eq!(super::read(&said("sydney", None), private).as_deref(), Some("source sydney"));
        assert_eq!(super::read(&said("!check a", None), private).as_deref(), Some("check a"));
        let quiet = RoomAddressing { prefix: None, ..room };
        assert_eq!(super::read(&said("!source sydney", None), quiet), None);
        assert_eq!(super::read(&said("rec: !source sydney", me), quiet).as_deref(), Some("source !source sydney"));
    }
}
