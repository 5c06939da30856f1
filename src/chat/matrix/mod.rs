//! Matrix: events in, requests to the desk, replies out, in encrypted rooms as in others.
//!
//! The connection and the encryption are matrix-sdk's; its types stay in this folder. Events are read
//! in `event` and handed on room by room in `work`; every content that is sent is built in `answer`, and
//! mentions nobody. No query, no permission over records and no SQL lives here.

mod account;
mod answer;
mod asked;
mod bot;
mod connection;
mod content;
mod conversation;
mod error;
mod event;
mod folder;
#[cfg(any(test, fuzzing))]
mod fuzz;
mod heard;
#[cfg(test)]
mod hostile;
mod html;
mod invitations;
mod invites;
mod keys;
mod late_keys;
mod lookback;
mod markup;
mod members;
mod memory;
mod outbox;
mod packing;
mod pages;
mod places;
mod preview;
mod progress;
mod queues;
mod review_messages;
mod reviews;
mod rooms;
mod send;
mod turn;
mod undecrypted;
mod verification;
mod work;

pub use connection::run;
pub use error::MatrixError;
#[cfg(any(test, fuzzing))]
pub(crate) use fuzz::fuzz;
pub use keys::recovery_key;
pub use preview::{MatrixPreview, preview};
