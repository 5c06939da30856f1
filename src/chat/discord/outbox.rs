//! What the bot does unasked, on Discord.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    answer::Showing,
    bot::DiscordBot,
    conversation::{UNKNOWN_MESSAGE, is_missing_permission},
    places::community,
    rest::RestError,
};
use crate::{
    chat::outbox::{self, OutboxClient, call_of},
    commands::calls,
    desk::{
        corrections::{DueEdit, Post, PostTarget},
        deliveries::Shown,
        worker_pool::DeskHandle,
    },
    model::Platform,
    reply::Reply,
};

/// Discord's code for a channel that is gone.
const UNKNOWN_CHANNEL: u64 = 10_003;

/// Discord's code for a person who takes no private messages.
const NOT_TO_THEM: u64 = 50_007;

/// Goes round for as long as there is a bot.
pub(super) async fn work_off_outbox(bot: std::sync::Weak<DiscordBot>, pause: Duration) {
    loop {
        tokio::time::sleep(pause).await;
        let Some(bot) = bot.upgrade() else { return };
        if bot.id.get().is_some() {
            outbox::work_off_outbox(&*bot).await;
        }
    }
}

impl OutboxClient for DiscordBot {
    const PLATFORM: Platform = Platform::Discord;

    fn handle(&self) -> &DeskHandle {
        &self.handle
    }

    async fn edit_due(&self, edit: &DueEdit, reply: &Reply) -> bool {
        let community = self.community_of(&edit.channel).await;
        let prefix = self.unasked_prefix(community.as_deref());
        let shown = self.show_again(reply, Some(&call_of(edit)), self.unasked(&prefix)).await;
        let edited = self.edit(&edit.channel, &edit.message, &shown).await;
        is_settled(edited.map(|_| ()), "an answer that shows what was corrected")
    }

    async fn post_due(&self, post: &Post, reply: &Reply) -> bool {
        let channel = match &post.place {
            PostTarget::Channel(channel) => Ok(channel.clone()),
            PostTarget::Person(person) => {
                let opened = self.rest.post("/users/@me/channels", &json!({"recipient_id": person})).await;
                opened.map(|channel| channel["id"].as_str().unwrap_or_default().to_owned())
            }
        };
        let posted = match channel {
            Ok(channel) => self.post_in(&channel, post, reply).await,
            Err(error) => Err(error),
        };
        is_settled(posted, "what is watched for")
    }
}

impl DiscordBot {
    async fn post_in(&self, channel: &str, post: &Post, reply: &Reply) -> Result<(), RestError> {
        let prefix = self.unasked_prefix(post.community.as_deref());
        let shown = self.show(reply, Some(&calls::recent()), self.unasked(&prefix)).await;
        let path = format!("/channels/{channel}/messages");
        let mut last = Err(RestError::Closed);
        for (body, mark) in [(Some(shown.body), "w"), (shown.plain, "v")] {
            let Some(mut body) = body else { continue };
            // After a crash between posting and reporting it is posted once all the same.
            body["nonce"] = format!("{mark}{}", post.ids.iter().min().copied().unwrap_or_default()).into();
            body["enforce_nonce"] = true.into();
            last = self.rest.post(&path, &body).await;
            match &last {
                Err(error) if is_missing_permission(error) => {}
                _ => break,
            }
        }
        self.delivered_unasked(&last?, shown.records);
        Ok(())
    }

    /// How what nobody asked for is shown: its pages are anyone's.
    const fn unasked<'a>(&self, prefix: &'a str) -> Showing<'a> {
        Showing { asker: 0, prefix, part: 0, may_be_posted: false, layout: self.layout }
    }

    fn unasked_prefix(&self, community: Option<&str>) -> String {
        self.prefix_in(community).unwrap_or_else(|| "/".to_owned())
    }

    /// The server that a channel is of; `None` where it is of none, or that can't be told now.
    async fn community_of(&self, channel: &str) -> Option<String> {
        let found = self.rest.get(&format!("/channels/{channel}")).await.ok()?;
        found["guild_id"].as_str().and_then(|guild| guild.parse().ok()).map(community)
    }

    /// Remembers a message that answers no message: it is its own question.
    pub(super) fn delivered_unasked(&self, sent: &Value, shown: Shown) {
        let number = |field: &str| sent[field].as_str().and_then(|id| id.parse().ok());
        if let (Some(message), Some(channel)) = (number("id"), number("channel_id")) {
            self.delivered(message, channel, sent, shown);
        }
    }
}

/// Whether nothing more is to be done: it worked, or never will.
fn is_settled(result: Result<(), RestError>, what: &str) -> bool {
    match result {
        Ok(()) => true,
        Err(RestError::Refused { status, code, message }) if status < 500 && status != 429 => {
            let is_gone = matches!(code, UNKNOWN_MESSAGE | UNKNOWN_CHANNEL | NOT_TO_THEM);
            if !is_gone {
                tracing::warn!(discord.code = code, %message, "{what} could not be shown");
            }
            true
        }
        Err(error) => {
            tracing::info!(%error, "{what} is shown later");
            false
        }
    }
}
