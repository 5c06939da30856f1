//! The text that a time stamp is over: the ends of the chains, each with its place.

use crate::store::{Chain, Head, Reader, StoreError};

/// The first line, by which the text is told from any other.
const TITLE: &str = "The last hashes of a history kept by Onrecord";

/// What a time stamp is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamped(Vec<Head>);

/// How a history differs from what was stamped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference {
    /// The chain ends before the place that was stamped.
    Shorter(Chain, i64),
    /// At the place that was stamped there is another hash.
    Other(Chain, i64),
}

impl Stamped {
    /// The history as it stands.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn now(records: &Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self(records.heads()?))
    }

    /// What a text says; `None` for what is no such text, to the letter.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let heads = text.lines().skip(1).map(|line| {
            let (name, rest) = line.split_once(": ")?;
            let (place, hash) = rest.split_once(' ')?;
            let chain = Chain::ALL.into_iter().find(|chain| chain.name() == name)?;
            Some(Head { chain, place: place.parse().ok().filter(|place| *place >= 0)?, hash: hash.to_owned() })
        });
        let read = Self(heads.collect::<Option<_>>()?);
        (!read.0.is_empty() && read.text() == text).then_some(read)
    }

    /// The text. Its form never changes, as time stamps are over it.
    #[must_use]
    pub fn text(&self) -> String {
        let lines = self.0.iter().map(|head| format!("{}: {} {}\n", head.chain.name(), head.place, head.hash));
        format!("{TITLE}\n{}", lines.collect::<String>())
    }

    /// How far it goes, in words.
    #[must_use]
    pub fn extent(&self) -> String {
        let ends: Vec<String> = self.0.iter().map(|head| head.chain.counted(head.place)).collect();
        match ends.as_slice() {
            [all @ .., last] if !all.is_empty() => format!("{} and {last}", all.join(", ")),
            _ => ends.concat(),
        }
    }

    /// How the history differs from it now; empty where it goes on from there.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn differences(&self, records: &Reader<'_>) -> Result<Vec<Difference>, StoreError> {
        let mut found = Vec::new();
        for head in &self.0 {
            match records.hash_at(head.chain, head.place)? {
                Some(hash) if hash == head.hash => {}
                Some(_) => found.push(Difference::Other(head.chain, head.place)),
                None => found.push(Difference::Shorter(head.chain, head.place)),
            }
        }
        Ok(found)
    }
}

impl std::fmt::Display for Difference {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Shorter(chain, place) => write!(
                formatter,
                "there are fewer than {place} {} now: the end was cut off, or a backup from before was put back",
                chain.name()
            ),
            Self::Other(chain, place) => write!(formatter, "the first {place} {} are others now", chain.name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_reads_back_and_no_other_does() {
        let hash = "0".repeat(64);
        let stamped = Stamped(vec![
            Head { chain: Chain::Changes, place: 12, hash: hash.clone() },
            Head { chain: Chain::Acts, place: 0, hash: hash.clone() },
        ]);
        let text = stamped.text();
        assert_eq!(Stamped::read(&text), Some(stamped));
        for other in [
            String::new(),
            TITLE.to_owned(),
            text.replace("12", "012"),
            text.replace("12", "-1"),
            text.replace("approved", "other"),
            format!("{text}\n"),
            text.trim_end().to_owned(),
            text.replace(TITLE, "Something else"),
        ] {
            assert_eq!(Stamped::read(&other), None, "{other}");
        }
    }
}
