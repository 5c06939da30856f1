//! The gateway's side of the conversation with one connection: HELLO, IDENTIFY, RESUME,
//! heartbeats, and the close codes for whoever breaks the protocol.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use futures_util::SinkExt;
use serde_json::{Value, json};
use tokio::sync::mpsc::unbounded_channel;

use super::payloads;
use super::server::Wire;
use super::sessions::{Order, PresenceUpdate, intents};
use super::state::{Shared, State};

/// How many frames Discord lets a connection send in [`FRAME_WINDOW`].
const FRAMES: usize = 120;
const FRAME_WINDOW: Duration = Duration::from_secs(60);
/// How many waiting frames are written before they are flushed together.
const BATCH: usize = 64;

/// Talks to one connection until either side ends it.
pub(super) async fn serve(mut socket: WebSocket, shared: Arc<Shared>, wire: Wire) {
    let (orders, mut due) = unbounded_channel();
    let id = shared.change(|state| {
        let id = state.gateway.open(orders);
        let interval = state.settings.heartbeat_interval.as_millis() as u64;
        let hello = json!({"heartbeat_interval": interval, "_trace": []});
        state.gateway.connections[&id].control(10, &hello);
        id
    });
    let mut ended_by_client = false;
    loop {
        tokio::select! {
            order = due.recv() => {
                let Some(order) = order else { break };
                let mut alive = obey(&mut socket, &wire, order).await;
                for _ in 1..BATCH {
                    if !alive {
                        break;
                    }
                    let Ok(order) = due.try_recv() else { break };
                    alive = obey(&mut socket, &wire, order).await;
                }
                if !alive || socket.flush().await.is_err() {
                    break;
                }
            }
            frame = socket.recv() => match frame {
                Some(Ok(Message::Text(text))) => shared.change(|state| hear(state, id, &text)),
                Some(Ok(Message::Binary(_))) => shared.change(|state| state.close(id, 4002)),
                Some(Ok(Message::Close(frame))) => {
                    // 1000 and 1001 end the session; any other code leaves it to be resumed.
                    ended_by_client = frame.is_some_and(|it| matches!(it.code, 1000 | 1001));
                    break;
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Err(_)) | None => break,
            }
        }
    }
    shared.change(|state| state.gateway.closed(id, ended_by_client));
}

/// Does what was ordered, and tells whether the connection still stands.
async fn obey(socket: &mut WebSocket, wire: &Wire, order: Order) -> bool {
    match order {
        Order::Frame(text) => socket.feed(Message::Text(text)).await.is_ok(),
        Order::Close(code, reason) => {
            let frame = CloseFrame { code, reason: reason.into() };
            if socket.send(Message::Close(Some(frame))).await.is_ok() {
                // The client's own close frame, so that ours is not lost with the stream.
                let _ = tokio::time::timeout(Duration::from_secs(1), socket.recv()).await;
            }
            false
        }
        Order::Cut => {
            wire.cut();
            let _ = socket.send(Message::Ping(Vec::new().into())).await;
            false
        }
    }
}

/// Takes one frame of a client's.
fn hear(state: &mut State, id: u64, text: &str) {
    let Some(connection) = state.gateway.connections.get_mut(&id) else {
        return;
    };
    if connection.frozen {
        return;
    }
    let now = Instant::now();
    connection.frames_in.push_back(now);
    while connection.frames_in.front().is_some_and(|at| now - *at > FRAME_WINDOW) {
        connection.frames_in.pop_front();
    }
    if connection.frames_in.len() > FRAMES {
        state.violation("gateway", format!("more than {FRAMES} frames a minute"));
        return state.close(id, 4008);
    }
    let Ok(frame) = serde_json::from_str::<Value>(text) else {
        return state.close(id, 4002);
    };
    let session = connection.session.clone();
    let data = &frame["d"];
    match (frame["op"].as_u64(), session) {
        (Some(1), _) => {
            connection.heartbeats += 1;
            connection.control(11, &Value::Null);
            state.gateway.heartbeats += 1;
        }
        (Some(2), None) => identify(state, id, data),
        (Some(6), None) => resume(state, id, data),
        (Some(2 | 6), Some(_)) => state.close(id, 4005),
        (Some(3 | 4 | 8 | 31), None) => state.close(id, 4003),
        (Some(3), Some(session)) => {
            // A session that was declared invalid meanwhile has no presence.
            if let Some(shard) = state.gateway.sessions.get(&session).map(|it| it.shard.0) {
                note_presence(state, shard, data);
            }
        }
        (Some(8), Some(session)) => members(state, &session, data),
        (Some(4 | 31), Some(_)) => {}
        (Some(op), _) => {
            state.violation("gateway", format!("unknown opcode {op}"));
            state.close(id, 4001);
        }
        (None, _) => state.close(id, 4002),
    }
}

fn identify(state: &mut State, id: u64, data: &Value) {
    let token = data["token"].as_str().unwrap_or_default();
    if token.trim_start_matches("Bot ") != state.settings.token {
        return state.close(id, 4004);
    }
    let shard = data["shard"].as_array().map_or(Some((0, 1)), |pair| {
        let [shard, shards] = pair.as_slice() else {
            return None;
        };
        Some((shard.as_u64()? as u32, shards.as_u64()? as u32))
    });
    let Some(shard) = shard.filter(|(shard, shards)| shard < shards) else {
        return state.close(id, 4010);
    };
    if shard.1 < state.settings.least_shards {
        return state.close(id, 4011);
    }
    let Some(wanted) = data["intents"].as_u64().filter(|it| it & !intents::KNOWN == 0) else {
        return state.close(id, 4013);
    };
    if wanted & state.settings.disallowed_intents != 0 {
        return state.close(id, 4014);
    }
    let session = state.gateway.begin(id, shard, wanted);
    if data["presence"].is_object() {
        note_presence(state, shard.0, &data["presence"]);
    }
    let own = &state.gateway.sessions[&session];
    let guilds = state
        .world
        .guilds
        .values()
        .filter(|guild| guild.members.contains_key(&state.world.bot) && own.has_guild(Some(guild.id)));
    let guilds: Vec<_> = guilds.collect();
    let listed = guilds.iter().map(|it| json!({"id": it.id.to_string(), "unavailable": true}));
    let ready = json!({
        "v": 10,
        "user_settings": {},
        "user": payloads::current_user(&state.world),
        "session_type": "normal",
        "session_id": session,
        "resume_gateway_url": state.gateway_url,
        "relationships": [],
        "private_channels": [],
        "presences": [],
        "guilds": listed.collect::<Vec<_>>(),
        "guild_join_requests": [],
        "geo_ordered_rtc_regions": [],
        "auth": {},
        "application": {"id": state.world.application.to_string(), "flags": 565_248},
        "shard": [shard.0, shard.1],
        "_trace": [],
    });
    state.gateway.send(&session, "READY", &ready.to_string());
    if wanted & intents::GUILDS != 0 {
        for guild in guilds {
            let data = payloads::guild(&state.world, guild).to_string();
            state.gateway.send(&session, "GUILD_CREATE", &data);
        }
    }
}

fn resume(state: &mut State, id: u64, data: &Value) {
    if data["token"].as_str().map(|it| it.trim_start_matches("Bot ")) != Some(&state.settings.token) {
        return state.close(id, 4004);
    }
    let name = data["session_id"].as_str().unwrap_or_default().to_owned();
    let gateway = &mut state.gateway;
    let Some(session) = gateway.sessions.get(&name) else {
        return gateway.connections[&id].control(9, &Value::Bool(false));
    };
    let seen = data["seq"].as_u64().unwrap_or(0);
    if seen > session.sequence {
        return state.close(id, 4007);
    }
    let from = seen.saturating_sub(gateway.replay_again as u64);
    let missed: Vec<_> = session.sent.iter().filter(|(sequence, _)| *sequence > from).collect();
    let connection = &gateway.connections[&id];
    for (_, frame) in missed {
        connection.order(Order::Frame(frame.clone()));
    }
    gateway.resume(id, &name);
    gateway.send(&name, "RESUMED", r#"{"_trace":[]}"#);
}

fn note_presence(state: &mut State, shard: u32, data: &Value) {
    let activities = data["activities"].as_array().map(Vec::as_slice).unwrap_or_default();
    // What a custom status says stands beside its name (Discord, "Activity Structure").
    let said = |it: &Value| if it["type"] == 4 { it["state"].as_str() } else { it["name"].as_str() }.map(str::to_owned);
    let activities = activities.iter().filter_map(said).collect();
    let status = data["status"].as_str().unwrap_or_default().to_owned();
    state.gateway.presences.push(PresenceUpdate { shard, status, activities });
}

fn members(state: &mut State, session: &str, data: &Value) {
    let id = data["guild_id"].as_str().and_then(|id| id.parse().ok()).map(super::GuildId);
    let Some(guild) = id.and_then(|id| state.world.guilds.get(&id)) else {
        return;
    };
    let query = data["query"].as_str().unwrap_or_default();
    let world = &state.world;
    let found = guild.members.keys().filter(|id| world.user(**id).name.starts_with(query));
    let limit = data["limit"].as_u64().filter(|limit| *limit > 0).unwrap_or(1000) as usize;
    let found = found.take(limit).map(|id| payloads::member(world, guild, *id, true));
    let chunk = json!({
        "guild_id": guild.id.to_string(),
        "members": found.collect::<Vec<_>>(),
        "chunk_index": 0,
        "chunk_count": 1,
        "not_found": [],
        "nonce": data["nonce"],
    });
    state.gateway.send(session, "GUILD_MEMBERS_CHUNK", &chunk.to_string());
}
