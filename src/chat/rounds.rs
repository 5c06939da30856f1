//! What bots do unasked: they edit their messages that show what was corrected since, and post what is
//! watched for and what waits for review. The lists are the desk's and survive a crash.

use crate::{
    desk::{
        Desk,
        corrections::{Amendment, Post, WorkError},
        front::Front,
    },
    model::Platform,
    reply::Reply,
};

/// How many messages are edited or posted in a round, so that answers are not delayed by them.
const AT_ONCE: usize = 10;

/// A bot that can edit and post on its platform. Each says whether that is done with: it worked, or it
/// never will. What isn't done with comes again in the next round.
pub(super) trait Unasked {
    /// The bot's platform.
    const PLATFORM: Platform;

    /// The way to the desk.
    fn front(&self) -> &Front;

    /// Edits one message.
    async fn amend(&self, amendment: &Amendment, reply: &Reply) -> bool;

    /// Posts one message. After a crash it may come a second time.
    async fn tell(&self, post: &Post, reply: &Reply) -> bool;
}

/// One round.
pub(super) async fn go_round<B: Unasked>(bot: &B) {
    correct(bot).await;
    tell(bot).await;
    // What was purged, here or by another process, and could not be taken out of all files yet.
    let _ = ask(bot, Desk::finish_purges).await;
}

async fn correct<B: Unasked>(bot: &B) {
    let Some(due) = ask(bot, |desk| desk.corrections_due(B::PLATFORM, AT_ONCE)).await else { return };
    for amendment in due {
        let known = amendment.clone();
        let Some(reply) = ask(bot, move |desk| desk.correction_reply(&known)).await else { return };
        if bot.amend(&amendment, &reply).await {
            let (id, change) = (amendment.id, amendment.change);
            // If another change came in between it is due again, and edited in the next round.
            let _ = ask(bot, move |desk| desk.correction_done(id, change)).await;
        }
    }
}

async fn tell<B: Unasked>(bot: &B) {
    let Some(due) = ask(bot, |desk| desk.posts_due(B::PLATFORM, AT_ONCE)).await else { return };
    for post in due {
        let known = post.clone();
        let Some(reply) = ask(bot, move |desk| desk.post_reply(&known)).await else { return };
        // What waited for review may have been reviewed meanwhile.
        if reply.blocks.is_empty() || bot.tell(&post, &reply).await {
            let _ = ask(bot, move |desk| desk.post_done(&post)).await;
        }
    }
}

async fn ask<B: Unasked, T: Send + 'static>(
    bot: &B,
    work: impl FnOnce(&Desk) -> Result<T, WorkError> + Send + 'static,
) -> Option<T> {
    match bot.front().run(work).await {
        Ok(Ok(found)) => Some(found),
        Ok(Err(error)) => {
            tracing::warn!(%error, "corrections and posts have to wait");
            None
        }
        // A busy desk: in the next round.
        Err(_) => None,
    }
}

/// The request whose pages the buttons under a correction turn.
pub(super) fn ask_of(amendment: &Amendment) -> String {
    amendment.changed.first().map_or_else(|| NEWS.to_owned(), |id| format!("show {id}"))
}

/// As [`ask_of`], under a post.
pub(super) const NEWS: &str = "recent";
