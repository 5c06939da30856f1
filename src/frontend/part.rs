//! A part of an answer, where one message doesn't hold all of it: what is before and after it, and what may be done
//! under it.

use crate::{
    commands::calls,
    desk::Invocation,
    reply::{Action, CommandCall, Offered, Outcome, Page, Reply, ReviewedChange},
};

/// A part of the answer to a call, counted from 0.
pub type PartOfCall = (CommandCall, usize);

/// The last part of a page, whatever its number: no page has so many.
const LAST: usize = 999;

/// The call whose pages and parts are turned under the answer to what is asked. What was done isn't done again by that:
/// it leads to what waits.
#[must_use]
pub fn turned_call(asked: &Invocation) -> Option<CommandCall> {
    match asked.command() {
        Some(spec) if spec.acts() => Some(calls::queue()),
        Some(_) | None => asked.call(),
    }
}

/// A part of an answer.
#[derive(Debug, Clone, Copy)]
pub struct AnswerPart<'a> {
    reply: &'a Reply,
    here: Option<&'a CommandCall>,
    number: usize,
    parts: usize,
}

impl<'a> AnswerPart<'a> {
    /// Part `number` of the `parts` of a reply to the call `here`; to what is none where it was put wrongly. A number
    /// that is too high means the last.
    #[must_use]
    pub fn new(reply: &'a Reply, here: Option<&'a CommandCall>, number: usize, parts: usize) -> Self {
        Self { reply, here, number: number.min(parts.saturating_sub(1)), parts }
    }

    /// Its number, from 0.
    #[must_use]
    pub const fn number(&self) -> usize {
        self.number
    }

    /// It itself, where it answers a call.
    #[must_use]
    pub fn here(&self) -> Option<PartOfCall> {
        self.at(self.number)
    }

    /// What comes before it: the part before, or the end of the page before.
    #[must_use]
    pub fn previous(&self) -> Option<PartOfCall> {
        match self.number.checked_sub(1) {
            Some(before) => self.at(before),
            None => self.reply.page.as_deref().and_then(Page::previous).map(|call| (call, LAST)),
        }
    }

    /// What comes after it: the part after, or the beginning of the page after.
    #[must_use]
    pub fn next(&self) -> Option<PartOfCall> {
        if self.is_last() {
            self.reply.page.as_deref().and_then(Page::next).map(|call| (call, 0))
        } else {
            self.at(self.number + 1)
        }
    }

    /// What is offered under it. What is about all of an answer isn't, but under its end.
    pub fn actions(&self) -> impl Iterator<Item = &'a Action> + use<'a> {
        let is_last = self.is_last();
        self.reply.actions.iter().filter(move |action| is_last || action.offered != Offered::AtTheEnd)
    }

    /// The change that may be decided on under it: nothing is approved from a part of what there is to look at.
    #[must_use]
    pub fn review(&self) -> Option<&'a ReviewedChange> {
        self.reply.review.as_deref().filter(|_| self.is_last())
    }

    /// Whether others have something of it: what was not found, or put wrongly, is posted for nobody else.
    #[must_use]
    pub fn is_worth_posting(&self) -> bool {
        self.reply.outcome == Outcome::Answered
    }

    fn is_last(&self) -> bool {
        self.number + 1 >= self.parts
    }

    fn at(&self, part: usize) -> Option<PartOfCall> {
        self.here.map(|call| (call.clone(), part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ChangeId, ChangeVersion};

    fn turned(part: Option<PartOfCall>) -> String {
        part.map_or_else(|| "none".to_owned(), |(call, part)| format!("{} {part}", call.as_str()))
    }

    #[test]
    fn parts_are_turned_before_pages() {
        let here = calls::source("cranes").on_page(2);
        let reply = Reply::new(Outcome::Answered).on_page(Page::new(2, 3, calls::source("cranes")));
        for (number, parts, previous, next) in [
            (0, 1, "source cranes page:1 999", "source cranes page:3 0"),
            (0, 2, "source cranes page:1 999", "source cranes page:2 1"),
            (1, 2, "source cranes page:2 0", "source cranes page:3 0"),
            (1, 3, "source cranes page:2 0", "source cranes page:2 2"),
            (9, 3, "source cranes page:2 1", "source cranes page:3 0"),
        ] {
            let part = AnswerPart::new(&reply, Some(&here), number, parts);
            assert_eq!((turned(part.previous()).as_str(), turned(part.next()).as_str()), (previous, next));
        }
        let alone = Reply::new(Outcome::Misused);
        let part = AnswerPart::new(&alone, None, 0, 2);
        assert_eq!((part.previous(), part.next(), part.here()), (None, None, None));
        assert!(!part.is_worth_posting());
    }

    #[test]
    fn what_is_about_all_of_an_answer_is_offered_at_its_end() {
        let (id, seen) = (ChangeId(7), ChangeVersion::of("0"));
        let reply = Reply::new(Outcome::Answered)
            .action("Open", calls::show(id))
            .approval(calls::approve(id, &seen), ReviewedChange { id, seen });
        for (number, offered) in [(0, 1), (1, 1), (2, 2)] {
            let part = AnswerPart::new(&reply, None, number, 3);
            assert_eq!((part.actions().count(), part.review().is_some()), (offered, offered == 2), "{number}");
        }
    }

    #[test]
    fn what_was_done_is_not_done_again_by_turning_its_parts() {
        for (asked, turned) in [
            ("source cranes", Some("source cranes")),
            ("review C7", Some("review C7")),
            ("approve C7", Some("queue")),
            ("suggest https://example.org/a", Some("queue")),
            ("add statement", Some("queue")),
            ("watch cranes", Some("queue")),
            ("no command", None),
        ] {
            let call = turned_call(&Invocation::of_line(asked));
            assert_eq!(call.as_ref().map(CommandCall::as_str), turned, "{asked}");
        }
    }
}
