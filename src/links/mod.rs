//! What becomes of the addresses on record: they are asked now and then whether they still lead to their page, and what is
//! found is kept beside the records. By which rule an address is dead is the model's; how it is asked is the fetching room's.

mod answer;
mod copies;
mod doubt;
mod hosts;
mod kept_pages;
mod round;
mod rounds;
mod tally;
mod warc;
mod wayback;

use std::path::PathBuf;

use crate::{
    fetch::FetchError,
    store::{Failure, StoreError},
};

pub use answer::answer;
pub use copies::{COPIES_IN_A_ROUND, FoundCopies, Uncopied, UncopiedSources, find_copies, uncopied};
pub use kept_pages::{KeptPages, keep_pages};
pub use round::ask_links;
pub use rounds::{due_links, run};
pub use tally::LinkTally;
pub use wayback::{ArchiveError, ArchiveService, Wayback};

/// Why addresses weren't asked, or not all of them. What was found before is kept.
#[derive(Debug, thiserror::Error)]
pub enum LinksError {
    /// Nothing can be fetched here.
    #[error("{0}")]
    Fetch(#[from] FetchError),
    /// What was found can't be kept.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The archive can't be asked.
    #[error("{0}")]
    Archive(#[from] ArchiveError),
    /// A file of pages can't be written.
    #[error("{} can't be written: {source}", .path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// No host was reached, so that nothing is known of any.
    #[error(
        "no host was reached, so the fault may be here, and that {} can't be found is not counted; look whether this machine reaches the internet, or ask others along: onrecord links check --all", .hosts.join(", ")
    )]
    NothingReached {
        /// The first of the hosts that can't be found, or refuse.
        hosts: Vec<String>,
    },
    /// A task ended before its time.
    #[error("asking ended before its time: {0}")]
    Ended(String),
}

impl From<Failure> for LinksError {
    fn from(failure: Failure) -> Self {
        Self::Store(failure.into())
    }
}
