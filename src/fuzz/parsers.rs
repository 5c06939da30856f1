//! Readers that need no records: addresses, dates and other values, forms, packs and the command line.

use std::{fmt::Display, str::FromStr};

use super::text;
use crate::{
    commands::{Arguments, COMMANDS, as_meant, read_options, read_text, read_words, speaks_of_another, split_command},
    editorial::{Draft, FORMS},
    import_export::read_texts,
    model::{
        Catalogue, CatalogueEntry, Date, Identity, Key, Language, Reference, SingleLine, WebAddress, bare_host,
        is_invisible, page_host, same_page,
    },
    name_extracts::read_extract_from,
};

/// Addresses, and what tells whether two lead to one page.
pub(super) fn address(data: &[u8]) {
    let Some(text) = text(data) else { return };
    let Some(address) = round_trip::<WebAddress>(text) else { return };
    assert!(address.host().is_ascii() && address.host().contains('.'), "{:?}", address.host());
    let page = same_page(&address);
    // The form that is compared is an address by itself, and its own form.
    let Ok(of_page) = page.parse::<WebAddress>() else { panic!("{page:?} is no address") };
    assert_eq!(same_page(&of_page), page);
    assert!(page.len() <= 8 * WebAddress::MAX_LENGTH, "{} bytes", page.len());
    assert_eq!(page_host(&address), bare_host(of_page.host()));
    let bare = bare_host(address.host());
    assert_eq!(bare_host(&bare), bare);
}

/// Dates, ids, languages, identities, keys and lines: what is taken is written as it was read.
pub(super) fn values(data: &[u8]) {
    let Some(text) = text(data) else { return };
    if let Some(date) = round_trip::<Date>(text) {
        assert!(date.first_day() <= date.last_day());
    }
    round_trip::<Reference>(text);
    round_trip::<Identity>(text);
    round_trip::<Key>(text);
    if let Some(language) = round_trip::<Language>(text) {
        assert!(!language.primary().is_empty());
    }
    if let Some(line) = round_trip::<SingleLine>(text) {
        assert!(!line.as_str().chars().any(is_invisible));
        assert!(line.as_str().chars().count() <= SingleLine::MAX_CHARS);
    }
    let _ = Language::from_name(text);
}

/// A value that was read is written so that it reads back to itself.
fn round_trip<T: FromStr + Display + PartialEq + std::fmt::Debug>(text: &str) -> Option<T> {
    let value: T = text.parse().ok()?;
    let again = value.to_string().parse::<T>().ok();
    assert_eq!(again.as_ref(), Some(&value), "{text:?} is written {value}");
    Some(value)
}

/// Forms filled in as `field: value` lines: what was read is written so that it reads back to the same.
pub(super) fn form(data: &[u8]) {
    let Some((&which, rest)) = data.split_first() else { return };
    let Some(text) = text(rest) else { return };
    let form = FORMS.get(usize::from(which) % FORMS.len()).unwrap_or(&FORMS[0]);
    let Ok(draft) = Draft::read(form, text) else { return };
    let written = draft.write();
    let again = Draft::read(form, &written).unwrap_or_else(|problems| panic!("{written:?} is not read: {problems:?}"));
    assert_eq!(again.write(), written);
    assert_eq!(again.blocks.len(), draft.blocks.len());
    for (block, before) in again.blocks.iter().zip(&draft.blocks) {
        for field in block.form.fields() {
            assert_eq!(block.items(field), before.items(field), "{}", field.name);
        }
    }
}

/// Packs: what is wrong is told with its place, and what is right has records that stand on their own.
pub(super) fn pack(data: &[u8]) {
    let Some(text) = text(data) else { return };
    match read_texts(vec![("pack.toml".to_owned(), text.to_owned())]) {
        Ok(pack) => {
            for located in pack.records() {
                let told = pack.error_at(located, "key", None, "x".to_owned());
                let lines = text.lines().count().max(1);
                assert!(told.line.is_some_and(|line| (1..=lines).contains(&line)), "{told}");
            }
        }
        Err(errors) => {
            assert!(!errors.is_empty());
            assert!(errors.iter().all(|error| error.file == "pack.toml" && !error.message.is_empty()));
        }
    }
}

/// Extracts of catalogues: names are those of entries that were asked for, and what is broken is told with its line.
pub(super) fn names(data: &[u8]) {
    let ids = [(Catalogue::Wikidata, "Q3130"), (Catalogue::Wikidata, "Q55"), (Catalogue::GeoNames, "2147714")];
    let wanted = ids.into_iter().filter_map(|(catalogue, id)| CatalogueEntry::of(catalogue, id)).collect();
    // Some extracts come a few bytes at a time.
    let input = std::io::BufReader::with_capacity(64, data);
    let Ok(extract) = read_extract_from(input, "names", wanted) else { return };
    for (entry, names) in extract.entries() {
        assert_eq!(entry.catalogue(), extract.catalogue());
        for name in names {
            assert!(name.name.as_str().chars().count() <= 200 && name.language.name() != name.language.as_str());
        }
    }
    let lines = data.split(|&byte| byte == b'\n').count();
    let (broken, _) = extract.broken();
    assert!(broken.iter().all(|broken| (1..=lines).contains(&broken.line)), "{broken:?}");
}

/// Requests as they are typed, as options and as a shell's words. What the buttons ask is what was asked.
pub(super) fn invocation(data: &[u8]) {
    let Some((&which, rest)) = data.split_first() else { return };
    let Some(text) = text(rest) else { return };
    let (name, words) = split_command(text);
    assert!(name.len() + words.len() <= text.len());
    let _ = speaks_of_another(text);
    // What is meant by a line is meant by the line that says so, too.
    let meant = as_meant(text).into_owned();
    assert_eq!(as_meant(&meant), meant);
    let words: Vec<String> = text.split('\0').map(str::to_owned).collect();
    let _ = crate::chat::terminal::line_of_words(&words);
    let Some(spec) = COMMANDS.get(usize::from(which) % COMMANDS.len()) else { return };
    let options: Vec<(String, String)> =
        text.lines().filter_map(|line| line.split_once('=')).map(|(name, value)| (name.into(), value.into())).collect();
    let by_options = read_options(spec, &options).and_then(|given| Arguments::check(spec, &given));
    let by_text = Arguments::check(spec, &read_text(spec, text));
    let by_words = Arguments::check(spec, &read_words(spec, &words));
    for arguments in [by_options, by_text, by_words].into_iter().flatten() {
        let ask = arguments.to_call(spec).as_str().to_owned();
        let (name, rest) = split_command(&ask);
        assert_eq!(name, spec.name);
        // Whatever the words are, asking again is possible, and asks the same from then on.
        let again = Arguments::check(spec, &read_text(spec, rest));
        if let Ok(again) = again {
            let third = again.to_call(spec).as_str().to_owned();
            let (_, rest) = split_command(&third);
            assert!(Arguments::check(spec, &read_text(spec, rest)).is_ok(), "{third:?}");
        }
    }
}
