//! The messages seen lately: so that one that Discord delivers twice is answered once, and so that
//! an edit or a deletion finds its answer. Bounded; holds no words, only a hash of them.

use std::{
    collections::{HashMap, VecDeque},
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, Mutex, PoisonError},
};

/// How many questions are remembered.
const KEPT: usize = 10_000;

#[derive(Debug, Default)]
pub(super) struct RecentQuestions {
    state: Mutex<State>,
    /// The questions that are being worked on.
    turns: Mutex<HashMap<u64, Turn>>,
}

/// What a question's events take in turn: an edit waits until the answer is there that it changes.
type Turn = Arc<tokio::sync::Mutex<()>>;

#[derive(Debug, Default)]
struct State {
    known: HashMap<u64, Known>,
    order: VecDeque<u64>,
}

#[derive(Debug, Clone, Copy)]
struct Known {
    line: u64,
    answer: Option<u64>,
}

/// What a question is to the bot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Familiarity {
    /// Not seen before.
    New,
    /// Seen with just these words.
    Same,
    /// Seen with other words; and the message that answers it, if there is one.
    Changed(Option<u64>),
}

impl RecentQuestions {
    /// Does work on a question when the work before it is done.
    pub(super) async fn in_turn<T>(&self, question: u64, work: impl Future<Output = T>) -> T {
        let turn = {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(turns.entry(question).or_default())
        };
        let done = {
            let _mine = turn.lock().await;
            work.await
        };
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        // One for the table and one here: nobody else waits.
        if Arc::strong_count(&turn) == 2 {
            turns.remove(&question);
        }
        done
    }

    /// Notes a question with its words, and says what it was before.
    pub(super) fn note(&self, question: u64, line: &str) -> Familiarity {
        let mut hasher = DefaultHasher::new();
        line.hash(&mut hasher);
        let line = hasher.finish();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = state.known.get_mut(&question) {
            if known.line == line {
                return Familiarity::Same;
            }
            known.line = line;
            return Familiarity::Changed(known.answer);
        }
        state.known.insert(question, Known { line, answer: None });
        state.order.push_back(question);
        if state.order.len() > KEPT
            && let Some(oldest) = state.order.pop_front()
        {
            state.known.remove(&oldest);
        }
        Familiarity::New
    }

    /// Notes which message answers a question.
    pub(super) fn answered(&self, question: u64, answer: u64) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = state.known.get_mut(&question) {
            known.answer = Some(answer);
        }
    }

    /// The message that answers a question.
    pub(super) fn answer_to(&self, question: u64) -> Option<u64> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.known.get(&question).and_then(|known| known.answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_new_once_and_the_oldest_are_forgotten() {
        let recent = RecentQuestions::default();
        assert_eq!((recent.note(1, "a"), recent.note(1, "a")), (Familiarity::New, Familiarity::Same));
        recent.answered(1, 9);
        assert_eq!((recent.note(1, "b"), recent.answer_to(1)), (Familiarity::Changed(Some(9)), Some(9)));
        for question in 2..=10_001 {
            recent.note(question, "a");
        }
        assert_eq!(recent.note(1, "b"), Familiarity::New);
    }
}
