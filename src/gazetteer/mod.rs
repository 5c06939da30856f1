//! The places of the world and their names in all languages, which the program carries: its cities of 15,000 people and
//! more, the first-level regions of its countries, the countries and the continents.
//!
//! It knows nothing of what is on record. What it holds, where it comes from, under which licences and how it is made
//! anew is in `README.md` beside this file. The file is read where it lies in the program, so that it costs no time at the
//! start and only as much memory as is looked at.

mod layout;
mod write;

use std::sync::LazyLock;

pub use layout::KeyHash;
use layout::{BUCKETS, ENTRY_LENGTH, FLAGS, Layout, NONE, PLACE_LENGTH, SEVERAL};
pub use write::{GazetteerTooLarge, RawPlace, pack};

/// The file, as `tools/gazetteer` writes it.
static FILE: &[u8] = include_bytes!("places.bin");

static SHIPPED: LazyLock<Gazetteer> = LazyLock::new(|| Gazetteer::read(FILE).unwrap_or_default());

/// What kind of place it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PlaceKind {
    /// A continent.
    Continent,
    /// A country or a territory with a code of its own.
    Country,
    /// A first-level part of a country: a state, a province, a region.
    Region,
    /// A city or town.
    City,
}

/// How a name is told from other words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum NameUse {
    /// It is a name wherever it stands.
    #[default]
    Plain,
    /// It is more often another word: it is a name where it is written as one.
    Common,
    /// It is a name in capitals alone: "US".
    Capitals,
}

/// A place of a gazetteer, by its place there: the larger kinds come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlaceNumber(u32);

/// A place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownPlace<'a> {
    /// Its name in English, or as it is written in Latin letters.
    pub name: &'a str,
    /// Its kind.
    pub kind: PlaceKind,
    /// Whether it is the capital of its country.
    pub capital: bool,
    /// How many people live there: ten times the base 10 logarithm.
    pub size: u8,
    /// Its number in GeoNames, where that is known.
    pub geonames: Option<u64>,
    /// The continent of a country, the country of all that lies in one.
    pub within: Option<PlaceNumber>,
    /// The region of a city.
    pub region: Option<PlaceNumber>,
}

/// From how many people on a place is meant by its own name, whatever else is called so and however it is written.
const MANY_PEOPLE: u64 = 300_000;

impl KnownPlace<'_> {
    /// Whether it is known by its name alone, written however: a continent, a country, a city of many people. What a
    /// region is called is often a word ("Centre").
    #[must_use]
    pub fn is_well_known(&self) -> bool {
        self.kind <= PlaceKind::Country || (self.kind == PlaceKind::City && self.has_many_people())
    }

    /// Whether some 300,000 people live there, or more.
    #[must_use]
    pub fn has_many_people(&self) -> bool {
        self.size >= layout::size(MANY_PEOPLE)
    }
}

/// The places that go by one name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bearers {
    /// The places, the likeliest to be meant first: by kind, then by people.
    pub places: Vec<PlaceNumber>,
    /// How the name is told from other words.
    pub name_use: NameUse,
}

/// Places and their names.
#[derive(Debug, Default)]
pub struct Gazetteer {
    about: &'static str,
    places: &'static [u8],
    names: &'static [u8],
    bearers: &'static [u8],
    keys: &'static [u8],
    longest: usize,
}

impl Gazetteer {
    /// The one that the program carries.
    #[must_use]
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// Reads a file as [`pack`] makes it; `None` where it is none.
    #[must_use]
    pub fn read(file: &'static [u8]) -> Option<Self> {
        let layout = Layout::read(file)?;
        Some(Self {
            about: layout.about,
            places: layout.places,
            names: layout.names,
            bearers: layout.bearers,
            keys: layout.keys,
            longest: layout.longest,
        })
    }

    /// Where what it holds comes from, of which day and under which licences, in a sentence.
    #[must_use]
    pub fn about(&self) -> &'static str {
        self.about
    }

    /// How many places it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len() / PLACE_LENGTH
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The number of words of the longest name.
    #[must_use]
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// The places that go by a name. The name is given as its words, folded as search folds them, with a space between.
    #[must_use]
    pub fn named(&self, key: &str) -> Option<Bearers> {
        self.named_by(KeyHash::of(key))
    }

    /// The places that go by a name, given as the hash of what [`Gazetteer::named`] takes: whoever asks for many names that
    /// begin alike reads their beginning once.
    #[must_use]
    pub fn named_by(&self, key: KeyHash) -> Option<Bearers> {
        let value = self.value(key)?;
        let name_use = match value & FLAGS {
            0 => NameUse::Plain,
            1 => NameUse::Common,
            _ => NameUse::Capitals,
        };
        let at = value >> 3;
        let places = if value & SEVERAL == 0 { vec![PlaceNumber(at)] } else { self.several(at as usize) };
        Some(Bearers { places, name_use })
    }

    /// Whether any place goes by a name, given by its hash.
    #[must_use]
    pub fn knows(&self, key: KeyHash) -> bool {
        self.value(key).is_some()
    }

    fn value(&self, key: KeyHash) -> Option<u32> {
        let (bucket, rest) = key.parts();
        let start = |bucket: usize| self.keys.get(bucket * 3..bucket * 3 + 3).and_then(layout::number);
        let entries = self.keys.get((BUCKETS + 1) * 3..)?;
        let (from, to) = (start(bucket)? as usize, start(bucket + 1)? as usize);
        let entries = entries.get(from * ENTRY_LENGTH..to * ENTRY_LENGTH)?;
        let entry = entries.chunks_exact(ENTRY_LENGTH).find(|entry| entry.starts_with(&rest))?;
        layout::number(entry.get(rest.len()..)?)
    }

    fn several(&self, at: usize) -> Vec<PlaceNumber> {
        let count = self.bearers.get(at).copied().map_or(0, usize::from);
        let numbers = self.bearers.get(at + 1..at + 1 + count * 3).unwrap_or_default();
        numbers.chunks_exact(3).filter_map(layout::number).map(PlaceNumber).collect()
    }

    /// A place.
    #[must_use]
    pub fn place(&self, number: PlaceNumber) -> Option<KnownPlace<'_>> {
        let at = (number.0 as usize).checked_mul(PLACE_LENGTH)?;
        let row = layout::row(self.places.get(at..at + PLACE_LENGTH)?)?;
        let name = self.names.get(row.name_at as usize..row.name_at as usize + usize::from(row.name_length))?;
        let place = |number: u16| (number != NONE).then(|| PlaceNumber(number.into()));
        Some(KnownPlace {
            name: std::str::from_utf8(name).ok()?,
            kind: row.kind,
            capital: row.capital,
            size: row.size,
            geonames: (row.geonames > 0).then(|| row.geonames.into()),
            within: place(row.within),
            region: place(row.region),
        })
    }

    /// The places that a place lies in, the nearest first: its region, its country, its continent.
    #[must_use]
    pub fn wholes(&self, number: PlaceNumber) -> Vec<PlaceNumber> {
        let Some(place) = self.place(number) else { return Vec::new() };
        let mut wholes: Vec<PlaceNumber> = place.region.into_iter().collect();
        let mut next = place.within;
        // A place lies in a country and this in a continent: no further.
        while let Some(whole) = next.filter(|_| wholes.len() < 3) {
            wholes.push(whole);
            next = self.place(whole).and_then(|place| place.within);
        }
        wholes
    }

    /// Whether a place is another or lies in it.
    #[must_use]
    pub fn lies_in(&self, number: PlaceNumber, whole: PlaceNumber) -> bool {
        number == whole || self.wholes(number).contains(&whole)
    }

    /// A place as people are told of it: "Gothenburg (Sweden)".
    #[must_use]
    pub fn described(&self, number: PlaceNumber) -> String {
        let Some(place) = self.place(number) else { return String::new() };
        match self.country_of(number) {
            Some(country) => format!("{} ({country})", place.name),
            None => place.name.to_owned(),
        }
    }

    /// A place as it is told from its namesakes: "London (Ontario, Canada)".
    #[must_use]
    pub fn told_apart(&self, number: PlaceNumber) -> String {
        let Some(place) = self.place(number) else { return String::new() };
        let region = place.region.and_then(|region| self.place(region)).map(|region| region.name);
        match (region.filter(|region| *region != place.name), self.country_of(number)) {
            (Some(region), Some(country)) => format!("{} ({region}, {country})", place.name),
            _ => self.described(number),
        }
    }

    /// The name of the country that a place lies in.
    fn country_of(&self, number: PlaceNumber) -> Option<&str> {
        let country = self.country(number).filter(|country| *country != number)?;
        self.place(country).map(|country| country.name)
    }

    /// All places, the larger kinds first.
    pub fn places(&self) -> impl Iterator<Item = PlaceNumber> {
        (0..u32::try_from(self.len()).unwrap_or_default()).map(PlaceNumber)
    }

    /// The country that a place is or lies in; `None` for a continent.
    #[must_use]
    pub fn country(&self, number: PlaceNumber) -> Option<PlaceNumber> {
        match self.place(number)?.kind {
            PlaceKind::Continent => None,
            PlaceKind::Country => Some(number),
            PlaceKind::Region | PlaceKind::City => self.place(number)?.within,
        }
    }

    /// The place of this number in GeoNames. Looks through all places.
    #[must_use]
    pub fn of_geonames(&self, geonames: u64) -> Option<PlaceNumber> {
        self.places().find(|&number| self.place(number).is_some_and(|place| place.geonames == Some(geonames)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shipped() -> &'static Gazetteer {
        Gazetteer::shipped()
    }

    fn first(key: &str) -> (String, Option<String>) {
        let bearers = shipped().named(key).unwrap_or_else(|| panic!("{key} is no name"));
        let number = bearers.places[0];
        let place = shipped().place(number).unwrap();
        let within = place.within.and_then(|whole| shipped().place(whole)).map(|whole| whole.name.to_owned());
        (place.name.to_owned(), within)
    }

    #[test]
    fn the_world_is_known_by_its_names_in_many_languages() {
        assert!(shipped().len() > 35_000, "{}", shipped().len());
        for (key, name, within) in [
            ("praag", "Prague", Some("Czechia")),
            ("parigi", "Paris", Some("France")),
            ("mailand", "Milan", Some("Italy")),
            ("nueva york", "New York City", Some("United States")),
            ("gothenburg", "Gothenburg", Some("Sweden")),
            ("niger", "Niger", Some("Africa")),
            ("holandia", "Netherlands", Some("Europe")),
            ("europa", "Europe", None),
            ("bavaria", "Bavaria", Some("Germany")),
        ] {
            assert_eq!(first(key), (name.to_owned(), within.map(str::to_owned)), "{key}");
        }
        assert_eq!(shipped().named("police"), None, "a town of Poland's, and a common word");
        assert_eq!(shipped().named("nice").unwrap().name_use, NameUse::Common);
        assert_eq!(shipped().named("us").unwrap().name_use, NameUse::Capitals);
        assert_eq!(shipped().named("sydney").unwrap().places.len(), 3, "and those in Nova Scotia and Ohio");
    }

    #[test]
    fn every_place_can_be_read_and_lies_in_what_is_larger() {
        for number in shipped().places() {
            let place = shipped().place(number).unwrap();
            assert!(!place.name.is_empty());
            for whole in shipped().wholes(number) {
                assert!(shipped().place(whole).unwrap().kind < place.kind, "{}", place.name);
            }
        }
        assert!(shipped().about().contains("GeoNames") && shipped().about().contains("CC BY 4.0"));
    }

    #[test]
    fn what_is_no_gazetteer_is_not_read() {
        assert!(Gazetteer::read(b"").is_none());
        assert!(Gazetteer::read(b"ORGZ").is_none());
        let cut = FILE.get(..FILE.len() / 2).unwrap();
        assert!(Gazetteer::read(cut).is_none());
        assert!(Gazetteer::default().named("sydney").is_none());
    }
}
