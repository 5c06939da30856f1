//! What can be done to messages, by people and by the bot alike: post, edit, delete, react. Each
//! act changes the world and tells the sessions that may know of it.

use serde_json::{Value, json};

use super::ids::{ChannelId, MessageId, UserId, now_ms};
use super::payloads;
use super::permissions::{self, VIEW_CHANNEL};
use super::sessions::{Scope, intents};
use super::state::{Deed, State};
use super::world::{Nature, StoredMessage};

impl State {
    /// A message that does not exist yet, with a number and a time of its own.
    pub(super) fn draft(&mut self, channel: ChannelId, author: UserId) -> StoredMessage {
        let id = MessageId(self.world.flakes.next());
        StoredMessage::new(id, channel, author, now_ms())
    }

    /// Puts a message into its channel.
    pub(super) fn post(&mut self, mut message: StoredMessage) -> MessageId {
        let id = message.id;
        let channel = message.channel;
        if self.world.user(message.author).nature == Nature::Person {
            mention(self, &mut message);
        }
        let mine = message.author == self.world.bot && !message.is_loading();
        self.world.messages.insert(id, message);
        let holder = self.world.channels.get_mut(&channel);
        let holder = holder.unwrap_or_else(|| panic!("there is no channel {channel}"));
        holder.messages.push(id);
        // Posting opens an archived thread again.
        if std::mem::take(&mut holder.archived) {
            self.tell_channel(channel, "THREAD_UPDATE", "CHANNEL_UPDATE");
        }
        if mine {
            self.deeds.push((channel, Deed::Posted(id)));
        }
        self.tell("MESSAGE_CREATE", id);
        id
    }

    /// Changes a message; `how` gets it to work on. An answer that was only promised counts as
    /// posted when it gets its content.
    pub(super) fn edit(&mut self, id: MessageId, how: impl FnOnce(&mut StoredMessage)) {
        let bot = self.world.bot;
        let Some(message) = self.world.messages.get_mut(&id) else {
            return;
        };
        let was_loading = message.is_loading();
        how(message);
        let channel = message.channel;
        if was_loading && !message.is_loading() {
            self.deeds.push((channel, Deed::Posted(id)));
        } else if !was_loading {
            message.edited_ms = Some(now_ms());
            message.edits += 1;
            if message.author == bot {
                self.deeds.push((channel, Deed::Edited(id)));
            }
        }
        self.tell("MESSAGE_UPDATE", id);
    }

    /// Takes a message away.
    pub(super) fn delete(&mut self, id: MessageId) {
        let bot = self.world.bot;
        let Some(message) = self.world.messages.get_mut(&id) else {
            return;
        };
        message.deleted = true;
        let (channel, public) = (message.channel, message.audience.is_none());
        if message.author == bot {
            self.deeds.push((channel, Deed::Deleted(id)));
        }
        if !public || !self.bot_sees(channel) {
            return;
        }
        let guild = self.world.guild_of(channel);
        let scope = self.message_scope(channel);
        self.gateway.dispatch("MESSAGE_DELETE", scope, |_| {
            json!({
                "id": id.to_string(),
                "channel_id": channel.to_string(),
                "guild_id": guild.map(|id| id.to_string()),
            })
        });
    }

    /// Adds somebody's reaction, or takes it back.
    pub(super) fn react(&mut self, id: MessageId, user: UserId, emoji: &str, add: bool) {
        let Some(message) = self.world.messages.get_mut(&id) else {
            return;
        };
        let at = message.reactions.iter().position(|(name, _)| name == emoji);
        match (at, add) {
            (Some(at), true) => {
                if message.reactions[at].1.contains(&user) {
                    return;
                }
                message.reactions[at].1.push(user);
            }
            (None, true) => message.reactions.push((emoji.to_owned(), vec![user])),
            (Some(at), false) => {
                message.reactions[at].1.retain(|it| *it != user);
                message.reactions.retain(|(_, users)| !users.is_empty());
            }
            (None, false) => return,
        }
        let (channel, author) = (message.channel, message.author);
        if !self.bot_sees(channel) {
            return;
        }
        let scope = self.scope(channel, intents::GUILD_MESSAGE_REACTIONS, intents::DIRECT_MESSAGE_REACTIONS);
        let name = if add { "MESSAGE_REACTION_ADD" } else { "MESSAGE_REACTION_REMOVE" };
        let world = &self.world;
        self.gateway.dispatch(name, scope, |_| {
            let mut data = json!({
                "user_id": user.to_string(),
                "channel_id": channel.to_string(),
                "message_id": id.to_string(),
                "message_author_id": author.to_string(),
                "emoji": payloads::emoji(emoji),
                "burst": false,
                "burst_colors": [],
                "type": 0,
            });
            if let Some(guild) = world.guild_of(channel).map(|id| &world.guilds[&id]) {
                data["guild_id"] = guild.id.to_string().into();
                data["member"] = payloads::member(world, guild, user, true);
            }
            data
        });
    }

    /// Whether the bot may see a channel at all.
    pub(super) fn bot_sees(&self, channel: ChannelId) -> bool {
        self.may(self.world.bot, channel, VIEW_CHANNEL)
    }

    /// Whether somebody has all of these permissions in a channel.
    pub(super) fn may(&self, user: UserId, channel: ChannelId, bits: u64) -> bool {
        let channel = self.world.channel(channel);
        permissions::in_channel(&self.world, user, channel) & bits == bits
    }

    /// Tells the sessions about a guild and what is in it.
    pub(super) fn tell_guild(&mut self, guild: super::GuildId, name: &str, data: Value) {
        let scope = Scope { guild: Some(guild), intents: intents::GUILDS };
        self.gateway.dispatch(name, scope, |_| data.clone());
    }

    fn tell(&mut self, event: &str, id: MessageId) {
        let message = self.world.message(id);
        // The gateway never brings a private answer, nor what happens where the bot can't look.
        if message.audience.is_some() || !self.bot_sees(message.channel) {
            return;
        }
        let scope = self.message_scope(message.channel);
        let world = &self.world;
        let withhold = !payloads::is_open(world, message);
        self.gateway
            .dispatch(event, scope, |with_content| payloads::message_event(world, message, withhold && !with_content));
    }
}

/// Finds out whom a person's message mentions: by name, and by replying.
fn mention(state: &State, message: &mut StoredMessage) {
    for part in message.content.split("<@").skip(1) {
        let digits: String = part.trim_start_matches('!').chars().take_while(char::is_ascii_digit).collect();
        let closed = part.trim_start_matches('!')[digits.len()..].starts_with('>');
        let user = digits.parse().map(UserId);
        if let Ok(user) = user
            && closed
            && state.world.users.contains_key(&user)
            && !message.mentions.contains(&user)
        {
            message.mentions.push(user);
        }
    }
    let replied = message.reference.and_then(|id| state.world.messages.get(&id));
    if let Some(replied) = replied
        && message.kind == 19
        && !message.mentions.contains(&replied.author)
    {
        message.mentions.push(replied.author);
    }
    message.mention_everyone = message.content.contains("@everyone")
        && state.may(message.author, message.channel, permissions::MENTION_EVERYONE);
}
