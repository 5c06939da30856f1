//! Channels over REST: looking at them, typing, direct messages, threads and forum posts.

use serde_json::{Value, json};

use super::super::error::ApiError;
use super::super::ids::{ChannelId, MessageId, UserId};
use super::super::payloads;
use super::super::permissions::{CREATE_PUBLIC_THREADS, MANAGE_THREADS};
use super::super::rest::{Answer, Call};
use super::super::state::State;
use super::super::world::{Channel, ChannelKind};
use super::messages::{may_post, need, visible};

pub(super) fn handle(state: &mut State, call: &Call) -> Answer {
    if call.operation == "create_dm" {
        let user = call.body["recipient_id"].as_str().and_then(|id| id.parse().ok());
        let user = user.map(UserId).filter(|user| state.world.users.contains_key(user));
        let channel = state.world.dm_with(user.ok_or_else(ApiError::unknown_user)?);
        return Ok((200, payload(state, channel)));
    }
    let channel: ChannelId = call.id("channel_id");
    visible(state, channel)?;
    match call.operation {
        "get_channel" => Ok((200, payload(state, channel))),
        "update_channel" => {
            need(state, channel, MANAGE_THREADS)?;
            let place = state.world.channels.get_mut(&channel).ok_or_else(ApiError::unknown_channel)?;
            if let Some(name) = call.body["name"].as_str() {
                name.clone_into(&mut place.name);
            }
            if let Some(archived) = call.body["archived"].as_bool() {
                place.archived = archived;
            }
            state.tell_channel(channel, "THREAD_UPDATE", "CHANNEL_UPDATE");
            Ok((200, payload(state, channel)))
        }
        "delete_channel" => {
            need(state, channel, MANAGE_THREADS)?;
            let gone = payload(state, channel);
            state.remove_channel(channel);
            Ok((200, gone))
        }
        "trigger_typing_indicator" => {
            state.typing.push(channel);
            Ok((204, Value::Null))
        }
        "create_thread" => thread(state, call, channel, None),
        "create_thread_from_message" => {
            let message: MessageId = call.id("message_id");
            thread(state, call, channel, Some(message))
        }
        "join_thread" | "leave_thread" => Ok((204, Value::Null)),
        "list_thread_members" => Ok((200, json!([]))),
        _ => Err(ApiError::not_modelled()),
    }
}

fn thread(state: &mut State, call: &Call, parent: ChannelId, from: Option<MessageId>) -> Answer {
    need(state, parent, CREATE_PUBLIC_THREADS)?;
    let name = call.body["name"].as_str().unwrap_or_default().to_owned();
    let id = match from {
        None => ChannelId(state.world.flakes.next()),
        // A message and its thread share one number.
        Some(message) => ChannelId(message.0),
    };
    if state.world.channels.contains_key(&id) {
        return Err(ApiError::thread_exists());
    }
    if let Some(message) = from {
        let found = state.world.messages.get_mut(&message);
        let found = found.filter(|it| it.channel == parent && !it.deleted && it.audience.is_none());
        found.ok_or_else(ApiError::unknown_message)?.thread = Some(id);
    }
    let mut thread = Channel::new(id, ChannelKind::Thread, name);
    thread.parent = Some(parent);
    thread.guild = state.world.guild_of(parent);
    thread.owner = Some(state.world.bot);
    state.add_channel(thread);
    let mut answer = payload(state, id);
    if state.world.channel(parent).kind == ChannelKind::Forum {
        let body = &call.body["message"];
        may_post(state, id, body, call.files.len())?;
        let mut first = state.draft(id, state.world.bot);
        // A post's first message has the post's own number.
        first.id = MessageId(id.0);
        super::fill(state, &mut first, body, &call.files);
        let first = state.post(first);
        answer["message"] = payloads::message(&state.world, state.world.message(first), false);
    }
    Ok((201, answer))
}

fn payload(state: &State, channel: ChannelId) -> Value {
    payloads::channel(&state.world, state.world.channel(channel))
}
