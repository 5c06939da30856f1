//! Links in a text as people paste them: bare, in the brackets that chats know, at the end of a sentence, or with a text
//! in a script without spaces right behind.

use super::link_bounds::{first_written, longest};
use crate::model::{WebAddress, page_host};

/// How many links of a text are looked at. The limit is ours: a message is about one page or a few.
const MOST: usize = 8;

/// A link in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Where it leads.
    pub address: WebAddress,
    /// Where it leads if it ends before the first sign that is no Latin letter: the text behind it may be no part of it.
    pub shorter: Option<WebAddress>,
    /// Whether it was written as one, with `https://` or `www.`: what only looks like one, `example.org/a`, may be words.
    pub written: bool,
}

/// The links of a text, and what it says beside them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Links {
    /// The links, in order, each page once.
    pub all: Vec<Link>,
    /// The text without them and without their labels.
    pub beside: String,
    /// Whether a link has a label with words: `[a report](https://…)`.
    pub labelled: bool,
}

impl Links {
    /// Finds the links in a text.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut links = Self::default();
        let mut left = text;
        while links.all.len() < MOST
            && let Some(start) = first_written(left)
        {
            let (before, rest) = left.split_at(start);
            let (before, label) = label(before);
            links.labelled |= label.chars().any(char::is_alphanumeric);
            links.bare(before);
            let length = longest(rest);
            let (link, behind) = rest.split_at(length);
            match read_link(link, true) {
                Some(link) => links.add(link),
                None => links.beside.push_str(link),
            }
            // Never without a step.
            if length == 0 {
                break;
            }
            left = behind;
        }
        links.bare(left);
        links
    }

    /// Whether there are words beside the links.
    #[must_use]
    pub fn has_words(&self) -> bool {
        self.beside.chars().any(char::is_alphanumeric)
    }

    /// Reads a text without written links: words that look like links.
    fn bare(&mut self, text: &str) {
        for word in text.split_inclusive(char::is_whitespace) {
            let bare =
                word.trim_matches(|sign: char| sign.is_whitespace() || "<>()[]{}\"'“”‘’,;:!?.*_`|".contains(sign));
            match looks_like_one(bare).then(|| read_link(bare, false)).flatten() {
                Some(link) if self.all.len() < MOST => self.add(link),
                _ => self.beside.push_str(word),
            }
        }
    }

    fn add(&mut self, link: Link) {
        if !self.all.iter().any(|other| other.address == link.address) {
            self.all.push(link);
        }
    }
}

/// The host that someone means who writes an address, or a host alone, where a name is asked for; with whether it was
/// written as an address, so that it can't be a name.
#[must_use]
pub fn host_meant(text: &str) -> Option<(String, bool)> {
    let links = Links::read(text.trim());
    match links.all.as_slice() {
        [link] if !links.has_words() => {
            let written = link.written || link.address.as_str().matches('/').count() > 2;
            Some((page_host(&link.address), written))
        }
        _ => None,
    }
}

/// The text before a link, parted from the link's label: `see [a report](`.
fn label(before: &str) -> (&str, &str) {
    let opened = before.trim_end_matches('<').strip_suffix("](").and_then(|text| text.rfind('['));
    before.split_at(opened.unwrap_or(before.len()))
}

fn read_link(text: &str, written: bool) -> Option<Link> {
    let has_scheme = text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("http"));
    let address = |text: &str| -> Option<WebAddress> {
        if has_scheme { text.parse().ok() } else { format!("https://{text}").parse().ok() }
    };
    let ascii = text.find(|sign: char| !sign.is_ascii()).and_then(|at| text.get(..at));
    let shorter = ascii.and_then(|ascii| address(ascii.get(..longest(ascii))?));
    match address(text) {
        Some(address) => Some(Link { address, shorter, written }),
        None => shorter.map(|address| Link { address, shorter: None, written }),
    }
}

/// Whether a word looks like an address without its scheme: `example.org/a`.
fn looks_like_one(word: &str) -> bool {
    let host = word.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let Some((name, domain)) = host.rsplit_once('.') else { return false };
    let is_label = |label: &str| {
        !label.is_empty() && label.chars().all(|sign| sign.is_alphanumeric() || sign == '-') && !label.starts_with('-')
    };
    domain.len() >= 2 && domain.chars().all(|sign| sign.is_ascii_alphabetic()) && name.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(text: &str) -> (Vec<String>, String) {
        let links = Links::read(text);
        let beside = links.beside.split_whitespace().collect::<Vec<_>>().join(" ");
        (links.all.iter().map(|link| link.address.to_string()).collect(), beside)
    }

    #[test]
    fn a_link_is_found_however_it_was_pasted() {
        for (text, link, beside) in [
            ("https://a.example/b", "https://a.example/b", ""),
            ("see https://a.example/b.", "https://a.example/b", "see ."),
            ("see (https://a.example/b_(c)), yes", "https://a.example/b_(c)", "see (), yes"),
            ("<https://a.example/b>", "https://a.example/b", "<>"),
            ("[a story](https://a.example/b)", "https://a.example/b", ")"),
            ("see [a](<https://a.example/b>)", "https://a.example/b", "see >)"),
            ("||https://a.example/b||", "https://a.example/b", "||||"),
            ("**https://a.example/b**", "https://a.example/b", "****"),
            ("“https://a.example/b”", "https://a.example/b", "“”"),
            ("HTTPS://a.example/b?c=d&e", "HTTPS://a.example/b?c=d&e", ""),
            ("www.a.example/b", "https://www.a.example/b", ""),
            ("a.example/b", "https://a.example/b", ""),
            ("a.example", "https://a.example", ""),
            ("見 https://a.example/b。然後", "https://a.example/b", "見 。然後"),
            (
                "https://web.archive.org/web/2022/https://a.example/b",
                "https://web.archive.org/web/2022/https://a.example/b",
                "",
            ),
        ] {
            assert_eq!(found(text), (vec![link.to_owned()], beside.to_owned()), "{text}");
        }
        for text in
            ["", "e.g. this", "ana@a.example", "https://", "www.", "3.5 million", "https://localhost/a", "at 12:30."]
        {
            assert_eq!(found(text).0, Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn a_text_right_behind_may_be_no_part_of_a_link() {
        let links = Links::read("https://a.example/b渡輪海港");
        let [link] = links.all.as_slice() else { panic!("{links:?}") };
        assert_eq!(link.shorter.as_ref().map(WebAddress::as_str), Some("https://a.example/b"));
    }

    #[test]
    fn a_host_is_meant_by_an_address_and_by_itself() {
        let host = |text: &str| host_meant(text);
        assert_eq!(host("irishtimes.com"), Some(("irishtimes.com".to_owned(), false)));
        assert_eq!(host("www.irishtimes.com"), Some(("irishtimes.com".to_owned(), true)));
        assert_eq!(host("https://www.irishtimes.com/a/b"), Some(("irishtimes.com".to_owned(), true)));
        assert_eq!(host("irishtimes.com/a"), Some(("irishtimes.com".to_owned(), true)));
        assert_eq!(host("The Irish Times"), None);
        assert_eq!(host("Mr. Smith"), None);
    }

    proptest! {
        #[test]
        fn what_is_beside_the_links_is_of_the_text(text in "[hwtps:/.a-c<>()\\[\\]渡é ?#%]{0,40}") {
            let links = Links::read(&text);
            prop_assert!(links.beside.len() <= text.len());
            prop_assert!(links.all.len() <= MOST);
        }
    }
}
