//! Corrections that travel, and posts for those who watch: what front ends work off, each at its own
//! pace, and the documents that they show.
//!
//! A front end takes a few, edits or posts, and reports each done. What it didn't report is due again
//! after a crash: editing a message twice shows the same, and a report counts once.

use super::Desk;
pub use crate::store::{DueEdit, Failure as WorkError, Post, PostTarget};
use crate::{
    commands::{self, CommandError},
    model::{ChangeId, DueEditId, Identity, Platform},
    reply::Reply,
};

impl Desk {
    /// Messages of the bot that show what was corrected, retracted or restored since, the longest
    /// waiting first, at most `limit`. Each is to be edited to [`Desk::correction_reply`], then reported
    /// with [`Desk::correction_done`], also where it can't be edited any more.
    ///
    /// # Errors
    /// When they can't be read.
    pub fn corrections_due(&self, platform: Platform, limit: usize) -> Result<Vec<DueEdit>, WorkError> {
        // What shows them and could not be written yet comes first.
        self.write_held()?;
        self.store.reader()?.edits_due(platform, limit)
    }

    /// What an edited message shows: what was corrected, when and why, and its entries as they stand now.
    ///
    /// # Errors
    /// When the records can't be read.
    pub fn correction_reply(&self, due: &DueEdit) -> Result<Reply, WorkError> {
        only_store(commands::correction(&self.store.reader()?, due))
    }

    /// Reports that a message was edited, or can't be. Says `false` where it was done before, or where
    /// another change came in between: then it stays due.
    ///
    /// # Errors
    /// When it can't be written; then it stays due.
    pub fn correction_done(&self, id: DueEditId, change: ChangeId) -> Result<bool, WorkError> {
        self.store.edit_done(id, change, self.clock.now())
    }

    /// Messages that are to be posted by now: what places watch for, and changes that wait for review.
    /// Each is to be posted as [`Desk::post_reply`], then reported with [`Desk::post_done`], also where
    /// it can't be posted. Whoever is not heard is not told either: what was for them is done with.
    ///
    /// # Errors
    /// When they can't be read.
    pub fn posts_due(&self, platform: Platform, limit: usize) -> Result<Vec<Post>, WorkError> {
        let records = self.store.reader()?;
        // Every few seconds; so what another process has blocked isn't heard for longer than that.
        self.refresh_blocks(&records)?;
        let due = records.posts_due(platform, self.clock.now(), limit)?;
        drop(records);
        let (unwanted, due): (Vec<Post>, Vec<Post>) = due.into_iter().partition(|post| self.is_for_the_blocked(post));
        for post in unwanted {
            self.post_done(&post)?;
        }
        Ok(due)
    }

    fn is_for_the_blocked(&self, post: &Post) -> bool {
        // What waits for review goes where the operator wants it told.
        if post.items.iter().any(|(_, entry)| entry.is_none()) {
            return false;
        }
        match &post.place {
            PostTarget::Channel(_) => {
                post.community.as_deref().is_some_and(|community| self.ignores_community(community))
            }
            PostTarget::Person(account) => {
                Identity::new(post.platform, account).is_ok_and(|person| self.ignores(&person, None))
            }
        }
    }

    /// What a post shows.
    ///
    /// # Errors
    /// When the records can't be read.
    pub fn post_reply(&self, post: &Post) -> Result<Reply, WorkError> {
        let records = self.store.reader()?;
        let reply = only_store(commands::post(&records, post))?;
        Ok(Reply { as_of: Some(records.latest_sequence()?), ..reply })
    }

    /// Reports that a message was posted, or can't be. Says `false` where it was done before.
    ///
    /// # Errors
    /// When it can't be written; then it stays due.
    pub fn post_done(&self, post: &Post) -> Result<bool, WorkError> {
        self.store.post_done(post.ids.clone(), self.clock.now())
    }
}

/// These documents are made of records alone.
fn only_store(made: Result<Reply, CommandError>) -> Result<Reply, WorkError> {
    made.map_err(|error| match error {
        CommandError::Failed(failure) => failure,
        other => WorkError::Unreadable(other.to_string()),
    })
}
