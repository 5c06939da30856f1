//! The forms: one for each kind of record, of the fields in its table.

pub use crate::model::fields::{Field, FieldKind, WhenAsked};
use crate::model::{CitationRole, RecordKind, fields};

/// One form.
#[derive(Debug)]
pub struct Form {
    /// Its name, as in `add statement`.
    pub name: &'static str,
    /// What kind of record it makes.
    pub kind: RecordKind,
    /// Its title, at most 45 characters (Discord, "Modal").
    pub title: &'static str,
}

/// All forms.
pub static FORMS: &[Form] = &[
    Form { name: "statement", kind: RecordKind::Statement, title: "A statement" },
    Form { name: "response", kind: RecordKind::Response, title: "A response" },
    Form { name: "source", kind: RecordKind::Source, title: "A source" },
    Form { name: "entity", kind: RecordKind::Entity, title: "A place, organisation, person or topic" },
];

/// How sources carry an entry, as words.
pub(super) const ROLES: &[&str] = CitationRole::WORDS;

/// The form for records of this kind.
#[must_use]
pub fn form(kind: RecordKind) -> &'static Form {
    match kind {
        RecordKind::Statement => &FORMS[0],
        RecordKind::Response => &FORMS[1],
        RecordKind::Source => &FORMS[2],
        RecordKind::Entity => &FORMS[3],
    }
}

impl Form {
    /// Its fields, in the order in which they are asked for: those that most entries have first. A
    /// front end that shows few at a time (Discord: five) takes them in this order.
    #[must_use]
    pub fn fields(&self) -> &'static [Field] {
        fields::of(self.kind)
    }

    /// The form of this name, in any case.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        FORMS.iter().find(|form| form.name.eq_ignore_ascii_case(name))
    }

    /// The field of this name or alias, in any case.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields().iter().find(|field| field.is_called(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_fits_the_chats_limits() {
        for form in FORMS {
            assert_eq!(super::form(form.kind).name, form.name);
            assert!(form.title.chars().count() <= 45);
            for field in form.fields() {
                assert!(field.label.chars().count() <= 45, "{}", field.label);
                assert!(field.help.chars().count() <= 100, "{}", field.help);
                assert!(field.longest <= 4_000);
            }
        }
    }
}
