//! What a question means, once it is understood: the entities that it names, the words that are looked for, the places
//! that aren't on record.

use crate::{
    gazetteer::{Gazetteer, PlaceNumber},
    model::{Date, EntityId, Language},
};

/// How many words of a question are looked for, the first ones. Whoever has more has a message, and that is what `check`
/// reads.
pub const MOST_WORDS: usize = 32;

/// How many names, phrases, exclusions and languages of a question are minded, the first ones. Each name is a clause for
/// all that belongs to what it names.
pub const MOST_CONDITIONS: usize = 24;

/// The part that an entity must play in what is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// Any: it speaks, answers, publishes or is spoken of.
    Any,
    /// It speaks.
    Speaker,
    /// It is spoken of.
    Subject,
    /// It speaks, answers or is spoken of.
    Party,
    /// It published a source.
    Publisher,
}

/// Why a name in a question stands for several entities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Several {
    /// One of them is meant, and it isn't said which.
    OneOfThem,
    /// The question names each, and any will do: "sydney or dublin".
    AnyOfThem,
    /// They lie in a place that is no entity itself.
    In(PlaceNumber),
}

/// An entity that a question names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The name as typed.
    pub typed: String,
    /// The entities that it may mean, in order of number; usually one.
    pub entities: Vec<EntityId>,
    /// Whether what was typed is none of their names but near to one.
    pub misspelt: bool,
    /// Why they are several, where they are.
    pub several: Several,
    /// The part that it must play.
    pub relation: Relation,
    /// Whether what concerns it is left out.
    pub excluded: bool,
}

impl Named {
    /// Entities by a name of theirs, playing any part.
    pub(super) fn any(typed: impl Into<String>, entities: Vec<EntityId>) -> Self {
        let (several, relation) = (Several::OneOfThem, Relation::Any);
        Self { typed: typed.into(), entities, misspelt: false, several, relation, excluded: false }
    }
}

/// A name in a filter that is nobody's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadWord {
    /// The filter.
    pub filter: &'static str,
    /// The name as typed.
    pub typed: String,
    /// The entities that it may be meant for, the likeliest first.
    pub suggestions: Vec<EntityId>,
}

/// A place that a question names and that isn't on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// The name as typed.
    pub typed: String,
    /// The place.
    pub place: PlaceNumber,
    /// Whether other places go by what was typed, so that its region must be said.
    pub has_namesakes: bool,
    /// The entities on record that it lies in, the nearest first.
    pub wholes: Vec<EntityId>,
}

impl Elsewhere {
    /// The place as people are told of it: "Gothenburg (Sweden)".
    #[must_use]
    pub fn described(&self) -> String {
        let gazetteer = Gazetteer::shipped();
        if self.has_namesakes { gazetteer.told_apart(self.place) } else { gazetteer.described(self.place) }
    }
}

/// A place that a name means and that is no entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnlistedPlace {
    /// Nothing in it is on record.
    Elsewhere(Elsewhere),
    /// Places in it are on record: their entities, in order of number.
    Whole(PlaceNumber, Vec<EntityId>),
}

/// A word that is looked for in the texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sought {
    /// The word as typed.
    pub typed: String,
    /// The forms in which it is looked for: the word itself first, then its stems.
    pub(super) forms: Vec<String>,
    /// Whether the index has it in any form; if not, words near to it are looked for.
    pub(super) known: bool,
}

/// What a question means.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Understanding {
    /// The entities that it names.
    pub named: Vec<Named>,
    /// The words that are looked for.
    pub words: Vec<Sought>,
    /// The phrases that are looked for, each as folded words.
    pub phrases: Vec<Vec<String>>,
    /// The words and phrases that are left out.
    pub without: Vec<Vec<String>>,
    /// The names in filters that are nobody's: nothing can be found.
    pub unknown: Vec<UnreadWord>,
    /// The places that it names and that aren't on record: nothing can be found.
    pub elsewhere: Vec<Elsewhere>,
    /// How many words more the question had than are looked for.
    pub words_left_out: usize,
    /// How many names, phrases, exclusions and languages more it had than are minded.
    pub conditions_left_out: usize,
    /// How often names near to what was typed were looked for: what takes the time.
    pub looked_near: usize,
    /// The entities that words of the question may be meant for, where that is not sure.
    pub maybe_meant: Vec<EntityId>,
    /// Said then or later.
    pub since: Option<Date>,
    /// Said then or earlier.
    pub until: Option<Date>,
    /// The languages of a source or quote, one of which must be there.
    pub languages: Vec<Language>,
    /// The languages that are left out.
    pub without_languages: Vec<Language>,
}

impl Understanding {
    /// Whether the question says nothing that could be looked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.named.is_empty()
            && self.words.is_empty()
            && self.phrases.is_empty()
            && self.unknown.is_empty()
            && self.elsewhere.is_empty()
            && self.since.is_none()
            && self.until.is_none()
            && self.languages.is_empty()
    }

    /// Whether nothing is asked but what concerns the entities that it names.
    #[must_use]
    pub fn asks_for_names_alone(&self) -> bool {
        self.words.is_empty()
            && self.phrases.is_empty()
            && self.without.is_empty()
            && self.unknown.is_empty()
            && self.since.is_none()
            && self.until.is_none()
            && self.languages.is_empty()
            && self.without_languages.is_empty()
    }

    /// How many conditions the index is asked to look at. [`MOST_WORDS`] and [`MOST_CONDITIONS`] bound it.
    #[must_use]
    pub fn clauses(&self) -> usize {
        self.words.len() + self.conditions() + usize::from(self.since.is_some()) + usize::from(self.until.is_some())
    }

    fn conditions(&self) -> usize {
        self.named.len() + self.phrases.len() + self.without.len() + self.languages.len() + self.without_languages.len()
    }

    /// Keeps each condition once and the first [`MOST_CONDITIONS`] of them, and the first [`MOST_WORDS`] words.
    pub(super) fn narrow(&mut self) {
        keep_once(&mut self.named, |one, other| {
            (&one.entities, one.relation, one.excluded) == (&other.entities, other.relation, other.excluded)
        });
        keep_once(&mut self.elsewhere, |one, other| one.place == other.place);
        self.elsewhere.truncate(MOST_CONDITIONS);
        keep_once(&mut self.phrases, PartialEq::eq);
        keep_once(&mut self.without, PartialEq::eq);
        keep_once(&mut self.languages, PartialEq::eq);
        keep_once(&mut self.without_languages, PartialEq::eq);
        let all = self.conditions();
        let mut room = MOST_CONDITIONS;
        let mut kept = |length: usize| {
            let kept = length.min(room);
            room -= kept;
            kept
        };
        self.named.truncate(kept(self.named.len()));
        self.phrases.truncate(kept(self.phrases.len()));
        self.without.truncate(kept(self.without.len()));
        self.languages.truncate(kept(self.languages.len()));
        self.without_languages.truncate(kept(self.without_languages.len()));
        self.conditions_left_out = all - self.conditions();
        self.words_left_out = self.words.len().saturating_sub(MOST_WORDS);
        self.words.truncate(MOST_WORDS);
        let mut seen = std::collections::HashSet::new();
        self.maybe_meant.retain(|id| seen.insert(*id));
    }
}

/// Keeps the first of those that are the same. There are at most some hundreds.
fn keep_once<T>(all: &mut Vec<T>, same: impl Fn(&T, &T) -> bool) {
    let mut kept: Vec<T> = Vec::new();
    for one in all.drain(..) {
        if !kept.iter().any(|other| same(&one, other)) {
            kept.push(one);
        }
    }
    *all = kept;
}
