//! The reason that a decision needs, where a press or a reaction gives none: who is asked for it, and who gives it.

use crate::{
    commands::{calls, missing_sentence, with_value},
    desk::{Desk, deliveries::MemoryError, reviews::ReviewMessage},
    model::{ChangeId, Identity},
    reply::{Block, CommandCall, Outcome, Reply, Text},
};

/// Whether a call lacks its reason, and nothing else, so that it has to be asked for.
#[must_use]
pub fn lacks_reason(call: &CommandCall) -> bool {
    missing_sentence(call).is_some()
}

/// What becomes of a call that lacks its reason.
#[derive(Debug, Clone)]
pub enum ReasonStep {
    /// It is asked for.
    Ask,
    /// This is said instead.
    Refuse(Box<Reply>),
}

/// What becomes of a call that lacks its reason: nobody is asked for one who may not give it.
///
/// # Errors
/// When the roles can't be read.
pub fn reason_step(desk: &Desk, call: &CommandCall, actor: &Identity) -> Result<ReasonStep, MemoryError> {
    let lacks_role = desk.lacks_role(call, actor)?;
    Ok(lacks_role.map_or(ReasonStep::Ask, |refusal| ReasonStep::Refuse(Box::new(refusal))))
}

/// The call with the reason that it lacked; `None` where it lacks none.
#[must_use]
pub fn with_reason(call: &CommandCall, reason: &str) -> Option<CommandCall> {
    missing_sentence(call).map(|parameter| with_value(call, parameter, reason))
}

/// What a reason is asked for with, where there is a form for it.
pub const WHY: &str = "Why, in a sentence";

/// Who reads a reason.
pub const WHO_READS_WHY: &str = "The one who proposed it reads this";

/// The question for the reason, where it is given by answering a message.
#[must_use]
pub fn why_is_it_rejected(change: ChangeId) -> Reply {
    Reply::new(Outcome::Answered)
        .heading(Text::from("Why is ").id(change).plain(" rejected?"))
        .paragraph("Answer this message with the reason; its author sees it.")
        .hint(Text::from("Or write ").ask(calls::reject_typed(change)))
}

/// Whether one may decide under a message, and isn't asked for a reason there.
#[must_use]
pub fn takes_decision(message: &ReviewMessage) -> bool {
    message.asked.is_none()
}

/// Whether what someone answers to a message is the reason that they were asked for there: nobody else gives it for
/// them, and a command with what stands before commands is a command.
#[must_use]
pub fn gives_reason(message: &ReviewMessage, who: &str, channel: &str, prefix: Option<&str>, text: &str) -> bool {
    let is_command = prefix.is_some_and(|prefix| text.trim_start().starts_with(prefix));
    message.asked.as_deref() == Some(who) && message.channel == channel && !is_command
}

/// A reply that says whom it is for, where several may have decided under one message.
#[must_use]
pub fn addressed_to(who: &str, mut reply: Reply) -> Reply {
    reply.blocks.insert(0, Block::Paragraph(Text::from(format!("To {who}:"))));
    reply
}

/// Under which name it is kept that someone was told what stands in the way of their decision: that is said once under
/// each message. `None` where nothing does.
#[must_use]
pub fn told_once(reply: &Reply, message: &str, who: &str) -> Option<String> {
    (reply.outcome != Outcome::Answered).then(|| format!("decide {message} {who}"))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::model::{ChangeVersion, Platform};

    #[test]
    fn the_reason_is_what_the_one_who_was_asked_answers_there() {
        let message = ReviewMessage {
            platform: Platform::Matrix,
            channel: "room".to_owned(),
            message: "message".to_owned(),
            change: ChangeId(7),
            seen: ChangeVersion::of("0"),
            asked: Some("rosa".to_owned()),
            at: Timestamp::UNIX_EPOCH,
        };
        assert!(!takes_decision(&message) && takes_decision(&ReviewMessage { asked: None, ..message.clone() }));
        for (who, channel, prefix, text, gives) in [
            ("rosa", "room", Some("!"), "Not so.", true),
            ("rosa", "room", None, "!approve C7", true),
            ("rosa", "room", Some("!"), " !approve C7", false),
            ("rosa", "other", Some("!"), "Not so.", false),
            ("cleo", "room", Some("!"), "Not so.", false),
        ] {
            assert_eq!(gives_reason(&message, who, channel, prefix, text), gives, "{who} {channel} {prefix:?} {text}");
        }
        let unasked = ReviewMessage { asked: None, ..message };
        assert!(!gives_reason(&unasked, "rosa", "room", None, "Not so."));
    }

    #[test]
    fn what_stands_in_the_way_is_said_once_and_what_was_done_each_time() {
        assert_eq!(told_once(&Reply::new(Outcome::Answered), "m", "rosa"), None);
        assert_eq!(told_once(&Reply::new(Outcome::Misused), "m", "rosa").as_deref(), Some("decide m rosa"));
    }
}
