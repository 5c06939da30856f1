//! Writing a gazetteer, for the tool that makes the shipped one.

use std::collections::BTreeMap;

use super::{
    MANY_PEOPLE, NameUse, PlaceKind,
    layout::{BUCKETS, CAPITAL, ENTRY_LENGTH, KeyHash, MAGIC, NONE, SEVERAL, size},
};

/// A place to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawPlace {
    /// Its name in English, or in Latin letters.
    pub name: String,
    /// Its kind. Places must come in the order of their kinds.
    pub kind: PlaceKind,
    /// Whether it is the capital of its country.
    pub capital: bool,
    /// How many people live there.
    pub population: u64,
    /// Its number in GeoNames; 0 for none.
    pub geonames: u32,
    /// What it lies in, by its place among all.
    pub within: Option<u16>,
    /// The region of a city, by its place among all.
    pub region: Option<u16>,
    /// Its names, folded, each with its use.
    pub names: Vec<(String, NameUse)>,
    /// Those of them that it is called by in English.
    pub own_names: Vec<String>,
}

/// There is more of something than the layout has room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the layout has no room for {0}")]
pub struct GazetteerTooLarge(&'static str);

/// The most places that are kept for one name, the likeliest to be meant. The limit is ours.
const MOST_BEARERS: usize = 40;

/// The file of these places, with a sentence on where they come from.
///
/// # Errors
/// When there are more places or longer names than the layout has room for.
pub fn pack(about: &str, places: &[RawPlace]) -> Result<Vec<u8>, GazetteerTooLarge> {
    let mut rows = Vec::new();
    let mut names = Vec::new();
    let mut keys: BTreeMap<&str, Vec<(usize, NameUse)>> = BTreeMap::new();
    for (number, place) in places.iter().enumerate() {
        rows.extend(place.geonames.to_le_bytes());
        rows.extend(three_bytes(names.len()).ok_or(GazetteerTooLarge("names of places"))?);
        rows.push(u8::try_from(place.name.len()).map_err(|_| GazetteerTooLarge("so long a name"))?);
        rows.push(kind(place.kind) | if place.capital { CAPITAL } else { 0 });
        rows.push(size(place.population));
        rows.extend(place.within.unwrap_or(NONE).to_le_bytes());
        rows.extend(place.region.unwrap_or(NONE).to_le_bytes());
        names.extend(place.name.bytes());
        for (key, name_use) in place.names.iter().filter(|(key, _)| !key.is_empty()) {
            keys.entry(key).or_default().push((number, *name_use));
        }
    }
    let mut bearers = Vec::new();
    let mut buckets: BTreeMap<usize, Vec<[u8; ENTRY_LENGTH]>> = BTreeMap::new();
    let mut longest = 1;
    for (key, mut of_key) in keys {
        longest = longest.max(key.split(' ').count());
        // What is well known by the name itself first ("Brasilia" is Brazil in Finnish), then continents and countries,
        // then by people: a region is no likelier to be meant than its city.
        of_key.sort_by_key(|&(number, _)| {
            let place = places.get(number);
            let large = place.is_some_and(|place| place.kind <= PlaceKind::Country);
            let people = place.map_or(0, |place| place.population);
            let own = place.is_some_and(|place| place.own_names.iter().any(|own| own == key));
            (!(own && (large || people >= MANY_PEOPLE)), !large, std::cmp::Reverse(people))
        });
        // A name is told by the place that is likeliest to be meant.
        let flags = of_key.first().map_or(0, |(_, name_use)| *name_use as usize);
        of_key.dedup_by_key(|(number, _)| *number);
        of_key.truncate(MOST_BEARERS);
        let value = match of_key.as_slice() {
            [(only, _)] => only << 3,
            several => {
                let at = bearers.len();
                bearers.push(u8::try_from(several.len()).map_err(|_| GazetteerTooLarge("places of one name"))?);
                for (number, _) in several {
                    bearers.extend(three_bytes(*number).ok_or(GazetteerTooLarge("places"))?);
                }
                (at << 3) | SEVERAL as usize
            }
        };
        let [v0, v1, v2] = three_bytes(value | flags).ok_or(GazetteerTooLarge("names"))?;
        let (bucket, [h0, h1, h2]) = KeyHash::of(key).parts();
        buckets.entry(bucket).or_default().push([h0, h1, h2, v0, v1, v2]);
    }
    let mut starts = Vec::with_capacity((BUCKETS + 1) * 3);
    let mut entries = Vec::new();
    for bucket in 0..=BUCKETS {
        starts.extend(three_bytes(entries.len() / ENTRY_LENGTH).ok_or(GazetteerTooLarge("names"))?);
        entries.extend(buckets.remove(&bucket).unwrap_or_default().into_iter().flatten());
    }
    let keys = [starts, entries].concat();
    let mut file = MAGIC.to_vec();
    for length in [about.len(), rows.len(), names.len(), bearers.len(), keys.len(), longest] {
        file.extend(u32::try_from(length).map_err(|_| GazetteerTooLarge("so large a file"))?.to_le_bytes());
    }
    for part in [about.as_bytes(), &rows, &names, &bearers, &keys] {
        file.extend(part);
    }
    Ok(file)
}

fn kind(kind: PlaceKind) -> u8 {
    match kind {
        PlaceKind::Continent => 0,
        PlaceKind::Country => 1,
        PlaceKind::Region => 2,
        PlaceKind::City => 3,
    }
}

fn three_bytes(number: usize) -> Option<[u8; 3]> {
    let [a, b, c, 0] = u32::try_from(number).ok()?.to_le_bytes() else { return None };
    Some([a, b, c])
}

#[cfg(test)]
mod tests {
    use super::super::Gazetteer;
    use super::*;

    fn place(name: &str, kind: PlaceKind, population: u64, within: Option<u16>, names: &[&str]) -> RawPlace {
        RawPlace {
            name: name.to_owned(),
            kind,
            capital: false,
            population,
            geonames: 7,
            within,
            region: None,
            names: names.iter().map(|name| ((*name).to_owned(), NameUse::Plain)).collect(),
            own_names: names.iter().take(1).map(|name| (*name).to_owned()).collect(),
        }
    }

    #[test]
    fn what_was_written_is_read() {
        let places = [
            place("Northland", PlaceKind::Continent, 9_000_000, None, &["northland"]),
            place("Foghorn", PlaceKind::Country, 2_000_000, Some(0), &["foghorn"]),
            place("Port Ellery", PlaceKind::City, 20_000, Some(1), &["port ellery", "ellery"]),
            place("Ellery", PlaceKind::City, 90_000, Some(1), &["ellery", "foghorn"]),
        ];
        let gazetteer = Gazetteer::read(pack("Made up.", &places).unwrap().leak()).unwrap();
        let named = |key: &str| -> Vec<&str> {
            let places = gazetteer.named(key).map(|bearers| bearers.places).unwrap_or_default();
            places.into_iter().map(|number| gazetteer.place(number).unwrap().name).collect()
        };
        assert_eq!(named("ellery"), ["Ellery", "Port Ellery"], "the larger first");
        assert_eq!(named("foghorn"), ["Foghorn", "Ellery"], "a country first");
        assert_eq!(named("nowhere"), [""; 0]);
        let port = gazetteer.named("port ellery").unwrap().places[0];
        let northland = gazetteer.named("northland").unwrap().places[0];
        assert!(gazetteer.lies_in(port, northland) && !gazetteer.lies_in(northland, port));
        assert_eq!(gazetteer.longest(), 2);
        assert_eq!(gazetteer.about(), "Made up.");
    }
}
