//! What the records of a pack are held against: what the forms hold theirs against, too.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;

use super::{
    faults::Faults,
    read::{Located, Pack},
    step::{PlannedStep, StepKind},
};
use crate::{
    editorial::{self, CheckContext, Severity, telling_words},
    model::{CatalogueEntry, Date, Key, Record, RecordKey, RecordKind, Statement, bare_host, fields, same_page},
    store::{Reader, StoreError},
};

/// What was found in a pack.
#[derive(Debug, Default)]
pub(super) struct PackRemarks {
    /// What it can't be taken in with.
    pub(super) wrong: Faults,
    /// What a reviewer must look at.
    pub(super) odd: Faults,
}

/// Holds the records that a pack brings or changes against its rules, as of a moment.
///
/// # Errors
/// When the records can't be read.
pub(super) fn look(
    reader: &Reader<'_>,
    pack: &Pack,
    steps: &[PlannedStep],
    now: Timestamp,
) -> Result<PackRemarks, StoreError> {
    let mut looking = Looking::begin(reader, pack, now)?;
    for (located, step) in pack.records().iter().zip(steps) {
        match step.kind {
            StepKind::Create => {
                looking.itself(located)?;
                looking.notices(located);
                looking.repeated(located);
                looking.in_catalogues(located)?;
            }
            StepKind::Edit | StepKind::Retract => {
                looking.itself(located)?;
                looking.notices(located);
                looking.in_catalogues(located)?;
            }
            StepKind::Merge | StepKind::Unchanged | StepKind::LeftAlone => {}
        }
    }
    Ok(looking.found)
}

struct Looking<'a> {
    reader: &'a Reader<'a>,
    pack: &'a Pack,
    today: Date,
    hosts: BTreeSet<String>,
    /// The pages that sources on record have.
    known: HashMap<String, String>,
    /// The sources of the pack that were looked at, by page.
    pages: HashMap<String, &'a Located>,
    /// The statements of the pack that were looked at, by their telling words.
    said: HashMap<BTreeSet<String>, Vec<&'a Located>>,
    /// The entities of the pack that were looked at, by what they are in catalogues.
    catalogued: HashMap<CatalogueEntry, &'a Key>,
    /// When the statements of the pack were said.
    dates: HashMap<&'a Key, Option<Date>>,
    found: PackRemarks,
}

impl<'a> Looking<'a> {
    fn begin(reader: &'a Reader<'a>, pack: &'a Pack, now: Timestamp) -> Result<Self, StoreError> {
        let mut looking = Self {
            reader,
            pack,
            today: Date::latest_of(now),
            hosts: BTreeSet::new(),
            known: HashMap::new(),
            pages: HashMap::new(),
            said: HashMap::new(),
            catalogued: HashMap::new(),
            dates: HashMap::new(),
            found: PackRemarks::default(),
        };
        if pack.records().iter().any(|located| matches!(located.record, Record::Source(_))) {
            for (id, address) in reader.addresses_with("")? {
                looking.hosts.insert(bare_host(address.host()));
                looking.known.entry(same_page(&address)).or_insert_with(|| id.to_string());
            }
        }
        for located in pack.records() {
            if let Record::Statement(statement) = &located.record {
                looking.dates.insert(&statement.key, statement.said);
            }
        }
        Ok(looking)
    }

    /// What is found in one record by itself.
    fn itself(&mut self, located: &Located) -> Result<(), StoreError> {
        let measure = CheckContext { today: self.today, quote_limit: self.pack.rules.quote_limit, hosts: &self.hosts };
        let mut findings = editorial::findings(&located.record, &measure);
        // In a pack a quote without a language is in that of the source.
        findings.retain(|finding| finding.field != "quote-language");
        if let Record::Response(response) = &located.record {
            for key in response.to.iter() {
                let said = match self.dates.get(key) {
                    Some(said) => *said,
                    None => match self.reader.held(&RecordKey::new(RecordKind::Statement, key.clone()))? {
                        Some(held) => match held.record {
                            Record::Statement(statement) => statement.said,
                            _ => None,
                        },
                        None => None,
                    },
                };
                findings.extend(editorial::before_its_statement(response.said, said));
            }
        }
        for finding in findings {
            // What was taken in under another limit, as in an export, is for the reviewer to say.
            let weight = if finding.field == "quote" { Severity::Warning } else { finding.weight };
            let field = fields::held(located.record.kind()).find(|(field, _)| field.name == finding.field);
            let field = field.map_or(finding.field, |(_, held)| held.pack);
            self.tell(located, field, weight, None, finding.message);
        }
        Ok(())
    }

    /// Whether an entity is in catalogues what another is, on record or in the pack. One that was merged away keeps
    /// what it had.
    fn in_catalogues(&mut self, located: &'a Located) -> Result<(), StoreError> {
        let Record::Entity(entity) = &located.record else { return Ok(()) };
        if !located.standing.is_in_force() {
            return Ok(());
        }
        for entry in entity.same_as.iter() {
            let in_pack = self.catalogued.insert(*entry, &entity.key).map(|key| format!("the entity {key}"));
            let others = self.reader.entities_in_catalogue(*entry)?.into_iter();
            // What the pack has itself is as the pack says.
            let is_another = |key: &Key| {
                let name = RecordKey::new(RecordKind::Entity, key.clone());
                *key != entity.key && self.pack.find(&name).is_none()
            };
            let on_record = others.filter(|(_, key)| is_another(key)).map(|(id, _)| id.to_string()).next();
            if let Some(other) = in_pack.or(on_record) {
                let message = format!("{} is {other} already; if both are one, merge them", entry.called());
                self.tell(located, "same_as", Severity::Wrong, Some(&entry.to_string()), message);
            }
        }
        Ok(())
    }

    /// When it was corrected or retracted.
    fn notices(&mut self, located: &Located) {
        let standing = &located.standing;
        let notices = standing.corrections.iter().map(|notice| ("corrections", notice.on));
        for (field, on) in notices.chain(standing.retracted.iter().map(|notice| ("retracted", notice.on))) {
            if self.today.is_certainly_before(on) {
                self.tell(located, field, Severity::Wrong, Some(&on.to_string()), format!("{on} is in the future"));
            }
        }
    }

    /// Whether the record is on record already under another key, or stands twice in the pack.
    fn repeated(&mut self, located: &'a Located) {
        match &located.record {
            Record::Source(source) => {
                let Some(url) = &source.url else { return };
                let page = same_page(url);
                let known = self.known.get(&page).map(|id| format!("the page is on record as {id}; cite that one"));
                let before = self.pages.get(&page).map(|first| {
                    let place = self.pack.error_at(first, "url", None, String::new());
                    let line = place.line.unwrap_or_default();
                    format!(
                        "the page is that of the source {} in {}, line {line}; keep one of them",
                        first.record.key(),
                        place.file
                    )
                });
                // A form would refuse it; in a pack it may be what an export brings back, and others may cite it.
                if let Some(message) = known.or(before) {
                    self.tell(located, "url", Severity::Odd, Some(url.as_str()), message);
                }
                let archived = source.archive_url.as_ref().map(same_page);
                for page in std::iter::once(page).chain(archived) {
                    self.pages.entry(page).or_insert(located);
                }
            }
            Record::Statement(statement) => {
                let words = telling_words(statement.text.as_str());
                let same = |other: &&&Located| match &other.record {
                    Record::Statement(other) => is_near(statement, other),
                    _ => false,
                };
                let alike = self.said.entry(words).or_default();
                let first = alike.iter().find(same).copied();
                // Whoever has the same words many times has them from one source.
                if alike.len() < MOST_ALIKE {
                    alike.push(located);
                }
                if let Some(first) = first {
                    let key = first.record.key();
                    let message = format!("it says the same as the statement {key}; check whether it is the same");
                    self.tell(located, "text", Severity::Odd, None, message);
                }
            }
            Record::Entity(_) | Record::Response(_) => {}
        }
    }

    fn tell(&mut self, located: &Located, field: &str, weight: Severity, value: Option<&str>, message: String) {
        let refuses = weight == Severity::Wrong && !self.pack.rules.confirmed;
        let faults = if refuses { &mut self.found.wrong } else { &mut self.found.odd };
        faults.add(|| self.pack.error_at(located, field, value, message));
    }
}

/// How many statements of the same words are compared with the next.
const MOST_ALIKE: usize = 20;

/// Whether two statements of the same words are likely one: of one speaker, or from one source.
fn is_near(one: &Statement, other: &Statement) -> bool {
    let cites = |source: &Key| other.citations.iter().any(|citation| citation.source == *source);
    one.speaker == other.speaker || one.citations.iter().any(|citation| cites(&citation.source))
}
