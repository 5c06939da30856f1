//! What a button or menu carries in its `custom_id` (at most 100 characters: Discord, "Custom ID"),
//! so that it works for as long as its message lives.

use crate::{desk::deliveries::ask_id, reply::Ask};

const LONGEST: usize = 100;

/// What a button does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Press {
    /// Turns to another page of the message that it stands under.
    Turn {
        /// Whose answer it is.
        asker: u64,
        /// Which part of the page; a page that doesn't fit in one message has several.
        part: usize,
        /// The request for the page.
        ask: Words,
    },
    /// Opens another answer, for whoever presses.
    Open(Words),
    /// Opens what is chosen in a menu; the choice carries the request.
    Choose,
    /// Posts a private answer for all to see.
    Publish,
}

/// A request, or the id under which a long one is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Words {
    /// The request itself.
    Here(String),
    /// The id in the store.
    Kept(String),
}

impl Words {
    /// A request, as it is if it fits beside `taken` characters; else its id, and `kept` gets it.
    pub(super) fn of(ask: &Ask, taken: usize, kept: &mut Vec<String>) -> Self {
        let words = ask.as_str();
        if words.encode_utf16().count() + taken <= LONGEST && !words.starts_with('#') {
            return Self::Here(words.to_owned());
        }
        kept.push(words.to_owned());
        Self::Kept(ask_id(words))
    }

    fn read(text: &str) -> Self {
        text.strip_prefix('#').map_or_else(|| Self::Here(text.to_owned()), |id| Self::Kept(id.to_owned()))
    }

    /// As a menu's choice carries it.
    pub(super) fn write(&self) -> String {
        match self {
            Self::Here(words) => words.clone(),
            Self::Kept(id) => format!("#{id}"),
        }
    }
}

/// The request that a menu's choice carries.
pub(super) fn choice(value: &str) -> Words {
    Words::read(value)
}

/// How many characters stand before the request in [`Press::Turn`] at most.
pub(super) const TURN: usize = 2 + 20 + 1 + 4 + 1;

impl Press {
    /// The `custom_id`; `mark` keeps buttons apart that do the same.
    pub(super) fn write(&self, mark: char) -> String {
        match self {
            Self::Turn { asker, part, ask } => format!("t{mark}{asker}:{part}:{}", ask.write()),
            Self::Open(ask) => format!("o{mark}{}", ask.write()),
            Self::Choose => format!("c{mark}"),
            Self::Publish => format!("p{mark}"),
        }
    }

    /// Reads a `custom_id`; `None` if it is none of ours.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut characters = text.chars();
        let kind = characters.next()?;
        characters.next()?;
        let rest = characters.as_str();
        match kind {
            't' => {
                let (asker, rest) = rest.split_once(':')?;
                let (part, ask) = rest.split_once(':')?;
                Some(Self::Turn { asker: asker.parse().ok()?, part: part.parse().ok()?, ask: Words::read(ask) })
            }
            'o' => Some(Self::Open(Words::read(rest))),
            'c' if rest.is_empty() => Some(Self::Choose),
            'p' if rest.is_empty() => Some(Self::Publish),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_button_comes_back_as_it_went_and_is_never_too_long() {
        for words in ["source sydney page:2", &"source 悉尼 ".repeat(40), "#odd"] {
            let mut kept = Vec::new();
            let ask = Words::of(&Ask::new(words), TURN, &mut kept);
            assert_eq!(kept.len(), usize::from(words != "source sydney page:2"));
            for press in [
                Press::Turn { asker: u64::MAX, part: 9_999, ask: ask.clone() },
                Press::Open(ask.clone()),
                Press::Choose,
                Press::Publish,
            ] {
                let written = press.write('a');
                assert!(written.encode_utf16().count() <= LONGEST, "{written}");
                assert_eq!(Press::read(&written), Some(press));
            }
        }
        for foreign in ["", "t", "ta", "tax:y:z", "page:2", "ö"] {
            assert_eq!(Press::read(foreign), None, "{foreign}");
        }
    }
}
