//! The parts that entries are shown with: notices, quotes, sources.

use crate::{
    model::{CitationRole, Language, SingleLine, SourceName, Standing, WebAddress},
    reply::{Notice, Quoted, SourceLine, SourceOrigin, Text},
    store::{CitationView, EntryView, SourceView},
};

/// What readers must be told of a record first.
pub(super) fn notices(standing: &Standing) -> Vec<Notice> {
    let retracted =
        standing.retracted.iter().map(|notice| Notice::Retracted { on: notice.on, reason: notice.reason.to_string() });
    let corrected = standing
        .corrections
        .iter()
        .map(|notice| Notice::Corrected { on: notice.on, reason: notice.reason.to_string() });
    retracted.chain(corrected).collect()
}

/// Someone's own words.
pub(super) fn quoted(text: &SingleLine, language: Option<&Language>, citations: &[CitationView]) -> Quoted {
    // Without a language of its own, a quote is in that of the first source.
    let language = language.or_else(|| citations.first().map(|citation| &citation.source.source.language));
    Quoted { text: text.to_string(), language: language.and_then(foreign) }
}

/// The name of a language that isn't English.
pub(super) fn foreign(language: &Language) -> Option<String> {
    (language.primary() != "en").then(|| language.name().to_owned())
}

/// Who said it, and in which role.
pub(super) fn speaker(view: &EntryView) -> Text {
    let byline = Text::new().strong(view.speaker.name.as_str());
    let role = view.statement.speaker_role.as_ref().filter(|role| role.as_str() != view.speaker.name.as_str());
    role.into_iter().fold(byline, |byline, role| byline.plain(format!(", {role}")))
}

/// How a source carries what cites it in this role.
pub(super) const fn origin(role: CitationRole) -> SourceOrigin {
    match role {
        CitationRole::Original => SourceOrigin::Original,
        CitationRole::Republication => SourceOrigin::Carried,
        CitationRole::Cites => SourceOrigin::Mentioned,
    }
}

/// A source as an entry cites it.
pub(super) fn source_line(citation: &CitationView) -> SourceLine {
    line_of(&citation.source, origin(citation.role), citation.locator.as_ref().map(ToString::to_string))
}

/// Where a reader is led who wants to read a source: to its page, or, where that is gone, to the archived copy of it. And
/// the archived copy, which is the same then.
pub(super) fn leads_to(view: &SourceView) -> (Option<WebAddress>, Option<WebAddress>) {
    let (page, copy) = (view.source.url.as_ref(), view.source.archive_url.as_ref());
    let leads_to = if view.dead_since.is_some() { copy.or(page) } else { page };
    (leads_to.cloned(), copy.cloned())
}

/// A source as it is named.
pub(super) fn line_of(view: &SourceView, origin: SourceOrigin, locator: Option<String>) -> SourceLine {
    let (address, archive) = leads_to(view);
    SourceLine {
        origin,
        id: view.id.to_string(),
        publisher: view.publisher.name.to_string(),
        date: view.source.published,
        title: match &view.source.name {
            SourceName::Title(title) => Some(title.to_string()),
            SourceName::Description(_) => None,
        },
        language: foreign(&view.source.language),
        address,
        archive,
        locator,
        notices: notices(&view.standing),
    }
}
