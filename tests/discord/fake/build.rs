//! Builds the world: people, guilds, roles, channels, permissions. What is built while the bot
//! is connected reaches it as the event that Discord would send.

use std::collections::BTreeMap;

use super::FakeDiscord;
use super::ids::{ChannelId, GuildId, MessageId, RoleId, UserId, now_ms};
use super::payloads;
use super::permissions::{self, Bits, Whom};
use super::state::State;
use super::world::{Channel, ChannelKind, Guild, Member, Nature, Overwrite, Role, User};

use serde_json::json;

/// How large the guilds of [`FakeDiscord::synthetic_guilds`] are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GuildSize {
    /// How many text channels.
    pub(crate) channels: usize,
    /// How many roles besides `@everyone`.
    pub(crate) roles: usize,
    /// How many members besides the bot.
    pub(crate) members: usize,
}

impl FakeDiscord {
    /// The bot's own user.
    pub(crate) fn bot(&self) -> UserId {
        self.shared.look().world.bot
    }

    /// A human being.
    pub(crate) fn user(&self, name: &str) -> UserId {
        self.add_user(name, Nature::Person)
    }

    /// Another bot.
    pub(crate) fn other_bot(&self, name: &str) -> UserId {
        self.add_user(name, Nature::Bot)
    }

    /// A webhook, which posts under a name of its own.
    pub(crate) fn webhook(&self, name: &str) -> UserId {
        self.add_user(name, Nature::Webhook)
    }

    /// Sets the language of somebody's client, such as `de`; it comes with interactions.
    pub(crate) fn speaks(&self, user: UserId, locale: &str) {
        self.shared.change(|state| {
            if let Some(user) = state.world.users.get_mut(&user) {
                locale.clone_into(&mut user.locale);
            }
        });
    }

    /// Lets somebody refuse direct messages from the bot (50007).
    pub(crate) fn closes_dms(&self, user: UserId) {
        self.shared.change(|state| {
            if let Some(user) = state.world.users.get_mut(&user) {
                user.closed_dms = true;
            }
        });
    }

    /// A guild with the bot in it, owned by somebody who never speaks.
    pub(crate) fn guild(&self, name: &str) -> GuildId {
        self.shared.change(|state| state.add_guild(name))
    }

    /// A guild without the bot: who has it installed for themselves can use it there.
    pub(crate) fn guild_without_the_bot(&self, name: &str) -> GuildId {
        self.shared.change(|state| {
            let id = state.bare_guild(name);
            let bot = state.world.bot;
            state.world.guild_mut(id).members.remove(&bot);
            id
        })
    }

    /// A group of people who write to one another, without the bot.
    pub(crate) fn group(&self, name: &str, one: UserId) -> ChannelId {
        self.shared.change(|state| {
            let id = ChannelId(state.world.flakes.next());
            let mut channel = Channel::new(id, ChannelKind::Group, name.to_owned());
            channel.recipient = Some(one);
            state.world.channels.insert(id, channel);
            id
        })
    }

    /// Many guilds at once, for measuring memory. They arrive only with the next IDENTIFY.
    pub(crate) fn synthetic_guilds(&self, count: usize, size: GuildSize) -> Vec<GuildId> {
        self.shared.change(|state| (0..count).map(|at| state.add_synthetic(at, size)).collect())
    }

    /// Lets somebody join a guild, with roles.
    pub(crate) fn join(&self, guild: GuildId, user: UserId, roles: &[RoleId]) {
        self.shared.change(|state| {
            let member = Member { user, roles: roles.to_vec(), nick: None, joined_ms: now_ms() };
            state.world.guild_mut(guild).members.insert(user, member);
            state.tell_member(guild, user, "GUILD_MEMBER_ADD");
        });
    }

    /// Lets somebody leave a guild. If the bot is meant, the guild is gone for it.
    pub(crate) fn leave(&self, guild: GuildId, user: UserId) {
        self.shared.change(|state| {
            if user == state.world.bot {
                return state.remove_guild(guild);
            }
            state.world.guild_mut(guild).members.remove(&user);
            state.tell_member(guild, user, "GUILD_MEMBER_REMOVE");
        });
    }

    /// Adds a role with permissions.
    pub(crate) fn role(&self, guild: GuildId, name: &str, permissions: Bits) -> RoleId {
        self.shared.change(|state| {
            let id = RoleId(state.world.flakes.next());
            let guild = state.world.guild_mut(guild);
            let position = guild.roles.len() as u16;
            let role = Role { id, name: name.to_owned(), permissions, position };
            let payload = json!({"guild_id": guild.id.to_string(), "role": payloads::role(&role)});
            guild.roles.insert(id, role);
            let guild = guild.id;
            state.tell_guild(guild, "GUILD_ROLE_CREATE", payload);
            id
        })
    }

    /// Gives a member one more role.
    pub(crate) fn give_role(&self, guild: GuildId, user: UserId, role: RoleId) {
        self.shared.change(|state| {
            let member = state.world.guild_mut(guild).members.get_mut(&user);
            member.unwrap_or_else(|| panic!("{user} is no member")).roles.push(role);
            state.tell_member(guild, user, "GUILD_MEMBER_UPDATE");
        });
    }

    /// Sets what `@everyone` may do in a guild; at first it is [`permissions::DEFAULT`].
    pub(crate) fn everyone_may(&self, guild: GuildId, permissions: Bits) {
        self.shared.change(|state| {
            let guild = state.world.guild_mut(guild);
            let Some(role) = guild.roles.get_mut(&RoleId(guild.id.0)) else {
                return;
            };
            role.permissions = permissions;
            let payload = json!({"guild_id": guild.id.to_string(), "role": payloads::role(role)});
            let guild = guild.id;
            state.tell_guild(guild, "GUILD_ROLE_UPDATE", payload);
        });
    }

    /// A text channel.
    pub(crate) fn text_channel(&self, guild: GuildId, name: &str) -> ChannelId {
        self.add_place(guild, ChannelKind::Text, name)
    }

    /// A forum, in which every post is a thread.
    pub(crate) fn forum(&self, guild: GuildId, name: &str) -> ChannelId {
        self.add_place(guild, ChannelKind::Forum, name)
    }

    /// A thread under a text channel.
    pub(crate) fn thread(&self, parent: ChannelId, opener: UserId, name: &str) -> ChannelId {
        self.shared.change(|state| state.add_thread(parent, opener, name))
    }

    /// A post in a forum, with its first message.
    pub(crate) fn forum_post(
        &self,
        forum: ChannelId,
        author: UserId,
        title: &str,
        content: &str,
    ) -> (ChannelId, MessageId) {
        self.shared.change(|state| {
            let post = state.add_thread(forum, author, title);
            let mut message = state.draft(post, author);
            // A post's first message has the post's own number.
            message.id = MessageId(post.0);
            content.clone_into(&mut message.content);
            (post, state.post(message))
        })
    }

    /// The direct-message channel between somebody and the bot.
    pub(crate) fn dm(&self, user: UserId) -> ChannelId {
        self.shared.change(|state| state.world.dm_with(user))
    }

    /// Archives a thread, or opens it again.
    pub(crate) fn archive(&self, thread: ChannelId, archived: bool) {
        self.shared.change(|state| {
            if let Some(channel) = state.world.channels.get_mut(&thread) {
                channel.archived = archived;
            }
            state.tell_channel(thread, "THREAD_UPDATE", "CHANNEL_UPDATE");
        });
    }

    /// Deletes a channel or thread with everything in it.
    pub(crate) fn delete_channel(&self, channel: ChannelId) {
        self.shared.change(|state| state.remove_channel(channel));
    }

    /// Allows something in one channel, over what the roles say.
    pub(crate) fn allow(&self, channel: ChannelId, whom: Whom, bits: Bits) {
        self.overwrite(channel, whom, bits, 0);
    }

    /// Forbids something in one channel, over what the roles say.
    pub(crate) fn deny(&self, channel: ChannelId, whom: Whom, bits: Bits) {
        self.overwrite(channel, whom, 0, bits);
    }

    /// Forbids the bot something in one channel.
    pub(crate) fn deny_bot(&self, channel: ChannelId, bits: Bits) {
        self.deny(channel, Whom::Member(self.bot()), bits);
    }

    fn add_user(&self, name: &str, nature: Nature) -> UserId {
        self.shared.change(|state| {
            let id = UserId(state.world.flakes.next());
            state
                .world
                .users
                .insert(id, User { id, name: name.to_owned(), nature, locale: "en-US".to_owned(), closed_dms: false });
            id
        })
    }

    fn add_place(&self, guild: GuildId, kind: ChannelKind, name: &str) -> ChannelId {
        self.shared.change(|state| {
            let id = ChannelId(state.world.flakes.next());
            let mut channel = Channel::new(id, kind, name.to_owned());
            channel.guild = Some(guild);
            state.add_channel(channel);
            id
        })
    }

    fn overwrite(&self, channel: ChannelId, whom: Whom, allow: Bits, deny: Bits) {
        self.shared.change(|state| {
            let Some(place) = state.world.channels.get_mut(&channel) else { panic!("there is no channel {channel}") };
            match place.overwrites.iter_mut().find(|it| it.whom == whom) {
                Some(old) => {
                    old.allow = (old.allow | allow) & !deny;
                    old.deny = (old.deny | deny) & !allow;
                }
                None => place.overwrites.push(Overwrite { whom, allow, deny }),
            }
            state.tell_channel(channel, "THREAD_UPDATE", "CHANNEL_UPDATE");
        });
    }
}

impl State {
    fn add_guild(&mut self, name: &str) -> GuildId {
        let id = self.bare_guild(name);
        let payload = payloads::guild(&self.world, &self.world.guilds[&id]);
        self.tell_guild(id, "GUILD_CREATE", payload);
        id
    }

    fn bare_guild(&mut self, name: &str) -> GuildId {
        let id = GuildId(self.world.flakes.next_guild());
        let owner = UserId(self.world.flakes.next());
        let person = User {
            id: owner,
            name: format!("owner of {name}"),
            nature: Nature::Person,
            locale: "en-US".to_owned(),
            closed_dms: false,
        };
        self.world.users.insert(owner, person);
        let everyone =
            Role { id: RoleId(id.0), name: "@everyone".to_owned(), permissions: permissions::DEFAULT, position: 0 };
        let member = |user| (user, Member { user, roles: Vec::new(), nick: None, joined_ms: now_ms() });
        self.world.guilds.insert(
            id,
            Guild {
                id,
                name: name.to_owned(),
                owner,
                locale: "en-US".to_owned(),
                roles: BTreeMap::from([(everyone.id, everyone)]),
                members: BTreeMap::from([member(owner), member(self.world.bot)]),
                channels: Vec::new(),
                threads: Vec::new(),
                silent_members: 0,
            },
        );
        id
    }

    fn add_synthetic(&mut self, at: usize, size: GuildSize) -> GuildId {
        let guild = self.bare_guild(&format!("guild {at}"));
        for number in 0..size.channels {
            let id = ChannelId(self.world.flakes.next());
            let mut channel = Channel::new(id, ChannelKind::Text, format!("channel-{number}"));
            channel.guild = Some(guild);
            self.world.channels.insert(id, channel);
            self.world.guild_mut(guild).channels.push(id);
        }
        for number in 0..size.roles {
            let id = RoleId(self.world.flakes.next());
            let name = format!("role {number}");
            let role = Role { id, name, permissions: 0, position: number as u16 + 1 };
            self.world.guild_mut(guild).roles.insert(id, role);
        }
        self.world.guild_mut(guild).silent_members = size.members;
        guild
    }

    fn add_thread(&mut self, parent: ChannelId, opener: UserId, name: &str) -> ChannelId {
        let id = ChannelId(self.world.flakes.next());
        let mut thread = Channel::new(id, ChannelKind::Thread, name.to_owned());
        thread.guild = self.world.guild_of(parent);
        thread.parent = Some(parent);
        thread.owner = Some(opener);
        self.add_channel(thread);
        id
    }

    /// Adds a guild's channel or a thread, and tells of it.
    pub(super) fn add_channel(&mut self, channel: Channel) {
        let id = channel.id;
        let guild = channel.guild.unwrap_or_else(|| panic!("{} has no guild", channel.name));
        let guild = self.world.guild_mut(guild);
        let list = if channel.kind.is_thread() { &mut guild.threads } else { &mut guild.channels };
        list.push(id);
        self.world.channels.insert(id, channel);
        self.tell_channel(id, "THREAD_CREATE", "CHANNEL_CREATE");
    }

    /// Takes a guild's channel or a thread away, and tells of it.
    pub(super) fn remove_channel(&mut self, channel: ChannelId) {
        self.tell_channel(channel, "THREAD_DELETE", "CHANNEL_DELETE");
        let gone = self.world.channels.remove(&channel);
        if let Some(guild) = gone.and_then(|it| it.guild) {
            let guild = self.world.guild_mut(guild);
            guild.threads.retain(|it| *it != channel);
            guild.channels.retain(|it| *it != channel);
        }
    }

    /// Takes the bot out of a guild, and tells of it.
    pub(super) fn remove_guild(&mut self, guild: GuildId) {
        let bot = self.world.bot;
        self.world.guild_mut(guild).members.remove(&bot);
        self.tell_guild(guild, "GUILD_DELETE", json!({"id": guild.to_string()}));
    }

    /// Sends an event about a channel, under its name for threads or for others.
    pub(super) fn tell_channel(&mut self, id: ChannelId, of_thread: &str, of_other: &str) {
        let channel = self.world.channel(id);
        let Some(guild) = channel.guild.filter(|id| self.world.has_bot(*id)) else { return };
        let name = if channel.kind.is_thread() { of_thread } else { of_other };
        let payload = payloads::channel(&self.world, channel);
        self.tell_guild(guild, name, payload);
    }

    /// The bot hears of its own membership; of others' only with the privileged intent.
    fn tell_member(&mut self, guild: GuildId, user: UserId, name: &str) {
        use super::sessions::{Scope, intents};
        let own = user == self.world.bot;
        let intents = if own { intents::GUILDS } else { intents::GUILD_MEMBERS };
        let world = &self.world;
        self.gateway.dispatch(name, Scope { guild: Some(guild), intents }, |_| {
            let mut payload = payloads::member(world, &world.guilds[&guild], user, true);
            payload["guild_id"] = guild.to_string().into();
            payload
        });
    }
}
