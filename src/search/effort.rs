//! How much may be spent on understanding one question, so that none takes long, whatever it is made of.

use crate::model::EntityId;
use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
};

use super::Names;

/// How often names near to what was typed are looked for in one question. Each time takes an automaton of what was
/// typed, some tenths of a millisecond. What comes later is taken as it was typed.
const LOOKED_NEAR: usize = 64;

/// How many words of a question are looked up in the index to see whether any text has them: a few times as many as are
/// looked for, as words that carry nothing are among them.
const LOOKED_UP: usize = 128;

/// What may still be spent on one question.
#[derive(Debug)]
pub(super) struct Effort<'a> {
    names: &'a Names,
    near: Cell<usize>,
    looked_up: Cell<usize>,
    /// What was found near to what was typed before, in whole names and in words of names.
    found: RefCell<HashMap<(bool, String), Vec<EntityId>>>,
}

impl<'a> Effort<'a> {
    pub(super) fn new(names: &'a Names) -> Self {
        Self { names, near: Cell::new(LOOKED_NEAR), looked_up: Cell::new(LOOKED_UP), found: RefCell::default() }
    }

    /// As [`Names::nearest`]; nothing once enough was spent.
    pub(super) fn nearest(&self, key: &str) -> Vec<EntityId> {
        self.near(false, key)
    }

    /// As [`Names::with_word_near`]; nothing once enough was spent.
    pub(super) fn with_word_near(&self, word: &str) -> Vec<EntityId> {
        self.near(true, word)
    }

    /// How often names near to what was typed were looked for.
    pub(super) fn looked_near(&self) -> usize {
        LOOKED_NEAR - self.near.get()
    }

    /// Whether one more word may be looked up in the index.
    pub(super) fn may_look_up(&self) -> bool {
        let left = self.looked_up.get();
        self.looked_up.set(left.saturating_sub(1));
        left > 0
    }

    fn near(&self, of_words: bool, key: &str) -> Vec<EntityId> {
        let place = (of_words, key.to_owned());
        if let Some(found) = self.found.borrow().get(&place) {
            return found.clone();
        }
        let left = self.near.get();
        if left == 0 {
            return Vec::new();
        }
        self.near.set(left - 1);
        let found = if of_words { self.names.with_word_near(key) } else { self.names.nearest(key) };
        self.found.borrow_mut().insert(place, found.clone());
        found
    }
}
