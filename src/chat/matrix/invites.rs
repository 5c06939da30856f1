//! Taking up invitations: accepted by rule, and not too many at once.

use std::{
    sync::{Arc, PoisonError},
    time::{Duration, Instant},
};

use matrix_sdk::{Room, RoomState, ruma::api::client::membership::leave_room};

use super::{bot::MatrixBot, places::community_id, progress::Task};
use crate::{
    frontend::{Invitation, Unwelcome, welcome},
    model::Platform,
};

/// How often entering a room is tried.
const TRIES: u32 = 5;

impl MatrixBot {
    /// Takes up an invitation, beside everything else.
    pub(super) fn invited(self: &Arc<Self>, room: Room, task: Task) {
        let id = room.room_id().to_owned();
        let open = &self.invitations.open;
        if !open.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone()) {
            return;
        }
        let bot = Arc::clone(self);
        tokio::spawn(async move {
            if let Ok(_turn) = bot.invitations.at_once.acquire().await {
                bot.decide(&room).await;
            }
            bot.invitations.open.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
            drop(task);
        });
    }

    async fn decide(&self, room: &Room) {
        let sender = match room.invite_details().await {
            Ok(details) => details.inviter_id,
            Err(error) => {
                tracing::warn!(%error, "an invitation could not be read");
                return;
            }
        };
        let predecessor = self.predecessor(room.room_id());
        let community = community_id(room.room_id().as_str());
        let follows_on = predecessor.as_ref().map(|old| community_id(old.room_id().as_str()));
        let invitation =
            Invitation { inviter: sender.as_str(), community: &community, follows_on: follows_on.as_deref() };
        let is_listed = |inviter: &str| self.config.invites.admit(inviter);
        let welcome = welcome(self.handle.desk(), Platform::Matrix, invitation, is_listed).and_then(|()| {
            let is_admitted = self.invitations.lately.admit(sender.as_str(), Instant::now());
            if is_admitted { Ok(()) } else { Err(Unwelcome::TooMany) }
        });
        if let Err(why) = welcome {
            tracing::info!(matrix.room = %room.room_id(), matrix.inviter = %sender, ?why, "an invitation was refused");
            let mut refusal = leave_room::v3::Request::new(room.room_id().to_owned());
            refusal.reason = Some(why.sentence().to_owned());
            if let Err(error) = self.client.send(refusal).await {
                tracing::warn!(%error, "an invitation could not be refused");
            }
            return;
        }
        for attempt in 1..=TRIES {
            match room.join().await {
                Ok(()) => {
                    tracing::info!(matrix.room = %room.room_id(), matrix.inviter = %sender, "entered a room");
                    if let Some(old) = &predecessor {
                        self.moved(old, room, &sender).await;
                    }
                    return;
                }
                Err(error) if attempt == TRIES || room.state() != RoomState::Invited => {
                    tracing::warn!(matrix.room = %room.room_id(), %error, "a room could not be entered; invite the bot again");
                    let _ = room.leave().await;
                }
                // A room on another server may need a moment until it can be entered.
                Err(error) => {
                    tracing::info!(matrix.room = %room.room_id(), %error, "a room can't be entered yet");
                    tokio::time::sleep(Duration::from_secs(2_u64.pow(attempt))).await;
                }
            }
        }
    }
}
