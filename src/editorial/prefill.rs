//! A record as its form is filled in, for those who edit it.

use super::{
    draft::{Draft, DraftBlock},
    forms::form,
};
use crate::{
    model::{Citations, Key, Nature, Quote, Record, RecordKey, RecordKind, SourceName},
    store::{Failure, Reader},
};

/// The form of a record, filled in with what is on record; what it refers to by id.
///
/// # Errors
/// When the records can't be read.
pub fn prefilled(record: &Record, records: &Reader<'_>) -> Result<Draft, Failure> {
    let mut block = DraftBlock::new(form(record.kind()));
    let id = |kind: RecordKind, key: &Key| -> Result<String, Failure> {
        let id = records.record_id(&RecordKey::new(kind, key.clone()))?;
        Ok(id.map_or_else(|| key.to_string(), |id| id.to_string()))
    };
    let entity = |key: Option<&Key>| key.map(|key| id(RecordKind::Entity, key)).transpose();
    let entities = |keys: &std::collections::BTreeSet<Key>| -> Result<String, Failure> {
        let ids = keys.iter().map(|key| id(RecordKind::Entity, key)).collect::<Result<Vec<_>, _>>()?;
        Ok(ids.join("\n"))
    };
    let cited = |citations: &Citations| -> Result<String, Failure> {
        let mut lines = Vec::new();
        for citation in citations {
            let locator = citation.locator.as_ref().map(|locator| format!(" {locator}")).unwrap_or_default();
            lines.push(format!("{} {}{locator}", id(RecordKind::Source, &citation.source)?, citation.role));
        }
        Ok(lines.join("\n"))
    };
    let mut set = |name: &str, value: Option<String>| block.set(name, &value.unwrap_or_default());
    match record {
        Record::Statement(statement) => {
            set("speaker", entity(Some(&statement.speaker))?);
            set("text", Some(statement.text.to_string()));
            set("source", Some(cited(&statement.citations)?));
            set("said", statement.said.map(|date| date.to_string()));
            set("about", Some(entities(&statement.about)?));
            set("speaker-role", statement.speaker_role.as_ref().map(ToString::to_string));
            quote(&mut set, statement.quote.as_ref());
        }
        Record::Response(response) => {
            let statements = response.to.iter().map(|key| id(RecordKind::Statement, key));
            set("to", Some(statements.collect::<Result<Vec<_>, _>>()?.join("\n")));
            set("responder", entity(Some(&response.responder))?);
            set("kind", Some(response.kind.to_string()));
            set("text", Some(response.text.to_string()));
            set("source", Some(cited(&response.citations)?));
            set("said", response.said.map(|date| date.to_string()));
            quote(&mut set, response.quote.as_ref());
        }
        Record::Source(source) => {
            set("url", source.url.as_ref().map(|url| url.as_str().to_owned()));
            match &source.name {
                SourceName::Title(title) => set("title", Some(title.to_string())),
                SourceName::Description(description) => set("description", Some(description.to_string())),
            }
            set("publisher", entity(Some(&source.publisher))?);
            set("published", source.published.map(|date| date.to_string()));
            set("language", Some(source.language.to_string()));
            set("kind", Some(source.kind.to_string()));
            let authors: Vec<String> = source.authors.iter().map(ToString::to_string).collect();
            set("authors", Some(authors.join("\n")));
            set("archive", source.archive_url.as_ref().map(|url| url.as_str().to_owned()));
            set("accessed", source.accessed.map(|date| date.to_string()));
            set("seen", Some(source.seen.to_string()));
            set("remark", source.note.as_ref().map(ToString::to_string));
        }
        Record::Entity(record) => {
            set("name", Some(record.name.to_string()));
            set("kind", Some(record.kind().to_string()));
            set("part-of", entity(record.part_of.as_ref())?);
            let aliases: Vec<String> =
                record.aliases.iter().map(|alias| format!("{} ({})", alias.name, alias.language)).collect();
            set("aliases", Some(aliases.join("\n")));
            set("description", record.description.as_ref().map(ToString::to_string));
            if let Nature::Person { role, affiliation } = &record.nature {
                set("role", role.as_ref().map(ToString::to_string));
                set("affiliation", entity(affiliation.as_ref())?);
            }
        }
    }
    Ok(Draft { blocks: vec![block] })
}

fn quote(set: &mut impl FnMut(&str, Option<String>), quote: Option<&Quote>) {
    set("quote", quote.map(|quote| quote.text.to_string()));
    let language = quote.and_then(|quote| quote.language.as_ref());
    set("quote-language", language.map(ToString::to_string));
}
