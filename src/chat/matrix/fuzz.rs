//! Events of a room, from any JSON.

use serde_json::Value;

use super::{
    content,
    event::{self, RoomEvent},
};

/// The target. An event that is heard is one of a person's, and is read the same twice.
pub(crate) fn fuzz(data: &[u8]) {
    let Ok(event) = serde_json::from_slice::<Value>(data) else { return };
    let read = event::read(&event, 1_700_000_000_000);
    assert_eq!(event::read(&event, 1_700_000_000_000), read);
    if let Some(RoomEvent::Said(said) | RoomEvent::Edited { said, .. }) = &read {
        let edited = &event["content"]["m.new_content"]["msgtype"];
        assert!(event["content"]["msgtype"] == "m.text" || edited == "m.text", "a bot was heard: {said:?}");
        assert!(!said.id.is_empty() && !said.sender.is_empty());
        assert!(said.mentions.iter().flatten().count() <= 100);
    }
    for (_, words) in content::read(&event).words {
        assert!(!words.trim().is_empty());
    }
    let _ = event::answers(&event);
}
