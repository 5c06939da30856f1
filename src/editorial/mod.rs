//! The editorial forms: what editors fill in, and the operations that it becomes.
//!
//! One definition of each form serves the one-message form, the dialogue of questions and whatever a
//! chat has for forms. Nothing here writes to the store or knows a chat.

mod build;
mod checks;
mod coming_back;
mod context;
mod difference;
mod draft;
mod duplicates;
mod fill;
mod find;
mod forms;
mod keys;
mod pasted;
mod prefill;
mod reading;
mod records;

pub use crate::search::telling_words;
pub use build::{Built, build, build_edit};
pub use checks::{CheckContext, Finding, Severity, before_its_statement, findings};
pub use context::{BuildContext, UnknownName};
pub use difference::{WordingPart, word_difference};
pub use draft::{Draft, DraftBlock, Problem};
pub use duplicates::LookError;
pub use forms::{FORMS, Field, FieldKind, Form, WhenAsked, form};
pub(crate) use pasted::address as pasted_address;
pub use prefill::prefilled;
