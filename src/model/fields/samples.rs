//! Records with every field set, for tests: what is added to the model must be added here.

use std::collections::BTreeSet;

use crate::model::{
    Alias, Citation, CitationRole, Entity, Nature, Quote, Record, Response, ResponseKind, Seen, Source, SourceKind,
    SourceName, Statement,
};

/// A record of each kind, and two sources: one with a headline, one with a description.
pub(crate) fn records() -> Vec<Record> {
    let (key, line) = (|| "k".parse().unwrap(), || "A line".parse().unwrap());
    let date = Some("2022-10-26".parse().unwrap());
    let address = Some("https://example.org/a".parse().unwrap());
    let citation = Citation { source: key(), role: CitationRole::Original, locator: Some(line()) };
    let citations = vec![citation].try_into().unwrap();
    let quote = Some(Quote { text: line(), language: Some("nl".parse().unwrap()) });
    let source = |name| {
        Record::Source(Source {
            key: key(),
            kind: SourceKind::Report,
            name,
            url: address.clone(),
            archive_url: address.clone(),
            publisher: key(),
            copy_of: Some(key()),
            authors: vec![line()],
            published: date,
            language: "nl".parse().unwrap(),
            accessed: date,
            seen: Seen::Full,
            note: Some(line()),
        })
    };
    let entity = Entity {
        key: key(),
        nature: Nature::Person { role: Some(line()), affiliation: Some(key()) },
        name: line(),
        aliases: vec![Alias { name: line(), language: "nl".parse().unwrap() }],
        part_of: Some(key()),
        description: Some(line()),
        same_as: BTreeSet::from(["https://www.geonames.org/2147714".parse().unwrap()]).try_into().unwrap(),
    };
    let statement = Statement {
        key: key(),
        speaker: key(),
        speaker_role: Some(line()),
        text: line(),
        short: Some("In short".parse().unwrap()),
        quote: quote.clone(),
        said: date,
        about: BTreeSet::from([key()]),
        citations,
    };
    let response = Response {
        key: key(),
        to: BTreeSet::from([key()]).try_into().unwrap(),
        responder: key(),
        kind: ResponseKind::Denial,
        text: line(),
        gist: Some("had closed".parse().unwrap()),
        quote,
        said: date,
        citations: statement.citations.clone(),
    };
    vec![
        Record::Entity(entity),
        source(SourceName::Title(line())),
        source(SourceName::Description(line())),
        Record::Statement(statement),
        Record::Response(response),
    ]
}
