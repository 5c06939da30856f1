//! Citations: what ties a statement or a response to its sources.

use serde::{Deserialize, Serialize};

use super::{Key, SingleLine};

super::vocabulary! {
    /// How a source carries what it is cited for.
    pub enum CitationRole {
        /// Published it first.
        Original = "original",
        /// Carries it again, whole or nearly.
        Republication = "republication",
        /// Mentions it.
        Cites = "cites",
    }
}

/// One source's part in a statement or a response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citation {
    /// The source.
    pub source: Key,
    /// How it carries what it is cited for.
    pub role: CitationRole,
    /// Where in the source: a page, a paragraph, a timecode.
    pub locator: Option<SingleLine>,
}

/// At least one citation, each of another source, in the order given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Citation>", into = "Vec<Citation>")]
pub struct Citations(Vec<Citation>);

/// Which rule of [`Citations`] a list breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CitationsError {
    /// No citation at all: an entry without a source is not an entry.
    #[error("there is no citation; name at least one source")]
    None,
    /// The same source twice.
    #[error("the source {source_key} is cited twice; keep one citation of it")]
    Twice {
        /// The source's key.
        source_key: Key,
    },
}

impl TryFrom<Vec<Citation>> for Citations {
    type Error = CitationsError;

    fn try_from(citations: Vec<Citation>) -> Result<Self, CitationsError> {
        if citations.is_empty() {
            return Err(CitationsError::None);
        }
        let mut seen = std::collections::HashSet::new();
        if let Some(twice) = citations.iter().find(|citation| !seen.insert(&citation.source)) {
            return Err(CitationsError::Twice { source_key: twice.source.clone() });
        }
        Ok(Self(citations))
    }
}

impl From<Citations> for Vec<Citation> {
    fn from(citations: Citations) -> Self {
        citations.0
    }
}

impl Citations {
    /// The citations, in the order given.
    #[must_use]
    pub fn as_slice(&self) -> &[Citation] {
        &self.0
    }

    /// The citations, in the order given.
    pub fn iter(&self) -> std::slice::Iter<'_, Citation> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a Citations {
    type Item = &'a Citation;
    type IntoIter = std::slice::Iter<'a, Citation>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
