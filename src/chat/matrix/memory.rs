//! What the bot remembers of its own messages, through the desk.

use jiff::Timestamp;
use matrix_sdk::Room;

use super::bot::MatrixBot;
use crate::{
    desk::deliveries::{Delivery, Shown},
    model::Platform,
};

impl MatrixBot {
    /// The answer that an event got.
    pub(super) async fn delivery(&self, event: &str) -> Option<Delivery> {
        let event = event.to_owned();
        self.handle.run(move |desk| desk.delivery(Platform::Matrix, &event)).await.ok()?.ok()?
    }

    /// Remembers a message of the bot's own.
    pub(super) async fn delivered(&self, room: &Room, question: &str, answer: &str, shown: Shown) {
        let delivery = Delivery {
            platform: Platform::Matrix,
            question: question.to_owned(),
            channel: room.room_id().to_string(),
            answer: answer.to_owned(),
            entries: shown.entries,
            as_of: shown.as_of,
            at: Timestamp::now(),
        };
        if let Err(error) = self.handle.remember(vec![delivery]).await {
            tracing::warn!(%error, "an answer was not remembered");
        }
    }
}
