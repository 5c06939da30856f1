//! Whether a message is meant for the bot, and what it asks. No message goes further that is not.

use std::ops::Range;

use super::{event::Said, html};
use crate::frontend::{Addressed, BotNaming};

/// How a message may address the bot in one place.
#[derive(Debug, Clone, Copy)]
pub(super) struct RoomAddressing<'a> {
    /// What stands before commands; `None`: nothing does.
    pub(super) prefix: Option<&'a str>,
    /// The bot's whole user id.
    pub(super) bot: &'a str,
    /// The bot's display names, which clients put in place of its id when they mention it.
    pub(super) names: &'a [String],
    /// Whether only the bot is spoken to.
    pub(super) direct: bool,
}

/// The word that sends the bot away. It is no command, as only rooms can be left.
pub(super) const LEAVE: &str = "leave";

/// The line that a message asks, without prefix or mention; `None` when it isn't for the bot.
pub(super) fn read(said: &Said, manner: RoomAddressing<'_>) -> Option<String> {
    let text = said.body.trim_start();
    let places = mentions(text, said, manner);
    let naming = match &places {
        None => BotNaming::None,
        Some(places) if places.is_empty() => BotNaming::Aside,
        Some(places) => BotNaming::InWords(places),
    };
    let RoomAddressing { prefix, direct, .. } = manner;
    // Clients add whom a reply answers to those that it mentions, and some do so in threads.
    let answers = said.reply_to.is_some() || (naming == BotNaming::Aside && said.thread.is_some());
    Addressed { text, naming, prefix, direct, replies: answers, also: Some(LEAVE) }.line()
}

/// Where a message that mentions the bot names it (Matrix specification, "User and room mentions"); `None` where it
/// doesn't mention it. Where the client doesn't say whom it mentions, the whole id counts, and a link to it.
fn mentions(text: &str, said: &Said, manner: RoomAddressing<'_>) -> Option<Vec<Range<usize>>> {
    let is_listed = match &said.mentions {
        Some(users) if users.iter().any(|user| user == manner.bot) => true,
        Some(_) => return None,
        None => false,
    };
    let formatted = said.formatted.as_deref().unwrap_or_default();
    let pills: Vec<String> = if formatted.contains(MATRIX_TO) {
        let links = html::links(formatted).into_iter().filter(|link| leads_to(&link.target, manner.bot));
        links.map(|link| link.label.trim().trim_start_matches('@').to_owned()).collect()
    } else {
        Vec::new()
    };
    let local = manner.bot.split(':').next().unwrap_or_default().trim_start_matches('@');
    let mut names = vec![manner.bot];
    if is_listed || !pills.is_empty() {
        names.extend(pills.iter().map(String::as_str));
    }
    if is_listed {
        names.extend(manner.names.iter().map(String::as_str));
    }
    names.retain(|name| !name.is_empty());
    names.sort_unstable_by_key(|name| std::cmp::Reverse(name.len()));
    let mut places = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let begins =
            text.get(..at).and_then(|before| before.chars().next_back()).is_none_or(|last| !is_of_a_name(last));
        let found = begins.then(|| {
            let in_words = || names.iter().find_map(|name| named(rest, name));
            // So short a name may be any word, but not where a message begins, or behind an @.
            let in_short = || {
                let bare =
                    if at == 0 { named(rest, local) } else { rest.starts_with('@').then(|| named(rest, local))? };
                bare.filter(|_| is_listed && !local.is_empty())
            };
            link_to(rest, manner.bot).or_else(in_words).or_else(in_short)
        });
        match found.flatten() {
            Some(length) => {
                places.push(at..at + length);
                at += length;
            }
            None => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    (is_listed || !pills.is_empty() || !places.is_empty()).then_some(places)
}

/// How long a name at the beginning of a text is, with the `@` that may stand before it. Of a longer name only the
/// beginning would be taken.
fn named(text: &str, name: &str) -> Option<usize> {
    let rest = text.strip_prefix(name).or_else(|| text.strip_prefix('@')?.strip_prefix(name))?;
    let mut behind = rest.chars();
    let ends = match behind.next() {
        None => true,
        Some(next) if next.is_whitespace() || matches!(next, ',' | '，' | '：') => true,
        // "rec.example", "rec-ord" and "rec:example" are other names, "rec." and "rec:" end with it.
        Some(next) => !is_of_a_name(next) && behind.next().is_none_or(|next| !is_of_a_name(next)),
    };
    ends.then(|| text.len() - rest.len())
}

fn is_of_a_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

const MATRIX_TO: &str = "matrix.to/#/";

/// How long a link to the bot at the beginning of a text is, as clients write Markdown: `[name](https://matrix.to/#/@…)`.
fn link_to(text: &str, bot: &str) -> Option<usize> {
    let (_, target) = text.strip_prefix('[')?.split_once("](")?;
    let (target, behind) = target.split_once(')')?;
    let bare = target.trim_start_matches('<').trim_end_matches('>');
    leads_to(bare, bot).then(|| text.len() - behind.len())
}

/// Whether an address is the one of the bot (Matrix specification, "matrix.to navigation").
fn leads_to(address: &str, bot: &str) -> bool {
    let Some((_, target)) = address.split_once(MATRIX_TO) else { return false };
    let target = target.split('?').next().unwrap_or_default();
    target == bot || decoded(target).as_deref() == Some(bot)
}

/// An address's part without its percent signs.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        let hex = behind.get(..2).filter(|_| first == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(byte.unwrap_or(first));
        rest = if byte.is_some() { behind.get(2..)? } else { behind };
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(body: &str, mentions: Option<&[&str]>) -> Said {
        let mentions = mentions.map(|users| users.iter().map(|&user| user.to_owned()).collect());
        let (id, sender) = ("$1".to_owned(), "@a:b".to_owned());
        Said { id, sender, body: body.to_owned(), formatted: None, mentions, reply_to: None, thread: None, age: None }
    }

    #[test]
    fn prefix_mention_and_private_words_are_told_from_talk() {
        let names = ["On Record".to_owned()];
        let room = RoomAddressing { prefix: Some("!"), bot: "@rec:ex.org", names: &names, direct: false };
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
            ("@rec:ex.org.au sydney", None),
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

    #[test]
    fn a_mention_counts_wherever_it_stands_and_however_the_client_writes_it() {
        let names = ["On Record".to_owned()];
        let room = RoomAddressing { prefix: Some("!"), bot: "@rec:ex.org", names: &names, direct: false };
        let me: Option<&[&str]> = Some(&["@rec:ex.org"]);
        let pill = |label: &str| format!("<a href=\"https://matrix.to/#/@rec:ex.org\">{label}</a> sydney");
        for (body, formatted, mentions, wanted) in [
            // Element X.
            ("[@rec:ex.org](https://matrix.to/#/@rec:ex.org) sydney", None, me, Some("sydney")),
            ("[On Record](<https://matrix.to/#/%40rec%3Aex.org?via=x>) sydney", None, None, Some("sydney")),
            ("see [@rec:ex.org](https://matrix.to/#/@rec:ex.org) sydney", None, me, Some("see sydney")),
            ("is it in sydney, On Record?", None, me, Some("is it in sydney, ?")),
            ("is it in sydney @rec:ex.org", None, None, Some("is it in sydney")),
            ("is it in sydney @rec", None, me, Some("is it in sydney")),
            // By a name that the bot doesn't know, as one that it has in that room alone.
            ("Archive: sydney", Some(pill("Archive")), me, Some("sydney")),
            ("Archive: sydney", Some(pill("@Archive")), None, Some("sydney")),
            ("Archive: sydney", None, me, Some("Archive: sydney")),
            ("record sydney", None, me, Some("record sydney")),
            ("Archive: sydney", Some(pill("Archive")), Some(&[][..]), None),
            ("[@a:ex.org](https://matrix.to/#/@a:ex.org) sydney", None, None, None),
            ("the rec in sydney", None, Some(&[][..]), None),
        ] {
            let said = Said { formatted, ..said(body, mentions) };
            let wanted = wanted.map(|words| format!("source {words}"));
            assert_eq!(super::read(&said, room), wanted, "{body}");
        }
        // Whom a reply answers is mentioned by the client.
        let reply = Said { reply_to: Some("$2".to_owned()), ..said("so it was in sydney", me) };
        assert_eq!(super::read(&reply, room), None);
        let bare = Said { reply_to: Some("$2".to_owned()), ..said("On Record", me) };
        assert_eq!(super::read(&bare, room).as_deref(), Some("check"));
    }
}
