//! Questions as messages: asked, edited, deleted.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    answer::{Answer, Showing, silent},
    asked::{Manner, read},
    bot::{Bot, community},
    places::{may_manage, may_moderate},
    recent::Familiarity,
    rest::RestError,
};
use crate::{
    commands::{self, CommandSpec, calls},
    desk::{Admission, ChatOrigin, Desk, Invocation},
    model::Platform,
    reply::{Outcome, Reply},
};

/// How long an answer follows its question.
pub(super) const FOLLOWS: Duration = Duration::from_secs(15 * 60);

/// How old a question may be that a resumed connection brings: who asked may still wait for it.
const LATE: Duration = Duration::from_secs(10 * 60);

/// Discord's codes of broken_rules that the bot knows what to do about.
const MISSING_ACCESS: u64 = 50_001;
const MISSING_PERMISSIONS: u64 = 50_013;
const NO_HISTORY: u64 = 160_002;
pub(super) const UNKNOWN_MESSAGE: u64 = 10_008;

/// A message of a person, as far as it matters.
#[derive(Debug, Clone)]
pub(super) struct Incoming {
    pub(super) id: u64,
    pub(super) channel: u64,
    /// The server; `None` in a direct message.
    pub(super) guild: Option<u64>,
    pub(super) author: u64,
    pub(super) content: String,
    /// The roles of the author, for who may change settings.
    pub(super) roles: Vec<u64>,
    /// The text of the message that this one replies to.
    pub(super) replied_to: Option<String>,
}

impl Bot {
    /// The line that a message asks; `None` when it isn't for the bot. Answered from memory, as every
    /// message of every channel comes by here.
    pub(super) fn line(&self, message: &Incoming) -> Option<String> {
        let community = message.guild.map(community);
        let prefix = self.prefix_in(community.as_deref());
        let bot = *self.id.get()?;
        read(&message.content, Manner { prefix: prefix.as_deref(), bot, direct: message.guild.is_none() })
    }

    /// What answers a message that asks, or that was edited; and the message that it is to change, if
    /// there is one. `None` if nothing is to be said.
    pub(super) async fn asked(&self, message: &Incoming, edited: bool) -> Option<(Answer, Option<u64>)> {
        if age(message.id) > if edited { FOLLOWS } else { LATE } {
            return None;
        }
        let line = self.line(message)?;
        let answer = match self.recent.note(message.id, &line) {
            Familiarity::Same => return None,
            Familiarity::New if edited => self.answer_on_record(message.id).await,
            Familiarity::New => None,
            Familiarity::Changed(answer) => answer,
        };
        let community_id = message.guild.map(community);
        let settings = community_id.as_deref().map(|id| self.handle.desk().community(id)).unwrap_or_default();
        let home = if settings.channels.is_empty() { message.channel } else { self.home(message.channel).await };
        let (name, rest) = commands::split_command(&line);
        let spec = commands::find(name);
        let is = |wanted: &str| spec.is_some_and(|spec: &CommandSpec| spec.name == wanted);
        if edited && spec.is_some_and(CommandSpec::writes) {
            return None;
        }
        let allowed = settings.channels.is_empty() || settings.channels.contains(&home.to_string());
        if !allowed && !is("settings") {
            return None;
        }
        let permissions = match message.guild {
            Some(guild) if is("settings") || is("watch") || is("unwatch") => {
                self.permissions(guild, message.channel, message.author, &message.roles).await.unwrap_or(0)
            }
            Some(_) | None => 0,
        };
        let origin = ChatOrigin {
            community: community_id.clone(),
            channel: home.to_string(),
            may_manage_community: may_manage(permissions),
            may_moderate_channel: may_moderate(permissions),
        };
        let typed = Invocation::of_line(&line);
        let here = typed.call();
        let invocation = match &message.replied_to {
            Some(text) if is("check") && rest.is_empty() => Invocation::Call(calls::check(text)),
            Some(_) | None => typed,
        };
        let request = self.request(message.author, message.channel, origin, invocation)?;
        let reply = match self.handle.desk().admit(&request) {
            Admission::Granted if settings.private && !is("settings") => only_in_private(),
            Admission::Granted => self.handle.answer(request).await,
            Admission::Refused => Desk::refusal(),
            Admission::RefusedAgain => return None,
        };
        let prefix = self.prefix_in(community_id.as_deref()).unwrap_or_else(|| "/".to_owned());
        let showing = Showing { asker: message.author, prefix: &prefix, part: 0, private: false };
        let shown = self.show(&reply, here.as_ref(), showing).await;
        Some((shown, answer))
    }

    /// A message was deleted: its answer goes with it.
    pub(super) async fn deleted(&self, channel: u64, message: u64) {
        if age(message) > FOLLOWS {
            return;
        }
        let answer = match self.recent.answer_to(message) {
            Some(answer) => Some(answer),
            None => self.answer_on_record(message).await,
        };
        let Some(answer) = answer else { return };
        match self.rest.delete(&format!("/channels/{channel}/messages/{answer}")).await {
            Ok(_) => {}
            Err(error) if error.code() == Some(UNKNOWN_MESSAGE) => {}
            Err(error) => tracing::warn!(%error, "an answer could not be deleted"),
        }
        let question = message.to_string();
        self.write(move |desk| desk.forget_delivery(Platform::Discord, &question)).await;
    }

    /// The answer to a message from before a restart.
    async fn answer_on_record(&self, question: u64) -> Option<u64> {
        let question = question.to_string();
        let found = self.handle.run(move |desk| desk.delivery(Platform::Discord, &question)).await;
        found.ok()?.ok()??.answer.parse().ok()
    }

    /// Changes an answer to what its question has become.
    pub(super) async fn correct(&self, message: &Incoming, answer: u64, shown: Answer) {
        match self.edit(&message.channel.to_string(), &answer.to_string(), &shown).await {
            Ok(sent) => self.delivered(message.id, message.channel, &sent, shown.records),
            Err(RestError::Crowded) => self.shed(),
            Err(error) => tracing::warn!(%error, "an answer could not be edited"),
        }
    }

    /// Puts an answer in the place of a message of the bot's: with embeds, else without.
    pub(super) async fn edit(&self, channel: &str, message: &str, shown: &Answer) -> Result<Value, RestError> {
        let path = format!("/channels/{channel}/messages/{message}");
        let mut body = shown.body.clone();
        body["content"] = "".into();
        match self.rest.patch(&path, &body).await {
            Err(error) if is_missing_permission(&error) => {
                let mut plain = shown.plain.clone();
                plain["embeds"] = json!([]);
                self.rest.patch(&path, &plain).await
            }
            other => other,
        }
    }

    /// Posts an answer: with embeds, else without, else to the asker in private, else not at all.
    pub(super) async fn post(&self, message: &Incoming, shown: Answer) {
        match self.try_to_post(message, &shown).await {
            Ok(sent) => self.delivered(message.id, message.channel, &sent, shown.records),
            Err(error) if is_missing_permission(&error) => {
                tracing::info!(
                    discord.channel = message.channel,
                    "the bot may not write in a channel where it was asked"
                );
                self.tell_in_private(message).await;
            }
            Err(RestError::Crowded) => self.shed(),
            Err(error) => tracing::warn!(%error, "an answer could not be posted"),
        }
    }

    async fn try_to_post(&self, message: &Incoming, shown: &Answer) -> Result<Value, RestError> {
        let path = format!("/channels/{}/messages", message.channel);
        let mut last = None;
        for (body, replies, mark) in
            [(&shown.body, true, ""), (&shown.plain, true, "p"), (&shown.body, false, "r"), (&shown.plain, false, "b")]
        {
            // Where the history can't be read a message can't be replied to; else nothing is won by
            // leaving the reference away.
            if !replies && last.as_ref().is_none_or(|error: &RestError| error.code() != Some(NO_HISTORY)) {
                continue;
            }
            let mut body = body.clone();
            body["nonce"] = format!("{}{mark}", message.id).into();
            body["enforce_nonce"] = true.into();
            if replies {
                let reference = json!({"message_id": message.id.to_string(), "fail_if_not_exists": false});
                body["message_reference"] = reference;
            }
            match self.rest.post(&path, &body).await {
                Err(error) if is_missing_permission(&error) || error.code() == Some(NO_HISTORY) => last = Some(error),
                other => return other,
            }
        }
        Err(last.unwrap_or(RestError::Closed))
    }

    /// Tells the asker that there is no answer where it was asked, and why.
    async fn tell_in_private(&self, message: &Incoming) {
        if message.guild.is_none() {
            return;
        }
        let whom = json!({"recipient_id": message.author.to_string()});
        let told = async {
            let channel = self.rest.post("/users/@me/channels", &whom).await?;
            let id = channel["id"].as_str().unwrap_or_default();
            let mut body = silent();
            body["content"] =
                "I can't write in the channel where you asked. Ask me here, or with a slash command there; \
                               whoever manages the server can give me Send Messages and Embed Links in it."
                    .into();
            self.rest.post(&format!("/channels/{id}/messages"), &body).await
        };
        if let Err(error) = told.await {
            tracing::info!(%error, "the asker could not be told either");
        }
    }
}

pub(super) fn is_missing_permission(error: &RestError) -> bool {
    matches!(error.code(), Some(MISSING_ACCESS | MISSING_PERMISSIONS))
}

fn only_in_private() -> Reply {
    Reply::new(Outcome::Misused)
        .heading("Answers here are shown to the asker alone.")
        .hint("Ask with a slash command, like /source, or in a direct message.")
}

/// How long ago a message was written, as its id says (Discord, "Snowflakes").
fn age(id: u64) -> Duration {
    const EPOCH: u64 = 1_420_070_400_000;
    let written = (id >> 22) + EPOCH;
    let now = u64::try_from(Timestamp::now().as_millisecond()).unwrap_or_default();
    Duration::from_millis(now.saturating_sub(written))
}
