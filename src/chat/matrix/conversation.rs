//! Questions: asked, edited, taken back.

use jiff::{SignedDuration, Timestamp};
use matrix_sdk::{
    Room,
    deserialized_responses::{TimelineEvent, TimelineEventKind},
    ruma::EventId,
};
use serde_json::Value;

use super::{
    answer::{AnswerEvent, NEXT, PREVIOUS, notice, replacing, replying, show},
    asked::LEAVE,
    bot::MatrixBot,
    content,
    event::{self, Said},
    pages::page_of,
    places::community,
    send::{Cause, Unsent},
};
use crate::{
    desk::{Invocation, Request},
    frontend::{
        Admitted, AnswerSubject, Departure, EventKind, FAREWELL, FOLLOWS, FormAnswer, QuotedMessage, TypedLine,
        completed, form_answer, may_answer_form, turned_call,
    },
    model::Platform,
    reply::{CommandCall, Reply},
};

/// A message, fetched to be looked at.
enum Fetched {
    /// The event.
    Readable(Value),
    /// It is encrypted, and the bot has no key for it.
    Undecrypted(Value),
    /// It isn't there, or not for the bot.
    Missing,
}

impl Fetched {
    fn author(&self) -> Option<String> {
        match self {
            Self::Readable(event) | Self::Undecrypted(event) => event["sender"].as_str().map(str::to_owned),
            Self::Missing => None,
        }
    }

    /// Whether it is something that was said, and no edit, reaction or state of the room.
    fn is_message(&self) -> bool {
        match self {
            Self::Undecrypted(_) => true,
            Self::Readable(event) => {
                let is_edit = event["content"]["m.relates_to"]["rel_type"] == "m.replace";
                let is_state = event.get("state_key").is_some();
                let kind = event["type"].as_str().unwrap_or_default();
                let is_said = kind == "m.room.message" || kind == "m.sticker" || kind.ends_with("poll.start");
                is_said && !is_edit && !is_state
            }
            Self::Missing => false,
        }
    }
}

fn fetched(event: &TimelineEvent) -> Fetched {
    let Ok(raw) = serde_json::from_str(event.raw().json().get()) else { return Fetched::Missing };
    match event.kind {
        TimelineEventKind::UnableToDecrypt { .. } => Fetched::Undecrypted(raw),
        _ => Fetched::Readable(raw),
    }
}

fn quoted(fetched: &Fetched) -> QuotedMessage {
    match fetched {
        Fetched::Readable(event) => QuotedMessage::Content(content::read(event)),
        Fetched::Undecrypted(_) => QuotedMessage::Undecrypted,
        Fetched::Missing => QuotedMessage::Missing,
    }
}

/// How many events around one are looked through for those of its author: half of them before it. The limit is ours.
const LOOKED_THROUGH: u32 = 100;

impl MatrixBot {
    /// A message that asks.
    pub(super) async fn asked(&self, room: &Room, said: Said) {
        let Some(line) = self.line(room, &said) else { return };
        // After a restart the same events come again.
        if self.delivery(&said.id).await.is_some() {
            return;
        }
        let kind = EventKind::Wrote(TypedLine::of(&line, said.reply_to.as_ref()));
        let Some((reply, ask)) = self.reply(room, &said, kind, line).await else { return };
        let answer = show(&reply, ask.as_ref(), 0, &self.shown_prefix(room));
        let cause = Cause { event: &said.id, way: "answer" };
        let review = answer.review.clone();
        let posted = self.post(room, answer, cause, &said.id, said.thread.as_deref(), &said.sender).await;
        if let Some(answer) = posted {
            self.offer_decision(room, &answer, review).await;
        }
    }

    /// A question that has become another, or a message that has become a question.
    pub(super) async fn edited(&self, room: &Room, original: String, said: Said) {
        let Some(line) = self.line(room, &said) else { return };
        let Fetched::Readable(event) = self.fetch(room, &original).await else { return };
        let written = event["origin_server_ts"].as_i64().and_then(|at| Timestamp::from_millisecond(at).ok());
        let follows = SignedDuration::try_from(FOLLOWS).unwrap_or_default();
        // Only their author changes words, and not those of long ago.
        if event["sender"] != said.sender.as_str() || written.is_none_or(|at| Timestamp::now() - follows > at) {
            return;
        }
        let relation = &event["content"]["m.relates_to"];
        let thread = relation["event_id"].as_str().filter(|_| relation["rel_type"] == "m.thread").map(str::to_owned);
        let reply_to = relation["m.in_reply_to"]["event_id"].as_str().map(str::to_owned);
        let edit = said.id;
        let said = Said { id: original, reply_to, thread, ..said };
        let before = self.delivery(&said.id).await;
        let kind = EventKind::Edited(TypedLine::of(&line, said.reply_to.as_ref()));
        let Some((reply, ask)) = self.reply(room, &said, kind, line).await else { return };
        let shown = show(&reply, ask.as_ref(), 0, &self.shown_prefix(room));
        let review = shown.review.clone();
        match before {
            Some(before) => {
                let cause = Cause { event: &edit, way: "edit" };
                let now = shown.records.clone();
                if self.replace(room, shown, &before.answer, cause, &said.sender).await.is_some() {
                    self.delivered(room, &said.id, &before.answer, now).await;
                    self.offer_decision(room, &before.answer, review).await;
                }
            }
            None => {
                let cause = Cause { event: &said.id, way: "answer" };
                let posted = self.post(room, shown, cause, &said.id, said.thread.as_deref(), &said.sender).await;
                if let Some(answer) = posted {
                    self.offer_decision(room, &answer, review).await;
                }
            }
        }
    }

    /// An event was taken back: its answer goes with it. Most were never answered.
    pub(super) async fn redacted(&self, room: &Room, event: String) {
        if self.undecrypted.take(&event) {
            self.forget_undecryptable(event.clone()).await;
        }
        let Some(delivery) = self.delivery(&event).await else { return };
        self.take_back(room, &delivery.answer, Cause { event: &event, way: "redact" }).await;
        self.handle
            .write(move |desk| {
                desk.memory().forget_page(Platform::Matrix, delivery.answer)?;
                desk.forget_delivery(Platform::Matrix, &event)
            })
            .await;
    }

    /// The reply to a line, and the request that it answers; `None` where nothing is to be said.
    async fn reply(
        &self,
        room: &Room,
        said: &Said,
        kind: EventKind,
        line: String,
    ) -> Option<(Reply, Option<CommandCall>)> {
        let typed = Invocation::of_line(&line);
        if line == LEAVE {
            return self.told_to_leave(room, said).await.map(|reply| (reply, None));
        }
        let (mut verdict, mut request) = self.settle(room, &said.sender, kind, typed).await?;
        match self.form_answer(room, &said.body, kind, &request).await {
            Some(FormAnswer::Given(answer)) => {
                request.invocation = answer;
                // Whatever it replies to, it answers the form.
                verdict = verdict.as_given();
            }
            Some(FormAnswer::GivenBefore) => return None,
            None => {}
        }
        let mut here = turned_call(&request.invocation);
        let permit = match self.admit(&request, verdict) {
            Admitted::Granted(permit) => permit,
            Admitted::Told(reply) => return Some((*reply, here)),
            Admitted::Silent => return None,
        };
        let mut read = None;
        let quoted = match (permit.subject, &said.reply_to) {
            (AnswerSubject::MessageRepliedTo, Some(message)) => Some(self.quoted(room, message).await.check()),
            (AnswerSubject::MessagesOfAuthor(number), Some(message)) => {
                Some(QuotedMessage::check_together(self.quoted_together(room, message, number).await, number))
            }
            (AnswerSubject::NextPage, _) => {
                if let Some(next) = self.next_page(room, &said.sender, &request).await {
                    request.invocation = Invocation::Call(next.clone());
                    here = Some(next);
                }
                None
            }
            (AnswerSubject::MessageRepliedTo | AnswerSubject::MessagesOfAuthor(_), None)
            | (AnswerSubject::AsGiven | AnswerSubject::BesideMessageRepliedTo, _) => None,
        };
        match quoted {
            Some(Ok(check)) => {
                here = turned_call(&check.invocation);
                (request.invocation, read) = (check.invocation, check.read);
            }
            Some(Err(reply)) => return Some((*reply, here)),
            None => {}
        }
        Some((completed(self.handle.answer(request).await, permit.subject, read), here))
    }

    /// What a message is to a form that is being filled in in its room.
    async fn form_answer(&self, room: &Room, typed: &str, kind: EventKind, request: &Request) -> Option<FormAnswer> {
        let prefix = self.prefix_in(community(room).as_deref());
        if !may_answer_form(request, prefix.as_deref(), typed) {
            return None;
        }
        let (conversation, typed) = (request.conversation.clone(), typed.to_owned());
        self.handle.run(move |desk| form_answer(desk, kind, &conversation, &typed)).await.ok()?
    }

    /// A message as it is now, as far as the bot can read it.
    pub(super) async fn quoted(&self, room: &Room, message: &str) -> QuotedMessage {
        quoted(&self.fetch(room, message).await)
    }

    /// As [`MatrixBot::quoted`], with the thread that the message is in.
    pub(super) async fn quoted_in_thread(&self, room: &Room, message: &str) -> (QuotedMessage, Option<String>) {
        let fetched = self.fetch(room, message).await;
        let thread = match &fetched {
            Fetched::Readable(event) | Fetched::Undecrypted(event) => event::thread(event).map(str::to_owned),
            Fetched::Missing => None,
        };
        (quoted(&fetched), thread)
    }

    /// The thread that a message is in.
    pub(super) async fn thread_of(&self, room: &Room, message: &str) -> Option<String> {
        self.quoted_in_thread(room, message).await.1
    }

    /// So many messages of an author up to one of theirs, the oldest first.
    async fn quoted_together(&self, room: &Room, message: &str, number: usize) -> Vec<QuotedMessage> {
        let Ok(id) = EventId::parse(message) else { return Vec::new() };
        let around = match room.event_with_context(&id, true, LOOKED_THROUGH.into(), None).await {
            Ok(around) => around,
            Err(error) => {
                tracing::info!(%error, "the messages before one could not be fetched");
                return vec![self.quoted(room, message).await];
            }
        };
        let last = around.event.iter().map(fetched).next();
        let Some(author) = last.as_ref().and_then(Fetched::author) else { return Vec::new() };
        let is_message = |event: &&TimelineEvent| {
            let fetched = fetched(event);
            fetched.author().as_ref() == Some(&author) && fetched.is_message()
        };
        let before = around.events_before.iter().filter(is_message).take(number.saturating_sub(1)).map(fetched);
        let mut messages: Vec<QuotedMessage> = last.into_iter().chain(before).map(|fetched| quoted(&fetched)).collect();
        messages.reverse();
        messages
    }

    async fn fetch(&self, room: &Room, message: &str) -> Fetched {
        let Ok(id) = EventId::parse(message) else { return Fetched::Missing };
        match room.event(&id, None).await {
            Ok(event) => fetched(&event),
            Err(error) => {
                tracing::info!(%error, "a message could not be fetched");
                Fetched::Missing
            }
        }
    }

    /// Posts an answer, remembers it, and puts reactions under it where there are pages to turn. Gives its id.
    pub(super) async fn post(
        &self,
        room: &Room,
        shown: AnswerEvent,
        cause: Cause<'_>,
        question: &str,
        thread: Option<&str>,
        asker: &str,
    ) -> Option<String> {
        let content = replying(shown.content.clone(), question, thread);
        let answer = self.send(room, content, cause).await?;
        let page = page_of(&shown, room, &answer, asker);
        let has_pages = page.is_some();
        if let Some(page) = page {
            self.handle.write(move |desk| desk.memory().keep_page(page)).await;
        }
        self.delivered(room, question, &answer, shown.records).await;
        if has_pages {
            self.react(room, &answer, PREVIOUS, "previous").await;
            self.react(room, &answer, NEXT, "next").await;
        }
        Some(answer)
    }

    /// Puts an answer in the place of an earlier one.
    pub(super) async fn replace(
        &self,
        room: &Room,
        shown: AnswerEvent,
        answer: &str,
        cause: Cause<'_>,
        asker: &str,
    ) -> Option<String> {
        self.try_to_replace(room, shown, answer, cause, asker).await.ok()
    }

    /// As [`MatrixBot::replace`].
    ///
    /// # Errors
    /// As [`MatrixBot::try_to_send`].
    pub(super) async fn try_to_replace(
        &self,
        room: &Room,
        shown: AnswerEvent,
        answer: &str,
        cause: Cause<'_>,
        asker: &str,
    ) -> Result<String, Unsent> {
        let sent = self.try_to_send(room, replacing(shown.content.clone(), answer), cause).await?;
        match page_of(&shown, room, answer, asker) {
            Some(page) => self.handle.write(move |desk| desk.memory().keep_page(page)).await,
            None => {
                let answer = answer.to_owned();
                self.handle.write(move |desk| desk.memory().forget_page(Platform::Matrix, answer)).await;
            }
        }
        Ok(sent)
    }

    /// Says a sentence in a room.
    pub(super) async fn say(&self, room: &Room, sentence: &str, cause: Cause<'_>) {
        // Ours, without anything that HTML would take for its own.
        self.send(room, notice(sentence, sentence), cause).await;
    }

    async fn told_to_leave(&self, room: &Room, said: &Said) -> Option<Reply> {
        match self.departure(room, &said.sender).await {
            Departure::Leave => {}
            Departure::Refuse(reply) => return Some(*reply),
            Departure::Ignore => return None,
        }
        self.say(room, FAREWELL, Cause { event: &said.id, way: "leave" }).await;
        self.leave(room).await;
        None
    }
}
