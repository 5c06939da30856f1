//! Reactions: those that turn pages, and the one that asks to check a message.

use jiff::Timestamp;
use matrix_sdk::{
    Room,
    ruma::{EventId, UserId, events::MessageLikeEventType},
};

use super::{
    answer::{AnswerEvent, NEXT, PREVIOUS, show},
    bot::MatrixBot,
    places::place_of,
    send::Cause,
};
use crate::{
    commands::calls,
    desk::{ChatOrigin, Invocation, Request, pages::AnswerPage},
    frontend::{Admitted, Asker, EventKind, SeenBy, Voice, completed, request, turned_call},
    model::Platform,
    reply::CommandCall,
};

/// Marks on record that a message was checked for a reaction, whoever put it.
const CHECKED: &str = "check";

/// What a reaction asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Press {
    Previous,
    Next,
    Check,
}

impl MatrixBot {
    /// What a reaction asks; most ask nothing.
    pub(super) fn press(&self, key: &str) -> Option<Press> {
        // Clients differ in whether they add the sign that makes a character an emoji.
        let bare = |text: &str| text.replace('\u{fe0f}', "");
        let key = bare(key);
        if key == PREVIOUS {
            Some(Press::Previous)
        } else if key == NEXT {
            Some(Press::Next)
        } else if self.config.reaction.as_deref().is_some_and(|reaction| bare(reaction) == key) {
            Some(Press::Check)
        } else {
            None
        }
    }

    /// Someone reacted to a message.
    pub(super) async fn reacted(&self, room: &Room, id: String, sender: String, message: String, key: String) {
        match self.press(&key) {
            Some(Press::Check) => self.check_by_reaction(room, &id, &sender, &message).await,
            Some(press) => self.turn(room, &id, &sender, &message, press).await,
            None => {}
        }
    }

    /// Turns the page of an answer, for the one who asked and for moderators.
    async fn turn(&self, room: &Room, id: &str, sender: &str, message: &str, press: Press) {
        let Some(page) = self.page(message).await.filter(|page| page.channel == room.room_id().as_str()) else {
            return;
        };
        let by = if page.asker == sender { Asker::Themselves } else { Asker::Unknown };
        // What follows on stays the asker's; the limits are those of the one who turns.
        let Some(asked) = turned_call(&Invocation::of_line(&page.ask)) else { return };
        let turned = Invocation::Call(asked.clone());
        let Some((verdict, counted)) = self.settle(room, sender, EventKind::ReactedToTurn { by }, turned).await else {
            return;
        };
        if !matches!(self.admit(&counted, verdict), Admitted::Granted(_)) {
            return;
        }
        let Some(here) = self.part(room, &page.asker, asked, page.part).await else { return };
        let to = if press == Press::Previous { here.previous } else { here.next };
        if let Some((call, part)) = to
            && let Some(shown) = self.part(room, &page.asker, call, part).await
        {
            let turned = shown.clone();
            if self.replace(room, shown, message, Cause { event: id, way: "turn" }, &page.asker).await.is_some() {
                self.delivered_unasked(room, message, &turned).await;
                self.offer_decision(room, message, turned.review).await;
            }
        }
        // Taken away, the reaction can be put again; where the bot may not, its owner takes it away.
        let may = match room.power_levels().await {
            Ok(levels) => levels.user_can_redact_event_of_other(&self.id),
            Err(_) => false,
        };
        if may && EventId::parse(id).is_ok() {
            self.take_back(room, id, Cause { event: id, way: "press" }).await;
        }
    }

    /// One part of the answer to a call.
    async fn part(&self, room: &Room, asker: &str, here: CommandCall, part: usize) -> Option<AnswerEvent> {
        let place = place_of(room);
        let origin = ChatOrigin {
            community: place.community,
            channel: place.channel,
            parent: None,
            may_manage_community: false,
            may_moderate_channel: false,
            seen_by: SeenBy::Everyone,
        };
        let request = request(Platform::Matrix, asker, origin, Invocation::Call(here.clone()))?;
        let reply = self.handle.answer(request).await;
        Some(show(&reply, Some(&here), part, &self.shown_prefix(room)))
    }

    /// Checks a message that someone put the reaction on, as if they had replied to it.
    async fn check_by_reaction(&self, room: &Room, id: &str, sender: &str, message: &str) {
        let Ok(user) = UserId::parse(sender) else { return };
        let voice = match room.power_levels().await {
            Ok(levels) if levels.user_can_send_message(&user, MessageLikeEventType::RoomMessage) => Voice::Heard,
            Ok(_) | Err(_) => Voice::Mute,
        };
        // Several who put the same reaction ask once.
        let known = format!("{CHECKED} {message}");
        if self.delivery(id).await.is_some() || self.delivery(&known).await.is_some() {
            return;
        }
        let unread = calls::check("");
        let asked = Invocation::Call(unread.clone());
        let Some((verdict, mut request)) = self.settle(room, sender, EventKind::ReactedToCheck { voice }, asked).await
        else {
            return;
        };
        let admitted = self.admit(&request, verdict);
        if matches!(admitted, Admitted::Silent) {
            return;
        }
        let (quoted, thread) = self.quoted_in_thread(room, message).await;
        let reply = match admitted {
            Admitted::Granted(permit) => match quoted.check() {
                Ok(check) => {
                    request.invocation = check.invocation;
                    completed(self.handle.answer(request).await, permit.subject, check.read)
                }
                Err(reply) => *reply,
            },
            Admitted::Told(reply) => *reply,
            Admitted::Silent => return,
        };
        let shown = show(&reply, Some(&unread), 0, &self.shown_prefix(room));
        let content = super::answer::replying(shown.content, message, thread.as_deref());
        let cause = Cause { event: message, way: CHECKED };
        let Some(answer) = self.send(room, content, cause).await else { return };
        self.delivered(room, id, &answer, shown.records.clone()).await;
        self.delivered(room, &known, &answer, shown.records).await;
    }

    /// The call for what follows on the last answer that someone got in a room.
    pub(super) async fn next_page(&self, room: &Room, asker: &str, request: &Request) -> Option<CommandCall> {
        let (channel, user) = (room.room_id().to_string(), asker.to_owned());
        let last = self.handle.run(move |desk| desk.memory().last_page(Platform::Matrix, &channel, &user)).await;
        let page = last.ok()?.ok()??;
        let request = Request { invocation: Invocation::of_line(&page.ask), ..request.clone() };
        let reply = self.handle.answer(request).await;
        reply.page?.next()
    }

    async fn page(&self, answer: &str) -> Option<AnswerPage> {
        let answer = answer.to_owned();
        self.handle.run(move |desk| desk.memory().page(Platform::Matrix, &answer)).await.ok()?.ok()?
    }
}

/// What is to be kept of an answer, so that its pages turn after a restart; nothing of one that is whole.
pub(super) fn page_of(shown: &AnswerEvent, room: &Room, answer: &str, asker: &str) -> Option<AnswerPage> {
    let (call, part) = shown.here.as_ref().filter(|_| shown.previous.is_some() || shown.next.is_some())?;
    Some(AnswerPage {
        platform: Platform::Matrix,
        answer: answer.to_owned(),
        channel: room.room_id().to_string(),
        asker: asker.to_owned(),
        ask: call.as_str().to_owned(),
        part: *part,
        at: Timestamp::now(),
    })
}
