//! Messages over REST: what the bot may do to them where, and what comes of it.

use serde_json::{Value, json};

use super::super::error::ApiError;
use super::super::ids::{ChannelId, MessageId, UserId};
use super::super::multipart::UploadedFile;
use super::super::payloads;
use super::super::permissions::{
    self, ADD_REACTIONS, ATTACH_FILES, Bits, EMBED_LINKS, MANAGE_MESSAGES, READ_MESSAGE_HISTORY, SEND_MESSAGES,
    SEND_MESSAGES_IN_THREADS, VIEW_CHANNEL,
};
use super::super::rest::{Answer, Call};
use super::super::sessions::intents;
use super::super::state::State;
use super::super::world::{ChannelKind, LOADING, SUPPRESS_EMBEDS, StoredMessage};

pub(super) fn handle(state: &mut State, call: &Call) -> Answer {
    let channel: ChannelId = call.id("channel_id");
    visible(state, channel)?;
    let message: MessageId = call.id("message_id");
    match call.operation {
        "create_message" => create(state, call, channel),
        "list_messages" => list(state, call, channel),
        "bulk_delete_messages" => {
            need(state, channel, MANAGE_MESSAGES)?;
            let ids = call.body["messages"].as_array().into_iter().flatten();
            for id in ids.filter_map(|id| id.as_str()?.parse().ok()) {
                state.delete(MessageId(id));
            }
            Ok((204, Value::Null))
        }
        "get_message" => {
            need(state, channel, READ_MESSAGE_HISTORY).map_err(|_| ApiError::missing_access())?;
            let found = public(state, channel, message)?;
            Ok((200, shown(state, found)))
        }
        "update_message" => update(state, call, channel, message),
        "delete_message" => {
            let found = public(state, channel, message)?;
            if found.author != state.world.bot {
                need(state, channel, MANAGE_MESSAGES)?;
            }
            state.delete(message);
            Ok((204, Value::Null))
        }
        "create_pin" | "deprecated_create_pin" | "delete_pin" | "deprecated_delete_pin" => {
            public(state, channel, message)?;
            need(state, channel, MANAGE_MESSAGES)?;
            let pinned = call.operation.ends_with("create_pin");
            if let Some(message) = state.world.messages.get_mut(&message) {
                message.pinned = pinned;
            }
            Ok((204, Value::Null))
        }
        _ => reactions(state, call, channel, message),
    }
}

/// The channel, if it is there and the bot can see it.
pub(super) fn visible(state: &State, channel: ChannelId) -> Result<(), ApiError> {
    if !state.world.channels.contains_key(&channel) {
        return Err(ApiError::unknown_channel());
    }
    let seen = state.may(state.world.bot, channel, VIEW_CHANNEL);
    if seen { Ok(()) } else { Err(ApiError::missing_access()) }
}

/// Refuses what the bot may not do in a channel.
pub(super) fn need(state: &State, channel: ChannelId, bits: Bits) -> Result<(), ApiError> {
    let may = state.may(state.world.bot, channel, bits);
    if may { Ok(()) } else { Err(ApiError::missing_permissions()) }
}

/// Refuses what the bot may not post in a channel.
pub(super) fn may_post(state: &State, channel: ChannelId, body: &Value, files: usize) -> Result<(), ApiError> {
    let place = state.world.channel(channel);
    let recipient = place.recipient.map(|id| state.world.user(id));
    if recipient.is_some_and(|recipient| recipient.closed_dms) {
        return Err(ApiError::closed_dms());
    }
    let send = if place.kind.is_thread() { SEND_MESSAGES_IN_THREADS } else { SEND_MESSAGES };
    need(state, channel, send)?;
    if body["embeds"].as_array().is_some_and(|embeds| !embeds.is_empty()) {
        need(state, channel, EMBED_LINKS)?;
    }
    if files > 0 {
        need(state, channel, ATTACH_FILES)?;
    }
    Ok(())
}

/// Puts a body into a message: what is left out stays, null clears.
pub(super) fn fill(state: &mut State, message: &mut StoredMessage, body: &Value, files: &[UploadedFile]) {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    if let Some(content) = body.get("content") {
        content.as_str().unwrap_or_default().clone_into(&mut message.content);
    }
    if let Some(embeds) = body.get("embeds") {
        message.embeds = list(embeds);
        for embed in &mut message.embeds {
            payloads::merge(embed, json!({"type": "rich"}));
        }
    }
    if let Some(components) = body.get("components") {
        message.components = list(components);
        number(&mut message.components, &mut 0);
    }
    if let Some(kept) = body.get("attachments").map(list) {
        message.attachments.retain(|old| kept.iter().any(|it| it["id"] == old["id"]));
    }
    for file in files {
        let id = state.world.flakes.next();
        let url = format!("https://cdn.discordapp.com/attachments/{}/{id}/{}", message.channel, file.name);
        message.attachments.push(json!({
            "id": id.to_string(),
            "filename": file.name,
            "size": file.bytes.len(),
            "url": url,
            "proxy_url": url,
            "content_type": file.media_type,
        }));
    }
    if let Some(flags) = body.get("flags").and_then(Value::as_u64) {
        // Previews can be hidden and shown again; what makes a message private or a layout stays.
        message.flags = (message.flags & !SUPPRESS_EMBEDS) | (flags & !LOADING);
    }
}

/// What an edited message would be, unless nothing of it would be left.
pub(super) fn rewrite(state: &mut State, id: MessageId, call: &Call, body: &Value) -> Result<StoredMessage, ApiError> {
    let mut message = state.world.message(id).clone();
    message.flags &= !LOADING;
    fill(state, &mut message, body, &call.files);
    let parts = [&message.embeds, &message.components, &message.attachments];
    if message.content.trim().is_empty() && parts.iter().all(|part| part.is_empty()) {
        state.violation(call.operation, "an edit that leaves an empty message");
        return Err(ApiError::empty_message());
    }
    Ok(message)
}

/// A message as REST gives it: without the content the application may not read.
fn shown(state: &State, message: &StoredMessage) -> Value {
    let blind = state.settings.disallowed_intents & intents::MESSAGE_CONTENT != 0;
    if blind && !payloads::is_open(&state.world, message) {
        return payloads::message(&state.world, message, true);
    }
    state.answer_payload(message)
}

fn public(state: &State, channel: ChannelId, id: MessageId) -> Result<&StoredMessage, ApiError> {
    let found = state.world.messages.get(&id);
    let found = found.filter(|it| it.channel == channel && it.is_public());
    found.ok_or_else(ApiError::unknown_message)
}

/// Refuses what can't be done in an archived thread.
fn open(state: &State, channel: ChannelId) -> Result<(), ApiError> {
    if state.world.channel(channel).archived { Err(ApiError::archived_thread()) } else { Ok(()) }
}

fn create(state: &mut State, call: &Call, channel: ChannelId) -> Answer {
    let body = &call.body;
    if state.world.channel(channel).kind == ChannelKind::Forum {
        return Err(ApiError { code: 50008, ..ApiError::invalid_body() });
    }
    may_post(state, channel, body, call.files.len())?;
    let nonce = match &body["nonce"] {
        Value::String(nonce) => Some(nonce.clone()),
        Value::Number(nonce) => Some(nonce.to_string()),
        _ => None,
    };
    let key = nonce.map(|nonce| (channel, nonce));
    if let Some(posted) = key.as_ref().and_then(|key| state.nonces.get(key).copied())
        && body["enforce_nonce"] == true
    {
        return Ok((200, shown(state, state.world.message(posted))));
    }
    let reference = body.pointer("/message_reference/message_id");
    let reference = reference.and_then(Value::as_str).and_then(|id| id.parse().ok()).map(MessageId);
    if let Some(reference) = reference {
        if !state.may(state.world.bot, channel, READ_MESSAGE_HISTORY) {
            return Err(ApiError::no_reply_without_history());
        }
        let strict = body["message_reference"]["fail_if_not_exists"] != false;
        if strict && public(state, channel, reference).is_err() {
            let message = "Unknown message".to_owned();
            return Err(ApiError { message, ..ApiError::invalid_body() });
        }
    }
    let mut message = state.draft(channel, state.world.bot);
    fill(state, &mut message, body, &call.files);
    message.reference = reference;
    message.kind = if reference.is_some() { 19 } else { 0 };
    let id = state.post(message);
    let mut answer = shown(state, state.world.message(id));
    if let Some(key) = key {
        answer["nonce"] = body["nonce"].clone();
        state.nonces.insert(key, id);
    }
    Ok((200, answer))
}

fn update(state: &mut State, call: &Call, channel: ChannelId, id: MessageId) -> Answer {
    let found = public(state, channel, id)?;
    if found.author != state.world.bot {
        return Err(ApiError::not_the_author());
    }
    open(state, channel)?;
    if call.body["embeds"].as_array().is_some_and(|embeds| !embeds.is_empty()) {
        need(state, channel, EMBED_LINKS)?;
    }
    let new = rewrite(state, id, call, &call.body)?;
    state.edit(id, |message| *message = new);
    Ok((200, shown(state, state.world.message(id))))
}

fn list(state: &State, call: &Call, channel: ChannelId) -> Answer {
    if need(state, channel, READ_MESSAGE_HISTORY).is_err() {
        return Ok((200, json!([])));
    }
    let number = |name: &str| call.query.get(name).and_then(|it| it.parse::<u64>().ok());
    let limit = number("limit").unwrap_or(50).clamp(1, 100) as usize;
    let all = state.world.channel(channel).messages.iter().map(|id| state.world.message(*id));
    let mut all: Vec<_> = all.filter(|it| it.is_public()).collect();
    all.sort_by_key(|it| std::cmp::Reverse(it.id));
    if let Some(after) = number("after") {
        all.retain(|it| it.id.0 > after);
        let surplus = all.len().saturating_sub(limit);
        all.drain(..surplus);
    }
    if let Some(before) = number("before") {
        all.retain(|it| it.id.0 < before);
    }
    if let Some(around) = number("around") {
        let at = all.iter().position(|it| it.id.0 <= around).unwrap_or(all.len());
        all.drain(..at.saturating_sub(limit / 2));
    }
    Ok((200, all.into_iter().take(limit).map(|it| shown(state, it)).collect()))
}

fn reactions(state: &mut State, call: &Call, channel: ChannelId, id: MessageId) -> Answer {
    let found = public(state, channel, id)?;
    let emoji = call.parameters.get("emoji_name").cloned().unwrap_or_default();
    let bot = state.world.bot;
    let given: Vec<(String, UserId)> =
        found.reactions.iter().flat_map(|(name, users)| users.iter().map(|user| (name.clone(), *user))).collect();
    match call.operation {
        "add_my_message_reaction" => {
            open(state, channel)?;
            need(state, channel, READ_MESSAGE_HISTORY)?;
            if !given.iter().any(|(name, _)| *name == emoji) {
                need(state, channel, ADD_REACTIONS)?;
            }
            state.react(id, bot, &emoji, true);
        }
        "delete_my_message_reaction" => state.react(id, bot, &emoji, false),
        "list_message_reactions_by_emoji" => {
            let users = given.iter().filter(|(name, _)| *name == emoji);
            let users = users.map(|(_, user)| payloads::user(&state.world, *user));
            return Ok((200, users.collect()));
        }
        operation => {
            need(state, channel, permissions::MANAGE_MESSAGES)?;
            let user: UserId = call.id("user_id");
            for (name, who) in given {
                let meant = match operation {
                    "delete_user_message_reaction" => name == emoji && who == user,
                    "delete_all_message_reactions_by_emoji" => name == emoji,
                    _ => true,
                };
                if meant {
                    state.react(id, who, &name, false);
                }
            }
        }
    }
    Ok((204, Value::Null))
}

/// Gives every component the number that Discord gives to those without one.
fn number(components: &mut [Value], next: &mut u64) {
    for component in components {
        if component["type"].is_u64() && !component["id"].is_u64() {
            *next += 1;
            component["id"] = (*next).into();
        }
        for nest in ["components", "accessory"] {
            match component.get_mut(nest) {
                Some(Value::Array(inner)) => number(inner, next),
                Some(inner @ Value::Object(_)) => number(std::slice::from_mut(inner), next),
                _ => {}
            }
        }
    }
}
