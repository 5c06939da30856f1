//! Archived copies for the sources that have none, as one proposal.

use jiff::Timestamp;

use super::{ArchiveError, LinksError, Wayback};
use crate::{
    model::{
        Authority, ChangeId, Date, Identity, Operation, Proposal, Record, RecordId, RecordKey, RecordKind, Sequence,
        SingleLine, Source, SourceId, WebAddress,
    },
    store::{Failure, Store, StoreError, Submission},
};

/// How many copies are looked for at a time: as many as a reviewer can look at in one go. The limit is ours.
pub const COPIES_IN_A_ROUND: usize = 50;

/// A source in force that has an address and no archived copy.
#[derive(Debug, Clone)]
pub struct Uncopied {
    /// Its id.
    pub id: SourceId,
    /// Its address.
    pub address: WebAddress,
    /// Whether the address is dead, so that no copy can be made any more.
    pub dead: bool,
    source: Source,
}

/// The sources that lack an archived copy and that no open proposal changes, those first whose addresses are dead.
#[derive(Debug, Clone)]
pub struct UncopiedSources {
    /// The sources.
    pub sources: Vec<Uncopied>,
    /// Those that a proposal changes already, with that: two couldn't both be approved.
    pub waiting: Vec<(SourceId, ChangeId)>,
    /// The place in the history that this was read at.
    seen: Sequence,
}

/// What came of looking for copies.
#[derive(Debug, Default)]
pub struct FoundCopies {
    /// Those that there were.
    pub found: Vec<(Uncopied, WebAddress)>,
    /// Those that were made.
    pub made: Vec<(Uncopied, WebAddress)>,
    /// The sources that no copy was found of.
    pub none: Vec<SourceId>,
    /// The sources that no copy could be made of, with why.
    pub failed: Vec<(SourceId, ArchiveError)>,
    /// Why it ended before all were looked for.
    pub ended: Option<ArchiveError>,
}

/// The sources that lack an archived copy: of these, or of all.
///
/// # Errors
/// When the records can't be read.
pub fn uncopied(store: &Store, wanted: &[SourceId]) -> Result<UncopiedSources, StoreError> {
    let reader = store.reader()?.without_deadline();
    let mut all = UncopiedSources { sources: Vec::new(), waiting: Vec::new(), seen: reader.latest_sequence()? };
    for link in reader.source_links()? {
        if link.archived || !(wanted.is_empty() || wanted.contains(&link.source)) {
            continue;
        }
        let id = RecordId::new(RecordKind::Source, link.source.0);
        let Some(Record::Source(source)) = reader.held_by_id(id)?.map(|held| held.record) else { continue };
        let name = RecordKey::new(RecordKind::Source, source.key.clone());
        if let Some(change) = reader.open_edits_of(&name)?.into_iter().next() {
            all.waiting.push((link.source, change));
            continue;
        }
        let dead = link.state.as_ref().is_some_and(crate::model::LinkState::is_dead);
        all.sources.push(Uncopied { id: link.source, address: link.address, dead, source });
    }
    // Stable, so that they stay in order of id otherwise.
    all.sources.sort_by_key(|uncopied| !uncopied.dead);
    Ok(all)
}

/// Looks for copies, and has those made that there aren't where the archive can be told to. `told` hears how many were looked
/// for by now.
pub async fn find_copies(archive: &Wayback, sources: Vec<Uncopied>, told: &mut dyn FnMut(usize)) -> FoundCopies {
    let mut copies = FoundCopies::default();
    for (done, uncopied) in sources.into_iter().enumerate() {
        let (id, page) = (uncopied.id, &uncopied.address);
        let found = archive.find(page, uncopied.source.published).await;
        let came = match found {
            Ok(Some(copy)) => {
                copies.found.push((uncopied, copy));
                Ok(())
            }
            Ok(None) if archive.saves() && !uncopied.dead => match archive.save(page).await {
                Ok(Some(copy)) => {
                    copies.made.push((uncopied, copy));
                    Ok(())
                }
                Ok(None) => {
                    copies.none.push(id);
                    Ok(())
                }
                Err(error) => Err(error),
            },
            Ok(None) => {
                copies.none.push(id);
                Ok(())
            }
            Err(error) => Err(error),
        };
        match came {
            Err(error) if error.is_of_the_archive() => {
                copies.ended = Some(error);
                return copies;
            }
            Err(error) => copies.failed.push((id, error)),
            Ok(()) => {}
        }
        told(done + 1);
    }
    copies
}

impl UncopiedSources {
    /// Proposes the copies that were found or made, all in one; someone else approves it. `None` where there is nothing to
    /// propose.
    ///
    /// # Errors
    /// When the author may not propose or has too much that waits, or a source was changed meanwhile.
    pub fn propose(
        &self,
        store: &Store,
        copies: &FoundCopies,
        author: &Identity,
        at: Timestamp,
        authority: &Authority,
    ) -> Result<Option<ChangeId>, LinksError> {
        let all = copies.found.iter().chain(&copies.made);
        let operations: Vec<Operation> = all
            .map(|(uncopied, copy)| {
                let source = Source { archive_url: Some(copy.clone()), ..uncopied.source.clone() };
                Operation::Edit { record: Record::Source(source), corrections: Vec::new(), vetted: None }
            })
            .collect();
        if operations.is_empty() {
            return Ok(None);
        }
        let sources =
            if operations.len() == 1 { "1 source".to_owned() } else { format!("{} sources", operations.len()) };
        let note = format!(
            "The Internet Archive was asked for these copies on {}; {} there before, {} made then. Look whether each shows the report.",
            Date::of(at),
            were(copies.found.len()),
            were(copies.made.len())
        );
        let submission = Submission {
            proposal: Proposal {
                summary: line(&format!("Archived copies of {sources}"))?,
                author: author.clone(),
                proposed_at: at,
                operations,
            },
            based_on: self.seen,
            note: Some(line(&note)?),
            suggestion: None,
            again: false,
        };
        Ok(Some(store.submit(submission, authority)?))
    }
}

fn were(number: usize) -> String {
    if number == 1 { "1 was".to_owned() } else { format!("{number} were") }
}

/// A sentence of ours, which is a line.
fn line(text: &str) -> Result<SingleLine, Failure> {
    text.parse().map_err(|error| Failure::Unreadable(format!("{text:?}: {error}")))
}
