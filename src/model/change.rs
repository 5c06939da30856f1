//! Changes: proposals made of operations, decided by another person.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    ChangeId, Date, Identity, Key, Record, RecordKey, RecordKind, RecordNotice, Sequence, SingleLine, Standing,
};

/// What readers are told of a correction or a retraction, before its day is settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announcement {
    /// The day on which it was decided; absent: the day of the approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
    /// The reason.
    pub reason: SingleLine,
}

impl Announcement {
    /// The notice that it becomes when approved on `day`.
    #[must_use]
    pub fn approved_on(&self, day: Date) -> RecordNotice {
        RecordNotice { on: self.on.unwrap_or(day), reason: self.reason.clone() }
    }
}

impl From<RecordNotice> for Announcement {
    fn from(notice: RecordNotice) -> Self {
        Self { on: Some(notice.on), reason: notice.reason }
    }
}

/// One step of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "operation", rename_all = "snake_case")]
pub enum Operation {
    /// Brings a record into being.
    Create {
        /// The record.
        record: Record,
        /// How it stands from the start, for what an import brings along.
        #[serde(default, skip_serializing_if = "Standing::is_plain")]
        standing: Standing,
    },
    /// Replaces a record's content.
    Edit {
        /// The whole new content, under the key it had.
        record: Record,
        /// What readers of the earlier version must be told; empty where the sense is unchanged.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        corrections: Vec<Announcement>,
        /// When this version was reviewed, for what an import brings along ([`Standing::vetted`]).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        vetted: Option<Date>,
    },
    /// Takes a record out of force, for a reason that readers see.
    Retract {
        /// The record.
        target: RecordKey,
        /// The reason, and the day if it was decided before the change is approved.
        #[serde(flatten)]
        announcement: Announcement,
    },
    /// Puts a retracted record in force again.
    Restore {
        /// The record.
        target: RecordKey,
    },
    /// Takes a record's content away for good, from the history too; a tombstone with the reason stays.
    Purge {
        /// The record.
        target: RecordKey,
        /// The reason, in words for readers.
        #[serde(flatten)]
        announcement: Announcement,
    },
    /// An operation of earlier whose content was purged.
    Removed {
        /// What stands in the record's place.
        target: RecordKey,
    },
    /// Makes one entity of two: all that referred to `from` refers to `into`, which takes over its
    /// names; `from` stays as a pointer.
    Merge {
        /// The entity that goes.
        from: Key,
        /// The entity that stays.
        into: Key,
    },
}

impl Operation {
    /// The operation in one word.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Create { .. } => "create",
            Self::Edit { .. } => "edit",
            Self::Retract { .. } => "retract",
            Self::Restore { .. } => "restore",
            Self::Purge { .. } => "purge",
            Self::Removed { .. } => "removed",
            Self::Merge { .. } => "merge",
        }
    }

    /// The record that the operation is about; of a merge, the entity that goes.
    #[must_use]
    pub fn target(&self) -> RecordKey {
        match self {
            Self::Create { record, .. } | Self::Edit { record, .. } => record.record_key(),
            Self::Retract { target, .. }
            | Self::Restore { target }
            | Self::Purge { target, .. }
            | Self::Removed { target } => target.clone(),
            Self::Merge { from, .. } => RecordKey::new(RecordKind::Entity, from.clone()),
        }
    }
}

/// What someone proposes: operations that are approved together or not at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// What the change is for, in one line.
    pub summary: SingleLine,
    /// Who proposes it.
    pub author: Identity,
    /// When it was proposed.
    pub proposed_at: Timestamp,
    /// Its operations, in the order in which they are applied.
    pub operations: Vec<Operation>,
}

/// A reviewer's decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Who decided.
    pub reviewer: Identity,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: SingleLine,
}

/// How far a change has come. Only a decided change has a reviewer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ChangeState {
    /// Waits for a reviewer.
    Pending,
    /// Waits for its author, whom a reviewer asked to change something.
    Returned {
        /// What is to be changed.
        request: SingleLine,
    },
    /// Approved and applied.
    Approved(Approved),
    /// Turned down; nothing was applied.
    Rejected(Review),
    /// Taken back by its author; nothing was applied.
    Withdrawn(Review),
}

impl ChangeState {
    /// Whether it can still be decided.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Pending | Self::Returned { .. })
    }

    /// The decision, if there is one.
    #[must_use]
    pub const fn review(&self) -> Option<&Review> {
        match self {
            Self::Pending | Self::Returned { .. } => None,
            Self::Approved(approved) => Some(&approved.review),
            Self::Rejected(review) | Self::Withdrawn(review) => Some(review),
        }
    }
}

/// An approval, with its place in the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approved {
    /// The place among all approved changes, from 1 without gaps. The records are what the approved
    /// changes add up to in this order.
    pub sequence: Sequence,
    /// The decision.
    #[serde(flatten)]
    pub review: Review,
    /// Whether its author approved it, there being no other reviewer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub solo: bool,
}

/// A proposal under its id, with what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The id.
    #[serde(skip_deserializing, default = "unnumbered")]
    pub id: ChangeId,
    /// What was proposed.
    #[serde(flatten)]
    pub proposal: Proposal,
    /// The place in the history that its author saw.
    pub based_on: Sequence,
    /// What its author has to say to the reviewer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<SingleLine>,
    /// What became of it.
    #[serde(flatten)]
    pub state: ChangeState,
}

/// Ids belong to one database, so a change read from elsewhere has none yet.
const fn unnumbered() -> ChangeId {
    ChangeId(0)
}
