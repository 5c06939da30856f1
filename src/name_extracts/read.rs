//! Reading an extract: what it is of is seen from what stands in it, whatever the file is called.

use std::{
    collections::HashSet,
    io::{self, BufRead, BufReader},
    path::Path,
};

use super::{
    extract::{BrokenLine, Extract},
    geonames, wikidata,
};
use crate::{
    files::{self, FileError},
    model::{Catalogue, CatalogueEntry},
};

/// How many bytes from the start tell what an extract is of, at most.
const LOOKED_AT: usize = 64 * 1024;

/// The mark that some programs write before UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Why an extract can't be read.
#[derive(Debug, thiserror::Error)]
pub enum ExtractError {
    /// The file can't be read.
    #[error("{file}: {error}")]
    File {
        /// The file as it was named.
        file: String,
        /// Why.
        error: FileError,
    },
    /// It is of neither catalogue.
    #[error(
        "{file} is neither JSON of Wikidata's entities, as https://www.wikidata.org/wiki/Special:EntityData/Q3130.json \
         gives it, nor GeoNames' table of alternate names, alternateNamesV2.txt; if it is packed, unpack it first"
    )]
    NeitherFormat {
        /// The file as it was named.
        file: String,
    },
    /// It looks like an extract, and no entry in it can be read.
    #[error("{file}: no entry in it can be read: {broken}")]
    NothingReadable {
        /// The file as it was named.
        file: String,
        /// The first line that can't be read.
        broken: BrokenLine,
    },
}

/// Reads the names of the wanted entries out of a file. It is read once from start to end, and may be of any length: what is
/// held of it is a line and the names.
///
/// # Errors
/// When it can't be read, or is no extract of a catalogue. A line that is broken is told in what was read.
pub fn read_extract(path: &Path, wanted: HashSet<CatalogueEntry>) -> Result<Extract, ExtractError> {
    let file = path.display().to_string();
    let opened = files::open_regular(path).map_err(|error| ExtractError::File { file: file.clone(), error })?;
    read_extract_from(BufReader::with_capacity(LOOKED_AT, opened), &file, wanted)
}

/// The same of what was opened before; `file` is what it is called.
///
/// # Errors
/// As [`read_extract`].
pub fn read_extract_from(
    input: impl BufRead,
    file: &str,
    wanted: HashSet<CatalogueEntry>,
) -> Result<Extract, ExtractError> {
    let extract =
        read(input, wanted).map_err(|error| ExtractError::File { file: file.to_owned(), error: error.into() })?;
    let neither = || ExtractError::NeitherFormat { file: file.to_owned() };
    let extract = extract.ok_or_else(neither)?;
    if extract.has_entries() {
        return Ok(extract);
    }
    let broken = extract.broken().0.first().cloned().ok_or_else(neither)?;
    Err(ExtractError::NothingReadable { file: file.to_owned(), broken })
}

fn read(mut input: impl BufRead, wanted: HashSet<CatalogueEntry>) -> io::Result<Option<Extract>> {
    let start = input.fill_buf()?;
    let marked = start.starts_with(BYTE_ORDER_MARK);
    let catalogue = catalogue_of(if marked { start.get(BYTE_ORDER_MARK.len()..).unwrap_or_default() } else { start });
    if marked {
        input.consume(BYTE_ORDER_MARK.len());
    }
    let Some(catalogue) = catalogue else { return Ok(None) };
    let mut extract = Extract::new(catalogue, wanted);
    match catalogue {
        Catalogue::Wikidata => wikidata::read(input, &mut extract)?,
        Catalogue::GeoNames => geonames::read(input, &mut extract)?,
    }
    Ok(Some(extract))
}

/// The catalogue that an extract is of, by how it begins.
fn catalogue_of(start: &[u8]) -> Option<Catalogue> {
    match start.iter().find(|byte| !byte.is_ascii_whitespace())? {
        b'{' | b'[' => Some(Catalogue::Wikidata),
        // Its first line may be the one that is broken.
        _ => start.split(|&byte| byte == b'\n').any(geonames::is_row).then_some(Catalogue::GeoNames),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name_extracts::FoundName;

    /// What is read of an extract for Q1, Q2 and place 3: each name as `entry: name (language)`, each broken line by number.
    fn said(text: &str) -> Vec<String> {
        let ids = [(Catalogue::Wikidata, "Q1"), (Catalogue::Wikidata, "Q2"), (Catalogue::GeoNames, "3")];
        let wanted = ids.into_iter().map(|(catalogue, id)| CatalogueEntry::of(catalogue, id).unwrap()).collect();
        // However few bytes come at a time.
        let input = BufReader::with_capacity(64, text.as_bytes());
        match read_extract_from(input, "file", wanted) {
            Err(ExtractError::NothingReadable { broken, .. }) => vec![format!("nothing: {}", broken.line)],
            Err(error) => vec![format!("{error:?}").split_whitespace().next().unwrap().to_owned()],
            Ok(extract) => {
                let all = extract.entries().flat_map(|(entry, names)| {
                    let written = |name: &FoundName| format!("{}: {} ({})", entry.called(), name.name, name.language);
                    names.iter().map(written).collect::<Vec<_>>()
                });
                all.chain(extract.broken().0.iter().map(|broken| format!("broken: {}", broken.line))).collect()
            }
        }
    }

    #[test]
    fn every_form_of_an_extract_gives_the_names_that_are_asked_for() {
        const ONE: &str =
            r#"{"id":"Q1","labels":{"nl":{"language":"nl","value":"Een"}},"aliases":[],"claims":{"P1":[1]}}"#;
        const TWO: &str = r#"{"labels":{"de":{"language":"de","value":"Zwei"}},"id":"Q2"}"#;

        let both = vec!["Wikidata Q1: Een (nl)", "Wikidata Q2: Zwei (de)"];
        let laid_out = |text: &str| {
            serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(text).unwrap()).unwrap()
        };
        let document = format!(r#"{{"entities":{{"Q1":{ONE},"Q2":{TWO}}},"success":1}}"#);
        for (text, wanted) in [
            (document.clone(), both.clone()),
            (laid_out(&document), both.clone()),
            (format!("\u{feff}{document}"), both.clone()),
            (format!("[{ONE},{TWO}]"), both.clone()),
            (laid_out(&format!("[{ONE},{TWO}]")), both.clone()),
            (format!("[\n{ONE},\n{TWO}\n]\n"), both.clone()),
            (format!("\n\n{ONE}\n\n{TWO}"), both.clone()),
            (format!("{ONE}{TWO}"), both.clone()),
            (format!("{ONE}\r\n{{\"id\": oops\r\n{TWO}\r\n"), [both.clone(), vec!["broken: 2"]].concat()),
            (format!("{}\n{TWO}", &ONE[..30]), vec!["Wikidata Q2: Zwei (de)", "broken: 1"]),
            // What follows the place where one document over several lines is broken isn't known.
            (
                laid_out(&format!("[{ONE},{TWO}]")).replace("\"de\": {", "\"de\": oops"),
                vec!["Wikidata Q1: Een (nl)", "broken: 20"],
            ),
            // It was merged into another, and goes by both ids.
            (format!(r#"{{"entities":{{"Q1":{TWO}}}}}"#), vec!["Wikidata Q1: Zwei (de)", "Wikidata Q2: Zwei (de)"]),
            // In another language than was asked for; in marks of direction; too long; nothing at all.
            (
                format!(
                    r#"{{"id":"Q1","labels":{{"sv":{{"language":"en","value":"One"}},"he":{{"value":"\u200fאחת\u200e"}},
                    "fr":{{"value":"{}"}},"it":{{"value":" "}},"la":{{"value":5}}}}}}"#,
                    "x".repeat(201)
                ),
                vec!["Wikidata Q1: One (en)", "Wikidata Q1: אחת (he)"],
            ),
            (r#"{"entities":{"Q1":{"id":"Q1","missing":""}}}"#.to_owned(), vec![]),
            (r#"{"entities":[]}"#.to_owned(), vec!["NeitherFormat"]),
            (r#"{"id":"P31","labels":[]}"#.to_owned(), vec!["NeitherFormat"]),
            ("{".to_owned(), vec!["nothing: 1"]),
            ("[]".to_owned(), vec!["NeitherFormat"]),
            ("1\t3\tnl\tDrie".to_owned(), vec!["GeoNames 3: Drie (nl)"]),
            ("Three\n1\t3\tnl\tDrie\t\t\t\t\n".to_owned(), vec!["GeoNames 3: Drie (nl)", "broken: 1"]),
            ("1\t3\tnl\tDrie\t\t\t\t1\n2\t3\tnl\tDrei\t\t\t\t\t\t1918".to_owned(), vec![]),
            (format!("1\t3\tnl\tDrie\n2\t3\tnl\t{}\n", "x".repeat(20_000)), vec!["GeoNames 3: Drie (nl)", "broken: 2"]),
            ("1\t3\tabbr\tTHR\n2\t3\tabbr\tТРИ\n".to_owned(), vec!["GeoNames 3: THR (en)"]),
            ("1\t0\tnl\tNul\n".to_owned(), vec!["nothing: 1"]),
            (String::new(), vec!["NeitherFormat"]),
            ("Three".to_owned(), vec!["NeitherFormat"]),
        ] {
            assert_eq!(said(&text), wanted, "{text}");
        }
    }
}
