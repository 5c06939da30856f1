//! Why the bot stopped. Each says what was kept and what to do.

use std::path::PathBuf;

/// Why the bot stopped.
#[derive(Debug, thiserror::Error)]
pub enum MatrixError {
    /// The folder of the session and the keys can't be used.
    #[error("{path} can't be used for the Matrix session: {reason}; ONRECORD_MATRIX_STORE names another folder")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// The key of the store lies open.
    #[error("{path} can be read by others; run chmod 600 on it, then start again")]
    OpenKey {
        /// The file.
        path: PathBuf,
    },
    /// Two processes must not use the same keys.
    #[error("another process uses {path}; stop it first, as two bots with the same keys would spoil them")]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// The store can't be opened.
    #[error(
        "the Matrix session in {path} can't be opened ({reason}); if ONRECORD_MATRIX_PASSPHRASE or the file store.key was changed, put it back, else move the folder away and start again with MATRIX_PASSWORD"
    )]
    Store {
        /// The folder.
        path: PathBuf,
        /// What matrix-sdk said.
        reason: String,
    },
    /// There is neither a session nor a way to get one.
    #[error("there is no Matrix session yet; set MATRIX_PASSWORD or MATRIX_ACCESS_TOKEN for the first start")]
    NoCredentials,
    /// The homeserver refuses to log the bot in.
    #[error("the homeserver refuses to log {user} in: {reason}; check MATRIX_USER and MATRIX_PASSWORD")]
    Login {
        /// The bot's user id.
        user: String,
        /// What the homeserver said.
        reason: String,
    },
    /// The session isn't accepted any more, and there is no password.
    #[error(
        "the homeserver no longer accepts the bot's session; the keys are kept: set MATRIX_PASSWORD (or a new MATRIX_ACCESS_TOKEN) and start again"
    )]
    SignedOut,
    /// The token belongs to someone else.
    #[error("{what} belongs to {found}, not to {user}; check MATRIX_USER")]
    OtherAccount {
        /// The session or the token.
        what: &'static str,
        /// Whose it is.
        found: String,
        /// Who is configured.
        user: String,
    },
    /// The keys of the token's device are gone, and new ones would be trusted by nobody.
    #[error(
        "the device of MATRIX_ACCESS_TOKEN had encryption keys that are not in {path}; put that folder back, or log in anew: set MATRIX_PASSWORD in place of the token, or a token of a new login"
    )]
    LostKeys {
        /// The folder.
        path: PathBuf,
    },
    /// The homeserver doesn't answer as one.
    #[error("{homeserver} doesn't answer as a Matrix homeserver: {reason}; check MATRIX_HOMESERVER")]
    Homeserver {
        /// As configured.
        homeserver: String,
        /// What happened.
        reason: String,
    },
    /// The recovery key can't be made or used.
    #[error("the recovery key can't be {what}: {reason}; nothing was changed")]
    Recovery {
        /// Made or used.
        what: &'static str,
        /// What happened.
        reason: String,
    },
    /// The records failed.
    #[error("the database failed: {0}")]
    Records(String),
}
