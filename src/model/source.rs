//! Sources: the publications that entries rest on.

use serde::{Deserialize, Serialize};

use super::{Date, Key, Language, SingleLine, WebAddress};

super::vocabulary! {
    /// What kind of publication a source is.
    pub enum SourceKind {
        /// An article or item of a news outlet.
        NewsArticle = "news_article",
        /// A report of an organisation.
        Report = "report",
        /// A press conference or its transcript.
        PressConference = "press_conference",
        /// A statement on an authority's or organisation's own page.
        OfficialStatement = "official_statement",
        /// A judgment, an indictment, a filing.
        CourtDocument = "court_document",
        /// A record of a parliament's proceedings.
        ParliamentaryRecord = "parliamentary_record",
        /// A post on a social network.
        SocialPost = "social_post",
        /// Anything else.
        Other = "other",
    }
}

super::vocabulary! {
    /// How the source was read by whoever compiled the entry.
    pub enum Seen {
        /// Read whole.
        Full = "full",
        /// Read in part.
        Excerpt = "excerpt",
        /// Not read; another source names it.
        Cited = "cited",
    }
}

/// What a source is called. A headline is never invented: a source whose headline was not seen has
/// a description of ours instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceName {
    /// The headline as published.
    Title(SingleLine),
    /// What the source is, in our words; it is shown as publisher and date.
    Description(SingleLine),
}

/// One publication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The stable key.
    pub key: Key,
    /// What kind of publication it is.
    pub kind: SourceKind,
    /// Its headline, or our description where the headline was not seen.
    pub name: SourceName,
    /// The address; absent where it is not on record.
    pub url: Option<WebAddress>,
    /// The address of an archived copy.
    pub archive_url: Option<WebAddress>,
    /// The organisation that published it.
    pub publisher: Key,
    /// The source that it copies: a syndicated, translated or pasted version of that one's text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy_of: Option<Key>,
    /// The authors as named by the publisher.
    pub authors: Vec<SingleLine>,
    /// When it was published.
    pub published: Option<Date>,
    /// The language it is written in.
    pub language: Language,
    /// When it was last read.
    pub accessed: Option<Date>,
    /// How it was read.
    pub seen: Seen,
    /// What editors must know about it, in our words; readers don't see it.
    pub note: Option<SingleLine>,
}
