//! What an import does with each record of a pack.

use crate::model::RecordKey;

/// What an import does with one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StepKind {
    /// It is new.
    Create,
    /// Its content differs from what is on record.
    Edit,
    /// The pack says that it is retracted.
    Retract,
    /// The pack says that it was merged into another.
    Merge,
    /// It is on record as it is in the pack.
    Unchanged,
    /// It was retracted or merged away here, and stays so whatever the pack says.
    LeftAlone,
}

/// One record of an import and what is done with it.
#[derive(Debug, Clone)]
pub struct PlannedStep {
    /// The record.
    pub name: RecordKey,
    /// What is done with it.
    pub kind: StepKind,
}
