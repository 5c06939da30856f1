//! The editorial forms for front ends that have forms of their own.
//!
//! A front end shows the fields of a [`Form`] in its order, as many at a time as it can, puts what was
//! filled in into a [`Draft`], and hands [`Draft::write`] in as the option `fields` of the command `add`
//! (with `what`), `edit` or `amend` (with `id`). What is wrong comes back as a reply, field by field.

use super::Desk;
use crate::{model::RecordId, store::Failure};

pub use crate::editorial::{Draft, DraftBlock, FORMS, Field, FieldKind, Form, form};

impl Desk {
    /// The form of a record, filled in with what is on record; `None` when there is no such record.
    ///
    /// # Errors
    /// When the records can't be read.
    pub fn form_of(&self, id: RecordId) -> Result<Option<Draft>, Failure> {
        let records = self.store.reader()?;
        let held = records.held_by_id(id)?;
        held.map(|held| crate::editorial::prefilled(&held.record, &records)).transpose()
    }
}
