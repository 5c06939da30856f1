//! A request of a chat, as the desk takes it.

use crate::{
    desk::{ChatOrigin, Invocation, Request},
    model::{Identity, Platform},
};

/// How many entries a page has: as many as one reads in a chat without scrolling back. The limit is ours.
const PAGE_SIZE: usize = 3;

/// What someone asks somewhere; `None` where their id is none. What follows on is kept apart by channel and person.
#[must_use]
pub fn request(platform: Platform, user: &str, origin: ChatOrigin, invocation: Invocation) -> Option<Request> {
    let actor = Identity::new(platform, user).ok()?;
    let conversation = format!("{}:{}:{user}", platform.word(), origin.channel);
    Some(Request { actor, conversation, invocation, origin: Some(origin), page_size: PAGE_SIZE })
}
