//! The Matrix bot, held against a real homeserver and clients that are not ours.

#![cfg(feature = "matrix")]
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that goes wrong")]

mod conversations;
mod editorial;
mod encryption;
mod faults;
mod homeserver;
mod load;
mod people;
mod process;
mod proxy;
#[path = "../chats/records.rs"]
mod records;
#[path = "../chats/rendered.rs"]
mod rendered;
mod restarts;
mod rooms;
mod sessions;
mod support;
mod words;
