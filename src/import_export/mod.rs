//! Reading and writing the world's formats: the project's own pack files, and tables for spreadsheets.

mod checks;
mod cut;
mod faults;
mod import;
mod pack;
mod read;
mod row;
mod rules;
mod shipped;
mod spreadsheet;
mod step;
mod wording;
mod write;

pub use faults::PackError;
pub use import::{Attribution, ImportError, Plan, import, plan, propose, rehearse};
pub use pack::{PackFile, pack_schema};
pub use read::{Located, MAX_BYTES, MAX_RECORDS, Pack, read_files, read_texts};
pub use rules::Rules;
pub use shipped::{SHIPPED_SUMMARY, shipped_pack};
pub use spreadsheet::{COLUMNS, write_spreadsheet};
pub use step::{PlannedStep, StepKind};
pub use write::write_pack;
