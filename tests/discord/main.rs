//! The Discord bot, held against a stand-in for Discord that speaks the real protocol over loopback.

#![cfg(feature = "discord")]
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that goes wrong")]

mod boundaries;
mod components;
mod conversations;
mod editing;
mod editorial;
#[expect(dead_code, unused_imports, reason = "the stand-in can do more than these tests ask of it")]
mod fake;
mod faults;
mod guests;
mod life;
#[cfg(unix)]
mod operation;
mod payloads;
mod picture;
mod presses;
mod process;
#[path = "../chats/records.rs"]
mod records;
#[path = "../chats/rendered.rs"]
mod rendered;
mod settings;
mod support;
mod words;
