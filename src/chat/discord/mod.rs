//! Discord: events in, requests to the desk, replies out.
//!
//! The connection is serenity's; its types stay in this folder. What is sent goes through `rest`,
//! which keeps to the limits that Discord names, and every body is built in `answer`, which lets
//! nobody be mentioned. No query, no permission and no SQL lives here.

mod answer;
mod asked;
mod bot;
mod button;
mod connection;
mod content;
mod controls;
mod conversation;
mod escape;
mod forms;
#[cfg(any(test, fuzzing))]
mod fuzz;
mod global_limit;
mod handler;
#[cfg(test)]
mod hostile;
mod interaction;
mod job;
mod limiter;
mod markup;
mod members;
mod outbox;
mod packing;
mod places;
mod posted;
mod presses;
mod preview;
mod recent;
mod register;
mod rest;
mod work;

pub use connection::{DiscordError, run};
#[cfg(any(test, fuzzing))]
pub(crate) use fuzz::fuzz;
pub use preview::{DiscordPreview, preview};
