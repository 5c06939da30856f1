//! Anchors outside the database: time stamps (RFC 3161) for the last hashes of a history.
//!
//! Whoever can write to the file could make its whole history anew, with chains that hold. A time stamp by someone else
//! says that these hashes were there at that time, so that what stands before them can't be made later. What is stamped is
//! a short text with the ends of the chains; it is kept with the authority's answer, as it came, in a folder beside the
//! database: files that anyone can carry elsewhere and check with other tools, and not a table, which would be in the very
//! file that is to be held against them.

#[cfg(feature = "anchor")]
mod authority;
mod folder;
#[cfg(all(feature = "anchor", any(test, fuzzing)))]
mod fuzz;
#[cfg(feature = "anchor")]
mod roots;
mod text;
#[cfg(feature = "anchor")]
mod token;

use std::path::PathBuf;

#[cfg(feature = "anchor")]
pub use authority::StampAuthority;
pub use folder::{Anchor, Anchors};
#[cfg(all(feature = "anchor", any(test, fuzzing)))]
pub use fuzz::fuzz;
#[cfg(feature = "anchor")]
pub use roots::Roots;
pub use text::{Difference, Stamped};
#[cfg(feature = "anchor")]
pub use token::{Stamp, TokenError};

/// Why a history can't be anchored, or its anchors can't be looked at. Nothing was kept.
#[derive(Debug, thiserror::Error)]
pub enum AnchorError {
    /// The folder or a file in it can't be used.
    #[error("the time stamps' folder, {}, can't be used: {source}; nothing was kept", .folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The trusted certificates can't be used.
    #[error("ONRECORD_TSA_CA is {}, and no trusted certificates can be read from it: {reason}", .file.display())]
    Roots {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The authority doesn't answer.
    #[error("{address} (ONRECORD_TSA) does not answer: {reason}; nothing was kept, try again later")]
    Unreachable {
        /// Where it was asked.
        address: String,
        /// What happened.
        reason: String,
    },
    /// The authority answers something that is no answer.
    #[error(
        "{address} (ONRECORD_TSA) answers {what}; nothing was kept, look whether the address is that of an RFC 3161 authority"
    )]
    NoAnswer {
        /// Where it was asked.
        address: String,
        /// What came.
        what: String,
    },
    /// The time stamp doesn't hold.
    #[cfg(feature = "anchor")]
    #[error("the answer of {address} (ONRECORD_TSA) can't be relied on: {source}; nothing was kept")]
    Token {
        /// Where it was asked.
        address: String,
        /// What is wrong with it.
        source: TokenError,
    },
    /// No random number.
    #[error("the system gives no random numbers: {0}")]
    Random(String),
}
