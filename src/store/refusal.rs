//! What the store refuses people, each with all that must be said about it. Nothing was changed.

use crate::model::{ChangeId, FieldConflict, Identity, Role, SuggestionId, ledger::BrokenRule};

/// What someone can't have, as things stand: their mistake, or bad luck, and never a fault of the program.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// A rule of the records is broken.
    #[error(transparent)]
    Rule(#[from] BrokenRule),
    /// There is no such change.
    #[error("there is no change {0}")]
    NoSuchChange(ChangeId),
    /// The change was decided before.
    #[error("the change {0} was decided before")]
    AlreadyDecided(ChangeId),
    /// A change must be decided by someone other than its author.
    #[error("a change is decided by someone other than its author ({0})")]
    OwnChange(Identity),
    /// Someone lacks a role, at the moment at which it is done.
    #[error("that needs the role {needed}, and yours is {has}")]
    NeedsRole {
        /// The role that is needed.
        needed: Role,
        /// The role that they have.
        has: Role,
    },
    /// An admin of the configuration keeps the role whatever other admins say.
    #[error("{0} is an admin by ONRECORD_ADMINS; only whoever runs the bot can change that")]
    ConfiguredAdmin(Identity),
    /// Self-approval is for those who are alone.
    #[error("ONRECORD_SOLO allows to approve one's own proposals only where there is one reviewer, and there are more")]
    NotAlone,
    /// What was proposed contradicts what others changed in the meantime.
    #[error("the change {0} contradicts what was changed in the meantime")]
    Conflict(ChangeId, Vec<FieldConflict>),
    /// The proposal is another than the one that the reviewer looked at.
    #[error("{0} is not what you looked at any more: its author changed it, or what was approved since did")]
    Amended(ChangeId),
    /// The reviewer hasn't looked at the proposal.
    #[error("you have not looked at {0}")]
    NotSeen(ChangeId),
    /// The reviewer has looked at a part of the proposal.
    #[error("you have seen {shown} of the {operations} operations of {change}")]
    PartlySeen {
        /// The change.
        change: ChangeId,
        /// How many of its operations they have seen, from the first on.
        shown: usize,
        /// How many there are.
        operations: usize,
    },
    /// The change is not what this program wrote last.
    #[error(
        "the change {0} was altered outside of this program; nothing was done. onrecord verify tells what else is, and a backup has it as it was"
    )]
    Altered(ChangeId),
    /// The change waits for its author.
    #[error("the change {0} waits for its author, who was asked to change something")]
    Returned(ChangeId),
    /// Only its author may do that.
    #[error("only the author of {0} may do that")]
    NotAuthor(ChangeId),
    /// Another reviewer works on the change.
    #[error("{1} works on the change {0}")]
    Claimed(ChangeId, Identity),
    /// There is no suggestion of this number that waits.
    #[error("no suggestion {0} waits")]
    NoSuchSuggestion(SuggestionId),
    /// Admins are heard by whatever they did.
    #[error("{0} is an admin, or the same person as one, and can't be blocked; take the role first")]
    IsAdmin(Identity),
    /// Whoever sits at the machine needs no bot.
    #[error("{0} is no account of a chat; whoever sits at the machine can't be blocked")]
    OfTheMachine(Identity),
    /// Nothing to lift.
    #[error("{0} isn't blocked")]
    NotBlocked(Identity),
    /// Someone has proposed the very same, and it waits.
    #[error("you have proposed the very same in {0}, which waits; change that one with amend, or withdraw it first")]
    Repeated(ChangeId),
    /// Someone has proposed more than anyone can look at.
    #[error(
        "{0} of your proposals wait, as many as one person may have; withdraw one, or wait until some were decided on"
    )]
    TooManyProposals(usize),
    /// Someone has begun more forms than they can fill in.
    #[error("you have begun {0} forms, as many as one person may; hand one in or write cancel where you began it")]
    TooManyForms(usize),
    /// Someone has handed in more than anyone can look at.
    #[error("as many of your suggestions wait as one person may have; ask again when some were looked at")]
    TooManySuggestions,
    /// Someone has handed in too many within a day.
    #[error("you have handed in as many links within 24 hours as one person may; ask again tomorrow")]
    TooManyToday,
}
