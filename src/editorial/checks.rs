//! The checks before publication, field by field, of what the model itself can't rule out.

use std::collections::BTreeSet;

use crate::model::{self, CatalogueEntry, Date, Quote, Record, RecordId, WebAddress, bare_host};

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// It can't be published so.
    Wrong,
    /// It may be right, and must be confirmed.
    Odd,
    /// A reviewer must look at it.
    Warning,
}

/// Something found in one field of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The field, as the forms name it.
    pub field: &'static str,
    /// How much it matters.
    pub weight: Severity,
    /// What it is, and how to put it right.
    pub message: String,
}

/// What a record is held against.
#[derive(Debug, Clone)]
pub struct CheckContext<'a> {
    /// The latest day that it is today anywhere on Earth.
    pub today: Date,
    /// The most characters that a quote may have.
    pub quote_limit: usize,
    /// The hosts of the sources on record.
    pub hosts: &'a BTreeSet<String>,
}

/// What is found in a record. Whether a response is dated before its statement is for those who know
/// the statement ([`before_its_statement`]).
#[must_use]
pub fn findings(record: &Record, measure: &CheckContext<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    match record {
        Record::Statement(statement) => {
            date("said", statement.said, measure, &mut found);
            quote(statement.quote.as_ref(), measure, &mut found);
        }
        Record::Response(response) => {
            date("said", response.said, measure, &mut found);
            quote(response.quote.as_ref(), measure, &mut found);
        }
        Record::Source(source) => {
            date("published", source.published, measure, &mut found);
            date("accessed", source.accessed, measure, &mut found);
            for (field, address) in [("url", &source.url), ("archive", &source.archive_url)] {
                found.extend(address.as_ref().and_then(|address| look_alike(field, address, measure)));
            }
        }
        Record::Entity(_) => {}
    }
    found
}

/// That a response is dated before the statement that it answers.
#[must_use]
pub fn before_its_statement(answered: Option<Date>, said: Option<Date>) -> Option<Finding> {
    let (answered, said) = answered.zip(said)?;
    answered.is_certainly_before(said).then(|| Finding {
        field: "said",
        weight: Severity::Odd,
        message: format!("{answered} is before the statement that it answers ({said})"),
    })
}

/// That what an entity is said to be in a catalogue is another entity on record.
pub(super) fn is_of_another(entry: CatalogueEntry, other: RecordId) -> Finding {
    let message = format!("{} is {other} on record already; if both are one, merge them", entry.called());
    Finding { field: "same-as", weight: Severity::Wrong, message }
}

fn date(field: &'static str, date: Option<Date>, measure: &CheckContext<'_>, found: &mut Vec<Finding>) {
    if let Some(date) = date
        && measure.today.is_certainly_before(date)
    {
        found.push(Finding { field, weight: Severity::Wrong, message: format!("{date} is in the future") });
    }
}

fn quote(quote: Option<&Quote>, measure: &CheckContext<'_>, found: &mut Vec<Finding>) {
    let Some(quote) = quote else { return };
    let length = quote.text.as_str().chars().count();
    if length > measure.quote_limit {
        let message = format!(
            "it is {length} characters long, and a quote has at most {}; keep the words that matter",
            measure.quote_limit
        );
        found.push(Finding { field: "quote", weight: Severity::Wrong, message });
    }
    if quote.language.is_none() {
        let message = "the quote is not marked with its language; write its code or English name".to_owned();
        found.push(Finding { field: "quote-language", weight: Severity::Wrong, message });
    }
}

/// A host that looks like that of a known publisher and is another (Unicode Technical Standard 39,
/// "Confusable Detection").
fn look_alike(field: &'static str, address: &WebAddress, measure: &CheckContext<'_>) -> Option<Finding> {
    let host = bare_host(address.host());
    if !host.split('.').any(|label| label.starts_with("xn--")) || measure.hosts.contains(&host) {
        return None;
    }
    let (shown, _) = idna::domain_to_unicode(&host);
    let message = match measure.hosts.iter().find(|known| model::look_alike(known, &shown)) {
        Some(known) => format!(
            "the host {host} looks like {known}, from which sources are on record, and is another; open it before \
             you believe it"
        ),
        None => return None,
    };
    Some(Finding { field, weight: Severity::Warning, message })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Source, SourceName};

    fn source(url: &str) -> Record {
        Record::Source(Source {
            key: "s".parse().unwrap(),
            kind: crate::model::SourceKind::NewsArticle,
            name: SourceName::Title("A title".parse().unwrap()),
            url: Some(url.parse().unwrap()),
            archive_url: None,
            publisher: "p".parse().unwrap(),
            copy_of: None,
            authors: Vec::new(),
            published: Some("2027".parse().unwrap()),
            language: "en".parse().unwrap(),
            accessed: None,
            seen: crate::model::Seen::Full,
            note: None,
        })
    }

    #[test]
    fn a_look_alike_of_a_known_host_is_warned_of_and_the_future_refused() {
        let hosts = BTreeSet::from(["bbc.co.uk".to_owned(), "xn--mnchen-3ya.de".to_owned()]);
        let found = |url: &str| {
            let measure = CheckContext { today: "2026-11-24".parse().unwrap(), quote_limit: 500, hosts: &hosts };
            findings(&source(url), &measure).into_iter().map(|finding| finding.weight).collect::<Vec<_>>()
        };
        assert_eq!(found("https://www.bbc.co.uk/a"), [Severity::Wrong], "2027 is in the future");
        // The Cyrillic с in place of the last letter of the name.
        assert_eq!(found("https://www.bb\u{441}.co.uk/a"), [Severity::Wrong, Severity::Warning]);
        assert_eq!(found("https://münchen.de/a"), [Severity::Wrong], "a known host is no look-alike of itself");
        assert_eq!(found("https://köln.de/a"), [Severity::Wrong], "a host of its own is no look-alike");
    }
}
