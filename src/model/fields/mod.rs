//! The fields of each kind of record, in one table for each: how a field is asked for, where the record has it, and what
//! it is called where records are shown, compared and written.
//!
//! Forms, prefilled forms, differences, the fitting of edits to each other, packs and spreadsheets are driven from here.
//! What can't be (columns in SQL, types that serde derives) is held against these tables by tests.

mod entity;
mod response;
mod shared;
mod source;
mod statement;
mod values;

#[cfg(test)]
pub(crate) mod samples;

pub use values::FieldValues;
pub(crate) use values::gather;

use super::{EntityKind, RecordKind};

/// One field of a form, and where the record has it.
#[derive(Debug)]
pub struct Field {
    /// Its name in forms, as in `speaker: NAME`.
    pub name: &'static str,
    /// Other names for it.
    pub aliases: &'static [&'static str],
    /// What it is, at most 45 characters (Discord, "Text Input").
    pub label: &'static str,
    /// What is to be given, as a question or an example, at most 100 characters (Discord, "Text Input").
    pub help: &'static str,
    /// What it takes.
    pub kind: FieldKind,
    /// Whether a new record can't do without it.
    pub required: bool,
    /// The most characters that it takes.
    pub longest: usize,
    /// Whether it takes several values, one on a line.
    pub several: bool,
    /// When it is asked for without anyone naming it.
    pub asked: WhenAsked,
    /// How the record has it; `None` for what belongs to the proposal alone.
    pub held: Option<HeldField>,
}

/// What a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// Words.
    Words,
    /// Someone's own words, given without the quotation marks around them.
    Quote,
    /// A date, as precisely as it is known.
    Date,
    /// A language, by its code or English name.
    Language,
    /// The name or id of an entity of one of these kinds.
    Entity(&'static [EntityKind]),
    /// The id of a statement.
    Statement,
    /// A source by its address or id.
    Source,
    /// A source by its address or id; then, if need be, how it carries the entry, and where in it.
    Citation,
    /// A web address.
    Address,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A name with its language in brackets: `悉尼 (zh)`.
    Alias,
    /// The address of an entry of a public catalogue.
    Catalogue,
    /// `yes`, to confirm what looks like a mistake.
    Confirmation,
    /// The number of a suggestion.
    Number,
}

impl FieldKind {
    /// Whether it takes text that people write.
    #[must_use]
    pub const fn is_prose(self) -> bool {
        matches!(self, Self::Words | Self::Quote)
    }
}

/// When a dialogue asks for a field that nobody has named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenAsked {
    /// In its turn.
    Always,
    /// Of what the change is about, not of what is added along with it.
    Once,
    /// Where this other field was filled in.
    With(&'static str),
    /// Where this other field was left out.
    Without(&'static str),
    /// Where another field has this value.
    If(&'static str, &'static str),
    /// Never.
    ByNameAlone,
}

/// How a record has a field.
#[derive(Debug, Clone, Copy)]
pub struct HeldField {
    /// Its place in the record's JSON; `quote.text` is the text of the quote.
    pub place: &'static str,
    /// Its name in packs.
    pub pack: &'static str,
    /// What it is called where a record is shown with all its fields.
    pub title: &'static str,
    /// The column of the spreadsheet that it stands in.
    pub column: Option<&'static str>,
    /// Whether replies for programs have it.
    pub in_replies: bool,
    /// Its turn where a record is shown with all its fields.
    pub shown: u8,
    /// Its turn in packs.
    pub packed: u8,
    /// The place whose value it takes the place of: a record has one or the other.
    pub instead_of: Option<&'static str>,
    /// The place without whose value it has no sense.
    pub rests_on: Option<&'static str>,
    /// The place whose words it says in short: when those change, it must be given anew.
    pub condenses: Option<&'static str>,
}

const SPEAKERS: &[EntityKind] = &[EntityKind::Person, EntityKind::Organisation];
const ORGANISATIONS: &[EntityKind] = &[EntityKind::Organisation];

const fn field(name: &'static str, label: &'static str, help: &'static str, kind: FieldKind) -> Field {
    Field {
        name,
        aliases: &[],
        label,
        help,
        kind,
        required: false,
        longest: 1_000,
        several: false,
        asked: WhenAsked::Always,
        held: None,
    }
}

/// Where a record has a field, and what it is called there; packs have it under the same name.
const fn at(place: &'static str, title: &'static str) -> HeldField {
    HeldField {
        place,
        pack: place,
        title,
        column: None,
        in_replies: true,
        shown: 0,
        packed: 0,
        instead_of: None,
        rests_on: None,
        condenses: None,
    }
}

impl Field {
    const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    const fn several(mut self) -> Self {
        self.several = true;
        self
    }

    const fn also(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    const fn at_most(mut self, longest: usize) -> Self {
        self.longest = longest;
        self
    }

    const fn asked(mut self, asked: WhenAsked) -> Self {
        self.asked = asked;
        self
    }

    const fn held(mut self, held: HeldField) -> Self {
        self.held = Some(held);
        self
    }

    /// Whether the field goes by this name, in any case.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        std::iter::once(&self.name).chain(self.aliases).any(|known| known.eq_ignore_ascii_case(name))
    }

    /// Whether it is text that people write, in which single words differ.
    #[must_use]
    pub fn is_prose(&self) -> bool {
        self.kind.is_prose() && !self.several
    }

    /// Whether it is a set: members that were added or taken out are no conflict.
    #[must_use]
    pub const fn is_set(&self) -> bool {
        self.several && matches!(self.kind, FieldKind::Entity(_) | FieldKind::Statement | FieldKind::Catalogue)
    }
}

impl HeldField {
    const fn packed_as(mut self, name: &'static str) -> Self {
        self.pack = name;
        self
    }

    const fn column(mut self, column: &'static str) -> Self {
        self.column = Some(column);
        self
    }

    const fn not_in_replies(mut self) -> Self {
        self.in_replies = false;
        self
    }

    /// Its turns where a record is shown, and in packs.
    const fn turns(mut self, shown: u8, packed: u8) -> Self {
        self.shown = shown;
        self.packed = packed;
        self
    }

    const fn instead_of(mut self, place: &'static str) -> Self {
        self.instead_of = Some(place);
        self
    }

    const fn condenses(mut self, place: &'static str) -> Self {
        self.condenses = Some(place);
        self
    }

    const fn rests_on(mut self, place: &'static str) -> Self {
        self.rests_on = Some(place);
        self
    }
}

/// The fields of a kind of record, in the order in which they are asked for: those that most have first. Those of the
/// proposal come last.
#[must_use]
pub fn of(kind: RecordKind) -> &'static [Field] {
    match kind {
        RecordKind::Statement => statement::FIELDS,
        RecordKind::Response => response::FIELDS,
        RecordKind::Source => source::FIELDS,
        RecordKind::Entity => entity::FIELDS,
    }
}

/// The fields that records of this kind have, with where they have them.
pub fn held(kind: RecordKind) -> impl Iterator<Item = (&'static Field, HeldField)> {
    of(kind).iter().filter_map(|field| Some((field, field.held?)))
}

/// Those fields in the order in which a record is shown.
#[must_use]
pub fn as_shown(kind: RecordKind) -> Vec<(&'static Field, HeldField)> {
    let mut fields: Vec<_> = held(kind).collect();
    fields.sort_by_key(|(_, held)| held.shown);
    fields
}

/// Those fields in the order in which packs have them.
#[must_use]
pub fn as_packed(kind: RecordKind) -> Vec<(&'static Field, HeldField)> {
    let mut fields: Vec<_> = held(kind).collect();
    fields.sort_by_key(|(_, held)| held.packed);
    fields
}

/// The field that a record of this kind has at a place in its JSON.
#[must_use]
pub fn at_place(kind: RecordKind, place: &str) -> Option<&'static Field> {
    held(kind).find(|(_, held)| held.place == place).map(|(field, _)| field)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::model::RecordKind;

    const KINDS: [RecordKind; 4] =
        [RecordKind::Entity, RecordKind::Source, RecordKind::Statement, RecordKind::Response];

    #[test]
    fn every_field_of_the_model_is_in_the_table_of_its_kind_and_every_row_is_a_field() {
        for kind in KINDS {
            let records = samples::records().into_iter().filter(|record| record.kind() == kind);
            let places: BTreeSet<String> =
                records.flat_map(|record| FieldValues::of(&record).places().into_keys()).collect();
            let rows: BTreeSet<String> =
                held(kind).map(|(_, held)| held.place.to_owned()).chain(["key".to_owned()]).collect();
            assert_eq!(places, rows, "the fields of a {kind}, and the rows of its table");
        }
    }

    #[test]
    fn a_record_is_made_of_the_values_of_its_fields() {
        for record in samples::records() {
            let whole = FieldValues::of(&record);
            let mut again = FieldValues::new(record.kind(), record.key());
            for (field, held) in held(record.kind()) {
                again.set(&held, whole.get(&held).cloned());
                assert_eq!(again.get(&held), whole.get(&held), "{}", field.name);
            }
            assert_eq!(again.into_record().unwrap(), record);
        }
    }

    #[test]
    fn what_a_field_rests_on_or_stands_instead_of_goes_with_it() {
        for record in samples::records() {
            for (_, of) in held(record.kind()) {
                let mut values = FieldValues::of(&record);
                if let Some(needed) = of.rests_on.and_then(|place| at_place(record.kind(), place)?.held) {
                    values.set(&needed, None);
                    let record = values.into_record().unwrap();
                    assert_eq!(FieldValues::of(&record).get(&of), None);
                } else if let Some(other) = of.instead_of.and_then(|place| at_place(record.kind(), place)?.held) {
                    values.set(&of, Some("Another".into()));
                    let record = values.into_record().unwrap();
                    assert_eq!(FieldValues::of(&record).get(&other), None);
                }
            }
        }
    }

    #[test]
    fn names_are_unique_and_so_are_turns() {
        for kind in KINDS {
            let (mut names, mut packs, mut turns) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
            for field in of(kind) {
                for name in std::iter::once(&field.name).chain(field.aliases) {
                    assert!(names.insert(*name), "a {kind} has {name} twice");
                }
            }
            for (field, held) in held(kind) {
                assert!(packs.insert(held.pack), "packs have {} twice", held.pack);
                assert!(turns.insert(("shown", held.shown)), "{} is shown in another's turn", field.name);
                assert!(turns.insert(("packed", held.packed)), "{} is packed in another's turn", field.name);
            }
        }
    }
}
