//! Chooses the rules that apply to a request, by its operation. It knows the routes' shapes; the
//! rules themselves are in `rules`, `components` and `command_rules`.

use serde_json::Value;

use super::ids::MessageId;
use super::rest::Call;
use super::rules::{Circumstances, Finding};
use super::state::State;
use super::world::COMPONENTS_V2;
use super::{command_rules, components, rules};

/// Interaction callback types, by Discord's numbers.
pub(super) mod callback {
    /// Answers with a message.
    pub(in super::super) const MESSAGE: u64 = 4;
    /// Promises a message.
    pub(in super::super) const DEFERRED_MESSAGE: u64 = 5;
    /// Promises to change the message with the component.
    pub(in super::super) const DEFERRED_UPDATE: u64 = 6;
    /// Changes the message with the component.
    pub(in super::super) const UPDATE: u64 = 7;
    /// Offers choices.
    pub(in super::super) const CHOICES: u64 = 8;
    /// Opens a modal.
    pub(in super::super) const MODAL: u64 = 9;
}

/// What has to be known of the world to judge a message body.
pub(super) fn circumstances(state: &State, call: &Call) -> Circumstances {
    let token = call.parameters.get("webhook_token");
    let interaction = call.parameters.get("interaction_token").or(token);
    let known = interaction.and_then(|token| state.interactions.by_token(token));
    let named: Option<MessageId> = call.parameters.contains_key("message_id").then(|| call.id("message_id"));
    let update = call.body["type"] == callback::UPDATE;
    let message = match call.operation {
        "update_original_webhook_message" => known.and_then(|it| it.original),
        "create_interaction_response" if update => known.and_then(|it| it.source),
        _ => named,
    };
    let message = message.and_then(|id| state.world.messages.get(&id));
    Circumstances {
        edit: matches!(call.operation, "update_message" | "update_original_webhook_message" | "update_webhook_message")
            || (call.operation == "create_interaction_response" && update),
        interaction: interaction.is_some(),
        already_v2: message.is_some_and(|it| it.flags & COMPONENTS_V2 != 0),
        has_legacy: message.is_some_and(|it| !it.content.trim().is_empty() || !it.embeds.is_empty()),
        files: call.files.len(),
        mentions_nobody: state.settings.mentions_nobody,
    }
}

/// Checks what the specification leaves out.
pub(super) fn beyond_the_specification(call: &Call, circumstances: Circumstances) -> Vec<Finding> {
    let body = &call.body;
    match call.operation {
        "create_message"
        | "update_message"
        | "execute_webhook"
        | "update_original_webhook_message"
        | "update_webhook_message" => rules::message(body, circumstances),
        "create_thread" if body["message"].is_object() => rules::message(&body["message"], circumstances),
        "create_interaction_response" => callback(body, circumstances),
        // An edit may leave out what stays; `commands` judges what comes of it.
        "create_application_command" | "create_guild_application_command" => command_rules::command(body),
        "bulk_set_application_commands" | "bulk_set_guild_application_commands" => command_rules::bulk(body),
        _ => Vec::new(),
    }
}

/// The body as the specification has it, where Discord's documentation and its servers allow
/// more: permission bits as text, `nsfw` on commands, numbered attachments, a thread's type.
pub(super) fn normalised(call: &Call) -> Value {
    let mut body = call.body.clone();
    if call.operation.contains("application_command") {
        match &mut body {
            Value::Array(commands) => commands.iter_mut().for_each(normalise_command),
            command => normalise_command(command),
        }
    }
    if call.operation == "create_thread_from_message"
        && let Some(map) = body.as_object_mut()
    {
        // The thread's type follows from its parent; Discord ignores what is sent.
        map.remove("type");
    }
    for place in ["/attachments", "/data/attachments", "/message/attachments"] {
        for attachment in body.pointer_mut(place).and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(number) = attachment.get("id").and_then(Value::as_u64) {
                attachment["id"] = number.to_string().into();
            }
        }
    }
    body
}

fn normalise_command(command: &mut Value) {
    let Some(map) = command.as_object_mut() else {
        return;
    };
    if map.get("nsfw").is_some_and(Value::is_boolean) {
        map.remove("nsfw");
    }
    if let Some(bits) = map.get_mut("default_member_permissions")
        && let Some(number) = bits.as_str().and_then(|bits| bits.parse::<u64>().ok())
    {
        *bits = number.into();
    }
}

fn callback(body: &Value, circumstances: Circumstances) -> Vec<Finding> {
    let data = &body["data"];
    match body["type"].as_u64() {
        Some(callback::MESSAGE | callback::UPDATE) => rules::message(data, circumstances),
        Some(callback::CHOICES) => command_rules::choices(data["choices"].as_array().map_or(&[], Vec::as_slice)),
        Some(callback::MODAL) => {
            let mut found = Vec::new();
            components::check_modal(data, &mut found);
            found
        }
        _ => Vec::new(),
    }
}
