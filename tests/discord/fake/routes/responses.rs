//! Answers to interactions: callbacks, the original answer, and follow-ups.

use serde_json::{Value, json};

use super::super::checks::callback;
use super::super::error::ApiError;
use super::super::ids::{InteractionId, MessageId};
use super::super::interactions::{Interaction, Kind};
use super::super::rest::{Answer, Call};
use super::super::state::State;
use super::super::world::{EPHEMERAL, LOADING, StoredMessage};
use super::messages::rewrite;

pub(super) fn handle(state: &mut State, call: &Call) -> Answer {
    if call.operation == "create_interaction_response" {
        return respond(state, call);
    }
    let token = call.parameters.get("webhook_token").cloned().unwrap_or_default();
    let interaction = state.following_up(&token)?.clone();
    if call.id::<MessageId>("webhook_id").0 != state.world.application {
        return Err(ApiError::unknown_webhook());
    }
    let meant = if call.parameters.contains_key("message_id") {
        let id: MessageId = call.id("message_id");
        let own = state
            .world
            .messages
            .get(&id)
            .filter(|it| it.interaction == Some(interaction.id) || interaction.original == Some(id));
        own.map(|it| it.id)
    } else {
        interaction.original
    };
    let meant = meant.filter(|id| !state.world.message(*id).deleted);
    let meant = meant.ok_or_else(ApiError::unknown_message);
    match call.operation {
        "execute_webhook" => follow_up(state, call, &interaction),
        "get_original_webhook_message" | "get_webhook_message" => {
            Ok((200, state.answer_payload(state.world.message(meant?))))
        }
        "update_original_webhook_message" | "update_webhook_message" => {
            let id = meant?;
            edit(state, call, id, &call.body)?;
            Ok((200, state.answer_payload(state.world.message(id))))
        }
        "delete_original_webhook_message" | "delete_webhook_message" => {
            state.delete(meant?);
            Ok((204, Value::Null))
        }
        _ => Err(ApiError::not_modelled()),
    }
}

/// Takes the callback that acknowledges an interaction.
fn respond(state: &mut State, call: &Call) -> Answer {
    let id: InteractionId = call.id("interaction_id");
    let token = call.parameters.get("interaction_token").cloned().unwrap_or_default();
    let kind = call.body["type"].as_u64().unwrap_or_default();
    if let Some(known) = state.interactions.get(id)
        && !fits(known, kind)
    {
        let text = format!("callback type {kind} does not answer {:?}", known.kind);
        state.violation(call.operation, text.clone());
        return Err(ApiError { message: text, ..ApiError::invalid_body() });
    }
    // An edit that would leave nothing must not use up the acknowledgement.
    let source = state.interactions.get(id).and_then(|it| it.source);
    let data = &call.body["data"];
    if let Some(source) = source.filter(|_| kind == callback::UPDATE) {
        rewrite(state, source, call, data)?;
    }
    let interaction = state.acknowledge(id, &token, kind)?;
    let original = match kind {
        callback::MESSAGE | callback::DEFERRED_MESSAGE => {
            let mut message = answer(state, &interaction, data["flags"].as_u64().unwrap_or(0));
            super::fill(state, &mut message, data, &call.files);
            if kind == callback::DEFERRED_MESSAGE {
                message.flags |= LOADING;
            }
            Some(state.post(message))
        }
        callback::UPDATE => {
            if let Some(source) = interaction.source {
                edit(state, call, source, data)?;
            }
            interaction.source
        }
        callback::DEFERRED_UPDATE => interaction.source,
        _ => None,
    };
    if let Some(interaction) = state.interactions.get_mut(id) {
        interaction.original = original;
        match kind {
            callback::CHOICES => {
                interaction.choices = Some(data["choices"].as_array().cloned().unwrap_or_default());
            }
            callback::MODAL => interaction.modal = Some(data.clone()),
            _ => {}
        }
    }
    if call.query.get("with_response").is_none_or(|it| it != "true") {
        return Ok((204, Value::Null));
    }
    let message = original.map(|id| state.answer_payload(state.world.message(id)));
    Ok((
        200,
        json!({
            "interaction": {
                "id": id.to_string(),
                "type": interaction.kind as u8,
                "response_message_id": original.map(|id| id.to_string()),
                "response_message_loading": kind == callback::DEFERRED_MESSAGE,
                "response_message_ephemeral": data["flags"].as_u64().unwrap_or(0) & EPHEMERAL != 0,
            },
            "resource": {"type": kind, "message": message},
        }),
    ))
}

/// Whether a kind of interaction can be answered in that way.
fn fits(interaction: &Interaction, kind: u64) -> bool {
    match kind {
        callback::MESSAGE | callback::DEFERRED_MESSAGE => interaction.kind != Kind::Autocomplete,
        callback::UPDATE | callback::DEFERRED_UPDATE => {
            matches!(interaction.kind, Kind::Component | Kind::Modal) && interaction.source.is_some()
        }
        callback::CHOICES => interaction.kind == Kind::Autocomplete,
        callback::MODAL => matches!(interaction.kind, Kind::Command | Kind::Component),
        _ => true,
    }
}

/// A further message. The first one after a promised answer becomes that answer.
fn follow_up(state: &mut State, call: &Call, interaction: &Interaction) -> Answer {
    let original = interaction.original.map(|id| state.world.message(id));
    if let Some(id) = original.filter(|it| it.is_loading()).map(|it| it.id) {
        edit(state, call, id, &call.body)?;
        return Ok((200, state.answer_payload(state.world.message(id))));
    }
    let mut message = answer(state, interaction, call.body["flags"].as_u64().unwrap_or(0));
    super::fill(state, &mut message, &call.body, &call.files);
    message.kind = 0;
    message.reference = interaction.original.or(interaction.source);
    let id = state.post(message);
    let answer = state.answer_payload(state.world.message(id));
    if call.query.get("wait").is_some_and(|it| it == "false") {
        return Ok((204, Value::Null));
    }
    Ok((200, answer))
}

/// The beginning of a message that answers an interaction.
fn answer(state: &mut State, interaction: &Interaction, flags: u64) -> StoredMessage {
    let mut message = state.draft(interaction.channel, state.world.bot);
    message.interaction = Some(interaction.id);
    message.audience = (flags & EPHEMERAL != 0).then_some(interaction.asker);
    message.kind = match interaction.kind {
        Kind::Command if interaction.context_menu => 23,
        Kind::Command => 20,
        Kind::Component | Kind::Modal | Kind::Autocomplete => 19,
    };
    message.reference = interaction.source;
    message
}

fn edit(state: &mut State, call: &Call, id: MessageId, body: &Value) -> Result<(), ApiError> {
    let audience = state.world.message(id).audience;
    let mut new = rewrite(state, id, call, body)?;
    new.audience = audience;
    new.flags = if audience.is_some() { new.flags | EPHEMERAL } else { new.flags & !EPHEMERAL };
    state.edit(id, |message| *message = new);
    Ok(())
}
