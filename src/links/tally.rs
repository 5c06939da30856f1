//! What a round found, by source.

use std::collections::BTreeMap;

use crate::{
    model::{LinkBearing, LinkOutcome, LinkState, SourceId},
    store::SourceLink,
};

/// What a round found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LinkTally {
    /// How many addresses were asked, or would have been but for a reason of their hosts.
    pub asked: usize,
    /// How many lead to a page.
    pub alive: usize,
    /// Those that led to a page again after they had failed.
    pub alive_again: Vec<SourceId>,
    /// Those that failed on a first day.
    pub failed_once: Vec<SourceId>,
    /// Those that failed on a second day.
    pub failed_twice: Vec<SourceId>,
    /// Those that failed on a third day, and are dead from now on.
    pub dead_now: Vec<SourceId>,
    /// Those that were dead before, and are.
    pub dead_before: Vec<SourceId>,
    /// Those dead that no archived copy is on record of.
    pub dead_without_copy: Vec<SourceId>,
    /// Those of which nothing was learnt, by what came of it.
    pub untold: BTreeMap<LinkOutcome, Vec<SourceId>>,
}

impl LinkTally {
    /// Counts an address: how it stood before is in `link`, how it stands now in `state`.
    pub(super) fn count(&mut self, link: &SourceLink, state: &LinkState) {
        let source = link.source;
        self.asked += 1;
        let before = link.state.as_ref();
        match state.answer.outcome.bearing() {
            LinkBearing::There => {
                self.alive += 1;
                if before.is_some_and(|before| before.failures > 0) {
                    self.alive_again.push(source);
                }
            }
            LinkBearing::Neither => self.untold.entry(state.answer.outcome).or_default().push(source),
            LinkBearing::Missing => {
                let place = match state.failures {
                    _ if before.is_some_and(LinkState::is_dead) => &mut self.dead_before,
                    _ if state.is_dead() => &mut self.dead_now,
                    0 | 1 => &mut self.failed_once,
                    _ => &mut self.failed_twice,
                };
                place.push(source);
                if state.is_dead() && !link.archived {
                    self.dead_without_copy.push(source);
                }
            }
        }
    }
}
