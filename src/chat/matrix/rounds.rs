//! What the bot does unasked: it edits its messages that show what was corrected since, and posts what
//! is watched for and what waits for review. The lists are the desk's and survive a crash.

use std::{sync::Arc, time::Duration};

use matrix_sdk::{
    Room, RoomState,
    ruma::{RoomId, UserId},
};

use super::{
    answer::{Answer, show},
    bot::Bot,
    send::{Cause, Unsent},
};
use crate::{
    desk::{
        Desk,
        corrections::{Amendment, Place, Post, WorkError},
    },
    model::Platform,
    reply::Reply,
};

/// How many messages are edited or posted in a round, so that answers are not delayed by them.
const AT_ONCE: usize = 10;

/// What a post or a correction that has more pages goes on with.
const ON: &str = "recent";

/// Goes round for as long as it isn't ended.
pub(super) async fn go_round(bot: Arc<Bot>, pause: Duration) {
    loop {
        tokio::time::sleep(pause).await;
        bot.correct_answers().await;
        bot.post_news().await;
    }
}

impl Bot {
    async fn correct_answers(&self) {
        let Some(due) = self.due(|desk| desk.corrections_due(Platform::Matrix, AT_ONCE)).await else { return };
        for amendment in due {
            let known = amendment.clone();
            let Some(reply) = self.due(move |desk| desk.correction_reply(&known)).await else { return };
            if self.amend(&amendment, &reply).await {
                let (id, change) = (amendment.id, amendment.change);
                // If another change came in between it is due again, and edited in the next round.
                let _ = self.due(move |desk| desk.correction_done(id, change)).await;
            }
        }
    }

    /// Edits one message. Says whether that is done with: also where it can't be edited any more.
    async fn amend(&self, amendment: &Amendment, reply: &Reply) -> bool {
        let Some(room) = self.joined(&amendment.channel) else { return true };
        let ask = amendment.changed.first().map_or_else(|| ON.to_owned(), |id| format!("show {id}"));
        let shown = show(reply, &ask, 0, &self.shown_prefix(&room));
        let asker = self.id.to_string();
        // The same after a crash between editing and reporting; another for another change.
        let event = format!("{} {} {}", amendment.message, amendment.change, amendment.id);
        is_settled(
            self.try_to_replace(&room, shown, &amendment.message, Cause { event: &event, way: "correct" }, &asker)
                .await,
        )
    }

    async fn post_news(&self) {
        let Some(due) = self.due(|desk| desk.posts_due(Platform::Matrix, AT_ONCE)).await else { return };
        for post in due {
            let known = post.clone();
            let Some(reply) = self.due(move |desk| desk.post_reply(&known)).await else { return };
            // What waited for review may have been reviewed meanwhile.
            let is_settled = reply.blocks.is_empty() || self.post_one(&post, &reply).await;
            if is_settled {
                let _ = self.due(move |desk| desk.post_done(&post)).await;
            }
        }
    }

    async fn post_one(&self, post: &Post, reply: &Reply) -> bool {
        let room = match &post.place {
            Place::Channel(channel) => self.joined(channel),
            Place::Person(person) => match self.private_room(person).await {
                Ok(room) => room,
                Err(error) => {
                    tracing::info!(%error, "a private room could not be made; it is tried again");
                    return false;
                }
            },
        };
        let Some(room) = room else { return true };
        let shown = show(reply, ON, 0, &self.shown_prefix(&room));
        let event = format!("post {}", post.ids.iter().min().copied().unwrap_or_default());
        let sent = self.try_to_send(&room, shown.content.clone(), Cause { event: &event, way: "news" }).await;
        if let Ok(answer) = &sent {
            self.delivered_unasked(&room, answer, &shown).await;
        }
        is_settled(sent)
    }

    /// Remembers a message that answers no message: it is its own question.
    pub(super) async fn delivered_unasked(&self, room: &Room, answer: &str, shown: &Answer) {
        self.delivered(room, answer, answer, shown.entries.clone()).await;
    }

    /// The room with this id, if the bot is in it.
    fn joined(&self, room: &str) -> Option<Room> {
        let id = RoomId::parse(room).ok()?;
        self.client.get_room(&id).filter(|room| room.state() == RoomState::Joined)
    }

    /// A private room with someone, made if there is none; none for what is no user.
    async fn private_room(&self, user: &str) -> matrix_sdk::Result<Option<Room>> {
        let Ok(user) = UserId::parse(user) else { return Ok(None) };
        match self.client.get_dm_room(&user) {
            Some(room) if room.state() == RoomState::Joined => Ok(Some(room)),
            Some(_) | None => self.client.create_dm(&user).await.map(Some),
        }
    }

    async fn due<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Desk) -> Result<T, WorkError> + Send + 'static,
    ) -> Option<T> {
        match self.front.run(work).await {
            Ok(Ok(found)) => Some(found),
            Ok(Err(error)) => {
                tracing::warn!(%error, "corrections and posts have to wait");
                None
            }
            // A busy desk: in the next round.
            Err(_) => None,
        }
    }
}

/// Whether nothing more is to be done: it worked, or never will.
fn is_settled<T>(sent: Result<T, Unsent>) -> bool {
    matches!(sent, Ok(_) | Err(Unsent::Refused))
}
