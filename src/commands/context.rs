//! What a command works with: the records, the index, and the request itself.

use jiff::Timestamp;

use super::{ChatOrigin, Communities, SeenBy};
use crate::{
    editorial::BuildContext,
    metrics::Metrics,
    model::{Authority, Identity, Role, Sequence},
    reply::CommandCall,
    search::Snapshot,
    store::{Reader, Store},
};

/// What a command works with: one consistent view of the records and of the index, and the request.
#[derive(Debug)]
pub struct Context<'a> {
    /// The records.
    pub records: &'a Reader<'a>,
    /// The index.
    pub search: &'a Snapshot,
    /// How many entries a page has.
    pub page_size: usize,
    /// The call for the page after the last answer in this conversation, if it had one.
    pub next_page: Option<&'a CommandCall>,
    /// Who asks, from where, and where what they do is written.
    pub request: RequestContext<'a>,
    /// The process that answers.
    pub process: Process<'a>,
}

impl Context<'_> {
    /// What drafts are read against.
    #[must_use]
    pub const fn build_context(&self) -> BuildContext<'_> {
        BuildContext {
            records: self.records,
            search: self.search,
            now: self.request.now,
            quote_limit: self.request.authority.quote_limit,
        }
    }
}

/// Who asks, from where, and where what they do is written.
#[derive(Debug, Clone, Copy)]
pub struct RequestContext<'a> {
    /// Where it is written. Every right is asked for again there, in the transaction that does it.
    pub store: &'a Store,
    /// What communities have set.
    pub communities: &'a Communities,
    /// On whose word roles rest.
    pub authority: &'a Authority,
    /// Who asks.
    pub actor: &'a Identity,
    /// What they may do.
    pub role: Role,
    /// Where the conversation takes place.
    pub conversation: &'a str,
    /// Where in a chat the request comes from; `None` for those who sit at the machine.
    pub origin: Option<&'a ChatOrigin>,
    /// Now.
    pub now: Timestamp,
}

impl<'a> RequestContext<'a> {
    /// The community that the request comes from, and where in it; `None` in a private conversation.
    #[must_use]
    pub fn community(&self) -> Option<(&'a str, &'a ChatOrigin)> {
        let origin = self.origin?;
        Some((origin.community.as_deref()?, origin))
    }

    /// Whether others than the one who asks see the answer.
    #[must_use]
    pub fn is_answered_in_public(&self) -> bool {
        self.community().is_some_and(|(_, origin)| origin.seen_by == SeenBy::Everyone)
    }
}

/// The process that answers, for the command that tells how it stands.
#[derive(Debug, Clone, Copy)]
pub struct Process<'a> {
    /// What it counts.
    pub metrics: &'a Metrics,
    /// The place in the history that its index has reached.
    pub index: Sequence,
}
