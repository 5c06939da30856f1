//! What people are told when they may not do what they ask for.

use super::{
    CommandError, CommandSpec, UsageError,
    asking::present::count,
    calls,
    definitions::{proposing::SUGGEST, reviewing::WITHDRAW},
};
use crate::{
    model::{ChangeId, Role, SingleLine},
    reply::{Outcome, Reply, Text},
    store::{Failure, Refusal},
};

/// A text of ours as a line that can be kept.
pub(super) fn line(text: &str) -> Result<SingleLine, CommandError> {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    one_line.parse().map_err(|error| CommandError::Failed(Failure::Unreadable(format!("{one_line:?}: {error}"))))
}

/// What was put wrongly, under the name of a parameter.
pub(super) fn unreadable(name: &'static str, message: impl Into<String>) -> CommandError {
    UsageError::Unreadable { name, message: message.into() }.into()
}

/// What those are told who lack the role that a command needs.
pub(crate) fn needs_role(spec: &CommandSpec, role: Role) -> Reply {
    Reply::new(Outcome::Misused)
        .heading(format!("{} is for those with the role {}; yours is {role}.", spec.name, spec.role))
        .paragraph("Nothing was changed.")
        .hint(match spec.role {
            Role::Reader | Role::Contributor => {
                Text::from("Admins give roles: ask one of them. Anyone may hand in a link: ")
                    .ask(SUGGEST.typed("URL NOTE"))
            }
            Role::Reviewer | Role::Admin => Text::from("Admins give roles: ask one of them."),
        })
}

/// What a person is told of what the store refuses them.
pub(crate) fn refused(refusal: &Refusal) -> Reply {
    let reply = |heading: String| Reply::new(Outcome::Misused).heading(heading).paragraph("Nothing was changed.");
    match refusal {
        Refusal::Rule(rule) => reply(format!("That can't be done: {rule}.")),
        Refusal::NoSuchChange(id) => Reply::new(Outcome::NothingFound).heading(format!("There is no change {id}.")),
        Refusal::AlreadyDecided(id) => {
            reply(format!("{id} was decided before.")).action(format!("Show {id}"), calls::review(*id))
        }
        Refusal::OwnChange(_) => reply("You proposed this yourself, so someone else decides on it.".to_owned()).hint(
            Text::from("Linked identities of one person count as one. To take it back: ").ask(WITHDRAW.typed("ID")),
        ),
        Refusal::NeedsRole { needed, has } => {
            reply(format!("That needs the role {needed}, and yours is {has} (by now)."))
        }
        Refusal::Conflict(id, _) => reply(format!("{id} contradicts what was changed since it was proposed."))
            .action(format!("Review {id}"), calls::review(*id))
            .hint(Text::from("Send it back: ").ask(calls::request_changes_typed(*id))),
        Refusal::Amended(id) => look(
            reply(format!(
                "{id} is not what you looked at any more: its author changed it, or what was approved since did."
            )),
            "Look again: ",
            *id,
            1,
        ),
        Refusal::NotSeen(id) => look(
            reply(format!("You haven't looked at {id}, and decide on what you have seen.")),
            "Look at it first: ",
            *id,
            1,
        ),
        Refusal::PartlySeen { change, shown, operations } => look(
            reply(format!(
                "You have seen {shown} of the {} of {change}.",
                count(*operations, "operation", "operations")
            )),
            "Read on: ",
            *change,
            2,
        ),
        Refusal::Repeated(id) => Reply::new(Outcome::Misused)
            .heading(format!("You have proposed the very same in {id}, which waits."))
            .paragraph("Nothing was proposed a second time.")
            .action(format!("Review {id}"), calls::review(*id))
            .hint(
                Text::from("Change that one: ")
                    .ask(calls::amend_typed(*id))
                    .plain(", or take it back: ")
                    .ask(calls::withdraw(*id)),
            ),
        Refusal::Altered(id) => reply(format!(
            "{id} is not as it was written last: something else than this program altered it."
        ))
        .hint(
            "Whoever runs the bot must know. onrecord verify says what else is altered, and a backup has it as it was.",
        ),
        Refusal::Claimed(id, other) => reply(format!("{other} works on {id}. A claim ends after 30 minutes.")),
        Refusal::Returned(_)
        | Refusal::NotAuthor(_)
        | Refusal::ConfiguredAdmin(_)
        | Refusal::NotAlone
        | Refusal::IsAdmin(_)
        | Refusal::OfTheMachine(_)
        | Refusal::NotBlocked(_)
        | Refusal::TooManyProposals(_)
        | Refusal::TooManyForms(_)
        | Refusal::NoSuchSuggestion(_)
        | Refusal::TooManySuggestions
        | Refusal::TooManyToday => reply(sentence(&refusal.to_string())),
    }
}

/// Has someone look at a change before they decide on it.
fn look(reply: Reply, why: &str, id: ChangeId, page: usize) -> Reply {
    let first = calls::review(id);
    let call = if page == 1 { first } else { first.on_page(page) };
    reply.action(format!("Review {id}"), call.clone()).hint(Text::from(why).ask(call))
}

/// A message as a sentence.
pub(super) fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", characters.as_str().trim_end_matches('.'))
}
