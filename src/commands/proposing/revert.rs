//! `revert`: the opposite of an approved change, as a proposal.

use crate::commands::{
    Arguments, CommandError, Context, calls,
    proposing::fields::ReferenceNames,
    proposing::propose::hand_in,
    refused::{line, unreadable},
};
use crate::{
    model::{
        Announcement, ChangeState, FieldConflict, HeldRecord, Key, Operation, RecordKey, RecordKind, Reference,
        Sequence, SingleLine, rebase,
    },
    reply::{Outcome, Reply, Text},
};

pub(in crate::commands) fn revert(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let Some(Reference::Change(id)) = arguments.reference() else {
        return Err(unreadable("id", "name an approved change, like C41"));
    };
    let change = context.records.change(id)?;
    let ChangeState::Approved(approved) = &change.state else {
        return Ok(Reply::new(Outcome::Misused)
            .heading(format!("{id} was not approved, so there is nothing to turn back."))
            .hint(Text::from("Its author can take it back: ").ask(calls::withdraw(id))));
    };
    let note = arguments.sentence("reason");
    let reason = line(&note.as_ref().map_or_else(|| format!("{id} was turned back."), ToString::to_string))?;
    let mut back = Back {
        context,
        sequence: approved.sequence,
        reason,
        opposites: Vec::new(),
        conflicts: Vec::new(),
        left: Vec::new(),
    };
    for operation in change.proposal.operations.iter().rev() {
        if let Err(why) = back.turn(operation)? {
            return Ok(cannot_revert(&why));
        }
    }
    if !back.conflicts.is_empty() {
        let names = ReferenceNames { context, operations: &back.opposites };
        let items = back.conflicts.iter().map(|conflict| names.conflict(conflict)).collect::<Result<Vec<_>, _>>()?;
        return Ok(cannot_revert("what it changed was changed again since").list(items));
    }
    let mut reply = hand_in(context, &format!("Turn back {id}"), note, back.opposites)?;
    if !back.left.is_empty() {
        let mut text = Text::from("Retracted or merged away, and left pointing to where the merge had them point: ");
        for (at, name) in back.left.iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            text = match context.records.record_id(name)? {
                Some(id) => text.plain(comma).id(id),
                None => text.plain(format!("{comma}{name}")),
            };
        }
        reply = reply.warning(text);
    }
    Ok(reply)
}

fn cannot_revert(why: &str) -> Reply {
    Reply::new(Outcome::Misused)
        .heading(format!("That change can't be turned back: {why}."))
        .paragraph("Nothing was proposed.")
}

/// The way back, as far as it was found.
struct Back<'a> {
    context: &'a Context<'a>,
    /// The place in the history of what is turned back.
    sequence: Sequence,
    reason: SingleLine,
    opposites: Vec<Operation>,
    conflicts: Vec<FieldConflict>,
    /// What should point back and can't be edited, as it is out of force.
    left: Vec<RecordKey>,
}

/// Done, or why it can't be.
type Turned = Result<Result<(), String>, CommandError>;

impl Back<'_> {
    /// Adds the opposite of one operation.
    fn turn(&mut self, operation: &Operation) -> Turned {
        let target = operation.target();
        let announcement = Announcement { on: None, reason: self.reason.clone() };
        match operation {
            Operation::Create { .. } => self.opposites.push(Operation::Retract { target, announcement }),
            Operation::Retract { .. } => self.opposites.push(Operation::Restore { target }),
            Operation::Restore { .. } => {
                let before = self.context.records.version(&target, self.sequence.previous())?;
                // What stood alone again is merged again.
                self.opposites.push(match before.and_then(|held| held.standing.merged_into) {
                    Some(into) => Operation::Merge { from: target.key, into },
                    None => Operation::Retract { target, announcement },
                });
            }
            Operation::Edit { corrections, .. } => {
                // What was told to readers must be told again when it is taken back.
                let told = if corrections.is_empty() { Vec::new() } else { vec![announcement] };
                return self.as_before(&target, told);
            }
            Operation::Merge { from, into } => return self.apart(from, into),
            Operation::Purge { .. } | Operation::Removed { .. } => {
                return Ok(Err("what was purged is not there any more".to_owned()));
            }
        }
        Ok(Ok(()))
    }

    /// A record as it was before the change, but for what others changed since.
    fn as_before(&mut self, name: &RecordKey, corrections: Vec<Announcement>) -> Turned {
        let is_it = |operation: &Operation| matches!(operation, Operation::Edit { .. }) && operation.target() == *name;
        if self.opposites.iter().any(is_it) {
            return Ok(Ok(()));
        }
        let Some([before, after, now]) = self.versions(name)? else {
            return Ok(Err(format!("what the {name} was before is no longer there")));
        };
        match rebase(&after.record, &now.record, &before.record) {
            Ok(record) => self.opposites.push(Operation::Edit { record, corrections, vetted: None }),
            Err(found) => self.conflicts.extend(found),
        }
        Ok(Ok(()))
    }

    /// A record before the change, after it, and now; `None` where one of them is not there.
    fn versions(&self, name: &RecordKey) -> Result<Option<[HeldRecord; 3]>, CommandError> {
        let records = self.context.records;
        let before = records.version(name, self.sequence.previous())?;
        let after = records.version(name, self.sequence)?;
        let now = records.held(name)?;
        Ok(before.zip(after).zip(now).map(|((before, after), now)| [before, after, now]))
    }

    /// Two entities of one: the first stands alone again, the second gives back the names that it took over,
    /// and what pointed to the first and still points to the second points back.
    fn apart(&mut self, from: &Key, into: &Key) -> Turned {
        let records = self.context.records;
        let of = |key: &Key| RecordKey::new(RecordKind::Entity, key.clone());
        let (from, into) = (of(from), of(into));
        let (Some(gone), Some(kept)) = (records.held(&from)?, records.held(&into)?) else {
            return Ok(Err(format!("the {from} or the {into} is no longer there")));
        };
        if gone.standing.merged_into.as_ref() != Some(&into.key) {
            return Ok(Err(format!("the {from} is not merged into the {into} any more")));
        }
        if !kept.standing.is_in_force() {
            return Ok(Err(format!("the {into} is itself retracted or merged away by now; turn that back first")));
        }
        self.opposites.push(Operation::Restore { target: from.clone() });
        if let Err(why) = self.as_before(&into, Vec::new())? {
            return Ok(Err(why));
        }
        for name in records.referrers(&into)? {
            let Some(before) = records.version(&name, self.sequence.previous())? else { continue };
            if !before.record.references().iter().any(|(_, pointed)| *pointed == from) {
                continue;
            }
            if !records.held(&name)?.is_some_and(|held| held.standing.is_in_force()) {
                self.left.push(name);
                continue;
            }
            if let Err(why) = self.as_before(&name, Vec::new())? {
                return Ok(Err(why));
            }
        }
        Ok(Ok(()))
    }
}
