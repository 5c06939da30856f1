//! What a question means: which entities it names, which words are left, what was misspelt.

use super::{
    SearchError, Snapshot,
    effort::Effort,
    either::joined_by_or,
    fields::stands_somewhere,
    languages::is_small_word,
    names::NameMatch,
    question::{FilterField, QueryPart, Question},
    spellings::{is_common_word, without_leading_article},
    stems::{is_empty_word, question_stems},
    titles::title,
    understanding::{Named, Relation, Several, Sought, Understanding, UnlistedPlace, UnreadWord},
    words::{Word, joined, paired, words},
};
use crate::{
    gazetteer::{Gazetteer, PlaceKind},
    model::{EntityId, EntityKind, Language},
};

/// How many entities are suggested for a name that is nobody's.
const SUGGESTIONS: usize = 5;

/// Up to how many entities a part of a name may stand for; beyond, it says too little.
const ALTERNATIVES: usize = 5;

/// For how many names in filters that are nobody's names are suggested.
const SUGGESTED_FOR: usize = 3;

/// How many words of a question may be names misspelt. Each takes some tenths of a millisecond to find out; in a longer
/// question those that come later are words.
const MAYBE_MISSPELT: usize = 12;

/// Up to how many words a question may have for its last, which stands in no text, to be taken for a town, and from which
/// size on, see [`crate::gazetteer::KnownPlace::size`]: some 100,000 people.
const FEW_WORDS_WITH_A_PLACE: usize = 5;
const A_TOWN: u8 = 50;

/// From how many characters on a word may be a name begun, and one word of a name misspelt.
const BEGUN_FROM: usize = 4;
const MISSPELT_FROM: usize = 8;

impl Snapshot {
    /// What a question means.
    ///
    /// # Errors
    /// When the index can't be read, or the time is over.
    pub fn understand(&self, question: &Question) -> Result<Understanding, SearchError> {
        let effort = &Effort::new(&self.names);
        let mut meaning = Understanding::default();
        (meaning.since, meaning.until) = question.dates();
        for filter in &question.filters {
            self.in_time()?;
            let excluded = filter.excluded;
            let mut named =
                |filter, name, relation| self.filter(filter, name, relation, excluded, effort, &mut meaning);
            match &filter.field {
                FilterField::By(name) => named("by", name, Relation::Speaker),
                FilterField::About(name) => named("about", name, Relation::Subject),
                FilterField::Place(name) => named("place", name, Relation::Subject),
                FilterField::Organisation(name) => named("org", name, Relation::Party),
                FilterField::From(name) => named("from", name, Relation::Publisher),
                FilterField::Host { host, publishers } if publishers.is_empty() => {
                    meaning.unknown.push(UnreadWord { filter: "from", typed: host.clone(), suggestions: Vec::new() });
                }
                FilterField::Host { host, publishers } => {
                    let relation = Relation::Publisher;
                    meaning.named.push(Named { relation, excluded, ..Named::any(host, publishers.clone()) });
                }
                FilterField::Language(language) if excluded => meaning.without_languages.push(language.clone()),
                FilterField::Language(language) => meaning.languages.push(language.clone()),
                FilterField::Since(_) | FilterField::Until(_) => {}
            }
        }
        for part in &question.parts {
            self.part(part, effort, &mut meaning)?;
        }
        // Words like "the" are looked for only where nothing else was asked.
        if !(meaning.named.is_empty() && meaning.phrases.is_empty()) || meaning.words.iter().any(|word| !is_empty(word))
        {
            meaning.words.retain(|word| !is_empty(word));
        }
        meaning.narrow();
        meaning.looked_near = effort.looked_near();
        Ok(meaning)
    }

    fn filter(
        &self,
        filter: &'static str,
        name: &str,
        relation: Relation,
        excluded: bool,
        effort: &Effort<'_>,
        meaning: &mut Understanding,
    ) {
        let fits = |&id: &EntityId| {
            let kind = self.names.entity(id).map(|entity| entity.kind);
            match (filter, kind) {
                (_, None) => false,
                ("place", Some(kind)) => kind == EntityKind::Place,
                ("org" | "from", Some(kind)) => kind == EntityKind::Organisation,
                ("by", Some(kind)) => matches!(kind, EntityKind::Person | EntityKind::Organisation),
                (_, Some(_)) => true,
            }
        };
        let fitting = |ids: Vec<EntityId>| ids.into_iter().filter(fits).collect::<Vec<_>>();
        let text = words(name);
        let exactly = fitting(self.names.known_by(&text));
        let takes_places = matches!(filter, "about" | "place");
        match self.unlisted_place(name).filter(|_| exactly.is_empty() && takes_places) {
            Some(UnlistedPlace::Whole(place, within)) => {
                let several = Several::In(place);
                meaning.named.push(Named { several, relation, excluded, ..Named::any(name, within) });
                return;
            }
            // What isn't on record leaves nothing out.
            Some(UnlistedPlace::Elsewhere(elsewhere)) => {
                meaning.elsewhere.extend((!excluded).then_some(elsewhere));
                return;
            }
            None => {}
        }
        let by_words = || fitting(self.names.with_all_words(&text));
        let nearest = || fitting(effort.nearest(&joined(&text)));
        let (entities, misspelt) = if exactly.is_empty() {
            let by_words = by_words();
            if by_words.is_empty() || by_words.len() > ALTERNATIVES { (nearest(), true) } else { (by_words, false) }
        } else {
            (exactly, false)
        };
        if entities.is_empty() || (misspelt && entities.len() > 1) {
            let wanted = meaning.unknown.len() < SUGGESTED_FOR;
            let suggestions = if wanted { self.names.suggestions(name, SUGGESTIONS * 4) } else { Vec::new() };
            let suggestions = fitting(suggestions);
            meaning.unknown.push(UnreadWord {
                filter,
                typed: name.to_owned(),
                suggestions: suggestions.into_iter().take(SUGGESTIONS).collect(),
            });
        } else {
            meaning.named.push(Named { misspelt, relation, excluded, ..Named::any(name, entities) });
        }
    }

    fn part(&self, part: &QueryPart, effort: &Effort<'_>, meaning: &mut Understanding) -> Result<(), SearchError> {
        self.in_time()?;
        let text = words(&part.text);
        let exactly = self.names.known_by(&text);
        if (part.phrase || part.excluded) && !exactly.is_empty() {
            meaning.named.push(Named { excluded: part.excluded, ..Named::any(&part.text, exactly) });
            return Ok(());
        }
        let folded = || text.iter().map(|word| word.folded.clone()).collect::<Vec<_>>();
        match (part.excluded, part.phrase) {
            _ if text.is_empty() => {}
            (true, _) => meaning.without.push(folded()),
            (false, true) => meaning.phrases.push(folded()),
            (false, false) => self.free_text(&part.text, &text, effort, meaning)?,
        }
        Ok(())
    }

    fn free_text(
        &self,
        typed: &str,
        text: &[Word],
        effort: &Effort<'_>,
        meaning: &mut Understanding,
    ) -> Result<(), SearchError> {
        let whole = without_leading_article(text);
        let mut at = text.len() - whole.len();
        let matches = self.in_one_another(whole, typed, self.names.find_in(whole));
        let offset = at;
        let mut left = matches.as_slice();
        while let Some((name, others)) = left.split_first() {
            let any = left.get(..joined_by_or(typed, whole, left)).unwrap_or_default();
            left = others;
            if name.entities.is_empty() && self.is_rather_a_word(whole, name) {
                continue;
            }
            self.unnamed(typed, text.get(at..offset + name.first).unwrap_or_default(), effort, meaning)?;
            let span = text.get(offset + name.first..offset + name.first + name.count).unwrap_or_default();
            let name_typed = typed_text(typed, span);
            at = offset + name.first + name.count;
            if name.entities.is_empty() {
                self.place_named(name_typed, span, &name.places, meaning)?;
            } else if let [_, .., last] = any
                && any.iter().all(|name| name.entities.len() == 1)
            {
                at = offset + last.first + last.count;
                left = left.get(any.len() - 1..).unwrap_or_default();
                let span = text.get(offset + name.first..at).unwrap_or_default();
                let mut entities: Vec<EntityId> = any.iter().flat_map(|name| name.entities.iter().copied()).collect();
                entities.sort_unstable();
                entities.dedup();
                meaning
                    .named
                    .push(Named { several: Several::AnyOfThem, ..Named::any(typed_text(typed, span), entities) });
            } else {
                meaning.named.push(Named::any(name_typed, name.entities.clone()));
            }
        }
        self.unnamed(typed, text.get(at..).unwrap_or_default(), effort, meaning)
    }

    /// Whether the name of a little place that isn't on record is rather a word of what is: "harbour", which some town is
    /// called, too.
    fn is_rather_a_word(&self, text: &[Word], name: &NameMatch) -> bool {
        let span = text.get(name.first..name.first + name.count).unwrap_or_default();
        let [word] = span else { return false };
        let place = name.places.first().and_then(|&place| Gazetteer::shipped().place(place));
        let little = place.is_some_and(|place| place.kind > PlaceKind::Country && !place.has_many_people());
        little
            && !word.dense
            && (self.stands_in_texts(std::slice::from_ref(&word.folded))
                || !self.names.with_words(&word.folded).is_empty())
    }

    /// Whether the texts have a word in any of these forms.
    fn stands_in_texts(&self, forms: &[String]) -> bool {
        let texts = || self.fields.text.iter();
        forms.iter().any(|form| {
            texts().any(|text| {
                let term = tantivy::Term::from_field_text(text.field, form);
                stands_somewhere(&self.searcher, &term).unwrap_or(false)
            })
        })
    }

    /// Words that are no name: perhaps a name misspelt, else words to look for.
    fn unnamed(
        &self,
        typed: &str,
        text: &[Word],
        effort: &Effort<'_>,
        meaning: &mut Understanding,
    ) -> Result<(), SearchError> {
        let text = &paired(text);
        let sought = text.iter().map(|word| self.sought(typed, word, &meaning.languages, effort));
        let sought = sought.collect::<Result<Vec<Sought>, _>>()?;
        let mut at = 0;
        while at < text.len() {
            self.in_time()?;
            if meaning.words.iter().filter(|word| !is_empty(word)).nth(MAYBE_MISSPELT - 1).is_some() {
                meaning.words.extend(sought.get(at..).unwrap_or_default().iter().cloned());
                break;
            }
            if self.is_strange_place(text, at, &sought) {
                let span = text.get(at..=at).unwrap_or_default();
                let bearers = Gazetteer::shipped().named(&joined(span)).unwrap_or_default();
                self.place_named(typed_text(typed, span), span, &bearers.places, meaning)?;
                at += 1;
                continue;
            }
            if let Some(named) = self.part_of_a_name(typed, text, at, &sought, effort) {
                meaning.named.push(named);
                at += 1;
                continue;
            }
            let misspelt = (1..=(text.len() - at).min(4)).rev().find_map(|count| {
                let span = text.get(at..at + count)?;
                // What is a name of some place is spelt as it is meant.
                let is_a_place = Gazetteer::shipped().named(&joined(span)).is_some();
                // Only words that stand in no text are taken for misspelt.
                let strange = sought.get(at..at + count)?.iter().any(|word| !word.known && !is_empty(word));
                let common = span.iter().any(|word| is_common_word(&word.folded));
                if !strange || common || is_a_place {
                    return None;
                }
                let ids = effort.nearest(&joined(span));
                (!ids.is_empty()).then_some((count, ids))
            });
            match misspelt {
                Some((count, entities)) if self.is_one_name(&entities) => {
                    let span = text.get(at..at + count).unwrap_or_default();
                    meaning.named.push(Named { misspelt: true, ..Named::any(typed_text(typed, span), entities) });
                    at += count;
                }
                other => {
                    // What is a word, too, may still be a name misspelt; that is for the person to say.
                    let near = || text.get(at).map(|word| effort.nearest(&word.folded)).unwrap_or_default();
                    meaning.maybe_meant.extend(other.map_or_else(near, |(_, entities)| entities));
                    meaning.words.extend(sought.get(at).cloned());
                    at += 1;
                }
            }
        }
        Ok(())
    }

    /// Whether the last of a few words, which stands in no text, is a town's name, though a common word elsewhere: "police
    /// station cork".
    fn is_strange_place(&self, text: &[Word], at: usize, sought: &[Sought]) -> bool {
        let last = at + 1 == text.len() && text.len() <= FEW_WORDS_WITH_A_PLACE;
        let (Some(word), Some(false)) = (text.get(at), sought.get(at).map(|word| word.known)) else { return false };
        if !last || word.dense || is_small_word(&word.folded) || !self.names.with_words(&word.folded).is_empty() {
            return false;
        }
        let bearers = Gazetteer::shipped().named(&word.folded).unwrap_or_default();
        let place = bearers.places.first().and_then(|&place| Gazetteer::shipped().place(place));
        place.is_some_and(|place| place.size >= A_TOWN)
    }

    /// A word that stands in no text but in the names of a few entities is taken to mean these; else,
    /// one that begins one entity's name or is a misspelt word of it.
    fn part_of_a_name(
        &self,
        typed: &str,
        text: &[Word],
        at: usize,
        sought: &[Sought],
        effort: &Effort<'_>,
    ) -> Option<Named> {
        let span = text.get(at..=at)?;
        let word = span.first()?;
        // Beside other words that stand in no text it is likely part of a name that isn't on record:
        // "Harry" of "Harry Potter".
        let strange = sought.iter().filter(|word| !word.known && !is_empty(word)).count();
        if sought.get(at)?.known || strange > 1 || (text.len() > 1 && is_common_word(&word.folded)) {
            return None;
        }
        let is_a_place = Gazetteer::shipped().named(&word.folded).is_some();
        let named = |entities: Vec<EntityId>| Named { misspelt: true, ..Named::any(typed_text(typed, span), entities) };
        let with_word = self.names.with_all_words(span);
        // A given name is many people's, and beside other words of a name it is one more of them.
        if text.len() > 1 && with_word.len() > 1 && with_word.iter().all(|&id| self.is_a_person(id)) {
            return None;
        }
        if is_a_place && !with_word.iter().any(|&id| self.is_a_person(id)) {
            return None;
        }
        if (1..=ALTERNATIVES).contains(&with_word.len()) {
            return Some(named(with_word));
        }
        // "Saint" alone is no name begun.
        if title(&word.folded).is_some() {
            return None;
        }
        if word.dense || word.folded.chars().count() < BEGUN_FROM || !effort.nearest(&word.folded).is_empty() {
            return None;
        }
        let without_tones = without_tones(&word.folded).map(|name| self.names.exactly(&name)).unwrap_or_default();
        let begun = || self.names.beginning_with(&word.folded, 2);
        let long = word.folded.chars().count() >= MISSPELT_FROM;
        let near = || if long { effort.with_word_near(&word.folded) } else { Vec::new() };
        let one = |entities: &Vec<EntityId>| !entities.is_empty() && self.is_one_name(entities);
        let found = std::iter::once(without_tones).chain(std::iter::once_with(begun)).chain(std::iter::once_with(near));
        found.into_iter().find(one).map(named)
    }

    fn is_a_person(&self, id: EntityId) -> bool {
        self.names.entity(id).is_some_and(|entity| entity.kind == EntityKind::Person)
    }

    fn is_one_name(&self, entities: &[EntityId]) -> bool {
        let mut names = entities.iter().filter_map(|&id| self.names.entity(id)).map(|entity| &entity.name);
        let first = names.next();
        first.is_some() && names.all(|name| Some(name) == first)
    }

    fn sought(
        &self,
        typed: &str,
        word: &Word,
        languages: &[Language],
        effort: &Effort<'_>,
    ) -> Result<Sought, SearchError> {
        let mut forms = vec![word.folded.clone()];
        let typed = typed_text(typed, std::slice::from_ref(word));
        if !effort.may_look_up() {
            return Ok(Sought { typed, forms, known: true });
        }
        self.in_time()?;
        forms.extend(question_stems(word, languages));
        let known = self.stands_in_texts(&forms);
        Ok(Sought { typed, forms, known })
    }
}

fn is_empty(word: &Sought) -> bool {
    word.forms.first().is_some_and(|form| is_empty_word(form))
}

fn typed_text(typed: &str, span: &[Word]) -> String {
    let start = span.first().map_or(0, |word| word.start);
    let end = span.last().map_or(0, |word| word.end);
    typed.get(start..end).unwrap_or_default().to_owned()
}

/// Pinyin without its tones' numbers: "wen1zhou1" is "wenzhou".
fn without_tones(folded: &str) -> Option<String> {
    let is_tone = |character: char| matches!(character, '1'..='5');
    let has_tones = folded.starts_with(|first: char| first.is_ascii_lowercase())
        && folded.ends_with(is_tone)
        && folded.chars().all(|character| character.is_ascii_lowercase() || is_tone(character));
    has_tones.then(|| folded.chars().filter(|&character| !is_tone(character)).collect())
}
