//! A stand-in for Discord that speaks the real protocol over loopback: REST under `/api/v10` and
//! the gateway. A bot is pointed at it and can't tell the difference; a test acts as the people,
//! orders troubles, and looks at what the bot did.
//!
//! Every body the bot sends is held against Discord's own specification and against what that
//! leaves out. A broken rule is a *violation*: [`FakeDiscord::assert_clean`] fails on one, and so
//! does dropping the stand-in before anybody has looked at it.
//!
//! The stand-in knows no bot and no client library.

mod acts;
mod build;
mod checks;
mod command_rules;
mod commands;
mod components;
mod control;
mod error;
mod faults;
mod gateway;
mod ids;
mod interactions;
mod keys;
mod limits;
mod multipart;
mod observe;
mod openapi;
mod payloads;
mod people;
pub(crate) mod permissions;
mod record;
mod rest;
mod routes;
mod rules;
mod server;
mod sessions;
mod slash;
mod state;
mod transcript;
mod view;
mod world;

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub(crate) use build::GuildSize;
pub(crate) use error::ApiError;
pub(crate) use faults::{Fault, Trouble};
pub(crate) use ids::{ChannelId, GuildId, InteractionId, MessageId, RoleId, UserId};
pub(crate) use limits::Allowance;
pub(crate) use permissions::Whom;
pub(crate) use record::RequestRecord;
pub(crate) use sessions::intents;
pub(crate) use slash::Choice;
pub(crate) use state::Settings;
pub(crate) use view::{Button, Message};

use state::{Shared, State};

/// The stand-in. It serves until it is dropped.
#[derive(Debug)]
pub(crate) struct FakeDiscord {
    shared: Arc<Shared>,
    address: SocketAddr,
    server: JoinHandle<()>,
}

impl FakeDiscord {
    /// Starts a stand-in on a free port of the loopback interface.
    pub(crate) async fn start() -> Self {
        Self::with(Settings::default()).await
    }

    /// Starts a stand-in that behaves as told.
    ///
    /// # Panics
    /// If no port can be had.
    pub(crate) async fn with(settings: Settings) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.unwrap_or_else(|error| panic!("no loopback port: {error}"));
        let address = listener.local_addr();
        let address = address.unwrap_or_else(|error| panic!("no loopback address: {error}"));
        let shared = Shared::new(State::new(settings, format!("ws://{address}")));
        let server = server::spawn(listener, Arc::clone(&shared));
        Self { shared, address, server }
    }

    /// The address for the bot's REST requests, which come to `/api/v10/...` under it.
    pub(crate) fn api_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The token that the stand-in accepts.
    pub(crate) fn token(&self) -> String {
        self.shared.look().settings.token.clone()
    }

    /// Changes how the stand-in behaves from now on.
    pub(crate) fn configure(&self, change: impl FnOnce(&mut Settings)) {
        self.shared.change(|state| change(&mut state.settings));
    }

    /// Takes the violations so far; from then on they count as seen.
    pub(crate) fn violations(&self) -> Vec<String> {
        self.shared.change(|state| std::mem::take(&mut state.log.violations))
    }

    /// Fails the test if the bot has broken a rule of Discord's or a promise of its own.
    ///
    /// # Panics
    /// If it has; every violation is listed.
    pub(crate) fn assert_clean(&self) {
        let violations = self.violations();
        assert!(violations.is_empty(), "violations:\n  {}", violations.join("\n  "));
    }
}

impl Drop for FakeDiscord {
    /// Stops serving, and fails the test if there are violations that nobody has looked at.
    fn drop(&mut self) {
        self.server.abort();
        self.drop_gateway();
        let violations = self.violations();
        if !violations.is_empty() && !std::thread::panicking() {
            panic!("violations nobody looked at:\n  {}", violations.join("\n  "));
        }
    }
}
