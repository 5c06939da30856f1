//! Following the homeserver's events, staying signed in, and leaving in good order.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use matrix_sdk::{
    Client, Error, HttpError, Room,
    config::SyncSettings,
    ruma::{
        UInt, UserId,
        api::{
            client::filter::{Filter, FilterDefinition, LazyLoadOptions, RoomEventFilter, RoomFilter},
            error::ErrorKind,
        },
    },
    sync::{JoinedRoomUpdate, SyncResponse},
};

use super::{
    account::{SignedIn, SignedOut, sign_in, sign_in_again},
    bot::MatrixBot,
    error::MatrixError,
    folder::SessionFolder,
    keys,
    outbox::work_off_outbox,
    progress::Task,
    queues::{Gap, RoomJob},
    verification,
};
use crate::{config::MatrixConfig, desk::worker_pool::DeskHandle, model::Platform};

/// How long to wait before the next attempt when the homeserver can't be reached.
const PAUSES: [Duration; 6] = [
    Duration::from_millis(250),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(5),
    Duration::from_secs(15),
    Duration::from_secs(30),
];

/// How long the homeserver may keep a sync open when nothing happens.
const SYNC: Duration = Duration::from_secs(25);

/// How long the first sync of a session may take: that of an account with many rooms is work.
const FIRST_SYNC: Duration = Duration::from_secs(10 * 60);

/// How many events of a room come with one sync; more are fetched if they matter.
const EVENTS: u32 = 50;

/// Why following the events ended.
enum Ended {
    /// The program is to stop.
    Stopped,
    /// The session isn't accepted any more.
    SignedOut(SignedOut),
}

type Stop<'a> = Pin<&'a mut (dyn Future<Output = ()> + Send)>;

/// Runs the bot until `stop` is there; then finishes the answers in flight.
///
/// # Errors
/// When the homeserver refuses the bot for good. A lost connection is no error: it is made anew.
pub async fn run(
    config: MatrixConfig,
    handle: DeskHandle,
    stop: impl Future<Output = ()> + Send,
) -> Result<(), MatrixError> {
    let mut stop = std::pin::pin!(stop);
    let folder = SessionFolder::open(&config)?;
    let mut signed_out = None;
    let mut failures = 0;
    loop {
        let position = position(&handle, &config).await?;
        let goes_on = position.is_some();
        let attempt = async {
            // Once: the store is a new one then, and to be signed in to like any.
            match signed_out.take() {
                None => sign_in(&config, &folder, position).await,
                Some(how) => sign_in_again(&config, &folder, position, how).await,
            }
        };
        let signed_in = tokio::select! {
            signed_in = attempt => signed_in?,
            () = &mut stop => return Ok(()),
        };
        match signed_in {
            SignedIn::Here { client, new } => {
                failures = 0;
                match follow(&config, &handle, client, new || !goes_on, stop.as_mut()).await? {
                    Ended::Stopped => return Ok(()),
                    Ended::SignedOut(how) => {
                        tracing::warn!("the homeserver no longer accepts the session; the bot signs in again");
                        signed_out = Some(how);
                        continue;
                    }
                }
            }
            SignedIn::Later(reason) => tracing::warn!(reason, "the homeserver can't be reached; it is tried again"),
        }
        if pause(&mut failures, stop.as_mut()).await {
            return Ok(());
        }
    }
}

/// Up to where everything was done before.
async fn position(handle: &DeskHandle, config: &MatrixConfig) -> Result<Option<String>, MatrixError> {
    let account = config.user.clone();
    let read = handle.run(move |desk| desk.memory().chat_position(Platform::Matrix, &account)).await;
    read.map_err(|error| MatrixError::Records(error.to_string()))?
        .map_err(|error| MatrixError::Records(error.to_string()))
}

/// Waits before the next attempt; whether the program is to stop meanwhile.
async fn pause(failures: &mut usize, stop: Stop<'_>) -> bool {
    let pause = PAUSES.get(*failures).or(PAUSES.last()).copied().unwrap_or_default();
    *failures += 1;
    tokio::select! {
        () = tokio::time::sleep(pause) => false,
        () = stop => true,
    }
}

/// Follows the events of one session.
async fn follow(
    config: &MatrixConfig,
    handle: &DeskHandle,
    client: Client,
    new: bool,
    mut stop: Stop<'_>,
) -> Result<Ended, MatrixError> {
    let id = UserId::parse(&config.user)
        .map_err(|error| MatrixError::Login { user: config.user.clone(), reason: error.to_string() })?;
    let bot = MatrixBot::new(client, handle.clone(), config.clone(), id);
    bot.load_reviews().await;
    verification::follow(&bot);
    let keeper = tokio::spawn(keep_position(Arc::clone(&bot)));
    let keys = tokio::spawn(Arc::clone(&bot).follow_keys());
    let undecryptable = tokio::spawn(Arc::clone(&bot).take_up_undecryptable());
    let setting_up = tokio::spawn(set_up(Arc::clone(&bot)));
    let rounds = tokio::spawn(work_off_outbox(Arc::clone(&bot), config.rounds));
    let ended = follow_events(&bot, new, stop.as_mut()).await;
    handle.desk().metrics().connected(Platform::Matrix, 0, 1);
    bot.finish().await;
    for task in [keeper, keys, undecryptable, setting_up, rounds] {
        task.abort();
        let _ = task.await;
    }
    // What is dropped from here on is not done, and is not noted as such.
    if let Some(position) = bot.progress.take() {
        note(&bot, position).await;
    }
    Ok(ended)
}

async fn follow_events(bot: &Arc<MatrixBot>, new: bool, mut stop: Stop<'_>) -> Ended {
    let mut failures = 0;
    let mut before = None;
    let mut first = true;
    loop {
        let timeout = match (first, new) {
            // The homeserver answers at once, so that this only bounds how long it may work on it.
            (true, true) => FIRST_SYNC,
            // Whether anything was missed is to be known now.
            (true, false) if failures == 0 => Duration::ZERO,
            (_, _) => SYNC,
        };
        let settings = SyncSettings::new().filter(filter().into()).timeout(timeout);
        let synced = tokio::select! {
            synced = bot.client.sync_once(settings) => synced,
            () = &mut stop => return Ended::Stopped,
        };
        match synced {
            Ok(response) => {
                if failures > 0 || first {
                    tracing::info!(matrix.rooms = bot.client.joined_rooms().len(), matrix.new = new, "connected");
                }
                failures = 0;
                bot.handle.desk().metrics().connected(Platform::Matrix, 1, 1);
                let position = response.next_batch.clone();
                take(bot, response, before.as_deref());
                if first {
                    for room in bot.client.invited_rooms() {
                        bot.invited(room, bot.progress.begin_late());
                    }
                    // Of those who left while the bot was away it may hear nothing more.
                    for room in bot.client.joined_rooms().into_iter().filter(seems_empty) {
                        bot.take(&room, RoomJob::Alone, bot.progress.begin_late());
                    }
                }
                first = false;
                before = Some(position);
            }
            Err(error) => match refusal(&error) {
                Some(ErrorKind::UnknownToken(data)) => {
                    let how = if data.soft_logout { SignedOut::Softly } else { SignedOut::ForGood };
                    return Ended::SignedOut(how);
                }
                _ => {
                    bot.handle.desk().metrics().connected(Platform::Matrix, 0, 1);
                    tracing::warn!(error = %without_address(&error), "the homeserver can't be reached; it is tried again");
                    if pause(&mut failures, stop.as_mut()).await {
                        return Ended::Stopped;
                    }
                }
            },
        }
    }
}

fn refusal(error: &Error) -> Option<&ErrorKind> {
    error.client_api_error_kind()
}

/// An error of the connection without its address, which has the whole filter in it.
fn without_address(error: &Error) -> String {
    match error {
        Error::Http(http) => match &**http {
            HttpError::Reqwest(error) if error.is_timeout() => "it doesn't answer in time".to_owned(),
            HttpError::Reqwest(error) if error.is_connect() => "no connection".to_owned(),
            HttpError::Reqwest(_) => "the connection broke".to_owned(),
            other => other.to_string(),
        },
        other => other.to_string(),
    }
}

/// Hands on what a sync brought, and waits for nothing.
fn take(bot: &Arc<MatrixBot>, response: SyncResponse, before: Option<&str>) {
    let task = bot.progress.begin(response.next_batch.clone());
    for (id, update) in response.rooms.joined {
        if let Some(room) = bot.client.get_room(&id) {
            take_room(bot, &room, update, before, &task);
        }
    }
    for id in response.rooms.invited.keys() {
        if let Some(room) = bot.client.get_room(id) {
            bot.invited(room, task.another());
        }
    }
}

fn take_room(bot: &Arc<MatrixBot>, room: &Room, update: JoinedRoomUpdate, before: Option<&str>, task: &Task) {
    let timeline = update.timeline;
    let stretch = bot.sort(room, &timeline.events);
    let reaches_back = stretch.oldest.is_none_or(|age| u128::from(age) <= bot.config.max_age.as_millis());
    if timeline.limited
        && reaches_back
        && !stretch.joined
        && let Some(from) = timeline.prev_batch
    {
        let gap = Gap { from, to: before.map(str::to_owned) };
        bot.take(room, RoomJob::Gap(gap), task.another());
    }
    let undecrypted = stretch.undecrypted;
    if !undecrypted.is_empty() {
        let (bot, noted) = (Arc::clone(bot), task.another());
        tokio::spawn(async move {
            bot.could_not_read(undecrypted).await;
            drop(noted);
        });
    }
    for event in stretch.events {
        bot.take(room, RoomJob::RoomEvent(event), task.another());
    }
    if (stretch.departed || stretch.joined || timeline.limited) && seems_empty(room) {
        bot.take(room, RoomJob::Alone, task.another());
    }
}

/// Whether the bot seems to be alone in a room, by the homeserver's summary; it is asked before that counts.
fn seems_empty(room: &Room) -> bool {
    room.active_members_count() <= 1
}

/// What the bot wants to hear of: no presence, nobody typing, and members when they matter.
fn filter() -> FilterDefinition {
    let mut timeline = RoomEventFilter::default();
    timeline.limit = Some(UInt::from(EVENTS));
    let lazy = LazyLoadOptions::Enabled { include_redundant_members: false };
    timeline.lazy_load_options = lazy;
    let mut room = RoomFilter::default();
    room.timeline = timeline;
    room.state.lazy_load_options = lazy;
    room.ephemeral = RoomEventFilter::ignore_all();
    let mut filter = FilterDefinition::default();
    filter.presence = Filter::ignore_all();
    filter.room = room;
    filter
}

/// Notes how far the events are worked through, as often as it changes.
async fn keep_position(bot: Arc<MatrixBot>) {
    loop {
        let position = bot.progress.reached().await;
        note(&bot, position).await;
    }
}

async fn note(bot: &MatrixBot, position: String) {
    let account = bot.id.to_string();
    bot.handle.write(move |desk| desk.memory().reached(Platform::Matrix, account, position)).await;
}

/// What takes its time and nobody waits for.
async fn set_up(bot: Arc<MatrixBot>) {
    if let Ok(Some(name)) = bot.client.account().get_display_name().await {
        bot.is_called(&name);
    }
    keys::set_up(&bot.client, &bot.config).await;
}
