//! What is on record of the page that a link leads to: the entries that cite it, its copies, and where it isn't on
//! record its publisher's entries.

use crate::commands::{
    Arguments, CommandError, Context,
    asking::in_short::EntriesInShort,
    asking::present::{self, count},
    calls,
    definitions::PAGE,
    definitions::asking::{FROM, QUESTION, SOURCE},
};
use crate::{
    model::{CitationRole, EntityId, RecordKind, ResponseId, SourceId, SourceName, StatementId, WebAddress},
    reply::{Outcome, Page, Reply, Span, Text, json::JsonRecord},
    search::{Filter, FilterField, Link, Links, Question, SourceAt, host_meant},
    store::SourceView,
};

/// How many links of a message are looked up at most.
const MOST: usize = 3;

/// How many publishers of one host are taken for those that are meant, those with the most sources there. Networks have
/// more.
const MOST_PUBLISHERS: usize = 50;

/// What is on record of the page of a link.
#[derive(Debug)]
pub(in crate::commands) enum LinkedPage {
    /// The page is on record.
    OnRecord(Box<LinkedSource>),
    /// The page isn't, but others on its host are.
    HostOnly(LinkedHost),
}

/// A source that a link leads to, and what cites it.
#[derive(Debug)]
pub(in crate::commands) struct LinkedSource {
    /// The link, as far as it is one.
    address: WebAddress,
    /// The source, and further ones with the same page.
    source: SourceView,
    others: Vec<SourceView>,
    /// The statements that cite it or are answered by what cites it, originals first.
    pub(in crate::commands) statements: Vec<StatementId>,
}

/// A host from which other pages are on record.
#[derive(Debug)]
pub(in crate::commands) struct LinkedHost {
    host: String,
    entries: usize,
}

/// What is on record of the pages of these links, those on record first.
pub(in crate::commands) fn look_up(context: &Context<'_>, links: &Links) -> Result<Vec<LinkedPage>, CommandError> {
    let mut found = Vec::new();
    let mut hosts: Vec<LinkedHost> = Vec::new();
    for link in links.all.iter().take(MOST) {
        if let Some(source) = source_of(context, link)? {
            found.push(LinkedPage::OnRecord(Box::new(source)));
        } else if (link.written || !links.has_words())
            && let Some(host) = host_of(context, &link.address)?
            && !hosts.iter().any(|other| other.host == host.host)
        {
            hosts.push(host);
        }
    }
    found.extend(hosts.into_iter().map(LinkedPage::HostOnly));
    Ok(found)
}

fn source_of(context: &Context<'_>, link: &Link) -> Result<Option<LinkedSource>, CommandError> {
    for address in std::iter::once(&link.address).chain(&link.shorter) {
        let mut sources = Vec::new();
        let mut statements = Vec::new();
        for SourceAt { id, .. } in context.search.sources_at(context.records, address)? {
            if let Some(view) = context.records.source(id)? {
                statements.extend(citing(context, id)?);
                sources.push(view);
            }
        }
        if sources.is_empty() {
            continue;
        }
        let source = sources.remove(0);
        // Stable: of two, the one whose original it is comes first.
        statements.sort();
        let mut seen = std::collections::HashSet::new();
        let statements = statements.into_iter().map(|(_, number)| number).filter(|number| seen.insert(*number));
        let statements = statements.collect();
        return Ok(Some(LinkedSource { address: address.clone(), source, others: sources, statements }));
    }
    Ok(None)
}

/// The statements that cite a source, or are answered by what cites it, with how near it is to them.
fn citing(context: &Context<'_>, source: SourceId) -> Result<Vec<(usize, StatementId)>, CommandError> {
    let mut found = Vec::new();
    for (id, role) in context.records.cited_by(source)? {
        match id.kind {
            RecordKind::Statement => found.push((usize::from(role != CitationRole::Original), StatementId(id.number))),
            RecordKind::Response => {
                let answered =
                    context.records.response(ResponseId(id.number))?.map(|view| view.answers).unwrap_or_default();
                found.extend(answered.into_iter().map(|statement| (2, statement)));
            }
            RecordKind::Source | RecordKind::Entity => {}
        }
    }
    Ok(found)
}

fn host_of(context: &Context<'_>, address: &WebAddress) -> Result<Option<LinkedHost>, CommandError> {
    let Some((host, _)) = host_meant(address.as_str()) else { return Ok(None) };
    let publishers = publishers(context, &host)?;
    if publishers.is_empty() {
        return Ok(None);
    }
    let field = FilterField::Host { host: host.clone(), publishers };
    let question = Question { filters: vec![Filter { field, excluded: false }], ..Question::default() };
    let entries = context.search.find(&context.search.understand(&question)?, 0, 1)?.counts.statements;
    Ok(Some(LinkedHost { host, entries }))
}

/// The publishers of what is on record from a host, in order of number.
fn publishers(context: &Context<'_>, host: &str) -> Result<Vec<EntityId>, CommandError> {
    let mut publishers = context.search.publishers_at(context.records, host)?;
    publishers.truncate(MOST_PUBLISHERS);
    publishers.sort_unstable();
    Ok(publishers)
}

/// The publishers that someone means who writes a host or an address for a name: with the host, and none where nothing
/// is on record from there; `None` where it may be a name.
pub(in crate::commands) fn publishers_meant(
    context: &Context<'_>,
    text: &str,
) -> Result<Option<(String, Vec<EntityId>)>, CommandError> {
    let Some((host, is_address)) = host_meant(text) else { return Ok(None) };
    if !context.search.names().exactly(text).is_empty() {
        return Ok(None);
    }
    let publishers = publishers(context, &host)?;
    Ok((is_address || !publishers.is_empty()).then_some((host, publishers)))
}

impl LinkedSource {
    /// Which source it is, and how many entries cite it.
    fn sentence(&self) -> Text {
        let cited = match self.statements.len() {
            0 => "no entry".to_owned(),
            number => count(number, "entry", "entries"),
        };
        named(&self.source).plain(format!(" — cited by {cited}"))
    }

    /// Its other copies: the page itself where the link is another form of it, the archived copy, further sources.
    fn copies(&self) -> Option<Text> {
        let source = &self.source.source;
        let mut links = Vec::new();
        let differs = |address: &&WebAddress| **address != self.address;
        links.extend(source.url.as_ref().filter(differs).map(|address| ("the page", address)));
        links.extend(source.archive_url.as_ref().filter(differs).map(|address| ("archived copy", address)));
        if links.is_empty() {
            return None;
        }
        let mut text = Text::from("Also at: ");
        for (at, (what, address)) in links.into_iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            text = text.plain(comma).span(Span::Link { text: what.to_owned(), address: address.clone() });
        }
        Some(text)
    }

    /// Adds what the link leads to, and what must be known of it.
    fn introduce(&self, mut reply: Reply) -> Reply {
        reply = reply.heading(self.sentence());
        if let Some(copies) = self.copies() {
            reply = reply.paragraph(copies);
        }
        for other in &self.others {
            reply = reply.paragraph(Text::from("The same page is on record as ").join(named(other)).plain(", too."));
        }
        for source in std::iter::once(&self.source).chain(&self.others) {
            if let Some(notice) = &source.standing.retracted {
                reply = reply.warning(
                    Text::new()
                        .id(source.id)
                        .plain(" was retracted on ")
                        .date(notice.on)
                        .plain(format!(": {}", notice.reason)),
                );
            }
        }
        reply
    }

    /// Adds the source, the statements of these that there are, and the records of both.
    pub(in crate::commands) fn add(
        &self,
        context: &Context<'_>,
        reply: Reply,
        statements: &[StatementId],
    ) -> Result<Reply, CommandError> {
        let mut reply = self.introduce(reply);
        let mut in_short = EntriesInShort::default();
        for number in statements {
            if let Some(view) = context.records.entry(*number)? {
                reply = reply.entry(in_short.entry(&view));
                reply.records.push(present::json_statement(&view));
            }
        }
        if self.statements.is_empty() {
            for source in std::iter::once(&self.source).chain(&self.others) {
                reply = reply.entry(present::source(source));
                reply.records.push(JsonRecord::Source(present::json_source(source)));
            }
        }
        Ok(reply)
    }

    /// The link, for asking for all that cite the page.
    pub(in crate::commands) const fn address(&self) -> &WebAddress {
        &self.address
    }
}

impl LinkedHost {
    /// What there is from the same host, and how to ask for it.
    pub(in crate::commands) fn sentence(&self) -> Text {
        let text = Text::from("This page isn't on record. ");
        match self.entries {
            0 => text.plain(format!("Others from {} are, and no entry cites them.", self.host)),
            entries => text
                .plain(format!("From {}: {}, ", self.host, count(entries, "entry", "entries")))
                .ask(SOURCE.call(&[(&FROM, &self.host)])),
        }
    }
}

/// A source in a sentence: The Irish Times, “Title”, 2022-10-05 (D3).
fn named(source: &SourceView) -> Text {
    let mut text = Text::new().strong(source.publisher.name.as_str());
    text = match &source.source.name {
        SourceName::Title(title) => text.plain(format!(", “{title}”")),
        SourceName::Description(description) => text.plain(format!(", {description}")),
    };
    if let Some(date) = source.source.published {
        text = text.plain(", ").date(date);
    }
    text.plain(" (").id(source.id).plain(")")
}

/// The answer to a question that is a link or has one: the entries that cite the page. `None` where the question is about
/// something else, or nothing is known of the link and there are words to look for.
pub(in crate::commands) fn answer(
    context: &Context<'_>,
    arguments: &Arguments,
    links: &Links,
) -> Result<Option<Reply>, CommandError> {
    // What only looks like a link counts where it stands alone.
    if links.has_words() && !links.all.iter().any(|link| link.written) {
        return Ok(None);
    }
    let is_filtered = arguments.iter().any(|argument| ![QUESTION.name, PAGE.name].contains(&argument.name));
    let found = look_up(context, links)?;
    let on_record: Vec<&LinkedSource> = found.iter().filter_map(LinkedPage::on_record).collect();
    let Some((first, others)) = on_record.split_first() else {
        let has_path = |link: &Link| link.address.as_str().matches('/').count() > 2;
        let is_link = links.all.iter().any(|link| link.written || (!found.is_empty() && has_path(link)));
        return Ok((is_link && !links.has_words() && !is_filtered).then(|| not_on_record(&found)));
    };
    let offset = (arguments.page() - 1) * context.page_size;
    let statements: Vec<StatementId> = first.statements.iter().copied().skip(offset).take(context.page_size).collect();
    let mut reply = first.add(context, Reply::new(Outcome::Answered), &statements)?;
    for other in others {
        let ask = calls::source(other.address.as_str());
        reply = reply.paragraph(Text::from("The other link: ").join(other.sentence()).plain(", ").ask(ask));
    }
    if links.has_words() || is_filtered {
        reply = reply.hint("Only the entries that cite the linked page were looked for, whatever else was asked.");
    }
    let pages = first.statements.len().div_ceil(context.page_size).max(1);
    Ok(Some(reply.on_page(Page::new(arguments.page(), pages, arguments.to_call(&SOURCE)))))
}

impl LinkedPage {
    /// The source, where the page is on record.
    pub(in crate::commands) fn on_record(&self) -> Option<&LinkedSource> {
        match self {
            Self::OnRecord(source) => Some(source),
            Self::HostOnly(_) => None,
        }
    }

    /// The host, where only that is on record.
    pub(in crate::commands) const fn host_only(&self) -> Option<&LinkedHost> {
        match self {
            Self::HostOnly(host) => Some(host),
            Self::OnRecord(_) => None,
        }
    }
}

/// What is said of links whose pages aren't on record.
pub(in crate::commands) fn not_on_record(found: &[LinkedPage]) -> Reply {
    let reply = Reply::new(Outcome::NothingFound);
    let mut hosts = found.iter().filter_map(LinkedPage::host_only);
    let Some(first) = hosts.next() else {
        return reply.heading("This page isn't on record, and nothing else from its host is.");
    };
    hosts.fold(reply.heading(first.sentence()), |reply, host| reply.paragraph(host.sentence()))
}
