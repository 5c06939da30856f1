//! What was given for the fields of one form, as the model's types; what is wrong is gathered, field
//! by field.

use std::{collections::BTreeSet, str::FromStr};

use serde::Serialize;
use serde_json::Value;

use super::{
    context::{BuildContext, UnknownName},
    draft::{DraftBlock, Problem},
    duplicates::LookError,
    forms::{Field, FieldKind, ROLES},
};
use crate::model::{
    Alias, CatalogueEntry, Citation, CitationRole, Citations, Date, EntityKind, Key, Language, RecordKind, Reference,
    SameAs, SingleLine, UnknownWord, WebAddress,
};

/// What was given for a field of an edit: nothing, that it is to be empty, or a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Given<T> {
    /// Nothing: what is on record stays.
    Kept,
    /// `-`: it is taken away.
    Cleared,
    /// A value.
    Set(T),
}

impl<T> Given<T> {
    /// The value that an optional field has then.
    pub(super) fn or(self, before: Option<T>) -> Option<T> {
        match self {
            Self::Kept => before,
            Self::Cleared => None,
            Self::Set(value) => Some(value),
        }
    }
}

/// Something new in the same change that other forms may refer to.
#[derive(Debug, Clone)]
pub(super) struct DraftRecord {
    pub(super) key: Key,
    /// The names of an entity, the address of a source as it is and as `same_page` has it.
    pub(super) names: Vec<String>,
    pub(super) entity_kind: Option<EntityKind>,
}

/// Reads the fields of one form.
pub(super) struct FieldReader<'a> {
    pub(super) ground: &'a BuildContext<'a>,
    pub(super) block: &'a DraftBlock,
    pub(super) number: usize,
    pub(super) newcomers: &'a [DraftRecord],
    pub(super) problems: Vec<Problem>,
    pub(super) unknown: Vec<UnknownName>,
}

impl FieldReader<'_> {
    pub(super) fn wrong(&mut self, field: &'static str, message: impl Into<String>) {
        self.problems.push(Problem { block: self.number, field: Some(field), message: message.into() });
    }

    pub(super) fn wrong_as_a_whole(&mut self, message: String) {
        self.problems.push(Problem { block: self.number, field: None, message });
    }

    fn field(&self, name: &str) -> Option<&'static Field> {
        self.block.form.field(name)
    }

    /// The values given for a field, `None` where nothing was given; those that are too long are said.
    fn items(&mut self, name: &'static str) -> Given<Vec<String>> {
        let Some(field) = self.field(name) else { return Given::Kept };
        let items = self.block.items(field);
        if items.is_empty() {
            return Given::Kept;
        }
        if items == ["-"] {
            return Given::Cleared;
        }
        let length = items.iter().map(|item| item.chars().count()).sum::<usize>();
        if length > field.longest {
            self.wrong(field.name, format!("it is {length} characters long, and at most {} are taken", field.longest));
            return Given::Kept;
        }
        Given::Set(items)
    }

    /// One value, read; what can't be read is said.
    pub(super) fn one<T>(&mut self, name: &'static str, read: impl FnOnce(&str) -> Result<T, String>) -> Given<T> {
        match self.items(name) {
            Given::Kept => Given::Kept,
            Given::Cleared => Given::Cleared,
            Given::Set(items) => match read(&items.join(" ")) {
                Ok(value) => Given::Set(value),
                Err(message) => {
                    self.wrong(name, message);
                    Given::Kept
                }
            },
        }
    }

    /// Several values, read one by one.
    fn all<T>(
        &mut self,
        name: &'static str,
        mut read: impl FnMut(&mut Self, &str) -> Result<T, String>,
    ) -> Given<Vec<T>> {
        match self.items(name) {
            Given::Kept => Given::Kept,
            Given::Cleared => Given::Cleared,
            Given::Set(items) => {
                let mut values = Vec::new();
                for item in items {
                    match read(self, &item) {
                        Ok(value) => values.push(value),
                        Err(message) => self.wrong(name, message),
                    }
                }
                Given::Set(values)
            }
        }
    }

    /// What was given for a field of the record, as the record's JSON has it; what can't be read is said.
    pub(super) fn value(&mut self, field: &'static Field) -> Result<Given<Value>, LookError> {
        let name = field.name;
        Ok(match field.kind {
            FieldKind::Words if field.several => as_json(self.all(name, |_, text| parsed::<SingleLine>(text))),
            FieldKind::Words => as_json(self.line(name)),
            FieldKind::Quote => as_json(self.one(name, |text| parsed(text).map(without_quotation_marks))),
            FieldKind::Date => as_json(self.one(name, parsed::<Date>)),
            FieldKind::Language => as_json(self.one(name, language)),
            FieldKind::Address => as_json(self.one(name, parsed::<WebAddress>)),
            FieldKind::Entity(kinds) if field.several => as_json(self.entities(name, kinds)?),
            FieldKind::Entity(kinds) => as_json(self.entity(name, kinds)?),
            FieldKind::Statement => as_json(self.statements(name)?),
            FieldKind::Source => as_json(self.one_source(name)?),
            FieldKind::Citation => as_json(self.citations(name)?),
            FieldKind::Choice(words) => as_json(self.one(name, |text| word(text, words))),
            FieldKind::Alias => as_json(self.aliases(name)),
            FieldKind::Catalogue => as_json(self.same_as(name)),
            FieldKind::Confirmation | FieldKind::Number => Given::Kept,
        })
    }

    pub(super) fn line(&mut self, name: &'static str) -> Given<SingleLine> {
        self.one(name, parsed)
    }

    /// Says that a field that the record can't do without is missing.
    pub(super) fn missing(&mut self, field: &'static Field) {
        let given = self.block.get(field.name);
        // What was given and couldn't be read was said already.
        if given.is_none_or(|text| text == "-") {
            self.wrong(field.name, format!("it is missing: {}", crate::model::lower_first(field.help)));
        }
    }

    /// The key of an entity given by name or id.
    fn entity(&mut self, name: &'static str, allowed: &[EntityKind]) -> Result<Given<Key>, LookError> {
        self.found(name, |fill, text| fill.find_entity(name, text, allowed))
    }

    /// The key of a source given by address or id.
    fn one_source(&mut self, name: &'static str) -> Result<Given<Key>, LookError> {
        self.found(name, |fill, text| fill.source(name, text))
    }

    /// One value that is looked up; that there is no such thing is said.
    fn found<T>(
        &mut self,
        name: &'static str,
        look_up: impl FnOnce(&mut Self, &str) -> Result<Result<T, String>, LookError>,
    ) -> Result<Given<T>, LookError> {
        Ok(match self.items(name) {
            Given::Kept => Given::Kept,
            Given::Cleared => Given::Cleared,
            Given::Set(items) => match look_up(self, &items.join(" "))? {
                Ok(found) => Given::Set(found),
                Err(message) => {
                    self.wrong(name, message);
                    Given::Kept
                }
            },
        })
    }

    /// The keys of several entities given by name or id.
    fn entities(&mut self, name: &'static str, allowed: &[EntityKind]) -> Result<Given<Vec<Key>>, LookError> {
        let mut failure = None;
        let found = self.all(name, |fill, text| match fill.find_entity(name, text, allowed) {
            Ok(found) => found,
            Err(error) => {
                failure = Some(error);
                Err(String::new())
            }
        });
        failure.map_or(Ok(found), Err)
    }

    /// Citations: a source by address or id, how it carries the entry, and where in it.
    fn citations(&mut self, name: &'static str) -> Result<Given<Vec<Citation>>, LookError> {
        let mut failure = None;
        let found = self.all(name, |fill, text| match fill.citation(name, text) {
            Ok(found) => found,
            Err(error) => {
                failure = Some(error);
                Err(String::new())
            }
        });
        if let Some(error) = failure {
            return Err(error);
        }
        if let Given::Set(list) = &found
            && !list.is_empty()
            && let Err(error) = Citations::try_from(list.clone())
        {
            self.wrong(name, error.to_string());
            return Ok(Given::Set(Vec::new()));
        }
        Ok(found)
    }

    fn citation(&mut self, field: &'static str, text: &str) -> Result<Result<Citation, String>, LookError> {
        let mut words = text.split_whitespace();
        let source = words.next().unwrap_or_default();
        let mut rest: Vec<&str> = words.collect();
        let role = rest
            .first()
            .map(|word| word.trim_matches(['(', ')', ',']).to_lowercase())
            .filter(|word| ROLES.contains(&word.as_str()))
            .and_then(|word| CitationRole::from_word(&word));
        if role.is_some() {
            rest.remove(0);
        }
        // What can't be kept as a line is no place in a source.
        let locator = rest.join(" ").parse::<SingleLine>().ok();
        let key = match self.source(field, source)? {
            Ok(key) => key,
            Err(message) => return Ok(Err(message)),
        };
        Ok(Ok(Citation { source: key, role: role.unwrap_or(CitationRole::Original), locator }))
    }

    /// The statements that a response answers.
    fn statements(&mut self, name: &'static str) -> Result<Given<Vec<Key>>, LookError> {
        let mut failure = None;
        let found = self.all(name, |fill, text| {
            let Ok(Reference::Record(id)) = text.trim_end_matches(',').parse::<Reference>() else {
                return Err(format!("“{text}” is no id of a statement; they look like S12"));
            };
            if id.kind != RecordKind::Statement {
                return Err(format!("{id} is no statement"));
            }
            match fill.ground.records.name_of(id) {
                Ok(name) => name.map(|name| name.key).ok_or_else(|| format!("there is no {id}")),
                Err(error) => {
                    failure = Some(error);
                    Err(String::new())
                }
            }
        });
        failure.map_or(Ok(found), |error| Err(error.into()))
    }

    /// Other names, each with its language in brackets.
    fn aliases(&mut self, name: &'static str) -> Given<Vec<Alias>> {
        self.all(name, |_, text| {
            let (words, code) = text
                .strip_suffix([')', '）'])
                .and_then(|text| text.rsplit_once(['(', '（']))
                .ok_or_else(|| format!("“{text}” lacks its language: write it as 悉尼 (zh)"))?;
            Ok(Alias { name: parsed(words.trim())?, language: language(code.trim())? })
        })
    }

    /// Entries of public catalogues by their addresses.
    fn same_as(&mut self, name: &'static str) -> Given<SameAs> {
        match self.all(name, |_, text| parsed::<CatalogueEntry>(text)) {
            Given::Kept => Given::Kept,
            Given::Cleared => Given::Cleared,
            Given::Set(entries) => match SameAs::try_from(BTreeSet::from_iter(entries)) {
                Ok(entries) => Given::Set(entries),
                Err(error) => {
                    self.wrong(name, error.to_string());
                    Given::Kept
                }
            },
        }
    }

    /// Whether what looks like a mistake was confirmed.
    pub(super) fn confirmed(&self) -> bool {
        self.block.get("confirm").is_some_and(|text| ["yes", "y"].contains(&text.to_lowercase().as_str()))
    }
}

fn as_json<T: Serialize>(given: Given<T>) -> Given<Value> {
    match given {
        Given::Kept => Given::Kept,
        Given::Cleared => Given::Cleared,
        // The types of the model are texts, lists and objects in JSON, which nothing can fail to become.
        Given::Set(value) => serde_json::to_value(value).map_or(Given::Kept, Given::Set),
    }
}

/// One of the words of a closed set; a space stands for its underscore.
fn word(text: &str, words: &'static [&'static str]) -> Result<&'static str, String> {
    let text = text.to_lowercase().replace([' ', '-'], "_");
    words.iter().copied().find(|word| *word == text).ok_or_else(|| UnknownWord::of(&text, words).to_string())
}

/// Outer quotation marks are the form's, not the speaker's.
fn without_quotation_marks(words: SingleLine) -> SingleLine {
    let bare = words.as_str().trim_matches(['"', '“', '”', '„', '«', '»']).trim();
    bare.parse().unwrap_or(words)
}

fn parsed<T: FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error| format!("{error}"))
}

fn language(text: &str) -> Result<Language, String> {
    text.to_lowercase()
        .parse()
        .ok()
        .filter(|language: &Language| language.primary().len() <= 3)
        .or_else(|| Language::from_name(text))
        .ok_or_else(|| format!("“{text}” is no language; write its code or English name, like nl or Dutch"))
}
