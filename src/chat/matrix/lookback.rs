//! What a sync left out: many events at once in a room, or a long absence. They are fetched backwards,
//! as far as a question may be old, and worked on in order.

use jiff::Timestamp;
use matrix_sdk::{
    Room,
    deserialized_responses::{TimelineEvent, TimelineEventKind},
    room::MessagesOptions,
};
use serde_json::Value;
use std::{collections::HashSet, sync::Arc};

use super::{
    bot::MatrixBot,
    event::{self, RoomEvent},
    queues::Gap,
    undecrypted,
};

/// How many events are looked through at most. The limit is ours: what is older in a room that is so
/// busy is no longer worth an answer.
const MOST: usize = 1_000;

/// What a stretch of a room's timeline holds for the bot, in order.
#[derive(Debug, Default)]
pub(super) struct Stretch {
    pub(super) events: Vec<RoomEvent>,
    /// Encrypted messages without a key.
    pub(super) undecrypted: Vec<undecrypted::Message>,
    /// The questions that the bot has answered in it.
    pub(super) answered: HashSet<String>,
    /// Whether the bot was invited to the room in it: nothing before counts.
    invited: bool,
    /// Whether the bot came into the room in it: nothing before counts but what was said since it was invited.
    pub(super) joined: bool,
    /// Whether someone left the room in it.
    pub(super) departed: bool,
    /// The age of its oldest event, in milliseconds.
    pub(super) oldest: Option<u64>,
}

impl MatrixBot {
    /// Sorts a stretch of a timeline, oldest first.
    pub(super) fn sort(&self, room: &Room, events: &[TimelineEvent]) -> Stretch {
        let now = u64::try_from(Timestamp::now().as_millisecond()).unwrap_or_default();
        let mut stretch = Stretch::default();
        for event in events {
            let Ok(raw) = serde_json::from_str::<Value>(event.raw().json().get()) else { continue };
            let age = raw["unsigned"]["age"]
                .as_u64()
                .or_else(|| raw["origin_server_ts"].as_u64().map(|written| now.saturating_sub(written)));
            stretch.oldest = stretch.oldest.max(age);
            let departs = matches!(raw["content"]["membership"].as_str(), Some("leave" | "ban"));
            stretch.departed |= departs && raw["type"] == "m.room.member";
            let own = raw["sender"] == self.id.as_str();
            if own {
                stretch.answered.extend(event::answers(&raw).map(str::to_owned));
                if let Some(name) = event::own_name(&raw, self.id.as_str()) {
                    self.is_called(name);
                }
                let entered = raw["type"] == "m.room.member"
                    && raw["state_key"] == self.id.as_str()
                    && raw["content"]["membership"] == "join"
                    && raw["unsigned"]["prev_content"]["membership"] != "join";
                if entered && stretch.invited {
                    stretch.joined = true;
                } else if entered {
                    stretch = Stretch { joined: true, oldest: age, ..Stretch::default() };
                }
                continue;
            }
            if event::invites(&raw, self.id.as_str()) {
                stretch = Stretch { invited: true, oldest: age, ..Stretch::default() };
                continue;
            }
            if let TimelineEventKind::UnableToDecrypt { event, utd_info } = &event.kind {
                let recent = age.is_none_or(|age| u128::from(age) <= self.config.max_age.as_millis());
                if recent
                    && let Some(session) = utd_info.session_id.clone()
                    && let Some(id) = raw["event_id"].as_str().map(str::to_owned)
                {
                    let written = now.saturating_sub(age.unwrap_or_default());
                    let at = i64::try_from(written).ok().and_then(|at| Timestamp::from_millisecond(at).ok());
                    let (room, event, at) = (room.clone(), event.clone(), at.unwrap_or_default());
                    let reply_to = event::answers(&raw).map(str::to_owned);
                    stretch.undecrypted.push(undecrypted::Message { room, session, id, event, reply_to, at });
                }
                continue;
            }
            if let Some(event) = event::read(&raw, now).filter(|event| self.concerns(room, event)) {
                stretch.events.push(event);
            }
        }
        stretch.events.retain(|event| !matches!(event, RoomEvent::Said(said) if stretch.answered.contains(&said.id)));
        stretch
    }

    /// Fetches what a gap holds and works on it.
    pub(super) async fn look_back(self: &Arc<Self>, room: &Room, gap: Gap) {
        let mut found = Vec::new();
        let mut from = gap.from;
        let mut seen = 0;
        loop {
            let mut options = MessagesOptions::backward().from(from.as_str());
            options.to.clone_from(&gap.to);
            options.limit = 100_u32.into();
            let messages = match room.messages(options).await {
                Ok(messages) => messages,
                Err(error) => {
                    tracing::warn!(%error, "what was said meanwhile in a room could not be fetched");
                    break;
                }
            };
            seen += messages.chunk.len();
            let in_order: Vec<TimelineEvent> = messages.chunk.into_iter().rev().collect();
            let stretch = self.sort(room, &in_order);
            let ends = stretch.joined
                || in_order.is_empty()
                || stretch.oldest.is_some_and(|age| u128::from(age) > self.config.max_age.as_millis());
            found.push(stretch);
            match messages.end {
                Some(end) if !ends && seen < MOST => from = end,
                Some(_) | None => break,
            }
        }
        let answered: HashSet<String> = found.iter().flat_map(|stretch| stretch.answered.iter().cloned()).collect();
        for stretch in found.into_iter().rev() {
            self.could_not_read(stretch.undecrypted).await;
            for event in stretch.events {
                if !matches!(&event, RoomEvent::Said(said) if answered.contains(&said.id)) {
                    self.happened(room, event).await;
                }
            }
        }
    }
}
