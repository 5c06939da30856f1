//! Questions as messages: asked, edited, deleted.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    answer::{AnswerMessage, Showing, silent},
    asked::{ChannelAddressing, read},
    bot::DiscordBot,
    content,
    job::{Incoming, MessageEvent, QuotedId, RepliedTo},
    members::{GuildMember, Holds},
    places::{community, place_of},
    recent::Familiarity,
    rest::RestError,
};
use crate::{
    desk::{Invocation, Request},
    frontend::{
        Admitted, AnswerSubject, ChatEvent, EventKind, FOLLOWS, FormAnswer, LATE, MessageCheck, MessageContent,
        QuotedMessage, Settled, TypedLine, admit, completed, form_answer, may_answer_form, request, settle,
        turned_call,
    },
    model::Platform,
    reply::Reply,
};

/// How to ask where answers are for the asker alone.
pub(super) const ASK_INSTEAD: &str = "Ask with a slash command, like /source, or in a direct message.";

/// Discord's code for a body that it doesn't take as it is: among others one of the other layout than the message has.
const INVALID_BODY: u64 = 50_035;

/// How many messages before one are looked through for those of its author: as many as Discord gives at once.
const LOOKED_THROUGH: usize = 100;

/// Discord's codes of refusals that the bot knows what to do about.
const MISSING_ACCESS: u64 = 50_001;
const MISSING_PERMISSIONS: u64 = 50_013;
const NO_HISTORY: u64 = 160_002;
pub(super) const UNKNOWN_MESSAGE: u64 = 10_008;

impl DiscordBot {
    /// The line that a message asks; `None` when it isn't for the bot. Answered from memory, as every
    /// message of every channel comes by here.
    pub(super) fn line(&self, message: &Incoming) -> Option<String> {
        let community = message.guild.map(community);
        let prefix = self.prefix_in(community.as_deref());
        let bot = *self.id.get()?;
        let (direct, replies) = (message.guild.is_none(), message.replied_to.is_some());
        read(&message.content, ChannelAddressing { prefix: prefix.as_deref(), bot, direct, replies })
    }

    /// What answers a message that asks, or that was edited; and the message that it is to change, if
    /// there is one. `None` if nothing is to be said.
    pub(super) async fn asked(&self, message: &Incoming, event: MessageEvent) -> Option<(AnswerMessage, Option<u64>)> {
        let edited = event == MessageEvent::Edited;
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
        let typed = TypedLine::of(&line, message.replied_to.as_ref());
        let kind = if edited { EventKind::Edited(typed) } else { EventKind::Wrote(typed) };
        let place = place_of(message.guild, message.channel);
        let facts = GuildMember {
            bot: self,
            guild: message.guild,
            channel: message.channel,
            user: message.author,
            holds: Holds::Roles(&message.roles),
        };
        let typed = Invocation::of_line(&line);
        let event = ChatEvent { kind, place };
        let Settled { mut verdict, origin, .. } = settle(self.handle.desk(), event, typed.command(), &facts).await;
        let mut request = request(Platform::Discord, &message.author.to_string(), origin, typed)?;
        match self.form_answer(message, kind, &request).await {
            Some(FormAnswer::Given(answer)) => {
                request.invocation = answer;
                // Whatever it replies to, it answers the form.
                verdict = verdict.as_given();
            }
            Some(FormAnswer::GivenBefore) => return None,
            None => {}
        }
        let here = turned_call(&request.invocation);
        let (reply, here) = match admit(self.handle.desk(), &request, verdict, ASK_INSTEAD) {
            Admitted::Granted(permit) => {
                match self.subject(permit.subject, message, request.invocation.clone()).await {
                    Ok(MessageCheck { invocation, read }) => {
                        let here = turned_call(&invocation);
                        let answer = self.handle.answer(Request { invocation, ..request }).await;
                        (completed(answer, permit.subject, read), here)
                    }
                    Err(reply) => (*reply, here),
                }
            }
            Admitted::Told(reply) => (*reply, here),
            Admitted::Silent => return None,
        };
        let community_id = message.guild.map(community);
        let prefix = self.prefix_in(community_id.as_deref()).unwrap_or_else(|| "/".to_owned());
        let showing =
            Showing { asker: message.author, prefix: &prefix, part: 0, may_be_posted: false, layout: self.layout };
        let shown = match answer {
            Some(_) => self.show_again(&reply, here.as_ref(), showing).await,
            None => self.show(&reply, here.as_ref(), showing).await,
        };
        Some((shown, answer))
    }

    /// What a message is to a form that is being filled in in its channel.
    async fn form_answer(&self, message: &Incoming, kind: EventKind, request: &Request) -> Option<FormAnswer> {
        let community = message.guild.map(community);
        let prefix = self.prefix_in(community.as_deref());
        if !may_answer_form(request, prefix.as_deref(), &message.content) {
            return None;
        }
        let (conversation, typed) = (request.conversation.clone(), message.content.clone());
        self.handle.run(move |desk| form_answer(desk, kind, &conversation, &typed)).await.ok()?
    }

    /// What is asked, with what is said of it beside the answer; a reply where that can't be.
    async fn subject(
        &self,
        subject: AnswerSubject,
        message: &Incoming,
        asked: Invocation,
    ) -> Result<MessageCheck, Box<Reply>> {
        match (subject, &message.replied_to) {
            (AnswerSubject::MessageRepliedTo, Some(RepliedTo::Message(id, content))) => {
                self.quoted(message.channel, id.message, content.clone()).await.check()
            }
            (AnswerSubject::MessagesOfAuthor(number), Some(RepliedTo::Message(id, content))) => {
                let last = self.quoted(message.channel, id.message, content.clone()).await;
                let mut messages = self.messages_before(message.channel, *id, number - 1).await;
                messages.push(last);
                QuotedMessage::check_together(messages, number)
            }
            (AnswerSubject::MessageRepliedTo | AnswerSubject::MessagesOfAuthor(_), _) => QuotedMessage::Missing.check(),
            // What follows on is known to the desk: no page is turned by typing where there are buttons.
            (AnswerSubject::NextPage | AnswerSubject::AsGiven | AnswerSubject::BesideMessageRepliedTo, _) => {
                Ok(MessageCheck { invocation: asked, read: None })
            }
        }
    }

    /// A message that is to be checked. Where an event brought nothing of it, Discord is asked for it as it is: serenity
    /// leaves out what it doesn't know.
    pub(super) async fn quoted(&self, channel: u64, message: u64, content: MessageContent) -> QuotedMessage {
        if !content.is_empty() {
            return QuotedMessage::Content(content);
        }
        let content = match self.rest.get(&format!("/channels/{channel}/messages/{message}")).await {
            Ok(found) => content::read(&found),
            Err(error) => {
                tracing::info!(%error, "a message could not be fetched");
                return QuotedMessage::Withheld;
            }
        };
        // Without the intent Discord leaves out what others wrote.
        if content.is_empty() && self.prefix.is_none() {
            QuotedMessage::Withheld
        } else {
            QuotedMessage::Content(content)
        }
    }

    /// So many messages of an author before one of theirs, the oldest first.
    async fn messages_before(&self, channel: u64, id: QuotedId, number: usize) -> Vec<QuotedMessage> {
        let path = format!("/channels/{channel}/messages?before={}&limit={LOOKED_THROUGH}", id.message);
        let found = match self.rest.get(&path).await {
            Ok(found) => found,
            Err(error) => {
                tracing::info!(%error, "the messages before one could not be fetched");
                return Vec::new();
            }
        };
        let author = id.author.to_string();
        let theirs =
            found.as_array().into_iter().flatten().filter(|message| message["author"]["id"] == author.as_str());
        let mut messages: Vec<QuotedMessage> =
            theirs.take(number).map(|message| QuotedMessage::Content(content::read(message))).collect();
        messages.reverse();
        messages
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
        self.handle.write(move |desk| desk.forget_delivery(Platform::Discord, &question)).await;
    }

    /// The answer to a message from before a restart.
    async fn answer_on_record(&self, question: u64) -> Option<u64> {
        let question = question.to_string();
        let found = self.handle.run(move |desk| desk.delivery(Platform::Discord, &question)).await;
        found.ok()?.ok()??.answer.parse().ok()
    }

    /// Changes an answer to what its question has become.
    pub(super) async fn correct(&self, message: &Incoming, answer: u64, shown: AnswerMessage) {
        match self.edit(&message.channel.to_string(), &answer.to_string(), &shown).await {
            Ok(sent) => self.delivered(message.id, message.channel, &sent, shown.records),
            Err(RestError::Crowded) => self.shed(),
            Err(error) => tracing::warn!(%error, "an answer could not be edited"),
        }
    }

    /// Puts an answer in the place of a message of the bot's. The message keeps its layout, whatever is set by now: which
    /// one it has is seen by Discord's refusing the other.
    pub(super) async fn edit(&self, channel: &str, message: &str, shown: &AnswerMessage) -> Result<Value, RestError> {
        let path = format!("/channels/{channel}/messages/{message}");
        match (self.edit_to(&path, shown).await, &shown.otherwise) {
            (Err(error), Some(otherwise)) if error.code() == Some(INVALID_BODY) => self.edit_to(&path, otherwise).await,
            (edited, _) => edited,
        }
    }

    /// In the layout that it has; where it has embeds and they are not allowed, without them.
    async fn edit_to(&self, path: &str, shown: &AnswerMessage) -> Result<Value, RestError> {
        let Some(plain) = &shown.plain else { return self.rest.patch(path, &shown.body).await };
        let mut body = shown.body.clone();
        body["content"] = "".into();
        match self.rest.patch(path, &body).await {
            Err(error) if is_missing_permission(&error) => {
                let mut plain = plain.clone();
                plain["embeds"] = json!([]);
                self.rest.patch(path, &plain).await
            }
            other => other,
        }
    }

    /// Posts an answer: with embeds, else without, else to the asker in private, else not at all.
    pub(super) async fn post(&self, message: &Incoming, shown: AnswerMessage) {
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

    async fn try_to_post(&self, message: &Incoming, shown: &AnswerMessage) -> Result<Value, RestError> {
        let path = format!("/channels/{}/messages", message.channel);
        let mut last = None;
        let (body, plain) = (Some(&shown.body), shown.plain.as_ref());
        for (body, replies, mark) in [(body, true, ""), (plain, true, "p"), (body, false, "r"), (plain, false, "b")] {
            let Some(body) = body else { continue };
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

/// How long ago a message was written, as its id says (Discord, "Snowflakes").
fn age(id: u64) -> Duration {
    const EPOCH: u64 = 1_420_070_400_000;
    let written = (id >> 22) + EPOCH;
    let now = u64::try_from(Timestamp::now().as_millisecond()).unwrap_or_default();
    Duration::from_millis(now.saturating_sub(written))
}
