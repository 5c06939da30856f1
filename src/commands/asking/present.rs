//! Records into documents and into JSON: the one place where a view of the store becomes what people
//! and programs are shown.

use crate::{
    commands::asking::parts::{line_of, notices, quoted, source_line, speaker},
    model::{
        Change, ChangeState, EntityId, EntityKind, Nature, Record, RecordNotice, Review, Role, Source, SourceName,
        Standing, StatementId,
    },
    reply::{
        Entry, EntryKind, SourceOrigin, Text,
        json::{
            JsonChange, JsonCitation, JsonElsewhere, JsonEntity, JsonName, JsonNamed, JsonNotice, JsonQuote,
            JsonRecord, JsonResponse, JsonSource, JsonStanding, JsonStatement, JsonUnderstood,
        },
    },
    search::{Names, Understanding},
    store::{CitationView, EntityRef, EntryView, ResponseView, SourceView, Vetted},
};

/// A statement whole, with its responses and sources.
pub(in crate::commands) fn statement(view: &EntryView) -> Entry {
    let mut entry = Entry::new(EntryKind::Statement, view.id, speaker(view));
    entry.date = view.statement.said;
    entry.notices = notices(&view.standing);
    entry.text = view.statement.text.to_string();
    let quote = view.statement.quote.as_ref();
    entry.quote = quote.map(|quote| quoted(&quote.text, quote.language.as_ref(), &view.citations));
    entry.responses = view.responses.iter().map(response).collect();
    entry.sources = view.citations.iter().map(source_line).collect();
    if !view.about.is_empty() {
        entry.details.push(names_and_ids("About: ", &view.about));
    }
    entry.details.extend(vetted(view.vetted));
    entry
}

/// A response with its sources.
pub(in crate::commands) fn response(view: &ResponseView) -> Entry {
    let byline = Text::new().strong(view.responder.name.as_str()).plain(" — ").plain(view.response.kind.label());
    let mut entry = Entry::new(EntryKind::Response, view.id, byline);
    entry.date = view.response.said;
    entry.notices = notices(&view.standing);
    entry.text = view.response.text.to_string();
    entry.quote =
        view.response.quote.as_ref().map(|quote| quoted(&quote.text, quote.language.as_ref(), &view.citations));
    entry.sources = view.citations.iter().map(source_line).collect();
    entry
}

/// A source alone.
pub(in crate::commands) fn source(view: &SourceView) -> Entry {
    let byline =
        Text::new().strong(view.publisher.name.as_str()).plain(format!(" — {}", words_of(view.source.kind.word())));
    let mut entry = Entry::new(EntryKind::Source, view.id, byline);
    entry.date = view.source.published;
    entry.notices = notices(&view.standing);
    if let SourceName::Description(description) = &view.source.name {
        entry.text = description.to_string();
    }
    entry.sources = vec![line_of(view, SourceOrigin::Original, None)];
    if !view.source.authors.is_empty() {
        let authors: Vec<&str> = view.source.authors.iter().map(crate::model::SingleLine::as_str).collect();
        entry.details.push(Text::from(format!("By {}", authors.join(", "))));
    }
    entry
}

/// A record as someone of this role may read it: what editors noted on a source is for editors.
pub(in crate::commands) fn readable(record: Record, role: Role) -> Record {
    match record {
        Record::Source(source) if role < Role::Contributor => Record::Source(Source { note: None, ..source }),
        record => record,
    }
}

/// A change, in a few lines; for editors with what its author noted for the reviewer.
pub(in crate::commands) fn change(change: &Change, role: Role) -> Entry {
    let byline = Text::new().strong(change.proposal.summary.as_str());
    let mut entry = Entry::new(EntryKind::Change, change.id, byline);
    entry.details.push(Text::from("Proposed by ").person(&change.proposal.author));
    let note = change.note.as_ref().filter(|_| role >= Role::Contributor);
    entry.details.extend(note.map(|note| Text::from(format!("Note: {note}"))));
    entry.details.push(match &change.state {
        ChangeState::Pending => "Waits for a reviewer".into(),
        ChangeState::Returned { request } => format!("Waits for its author, who is asked: {request}").into(),
        ChangeState::Approved(approved) if approved.solo => {
            format!("Approved by its author, being the only reviewer: {}", approved.review.reason).into()
        }
        ChangeState::Approved(approved) => decided("Approved by ", &approved.review),
        ChangeState::Rejected(review) => decided("Rejected by ", review),
        ChangeState::Withdrawn(review) => format!("Withdrawn by its author: {}", review.reason).into(),
    });
    let at = change.state.review().map_or(change.proposal.proposed_at, |review| review.at);
    entry.date = Some(crate::model::Date::of(at));
    entry
}

fn decided(what: &str, review: &Review) -> Text {
    Text::from(what).person(&review.reviewer).plain(format!(": {}", review.reason))
}

/// "Last vetted 2026-11-24"; nothing where the day isn't known.
pub(in crate::commands) fn vetted(vetted: Vetted) -> Option<Text> {
    vetted.on.map(|day| Text::new().plain("Last vetted ").date(day))
}

/// What an entity is and where: "a place in New South Wales, Australia".
pub(in crate::commands) fn entity_in_words(names: &Names, id: EntityId) -> String {
    let Some(entity) = names.entity(id) else { return String::new() };
    let article = if entity.kind == EntityKind::Organisation { "an" } else { "a" };
    let wholes = names.wholes(id);
    let joint = match wholes.first().map(|whole| whole.kind) {
        None => return format!("{article} {}", entity.kind),
        Some(EntityKind::Place) => "in",
        Some(EntityKind::Organisation | EntityKind::Person | EntityKind::Topic) => "of",
    };
    let wholes: Vec<&str> = wholes.iter().map(|whole| whole.name.as_str()).collect();
    format!("{article} {} {joint} {}", entity.kind, wholes.join(", "))
}

/// "about ", then names with their ids.
pub(in crate::commands) fn names_and_ids(label: &str, entities: &[EntityRef]) -> Text {
    let mut text = Text::from(label);
    for (at, entity) in entities.iter().enumerate() {
        let comma = if at == 0 { "" } else { ", " };
        text = text.plain(format!("{comma}{} ", entity.name)).id(entity.id);
    }
    text
}

/// The number of something, with the word for one or for several.
pub(crate) fn count(number: impl TryInto<u64>, one: &str, several: &str) -> String {
    let number = number.try_into().unwrap_or_default();
    let word = if number == 1 { one } else { several };
    format!("{} {word}", grouped(number))
}

/// A number with its thousands set apart.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A word of a closed set as people write it: "news article".
pub(in crate::commands) fn words_of(word: &str) -> String {
    word.replace('_', " ")
}

/// A statement for programs.
pub(in crate::commands) fn json_statement(view: &EntryView) -> JsonRecord {
    JsonRecord::Statement(JsonStatement {
        id: view.id.to_string(),
        key: view.statement.key.clone(),
        speaker: json_name(&view.speaker),
        speaker_role: view.statement.speaker_role.as_ref().map(ToString::to_string),
        text: view.statement.text.to_string(),
        short: view.statement.short.as_ref().map(ToString::to_string),
        quote: view.statement.quote.as_ref().map(json_quote),
        said: view.statement.said,
        about: view.about.iter().map(json_name).collect(),
        responses: view.responses.iter().map(json_response).collect(),
        citations: view.citations.iter().map(json_citation).collect(),
        standing: json_standing(&view.standing, view.vetted),
        checked: None,
    })
}

/// A response for programs.
pub(in crate::commands) fn json_response(view: &ResponseView) -> JsonResponse {
    JsonResponse {
        id: view.id.to_string(),
        key: view.response.key.clone(),
        to: view.answers.iter().map(StatementId::to_string).collect(),
        responder: json_name(&view.responder),
        kind: view.response.kind,
        text: view.response.text.to_string(),
        gist: view.response.gist.as_ref().map(ToString::to_string),
        quote: view.response.quote.as_ref().map(json_quote),
        said: view.response.said,
        citations: view.citations.iter().map(json_citation).collect(),
        standing: json_standing(&view.standing, view.vetted),
    }
}

/// A source for programs, as readers have it.
pub(in crate::commands) fn json_source(view: &SourceView) -> JsonSource {
    let (title, description) = match &view.source.name {
        SourceName::Title(title) => (Some(title.to_string()), None),
        SourceName::Description(description) => (None, Some(description.to_string())),
    };
    JsonSource {
        id: view.id.to_string(),
        key: view.source.key.clone(),
        kind: view.source.kind,
        title,
        description,
        url: view.source.url.clone(),
        archive_url: view.source.archive_url.clone(),
        dead_since: view.dead_since,
        publisher: json_name(&view.publisher),
        copy_of: view.source.copy_of.clone(),
        authors: view.source.authors.iter().map(ToString::to_string).collect(),
        published: view.source.published,
        language: view.source.language.clone(),
        seen: view.source.seen,
        note: None,
        standing: json_standing(&view.standing, view.vetted),
    }
}

/// An entity for programs.
pub(in crate::commands) fn json_entity(
    entity: &EntityRef,
    statements: Option<i64>,
    sources: Option<i64>,
) -> JsonRecord {
    JsonRecord::Entity(JsonEntity {
        id: entity.id.to_string(),
        kind: entity.kind,
        name: entity.name.to_string(),
        statements,
        sources,
        same_as: Vec::new(),
    })
}

/// What a question was understood to mean, for programs.
pub(in crate::commands) fn json_understood(names: &Names, meaning: &Understanding) -> JsonUnderstood {
    let name = |&id: &EntityId| {
        let entity = names.entity(id)?;
        Some(JsonName { id: id.to_string(), name: entity.name.clone() })
    };
    let named = meaning.named.iter().map(|named| JsonNamed {
        typed: named.typed.clone(),
        entities: named.entities.iter().filter_map(name).collect(),
        misspelt: named.misspelt,
        excluded: named.excluded,
    });
    let elsewhere = meaning.elsewhere.iter();
    let places = elsewhere.map(|place| JsonElsewhere { typed: place.typed.clone(), place: place.described() });
    JsonUnderstood { names: named.collect(), places_not_on_record: places.collect() }
}

/// A change for programs.
pub(in crate::commands) fn json_change(change: &Change) -> JsonRecord {
    let review = change.state.review();
    JsonRecord::Change(JsonChange {
        id: change.id.to_string(),
        summary: change.proposal.summary.to_string(),
        author: change.proposal.author.to_string(),
        reviewer: review.map(|review| review.reviewer.to_string()),
        decided_at: review.map(|review| review.at.to_string()),
        reason: review.map(|review| review.reason.to_string()),
    })
}

fn json_citation(citation: &CitationView) -> JsonCitation {
    JsonCitation {
        role: citation.role,
        locator: citation.locator.as_ref().map(ToString::to_string),
        source: json_source(&citation.source),
    }
}

fn json_name(entity: &EntityRef) -> JsonName {
    JsonName { id: entity.id.to_string(), name: entity.name.to_string() }
}

fn json_quote(quote: &crate::model::Quote) -> JsonQuote {
    JsonQuote { text: quote.text.to_string(), language: quote.language.clone() }
}

fn json_standing(standing: &Standing, vetted: Vetted) -> JsonStanding {
    let notice = |notice: &RecordNotice| JsonNotice { on: notice.on, reason: notice.reason.to_string() };
    JsonStanding {
        corrections: standing.corrections.iter().map(notice).collect(),
        retracted: standing.retracted.as_ref().map(notice),
        vetted: vetted.on,
        vetted_at: vetted.at.map(|at| at.to_string()),
    }
}

/// What an entity holds that only its kind has: the office of a person.
pub(in crate::commands) fn office(nature: &Nature) -> Option<String> {
    match nature {
        Nature::Person { role, .. } => role.as_ref().map(ToString::to_string),
        Nature::Place | Nature::Organisation | Nature::Topic => None,
    }
}
