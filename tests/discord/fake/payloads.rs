//! The JSON that Discord sends about people, guilds, channels and messages, with every field of
//! the documented examples: a client drops a whole payload when one that it needs is missing.

use serde_json::{Map, Value, json};

use super::ids::{GuildId, RoleId, UserId, timestamp};
use super::permissions;
use super::world::{Channel, ChannelKind, Guild, Nature, Overwrite, Role, StoredMessage, World};

/// A user object.
pub(super) fn user(world: &World, id: UserId) -> Value {
    let user = world.user(id);
    let discriminator = if user.nature == Nature::Person { "0" } else { "0000" };
    json!({
        "id": id.to_string(),
        "username": user.name,
        "global_name": (user.nature == Nature::Person).then_some(&user.name),
        "discriminator": discriminator,
        "avatar": null,
        "bot": user.nature != Nature::Person,
        "system": false,
        "banner": null,
        "accent_color": null,
        "public_flags": 0,
        "flags": 0,
        "avatar_decoration_data": null,
        "collectibles": null,
        "primary_guild": null,
    })
}

/// The bot's own user object, as READY and `/users/@me` give it.
pub(super) fn current_user(world: &World) -> Value {
    let mut value = user(world, world.bot);
    merge(&mut value, json!({"verified": true, "email": null, "mfa_enabled": true}));
    value
}

/// A member object. Message events leave the `user` out, since the author is beside it.
pub(super) fn member(world: &World, guild: &Guild, id: UserId, with_user: bool) -> Value {
    let member = guild.members.get(&id);
    let roles = member.map(|member| member.roles.as_slice()).unwrap_or_default();
    let mut value = json!({
        "nick": member.and_then(|member| member.nick.as_ref()),
        "avatar": null,
        "banner": null,
        "roles": roles.iter().map(RoleId::to_string).collect::<Vec<_>>(),
        "joined_at": member.map(|member| timestamp(member.joined_ms)),
        "premium_since": null,
        "deaf": false,
        "mute": false,
        "flags": 0,
        "pending": false,
        "communication_disabled_until": null,
        "unusual_dm_activity_until": null,
        "avatar_decoration_data": null,
    });
    if with_user {
        value["user"] = user(world, id);
    }
    value
}

/// A role object.
pub(super) fn role(role: &Role) -> Value {
    json!({
        "id": role.id.to_string(),
        "name": role.name,
        "description": null,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": null, "tertiary_color": null},
        "hoist": false,
        "icon": null,
        "unicode_emoji": null,
        "position": role.position,
        "permissions": role.permissions.to_string(),
        "managed": false,
        "mentionable": false,
        "flags": 0,
    })
}

/// A channel object: a guild's channel, a thread or a direct-message channel.
pub(super) fn channel(world: &World, channel: &Channel) -> Value {
    let last = channel.messages.iter().rev().find(|id| world.messages[id].is_public());
    let mut value = json!({
        "id": channel.id.to_string(),
        "type": channel.kind as u8,
        "last_message_id": last.map(|id| id.to_string()),
        "last_pin_timestamp": null,
        "flags": 0,
    });
    match channel.kind {
        ChannelKind::Dm | ChannelKind::Group => {
            let others: Vec<_> = channel.recipient.iter().map(|id| user(world, *id)).collect();
            merge(&mut value, json!({ "recipients": others }));
        }
        ChannelKind::Text | ChannelKind::Forum => merge(&mut value, guild_channel(channel)),
        ChannelKind::Thread => merge(&mut value, thread(world, channel)),
    }
    value
}

/// The short form of a channel in interactions, with what the asker may do there.
pub(super) fn partial_channel(world: &World, channel: &Channel, asker: UserId) -> Value {
    let mut value = self::channel(world, channel);
    value["permissions"] = permissions::in_channel(world, asker, channel).to_string().into();
    value
}

/// A guild as GUILD_CREATE brings it, or as `GET /guilds/{id}` does.
pub(super) fn guild(world: &World, guild: &Guild) -> Value {
    let bot = guild.members.get(&world.bot);
    let channels = guild.channels.iter().map(|id| channel(world, world.channel(*id)));
    let threads = guild.threads.iter().map(|id| world.channel(*id)).filter(|it| !it.archived);
    // Without the privileged members intent a guild arrives with the bot alone.
    let members = bot.iter().map(|member| self::member(world, guild, member.user, true));
    let mut value = json!({
        "id": guild.id.to_string(),
        "name": guild.name,
        "icon": null,
        "icon_hash": null,
        "splash": null,
        "discovery_splash": null,
        "description": null,
        "banner": null,
        "owner_id": guild.owner.to_string(),
        "application_id": null,
        "region": "deprecated",
        "afk_channel_id": null,
        "afk_timeout": 300,
        "system_channel_id": null,
        "system_channel_flags": 0,
        "widget_enabled": false,
        "widget_channel_id": null,
        "verification_level": 1,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "max_presences": null,
        "max_members": 25_000_000,
        "max_video_channel_users": 25,
        "max_stage_video_channel_users": 50,
        "vanity_url_code": null,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": false,
        "preferred_locale": guild.locale,
        "rules_channel_id": null,
        "public_updates_channel_id": null,
        "safety_alerts_channel_id": null,
        "hub_type": null,
        "latest_onboarding_question_id": null,
        "incidents_data": null,
        "nsfw": false,
        "nsfw_level": 0,
        "features": [],
        "emojis": [],
        "stickers": [],
    });
    merge(
        &mut value,
        json!({
            "roles": guild.roles.values().map(role).collect::<Vec<_>>(),
            "joined_at": timestamp(bot.map_or(0, |bot| bot.joined_ms)),
            "large": guild.members.len() + guild.silent_members > 250,
            "unavailable": false,
            "member_count": guild.members.len() + guild.silent_members,
            "voice_states": [],
            "members": members.collect::<Vec<_>>(),
            "channels": channels.collect::<Vec<_>>(),
            "threads": threads.map(|it| channel(world, it)).collect::<Vec<_>>(),
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }),
    );
    value
}

/// A message object. `withheld` leaves out what the bot may not read without the
/// message-content intent.
pub(super) fn message(world: &World, message: &StoredMessage, withheld: bool) -> Value {
    let shown = |list: &[Value]| if withheld { Vec::new() } else { list.to_vec() };
    let channel = world.channel(message.channel);
    let webhook = world.user(message.author).nature == Nature::Webhook;
    let mut value = json!({
        "id": message.id.to_string(),
        "channel_id": message.channel.to_string(),
        "type": message.kind,
        "author": user(world, message.author),
        "content": if withheld { "" } else { &message.content },
        "timestamp": timestamp(message.created_ms),
        "edited_timestamp": message.edited_ms.map(timestamp),
        "tts": false,
        "mention_everyone": message.mention_everyone,
        "mentions": message.mentions.iter().map(|id| user(world, *id)).collect::<Vec<_>>(),
        "mention_roles": [],
        "attachments": shown(&message.attachments),
        "embeds": shown(&message.embeds),
        "components": shown(&message.components),
        "pinned": message.pinned,
        "flags": message.flags,
    });
    if !withheld {
        merge(&mut value, message.more.clone());
    }
    if webhook {
        value["webhook_id"] = message.author.to_string().into();
    }
    if !message.reactions.is_empty() {
        value["reactions"] = reactions(world, message);
    }
    if let Some(reference) = message.reference {
        let there = world.messages.get(&reference).filter(|it| !it.deleted);
        value["message_reference"] = json!({
            "type": 0,
            "message_id": reference.to_string(),
            "channel_id": there.map_or(message.channel, |it| it.channel).to_string(),
            "guild_id": channel.guild.map(|id| id.to_string()),
        });
        value["referenced_message"] = there.map_or(Value::Null, |it| {
            let mut quoted = self::message(world, it, withheld && !is_open(world, it));
            // Discord quotes one level only.
            if let Some(map) = quoted.as_object_mut() {
                map.remove("referenced_message");
            }
            quoted
        });
    }
    if let Some(thread) = message.thread {
        value["thread"] = self::channel(world, world.channel(thread));
    }
    value
}

/// Whether the content reaches the bot without the message-content intent: its own messages,
/// direct messages, and those that mention it.
pub(super) fn is_open(world: &World, message: &StoredMessage) -> bool {
    message.author == world.bot
        || message.mentions.contains(&world.bot)
        || world.channel(message.channel).kind == ChannelKind::Dm
}

/// A message as gateway events bring it: with the guild and the author's membership.
pub(super) fn message_event(world: &World, stored: &StoredMessage, withheld: bool) -> Value {
    let mut value = message(world, stored, withheld);
    if let Some(guild) = world.guild_of(stored.channel).map(|id| &world.guilds[&id]) {
        value["guild_id"] = guild.id.to_string().into();
        if guild.members.contains_key(&stored.author) {
            value["member"] = member(world, guild, stored.author, false);
        }
    }
    value
}

/// The short emoji object: an ordinary emoji, or a custom one written `name:id`.
pub(super) fn emoji(emoji: &str) -> Value {
    match emoji.split_once(':') {
        Some((name, id)) => json!({"id": id, "name": name}),
        None => json!({"id": null, "name": emoji}),
    }
}

/// Adds the fields of one object to another.
pub(super) fn merge(into: &mut Value, from: Value) {
    if let (Value::Object(into), Value::Object(from)) = (into, from) {
        into.extend(from);
    }
}

fn guild_channel(channel: &Channel) -> Value {
    let guild = channel.guild.unwrap_or(GuildId(0));
    json!({
        "guild_id": guild.to_string(),
        "name": channel.name,
        "position": 0,
        "parent_id": channel.parent.map(|id| id.to_string()),
        "topic": null,
        "nsfw": false,
        "rate_limit_per_user": 0,
        "permission_overwrites":
            channel.overwrites.iter().map(|it| overwrite(it, guild)).collect::<Vec<_>>(),
        "available_tags": [],
        "default_reaction_emoji": null,
        "default_sort_order": null,
        "default_forum_layout": 0,
    })
}

fn thread(world: &World, channel: &Channel) -> Value {
    json!({
        "guild_id": channel.guild.map(|id| id.to_string()),
        "name": channel.name,
        "parent_id": channel.parent.map(|id| id.to_string()),
        "owner_id": channel.owner.unwrap_or(world.bot).to_string(),
        "rate_limit_per_user": 0,
        "message_count": channel.messages.len(),
        "total_message_sent": channel.messages.len(),
        "member_count": 2,
        "applied_tags": [],
        "thread_metadata": {
            "archived": channel.archived,
            "auto_archive_duration": 1440,
            "archive_timestamp": timestamp(channel.created_ms),
            "create_timestamp": timestamp(channel.created_ms),
            "locked": false,
            "invitable": true,
        },
    })
}

fn overwrite(overwrite: &Overwrite, guild: GuildId) -> Value {
    let (id, kind) = permissions::target(overwrite.whom, guild);
    json!({
        "id": id.to_string(),
        "type": kind,
        "allow": overwrite.allow.to_string(),
        "deny": overwrite.deny.to_string(),
    })
}

fn reactions(world: &World, message: &StoredMessage) -> Value {
    let one = |(name, users): &(String, Vec<UserId>)| {
        let mut map = Map::new();
        map.insert("emoji".to_owned(), emoji(name));
        map.insert("count".to_owned(), users.len().into());
        map.insert("count_details".to_owned(), json!({"burst": 0, "normal": users.len()}));
        map.insert("me".to_owned(), users.contains(&world.bot).into());
        map.insert("me_burst".to_owned(), false.into());
        map.insert("burst_colors".to_owned(), json!([]));
        Value::Object(map)
    };
    message.reactions.iter().map(one).collect()
}
