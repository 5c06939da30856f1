//! From a draft to the operations of a change.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{
    address::{bare_host, same_page},
    checks::{self, Finding, Measure, Weight},
    draft::{Block, Draft, Problem},
    duplicates::{self, LookError},
    fill::{Fill, Given, Newcomer, telling},
    keys::Keys,
};
use crate::{
    model::{
        Announcement, AnsweredStatements, Citations, Date, Entity, EntityKind, Key, Line, Nature, Operation, Quote,
        Record, RecordId, RecordKey, RecordKind, Response, Seen, Source, SourceKind, SourceName, Standing, Statement,
    },
    search::{Snapshot, folded_words},
    store::{Reader, StoreError},
};

/// What a draft is read against.
#[derive(Debug)]
pub struct Ground<'a> {
    /// The records.
    pub records: &'a Reader<'a>,
    /// The names and the index.
    pub search: &'a Snapshot,
    /// Now.
    pub now: Timestamp,
    /// The most characters that a quote may have.
    pub quote_limit: usize,
}

/// A name or an address that is not on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// The form that names it.
    pub block: usize,
    /// The field.
    pub field: &'static str,
    /// The name or address.
    pub text: String,
    /// What it may be: kinds of entities; a source where there are none.
    pub kinds: Vec<EntityKind>,
}

/// What a draft becomes.
#[derive(Debug, Clone, Default)]
pub struct Built {
    /// The operations; none where something is wrong.
    pub operations: Vec<Operation>,
    /// What the change is for.
    pub summary: Option<Line>,
    /// What the proposer has to say to the reviewer.
    pub note: Option<Line>,
    /// The suggestion that is taken up.
    pub suggestion: Option<i64>,
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// What is not on record and could be added in the same change.
    pub unknown: Vec<Unknown>,
    /// What looks like a mistake and must be confirmed.
    pub odd: Vec<Problem>,
    /// What the reviewer must look at.
    pub warnings: Vec<Problem>,
    /// Entries that it may repeat, with their wordings; they must be looked at and it confirmed.
    pub duplicates: Vec<(RecordId, String)>,
    /// Whether the proposer confirmed what is odd.
    pub confirmed: bool,
}

impl Built {
    /// Whether it can be submitted as it is.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.problems.is_empty()
            && !self.operations.is_empty()
            && (self.confirmed || (self.odd.is_empty() && self.duplicates.is_empty()))
    }
}

impl Ground<'_> {
    /// A name as it is compared.
    #[must_use]
    pub fn folded(&self, name: &str) -> String {
        folded_words(name).join(" ")
    }

    /// The source on record that this address leads to, in whatever form.
    ///
    /// # Errors
    /// When the records can't be read.
    pub fn source_at(&self, address: &crate::model::WebAddress) -> Result<Option<RecordId>, StoreError> {
        let page = same_page(address);
        let known = self.records.addresses_with(&telling(address))?;
        Ok(known.into_iter().find(|(_, other)| same_page(other) == page).map(|(id, _)| id))
    }

    /// The findings in a record, against what is on record now.
    ///
    /// # Errors
    /// When the records can't be read.
    pub fn findings(&self, record: &Record) -> Result<Vec<Finding>, StoreError> {
        let hosts: BTreeSet<String> = if matches!(record, Record::Source(_)) {
            self.records.addresses()?.iter().map(|address| bare_host(address.host())).collect()
        } else {
            BTreeSet::new()
        };
        let measure = Measure { today: Date::of(self.now), quote_limit: self.quote_limit, hosts: &hosts };
        let mut found = checks::findings(record, &measure);
        if let Record::Response(response) = record {
            for key in response.to.iter() {
                let name = RecordKey::new(RecordKind::Statement, key.clone());
                let held = self.records.held(&name)?;
                let said = held.and_then(|held| match held.record {
                    Record::Statement(statement) => statement.said,
                    _ => None,
                });
                if let (Some(answered), Some(said)) = (response.said, said)
                    && answered.is_certainly_before(said)
                {
                    let message = format!("{answered} is before the statement that it answers ({said})");
                    found.push(Finding { field: "said", weight: Weight::Odd, message });
                }
            }
        }
        Ok(found)
    }
}

/// The operations of a draft of new records.
///
/// # Errors
/// When the records or the index can't be read.
pub fn build(draft: &Draft, ground: &Ground<'_>) -> Result<Built, LookError> {
    build_on(draft, ground, None)
}

/// The operations of a draft that edits a record: fields that aren't given stay, `-` takes one away.
///
/// # Errors
/// As [`build`].
pub fn build_edit(draft: &Draft, ground: &Ground<'_>, before: &Record) -> Result<Built, LookError> {
    build_on(draft, ground, Some(before))
}

fn build_on(draft: &Draft, ground: &Ground<'_>, before: Option<&Record>) -> Result<Built, LookError> {
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
            Fill { ground, block, number: at, newcomers: &newcomers, problems: Vec::new(), unknown: Vec::new() };
        let record = record(&mut fill, &newcomer.key, before)?;
        let correction = fill.line("correction");
        if at == 0 {
            built.confirmed = fill.confirmed();
            built.note = fill.line("note").or(None);
            built.suggestion = fill
                .one("suggestion", |text| {
                    text.trim_start_matches('#').parse::<i64>().map_err(|_| "it is no number".to_owned())
                })
                .or(None);
        }
        built.unknown.append(&mut fill.unknown);
        built.problems.append(&mut fill.problems);
        let Some(record) = record else { continue };
        for finding in ground.findings(&record)? {
            let problem = Problem { block: at, field: Some(finding.field), message: finding.message };
            match finding.weight {
                Weight::Wrong => built.problems.push(problem),
                Weight::Odd => built.odd.push(problem),
                Weight::Warning => built.warnings.push(problem),
            }
        }
        if let (Record::Source(source), None) = (&record, before)
            && let Some(url) = &source.url
            && let Some(known) = ground.source_at(url)?
        {
            let message = format!("the page is on record as {known}; cite that one");
            built.problems.push(Problem { block: at, field: Some("url"), message });
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
                Operation::Edit { record: record.clone(), corrections: corrections.into_iter().collect() }
            }
        });
        records.push((at, record));
    }
    if before.is_none()
        && let Some((_, Record::Statement(statement))) = records.iter().find(|(at, _)| *at == 0)
    {
        built.duplicates = likely_duplicates(ground, statement)?;
    }
    built.problems.sort_by_key(|problem| problem.block);
    if !built.problems.is_empty() {
        built.operations.clear();
    }
    built.summary = records.iter().find(|(at, _)| *at == 0).and_then(|(_, record)| summary(ground, record, before));
    Ok(built)
}

/// What each form brings, under the key that it gets.
fn newcomers(draft: &Draft, ground: &Ground<'_>, before: Option<&Record>) -> Result<Vec<Newcomer>, LookError> {
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
                let alias = block.get("aliases").unwrap_or_default().lines();
                let bare = alias.filter_map(|line| line.rsplit_once(['(', '（']).map(|(name, _)| name.trim()));
                block.get("name").into_iter().chain(bare).map(str::to_owned).collect()
            }
            RecordKind::Source => ["url", "archive"]
                .iter()
                .filter_map(|name| block.get(name))
                .filter_map(|text| text.parse().ok())
                .map(|address| same_page(&address))
                .collect(),
            RecordKind::Statement | RecordKind::Response => Vec::new(),
        };
        let entity_kind = block.get("kind").and_then(|word| EntityKind::from_word(&word.to_lowercase()));
        let entity_kind = entity_kind.filter(|_| kind == RecordKind::Entity);
        newcomers.push(Newcomer { key, names, entity_kind });
    }
    Ok(newcomers)
}

/// What a key is made of: enough to be known again, nothing of the wording.
fn key_parts(block: &Block) -> Vec<&str> {
    let of = |name: &'static str| block.get(name).unwrap_or_default();
    match block.form.kind {
        RecordKind::Entity => vec![of("name")],
        RecordKind::Source => vec![of("publisher"), of("published")],
        RecordKind::Statement => vec![of("speaker"), of("said")],
        RecordKind::Response => vec![of("responder"), of("kind"), of("said")],
    }
}

fn record(fill: &mut Fill<'_>, key: &Key, before: Option<&Record>) -> Result<Option<Record>, LookError> {
    match fill.block.form.kind {
        RecordKind::Entity => entity(fill, key, before),
        RecordKind::Source => source(fill, key, before),
        RecordKind::Statement => statement(fill, key, before),
        RecordKind::Response => response(fill, key, before),
    }
}

const SPEAKERS: &[EntityKind] = &[EntityKind::Person, EntityKind::Organisation];
const ORGANISATIONS: &[EntityKind] = &[EntityKind::Organisation];

fn entity(fill: &mut Fill<'_>, key: &Key, before: Option<&Record>) -> Result<Option<Record>, LookError> {
    let before = match before {
        Some(Record::Entity(entity)) => Some(entity.clone()),
        _ => None,
    };
    let given = fill.line("name");
    let name = fill.required("name", given, before.as_ref().map(|old| old.name.clone()));
    let given = fill.word::<EntityKind>("kind");
    let kind = fill.required("kind", given, before.as_ref().map(Entity::kind));
    let part_of = fill.entity("part-of", EntityKind::ALL)?.or(before.as_ref().and_then(|old| old.part_of.clone()));
    let aliases = fill.aliases("aliases").or(before.as_ref().map(|old| old.aliases.clone())).unwrap_or_default();
    let description = fill.line("description").or(before.as_ref().and_then(|old| old.description.clone()));
    let (old_role, old_affiliation) = match before.map(|old| old.nature) {
        Some(Nature::Person { role, affiliation }) => (role, affiliation),
        _ => (None, None),
    };
    let role = fill.line("role").or(old_role);
    let affiliation = fill.entity("affiliation", ORGANISATIONS)?.or(old_affiliation);
    let (Some(name), Some(kind)) = (name, kind) else { return Ok(None) };
    if kind != EntityKind::Person && (role.is_some() || affiliation.is_some()) {
        fill.wrong("role", format!("only a person has an office or an affiliation, and this is a {kind}"));
    }
    let nature = match kind {
        EntityKind::Place => Nature::Place,
        EntityKind::Organisation => Nature::Organisation,
        EntityKind::Topic => Nature::Topic,
        EntityKind::Person => Nature::Person { role, affiliation },
    };
    Ok(Some(Record::Entity(Entity { key: key.clone(), nature, name, aliases, part_of, description })))
}

fn source(fill: &mut Fill<'_>, key: &Key, before: Option<&Record>) -> Result<Option<Record>, LookError> {
    let before = match before {
        Some(Record::Source(source)) => Some(source.clone()),
        _ => None,
    };
    let old = before.as_ref();
    let url = fill.address("url").or(old.and_then(|old| old.url.clone()));
    let archive_url = fill.address("archive").or(old.and_then(|old| old.archive_url.clone()));
    let given = fill.entity("publisher", ORGANISATIONS)?;
    let publisher = fill.required("publisher", given, old.map(|old| old.publisher.clone()));
    let given = fill.language("language");
    let language = fill.required("language", given, old.map(|old| old.language.clone()));
    let published = fill.date("published").or(old.and_then(|old| old.published));
    let accessed = fill.date("accessed").or(old.and_then(|old| old.accessed));
    let kind = fill.word("kind").or(old.map(|old| old.kind)).unwrap_or(SourceKind::NewsArticle);
    let seen = fill.word("seen").or(old.map(|old| old.seen)).unwrap_or(Seen::Full);
    let authors = fill.lines("authors").or(old.map(|old| old.authors.clone())).unwrap_or_default();
    let note = fill.line("remark").or(old.and_then(|old| old.note.clone()));
    let name = match (fill.line("title"), fill.line("description")) {
        (Given::Set(title), _) => Some(SourceName::Title(title)),
        (_, Given::Set(description)) => Some(SourceName::Description(description)),
        (Given::Kept, Given::Kept) => old.map(|old| old.name.clone()),
        (_, _) => None,
    };
    if name.is_none() && fill.block.get("title").is_none() {
        fill.wrong("title", "it is missing: give the headline as published, or a description where it was not seen");
    }
    let (Some(publisher), Some(language), Some(name)) = (publisher, language, name) else { return Ok(None) };
    Ok(Some(Record::Source(Source {
        key: key.clone(),
        kind,
        name,
        url,
        archive_url,
        publisher,
        authors,
        published,
        language,
        accessed,
        seen,
        note,
    })))
}

fn quote(fill: &mut Fill<'_>, before: Option<&Quote>) -> Option<Quote> {
    let words = fill.line("quote");
    let language = fill.language("quote-language").or(before.and_then(|quote| quote.language.clone()));
    let text = words.or(before.map(|quote| quote.text.clone()))?;
    // Outer quotation marks are the form's, not the speaker's.
    let bare = text.as_str().trim_matches(['"', '“', '”', '„', '«', '»']).trim();
    Some(Quote { text: bare.parse().unwrap_or(text), language })
}

fn citations(fill: &mut Fill<'_>, before: Option<&Citations>) -> Result<Option<Citations>, LookError> {
    let given = fill.citations("source")?;
    let given_any = !matches!(given, Given::Kept);
    let list = fill.required("source", given, before.map(|citations| citations.as_slice().to_vec()));
    let Some(list) = list.filter(|list| !list.is_empty() || !given_any) else { return Ok(None) };
    match Citations::try_from(list) {
        Ok(citations) => Ok(Some(citations)),
        Err(error) => {
            fill.wrong("source", error.to_string());
            Ok(None)
        }
    }
}

fn statement(fill: &mut Fill<'_>, key: &Key, before: Option<&Record>) -> Result<Option<Record>, LookError> {
    let before = match before {
        Some(Record::Statement(statement)) => Some(statement.clone()),
        _ => None,
    };
    let old = before.as_ref();
    let given = fill.entity("speaker", SPEAKERS)?;
    let speaker = fill.required("speaker", given, old.map(|old| old.speaker.clone()));
    let given = fill.line("text");
    let text = fill.required("text", given, old.map(|old| old.text.clone()));
    let citations = citations(fill, old.map(|old| &old.citations))?;
    let said = fill.date("said").or(old.and_then(|old| old.said));
    let about = fill.entities("about", EntityKind::ALL)?;
    let about = match about {
        Given::Kept => old.map(|old| old.about.clone()).unwrap_or_default(),
        Given::Cleared => BTreeSet::new(),
        Given::Set(keys) => keys.into_iter().collect(),
    };
    let speaker_role = fill.line("speaker-role").or(old.and_then(|old| old.speaker_role.clone()));
    let quote = quote(fill, old.and_then(|old| old.quote.as_ref()));
    let (Some(speaker), Some(text), Some(citations)) = (speaker, text, citations) else { return Ok(None) };
    let key = key.clone();
    Ok(Some(Record::Statement(Statement { key, speaker, speaker_role, text, quote, said, about, citations })))
}

fn response(fill: &mut Fill<'_>, key: &Key, before: Option<&Record>) -> Result<Option<Record>, LookError> {
    let before = match before {
        Some(Record::Response(response)) => Some(response.clone()),
        _ => None,
    };
    let old = before.as_ref();
    let given = fill.statements("to")?;
    let to = fill.required("to", given, old.map(|old| old.to.iter().cloned().collect()));
    let given = fill.entity("responder", SPEAKERS)?;
    let responder = fill.required("responder", given, old.map(|old| old.responder.clone()));
    let given = fill.word("kind");
    let kind = fill.required("kind", given, old.map(|old| old.kind));
    let given = fill.line("text");
    let text = fill.required("text", given, old.map(|old| old.text.clone()));
    let citations = citations(fill, old.map(|old| &old.citations))?;
    let said = fill.date("said").or(old.and_then(|old| old.said));
    let quote = quote(fill, old.and_then(|old| old.quote.as_ref()));
    let (Some(to), Some(responder), Some(kind), Some(text), Some(citations)) = (to, responder, kind, text, citations)
    else {
        return Ok(None);
    };
    let Ok(to) = AnsweredStatements::try_from(to.into_iter().collect::<BTreeSet<Key>>()) else { return Ok(None) };
    Ok(Some(Record::Response(Response { key: key.clone(), to, responder, kind, text, quote, said, citations })))
}

fn likely_duplicates(ground: &Ground<'_>, statement: &Statement) -> Result<Vec<(RecordId, String)>, LookError> {
    let speaker = ground.records.record_id(&RecordKey::new(RecordKind::Entity, statement.speaker.clone()))?;
    let mut sources = Vec::new();
    for citation in &statement.citations {
        let id = ground.records.record_id(&RecordKey::new(RecordKind::Source, citation.source.clone()))?;
        sources.extend(id.map(|id| id.number));
    }
    duplicates::likely(ground.records, ground.search, statement.text.as_str(), speaker.map(|id| id.number), &sources)
}

/// What a change is for: which kind of record, of whom. Nothing of its wording, which may have to go.
fn summary(ground: &Ground<'_>, record: &Record, before: Option<&Record>) -> Option<Line> {
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
