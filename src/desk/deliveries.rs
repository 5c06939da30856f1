//! What the desk remembers of the answers that chats were given: which message answers which, which
//! entries it shows, and the long questions behind its buttons. No words of anyone beyond those.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;

use super::Desk;
pub use crate::store::{AsOf, Delivery, StoreError as MemoryError, ask_id};
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

    /// Remembers answers, and forgets those of long ago. While nothing can be written they are held in memory, for
    /// [`Desk::write_held`].
    ///
    /// # Errors
    /// When the database is damaged, or so many are held that the oldest are lost.
    pub fn delivered(&self, deliveries: Vec<Delivery>) -> Result<(), MemoryError> {
        self.write_or_hold(deliveries)
    }

    /// Writes what could not be written before, all of it or none. What was corrected meanwhile reaches those
    /// messages, too.
    ///
    /// # Errors
    /// When the database is damaged, or so many are held that the oldest are lost.
    pub fn write_held(&self) -> Result<(), MemoryError> {
        // The lock isn't held while it is written: whoever asks for a delivery would wait for the writer.
        let held = std::mem::take(&mut *self.unwritten.lock());
        if held.is_empty() { Ok(()) } else { self.write_or_hold(held.into()) }
    }

    fn write_or_hold(&self, deliveries: Vec<Delivery>) -> Result<(), MemoryError> {
        let Err(error) = self.store.delivered(deliveries.clone(), self.authority().correction_days) else {
            return Ok(());
        };
        if matches!(error, MemoryError::Damaged(_)) {
            return Err(error);
        }
        let mut held = self.unwritten.lock();
        held.extend(deliveries);
        let too_many = held.len().saturating_sub(HELD);
        held.drain(..too_many);
        if too_many == 0 { Ok(()) } else { Err(error) }
    }

    /// Forgets an answer that was taken away.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn forget_delivery(&self, platform: Platform, question: &str) -> Result<(), MemoryError> {
        self.unwritten.lock().retain(|held| held.platform != platform || held.question != question);
        self.store.forget_delivery(platform, question)
    }

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
