//! A message as people write it, into the text that it means: without links, mentions and quoted
//! replies, handles and hashtags taken apart into their words, the signature of a copied post apart.

use super::{
    link_bounds::around_links,
    marks::{Handles, without_marks},
    quoting::Lines,
    remarks::adds_nothing,
    words::fold,
};
use crate::model::as_latin;

/// A message once cleaned.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Cleaned {
    /// What it says.
    pub(super) body: String,
    /// Who signed it: the name and handle under a copied post.
    pub(super) author: String,
    /// The month and year under a copied post.
    pub(super) written: String,
}

/// How many characters of a signature may follow its dash.
const SIGNATURE: usize = 120;

pub(super) fn clean(message: &str) -> Cleaned {
    cleaned(&claimed(message))
}

/// The same, and where the lines beside a quotation ask something, the quotation before them: "did the mayor really say
/// this?" is about it.
pub(super) fn clean_with_quotation(message: &str) -> Cleaned {
    let lines = Lines::of(message);
    if lines.quotes_words() && lines.own.contains(['?', '？', '؟']) {
        return cleaned(&format!("{}\n{}", lines.quoted, lines.own));
    }
    clean(message)
}

fn cleaned(text: &str) -> Cleaned {
    let text = without_marks(text, Handles::Kept);
    let (text, author, written) = signature(&text);
    Cleaned { body: plain(text), author: plain(author), written }
}

/// The lines that claim something: those that whoever writes adds to a quotation. Where they only ask about it, or there
/// are none, the claim is the quotation.
fn claimed(message: &str) -> String {
    let lines = Lines::of(message);
    if lines.quotes_words() && adds_nothing(&lines.own) { lines.quoted } else { lines.own }
}

/// Parts a copied post from its signature, "— Name (@handle) May 3, 2021": the text, the name with the
/// handle, month and year.
fn signature(text: &str) -> (&str, &str, String) {
    let whole = (text, "", String::new());
    let Some(dash) = text.rfind('—') else { return whole };
    let signed = text.get(dash + '—'.len_utf8()..).unwrap_or_default();
    let (Some(open), Some(close)) = (signed.find("(@"), signed.find(')')) else { return whole };
    if open > close || signed.chars().count() > SIGNATURE {
        return whole;
    }
    let (author, date) = signed.split_at(close);
    let telling = |word: &&str| {
        let digits = word.chars().all(|character| character.is_ascii_digit());
        if digits { word.len() == 4 } else { word.chars().all(char::is_alphabetic) }
    };
    let words = date.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
    (text.get(..dash).unwrap_or_default(), author, words.filter(telling).collect::<Vec<_>>().join(" "))
}

/// A text without links, tags and handles as their words.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for part in text.split_whitespace().flat_map(around_links) {
        plain.push(' ');
        tagged(part, &mut plain);
    }
    plain
}

/// Adds a word; after `#` or `@` its parts: at changes of case, between letters and digits, at underscores.
fn tagged(word: &str, plain: &mut String) {
    let mut in_tag = false;
    let mut before: Option<char> = None;
    let mut characters = word.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '#' | '@' | '＃' | '＠' => {
                in_tag = true;
                plain.push(' ');
            }
            // "@name:server": the server says nothing.
            ':' if in_tag && word.starts_with('@') => break,
            _ if !in_tag => plain.push(character),
            '_' => plain.push(' '),
            _ if character.is_alphanumeric() => {
                let next_small = characters.peek().is_some_and(|next| next.is_lowercase());
                let parts = before.is_some_and(|before| {
                    (before.is_lowercase() && character.is_uppercase())
                        || (before.is_uppercase() && character.is_uppercase() && next_small)
                        || (before.is_alphabetic() && character.is_numeric())
                        || (before.is_numeric() && character.is_alphabetic())
                });
                if parts {
                    plain.push(' ');
                }
                plain.push(character);
            }
            _ => {
                in_tag = false;
                plain.push(character);
            }
        }
        before = Some(character);
    }
}

/// A folded word with the letters of other alphabets that only look like Latin ones replaced, where
/// it mixes them with Latin ones: "Сhіna" with a Cyrillic С is meant to be read as "China".
pub(super) fn without_look_alikes(folded: &str) -> Option<String> {
    if folded.is_ascii() || !folded.chars().any(|character| character.is_ascii_alphabetic()) {
        return None;
    }
    let replaced: String = folded.chars().map(|character| as_latin(character).unwrap_or(character)).collect();
    (replaced != folded).then(|| fold(&replaced))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(message: &str) -> String {
        clean(message).body.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_a_message_means_is_kept_and_its_trimmings_are_not() {
        for (message, expected) in [
            ("Look: https://t.co/abcpic.twitter.com/xyz yes", "Look: yes"),
            ("#DefundTheBBChttps://t.co/x", "Defund The BB Chttps"),
            ("now.WWW.example.org/a?b", "now."),
            ("#PortElleryFerry @realJohnDoe2 #covid_19", "Port Ellery Ferry real John Doe 2 covid 19"),
            ("#ICEgov's raid", "IC Egov 's raid"),
            ("<@123456> hi <:smile:99>there <t:1700000000:R>", "hi there"),
            ("@ann:example.org said", "ann said"),
            ("> who said that?\nthe mayor", "the mayor"),
            ("> only a quote", "only a quote"),
            ("> the claim\nis this real?", "the claim"),
            ("is this real?\n> the claim\n> goes on", "the claim goes on"),
            (">>> the claim,\non the next line\nPlease share", "the claim, on the next line Please share"),
            ("> the claim\n??? 🤔", "the claim"),
            ("> the claim\n<@1> check this please", "the claim"),
            ("看https://t.co/abc渡輪沉沒", "看 渡輪沉沒"),
            ("a < b", "a < b"),
            ("3 — 2 = 1", "3 — 2 = 1"),
        ] {
            // A link without a space before it is cut before tags are taken apart.
            let expected = if message.contains("BBChttps") { "Defund The BBC" } else { expected };
            let expected = if message.contains("ICEgov") { "IC Egov's raid" } else { expected };
            assert_eq!(body(message), expected, "{message:?}");
        }
    }

    #[test]
    fn a_copied_post_is_parted_from_its_signature() {
        let cleaned = clean("The ferry sank! — Sam O’Neil 🇬🇧 (@SamWrites) May 3, 2021");
        assert_eq!(cleaned.body.trim(), "The ferry sank!");
        assert_eq!(cleaned.written, "May 2021");
        assert!(cleaned.author.contains("Sam O’Neil") && cleaned.author.contains("Sam Writes"));
        assert_eq!(clean("this — or (that)").author, "");
    }

    #[test]
    fn letters_that_look_alike_are_read_as_meant() {
        assert_eq!(without_look_alikes("сhіna").as_deref(), Some("china"));
        assert_eq!(without_look_alikes("россия"), None);
        assert_eq!(without_look_alikes("china"), None);
    }
}
