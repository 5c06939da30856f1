//! The floor: the least that a bot on this SDK does to answer.

use std::{path::Path, time::Duration};

use matrix_sdk::{
    Client, Room, SqliteStoreConfig,
    authentication::matrix::MatrixSession,
    config::SyncSettings,
    ruma::{
        api::client::filter::{Filter, FilterDefinition, LazyLoadOptions, RoomEventFilter, RoomFilter},
        events::room::{member::StrippedRoomMemberEvent, message::OriginalSyncRoomMessageEvent},
    },
    store::RoomLoadSettings,
};
use serde_json::json;

use crate::people::PASSWORD;

/// The argument with which this program is the echo bot.
pub(crate) const MODE: &str = "be-the-echo";

/// What is answered.
pub(crate) const QUESTION: &str = "echo";

/// What it says; were it the question, the bot would answer itself without end.
const ANSWER: &str = "heard";

/// The folder of its session and keys, in the working directory.
pub(crate) const STORE: &str = "echo";

/// Runs until it is killed.
pub(crate) async fn run(address: &str, user: &str) {
    let store = SqliteStoreConfig::with_low_memory_config(STORE).key(Some(&[7; 32]));
    let builder =
        Client::builder().homeserver_url(address).sqlite_store_with_config_and_cache_path(store, None::<&str>);
    let client = builder.build().await.unwrap();
    let session = Path::new(STORE).join("session");
    match std::fs::read(&session) {
        Ok(kept) => {
            let kept: MatrixSession = serde_json::from_slice(&kept).unwrap();
            client.matrix_auth().restore_session(kept, RoomLoadSettings::default()).await.unwrap();
        }
        Err(_) => {
            client.matrix_auth().login_username(user, PASSWORD).send().await.unwrap();
            let new = client.matrix_auth().session().unwrap();
            std::fs::write(session, serde_json::to_vec(&new).unwrap()).unwrap();
        }
    }
    // The SDK waits for its handlers before it syncs again: what takes time is done beside them.
    client.add_event_handler(|_: StrippedRoomMemberEvent, room: Room| async move {
        tokio::spawn(async move { room.join().await });
    });
    client.add_event_handler(|event: OriginalSyncRoomMessageEvent, room: Room| async move {
        if event.content.body() == QUESTION {
            let relation = json!({"m.in_reply_to": {"event_id": event.event_id}});
            let content = json!({"msgtype": "m.notice", "body": ANSWER, "m.relates_to": relation});
            tokio::spawn(async move { room.send_raw("m.room.message", content).await.map(|_| ()).unwrap() });
        }
    });
    // The SDK's own loop waits up to a second between two syncs; the bot doesn't, and the floor mustn't.
    loop {
        let settings = SyncSettings::default().filter(filter().into()).timeout(Duration::from_secs(25));
        let _ = client.sync_once(settings).await;
    }
}

/// As the bot has it: what the homeserver and the SDK needn't work on is in neither figure.
fn filter() -> FilterDefinition {
    let lazy = LazyLoadOptions::Enabled { include_redundant_members: false };
    let mut room = RoomFilter::default();
    room.timeline.limit = Some(50_u32.into());
    room.timeline.lazy_load_options = lazy;
    room.state.lazy_load_options = lazy;
    room.ephemeral = RoomEventFilter::ignore_all();
    let mut filter = FilterDefinition::default();
    filter.presence = Filter::ignore_all();
    filter.room = room;
    filter
}
