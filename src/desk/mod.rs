//! The desk: takes a request, gives a reply. What is the same for every platform is here, once.

mod blocks;
mod catching_up;
mod clock;
mod complete;
mod complete_form;
mod complete_id;
mod completion;
mod conversations;
pub mod corrections;
pub mod deliveries;
pub mod forms;
mod incident;
mod limits;
mod memory;
pub mod pages;
mod purges;
mod request;
pub mod reviews;
mod state;
pub mod undecryptable;
#[cfg(any(feature = "discord", feature = "matrix"))]
pub mod worker_pool;

use std::{
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

pub use crate::{
    commands::{ChatOrigin, SeenBy},
    store::CommunitySettings,
};
pub use clock::Clock;
pub use completion::Completion;
pub use limits::Admission;
pub use memory::ChatMemory;
pub use request::{Invocation, Request};

use crate::{
    commands::{
        self, Arguments, CommandError, CommandSpec, Communities, Context, GivenArguments, Process, RequestContext,
    },
    metrics::Metrics,
    model::{Authority, Role},
    reply::{Outcome, Reply, Text},
    search::{Search, SearchError},
    store::{Failure, Reader, Store},
};
use blocks::Blocks;
use catching_up::CatchingUp;
use conversations::Conversations;
use deliveries::Unwritten;
use limits::{CountedRequest, Counters};
use purges::Purges;

/// Answers requests from the records.
#[derive(Debug)]
pub struct Desk {
    store: Arc<Store>,
    search: Arc<Search>,
    conversations: Conversations,
    communities: Communities,
    limits: Counters,
    blocks: Blocks,
    clock: Clock,
    /// How long a question may take, in milliseconds.
    time: AtomicU64,
    catching_up: CatchingUp,
    unwritten: Unwritten,
    purges: Purges,
    authority: RwLock<Arc<Authority>>,
    metrics: Arc<Metrics>,
}

impl Desk {
    /// A desk that answers from these records.
    #[must_use]
    pub fn new(store: Arc<Store>, search: Arc<Search>) -> Self {
        Self {
            store,
            search,
            conversations: Conversations::default(),
            communities: Communities::default(),
            limits: Counters::default(),
            blocks: Blocks::default(),
            clock: Clock::default(),
            time: AtomicU64::new(TIME),
            catching_up: CatchingUp::default(),
            unwritten: Unwritten::default(),
            purges: Purges::default(),
            authority: RwLock::new(Arc::new(Authority::of([]))),
            metrics: Arc::default(),
        }
    }

    /// The same desk by another clock.
    #[must_use]
    pub fn with_clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// Lets questions take this long. For tools and tests that measure what is found, however slow the machine is.
    pub fn allow(&self, time: Duration) {
        self.time.store(u64::try_from(time.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Answers a request. Whatever happens there is a reply; what went wrong inside is logged under
    /// an incident id that the reply names.
    #[must_use]
    pub fn answer(&self, request: &Request) -> Reply {
        let started = std::time::Instant::now();
        let (name, reply) = match request.invocation.read() {
            Ok((spec, given)) => (spec.name, self.run(spec, &given, request)),
            Err(reply) => ("none", reply),
        };
        let reply = reply.bounded();
        self.conversations.remember(&request.conversation, reply.page.as_deref().and_then(crate::reply::Page::next));
        let took = started.elapsed();
        self.metrics.answered(request.actor.platform(), reply.outcome, took);
        tracing::debug!(
            command = name,
            outcome = ?reply.outcome,
            duration_ms = took.as_secs_f64() * 1_000.0,
            "answered a request"
        );
        reply
    }

    fn run(&self, spec: &'static CommandSpec, given: &GivenArguments, request: &Request) -> Reply {
        let work = || -> Result<Reply, CommandError> {
            let arguments = Arguments::check(spec, given)?;
            let next_page = self.conversations.next_page(&request.conversation);
            let (records, behind) = self.up_to_date()?;
            self.refresh_blocks(&records)?;
            let authority = self.authority();
            let role = records.role_of(&authority, &request.actor)?;
            if role < spec.role {
                return Ok(commands::needs_role(spec, role));
            }
            let asking = Duration::from_millis(self.time.load(Ordering::Relaxed));
            let time = if spec.role > Role::Reader { TIME_OF_EDITORS } else { asking };
            records.allow(time);
            let search = self.search.snapshot().within(time);
            let context = Context {
                records: &records,
                search: &search,
                page_size: request.page_size.max(1),
                next_page: next_page.as_ref(),
                process: Process { metrics: &self.metrics, index: self.search.reached() },
                request: RequestContext {
                    store: &self.store,
                    communities: &self.communities,
                    authority: &authority,
                    actor: &request.actor,
                    role,
                    conversation: &request.conversation,
                    origin: request.origin.as_ref(),
                    now: self.clock.now(),
                },
            };
            let may_purge = spec.role >= Role::Reviewer;
            let purged = if may_purge { records.purged()? } else { 0 };
            let mut reply = commands::carry_out(spec, &context, &arguments)?;
            reply.as_of = Some(records.latest_sequence()?);
            drop(records);
            if spec.writes() {
                // A block begins with the answer that says so.
                self.refresh_blocks(&self.store.reader()?)?;
            }
            let reply = if let Some(behind) = behind { reply.warning(behind) } else { reply };
            if may_purge { self.forget_purged(purged, reply) } else { Ok(reply) }
        };
        let error = match work() {
            Ok(reply) => return reply,
            // What the store says of search's own reading is the store's to answer for.
            Err(CommandError::Search(SearchError::Store(error))) => error.into(),
            Err(error) => error,
        };
        match error {
            CommandError::Usage(error) => commands::wrong_usage(spec, &error),
            CommandError::Refused(refusal) => commands::refused(&refusal),
            CommandError::Failed(failure) => {
                self.store.note(&failure);
                incident::failed(spec.name, &failure, self.clock.now())
            }
            CommandError::Search(error) => incident::search_failed(spec.name, &error, self.clock.now()),
        }
    }
}

impl Desk {
    /// Says on whose word roles rest; without it nobody is admin. The last word counts, from the next request on. Whom
    /// not to hear is known from then on.
    pub fn appoint(&self, authority: Authority) {
        *self.authority.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(authority);
        let held = self.store.reader().and_then(|records| self.read_blocks(&records));
        if let Err(error) = held {
            tracing::error!(%error, "whom not to hear could not be read; it is tried again with the first request");
        }
    }

    fn authority(&self) -> Arc<Authority> {
        Arc::clone(&self.authority.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether a form is being filled in in a conversation, so that a message without a prefix is the
    /// answer to a question. It goes to the command `answer`.
    #[must_use]
    pub fn dialogue_waits(&self, conversation: &str) -> bool {
        let reader = self.store.reader();
        let kept = reader.and_then(|reader| reader.dialogue(conversation));
        kept.is_ok_and(|state| state.is_some_and(|state| commands::waits(&state)))
    }

    /// Reads what communities have set; until then they have set nothing. To be called before chats
    /// are answered.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn load_communities(&self) -> Result<(), Failure> {
        self.communities.load(&self.store)
    }

    /// What a community has set, from memory.
    #[must_use]
    pub fn community(&self, id: &str) -> CommunitySettings {
        self.communities.of(id)
    }

    /// Counts a request of a chat against the limits of its person, channel and community, and against what is
    /// answered in all. Those who aren't to be heard are told nothing.
    #[must_use]
    pub fn admit(&self, request: &Request) -> Admission {
        let Some(origin) = &request.origin else { return Admission::Granted };
        if self.ignores(&request.actor, origin.community.as_deref()) {
            return Admission::RefusedAgain;
        }
        let platform = request.actor.platform().word();
        let channel = format!("{platform}:{}", origin.home());
        let now = std::time::Instant::now();
        let asked = CountedRequest {
            person: &request.actor.to_string(),
            channel: &channel,
            community: origin.community.as_deref(),
        };
        let admission = self.limits.admit(&self.authority().limits, asked, now);
        if admission != Admission::Granted {
            self.metrics.rate_limited(request.actor.platform());
        }
        admission
    }

    /// What those are told who ask more often than that.
    #[must_use]
    pub fn refusal() -> Reply {
        cannot_answer("That is more than is answered at once here. Ask again in 10 seconds.")
    }

    /// The records as they stand, with search brought to what was approved meanwhile, here or by another process, so
    /// that it is in the next answer; and what is to be said where it could not be brought there: then answers come from
    /// what it was brought to before. No reader is held while search catches up: it needs one of its own.
    fn up_to_date(&self) -> Result<(Reader<'_>, Option<&'static str>), CommandError> {
        let records = self.store.reader()?;
        if records.latest_sequence()? <= self.search.reached() {
            return Ok((records, None));
        }
        drop(records);
        let behind = self.bring_up_search()?;
        Ok((self.store.reader()?, behind))
    }

    /// Brings search to the end of the history; gives what is to be said where it could not be brought there.
    fn bring_up_search(&self) -> Result<Option<&'static str>, CommandError> {
        // A disk that is full stays so for a while, and each attempt writes as much as there is room for.
        if !self.catching_up.may_try(Instant::now()) {
            return Ok(Some(BEHIND));
        }
        match self.search.catch_up(&self.store) {
            Ok(()) => {
                self.catching_up.done();
                Ok(None)
            }
            Err(SearchError::Store(error)) => Err(error.into()),
            // That process will have done what is to be done.
            Err(SearchError::Busy) => Ok(Some(BUSY)),
            Err(error) => {
                self.catching_up.failed(Instant::now(), &error);
                Ok(Some(BEHIND))
            }
        }
    }
}

/// How long a question may take in the records, and in the index, in milliseconds. The limit is ours.
const TIME: u64 = 2_000;

/// The same for those who decide on what may have thousands of records, as an import has.
const TIME_OF_EDITORS: Duration = Duration::from_secs(60);

/// What is said under answers while the index can't be written.
const BEHIND: &str = "What was approved last can't be found yet: the search index can't be written. The operator finds \
                      the reason in the log.";

/// What is said under answers while another process writes the index.
const BUSY: &str = "What was approved last can't be found yet: another process is writing the search index. Ask again in a \
                    moment.";

/// A reply that says in one sentence that nothing can be answered now.
fn cannot_answer(sentence: impl Into<Text>) -> Reply {
    Reply::new(Outcome::Failed).warning(sentence)
}
