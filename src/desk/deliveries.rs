//! What the desk remembers of the answers that chats were given: which message answers which, which
//! entries it shows, and the long questions behind its buttons. No words of anyone beyond those.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;

use super::{ChatMemory, Desk};
pub use crate::store::{AsOf, Delivery, Failure as MemoryError, ask_id};
use crate::{
    model::Platform,
    reply::{Block, Reply},
};

/// What a message of the bot's shows of the records.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shown {
    /// The ids of the entries.
    pub entries: Vec<String>,
    /// How far the history went when they were read.
    pub as_of: Option<AsOf>,
}

impl Shown {
    /// What a reply shows.
    #[must_use]
    pub fn of(reply: &Reply) -> Self {
        let entries = reply.blocks.iter().filter_map(|block| match block {
            Block::Entry(entry) => Some(entry.id.clone()),
            Block::Heading(_) | Block::Paragraph(_) | Block::List(_) | Block::Facts(_) | Block::Note(_) => None,
        });
        Self { entries: entries.collect(), as_of: reply.as_of.map(AsOf::Place) }
    }
}

/// How many deliveries are held while they can't be written: some hours of a busy bot, a few megabytes. The limit is
/// ours.
const HELD: usize = 10_000;

/// Deliveries that could not be written yet, in order.
#[derive(Debug, Default)]
pub(super) struct Unwritten(Mutex<VecDeque<Delivery>>);

impl Unwritten {
    fn lock(&self) -> MutexGuard<'_, VecDeque<Delivery>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Desk {
    /// The answer that a message got.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn delivery(&self, platform: Platform, question: &str) -> Result<Option<Delivery>, MemoryError> {
        let is_it = |held: &&Delivery| held.platform == platform && held.question == question;
        if let Some(held) = self.unwritten.lock().iter().rfind(is_it) {
            return Ok(Some(held.clone()));
        }
        self.store.reader()?.delivery(platform, question)
    }

    /// Remembers answers, and forgets those of long ago. While nothing can be written they are held.
    ///
    /// # Errors
    /// When the database is damaged.
    pub fn delivered(&self, deliveries: Vec<Delivery>) -> Result<(), MemoryError> {
        match self.store.delivered(deliveries.clone(), self.authority().correction_days) {
            Ok(()) => Ok(()),
            Err(error @ MemoryError::Damaged(_)) => Err(error),
            Err(_) => {
                self.hold(deliveries);
                Ok(())
            }
        }
    }

    /// Holds answers in memory until [`Desk::write_held`], at most 10,000; beyond that the oldest are lost.
    pub fn hold(&self, deliveries: Vec<Delivery>) {
        let mut held = self.unwritten.lock();
        held.extend(deliveries);
        let lost = held.len().saturating_sub(HELD);
        held.drain(..lost);
        if lost > 0 {
            tracing::warn!(lost, "answers were not remembered: too many wait to be written");
        }
    }

    /// Writes what is held, all of it or none. What was corrected meanwhile reaches those messages, too.
    ///
    /// # Errors
    /// When the database is damaged.
    pub fn write_held(&self) -> Result<(), MemoryError> {
        // The lock isn't held while it is written: whoever asks for a delivery would wait for the writer.
        let held = std::mem::take(&mut *self.unwritten.lock());
        if held.is_empty() { Ok(()) } else { self.delivered(held.into()) }
    }

    /// Forgets an answer that was taken away.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn forget_delivery(&self, platform: Platform, question: &str) -> Result<(), MemoryError> {
        self.unwritten.lock().retain(|held| held.platform != platform || held.question != question);
        self.store.forget_delivery(platform, question)
    }
}

impl ChatMemory<'_> {
    /// Keeps long requests for buttons, and forgets those of long ago.
    ///
    /// # Errors
    /// When they can't be written.
    pub fn keep_asks(&self, words: Vec<String>, at: Timestamp) -> Result<(), MemoryError> {
        self.store.keep_asks(words, at)
    }

    /// The words of a long request.
    ///
    /// # Errors
    /// When they can't be read.
    pub fn kept_ask(&self, id: &str) -> Result<Option<String>, MemoryError> {
        self.store.reader()?.ask(id)
    }
}
