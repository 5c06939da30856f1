//! Completing what is being filled into a form: the fields' names, and the names that they take.

use super::{
    Desk,
    completion::{Completion, entities, words_of},
    forms::{Field, FieldKind, Form, form},
};
use crate::{commands, model::Reference};

impl Desk {
    /// Ways to go on with the last line of a form's fields: where the part to be replaced begins.
    pub(super) fn fields(&self, form: &'static Form, typed: &str) -> (usize, Vec<Completion>) {
        let line_at = typed.rfind('\n').map_or(0, |at| at + 1);
        let line = typed.get(line_at..).unwrap_or_default();
        if let Some((name, value)) = line.split_once(':') {
            let Some(field) = form.field(name.trim()) else { return (typed.len(), Vec::new()) };
            let (start, found) = self.value(field, value);
            return (typed.len() - value.len() + start, found);
        }
        let begun = form.fields().iter().filter(|field| field.name.starts_with(line.trim_start()));
        let found = begun.map(|field| Completion {
            replacement: format!("{}: ", field.name),
            label: format!("{}: {}", field.name, field.help),
        });
        (line_at, found.collect())
    }

    /// Ways to go on with a value of a field.
    pub(super) fn value(&self, field: &Field, typed: &str) -> (usize, Vec<Completion>) {
        let from = if field.several { typed.rfind(';').map_or(0, |at| at + 1) } else { 0 };
        let part = typed.get(from..).unwrap_or_default();
        let bare = part.trim_start();
        let start = typed.len() - bare.len();
        let found = match field.kind {
            FieldKind::Entity(kinds) => {
                entities(self.search.snapshot().names(), bare, |found| kinds.contains(&found.kind))
            }
            FieldKind::Choice(words) => words_of(words, bare),
            _ => Vec::new(),
        };
        (start, found)
    }
}

/// The form that a command's words begin, and where its fields begin.
pub(super) fn form_at(rest: &str) -> Option<(&'static Form, usize)> {
    let (first, _) = commands::split_command(rest);
    let end = rest.find(first)? + first.len();
    let gap = rest.get(end..)?;
    let fields = end + gap.len() - gap.trim_start().len();
    // The word itself is still being typed until something stands behind it.
    if gap.is_empty() {
        return None;
    }
    let form = Form::named(first).or_else(|| match first.parse() {
        Ok(Reference::Record(id)) => Some(form(id.kind)),
        _ => None,
    })?;
    Some((form, fields))
}
