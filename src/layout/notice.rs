//! What readers must be told of an entry: that it was corrected or is retracted.

use std::borrow::Cow;

use super::{EntryState, Inline, Line, LineKind};
use crate::reply::Notice;

/// How an entry with these notices stands.
pub(super) fn state(notices: &[Notice]) -> EntryState {
    notices.iter().map(state_of).max().unwrap_or(EntryState::InForce)
}

const fn state_of(notice: &Notice) -> EntryState {
    match notice {
        Notice::Retracted { .. } => EntryState::Retracted,
        Notice::Corrected { .. } => EntryState::Corrected,
    }
}

/// The line of a notice.
pub(super) fn notice(notice: &Notice) -> Line<'_> {
    let (word, on, reason) = match notice {
        Notice::Retracted { on, reason } => ("RETRACTED", on, reason),
        Notice::Corrected { on, reason } => ("CORRECTED", on, reason),
    };
    Line {
        kind: LineKind::Notice(state_of(notice)),
        lead: Some(Inline::Strong(Cow::Owned(format!("{word} {}:", on.in_words())))),
        inlines: vec![Inline::Text(Cow::Borrowed(reason))],
    }
}
