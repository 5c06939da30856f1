//! Reading and writing the world's formats. So far: the project's own pack files.

mod import;
mod pack;
mod read;
mod shipped;
mod write;

pub use import::{Attribution, ImportError, Plan, PlannedStep, StepKind, import, plan, propose, rehearse};
pub use pack::{PackFile, pack_schema};
pub use read::{Located, Pack, PackError, read_files, read_texts};
pub use shipped::{SHIPPED_SUMMARY, shipped_pack};
pub use write::write_pack;
