//! Who may do what where: Discord's permission bits, and the rule by which roles and channel
//! overwrites add up. It enforces nothing.

use super::ids::{GuildId, RoleId, UserId};
use super::world::{Channel, ChannelKind, Guild, World};

/// A set of permission bits.
pub(crate) type Bits = u64;

macro_rules! bits {
    ($($(#[$doc:meta])* $name:ident = $shift:literal;)+) => {
        $($(#[$doc])* pub(crate) const $name: Bits = 1 << $shift;)+
    };
}

bits! {
    /// Everything, overwrites notwithstanding.
    ADMINISTRATOR = 3;
    /// "Manage Server".
    MANAGE_GUILD = 5;
    /// React with an emoji nobody has used yet.
    ADD_REACTIONS = 6;
    /// See the channel at all.
    VIEW_CHANNEL = 10;
    /// Post, except in threads.
    SEND_MESSAGES = 11;
    /// Delete and pin what others wrote.
    MANAGE_MESSAGES = 13;
    /// Have embeds and link previews shown.
    EMBED_LINKS = 14;
    /// Attach files.
    ATTACH_FILES = 15;
    /// Read what was posted earlier.
    READ_MESSAGE_HISTORY = 16;
    /// Ping everyone.
    MENTION_EVERYONE = 17;
    /// Use other servers' emoji.
    USE_EXTERNAL_EMOJIS = 18;
    /// Use slash commands and context menus.
    USE_APPLICATION_COMMANDS = 31;
    /// Archive and delete threads.
    MANAGE_THREADS = 34;
    /// Open public threads.
    CREATE_PUBLIC_THREADS = 35;
    /// Post in threads and forum posts.
    SEND_MESSAGES_IN_THREADS = 38;
}

/// What `@everyone` may do in a fresh guild.
pub(crate) const DEFAULT: Bits = ADD_REACTIONS
    | VIEW_CHANNEL
    | SEND_MESSAGES
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | USE_EXTERNAL_EMOJIS
    | USE_APPLICATION_COMMANDS
    | CREATE_PUBLIC_THREADS
    | SEND_MESSAGES_IN_THREADS;

/// What both sides of a direct message may do.
pub(crate) const IN_DM: Bits = DEFAULT & !CREATE_PUBLIC_THREADS;

const ALL: Bits = (1 << 53) - 1;

/// Whom a channel's overwrite concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whom {
    /// The guild's `@everyone` role.
    Everyone,
    /// Those who have a role.
    Role(RoleId),
    /// One member.
    Member(UserId),
}

/// What a member may do in the whole guild, before any channel's overwrites.
pub(super) fn in_guild(guild: &Guild, user: UserId) -> Bits {
    let Some(member) = guild.members.get(&user) else {
        return 0;
    };
    if guild.owner == user {
        return ALL;
    }
    let own = member.roles.iter().filter_map(|role| guild.roles.get(role));
    let everyone = guild.roles.get(&RoleId(guild.id.0)).map_or(0, |role| role.permissions);
    let bits = own.fold(everyone, |bits, role| bits | role.permissions);
    if bits & ADMINISTRATOR != 0 { ALL } else { bits }
}

/// What a person may do in a channel. A thread follows its parent.
pub(super) fn in_channel(world: &World, user: UserId, channel: &Channel) -> Bits {
    let Some(guild) = channel.guild.and_then(|guild| world.guilds.get(&guild)) else {
        if channel.kind == ChannelKind::Group {
            return if user == world.bot { 0 } else { IN_DM };
        }
        return if channel.recipient == Some(user) || user == world.bot { IN_DM } else { 0 };
    };
    let base = in_guild(guild, user);
    if base == ALL || base == 0 {
        return base;
    }
    let parent = channel.parent.filter(|_| channel.kind.is_thread());
    let holder = parent.and_then(|parent| world.channels.get(&parent)).unwrap_or(channel);
    let roles = guild.members.get(&user).map(|member| &member.roles);
    let has = |role: RoleId| roles.is_some_and(|roles| roles.contains(&role));
    let mut bits = base;
    let stages: [&dyn Fn(Whom) -> bool; 3] =
        [&|whom| whom == Whom::Everyone, &|whom| matches!(whom, Whom::Role(role) if has(role)), &|whom| {
            whom == Whom::Member(user)
        }];
    for applies in stages {
        let of_stage = || holder.overwrites.iter().filter(|overwrite| applies(overwrite.whom));
        bits &= !of_stage().fold(0, |all, overwrite| all | overwrite.deny);
        bits |= of_stage().fold(0, |all, overwrite| all | overwrite.allow);
    }
    implied(bits)
}

/// The overwrite's target as Discord numbers it.
pub(super) fn target(whom: Whom, guild: GuildId) -> (u64, u8) {
    match whom {
        Whom::Everyone => (guild.0, 0),
        Whom::Role(role) => (role.0, 0),
        Whom::Member(user) => (user.0, 1),
    }
}

/// Takes away what makes no sense without seeing the channel or posting in it.
fn implied(bits: Bits) -> Bits {
    if bits & VIEW_CHANNEL == 0 {
        return 0;
    }
    bits
}
