//! What bots do unasked: they edit their messages that show what was corrected since, and post what is
//! watched for and what waits for review. The lists are the desk's and survive a crash.

use crate::{
    commands::calls,
    desk::{
        Desk,
        corrections::{DueEdit, Post, WorkError},
        worker_pool::DeskHandle,
    },
    model::Platform,
    reply::{CommandCall, Reply},
};

/// How many messages are edited or posted in a round, so that answers are not delayed by them.
const AT_ONCE: usize = 10;

/// A bot that can edit and post on its platform. Each says whether that is done with: it worked, or it
/// never will. What isn't done with comes again in the next round.
pub(super) trait OutboxClient {
    /// The bot's platform.
    const PLATFORM: Platform;

    /// The way to the desk.
    fn handle(&self) -> &DeskHandle;

    /// Edits one message.
    async fn edit_due(&self, edit: &DueEdit, reply: &Reply) -> bool;

    /// Posts one message. After a crash it may come a second time.
    async fn post_due(&self, post: &Post, reply: &Reply) -> bool;
}

/// One round.
pub(super) async fn work_off_outbox<B: OutboxClient>(bot: &B) {
    correct(bot).await;
    tell(bot).await;
    // What was purged, here or by another process, and could not be taken out of all files yet.
    let _ = ask(bot, Desk::finish_purges).await;
}

async fn correct<B: OutboxClient>(bot: &B) {
    let Some(due) = ask(bot, |desk| desk.corrections_due(B::PLATFORM, AT_ONCE)).await else { return };
    for edit in due {
        let known = edit.clone();
        let Some(reply) = ask(bot, move |desk| desk.correction_reply(&known)).await else { return };
        if bot.edit_due(&edit, &reply).await {
            let (id, change) = (edit.id, edit.change);
            // If another change came in between it is due again, and edited in the next round.
            let _ = ask(bot, move |desk| desk.correction_done(id, change)).await;
        }
    }
}

async fn tell<B: OutboxClient>(bot: &B) {
    let Some(due) = ask(bot, |desk| desk.posts_due(B::PLATFORM, AT_ONCE)).await else { return };
    for post in due {
        let known = post.clone();
        let Some(reply) = ask(bot, move |desk| desk.post_reply(&known)).await else { return };
        // What waited for review may have been reviewed meanwhile.
        if reply.blocks.is_empty() || bot.post_due(&post, &reply).await {
            let _ = ask(bot, move |desk| desk.post_done(&post)).await;
        }
    }
}

async fn ask<B: OutboxClient, T: Send + 'static>(
    bot: &B,
    work: impl FnOnce(&Desk) -> Result<T, WorkError> + Send + 'static,
) -> Option<T> {
    match bot.handle().run(work).await {
        Ok(Ok(found)) => Some(found),
        Ok(Err(error)) => {
            tracing::warn!(%error, "corrections and posts have to wait");
            None
        }
        // A busy desk: in the next round.
        Err(_) => None,
    }
}

/// The call whose pages the buttons under a correction turn; under a post they turn those of [`calls::recent`].
pub(super) fn call_of(edit: &DueEdit) -> CommandCall {
    edit.changed.first().map_or_else(calls::recent, calls::show)
}
