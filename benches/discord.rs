//! How long the Discord bot takes from a message on the gateway to the request that answers it, and
//! how much memory guilds take. Run with `cargo bench --bench discord`; it takes about a minute.
//!
//! The stand-in for Discord of the tests runs in the same process, and what it does to send the event
//! and to take the request in is in the figures. `desk` is the desk's share, as it logs it.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement stops at the first thing that goes wrong")]

#[cfg(feature = "discord")]
#[path = "../tests/discord/fake/mod.rs"]
#[expect(dead_code, unused_imports, reason = "the stand-in can do more than a measurement asks of it")]
mod fake;

#[cfg(feature = "discord")]
mod discord {
    use std::{
        collections::HashMap,
        process::{Command, Stdio},
        sync::{Arc, Mutex},
        time::{Duration, Instant},
    };

    use onrecord::{
        app::App,
        chat::discord,
        config::{DataConfig, DiscordConfig, MessageLayout, Secret},
        desk::worker_pool::DeskHandle,
    };
    use serde_json::json;
    use tracing::field::{Field, Visit};
    use tracing_subscriber::{Layer, layer::SubscriberExt, util::SubscriberInitExt};

    use crate::fake::{ChannelId, FakeDiscord, GuildSize, UserId};

    const QUESTIONS: [&str; 4] = ["!source sydney", "!source by:\"laura harth\"", "!about dublin", "!source 马德里"];

    /// What comes in.
    #[derive(Clone, Copy)]
    struct Load {
        name: &'static str,
        /// How many events a second.
        rate: usize,
        events: usize,
        kind: Kind,
    }

    #[derive(Clone, Copy)]
    enum Kind {
        /// Slash commands, which Discord's limits on messages don't concern.
        Slash,
        /// Messages, of which one in so many asks.
        Messages(usize),
    }

    const LOADS: [Load; 6] = [
        Load { name: "slash commands", rate: 1, events: 10, kind: Kind::Slash },
        Load { name: "slash commands", rate: 100, events: 1_000, kind: Kind::Slash },
        Load { name: "slash commands", rate: 1_000, events: 5_000, kind: Kind::Slash },
        Load { name: "messages, all ask", rate: 1, events: 10, kind: Kind::Messages(1) },
        Load { name: "messages, 1 in 25 asks", rate: 1_000, events: 10_000, kind: Kind::Messages(25) },
        Load { name: "messages, all ask", rate: 1_000, events: 5_000, kind: Kind::Messages(1) },
    ];

    /// Who answers.
    #[derive(Clone, Copy, PartialEq, Eq)]
    enum Who {
        Onrecord,
        /// A bot on serenity that answers everything with one word, at once: what is left is ours.
        Echo,
    }

    /// The desk's own measurements.
    #[derive(Debug, Clone, Default)]
    struct DeskTimes(Arc<Mutex<Vec<f64>>>);

    impl<S: tracing::Subscriber> Layer<S> for DeskTimes {
        fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
            if event.metadata().target() == "onrecord::desk" {
                event.record(&mut Durations(self));
            }
        }
    }

    struct Durations<'a>(&'a DeskTimes);

    impl Visit for Durations<'_> {
        fn record_f64(&mut self, field: &Field, value: f64) {
            if field.name() == "duration_ms" {
                self.0.0.lock().unwrap().push(value);
            }
        }
        fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
    }

    pub fn main() {
        let desk = DeskTimes::default();
        tracing_subscriber::registry().with(desk.clone()).init();
        tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
            println!("events | a second | in all | who | answered | median ms | p99 ms | desk median ms | desk p99 ms | stand-in median ms | stand-in p99 ms");
            for load in LOADS {
                for who in [Who::Echo, Who::Onrecord] {
                    latency(&desk, load, who).await;
                }
            }
            println!("guilds (30 channels, 10 roles, 100 members each) | resident MB | peak MB | peak MB after 5,000 questions at once");
            for guilds in [1, 1_000, 10_000] {
                memory(guilds).await;
            }
        });
    }

    /// Ends a bot: serenity spins on a connection whose other end has gone.
    type End = std::pin::Pin<Box<dyn Future<Output = ()>>>;

    async fn bot(fake: &FakeDiscord, folder: &tempfile::TempDir) -> End {
        let config = DataConfig {
            database: folder.path().join("onrecord.db"),
            index: folder.path().join("onrecord.db.index"),
            shipped_data: true,
        };
        let (front, _) = DeskHandle::open(App::open(&config).unwrap().desk).unwrap();
        let config = DiscordConfig {
            token: Secret::new(fake.token()),
            api_url: Some(fake.api_url()),
            prefix: Some("!".to_owned()),
            shards: None,
            layout: MessageLayout::Embeds,
            silence: Duration::from_secs(90),
            rounds: Duration::from_millis(200),
        };
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let stopped = async move { _ = stopped.await };
        let running = tokio::spawn(async move { discord::run(config, front, stopped).await.unwrap() });
        fake.configure(|settings| settings.patience = Duration::from_secs(120));
        fake.connected(1).await;
        fake.quiet(Duration::from_millis(500)).await;
        Box::pin(async move {
            drop(stop);
            running.await.unwrap();
        })
    }

    /// The floor: serenity, and the same way of making requests.
    struct Echo {
        client: reqwest::Client,
        base: String,
        token: String,
    }

    impl Echo {
        async fn post(&self, path: String, body: serde_json::Value) {
            let request = self.client.post(format!("{}/api/v10{path}", self.base));
            let request = request.header("authorization", format!("Bot {}", self.token));
            let _ = request.header("content-type", "application/json").body(body.to_string()).send().await;
        }
    }

    #[serenity::async_trait]
    impl serenity::all::EventHandler for Echo {
        async fn message(&self, _: serenity::all::Context, message: serenity::all::Message) {
            if message.author.bot || !message.content.starts_with('!') {
                return;
            }
            let body = json!({
                "content": "pong", "allowed_mentions": {"parse": []},
                "message_reference": {"message_id": message.id.to_string()},
            });
            self.post(format!("/channels/{}/messages", message.channel_id), body).await;
        }

        async fn interaction_create(&self, _: serenity::all::Context, interaction: serenity::all::Interaction) {
            let serenity::all::Interaction::Command(command) = interaction else { return };
            let body = json!({"type": 4, "data": {"content": "pong", "allowed_mentions": {"parse": []}}});
            self.post(format!("/interactions/{}/{}/callback", command.id, command.token), body).await;
        }
    }

    async fn echo(fake: &FakeDiscord) -> End {
        fake.configure(|settings| settings.patience = Duration::from_secs(120));
        let echo = Echo { client: reqwest::Client::new(), base: fake.api_url(), token: fake.token() };
        let http =
            serenity::all::HttpBuilder::new(fake.token()).proxy(fake.api_url()).ratelimiter_disabled(true).build();
        let intents = serenity::all::GatewayIntents::non_privileged() | serenity::all::GatewayIntents::MESSAGE_CONTENT;
        let mut client = serenity::all::ClientBuilder::new_with_http(http, intents).event_handler(echo).await.unwrap();
        let (http, shards) = (Arc::clone(&client.http), Arc::clone(&client.shard_manager));
        tokio::spawn(async move { client.start().await });
        fake.connected(1).await;
        let id = http.get_current_application_info().await.unwrap().id;
        let question = json!({"type": 3, "name": "question", "description": "What to look for"});
        let command = json!({"name": "source", "description": "Answers", "options": [question]});
        http.set_application_id(id);
        http.create_global_command(&command).await.unwrap();
        fake.quiet(Duration::from_millis(500)).await;
        Box::pin(async move { shards.shutdown_all().await })
    }

    async fn latency(desk: &DeskTimes, load: Load, who: Who) {
        let fake = FakeDiscord::start().await;
        // Three in a channel and sixty in a server: no more than the bot's own limits let through.
        let mut places: Vec<(ChannelId, UserId)> = Vec::new();
        while places.len() < load.events {
            let guild = fake.guild("Newsroom");
            for _ in 0..20 {
                let channel = fake.text_channel(guild, "general");
                for _ in 0..3 {
                    let user = fake.user("someone");
                    fake.join(guild, user, &[]);
                    places.push((channel, user));
                }
            }
        }
        let folder = tempfile::tempdir().unwrap();
        let end = match who {
            Who::Echo => echo(&fake).await,
            Who::Onrecord => bot(&fake, &folder).await,
        };
        if who == Who::Onrecord {
            fake.enforce_limits();
        }
        desk.0.lock().unwrap().clear();
        let mut said = HashMap::new();
        let begun = Instant::now();
        // One channel after the other would be no traffic that Discord's limits allow.
        let stride = 7_919;
        for event in 0..load.events {
            let due = begun + Duration::from_secs_f64(event as f64 / load.rate as f64);
            tokio::time::sleep_until(due.into()).await;
            let (channel, user) = places[event * stride % places.len()];
            let (at, question) = (Instant::now(), QUESTIONS[event % QUESTIONS.len()]);
            let id = match load.kind {
                Kind::Slash => fake.slash(channel, user, "source", &[("question", "sydney")]).to_string(),
                Kind::Messages(one_in) if event % one_in == 0 => fake.say(channel, user, question).to_string(),
                Kind::Messages(_) => {
                    fake.say(channel, user, "what a day it was yesterday");
                    continue;
                }
            };
            said.insert(id, at);
        }
        fake.quiet(Duration::from_secs(3)).await;
        let operation = if matches!(load.kind, Kind::Slash) { "create_interaction_response" } else { "create_message" };
        let mut taken: Vec<f64> = fake
            .requests_to(operation)
            .iter()
            .filter(|request| request.status < 300)
            .filter_map(|request| {
                let asked = match load.kind {
                    Kind::Slash => request.path.split('/').nth(2)?,
                    Kind::Messages(_) => request.body["message_reference"]["message_id"].as_str()?,
                };
                Some(request.at.duration_since(*said.get(asked)?).as_secs_f64() * 1_000.0)
            })
            .collect();
        end.await;
        let mut at_fake: Vec<f64> =
            fake.requests_to(operation).iter().map(|request| request.took.as_secs_f64() * 1_000.0).collect();
        let (fake_median, fake_worst) = percentiles(&mut at_fake);
        let mut at_desk = desk.0.lock().unwrap().clone();
        let (median, worst) = percentiles(&mut taken);
        let (desk_median, desk_worst) = percentiles(&mut at_desk);
        let (name, who) = (load.name, if who == Who::Echo { "echo" } else { "onrecord" });
        print!("{name} | {} | {} | {who} | {} of {}", load.rate, load.events, taken.len(), said.len());
        println!(
            " | {median:.1} | {worst:.1} | {desk_median:.1} | {desk_worst:.1} | {fake_median:.1} | {fake_worst:.1}"
        );
    }

    fn percentiles(values: &mut [f64]) -> (f64, f64) {
        values.sort_by(f64::total_cmp);
        let at = |share: f64| values.get(((values.len() as f64 * share) as usize).min(values.len().saturating_sub(1)));
        (at(0.5).copied().unwrap_or_default(), at(0.99).copied().unwrap_or_default())
    }

    /// The program itself, as it is connected and every guild has come.
    async fn memory(guilds: usize) {
        let fake = FakeDiscord::start().await;
        fake.configure(|settings| settings.patience = Duration::from_secs(120));
        fake.synthetic_guilds(guilds, GuildSize { channels: 30, roles: 10, members: 100 });
        let folder = tempfile::tempdir().unwrap();
        let mut program = Command::new(env!("CARGO_BIN_EXE_onrecord"))
            .current_dir(folder.path())
            .env_clear()
            .env("DISCORD_TOKEN", fake.token())
            .env("DISCORD_API_URL", fake.api_url())
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        fake.connected(1).await;
        fake.quiet(Duration::from_millis(500)).await;
        fake.drained().await;
        let (resident, peak) = (memory_of(program.id(), "VmRSS"), memory_of(program.id(), "VmHWM"));
        let guild = fake.guild("Newsroom");
        let channel = fake.text_channel(guild, "general");
        let people: Vec<_> = (0..1_000).map(|_| fake.user("someone")).collect();
        fake.say_many(channel, (0..5_000).map(|number| (people[number % 1_000], "!source sydney")));
        fake.drained().await;
        fake.quiet(Duration::from_secs(1)).await;
        println!("{guilds} | {resident:.1} | {peak:.1} | {:.1}", memory_of(program.id(), "VmHWM"));
        program.kill().unwrap();
        program.wait().unwrap();
    }

    /// A figure of a process's memory in MB (Linux).
    fn memory_of(process: u32, figure: &str) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with(figure)).unwrap_or_default();
        let kilobytes: f64 = line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or_default();
        kilobytes / 1024.0
    }
}

#[cfg(feature = "discord")]
fn main() {
    discord::main();
}

#[cfg(not(feature = "discord"))]
fn main() {
    println!("The Discord bot is not built in: its feature is off.");
}
