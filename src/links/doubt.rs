//! Whether a round says something of the hosts, or of the machine that asks: one without a network, or behind a wall that
//! refuses everything, would find every address dead.

use std::collections::BTreeSet;

use super::LinksError;
use crate::{
    model::{LinkAnswer, LinkOutcome},
    store::SourceLink,
};

/// How many hosts are named that weren't reached.
const NAMED: usize = 3;

/// An address, and what came of asking it.
#[derive(Debug, Clone)]
pub(super) struct AskedLink {
    /// The address.
    pub(super) link: SourceLink,
    /// What came of it.
    pub(super) answer: LinkAnswer,
}

/// What of a round isn't believed yet.
#[derive(Debug, Default)]
pub(super) struct Doubt {
    reached: bool,
    held: Vec<AskedLink>,
}

impl Doubt {
    /// Takes what came of an address; gives what can be believed by now. Hosts that can't be found, or refuse, are believed
    /// once any host was reached.
    pub(super) fn take(&mut self, asked: AskedLink) -> Vec<AskedLink> {
        let answer = &asked.answer;
        self.reached |= answer.status.is_some() || answer.outcome == LinkOutcome::Robots;
        let is_doubtful = matches!(answer.outcome, LinkOutcome::NoSuchName | LinkOutcome::ConnectionRefused);
        if is_doubtful && !self.reached {
            self.held.push(asked);
            return Vec::new();
        }
        let mut believed = if self.reached { std::mem::take(&mut self.held) } else { Vec::new() };
        believed.push(asked);
        believed
    }

    /// Ends the round.
    ///
    /// # Errors
    /// When some can't be believed still, as no host was reached at all.
    pub(super) fn finish(self) -> Result<(), LinksError> {
        let hosts: BTreeSet<&str> = self.held.iter().map(|asked| asked.link.address.host()).collect();
        if hosts.is_empty() {
            return Ok(());
        }
        Err(LinksError::NothingReached { hosts: hosts.into_iter().take(NAMED).map(str::to_owned).collect() })
    }
}
