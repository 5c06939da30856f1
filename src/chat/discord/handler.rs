//! Serenity's events, made into jobs. Each event gets a task of its own from serenity, so nothing
//! here waits: what isn't for the bot ends here, the rest is queued.

use std::sync::Arc;

use serenity::{
    all::{
        ChannelId, Context, EventHandler, GuildId, Interaction, Message, MessageId, MessageType, MessageUpdateEvent,
        Ready, ResumedEvent, ShardStageUpdateEvent,
    },
    async_trait,
};

use super::{
    bot::DiscordBot,
    content,
    job::{Incoming, Job, QuotedId, RepliedTo},
    register::register_in_time,
};

pub(super) struct Handler(pub(super) Arc<DiscordBot>);

#[async_trait]
impl EventHandler for Handler {
    async fn ready(&self, _: Context, ready: Ready) {
        let first = self.0.id.set(ready.user.id.get()).is_ok();
        let _ = self.0.application.set(ready.application.id.get());
        tracing::info!(
            discord.guilds = ready.guilds.len(),
            discord.shard = ready.shard.map(|shard| shard.id.0),
            "connected"
        );
        if first {
            self.0.runtime.spawn(register_in_time(Arc::downgrade(&self.0)));
        }
    }

    async fn resume(&self, _: Context, _: ResumedEvent) {
        tracing::info!("resumed");
    }

    async fn shard_stage_update(&self, _: Context, event: ShardStageUpdateEvent) {
        tracing::debug!(discord.shard = event.shard_id.0, discord.stage = %event.new, "the connection changed");
    }

    async fn message(&self, _: Context, message: Message) {
        let asks =
            |incoming: &Incoming| self.0.hears(incoming.author, incoming.guild) && self.0.line(incoming).is_some();
        if let Some(mut incoming) = incoming(&message).filter(asks) {
            read_replied_to(&mut incoming, message.referenced_message.as_deref());
            self.0.take(Job::Message(incoming));
        }
    }

    async fn message_update(&self, _: Context, _: Option<Message>, _: Option<Message>, event: MessageUpdateEvent) {
        let asks =
            |incoming: &Incoming| self.0.hears(incoming.author, incoming.guild) && self.0.line(incoming).is_some();
        if let Some(mut incoming) = edited(&event).filter(asks) {
            read_replied_to(&mut incoming, event.referenced_message.as_ref().and_then(Option::as_deref));
            self.0.take(Job::Edited(incoming));
        }
    }

    async fn message_delete(&self, _: Context, channel: ChannelId, message: MessageId, _: Option<GuildId>) {
        self.0.take_deletion(channel.get(), message.get());
    }

    async fn message_delete_bulk(&self, _: Context, channel: ChannelId, messages: Vec<MessageId>, _: Option<GuildId>) {
        for message in messages {
            self.0.take_deletion(channel.get(), message.get());
        }
    }

    async fn interaction_create(&self, _: Context, interaction: Interaction) {
        let (user, guild) = match &interaction {
            Interaction::Command(asked) | Interaction::Autocomplete(asked) => (asked.user.id, asked.guild_id),
            Interaction::Component(asked) => (asked.user.id, asked.guild_id),
            Interaction::Modal(asked) => (asked.user.id, asked.guild_id),
            _ => return,
        };
        let is_heard = self.0.hears(user.get(), guild.map(GuildId::get));
        let interaction = Box::new(interaction);
        self.0.take(if is_heard { Job::Interaction(interaction) } else { Job::Unheard(interaction) });
    }
}

/// Reads the message that one replies to that is for the bot: every message of every channel comes by.
fn read_replied_to(incoming: &mut Incoming, message: Option<&Message>) {
    if let Some(message) = message {
        let id = QuotedId { message: message.id.get(), author: message.author.id.get() };
        incoming.replied_to = Some(RepliedTo::Message(id, content::of_message(message)));
    }
}

/// A message of a person; `None` for those of bots, webhooks and the system.
pub(super) fn incoming(message: &Message) -> Option<Incoming> {
    let from_person = !message.author.bot && !message.author.system && message.webhook_id.is_none();
    let said = matches!(message.kind, MessageType::Regular | MessageType::InlineReply);
    (from_person && said).then(|| Incoming {
        id: message.id.get(),
        channel: message.channel_id.get(),
        guild: message.guild_id.map(GuildId::get),
        author: message.author.id.get(),
        content: message.content.clone(),
        roles: message.member.iter().flat_map(|member| &member.roles).map(|role| role.get()).collect(),
        replied_to: match &message.referenced_message {
            Some(_) => Some(RepliedTo::Unread),
            None => (message.kind == MessageType::InlineReply).then_some(RepliedTo::Deleted),
        },
    })
}

/// As [`incoming`], of an edit. An edit without words is Discord adding a preview.
pub(super) fn edited(event: &MessageUpdateEvent) -> Option<Incoming> {
    let author = event.author.as_ref().filter(|author| !author.bot && !author.system)?;
    let webhook = event.webhook_id.flatten().is_some();
    let said = event.kind.is_none_or(|kind| matches!(kind, MessageType::Regular | MessageType::InlineReply));
    if webhook || !said {
        return None;
    }
    let is_reply = event.kind == Some(MessageType::InlineReply);
    Some(Incoming {
        id: event.id.get(),
        channel: event.channel_id.get(),
        guild: event.guild_id.map(GuildId::get),
        author: author.id.get(),
        content: event.content.clone()?,
        roles: Vec::new(),
        replied_to: match event.referenced_message.as_ref().and_then(Option::as_ref) {
            Some(_) => Some(RepliedTo::Unread),
            None => is_reply.then_some(RepliedTo::Deleted),
        },
    })
}
