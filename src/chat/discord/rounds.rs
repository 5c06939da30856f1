//! What the bot does unasked: it edits its messages that show what was corrected since, and posts what
//! is watched for and what waits for review. The lists are the desk's and survive a crash.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};

use super::{
    answer::{Answer, Showing},
    bot::Bot,
    conversation::{UNKNOWN_MESSAGE, is_missing_permission},
    rest::RestError,
};
use crate::{
    desk::corrections::{Amendment, Place, Post, WorkError},
    model::Platform,
    reply::Reply,
};

/// How many messages are edited or posted in a round, so that answers are not delayed by them.
const AT_ONCE: usize = 10;

/// Discord's code for a channel that is gone.
const UNKNOWN_CHANNEL: u64 = 10_003;

/// Discord's code for a person who takes no private messages.
const NOT_TO_THEM: u64 = 50_007;

/// Goes round for as long as there is a bot.
pub(super) async fn go_round(bot: std::sync::Weak<Bot>, pause: Duration) {
    loop {
        tokio::time::sleep(pause).await;
        let Some(bot) = bot.upgrade() else { return };
        if bot.id.get().is_some() {
            bot.correct_answers().await;
            bot.post_news().await;
        }
    }
}

impl Bot {
    async fn correct_answers(self: &Arc<Self>) {
        let Some(due) = self.due(|desk| desk.corrections_due(Platform::Discord, AT_ONCE)).await else { return };
        for amendment in due {
            let known = amendment.clone();
            let Some(reply) = self.due(move |desk| desk.correction_reply(&known)).await else { return };
            let shown = self.unasked(&reply).await;
            if self.amend(&amendment, shown).await {
                let (id, change) = (amendment.id, amendment.change);
                // If another change came in between it is due again, and edited in the next round.
                let _ = self.due(move |desk| desk.correction_done(id, change)).await;
            }
        }
    }

    /// Edits one message. Says whether that is done with: also where it can't be edited any more.
    async fn amend(&self, amendment: &Amendment, shown: Answer) -> bool {
        let path = format!("/channels/{}/messages/{}", amendment.channel, amendment.message);
        let mut body = shown.body;
        body["content"] = "".into();
        let edited = match self.rest.patch(&path, &body).await {
            Err(error) if is_missing_permission(&error) => {
                let mut plain = shown.plain;
                plain["embeds"] = json!([]);
                self.rest.patch(&path, &plain).await
            }
            other => other,
        };
        is_settled(edited.map(|_| ()), "an answer that shows what was corrected")
    }

    async fn post_news(self: &Arc<Self>) {
        let Some(due) = self.due(|desk| desk.posts_due(Platform::Discord, AT_ONCE)).await else { return };
        for post in due {
            let known = post.clone();
            let Some(reply) = self.due(move |desk| desk.post_reply(&known)).await else { return };
            // What waited for review may have been reviewed meanwhile.
            let is_settled = reply.blocks.is_empty() || self.post_one(&post, &reply).await;
            if is_settled {
                let _ = self.due(move |desk| desk.post_done(&post)).await;
            }
        }
    }

    async fn post_one(&self, post: &Post, reply: &Reply) -> bool {
        let channel = match &post.place {
            Place::Channel(channel) => Ok(channel.clone()),
            Place::Person(person) => {
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

    async fn post_in(&self, channel: &str, post: &Post, reply: &Reply) -> Result<(), RestError> {
        let shown = self.unasked(reply).await;
        let path = format!("/channels/{channel}/messages");
        let mut last = Err(RestError::Closed);
        for (mut body, mark) in [(shown.body, "w"), (shown.plain, "v")] {
            // After a crash between posting and reporting it is posted once all the same.
            body["nonce"] = format!("{mark}{}", post.ids.iter().min().copied().unwrap_or_default()).into();
            body["enforce_nonce"] = true.into();
            last = self.rest.post(&path, &body).await;
            match &last {
                Err(error) if is_missing_permission(error) => {}
                _ => break,
            }
        }
        self.delivered_unasked(&last?, shown.entries);
        Ok(())
    }

    /// Shows what nobody asked for: its pages are anyone's.
    async fn unasked(&self, reply: &Reply) -> Answer {
        let prefix = self.prefix_in(None).unwrap_or_else(|| "/".to_owned());
        self.show(reply, "recent", Showing { asker: 0, prefix: &prefix, part: 0, private: false }).await
    }

    /// Remembers a message that answers no message: it is its own question.
    pub(super) fn delivered_unasked(&self, sent: &Value, entries: Vec<String>) {
        let number = |field: &str| sent[field].as_str().and_then(|id| id.parse().ok());
        if let (Some(message), Some(channel)) = (number("id"), number("channel_id")) {
            self.delivered(message, channel, sent, entries);
        }
    }

    async fn due<T: Send + 'static>(
        &self,
        work: impl FnOnce(&crate::desk::Desk) -> Result<T, WorkError> + Send + 'static,
    ) -> Option<T> {
        match self.front.run(work).await {
            Ok(Ok(found)) => Some(found),
            Ok(Err(error)) => {
                tracing::warn!(%error, "corrections and posts have to wait");
                None
            }
            // A busy desk: in the next round.
            Err(_) => None,
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
