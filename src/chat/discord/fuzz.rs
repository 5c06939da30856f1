//! What Discord sends, from any JSON: as serenity reads it, and as it becomes something asked.

use serde_json::Value;
use serenity::all::{Interaction, Message, MessageUpdateEvent};

use super::{
    button::{Button, Carried},
    forms, handler,
    interaction::asked,
};

/// The target. What isn't JSON is read as the `custom_id` of a button and as a menu's choice.
pub(crate) fn fuzz(data: &[u8]) {
    let Ok(payload) = serde_json::from_slice::<Value>(data) else {
        if let Ok(text) = std::str::from_utf8(data) {
            pressed(text);
        }
        return;
    };
    if let Some(message) = read::<Message>(&payload).and_then(|message| handler::incoming(&message)) {
        let author = &payload["author"];
        assert!(author["bot"] != true && payload["webhook_id"].is_null(), "a bot was heard: {message:?}");
    }
    if let Some(event) = read::<MessageUpdateEvent>(&payload) {
        let heard = handler::edited(&event);
        assert!(heard.is_none() || payload["author"]["bot"] != true, "a bot was heard: {heard:?}");
    }
    match read::<Interaction>(&payload) {
        Some(Interaction::Command(command)) => {
            let (invocation, _) = asked(&command);
            let has_nul = invocation.call().is_some_and(|call| call.as_str().contains('\0'));
            assert!(!has_nul || payload.to_string().contains("\\u0000"));
        }
        Some(Interaction::Component(component)) => pressed(&component.data.custom_id),
        Some(Interaction::Modal(modal)) => forms::filled_in_blind(&modal),
        Some(_) | None => {}
    }
}

fn read<T: serde::de::DeserializeOwned>(payload: &Value) -> Option<T> {
    T::deserialize(payload.clone()).ok()
}

/// What is read from a button is what it would be written as.
fn pressed(custom_id: &str) {
    let _ = Carried::read(custom_id);
    if let Some(button) = Button::read(custom_id) {
        assert_eq!(Button::read(&button.write('a')), Some(button));
    }
}
