//! Deciding on changes by reactions: under a review the bot puts ✅ and ❌. They stand for the commands `approve`
//! and `reject`, carried out for whoever reacts; a rejection's reason is asked for, and given by answering.

use jiff::Timestamp;
use matrix_sdk::Room;

use super::{
    answer::{APPROVE, REJECT, replying, show},
    bot::MatrixBot,
    event::Said,
    places::community,
    send::Cause,
};
use crate::{
    commands::calls,
    desk::{Invocation, deliveries::Shown, reviews::ReviewMessage},
    frontend::{
        Admitted, EventKind, ReasonStep, addressed_to, gives_reason, reason_step, takes_decision, told_once,
        why_is_it_rejected,
    },
    model::{ChangeId, ChangeVersion, Platform},
    reply::{CommandCall, Reply, ReviewedChange},
};

/// A reaction without the sign by which some clients make a character an emoji.
fn bare(key: &str) -> String {
    key.replace('\u{fe0f}', "")
}

impl MatrixBot {
    /// Reads from the records under which messages one may decide. To be called before events are worked on.
    pub(super) async fn load_reviews(&self) {
        match self.handle.run(|desk| desk.memory().review_messages(Platform::Matrix)).await {
            Ok(Ok(messages)) => messages.into_iter().for_each(|message| self.reviews.put(message)),
            Ok(Err(error)) => tracing::warn!(%error, "reviews of earlier can't be decided on by reactions"),
            Err(error) => tracing::warn!(%error, "reviews of earlier can't be decided on by reactions"),
        }
    }

    /// Whether a reaction decides on a change.
    pub(super) fn is_decision(&self, message: &str, key: &str) -> bool {
        [APPROVE, REJECT].contains(&bare(key).as_str())
            && self.reviews.get(message).is_some_and(|review| takes_decision(&review))
    }

    /// Whether a message gives the reason that its sender was asked for.
    pub(super) fn is_reason(&self, room: &Room, said: &Said) -> bool {
        let Some(question) = said.reply_to.as_deref().and_then(|message| self.reviews.get(message)) else {
            return false;
        };
        let prefix = self.prefix_in(community(room).as_deref());
        gives_reason(&question, &said.sender, room.room_id().as_str(), prefix.as_deref(), &said.body)
    }

    /// Puts the reactions under an answer that shows a change for review, or, where the answer to an edited
    /// question no longer does, has them mean nothing.
    pub(super) async fn offer_decision(&self, room: &Room, answer: &str, review: Option<ReviewedChange>) {
        let Some(ReviewedChange { id: change, seen }) = review else {
            if self.reviews.take(answer).is_some() {
                let answer = answer.to_owned();
                self.handle.write(move |desk| desk.memory().forget_review_message(Platform::Matrix, answer)).await;
            }
            return;
        };
        self.keep_review(room, answer, change, seen, None).await;
        self.react(room, answer, APPROVE, "approve").await;
        self.react(room, answer, REJECT, "reject").await;
    }

    async fn keep_review(
        &self,
        room: &Room,
        message: &str,
        change: ChangeId,
        seen: ChangeVersion,
        asked: Option<&str>,
    ) {
        let review = ReviewMessage {
            platform: Platform::Matrix,
            channel: room.room_id().to_string(),
            message: message.to_owned(),
            change,
            seen,
            asked: asked.map(str::to_owned),
            at: Timestamp::now(),
        };
        self.reviews.put(review.clone());
        self.handle.write(move |desk| desk.memory().keep_review_message(review)).await;
    }

    /// Someone put one of the reactions on a review.
    pub(super) async fn decided(&self, room: &Room, id: &str, sender: &str, message: &str, key: &str) {
        let Some(review) = self.reviews.get(message).filter(|review| review.channel == room.room_id().as_str()) else {
            return;
        };
        let (change, seen) = (review.change, review.seen);
        if bare(key) == APPROVE {
            let approve = calls::approve(change, &seen);
            self.carry_out(room, Cause { event: id, way: "decide" }, sender, message, approve).await;
            return;
        }
        let reject = calls::reject(change, &seen, None);
        let asked = Invocation::Call(reject.clone());
        let Some((verdict, request)) = self.settle(room, sender, EventKind::Decided, asked).await else { return };
        let actor = request.actor.clone();
        let Ok(Ok(step)) = self.handle.run(move |desk| reason_step(desk, &reject, &actor)).await else { return };
        if self.delivery(id).await.is_some() || !matches!(self.admit(&request, verdict), Admitted::Granted(_)) {
            return;
        }
        let cause = Cause { event: id, way: "decide" };
        if let ReasonStep::Refuse(refused) = step {
            self.tell(room, cause, sender, message, *refused).await;
            return;
        }
        let why = addressed_to(sender, why_is_it_rejected(change));
        let shown = show(&why, Some(&calls::queue()), 0, &self.shown_prefix(room));
        let thread = self.thread_of(room, message).await;
        let content = replying(shown.content, message, thread.as_deref());
        let Some(asked) = self.send(room, content, cause).await else { return };
        self.delivered(room, id, &asked, Shown::default()).await;
        self.keep_review(room, &asked, change, seen, Some(sender)).await;
    }

    /// Someone gave the reason that they were asked for.
    pub(super) async fn reason_given(&self, room: &Room, said: &Said) {
        let Some(question) = said.reply_to.as_deref().and_then(|message| self.reviews.get(message)) else { return };
        let reject = calls::reject(question.change, &question.seen, Some(said.body.trim()));
        self.carry_out(room, Cause { event: &said.id, way: "reason" }, &said.sender, &said.id, reject).await;
    }

    /// Carries a decision out for the one who made it, and says what became of it as an answer to `to`.
    async fn carry_out(&self, room: &Room, cause: Cause<'_>, sender: &str, to: &str, call: CommandCall) {
        let Some((verdict, request)) = self.settle(room, sender, EventKind::Decided, Invocation::Call(call)).await
        else {
            return;
        };
        // It was worked on before a restart.
        if self.delivery(cause.event).await.is_some() || !matches!(self.admit(&request, verdict), Admitted::Granted(_))
        {
            return;
        }
        let reply = self.handle.answer(request).await;
        self.tell(room, cause, sender, to, reply).await;
    }

    /// Says what became of a decision.
    async fn tell(&self, room: &Room, cause: Cause<'_>, sender: &str, to: &str, reply: Reply) {
        let known = told_once(&reply, to, sender);
        if let Some(known) = &known
            && self.delivery(known).await.is_some()
        {
            return;
        }
        let shown = show(&addressed_to(sender, reply), Some(&calls::queue()), 0, &self.shown_prefix(room));
        let thread = self.thread_of(room, to).await;
        let content = replying(shown.content, to, thread.as_deref());
        let Some(answer) = self.send(room, content, cause).await else { return };
        self.delivered(room, cause.event, &answer, shown.records).await;
        if let Some(known) = known {
            self.delivered(room, &known, &answer, Shown::default()).await;
        }
    }
}
