//! What can be wrong with a model.

use std::{io, path::PathBuf};

/// Why a text has no vector. Answers go on without: by words alone.
#[derive(Debug, thiserror::Error)]
pub enum MeaningError {
    /// The model's file is none that can be used.
    #[error(
        "the model {} {fault}; it was left as it is, and answers go by words alone. To fetch it anew: onrecord model install --force", .path.display()
    )]
    Model {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        fault: ModelFault,
    },
    /// A server that runs a model doesn't answer, or not so that it helps.
    #[error(
        "the embeddings server {address} {what}; answers go by words alone until it answers again. Look whether it runs, and at ONRECORD_EMBEDDINGS"
    )]
    Server {
        /// Its address.
        address: String,
        /// What it did, in words that follow its address.
        what: String,
    },
}

/// What is wrong with a model's file.
#[derive(Debug, thiserror::Error)]
pub enum ModelFault {
    /// The system gives nothing of it.
    #[error("can't be read: {0}")]
    Read(#[from] io::Error),
    /// It is no regular file.
    #[error("{0}")]
    File(#[from] crate::files::FileError),
    /// It is some other file.
    #[error("is no file of a model (E5S1)")]
    NoModel,
    /// It is one whose parts don't fit each other, or that ends too early.
    #[error("is damaged: {0}")]
    Damaged(&'static str),
    /// It may be whole, but is another than the one that this program knows.
    #[error("is not the file that this program knows: its SHA-256 is {found}, not {expected}")]
    Another {
        /// The sum that it has.
        found: String,
        /// The sum of the one that is known.
        expected: &'static str,
    },
    /// Its numbers can't be multiplied.
    #[error("can't be worked with: {0}")]
    Work(String),
}
