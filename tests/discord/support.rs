//! The bot as a library, on records of its own, connected to the stand-in.

use std::time::Duration;

use onrecord::{
    chat::discord::{self, DiscordError},
    config::{DiscordConfig, MessageLayout, Secret},
    desk::worker_pool::DeskHandle,
};
use tokio::{sync::oneshot, task::JoinHandle};

use crate::{
    fake::{ChannelId, FakeDiscord, GuildId, Settings, UserId},
    records::Records,
};

/// A running bot.
pub(crate) struct Bot {
    pub(crate) front: DeskHandle,
    stop: Option<oneshot::Sender<()>>,
    running: JoinHandle<Result<(), DiscordError>>,
}

impl Bot {
    /// Starts the bot and waits for nothing.
    pub(crate) async fn begin(records: &Records, config: DiscordConfig) -> Self {
        let (stop, stopped) = oneshot::channel();
        let front = records.front();
        let running = tokio::spawn(discord::run(config, front.clone(), async move {
            let _ = stopped.await;
        }));
        Self { front, stop: Some(stop), running }
    }

    /// Starts the bot and waits until it is connected and has registered its commands.
    pub(crate) async fn start(records: &Records, fake: &FakeDiscord) -> Self {
        Self::start_in(records, fake, MessageLayout::Embeds).await
    }

    /// As [`Bot::start`], with answers made of these.
    pub(crate) async fn start_in(records: &Records, fake: &FakeDiscord, layout: MessageLayout) -> Self {
        let bot = Self::begin(records, DiscordConfig { layout, ..config(fake) }).await;
        fake.connected(1).await;
        fake.until("registered commands", |fake| (fake.command_names(None).len() == COMMANDS).then_some(())).await;
        bot
    }

    /// Stops the bot as Ctrl-C does.
    pub(crate) async fn stop(mut self) {
        drop(self.stop.take());
        self.ended().await.unwrap();
    }

    pub(crate) async fn ended(self) -> Result<(), DiscordError> {
        self.running.await.unwrap()
    }
}

/// How many commands are registered: those of the program, and "Find sources".
pub(crate) const COMMANDS: usize = onrecord::commands::COMMANDS.len() + 1;

pub(crate) fn config(fake: &FakeDiscord) -> DiscordConfig {
    DiscordConfig {
        token: Secret::new(fake.token()),
        api_url: Some(fake.api_url()),
        prefix: Some("!".to_owned()),
        shards: None,
        layout: MessageLayout::Embeds,
        silence: Duration::from_secs(90),
        rounds: Duration::from_millis(200),
    }
}

/// A server with a channel and a member, and the bot in it.
pub(crate) struct Scene {
    pub(crate) fake: FakeDiscord,
    pub(crate) records: Records,
    pub(crate) bot: Bot,
    pub(crate) guild: GuildId,
    pub(crate) general: ChannelId,
    pub(crate) alice: UserId,
}

impl Scene {
    pub(crate) async fn new() -> Self {
        Self::with(Settings::default()).await
    }

    pub(crate) async fn with(settings: Settings) -> Self {
        Self::of(Records::new(), settings).await
    }

    pub(crate) async fn of(records: Records, settings: Settings) -> Self {
        Self::made_of(MessageLayout::Embeds, records, settings).await
    }

    /// With answers made of these.
    pub(crate) async fn made_of(layout: MessageLayout, records: Records, settings: Settings) -> Self {
        let fake = FakeDiscord::with(settings).await;
        let guild = fake.guild("Newsroom");
        let general = fake.text_channel(guild, "general");
        let alice = fake.user("alice");
        fake.join(guild, alice, &[]);
        let bot = Bot::start_in(&records, &fake, layout).await;
        Self { fake, records, bot, guild, general, alice }
    }

    /// Asks something that is always answered, and makes sure that it is.
    pub(crate) async fn still_answers(&self) {
        self.fake.drained().await;
        let bob = self.fake.user("bob");
        self.fake.join(self.guild, bob, &[]);
        let asked = self.fake.say(self.general, bob, "!version");
        self.fake
            .until("an answer to the next question", |fake| {
                fake.messages(self.general)
                    .iter()
                    .any(|message| {
                        message.author == fake.bot()
                            && message.text.contains("Onrecord 0")
                            && message.reference == Some(asked)
                    })
                    .then_some(())
            })
            .await;
    }
}
