//! Names in a text: of entities and of the world's places, as they are written, with the ending of a case, or as what
//! stands for one; and whether what may be a name is meant as one.

use super::{
    MOST_ABBREVIATED, Names,
    spans::{KeyRead, KeyWords, LONGEST_OF_PLACES},
};
use crate::{
    gazetteer::{Bearers, Gazetteer, NameUse, PlaceNumber},
    model::{EntityId, EntityKind},
    search::{
        languages::is_small_word,
        speaking::speaks,
        spellings::{PREPOSITIONS, is_common_word},
        stems::is_empty_word,
        words::{Word, fold, joined},
    },
};

/// A name found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NameMatch {
    /// The first of the words.
    pub(crate) first: usize,
    /// How many words it takes.
    pub(crate) count: usize,
    /// The entities that go by this name, in order of number; none where it is a place's that isn't on record.
    pub(crate) entities: Vec<EntityId>,
    /// The places of the world that go by it.
    pub(crate) places: Vec<PlaceNumber>,
}

/// How many words a name has at most that is looked for without the ending of a case.
const LONGEST_INFLECTED: usize = 3;

/// Up to how many letters a word before a name may be a family name of few letters, as Chinese ones are.
const SHORT_NAME: usize = 3;

/// From how many letters on a person's name is told without being written as one.
const TELLING_NAME: usize = 6;

/// Up to how many words a text may have for a name in it to be meant however it is written.
const FEW_WORDS: usize = 3;

impl Names {
    /// The names in a text, of entities and of the world's places, longest first, none overlapping another, in order of
    /// their place.
    pub(crate) fn find_in(&self, text: &[Word]) -> Vec<NameMatch> {
        let key_words = KeyWords::of(text);
        let mut keys = Vec::new();
        let mut found = Vec::new();
        let mut first = 0;
        while first < text.len() {
            key_words.read_from(first, self.keys.map.as_fst(), &mut keys);
            let spans = (1..=keys.len()).rev();
            let matched = spans.into_iter().find_map(|count| self.name_at(text, &key_words, &keys, first, count));
            match matched {
                Some(name) => {
                    first += name.count;
                    found.push(name);
                }
                None => first += 1,
            }
        }
        found
    }

    /// The name that so many words of a text are, from one on: as it is written, else as it is without the ending of a
    /// case, else what stands for a name. `keys` are those of the spans that begin there.
    fn name_at(
        &self,
        text: &[Word],
        key_words: &KeyWords<'_>,
        keys: &[KeyRead],
        first: usize,
        count: usize,
    ) -> Option<NameMatch> {
        let span = text.get(first..first + count)?;
        let read = *keys.get(count - 1)?;
        let is_a_name = read.is_a_name(self.keys.map.as_fst(), count);
        let written = if is_a_name { self.written_at(text, first, span, read, &joined(span)) } else { None };
        written.or_else(|| {
            let standing = || self.stands_for(text, first, span);
            self.inflected_at(text, key_words, keys, first, span).or_else(standing)
        })
    }

    fn written_at(&self, text: &[Word], first: usize, span: &[Word], read: KeyRead, key: &str) -> Option<NameMatch> {
        let count = span.len();
        let own = self.keys.bearers_at(read.value(self.keys.map.as_fst()));
        let bearers = || if count <= LONGEST_OF_PLACES { read.places() } else { None };
        if !own.is_empty() && self.means_the_name(text, first, span, key) {
            let bearers = bearers().unwrap_or_default();
            let government = self.government(text, first, count, &bearers, own);
            let entities = government.map_or_else(|| own.to_vec(), |government| vec![government]);
            return Some(NameMatch { first, count, entities, places: bearers.places });
        }
        let bearers = bearers().filter(|bearers| self.means_the_place(text, first, span, key, bearers))?;
        let on_record = self.places.meant(&bearers);
        let entities = self.government(text, first, count, &bearers, &[]).or(on_record).into_iter().collect();
        Some(NameMatch { first, count, entities, places: bearers.places })
    }

    /// The government that speaks where a capital is said to: "Beijing denied it". `own` are the entities of the name.
    fn government(
        &self,
        text: &[Word],
        first: usize,
        count: usize,
        bearers: &Bearers,
        own: &[EntityId],
    ) -> Option<EntityId> {
        let gazetteer = Gazetteer::shipped();
        // The region about a capital may be larger than the city and is called the same.
        let is_capital = |place: &&PlaceNumber| gazetteer.place(**place).is_some_and(|place| place.capital);
        let capital = *bearers.places.iter().take(2).find(is_capital)?;
        let is_place = |id: &EntityId| self.entity(*id).is_some_and(|entity| entity.kind == EntityKind::Place);
        if !own.iter().all(is_place) || !speaks(text, first, first + count) {
            return None;
        }
        let country = self.places.entity(gazetteer.country(capital)?)?;
        let is_government = |id: &&EntityId| {
            self.entity(**id).is_some_and(|entity| {
                entity.kind == EntityKind::Organisation
                    && entity.part_of == Some(country)
                    && fold(&entity.name).starts_with("government of ")
            })
        };
        self.children.get(&country)?.iter().find(is_government).copied()
    }

    /// A name with the ending of a case. Only a place that is on record or well known is taken for one, or another name
    /// on record: a form that is made up may be a little town's by chance.
    fn inflected_at(
        &self,
        text: &[Word],
        key_words: &KeyWords<'_>,
        keys: &[KeyRead],
        first: usize,
        span: &[Word],
    ) -> Option<NameMatch> {
        let (last, before) = span.split_last()?;
        if before.len() >= LONGEST_INFLECTED {
            return None;
        }
        let names = self.keys.map.as_fst();
        let mut forms = key_words.read_base_forms(first, span.len(), names, keys);
        forms.find_map(|(read, (stem, ending))| {
            if !read.is_a_name(names, span.len()) {
                return None;
            }
            let lead = joined(before);
            let key = if lead.is_empty() { format!("{stem}{ending}") } else { format!("{lead} {stem}{ending}") };
            if is_common_word(&key) || is_small_word(&key) {
                return None;
            }
            let found = self.written_at(text, first, span, read, &key)?;
            let well_known = are_well_known(&found.places);
            (!found.entities.is_empty() || (well_known && last.capitalised)).then_some(found)
        })
    }

    /// Whether the word beside one looks like the rest of somebody's name, who isn't the one on record: "xi jinping",
    /// "Matteo Salvini".
    fn beside_another_part(&self, text: &[Word], first: usize) -> bool {
        let Some(word) = text.get(first) else { return false };
        let before = first.checked_sub(1).and_then(|before| text.get(before));
        let is_part = |other: &Word| {
            let short = other.folded.chars().count() <= SHORT_NAME && !is_common_word(&other.folded);
            let written_so = word.capitalised && other.capitalised && !other.capitals;
            !is_small_word(&other.folded) && !other.dense && (written_so || short || text.len() == 2)
        };
        before.is_some_and(is_part)
            || text.get(first + 1).is_some_and(|after| {
                let written_so = word.capitalised && after.capitalised && !after.capitals;
                !is_small_word(&after.folded) && !after.dense && (written_so || text.len() == 2)
            })
    }

    /// What stands for a name on record: the abbreviation that begins it ("CBC"), a family name that only one person has.
    fn stands_for(&self, text: &[Word], first: usize, span: &[Word]) -> Option<NameMatch> {
        let [word] = span else { return None };
        if word.dense {
            return None;
        }
        let matched = |entities: Vec<EntityId>| NameMatch { first, count: 1, entities, places: Vec::new() };
        let alone = text.len() == 1;
        let may_abbreviate = word.capitals || alone;
        let abbreviated = self.begun_by_abbreviation.get(&word.folded).filter(|_| may_abbreviate);
        let abbreviated = abbreviated.filter(|all| all.len() <= MOST_ABBREVIATED);
        let only = match self.with_word(&word.folded) {
            [only] => Some(only),
            _ => None,
        };
        // Most words are neither.
        if (abbreviated.is_none() && only.is_none()) || is_small_word(&word.folded) || is_common_word(&word.folded) {
            return None;
        }
        if let Some(bearers) = abbreviated {
            return Some(matched(bearers.clone()));
        }
        let only = only?;
        if !alone && self.beside_another_part(text, first) {
            return None;
        }
        let written_as_a_name = alone || (word.capitalised && text.iter().any(|word| !word.capitalised));
        let person = self.entity(*only).is_some_and(|entity| entity.kind == EntityKind::Person);
        let telling = written_as_a_name || word.folded.chars().count() >= TELLING_NAME;
        (person && telling && Gazetteer::shipped().named(&word.folded).is_none()).then(|| matched(vec![*only]))
    }

    /// Whether a name of one of the world's places is meant as one. It is where nothing else is said, where it is several
    /// words, and where it is a well-known place's; else where it is written as a name.
    fn means_the_place(&self, text: &[Word], first: usize, span: &[Word], key: &str, bearers: &Bearers) -> bool {
        if text.len() == span.len() {
            return true;
        }
        let plain = bearers.name_use == NameUse::Plain;
        let [word] = span else {
            // "Y a-t-il" is a question, whatever town is called Atil.
            let tells = |word: &Word| word.dense || (word.folded.chars().count() > 2 && !is_small_word(&word.folded));
            return plain && span.iter().any(tells);
        };
        if is_small_word(key) || bearers.name_use == NameUse::Capitals {
            return word.capitals && bearers.name_use == NameUse::Capitals && text.iter().any(|word| !word.capitals);
        }
        let before = first.checked_sub(1).and_then(|before| text.get(before));
        let after_preposition = before.is_some_and(|before| PREPOSITIONS.contains(&before.folded.as_str()));
        let last = first + 1 == text.len();
        if !plain || is_common_word(key) {
            let small_neighbour = before.is_some_and(|before| !before.capitalised);
            return (word.capitalised && small_neighbour) || (after_preposition && last);
        }
        let well_known = are_well_known(&bearers.places);
        // A surname on record that is also a little town's name is the person's.
        if !well_known && self.is_in_a_persons_name(key) {
            return false;
        }
        well_known || word.capitalised || after_preposition || text.len() <= FEW_WORDS
    }

    fn is_in_a_persons_name(&self, key: &str) -> bool {
        let person = |id: &EntityId| self.entity(*id).is_some_and(|entity| entity.kind == EntityKind::Person);
        self.with_word(key).iter().any(person)
    }

    /// Whether a name that is also a common word is meant as a name: where it is all that is asked, or
    /// written in capitals as the abbreviation is. One that is a noun or an adjective ("Nice") is meant,
    /// too, where it is written as a name and its neighbours are not, or ends the text after a preposition.
    fn means_the_name(&self, text: &[Word], first: usize, span: &[Word], key: &str) -> bool {
        let [word] = span else { return true };
        let alone = text.len() == 1 || (word.capitals && self.abbreviations.contains(key));
        if is_empty_word(key) {
            return alone;
        }
        if !is_common_word(key) || alone {
            return true;
        }
        let before = first.checked_sub(1).and_then(|before| text.get(before));
        let after_preposition = before.is_some_and(|before| PREPOSITIONS.contains(&before.folded.as_str()));
        let small_neighbour = before.is_some_and(|before| !before.capitalised);
        (word.capitalised && small_neighbour) || (after_preposition && first + 1 == text.len())
    }
}

/// Whether the likeliest of places of a name is well known. The region about a city may be larger and is called the same.
fn are_well_known(places: &[PlaceNumber]) -> bool {
    let gazetteer = Gazetteer::shipped();
    let is_well_known = |&place: &PlaceNumber| gazetteer.place(place).is_some_and(|place| place.is_well_known());
    match places {
        [first, second, ..] if gazetteer.lies_in(*second, *first) => is_well_known(first) || is_well_known(second),
        [first, ..] => is_well_known(first),
        [] => false,
    }
}
