//! Reading and writing the world's formats: the project's own pack files, and tables for spreadsheets.

mod import;
mod pack;
mod read;
mod shipped;
mod spreadsheet;
mod write;

pub use import::{Attribution, ImportError, Plan, PlannedStep, StepKind, import, plan, propose, rehearse};
pub use pack::{PackFile, pack_schema};
pub use read::{Located, Pack, PackError, read_files, read_texts};
pub use shipped::{SHIPPED_SUMMARY, shipped_pack};
pub use spreadsheet::{COLUMNS, write_spreadsheet};
pub use write::write_pack;
