//! Sending. Each message has a transaction id that is made of what it answers: should the bot be killed
//! between sending and remembering, the homeserver knows the second attempt for the first.

use std::time::Duration;

use matrix_sdk::{
    Room,
    config::RequestConfig,
    ruma::{EventId, OwnedTransactionId, api::error::ErrorKind},
};
use serde_json::{Value, json};

use super::{account::TIMEOUT, bot::MatrixBot, turn::unhurried};
use crate::desk::deliveries::ask_id;

/// How often a message is tried: with the pauses of [`PAUSE`] for about ten minutes, as long as a question
/// is worth an answer.
const TRIES: usize = 120;

/// The longest pause between two tries. The homeserver's own word on it goes before.
const PAUSE: Duration = Duration::from_secs(5);

/// What a message answers: the event, and in which way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cause<'a> {
    pub(super) event: &'a str,
    pub(super) way: &'static str,
}

/// Why a message was not sent. It was logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unsent {
    /// The homeserver takes it neither now nor later.
    Refused,
    /// The homeserver could not be reached in time.
    Unreachable,
}

impl Cause<'_> {
    /// The transaction id of the answer.
    fn transaction(self) -> OwnedTransactionId {
        format!("onrecord-{}-{}", self.way, ask_id(self.event)).into()
    }
}

impl MatrixBot {
    /// Sends a message to a room, encrypted if the room is, and gives its id.
    pub(super) async fn send(&self, room: &Room, content: Value, cause: Cause<'_>) -> Option<String> {
        self.try_to_send(room, content, cause).await.ok()
    }

    /// As [`MatrixBot::send`].
    ///
    /// # Errors
    /// When it was not sent: whether it is worth another attempt.
    pub(super) async fn try_to_send(&self, room: &Room, content: Value, cause: Cause<'_>) -> Result<String, Unsent> {
        self.send_event(room, "m.room.message", content, cause).await
    }

    /// Puts a reaction on a message.
    pub(super) async fn react(&self, room: &Room, message: &str, key: &str, way: &'static str) {
        let content = json!({"m.relates_to": {"rel_type": "m.annotation", "event_id": message, "key": key}});
        // Logged by then, and what it is for can be written, too.
        let _ = self.send_event(room, "m.reaction", content, Cause { event: message, way }).await;
    }

    async fn send_event(&self, room: &Room, kind: &str, content: Value, cause: Cause<'_>) -> Result<String, Unsent> {
        let transaction = cause.transaction();
        let request = RequestConfig::new().timeout(TIMEOUT).retry_limit(TRIES).max_retry_time(PAUSE);
        let sending = room.send_raw(kind, content).with_transaction_id(&transaction).with_request_config(request);
        let sent = unhurried(sending.into_future()).await;
        match sent {
            Ok(sent) => Ok(sent.response.event_id.to_string()),
            Err(error) if self.is_signed_out(error.client_api_error_kind()) => Err(Unsent::Unreachable),
            Err(error) if error.client_api_error_kind().is_some() => {
                tracing::info!(matrix.room = %room.room_id(), %error, "the bot may not write in a room where it was asked");
                Err(Unsent::Refused)
            }
            Err(error) => {
                tracing::warn!(matrix.room = %room.room_id(), %error, "a message could not be sent");
                Err(Unsent::Unreachable)
            }
        }
    }

    /// Whether the session has ended. Then what is at work comes again once the bot has signed in anew.
    fn is_signed_out(&self, refusal: Option<&ErrorKind>) -> bool {
        let ended = matches!(refusal, Some(ErrorKind::UnknownToken(_)));
        if ended {
            self.progress.halt();
        }
        ended
    }

    /// Takes back a message; a failure is logged.
    pub(super) async fn take_back(&self, room: &Room, message: &str, cause: Cause<'_>) {
        let Ok(id) = EventId::parse(message) else { return };
        if let Err(error) = unhurried(room.redact(&id, None, Some(cause.transaction()))).await
            && !self.is_signed_out(error.client_api_error_kind())
        {
            tracing::warn!(%error, "a message could not be taken back");
        }
    }
}
