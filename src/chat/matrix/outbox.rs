//! What the bot does unasked, on Matrix.

use std::{sync::Arc, time::Duration};

use matrix_sdk::{
    Room, RoomState,
    ruma::{RoomId, UserId},
};

use super::{
    answer::{AnswerEvent, show},
    bot::MatrixBot,
    send::{Cause, Unsent},
};
use crate::{
    chat::outbox::{self, OutboxClient, call_of},
    commands::calls,
    desk::{
        corrections::{DueEdit, Post, PostTarget},
        worker_pool::DeskHandle,
    },
    model::Platform,
    reply::Reply,
};

/// Goes round for as long as it isn't ended.
pub(super) async fn work_off_outbox(bot: Arc<MatrixBot>, pause: Duration) {
    loop {
        tokio::time::sleep(pause).await;
        outbox::work_off_outbox(&*bot).await;
    }
}

impl OutboxClient for MatrixBot {
    const PLATFORM: Platform = Platform::Matrix;

    fn handle(&self) -> &DeskHandle {
        &self.handle
    }

    async fn edit_due(&self, edit: &DueEdit, reply: &Reply) -> bool {
        let Some(room) = self.joined(&edit.channel) else { return true };
        let shown = show(reply, Some(&call_of(edit)), 0, &self.shown_prefix(&room));
        let asker = self.id.to_string();
        // The same after a crash between editing and reporting; another for another change.
        let event = format!("{} {} {}", edit.message, edit.change, edit.id);
        is_settled(
            self.try_to_replace(&room, shown, &edit.message, Cause { event: &event, way: "correct" }, &asker).await,
        )
    }

    async fn post_due(&self, post: &Post, reply: &Reply) -> bool {
        let room = match &post.place {
            PostTarget::Channel(channel) => self.joined(channel),
            PostTarget::Person(person) => match self.private_room(person).await {
                Ok(room) => room,
                Err(error) => {
                    tracing::info!(%error, "a private room could not be made; it is tried again");
                    return false;
                }
            },
        };
        let Some(room) = room else { return true };
        let shown = show(reply, Some(&calls::recent()), 0, &self.shown_prefix(&room));
        let event = format!("post {}", post.ids.iter().min().copied().unwrap_or_default());
        let sent = self.try_to_send(&room, shown.content.clone(), Cause { event: &event, way: "news" }).await;
        if let Ok(answer) = &sent {
            self.delivered_unasked(&room, answer, &shown).await;
        }
        is_settled(sent)
    }
}

impl MatrixBot {
    /// Remembers a message that answers no message: it is its own question.
    pub(super) async fn delivered_unasked(&self, room: &Room, answer: &str, shown: &AnswerEvent) {
        self.delivered(room, answer, answer, shown.records.clone()).await;
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
}

/// Whether nothing more is to be done: it worked, or never will.
fn is_settled<T>(sent: Result<T, Unsent>) -> bool {
    matches!(sent, Ok(_) | Err(Unsent::Refused))
}
