//! What a button or menu carries in its `custom_id` (at most 100 characters: Discord, "Custom ID"),
//! so that it works for as long as its message lives.

use crate::{
    desk::deliveries::{AsOf, Shown, ask_id},
    model::Sequence,
    reply::CommandCall,
};

const LONGEST: usize = 100;

/// What a button does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Button {
    /// Turns to another page of the message that it stands under.
    Turn {
        /// Whose answer it is.
        asker: u64,
        /// Which part of the page; a page that doesn't fit in one message has several.
        part: usize,
        /// The call for the page.
        call: Carried,
    },
    /// Opens another answer, for whoever presses.
    Open(Carried),
    /// Opens what is chosen in a menu; the choice carries the call.
    Choose,
    /// Posts a private answer for all to see; it carries what the answer shows, as [`written`] does.
    Publish(Carried),
}

/// A line, or the id under which a long one is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Carried {
    /// The line itself.
    Here(String),
    /// The id in the store.
    Kept(String),
}

impl Carried {
    /// A call, as [`Carried::line`].
    pub(super) fn call(call: &CommandCall, taken: usize, kept: &mut Vec<String>) -> Self {
        Self::line(call.as_str(), taken, kept)
    }

    /// A line, as it is if it fits beside `taken` characters; else its id, and `kept` gets it.
    pub(super) fn line(line: &str, taken: usize, kept: &mut Vec<String>) -> Self {
        if line.encode_utf16().count() + taken <= LONGEST && !line.starts_with(KEPT) {
            return Self::Here(line.to_owned());
        }
        kept.push(line.to_owned());
        Self::Kept(ask_id(line))
    }

    /// As a button or a menu's choice carries it.
    pub(super) fn read(text: &str) -> Self {
        text.strip_prefix(KEPT).map_or_else(|| Self::Here(text.to_owned()), |id| Self::Kept(id.to_owned()))
    }

    /// As [`Carried::read`] reads it.
    pub(super) fn write(&self) -> String {
        match self {
            Self::Here(line) => line.clone(),
            Self::Kept(id) => format!("{KEPT}{id}"),
        }
    }
}

/// What stands before the id of a line that is kept.
const KEPT: char = '#';

/// How many characters stand before the call in [`Button::Turn`] at most.
pub(super) const TURN: usize = 2 + 20 + 1 + 4 + 1;

/// How many characters stand before what [`Button::Open`] and [`Button::Publish`] carry.
pub(super) const OTHER: usize = 2;

impl Button {
    /// The `custom_id`; `mark` keeps buttons apart that do the same.
    pub(super) fn write(&self, mark: char) -> String {
        match self {
            Self::Turn { asker, part, call } => format!("t{mark}{asker}:{part}:{}", call.write()),
            Self::Open(call) => format!("o{mark}{}", call.write()),
            Self::Choose => format!("c{mark}"),
            Self::Publish(shown) => format!("p{mark}{}", shown.write()),
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
                let (part, call) = rest.split_once(':')?;
                Some(Self::Turn { asker: asker.parse().ok()?, part: part.parse().ok()?, call: Carried::read(call) })
            }
            'o' => Some(Self::Open(Carried::read(rest))),
            'c' if rest.is_empty() => Some(Self::Choose),
            'p' => match Carried::read(rest) {
                Carried::Here(line) if shown(&line).is_none() => None,
                carried => Some(Self::Publish(carried)),
            },
            _ => None,
        }
    }
}

/// What an answer shows of the records, as a line: the place in the history, a colon and the entries.
pub(super) fn written(shown: &Shown) -> String {
    let place = match shown.as_of {
        Some(AsOf::Place(place)) => place.to_string(),
        Some(AsOf::Time(_)) | None => String::new(),
    };
    format!("{place}:{}", shown.entries.join(" "))
}

/// Reads what [`written`] wrote.
pub(super) fn shown(line: &str) -> Option<Shown> {
    let (place, entries) = line.split_once(':')?;
    let as_of = if place.is_empty() { None } else { Some(AsOf::Place(Sequence(place.parse().ok()?))) };
    Some(Shown { entries: entries.split_whitespace().map(str::to_owned).collect(), as_of })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_button_comes_back_as_it_went_and_is_never_too_long() {
        for words in ["source sydney page:2", &"source 悉尼 ".repeat(40), "#odd"] {
            let mut kept = Vec::new();
            let call = Carried::call(&CommandCall::from(words), TURN, &mut kept);
            assert_eq!(kept.len(), usize::from(words != "source sydney page:2"));
            let shown = Carried::line(&format!("41:{}", "S1 ".repeat(words.len())), OTHER, &mut kept);
            for button in [
                Button::Turn { asker: u64::MAX, part: 9_999, call: call.clone() },
                Button::Open(call.clone()),
                Button::Choose,
                Button::Publish(shown),
            ] {
                let written = button.write('a');
                assert!(written.encode_utf16().count() <= LONGEST, "{written}");
                assert_eq!(Button::read(&written), Some(button));
            }
        }
        for foreign in ["", "t", "ta", "tax:y:z", "page:2", "pa", "ö"] {
            assert_eq!(Button::read(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn what_a_private_answer_shows_comes_back_as_it_went() {
        for as_of in [None, Some(AsOf::Place(Sequence(41)))] {
            for entries in [&[][..], &["S1"], &["S1", "R7", "C41"]] {
                let before = Shown { entries: entries.iter().map(|id| (*id).to_owned()).collect(), as_of };
                assert_eq!(shown(&written(&before)), Some(before));
            }
        }
        for foreign in ["", "x:S1", "source sydney"] {
            assert_eq!(shown(foreign), None, "{foreign}");
        }
    }
}
