//! The routes that the stand-in models, by Discord's names of the operations. A request whose
//! operation is missing here is a violation: the fake has to learn it before it can be relied on.

mod channels;
mod guilds;
mod messages;
mod responses;

use serde_json::{Value, json};

use super::commands;
use super::error::ApiError;
use super::payloads;
use super::rest::{Answer, Call};
use super::state::State;

use messages::fill;

/// Answers one request whose body is right.
pub(super) fn handle(state: &mut State, call: &Call) -> Answer {
    match call.operation {
        "get_gateway" => Ok((200, json!({"url": state.gateway_url}))),
        "get_bot_gateway" => Ok((200, bot_gateway(state))),
        "get_my_application" | "get_my_oauth2_application" => Ok((200, application(state))),
        operation if operation.ends_with("application_command") || operation.ends_with("application_commands") => {
            commands::handle(state, call)
        }
        "list_guild_application_command_permissions" => Ok((200, json!([]))),
        "create_message"
        | "get_message"
        | "list_messages"
        | "update_message"
        | "delete_message"
        | "bulk_delete_messages"
        | "add_my_message_reaction"
        | "delete_my_message_reaction"
        | "delete_user_message_reaction"
        | "delete_all_message_reactions"
        | "delete_all_message_reactions_by_emoji"
        | "list_message_reactions_by_emoji"
        | "create_pin"
        | "delete_pin"
        | "deprecated_create_pin"
        | "deprecated_delete_pin" => messages::handle(state, call),
        "create_interaction_response"
        | "execute_webhook"
        | "get_original_webhook_message"
        | "update_original_webhook_message"
        | "delete_original_webhook_message"
        | "get_webhook_message"
        | "update_webhook_message"
        | "delete_webhook_message" => responses::handle(state, call),
        "get_channel"
        | "update_channel"
        | "delete_channel"
        | "trigger_typing_indicator"
        | "create_dm"
        | "create_thread"
        | "create_thread_from_message"
        | "join_thread"
        | "leave_thread"
        | "list_thread_members" => channels::handle(state, call),
        "get_my_user"
        | "get_user"
        | "list_my_guilds"
        | "leave_guild"
        | "get_guild"
        | "list_guild_channels"
        | "list_guild_roles"
        | "get_guild_member"
        | "get_my_guild_member"
        | "list_guild_members"
        | "search_guild_members"
        | "get_active_guild_threads"
        | "update_my_guild_member" => guilds::handle(state, call),
        operation => {
            state.violation(operation, "a route that the fake does not model");
            Err(ApiError::not_modelled())
        }
    }
}

fn bot_gateway(state: &State) -> Value {
    json!({
        "url": state.gateway_url,
        "shards": state.settings.recommended_shards,
        "session_start_limit": {
            "total": 1000,
            "remaining": 1000_usize.saturating_sub(state.gateway.identifies.len()),
            "reset_after": 14_400_000,
            "max_concurrency": state.settings.max_concurrency,
        },
    })
}

fn application(state: &State) -> Value {
    let world = &state.world;
    json!({
        "id": world.application.to_string(),
        "name": state.settings.bot_name,
        "icon": null,
        "description": "",
        "summary": "",
        "type": null,
        "is_monetized": false,
        "bot": payloads::user(world, world.bot),
        "bot_public": true,
        "bot_require_code_grant": false,
        "rpc_origins": [],
        "verify_key": "0000000000000000000000000000000000000000000000000000000000000000",
        "flags": 565_248,
        "hook": true,
        "redirect_uris": [],
        "interactions_endpoint_url": null,
        "role_connections_verification_url": null,
        "integration_types_config": {"0": {"oauth2_install_params": null}},
        "approximate_guild_count": world.guilds.len(),
        "approximate_user_install_count": 0,
        "owner": payloads::user(world, world.bot),
        "team": null,
        "tags": [],
    })
}
