//! After a purge: what was purged is taken out of all files, and what it still stands in is said and tried again.

use std::sync::{
    PoisonError, RwLock,
    atomic::{AtomicBool, AtomicI64, Ordering},
};

use super::{Desk, corrections::WorkError};
use crate::{
    commands::CommandError,
    reply::{Reply, Text},
    search::SearchError,
    store::leftovers,
};

/// What is known of purges.
#[derive(Debug, Default)]
pub(super) struct Purges {
    /// Of how many purges nothing stands in the log and in the index any more.
    done: AtomicI64,
    /// Whether this process has purged something and has not seen the end of it.
    pending: AtomicBool,
    /// How long backups are kept that are made by themselves, in a sentence.
    backups: RwLock<Option<String>>,
}

impl Desk {
    /// Tells the desk, in a sentence, how long backups that are made by themselves are kept, or that there are none.
    pub fn tell_of_backups(&self, sentence: Option<String>) {
        *self.purges.backups.write().unwrap_or_else(PoisonError::into_inner) = sentence;
    }

    /// Tries again to take what was purged, here or by another process, out of the files. Does nothing where that is
    /// done. To be called now and then.
    ///
    /// # Errors
    /// When the records can't be read.
    pub fn finish_purges(&self) -> Result<(), WorkError> {
        let purged = self.store.reader()?.purged()?;
        if purged != self.purges.done.load(Ordering::Relaxed) && self.lingering()?.is_empty() {
            self.purges.done.store(purged, Ordering::Relaxed);
            self.purges.pending.store(false, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Has what was purged gone from the index and the log, not only marked as gone, if more is purged than before; says
    /// what it still stands in, and when it goes. The records don't have it any more, whatever becomes of this.
    pub(super) fn forget_purged(&self, before: i64, reply: Reply) -> Result<Reply, CommandError> {
        let purged = self.store.reader()?.purged()?;
        if purged == before {
            if self.purges.pending.load(Ordering::Relaxed) {
                self.finish_purges()?;
            }
            return Ok(reply);
        }
        let mut remains = self.lingering()?;
        self.purges.pending.store(!remains.is_empty(), Ordering::Relaxed);
        if remains.is_empty() {
            self.purges.done.store(purged, Ordering::Relaxed);
        }
        for remaining in &remains {
            tracing::warn!(remaining, "something was purged, and still stands in files; it is tried again");
        }
        if self.store.log_is_litestreams() {
            remains.push(
                "Its content stands in the database's log until Litestream has folded that in, and in the replica until \
                 Litestream's retention has run out."
                    .to_owned(),
            );
        }
        let copies = leftovers(self.store.path());
        if !copies.is_empty() {
            let names: Vec<String> =
                copies.iter().filter_map(|copy| Some(copy.path.file_name()?.to_string_lossy().into_owned())).collect();
            remains.push(format!(
                "Copies of the database from before hold it until the operator removes them (onrecord leftovers --remove): {}.",
                names.join(", ")
            ));
        }
        remains.extend(self.purges.backups.read().unwrap_or_else(PoisonError::into_inner).clone());
        let reply = remains.into_iter().fold(reply, Reply::warning);
        Ok(reply.hint(Text::from(
            "It is gone from the records, the history, the search index and the database's log, but for what is said here. \
             Backups, exports and replicas that were made before hold it until they are deleted, and so does a console's \
             history (ONRECORD_HISTORY) what was typed there.",
        )))
    }

    /// Takes what was purged out of the index and the log; says in what it still stands.
    fn lingering(&self) -> Result<Vec<String>, WorkError> {
        let mut remains = Vec::new();
        match self.search.catch_up(&self.store) {
            Ok(()) => {}
            Err(SearchError::Store(error)) => return Err(error),
            Err(error) => {
                remains.push(format!(
                    "Its words still stand in files of the search index ({error}). That is tried again within \
                     seconds by a running bot, and with what a reviewer does next; onrecord leftovers --remove does it, too."
                ));
            }
        }
        // Litestream empties it by and by, and nobody else may.
        if !self.store.log_is_litestreams() && !matches!(self.store.empty_log(), Ok(true)) {
            remains.push(
                "Its content still stands in the database's log (the file that ends in -wal), as another program reads from \
                 it. It goes once that program is done: that is tried again within seconds by a running bot, and with what a \
                 reviewer does next; onrecord leftovers --remove does it, too."
                    .to_owned(),
            );
        }
        Ok(remains)
    }
}
