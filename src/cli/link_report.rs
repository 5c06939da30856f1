//! What the commands of `links` have in common: which sources are meant, how they are listed, and how far it is.

use std::io::{IsTerminal, Write};

use super::CliError;
use crate::{
    model::{RecordKind, Reference, SourceId},
    store::{SourceLink, Store},
};

pub(super) fn runtime() -> Result<tokio::runtime::Runtime, CliError> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}

/// The addresses of the sources of these ids, or of all sources in force.
pub(super) fn of_sources(store: &Store, ids: &[String]) -> Result<Vec<SourceLink>, CliError> {
    let links = store.reader()?.without_deadline().source_links()?;
    if ids.is_empty() {
        return Ok(links);
    }
    let mut wanted = Vec::new();
    for id in ids {
        let source = match id.parse() {
            Ok(Reference::Record(id)) if id.kind == RecordKind::Source => SourceId(id.number),
            _ => return Err(CliError::Usage(format!("{id} is no source; the ids of sources are like D12"))),
        };
        let link = links.iter().find(|link| link.source == source);
        let link = link.ok_or_else(|| CliError::Usage(format!("{source} is no source in force with an address")))?;
        if !wanted.contains(link) {
            wanted.push(link.clone());
        }
    }
    Ok(wanted)
}

/// How many sources, and which.
pub(super) fn listed(sources: &[SourceId]) -> String {
    let mut sources = sources.to_vec();
    sources.sort_unstable();
    let ids: Vec<String> = sources.iter().map(SourceId::to_string).collect();
    format!("{} ({})", ids.len(), ids.join(", "))
}

/// How far it is, on a terminal.
pub(super) struct LinkProgress {
    what: &'static str,
    shown: bool,
}

impl LinkProgress {
    pub(super) const fn new(what: &'static str) -> Self {
        Self { what, shown: false }
    }

    pub(super) fn tell(&mut self, done: usize, all: usize) {
        if std::io::stderr().is_terminal() {
            self.shown = true;
            // There is nowhere else to say that standard error is closed.
            let _ = write!(std::io::stderr(), "\r{} {done} of {all}", self.what);
        }
    }

    pub(super) fn end(&self) {
        if self.shown {
            let _ = writeln!(std::io::stderr());
        }
    }
}
