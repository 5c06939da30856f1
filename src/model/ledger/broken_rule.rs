//! Which rules there are, each as what is said when it is broken.

use super::super::{Key, RecordKey, RecordKind, ReferenceRole};

/// Which rule an operation breaks. Nothing of its change is applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BrokenRule {
    /// A record of that name is there already.
    #[error("there is a {0} already")]
    Exists(RecordKey),
    /// There is no record of that name.
    #[error("there is no {0}")]
    Missing(RecordKey),
    /// A retracted or merged record can't be changed.
    #[error("the {0} is retracted or merged away; restore it first")]
    NotInForce(RecordKey),
    /// A record that is in force can't be restored.
    #[error("the {0} is neither retracted nor merged away")]
    NotRetracted(RecordKey),
    /// Something still refers to the record.
    #[error("the {target} can't be retracted while the {referrer} refers to it")]
    StillNeeded {
        /// The record to be retracted.
        target: RecordKey,
        /// A record that refers to it.
        referrer: RecordKey,
    },
    /// A record refers to one that isn't there or isn't in force.
    #[error("the {referrer} names the {target} as {role}, which is not on record or not in force")]
    UnknownReference {
        /// The record that refers.
        referrer: RecordKey,
        /// The part that the missing record should play.
        role: ReferenceRole,
        /// The record referred to.
        target: RecordKey,
    },
    /// A record refers to one that can't play that part.
    #[error("the {referrer} names the {target} as {role}, and {role} must be {allowed}")]
    UnfitReference {
        /// The record that refers.
        referrer: RecordKey,
        /// The part that the other record should play.
        role: ReferenceRole,
        /// The record referred to.
        target: RecordKey,
        /// What can play that part.
        allowed: &'static str,
    },
    /// Something refers to a record that is to be purged, whether in force or not.
    #[error("the {target} can't be purged while the {referrer} refers to it; purge or edit that one first")]
    PurgeNeeded {
        /// The record to be purged.
        target: RecordKey,
        /// A record that refers to it.
        referrer: RecordKey,
    },
    /// An entity that took part in a merge can't be purged: others have its names.
    #[error("the {0} took part in a merge and can't be purged; edit its names instead")]
    Merged(RecordKey),
    /// The operation's content was purged.
    #[error("the content was purged; nothing is left to be applied")]
    Purged,
    /// An entity would be a part of itself, or a source a copy of itself.
    #[error("the {0} would be {part} itself", part = if .0.kind == RecordKind::Source { "a copy of" } else { "a part of" })]
    Circle(RecordKey),
    /// An edit may not turn a record into one of another kind.
    #[error("two entities can be merged only if they are different and of one kind: {from} and {into} are not")]
    Unmergeable {
        /// The entity that was to go.
        from: Key,
        /// The entity that was to stay.
        into: Key,
    },
}

impl BrokenRule {
    /// The records that it names.
    #[must_use]
    pub fn records(&self) -> Vec<RecordKey> {
        match self {
            Self::Exists(name)
            | Self::Missing(name)
            | Self::NotInForce(name)
            | Self::NotRetracted(name)
            | Self::Merged(name)
            | Self::Circle(name) => vec![name.clone()],
            Self::StillNeeded { target, referrer } | Self::PurgeNeeded { target, referrer } => {
                vec![target.clone(), referrer.clone()]
            }
            Self::UnknownReference { referrer, target, .. } | Self::UnfitReference { referrer, target, .. } => {
                vec![referrer.clone(), target.clone()]
            }
            Self::Unmergeable { .. } | Self::Purged => Vec::new(),
        }
    }
}
