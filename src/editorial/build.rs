//! From a draft to the operations of a change.

use std::collections::BTreeSet;

use super::{
    checks::{self, CheckContext, Finding, Severity},
    context::{BuildContext, UnknownName},
    draft::{Draft, DraftBlock, Problem},
    duplicates::{self, LookError},
    fill::{DraftRecord, FieldReader, Given},
    keys::Keys,
    records::record,
};
use crate::{
    model::{
        Announcement, Date, EntityId, EntityKind, Operation, Record, RecordKey, RecordKind, SingleLine, Standing,
        Statement, StatementId, SuggestionId, same_page,
    },
    search::{SourceAt, folded_words},
    store::{Failure, Proposed},
};

/// What a draft becomes.
#[derive(Debug, Clone, Default)]
pub struct Built {
    /// The operations; none where something is wrong.
    pub operations: Vec<Operation>,
    /// What the change is for.
    pub summary: Option<SingleLine>,
    /// What the proposer has to say to the reviewer.
    pub note: Option<SingleLine>,
    /// The suggestion that is taken up.
    pub suggestion: Option<SuggestionId>,
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// What is not on record and could be added in the same change.
    pub unknown: Vec<UnknownName>,
    /// What looks like a mistake and must be confirmed.
    pub odd: Vec<Problem>,
    /// What the reviewer must look at.
    pub warnings: Vec<Problem>,
    /// Entries that it may repeat, with their wordings; they must be looked at and it confirmed.
    pub duplicates: Vec<(StatementId, String)>,
    /// What open proposals would bring that it may repeat; as the duplicates.
    pub proposed: Vec<Proposed>,
    /// Whether the proposer confirmed what is odd.
    pub confirmed: bool,
}

impl Built {
    /// Whether it can be submitted as it is.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.problems.is_empty() && !self.operations.is_empty() && (self.confirmed || !self.is_to_be_confirmed())
    }

    /// Whether something is odd, or may be there already.
    #[must_use]
    pub fn is_to_be_confirmed(&self) -> bool {
        !(self.odd.is_empty() && self.duplicates.is_empty() && self.proposed.is_empty())
    }
}

impl BuildContext<'_> {
    /// A name as it is compared.
    #[must_use]
    pub fn folded(&self, name: &str) -> String {
        folded_words(name).join(" ")
    }

    /// The source on record that this address leads to, in whatever form.
    ///
    /// # Errors
    /// When the records can't be read.
    pub fn source_at(&self, address: &crate::model::WebAddress) -> Result<Option<SourceAt>, Failure> {
        Ok(self.search.sources_at(self.records, address)?.into_iter().next())
    }

    /// The findings in a record, against what is on record now.
    ///
    /// # Errors
    /// When the records can't be read.
    pub fn findings(&self, record: &Record) -> Result<Vec<Finding>, Failure> {
        let hosts: BTreeSet<String> =
            if matches!(record, Record::Source(_)) { self.search.hosts(self.records)? } else { BTreeSet::new() };
        let measure = CheckContext { today: Date::latest_of(self.now), quote_limit: self.quote_limit, hosts: &hosts };
        let mut found = checks::findings(record, &measure);
        if let Record::Response(response) = record {
            for key in response.to.iter() {
                let name = RecordKey::new(RecordKind::Statement, key.clone());
                let held = self.records.held(&name)?;
                let said = held.and_then(|held| match held.record {
                    Record::Statement(statement) => statement.said,
                    _ => None,
                });
                found.extend(checks::before_its_statement(response.said, said));
            }
        }
        if let Record::Entity(entity) = record {
            for entry in entity.same_as.iter() {
                let others = self.records.entities_in_catalogue(*entry)?;
                let other = others.into_iter().find(|(_, key)| *key != entity.key);
                found.extend(other.map(|(id, _)| checks::is_of_another(*entry, id)));
            }
        }
        Ok(found)
    }
}

/// The operations of a draft of new records.
///
/// # Errors
/// When the records or the index can't be read.
pub fn build(draft: &Draft, ground: &BuildContext<'_>) -> Result<Built, LookError> {
    build_on(draft, ground, None)
}

/// The operations of a draft that edits a record: fields that aren't given stay, `-` takes one away.
///
/// # Errors
/// As [`build`].
pub fn build_edit(draft: &Draft, ground: &BuildContext<'_>, before: &Record) -> Result<Built, LookError> {
    build_on(draft, ground, Some(before))
}

fn build_on(draft: &Draft, ground: &BuildContext<'_>, before: Option<&Record>) -> Result<Built, LookError> {
    let mut built = Built::default();
    let newcomers = newcomers(draft, ground, before)?;
    let mut records = Vec::new();
    // What is referred to comes first: entities, sources, then the rest.
    let mut order: Vec<usize> = (0..draft.blocks.len()).collect();
    order.sort_by_key(|&at| draft.blocks.get(at).map(|block| block.form.kind));
    for at in order {
        let (Some(block), Some(newcomer)) = (draft.blocks.get(at), newcomers.get(at)) else { continue };
        let before = before.filter(|_| at == 0);
        let mut fill =
            FieldReader { ground, block, number: at, newcomers: &newcomers, problems: Vec::new(), unknown: Vec::new() };
        let record = record(&mut fill, &newcomer.key, before)?;
        let correction = fill.line("correction");
        if at == 0 {
            built.confirmed = fill.confirmed();
            built.note = fill.line("note").or(None);
            built.suggestion = fill
                .one("suggestion", |text| {
                    text.trim_start_matches('#').parse().map(SuggestionId).map_err(|_| "it is no number".to_owned())
                })
                .or(None);
        }
        built.unknown.append(&mut fill.unknown);
        built.problems.append(&mut fill.problems);
        let Some(record) = record else { continue };
        for finding in ground.findings(&record)? {
            let problem = Problem { block: at, field: Some(finding.field), message: finding.message };
            match finding.weight {
                Severity::Wrong => built.problems.push(problem),
                Severity::Odd => built.odd.push(problem),
                Severity::Warning => built.warnings.push(problem),
            }
        }
        if let (Record::Source(source), None) = (&record, before)
            && let Some(url) = &source.url
            && let Some(known) = ground.source_at(url)?
        {
            let is_it = format!("the page is on record as {}; cite that one", known.id);
            if known.exactly {
                built.problems.push(Problem { block: at, field: Some("url"), message: is_it });
            } else {
                // What looks alike may be two pages; whoever opened both knows.
                let message = format!("{is_it}, unless you opened both and they are two pages");
                built.odd.push(Problem { block: at, field: Some("url"), message });
            }
        }
        built.operations.push(match before {
            None => Operation::Create { record: record.clone(), standing: Standing::default() },
            Some(old) if *old == record && matches!(correction, Given::Kept) => {
                let message = "nothing differs from what is on record".to_owned();
                built.problems.push(Problem { block: at, field: None, message });
                continue;
            }
            Some(_) => {
                let corrections = correction.or(None).map(|reason| Announcement { on: None, reason });
                Operation::Edit { record: record.clone(), corrections: corrections.into_iter().collect(), vetted: None }
            }
        });
        records.push((at, record));
    }
    if before.is_none()
        && let Some((_, Record::Statement(statement))) = records.iter().find(|(at, _)| *at == 0)
    {
        built.duplicates = likely_duplicates(ground, statement)?;
    }
    if before.is_none() {
        for (_, record) in &records {
            built.proposed.extend(duplicates::proposed(ground.records, record)?);
        }
    }
    built.problems.extend(twice_in_a_catalogue(&records));
    built.problems.sort_by_key(|problem| problem.block);
    if !built.problems.is_empty() {
        built.operations.clear();
    }
    built.summary = records.iter().find(|(at, _)| *at == 0).and_then(|(_, record)| summary(ground, record, before));
    Ok(built)
}

/// That two entities of one draft have the same entry of a catalogue.
fn twice_in_a_catalogue(records: &[(usize, Record)]) -> Vec<Problem> {
    let mut seen = BTreeSet::new();
    let mut problems = Vec::new();
    for (at, record) in records {
        let Record::Entity(entity) = record else { continue };
        for entry in entity.same_as.iter().filter(|entry| !seen.insert(**entry)) {
            let message = format!("two entities of this change are {}; it is one of them alone", entry.called());
            problems.push(Problem { block: *at, field: Some("same-as"), message });
        }
    }
    problems
}

/// What each form brings, under the key that it gets.
fn newcomers(draft: &Draft, ground: &BuildContext<'_>, before: Option<&Record>) -> Result<Vec<DraftRecord>, LookError> {
    let mut keys = Keys::default();
    let mut newcomers = Vec::new();
    for (at, block) in draft.blocks.iter().enumerate() {
        let kind = block.form.kind;
        let key = match before.filter(|_| at == 0) {
            Some(record) => record.key().clone(),
            None => keys.free(ground.records, kind, &key_parts(block))?,
        };
        let names = match kind {
            RecordKind::Entity => {
                let aliases = block.form.field("aliases").map(|field| block.items(field)).unwrap_or_default();
                let bare = aliases.iter().filter_map(|item| item.rsplit_once(['(', '（']).map(|(name, _)| name.trim()));
                block.get("name").into_iter().chain(bare).map(str::to_owned).collect()
            }
            RecordKind::Source => ["url", "archive"]
                .iter()
                .filter_map(|name| block.get(name))
                .filter_map(|text| text.parse().ok())
                .flat_map(|address: crate::model::WebAddress| [address.to_string(), same_page(&address)])
                .collect(),
            RecordKind::Statement | RecordKind::Response => Vec::new(),
        };
        let entity_kind = block.get("kind").and_then(|word| EntityKind::from_word(&word.to_lowercase()));
        let entity_kind = entity_kind.filter(|_| kind == RecordKind::Entity);
        newcomers.push(DraftRecord { key, names, entity_kind });
    }
    Ok(newcomers)
}

/// What a key is made of: enough to be known again, nothing of the wording.
fn key_parts(block: &DraftBlock) -> Vec<&str> {
    let of = |name: &'static str| block.get(name).unwrap_or_default();
    match block.form.kind {
        RecordKind::Entity => vec![of("name")],
        RecordKind::Source => vec![of("publisher"), of("published")],
        RecordKind::Statement => vec![of("speaker"), of("said")],
        RecordKind::Response => vec![of("responder"), of("kind"), of("said")],
    }
}

fn likely_duplicates(
    ground: &BuildContext<'_>,
    statement: &Statement,
) -> Result<Vec<(StatementId, String)>, LookError> {
    let speaker = ground.records.record_id(&RecordKey::new(RecordKind::Entity, statement.speaker.clone()))?;
    duplicates::likely(ground.records, ground.search, statement, speaker.map(|id| EntityId(id.number)))
}

/// What a change is for: which kind of record, of whom. Nothing of its wording, which may have to go.
fn summary(ground: &BuildContext<'_>, record: &Record, before: Option<&Record>) -> Option<SingleLine> {
    let id = before.and_then(|before| ground.records.record_id(&before.record_key()).ok().flatten());
    let text = match id {
        Some(id) => format!("Edit {id}"),
        None => match record {
            Record::Entity(entity) => format!("Add the {} {}", entity.kind(), entity.name),
            Record::Source(_) => "Add a source".to_owned(),
            Record::Statement(_) => "Add a statement".to_owned(),
            Record::Response(response) => format!("Add a response: {}", response.kind.label()),
        },
    };
    text.parse().ok()
}
