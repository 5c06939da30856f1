//! What an entity is in public catalogues: its page in Wikidata, its place in GeoNames.

use std::{collections::BTreeSet, fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use url::Url;

use super::WebAddress;

super::vocabulary! {
    /// The catalogues whose ids are kept.
    pub enum Catalogue {
        /// Wikidata, whose items are called Q3130.
        Wikidata = "wikidata",
        /// GeoNames, whose places have numbers.
        GeoNames = "geonames",
    }
}

/// An entity's id in a public catalogue. It is written as its address, in one form for each catalogue, so that the same
/// id is the same text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CatalogueEntry {
    catalogue: Catalogue,
    number: u64,
}

/// A text that is no [`CatalogueEntry`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} is no entry of Wikidata or GeoNames; write its address, like https://www.wikidata.org/wiki/Q3130 or \
     https://www.geonames.org/2147714"
)]
pub struct CatalogueError {
    /// The text as given, shortened.
    pub text: String,
}

impl Catalogue {
    /// Its name as people read it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wikidata => "Wikidata",
            Self::GeoNames => "GeoNames",
        }
    }
}

impl CatalogueEntry {
    /// The entry that a catalogue knows by this id: Q3130 in Wikidata, 2147714 in GeoNames.
    #[must_use]
    pub fn of(catalogue: Catalogue, id: &str) -> Option<Self> {
        let digits = match catalogue {
            Catalogue::Wikidata => id.strip_prefix(['Q', 'q'])?,
            Catalogue::GeoNames => id,
        };
        let is_number = digits.len() <= 12 && digits.bytes().all(|byte| byte.is_ascii_digit());
        let number = digits.parse().ok().filter(|_| is_number && !digits.starts_with('0'))?;
        Some(Self { catalogue, number })
    }

    /// The catalogue that it is in.
    #[must_use]
    pub const fn catalogue(self) -> Catalogue {
        self.catalogue
    }

    /// Its catalogue's name and its id there, as people write them: Wikidata Q3130.
    #[must_use]
    pub fn called(self) -> String {
        let letter = match self.catalogue {
            Catalogue::Wikidata => "Q",
            Catalogue::GeoNames => "",
        };
        format!("{} {letter}{}", self.catalogue.name(), self.number)
    }

    /// Its number in GeoNames, if that is its catalogue.
    #[must_use]
    pub fn geonames(self) -> Option<u64> {
        (self.catalogue == Catalogue::GeoNames).then_some(self.number)
    }

    /// Its address.
    #[must_use]
    pub fn address(self) -> Option<WebAddress> {
        self.to_string().parse().ok()
    }
}

/// Takes the addresses that the catalogues themselves give, and those that browsers show, with whatever follows the id.
impl FromStr for CatalogueEntry {
    type Err = CatalogueError;

    fn from_str(text: &str) -> Result<Self, CatalogueError> {
        let error = || CatalogueError { text: text.chars().take(120).collect() };
        // What no address may hold isn't taken for one here, either.
        let url = text.parse::<WebAddress>().ok().and_then(|address| Url::parse(address.as_str()).ok());
        let url = url.filter(|url| url.port().is_none()).ok_or_else(error)?;
        let path: Vec<&str> = url.path().split('/').filter(|part| !part.is_empty()).collect();
        let (catalogue, id) = match (url.host_str(), path.as_slice()) {
            (Some("wikidata.org" | "www.wikidata.org" | "m.wikidata.org"), path) => match path {
                ["wiki" | "entity", id] | ["wiki", "Special:EntityPage", id] => (Catalogue::Wikidata, *id),
                _ => return Err(error()),
            },
            (Some("geonames.org" | "www.geonames.org" | "sws.geonames.org"), [id] | [id, _]) => {
                (Catalogue::GeoNames, *id)
            }
            _ => return Err(error()),
        };
        Self::of(catalogue, id).ok_or_else(error)
    }
}

impl fmt::Display for CatalogueEntry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.catalogue {
            Catalogue::Wikidata => write!(formatter, "https://www.wikidata.org/wiki/Q{}", self.number),
            Catalogue::GeoNames => write!(formatter, "https://www.geonames.org/{}", self.number),
        }
    }
}

super::serde_as_text!(CatalogueEntry);

/// What an entity is in public catalogues: at most [`SameAs::MOST`] entries, each once.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "BTreeSet<CatalogueEntry>", into = "BTreeSet<CatalogueEntry>")]
pub struct SameAs(BTreeSet<CatalogueEntry>);

/// More entries than one entity may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an entity has at most {} entries of catalogues", SameAs::MOST)]
pub struct TooManyEntries;

impl SameAs {
    /// The most entries that an entity may have. The limit is ours.
    pub const MOST: usize = 8;

    /// The entries: those of Wikidata first, then by number.
    pub fn iter(&self) -> std::collections::btree_set::Iter<'_, CatalogueEntry> {
        self.0.iter()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether both have one and the same entry.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        !self.0.is_disjoint(&other.0)
    }

    /// Takes over what another entity has, as far as there is room.
    pub fn take_over(&mut self, other: &Self) {
        for entry in other.iter() {
            if self.0.len() < Self::MOST {
                self.0.insert(*entry);
            }
        }
    }
}

impl TryFrom<BTreeSet<CatalogueEntry>> for SameAs {
    type Error = TooManyEntries;

    fn try_from(entries: BTreeSet<CatalogueEntry>) -> Result<Self, TooManyEntries> {
        if entries.len() > Self::MOST { Err(TooManyEntries) } else { Ok(Self(entries)) }
    }
}

impl From<SameAs> for BTreeSet<CatalogueEntry> {
    fn from(entries: SameAs) -> Self {
        entries.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_kept_in_one_form_however_its_address_is_written() {
        for (written, kept, called) in [
            ("https://www.wikidata.org/wiki/Q3130", "https://www.wikidata.org/wiki/Q3130", "Wikidata Q3130"),
            ("http://www.wikidata.org/entity/Q3130", "https://www.wikidata.org/wiki/Q3130", "Wikidata Q3130"),
            (
                "https://m.wikidata.org/wiki/q3130?uselang=nl#P31",
                "https://www.wikidata.org/wiki/Q3130",
                "Wikidata Q3130",
            ),
            (
                "https://wikidata.org/wiki/Special:EntityPage/Q3130",
                "https://www.wikidata.org/wiki/Q3130",
                "Wikidata Q3130",
            ),
            ("https://www.geonames.org/2147714", "https://www.geonames.org/2147714", "GeoNames 2147714"),
            ("http://geonames.org/2147714/sydney.html", "https://www.geonames.org/2147714", "GeoNames 2147714"),
            ("https://sws.geonames.org/2147714/", "https://www.geonames.org/2147714", "GeoNames 2147714"),
        ] {
            let entry: CatalogueEntry = written.parse().unwrap();
            assert_eq!((entry.to_string().as_str(), entry.called().as_str()), (kept, called), "{written}");
            assert_eq!(entry.to_string().parse(), Ok(entry));
            assert_eq!(entry.address().unwrap().as_str(), kept);
        }
        for other in [
            "",
            "Q3130",
            "https://www.wikidata.org/wiki/P31",
            "https://www.wikidata.org/wiki/Q",
            "https://www.wikidata.org/wiki/Q03130",
            "https://www.wikidata.org/wiki/Q-1",
            "https://www.wikidata.org/wiki/Q+1",
            "https://www.wikidata.org/wiki/Q1/more/and/more",
            "https://www.wikidata.org/wiki/Q1234567890123",
            "https://www.wikidata.org:8080/wiki/Q3130",
            "https://en.wikipedia.org/wiki/Sydney",
            "https://wikidata.org.example.org/wiki/Q3130",
            "https://user@www.wikidata.org/wiki/Q3130",
            "https://www.geonames.org/about.html",
            "https://www.geonames.org/",
        ] {
            let error = other.parse::<CatalogueEntry>().unwrap_err().to_string();
            assert!(error.contains("https://www.geonames.org/2147714"), "{error}");
        }
    }

    #[test]
    fn an_entity_has_each_entry_once_and_at_most_eight() {
        let of = |numbers: std::ops::Range<u64>| {
            let entries = numbers.map(|number| format!("\"https://www.wikidata.org/entity/Q{number}\""));
            serde_json::from_str::<SameAs>(&format!("[{}]", entries.collect::<Vec<_>>().join(",")))
        };
        let mut eight = of(1..9).unwrap();
        assert_eq!(serde_json::to_string(&of(7..8).unwrap()).unwrap(), r#"["https://www.wikidata.org/wiki/Q7"]"#);
        assert!(of(1..10).unwrap_err().to_string().contains("at most 8"));
        assert!(eight.meets(&of(8..12).unwrap()) && !eight.meets(&of(9..12).unwrap()));
        eight.take_over(&of(20..21).unwrap());
        assert_eq!(eight, of(1..9).unwrap(), "there is no room");
        let mut few = of(1..3).unwrap();
        few.take_over(&of(2..5).unwrap());
        assert_eq!(few, of(1..5).unwrap());
    }
}
