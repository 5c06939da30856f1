//! Places that a question names and that aren't on record, and names that say in which place another lies.

use tantivy::collector::Count;

use super::{
    SearchError, Snapshot,
    names::NameMatch,
    spellings::is_common_word,
    understanding::{Elsewhere, Named, Several, Understanding, UnlistedPlace},
    words::{Word, joined, words},
};
use crate::gazetteer::{Gazetteer, NameUse, PlaceNumber};

/// What may stand between a place and the one that it lies in: "Paris, Texas", "Paris (Texas)", "Paris in Texas".
const BETWEEN: &[&str] = &["", ",", "(", ", in", "in", "/", "，", "、"];

impl Snapshot {
    /// A place that is no entity. What lies in it and is on record is meant by it; where nothing does it isn't on record,
    /// unless some text speaks of it: then its name must be in what is found.
    pub(super) fn place_named(
        &self,
        typed: String,
        span: &[Word],
        places: &[PlaceNumber],
        meaning: &mut Understanding,
    ) -> Result<(), SearchError> {
        let Some(&place) = places.first() else { return Ok(()) };
        match self.unlisted(&typed, span, place) {
            UnlistedPlace::Whole(place, within) => {
                meaning.named.push(Named { several: Several::In(place), ..Named::any(typed, within) });
            }
            UnlistedPlace::Elsewhere(elsewhere) => {
                let folded: Vec<String> = span.iter().map(|word| word.folded.clone()).collect();
                if self.is_spoken_of(&folded)? {
                    meaning.phrases.push(folded);
                } else {
                    meaning.elsewhere.push(elsewhere);
                }
            }
        }
        Ok(())
    }

    /// The place that a name means, where it is a place's that is no entity.
    #[must_use]
    pub fn unlisted_place(&self, name: &str) -> Option<UnlistedPlace> {
        let span = words(name);
        let &place = Gazetteer::shipped().named(&joined(&span))?.places.first()?;
        Some(self.unlisted(name.trim(), &span, place))
    }

    fn unlisted(&self, typed: &str, span: &[Word], place: PlaceNumber) -> UnlistedPlace {
        let within = self.names.places().within(place);
        if !within.is_empty() {
            return UnlistedPlace::Whole(place, within);
        }
        let gazetteer = Gazetteer::shipped();
        let wholes = gazetteer.wholes(place).into_iter().filter_map(|whole| self.names.places().entity(whole));
        let has_namesakes = gazetteer.named(&joined(span)).is_none_or(|bearers| bearers.places.len() > 1);
        UnlistedPlace::Elsewhere(Elsewhere { typed: typed.to_owned(), place, has_namesakes, wholes: wholes.collect() })
    }

    /// Whether some text has these words one after the other.
    fn is_spoken_of(&self, words: &[String]) -> Result<bool, SearchError> {
        let key = words.join(" ");
        let common = Gazetteer::shipped().named(&key).is_some_and(|bearers| bearers.name_use != NameUse::Plain);
        // A common word stands in texts for something else.
        if common || is_common_word(&key) {
            return Ok(false);
        }
        Ok(self.searcher.search(&self.phrase(words), &Count)? > 0)
    }

    /// Names of which one says where the other lies are one: "London, Ontario" is the London in Ontario, and Ontario is
    /// no further condition. Those that are no places in one another stay as they are.
    pub(super) fn in_one_another(&self, text: &[Word], typed: &str, names: Vec<NameMatch>) -> Vec<NameMatch> {
        let gazetteer = Gazetteer::shipped();
        let on_record = self.names.places();
        let mut kept: Vec<NameMatch> = Vec::with_capacity(names.len());
        for mut name in names {
            // An editor's own short name of a place, as BC, is no name that the world has for it.
            if name.places.is_empty() {
                name.places.extend(name.entities.iter().filter_map(|&entity| on_record.place(entity)));
            }
            let joins = |part: &NameMatch| {
                let end = text.get(part.first + part.count - 1).map_or(0, |word| word.end);
                let start = text.get(name.first).map_or(0, |word| word.start);
                BETWEEN.contains(&typed.get(end..start).unwrap_or("-").trim().to_lowercase().as_str())
            };
            let within = |part: &NameMatch| {
                let lies_in = |place: &PlaceNumber| {
                    name.places.iter().any(|whole| whole != place && gazetteer.lies_in(*place, *whole))
                };
                part.places.iter().copied().find(lies_in)
            };
            match kept.last_mut() {
                Some(part) if joins(part) => match within(part) {
                    Some(place) => {
                        part.count = name.first + name.count - part.first;
                        part.entities = on_record.entity(place).into_iter().collect();
                        part.places = vec![place];
                    }
                    None => kept.push(name),
                },
                _ => kept.push(name),
            }
        }
        kept
    }
}
