//! Guilds, members and people over REST.

use serde_json::{Value, json};

use super::super::error::ApiError;
use super::super::ids::{GuildId, UserId};
use super::super::payloads;
use super::super::permissions;
use super::super::rest::{Answer, Call};
use super::super::state::State;

pub(super) fn handle(state: &mut State, call: &Call) -> Answer {
    let world = &state.world;
    match call.operation {
        "get_my_user" => return Ok((200, payloads::current_user(world))),
        "get_user" => {
            let user: UserId = call.id("user_id");
            let known = world.users.contains_key(&user);
            return known.then(|| (200, payloads::user(world, user))).ok_or_else(ApiError::unknown_user);
        }
        "list_my_guilds" => return Ok((200, mine(state, call))),
        _ => {}
    }
    let id: GuildId = call.id("guild_id");
    let guild = world.guilds.get(&id).filter(|it| it.members.contains_key(&world.bot));
    let guild = guild.ok_or_else(ApiError::unknown_guild)?;
    let member = |user: UserId| payloads::member(world, guild, user, true);
    let number = |name: &str| call.query.get(name).and_then(|it| it.parse::<u64>().ok());
    let value = match call.operation {
        "get_guild" => payloads::guild(world, guild),
        "list_guild_channels" => {
            let channels = guild.channels.iter().map(|id| world.channel(*id));
            channels.map(|channel| payloads::channel(world, channel)).collect()
        }
        "list_guild_roles" => guild.roles.values().map(payloads::role).collect(),
        "get_guild_member" => {
            let user: UserId = call.id("user_id");
            if !guild.members.contains_key(&user) {
                return Err(ApiError::unknown_member());
            }
            member(user)
        }
        "get_my_guild_member" | "update_my_guild_member" => member(world.bot),
        "list_guild_members" => {
            let after = UserId(number("after").unwrap_or(0));
            let limit = number("limit").unwrap_or(1) as usize;
            let later = guild.members.keys().filter(|user| **user > after);
            later.take(limit).map(|user| member(*user)).collect()
        }
        "search_guild_members" => {
            let query = call.query.get("query").map(String::as_str).unwrap_or_default();
            let limit = number("limit").unwrap_or(1) as usize;
            let found = guild.members.keys().filter(|id| world.user(**id).name.starts_with(query));
            found.take(limit).map(|user| member(*user)).collect()
        }
        "get_active_guild_threads" => {
            let threads = guild.threads.iter().map(|id| world.channel(*id));
            let threads = threads.filter(|it| !it.archived).map(|it| payloads::channel(world, it));
            json!({"threads": threads.collect::<Vec<_>>(), "members": []})
        }
        "leave_guild" => {
            state.remove_guild(id);
            return Ok((204, Value::Null));
        }
        _ => return Err(ApiError::not_modelled()),
    };
    Ok((200, value))
}

fn mine(state: &State, call: &Call) -> Value {
    let world = &state.world;
    let number = |name: &str| call.query.get(name).and_then(|it| it.parse::<u64>().ok());
    let after = number("after").unwrap_or(0);
    let limit = number("limit").unwrap_or(200) as usize;
    let guilds = world.guilds.values().filter(|guild| guild.id.0 > after);
    let guilds = guilds.filter(|guild| guild.members.contains_key(&world.bot)).take(limit);
    guilds
        .map(|guild| {
            json!({
                "id": guild.id.to_string(),
                "name": guild.name,
                "icon": null,
                "banner": null,
                "owner": guild.owner == world.bot,
                "permissions": permissions::in_guild(guild, world.bot).to_string(),
                "features": [],
            })
        })
        .collect()
}
