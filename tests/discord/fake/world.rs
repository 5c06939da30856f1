//! What exists on the stand-in: people, guilds, roles, channels and messages. It knows neither
//! the wire nor who is watching.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::ids::{ChannelId, GuildId, InteractionId, MessageId, RoleId, Snowflakes, UserId};
use super::permissions::{Bits, Whom};

/// The message flag by which link previews are hidden.
pub(super) const SUPPRESS_EMBEDS: u64 = 1 << 2;
/// The message flag of a private answer.
pub(super) const EPHEMERAL: u64 = 1 << 6;
/// The message flag of an answer that was promised and is not there yet.
pub(super) const LOADING: u64 = 1 << 7;
/// The message flag of layout components.
pub(super) const COMPONENTS_V2: u64 = 1 << 15;

/// What stands behind a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nature {
    /// A human being.
    Person,
    /// A bot.
    Bot,
    /// A webhook, which posts under a name of its own.
    Webhook,
}

#[derive(Clone, Debug)]
pub(super) struct User {
    pub(super) id: UserId,
    pub(super) name: String,
    pub(super) nature: Nature,
    pub(super) locale: String,
    pub(super) closed_dms: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Role {
    pub(super) id: RoleId,
    pub(super) name: String,
    pub(super) permissions: Bits,
    pub(super) position: u16,
}

#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) user: UserId,
    pub(super) roles: Vec<RoleId>,
    pub(super) nick: Option<String>,
    pub(super) joined_ms: u64,
}

#[derive(Clone, Debug)]
pub(super) struct Guild {
    pub(super) id: GuildId,
    pub(super) name: String,
    pub(super) owner: UserId,
    pub(super) locale: String,
    pub(super) roles: BTreeMap<RoleId, Role>,
    pub(super) members: BTreeMap<UserId, Member>,
    pub(super) channels: Vec<ChannelId>,
    pub(super) threads: Vec<ChannelId>,
    /// How many more members it has, who never say or do anything.
    pub(super) silent_members: usize,
}

/// The kinds of channel that the fake has, by Discord's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ChannelKind {
    Text = 0,
    Dm = 1,
    Group = 3,
    Thread = 11,
    Forum = 15,
}

impl ChannelKind {
    pub(super) fn is_thread(self) -> bool {
        match self {
            Self::Thread => true,
            Self::Text | Self::Dm | Self::Group | Self::Forum => false,
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Overwrite {
    pub(super) whom: Whom,
    pub(super) allow: Bits,
    pub(super) deny: Bits,
}

#[derive(Clone, Debug)]
pub(super) struct Channel {
    pub(super) id: ChannelId,
    pub(super) kind: ChannelKind,
    pub(super) name: String,
    pub(super) guild: Option<GuildId>,
    pub(super) parent: Option<ChannelId>,
    /// Who opened the thread.
    pub(super) owner: Option<UserId>,
    /// The other side of a direct-message channel.
    pub(super) recipient: Option<UserId>,
    pub(super) overwrites: Vec<Overwrite>,
    pub(super) archived: bool,
    pub(super) created_ms: u64,
    /// Everything ever posted here, in order, deleted and private messages included.
    pub(super) messages: Vec<MessageId>,
}

#[derive(Clone, Debug)]
pub(super) struct StoredMessage {
    pub(super) id: MessageId,
    pub(super) channel: ChannelId,
    pub(super) author: UserId,
    /// Discord's message type: 0 ordinary, 19 reply, 20 slash command, 23 context menu,
    /// others system messages.
    pub(super) kind: u8,
    pub(super) content: String,
    pub(super) embeds: Vec<Value>,
    pub(super) components: Vec<Value>,
    pub(super) attachments: Vec<Value>,
    /// What Discord keeps in other places: forwards, polls, stickers.
    pub(super) more: Value,
    pub(super) flags: u64,
    pub(super) reference: Option<MessageId>,
    pub(super) mentions: Vec<UserId>,
    pub(super) mention_everyone: bool,
    pub(super) created_ms: u64,
    pub(super) edited_ms: Option<u64>,
    /// The only one who sees it, if it is private.
    pub(super) audience: Option<UserId>,
    pub(super) interaction: Option<InteractionId>,
    pub(super) thread: Option<ChannelId>,
    pub(super) reactions: Vec<(String, Vec<UserId>)>,
    pub(super) pinned: bool,
    pub(super) deleted: bool,
    /// How many times it was changed after people could first read it.
    pub(super) edits: usize,
}

impl StoredMessage {
    pub(super) fn new(id: MessageId, channel: ChannelId, author: UserId, created_ms: u64) -> Self {
        Self {
            id,
            channel,
            author,
            kind: 0,
            content: String::new(),
            embeds: Vec::new(),
            components: Vec::new(),
            attachments: Vec::new(),
            more: Value::Null,
            flags: 0,
            reference: None,
            mentions: Vec::new(),
            mention_everyone: false,
            created_ms,
            edited_ms: None,
            audience: None,
            interaction: None,
            thread: None,
            reactions: Vec::new(),
            pinned: false,
            deleted: false,
            edits: 0,
        }
    }

    /// Whether it only says that an answer is being prepared.
    pub(super) fn is_loading(&self) -> bool {
        self.flags & LOADING != 0
    }

    /// Whether somebody who lists the channel finds it.
    pub(super) fn is_public(&self) -> bool {
        !self.deleted && self.audience.is_none()
    }
}

/// Everything that exists.
#[derive(Debug)]
pub(super) struct World {
    pub(super) flakes: Snowflakes,
    pub(super) bot: UserId,
    pub(super) application: u64,
    pub(super) users: HashMap<UserId, User>,
    pub(super) guilds: BTreeMap<GuildId, Guild>,
    pub(super) channels: HashMap<ChannelId, Channel>,
    pub(super) messages: HashMap<MessageId, StoredMessage>,
}

impl World {
    /// A world in which only the bot exists. Its application has the bot's number.
    pub(super) fn new(bot_name: &str) -> Self {
        let mut flakes = Snowflakes::default();
        let bot = UserId(flakes.next());
        let mut world = Self {
            flakes,
            bot,
            application: bot.0,
            users: HashMap::new(),
            guilds: BTreeMap::new(),
            channels: HashMap::new(),
            messages: HashMap::new(),
        };
        world.users.insert(
            bot,
            User {
                id: bot,
                name: bot_name.to_owned(),
                nature: Nature::Bot,
                locale: "en-US".to_owned(),
                closed_dms: false,
            },
        );
        world
    }

    /// # Panics
    /// If there is no such person: the test's mistake.
    pub(super) fn user(&self, id: UserId) -> &User {
        self.users.get(&id).unwrap_or_else(|| panic!("there is no user {id}"))
    }

    /// # Panics
    /// If there is no such channel: the test's mistake.
    pub(super) fn channel(&self, id: ChannelId) -> &Channel {
        self.channels.get(&id).unwrap_or_else(|| panic!("there is no channel {id}"))
    }

    /// # Panics
    /// If there is no such guild: the test's mistake.
    pub(super) fn guild_mut(&mut self, id: GuildId) -> &mut Guild {
        self.guilds.get_mut(&id).unwrap_or_else(|| panic!("there is no guild {id}"))
    }

    /// # Panics
    /// If there never was such a message: the test's mistake.
    pub(super) fn message(&self, id: MessageId) -> &StoredMessage {
        self.messages.get(&id).unwrap_or_else(|| panic!("there is no message {id}"))
    }

    /// Whether the bot is a member of a guild.
    pub(super) fn has_bot(&self, guild: GuildId) -> bool {
        self.guilds.get(&guild).is_some_and(|guild| guild.members.contains_key(&self.bot))
    }

    /// Whether the bot is no member of a place: only those who installed it for themselves can use it there.
    pub(super) fn is_foreign(&self, channel: ChannelId) -> bool {
        let channel = self.channel(channel);
        channel.guild.map_or(channel.kind == ChannelKind::Group, |guild| !self.has_bot(guild))
    }

    /// Where an interaction comes from, as Discord numbers it: a guild, a direct message of the bot's, one of others.
    pub(super) fn context_of(&self, channel: ChannelId) -> u8 {
        match (self.guild_of(channel), self.channel(channel).kind) {
            (Some(_), _) => 0,
            (None, ChannelKind::Group) => 2,
            (None, _) => 1,
        }
    }

    /// The guild a channel is in; none for direct messages.
    pub(super) fn guild_of(&self, channel: ChannelId) -> Option<GuildId> {
        self.channels.get(&channel).and_then(|channel| channel.guild)
    }

    /// The direct-message channel with somebody, opened if there is none.
    pub(super) fn dm_with(&mut self, user: UserId) -> ChannelId {
        let open =
            self.channels.values().find(|channel| channel.kind == ChannelKind::Dm && channel.recipient == Some(user));
        if let Some(channel) = open {
            return channel.id;
        }
        let id = ChannelId(self.flakes.next());
        let mut channel = Channel::new(id, ChannelKind::Dm, self.user(user).name.clone());
        channel.recipient = Some(user);
        self.channels.insert(id, channel);
        id
    }
}

impl Channel {
    pub(super) fn new(id: ChannelId, kind: ChannelKind, name: String) -> Self {
        Self {
            id,
            kind,
            name,
            guild: None,
            parent: None,
            owner: None,
            recipient: None,
            overwrites: Vec::new(),
            archived: false,
            created_ms: super::ids::now_ms(),
            messages: Vec::new(),
        }
    }
}
