//! Deciding on changes where there are no buttons: which of the bot's messages show a change for review, so that a
//! reaction to one, or the answer to the question for a reason, can be made into the command that it stands for.
//!
//! It gives nobody a right: the command is carried out for whoever reacted, as if they had typed it.

use super::{ChatMemory, Desk};
pub use crate::store::ReviewMessage;
use crate::{
    commands,
    model::{Identity, Platform},
    reply::{CommandCall, Reply},
    store::Failure as MemoryError,
};

impl ChatMemory<'_> {
    /// The messages of the bot under which one may decide, the latest first.
    ///
    /// # Errors
    /// When they can't be read.
    pub fn review_messages(&self, platform: Platform) -> Result<Vec<ReviewMessage>, MemoryError> {
        self.store.reader()?.review_messages(platform, self.now)
    }

    /// Notes that one may decide under a message.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn keep_review_message(&self, message: ReviewMessage) -> Result<(), MemoryError> {
        self.store.keep_review_message(message)
    }

    /// Has no reaction to a message mean anything any more.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn forget_review_message(&self, platform: Platform, message: String) -> Result<(), MemoryError> {
        self.store.forget_review_message(platform, message)
    }
}

impl Desk {
    /// What someone is told who lacks the role that a call needs, before they are asked for more; `None` where
    /// they have it. The command asks again.
    ///
    /// # Errors
    /// When the roles can't be read.
    pub fn lacks_role(&self, call: &CommandCall, actor: &Identity) -> Result<Option<Reply>, MemoryError> {
        let Some(spec) = commands::find(call.command()) else { return Ok(None) };
        let role = self.store.reader()?.role_of(&self.authority(), actor)?;
        Ok((role < spec.role).then(|| commands::needs_role(spec, role)))
    }
}
