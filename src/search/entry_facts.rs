//! What an entry states in numbers, years and places, all of it together, to hold messages against.

use super::{Snapshot, StatedFacts};
use crate::{
    model::{EntityId, SourceName},
    store::EntryView,
};

impl Snapshot {
    /// All numbers, years and places of an entry: of its words, its dates, its responses and the headlines of its sources.
    #[must_use]
    pub fn facts_of_entry(&self, view: &EntryView) -> StatedFacts {
        let mut texts: Vec<String> = vec![view.statement.text.to_string()];
        texts.extend(view.statement.quote.iter().map(|quote| quote.text.to_string()));
        texts.extend(view.statement.said.iter().map(ToString::to_string));
        for citation in &view.citations {
            if let SourceName::Title(headline) = &citation.source.source.name {
                texts.push(headline.to_string());
            }
            texts.extend(citation.source.source.published.iter().map(ToString::to_string));
        }
        for response in &view.responses {
            texts.push(response.response.text.to_string());
            texts.extend(response.response.quote.iter().map(|quote| quote.text.to_string()));
        }
        let about: Vec<EntityId> = view.about.iter().chain([&view.speaker]).map(|entity| entity.id).collect();
        self.facts(&texts.iter().map(String::as_str).collect::<Vec<_>>(), &about)
    }
}
