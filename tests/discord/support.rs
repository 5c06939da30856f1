//! The bot as a library, on records of its own, connected to the stand-in.

use std::{
    path::Path,
    sync::{Arc, OnceLock},
    time::Duration,
};

use onrecord::{
    app::App,
    chat::discord::{self, DiscordError},
    config::{DataConfig, DiscordConfig, Secret},
    desk::front::Front,
    exchange::{Attribution, import, read_texts},
    model::{Authority, Identity, Platform},
};
use tempfile::TempDir;
use tokio::{sync::oneshot, task::JoinHandle};

use crate::fake::{ChannelId, FakeDiscord, GuildId, Settings, UserId};

/// A database that lives as long as this value, for one bot after the other.
pub(crate) struct Records(TempDir);

impl Records {
    /// A copy of a database that is filled once for all tests.
    pub(crate) fn new() -> Self {
        static FILLED: OnceLock<Records> = OnceLock::new();
        let filled = FILLED.get_or_init(|| {
            let records = Self(tempfile::tempdir().unwrap());
            records.fill();
            records
        });
        let own = tempfile::tempdir().unwrap();
        copy(filled.path(), own.path());
        Self(own)
    }

    fn fill(&self) {
        self.add(include_str!("fixtures/harbour.toml"));
    }

    /// Takes in another pack.
    pub(crate) fn add(&self, pack: &str) {
        let pack = read_texts(vec![("pack.toml".to_owned(), pack.to_owned())]).unwrap();
        let attribution = Attribution {
            author: Identity::new(Platform::Terminal, "author").unwrap(),
            reviewer: Identity::new(Platform::Terminal, "reviewer").unwrap(),
            summary: "A made-up world".parse().unwrap(),
            reason: "For the tests".parse().unwrap(),
            at: "2024-05-01T12:00:00Z".parse().unwrap(),
        };
        let app = self.open();
        import(&app.store, &pack, attribution).unwrap();
        app.search.catch_up(&app.store).unwrap();
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    fn open(&self) -> App {
        App::open(&DataConfig {
            database: self.0.path().join("onrecord.db"),
            index: self.0.path().join("onrecord.db.index"),
            shipped_data: false,
        })
        .unwrap()
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// What someone at the terminal says to the desk of a running bot.
pub(crate) fn at_the_terminal(bot: &Bot, who: &str, line: &str) -> onrecord::reply::Reply {
    bot.front.desk().answer(&onrecord::desk::Request {
        actor: who.parse().unwrap(),
        conversation: who.to_owned(),
        invocation: onrecord::desk::Invocation::Text(line.to_owned()),
        origin: None,
        page_size: 5,
    })
}

/// A running bot.
pub(crate) struct Bot {
    pub(crate) front: Front,
    stop: Option<oneshot::Sender<()>>,
    running: JoinHandle<Result<(), DiscordError>>,
}

impl Bot {
    /// Starts the bot and waits for nothing.
    pub(crate) async fn begin(records: &Records, config: DiscordConfig) -> Self {
        let (stop, stopped) = oneshot::channel();
        let app = Arc::new(records.open());
        app.desk.load_communities().unwrap();
        app.desk.appoint(Authority::of([ADMIN.parse().unwrap()]));
        let (front, _) = Front::open(Arc::clone(&app.desk)).unwrap();
        let running = tokio::spawn(discord::run(config, front.clone(), async move {
            let _ = stopped.await;
        }));
        Self { front, stop: Some(stop), running }
    }

    /// Starts the bot and waits until it is connected and has registered its commands.
    pub(crate) async fn start(records: &Records, fake: &FakeDiscord) -> Self {
        let bot = Self::begin(records, config(fake)).await;
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

/// Who is admin from the start.
pub(crate) const ADMIN: &str = "terminal:root";

/// How many commands are registered: those of the program, and "Find sources".
pub(crate) const COMMANDS: usize = onrecord::commands::COMMANDS.len() + 1;

pub(crate) fn config(fake: &FakeDiscord) -> DiscordConfig {
    DiscordConfig {
        token: Secret::new(fake.token()),
        api_url: Some(fake.api_url()),
        prefix: Some("!".to_owned()),
        shards: None,
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
        let fake = FakeDiscord::with(settings).await;
        let guild = fake.guild("Newsroom");
        let general = fake.text_channel(guild, "general");
        let alice = fake.user("alice");
        fake.join(guild, alice, &[]);
        let bot = Bot::start(&records, &fake).await;
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
