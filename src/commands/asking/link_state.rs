//! How the address of a source stands, in a line for editors.

use crate::{
    commands::asking::present::count,
    model::{Date, LinkState},
    reply::{Span, Text},
};

/// What came of asking it last, and since when it fails or is dead.
pub(super) fn line(state: &LinkState) -> Text {
    let status = state.answer.status.map(|status| format!(" (status {status})")).unwrap_or_default();
    let mut text = Text::from(format!("The address {}{status}, asked ", state.answer.outcome.label()));
    text = text.date(Date::of(state.asked));
    if let Some(day) = state.dead_since {
        text = text.plain("; dead since ").date(day);
    } else if state.failures > 0 {
        text = text.plain(format!("; failed on {}", count(state.failures, "day", "days")));
    }
    if let Some(last) = &state.answer.last {
        text = text.plain("; it leads on to ").span(Span::Link { text: last.host().to_owned(), address: last.clone() });
    }
    text
}
