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
        config::{DataConfig, DiscordConfig, Secret},
        desk::front::Front,
    };
    use tracing::field::{Field, Visit};
    use tracing_subscriber::{Layer, layer::SubscriberExt, util::SubscriberInitExt};

    use crate::fake::{ChannelId, FakeDiscord, GuildSize, UserId};

    /// As many as the desk answers in 10 seconds in a community, and in a channel.
    const IN_COMMUNITY: usize = 60;
    const IN_CHANNEL: usize = 20;

    const QUESTIONS: [&str; 4] = ["!source sydney", "!source by:\"laura harth\"", "!about dublin", "!source 马德里"];

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
            println!("events a second | events | median ms | p99 ms | desk median ms | desk p99 ms | answered");
            for (rate, events) in [(1, 10), (100, 1_000), (1_000, 5_000)] {
                latency(&desk, rate, events).await;
            }
            println!("guilds (30 channels, 10 roles, 100 members each) | resident MB | peak MB");
            for guilds in [1, 1_000, 10_000] {
                memory(guilds).await;
            }
        });
    }

    async fn bot(fake: &FakeDiscord, folder: &tempfile::TempDir) {
        let config = DataConfig {
            database: folder.path().join("onrecord.db"),
            index: folder.path().join("onrecord.db.index"),
            shipped_data: true,
        };
        let (front, _) = Front::open(App::open(&config).unwrap().desk).unwrap();
        let config = DiscordConfig {
            token: Secret::new(fake.token()),
            api_url: Some(fake.api_url()),
            prefix: Some("!".to_owned()),
            shards: None,
        };
        tokio::spawn(discord::run(config, front, std::future::pending()));
        fake.configure(|settings| settings.patience = Duration::from_secs(120));
        fake.connected(1).await;
        fake.quiet(Duration::from_millis(500)).await;
    }

    async fn latency(desk: &DeskTimes, rate: usize, events: usize) {
        let fake = FakeDiscord::start().await;
        let mut places: Vec<(ChannelId, UserId)> = Vec::new();
        while places.len() < events {
            let guild = fake.guild("Newsroom");
            for _ in 0..IN_COMMUNITY / IN_CHANNEL {
                let channel = fake.text_channel(guild, "general");
                places.extend((0..IN_CHANNEL).map(|_| (channel, fake.user("someone"))));
            }
        }
        // One channel after the other would be no traffic that Discord's limits allow.
        let stride = 7_919;
        let folder = tempfile::tempdir().unwrap();
        bot(&fake, &folder).await;
        desk.0.lock().unwrap().clear();
        let mut said = HashMap::new();
        let begun = Instant::now();
        for event in 0..events {
            let due = begun + Duration::from_secs_f64(event as f64 / rate as f64);
            tokio::time::sleep_until(due.into()).await;
            let (channel, user) = places[event * stride % places.len()];
            let at = Instant::now();
            let id = fake.say(channel, user, QUESTIONS[event % QUESTIONS.len()]);
            said.insert(id.to_string(), at);
        }
        fake.quiet(Duration::from_secs(1)).await;
        let mut taken: Vec<f64> = fake
            .requests_to("create_message")
            .iter()
            .filter_map(|request| {
                let asked = said.get(request.body["message_reference"]["message_id"].as_str()?)?;
                Some(request.at.duration_since(*asked).as_secs_f64() * 1_000.0)
            })
            .collect();
        let mut at_desk = desk.0.lock().unwrap().clone();
        let (median, worst) = percentiles(&mut taken);
        let (desk_median, desk_worst) = percentiles(&mut at_desk);
        println!("{rate} | {events} | {median:.1} | {worst:.1} | {desk_median:.1} | {desk_worst:.1} | {}", taken.len());
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
        println!("{guilds} | {:.1} | {:.1}", memory_of(program.id(), "VmRSS"), memory_of(program.id(), "VmHWM"));
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
