//! The bot as a library, on records of its own, signed in to the homeserver.

use std::time::Duration;

use onrecord::{
    chat::matrix::{self, MatrixError},
    config::{Invites, MatrixConfig, Secret},
    desk::worker_pool::DeskHandle,
};
use serde_json::{Value, json};
use tokio::{sync::oneshot, task::JoinHandle};

use crate::{
    homeserver::{Harness, TIMEOUT},
    people::{PASSWORD, Person, register, unique},
    records::Records,
};

/// The name of the homeserver that most tests share.
pub(crate) const MAIN: &str = "main";

/// A running bot.
pub(crate) struct Bot {
    pub(crate) front: DeskHandle,
    stop: Option<oneshot::Sender<()>>,
    running: JoinHandle<Result<(), MatrixError>>,
}

impl Bot {
    /// Starts the bot and waits for nothing: what people do reaches it once it is connected.
    pub(crate) fn start(records: &Records, config: MatrixConfig) -> Self {
        let (stop, stopped) = oneshot::channel();
        let front = records.front();
        let own = front.clone();
        let running = tokio::spawn(async move {
            let ended = matrix::run(config, own, async move {
                let _ = stopped.await;
            });
            let ended = ended.await;
            if let Err(error) = &ended {
                eprintln!("the bot stopped: {error}");
            }
            ended
        });
        Self { front, stop: Some(stop), running }
    }

    /// Stops the bot as Ctrl-C does.
    pub(crate) async fn stop(mut self) {
        drop(self.stop.take());
        self.ended().await.unwrap();
    }

    pub(crate) async fn ended(self) -> Result<(), MatrixError> {
        tokio::time::timeout(TIMEOUT, self.running).await.unwrap().unwrap()
    }
}

/// The configuration of a bot with an account of its own.
pub(crate) async fn config(server: &str, address: &str, records: &Records) -> MatrixConfig {
    let user = register(server, &unique("onrecord")).await;
    MatrixConfig {
        homeserver: address.to_owned(),
        user,
        password: Some(Secret::new(PASSWORD)),
        access_token: None,
        recovery_key: None,
        store: records.path().join("matrix"),
        passphrase: None,
        prefix: Some("!".to_owned()),
        invites: Invites::Everyone,
        operators: Vec::new(),
        reaction: Some("🔎".to_owned()),
        max_age: Duration::from_secs(600),
        rounds: Duration::from_millis(200),
    }
}

/// A room with a member, and the bot in it.
pub(crate) struct Scene {
    pub(crate) server: String,
    pub(crate) records: Records,
    pub(crate) config: MatrixConfig,
    pub(crate) bot: Bot,
    pub(crate) alice: Person,
    pub(crate) room: String,
}

impl Scene {
    /// A scene on the homeserver that most tests share, in a room that is encrypted or not.
    pub(crate) async fn new(encrypted: bool) -> Self {
        Self::with(MAIN, json!({}), encrypted, |_| {}).await
    }

    pub(crate) async fn with(
        server: &str,
        limits: Value,
        encrypted: bool,
        change: impl FnOnce(&mut MatrixConfig),
    ) -> Self {
        let address = Harness::get().server(server, limits).await;
        let records = Records::new();
        let mut config = config(server, &address, &records).await;
        change(&mut config);
        let bot = Bot::start(&records, config.clone());
        let alice = Person::new(server, "alice").await;
        let room = alice.room("Newsroom", encrypted, &[&config.user]).await;
        alice.sees(&config.user, "join", &room).await;
        Self { server: server.to_owned(), records, config, bot, alice, room }
    }

    /// Someone else, in the room.
    pub(crate) async fn guest(&self, name: &str) -> Person {
        let person = Person::new(&self.server, name).await;
        self.alice.call("POST", &format!("rooms/{}/invite", self.room), json!({"user_id": person.user})).await;
        person.join(&self.room).await;
        self.alice.sees(&person.user, "join", &self.room).await;
        person
    }

    /// Asks something that is always answered, and makes sure that it is.
    pub(crate) async fn still_answers(&self) {
        let bob = self.guest("bob").await;
        let asked = bob.say(&self.room, "!version").await;
        let answer = bob.answer_to(&asked).await;
        assert!(answer.body().contains("Onrecord 0"), "{}", answer.body());
    }
}
