//! What a new record may repeat: entries on record, and what others have proposed and nobody has decided on yet.

use std::collections::BTreeMap;

use crate::{
    model::{EntityId, Key, Record, RecordKey, RecordKind, Statement, StatementId, same_page},
    search::{SearchError, Snapshot, Wording, folded_words, shared_words},
    store::{Failure, Proposed, Reader},
};

/// From which share on a statement of someone else in other sources is likely the same: it must be
/// nearly so, as two speakers may well say the same. Set by hand.
const NEARLY_THE_SAME: f64 = 0.75;

/// Which share of their telling words two wordings have in common that are likely the same: of the same speaker or from
/// the same source, and, of proposals, of anyone. Proposals are in no index that would tell which words weigh; set by hand.
const SHARED: f64 = 0.5;
const NEARLY_ALL_SHARED: f64 = 0.8;

/// How many records of open proposals are looked at.
const PROPOSED: usize = 500;

/// How many likely duplicates are shown.
const SHOWN: usize = 3;

/// How many statements are looked at, whoever said them.
const LOOKED_AT: usize = 20;

/// Why duplicates can't be looked for.
#[derive(Debug, thiserror::Error)]
pub enum LookError {
    /// The records can't be read.
    #[error(transparent)]
    Store(#[from] Failure),
    /// The index can't be read.
    #[error(transparent)]
    Search(#[from] SearchError),
}

/// The statements that a new one may repeat, the likest first: alike and of the same speaker
/// or from the same source, or nearly the same.
pub(super) fn likely(
    records: &Reader<'_>,
    search: &Snapshot,
    statement: &Statement,
    speaker: Option<EntityId>,
) -> Result<Vec<(StatementId, String)>, LookError> {
    let text = statement.text.as_str();
    let own = Names::of(records, &statement.speaker, &statement.about)?;
    let mut candidates: BTreeMap<StatementId, f64> = BTreeMap::new();
    if speaker.is_some() {
        for checked in search.similar(text, speaker, LOOKED_AT)? {
            candidates.insert(checked.statement, checked.share());
        }
    }
    for checked in search.similar(text, None, LOOKED_AT)? {
        if checked.share() >= NEARLY_THE_SAME || cites_one_of(records, checked.statement, statement)? {
            candidates.insert(checked.statement, checked.share());
        }
    }
    let mut nearest: Vec<_> = candidates.into_iter().collect();
    nearest.sort_by(|(one, left), (other, right)| right.total_cmp(left).then(one.cmp(other)));
    let mut all = Vec::new();
    for (number, _) in nearest {
        let Some(view) = records.entry(number)? else { continue };
        let known = &view.statement;
        let names = Names::of(records, &known.speaker, &known.about)?;
        // In a small index the speaker's name and "said that" weigh as much as anything.
        if shared_words(own.wording(text), names.wording(known.text.as_str())) >= SHARED {
            all.push((view.id, known.text.to_string()));
        }
        if all.len() == SHOWN {
            break;
        }
    }
    Ok(all)
}

/// What whoever speaks and what is spoken of are called.
#[derive(Debug, Default)]
struct Names {
    speaker: Vec<String>,
    about: Vec<String>,
}

impl Names {
    fn of<'a>(records: &Reader<'_>, speaker: &Key, about: impl IntoIterator<Item = &'a Key>) -> Result<Self, Failure> {
        let mut names = Self { speaker: names_of(records, speaker)?, about: Vec::new() };
        for key in about {
            names.about.extend(names_of(records, key)?);
        }
        Ok(names)
    }

    const fn wording<'a>(&'a self, text: &'a str) -> Wording<'a> {
        Wording { text, speaker: self.speaker.as_slice(), about: self.about.as_slice() }
    }
}

/// The names of an entity; of one that is proposed in the same change, what its key is made of.
fn names_of(records: &Reader<'_>, key: &Key) -> Result<Vec<String>, Failure> {
    let mut names = vec![words_of(key)];
    if let Some(held) = records.held(&RecordKey::new(RecordKind::Entity, key.clone()))?
        && let Record::Entity(entity) = held.record
    {
        names.push(entity.name.to_string());
        names.extend(entity.aliases.iter().map(|alias| alias.name.to_string()));
    }
    Ok(names)
}

/// The words that a key is made of: those of a name.
fn words_of(key: &Key) -> String {
    key.as_str().replace(['-', '_', '.'], " ")
}

/// Whether a statement on record cites a source that the new one cites.
fn cites_one_of(records: &Reader<'_>, id: StatementId, new: &Statement) -> Result<bool, Failure> {
    let Some(view) = records.entry(id)? else { return Ok(false) };
    let known = &view.statement.citations;
    Ok(new.citations.iter().any(|citation| known.iter().any(|other| other.source == citation.source)))
}

/// What open proposals would bring that a new record may repeat, the likest first.
pub(super) fn proposed(records: &Reader<'_>, new: &Record) -> Result<Vec<Proposed>, Failure> {
    let own = match new {
        Record::Statement(statement) => Names::of(records, &statement.speaker, &statement.about)?,
        Record::Response(response) => Names::of(records, &response.responder, [])?,
        Record::Source(_) | Record::Entity(_) => Names::default(),
    };
    let mut alike: Vec<(f64, Proposed)> = Vec::new();
    for proposed in records.proposed(new.kind(), PROPOSED)? {
        let likeness = alike_by(new, &own, &proposed.record);
        if likeness > 0.0 {
            alike.push((likeness, proposed));
        }
    }
    alike.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    alike.truncate(SHOWN);
    Ok(alike.into_iter().map(|(_, proposed)| proposed).collect())
}

/// How alike two records are that nobody has approved, from 0 for what is not the same to 1. `own` has the names in the
/// new one.
fn alike_by(new: &Record, own: &Names, other: &Record) -> f64 {
    let same = |same: bool| if same { 1.0 } else { 0.0 };
    // There may be hundreds of others: their names are not read.
    let shared = |new_text: &str, other_text: &str, same_speaker: bool, other_speaker: &Key| {
        let theirs = if same_speaker { own.speaker.clone() } else { vec![words_of(other_speaker)] };
        let other = Wording { text: other_text, speaker: &theirs, about: &own.about };
        shared_words(own.wording(new_text), other)
    };
    match (new, other) {
        (Record::Statement(new), Record::Statement(other)) => {
            let cited = |source| other.citations.iter().any(|citation| citation.source == source);
            let same_speaker = new.speaker == other.speaker;
            let near = same_speaker || new.citations.iter().any(|own| cited(own.source.clone()));
            let shared = shared(new.text.as_str(), other.text.as_str(), same_speaker, &other.speaker);
            if shared >= if near { SHARED } else { NEARLY_ALL_SHARED } { shared } else { 0.0 }
        }
        (Record::Response(new), Record::Response(other)) => {
            let same_speaker = new.responder == other.responder;
            let near = same_speaker && new.to.iter().any(|to| other.to.iter().any(|key| key == to));
            let shared = shared(new.text.as_str(), other.text.as_str(), same_speaker, &other.responder);
            if near && shared >= SHARED { shared } else { 0.0 }
        }
        (Record::Source(new), Record::Source(other)) => {
            let pages = new.url.as_ref().zip(other.url.as_ref());
            same(pages.is_some_and(|(new, other)| same_page(new) == same_page(other)))
        }
        (Record::Entity(new), Record::Entity(other)) => {
            let folded = |name: &str| folded_words(name);
            let same_name = new.kind() == other.kind() && folded(new.name.as_str()) == folded(other.name.as_str());
            same(same_name || new.same_as.meets(&other.same_as))
        }
        _ => 0.0,
    }
}
