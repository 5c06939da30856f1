//! Connecting, staying connected, and leaving in good order.

use std::{
    future::Future,
    sync::Arc,
    time::{Duration, Instant},
};

use serenity::{
    all::{
        ActivityData, Client, ClientBuilder, ConnectionStage, GatewayError, GatewayIntents, HttpBuilder, ShardManager,
    },
    http::Http,
};
use tokio::{
    runtime::{Builder, Runtime},
    task::JoinHandle,
};

use super::{
    bot::DiscordBot,
    handler::Handler,
    outbox::work_off_outbox,
    rest::{Rest, RestError},
};
use crate::{config::DiscordConfig, desk::worker_pool::DeskHandle, model::Platform};

/// How long to wait before the next attempt when Discord can't be reached.
const PAUSES: [Duration; 5] = [
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(15),
    Duration::from_secs(30),
    Duration::from_secs(60),
];

/// How long a shard may take to be listed after it began to connect.
const JUST_CONNECTING: Duration = Duration::from_secs(3);

/// How often it is looked at how many shards are connected.
const BETWEEN_LOOKS: Duration = Duration::from_millis(500);

/// What the bot shows that it does: how to ask it.
const ACTIVITY: &str = "/source a place or a name";

/// How long a shard may take to connect before Discord is asked whether there are enough of them, and how long it isn't
/// asked again.
const CONNECTS_WITHIN: Duration = Duration::from_secs(3);
const BETWEEN_QUESTIONS: Duration = Duration::from_secs(10);

/// Why the bot stopped. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum DiscordError {
    /// 401, or close code 4004.
    #[error(
        "Discord refuses the token; in the Developer Portal open your application, Bot, Reset Token, and put the new one in DISCORD_TOKEN"
    )]
    Token,
    /// Close code 4014.
    #[error(
        "Discord refuses the message-content intent; in the Developer Portal open your application, Bot, and switch on Message Content Intent, or set ONRECORD_DISCORD_PREFIX=off to do without typed commands"
    )]
    Intent,
    /// Close code 4013: a fault of ours or of the server in place of Discord.
    #[error("Discord doesn't understand how the bot connects ({0}); install a newer version of the program")]
    Protocol(String),
    /// The shards can't be run so.
    #[error("the shards can't be started: {0}; ONRECORD_DISCORD_SHARDS=auto lets Discord say how many there are")]
    Shards(String),
    /// Close code 4011: Discord wants more shards than there are.
    #[error(
        "Discord wants at least {wanted} shards and ONRECORD_DISCORD_SHARDS says {given}; raise the total in every process, or set it to auto"
    )]
    TooFewShards {
        /// How many Discord recommends.
        wanted: u64,
        /// How many there are.
        given: u32,
    },
    /// Discord answers, but no shard was ever connected: close code 4012 (this version of the API is no
    /// longer taken), or 4010, which a checked range of shards doesn't lead to.
    #[error("Discord answers but takes no connection of this version of the program; install a newer one")]
    NoShard,
    /// The client can't be made.
    #[error("the connection to Discord can't be prepared: {0}")]
    Client(String),
}

/// The threads that serenity runs on, apart from ours: where Discord has closed a connection for good
/// (4010, 4011) serenity asks it for more without ever yielding, and what is woken on that thread waits.
struct Gateway(Option<Runtime>);

impl Gateway {
    fn new() -> Result<Self, DiscordError> {
        let runtime = Builder::new_multi_thread().worker_threads(2).thread_name("gateway").enable_all().build();
        runtime.map(|runtime| Self(Some(runtime))).map_err(|error| DiscordError::Client(error.to_string()))
    }

    fn spawn<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
        // There is a runtime until the value is dropped.
        self.0.as_ref().map_or_else(tokio::runtime::Handle::current, |runtime| runtime.handle().clone()).spawn(work)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, DiscordError>> + Send + 'static,
    ) -> Result<T, DiscordError> {
        self.spawn(work).await.unwrap_or_else(|error| Err(DiscordError::Client(error.to_string())))
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            // What doesn't yield is not waited for.
            runtime.shutdown_background();
        }
    }
}

/// Runs the bot until `stop` is there; then finishes the answers in flight.
///
/// # Errors
/// When Discord refuses the bot for good. A lost connection is no error: it is made anew.
pub async fn run(
    config: DiscordConfig,
    handle: DeskHandle,
    stop: impl Future<Output = ()>,
) -> Result<(), DiscordError> {
    let rest = Rest::new(&config).map_err(|error| DiscordError::Client(error.to_string()))?;
    let bot = DiscordBot::start(handle, rest, config.prefix.clone(), config.layout);
    tokio::spawn(work_off_outbox(Arc::downgrade(&bot), config.rounds));
    let mut stop = std::pin::pin!(stop);
    let mut failures = 0;
    let mut has_connected = false;
    let metrics = Arc::clone(bot.handle.desk().metrics());
    loop {
        let reached = tokio::select! {
            reached = reach(&bot, &config) => reached?,
            () = &mut stop => return Ok(()),
        };
        if let Some(recommended) = reached {
            failures = 0;
            let gateway = Gateway::new()?;
            let mut client = gateway.run(client(config.clone(), Arc::clone(&bot))).await?;
            let shards = Arc::clone(&client.shard_manager);
            let range = config.shards;
            let wanted = range.map_or(recommended, |range| u64::from(range.last - range.first) + 1);
            let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
            let note = |connected| metrics.connected(Platform::Discord, connected, wanted);
            let mut running = gateway.spawn(async move {
                match range {
                    // Serenity takes the end of the range as the last shard.
                    Some(range) => client.start_shard_range(range.first..range.last, range.total).await,
                    None => client.start_autosharded().await,
                }
            });
            let ended = tokio::select! {
                ended = &mut running => ended,
                () = silence(&shards, config.silence, &mut has_connected, note) => {
                    note(0);
                    // Serenity goes on with a connection that Discord has closed for good (4010 to 4012),
                    // and doesn't tell the code. A bot that has never been connected is one of these.
                    let reason = no_shard(&config, recommended);
                    if !has_connected {
                        leave(&shards).await;
                        running.abort();
                        return Err(reason);
                    }
                    tracing::error!(
                        "Discord answers but no shard stays connected; the connection is made anew. If this goes on: {reason}"
                    );
                    leave(&shards).await;
                    running.abort();
                    continue;
                }
                () = outgrown(&bot, &shards, recommended), if range.is_none() => {
                    note(0);
                    tracing::warn!("Discord wants more shards than before; the connection is made anew with as many");
                    leave(&shards).await;
                    running.abort();
                    continue;
                }
                () = &mut stop => {
                    note(0);
                    bot.finish().await;
                    leave(&shards).await;
                    let _ = tokio::time::timeout(Duration::from_secs(5), running).await;
                    return Ok(());
                }
            };
            note(0);
            match ended {
                Ok(Ok(())) => tracing::warn!("the connection to Discord ended; it is made anew"),
                Ok(Err(error)) => after(error)?,
                Err(_) => tracing::error!("the connection to Discord panicked; it is made anew"),
            }
        }
        let pause = PAUSES.get(failures).or(PAUSES.last()).copied().unwrap_or_default();
        failures += 1;
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = &mut stop => return Ok(()),
        }
    }
}

/// Closes the connections of all shards.
///
/// Serenity waits without end, and without ever yielding, for Discord to say goodbye on a connection
/// that Discord has closed. So each shard is given something to send first: one that can't gives up.
async fn leave(shards: &ShardManager) {
    let goodbye = async {
        // A shard that is only just connecting is not in the list yet.
        let begun = Instant::now();
        while shards.runners.lock().await.is_empty() && begun.elapsed() < JUST_CONNECTING {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        for runner in shards.runners.lock().await.values() {
            runner.runner_tx.set_activity(None);
        }
        shards.shutdown_all().await;
    };
    let _ = tokio::time::timeout(Duration::from_secs(10), goodbye).await;
}

/// Why Discord may take none of the shards.
fn no_shard(config: &DiscordConfig, recommended: u64) -> DiscordError {
    match config.shards {
        Some(range) if u64::from(range.total) < recommended => {
            DiscordError::TooFewShards { wanted: recommended, given: range.total }
        }
        Some(_) | None => DiscordError::NoShard,
    }
}

/// Ends when no shard has been connected for so long. Notes when one was, and how many are at any time.
async fn silence(shards: &ShardManager, long: Duration, has_connected: &mut bool, note: impl Fn(usize)) {
    let mut last = Instant::now();
    while last.elapsed() < long {
        tokio::time::sleep(BETWEEN_LOOKS.min(long / 10)).await;
        let runners = shards.runners.lock().await;
        let connected = runners.values().filter(|runner| runner.stage == ConnectionStage::Connected).count();
        drop(runners);
        note(connected);
        if connected > 0 {
            *has_connected = true;
            last = Instant::now();
        }
    }
}

/// Ends when a shard stays without a connection and Discord recommends more shards than there are: then it takes none
/// of those that have too many servers (4011), and serenity tries the same again.
async fn outgrown(bot: &DiscordBot, shards: &ShardManager, recommended: u64) {
    let mut all_were = Instant::now();
    let mut asked = None;
    loop {
        tokio::time::sleep(BETWEEN_LOOKS).await;
        let runners = shards.runners.lock().await;
        let are_all = !runners.is_empty() && runners.values().all(|it| it.stage == ConnectionStage::Connected);
        drop(runners);
        if are_all {
            all_were = Instant::now();
        }
        let is_due = asked.is_none_or(|at: Instant| at.elapsed() > BETWEEN_QUESTIONS);
        if all_were.elapsed() > CONNECTS_WITHIN && is_due {
            asked = Some(Instant::now());
            let found = bot.rest.get("/gateway/bot").await.unwrap_or_default();
            if found["shards"].as_u64().is_some_and(|wanted| wanted > recommended) {
                return;
            }
        }
    }
}

/// How many shards Discord recommends; `None` if it can't be reached. Asked before serenity connects,
/// which would dial Discord itself when the server in its place doesn't say where its gateway is.
async fn reach(bot: &DiscordBot, config: &DiscordConfig) -> Result<Option<u64>, DiscordError> {
    match bot.rest.get("/gateway/bot").await {
        Ok(found) => {
            let recommended = found["shards"].as_u64().unwrap_or(1);
            if let Some(range) = config.shards.filter(|range| u64::from(range.total) < recommended) {
                tracing::warn!(
                    discord.shards = range.total,
                    discord.recommended = recommended,
                    "Discord recommends more shards"
                );
            }
            Ok(Some(recommended))
        }
        Err(RestError::Refused { status: 401, .. }) => Err(DiscordError::Token),
        Err(error) => {
            tracing::warn!(%error, "Discord can't be reached; it is tried again");
            Ok(None)
        }
    }
}

async fn client(config: DiscordConfig, bot: Arc<DiscordBot>) -> Result<Client, DiscordError> {
    ClientBuilder::new_with_http(http(&config), intents(&config))
        .event_handler(Handler(bot))
        .activity(ActivityData::custom(ACTIVITY))
        .await
        .map_err(|error| DiscordError::Client(error.to_string()))
}

/// Serenity's own way to Discord, which it asks for the gateway's address.
fn http(config: &DiscordConfig) -> Http {
    let builder = HttpBuilder::new(config.token.reveal());
    match &config.api_url {
        // Its limiter doesn't know of the server in place of Discord.
        Some(address) => builder.proxy(address).ratelimiter_disabled(true).build(),
        None => builder.build(),
    }
}

/// The least that works: without typed commands no message is read but those that mention the bot.
fn intents(config: &DiscordConfig) -> GatewayIntents {
    let always = GatewayIntents::GUILDS | GatewayIntents::GUILD_MESSAGES | GatewayIntents::DIRECT_MESSAGES;
    if config.prefix.is_some() { always | GatewayIntents::MESSAGE_CONTENT } else { always }
}

/// What to do after the connection ended with an error.
fn after(error: serenity::Error) -> Result<(), DiscordError> {
    match error {
        serenity::Error::Gateway(GatewayError::InvalidAuthentication) => Err(DiscordError::Token),
        serenity::Error::Gateway(GatewayError::DisallowedGatewayIntents) => Err(DiscordError::Intent),
        serenity::Error::Gateway(error @ GatewayError::InvalidGatewayIntents) => {
            Err(DiscordError::Protocol(error.to_string()))
        }
        serenity::Error::Gateway(error @ (GatewayError::InvalidShardData | GatewayError::OverloadedShard)) => {
            Err(DiscordError::Shards(error.to_string()))
        }
        error => {
            tracing::warn!(%error, "the connection to Discord failed; it is made anew");
            Ok(())
        }
    }
}
