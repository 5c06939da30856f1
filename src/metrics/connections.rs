//! Which chats are connected, and since when.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use jiff::Timestamp;
use prometheus_client::{
    metrics::{counter::Counter, gauge::Gauge},
    registry::Registry,
};

use super::{ByPlatform, by};
use crate::model::Platform;

/// How a chat is connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Connection {
    /// How many of its connections stand.
    pub up: usize,
    /// How many there are to be; 0 until that is known.
    pub of: usize,
    /// Since when all of them have stood; `None` while one doesn't.
    pub since: Option<Timestamp>,
    /// When any of them was last known to stand.
    pub last_contact: Option<Timestamp>,
}

impl Connection {
    /// Whether all of its connections stand.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.since.is_some()
    }
}

#[derive(Debug)]
pub(super) struct Connections {
    chats: Mutex<BTreeMap<Platform, Connection>>,
    connected: ByPlatform<Gauge>,
    up: ByPlatform<Gauge>,
    wanted: ByPlatform<Gauge>,
    last_contact: ByPlatform<Gauge>,
    made: ByPlatform<Counter>,
}

impl Connections {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let connections = Self {
            chats: Mutex::default(),
            connected: ByPlatform::default(),
            up: ByPlatform::default(),
            wanted: ByPlatform::default(),
            last_contact: ByPlatform::default(),
            made: ByPlatform::default(),
        };
        registry.register(
            "chat_connected",
            "Whether a configured chat is connected with all of its connections: 1 or 0",
            connections.connected.clone(),
        );
        registry.register(
            "chat_connections",
            "Connections of a chat that stand: shards of Discord's gateway, the sync of Matrix",
            connections.up.clone(),
        );
        registry.register(
            "chat_connections_wanted",
            "Connections that a chat is to have; 0 until that is known",
            connections.wanted.clone(),
        );
        registry.register(
            "chat_last_contact_timestamp_seconds",
            "When a connection of a chat was last known to stand, in seconds since 1970",
            connections.last_contact.clone(),
        );
        registry.register(
            "chat_connects",
            "How often a chat came to be connected with all of its connections",
            connections.made.clone(),
        );
        connections
    }

    pub(super) fn expect(&self, platform: Platform) {
        self.chats.lock().unwrap_or_else(PoisonError::into_inner).entry(platform).or_default();
        for gauge in [&self.connected, &self.up, &self.wanted, &self.last_contact] {
            let _ = gauge.get_or_create(&by(platform));
        }
        let _ = self.made.get_or_create(&by(platform));
    }

    pub(super) fn set(&self, platform: Platform, up: usize, of: usize, now: Timestamp) {
        let mut chats = self.chats.lock().unwrap_or_else(PoisonError::into_inner);
        let chat = chats.entry(platform).or_default();
        (chat.up, chat.of) = (up, of);
        if up > 0 {
            chat.last_contact = Some(now);
            self.last_contact.get_or_create(&by(platform)).set(now.as_second());
        }
        let whole = up > 0 && up >= of;
        match (whole, chat.since) {
            (true, None) => {
                chat.since = Some(now);
                self.made.get_or_create(&by(platform)).inc();
            }
            (false, _) => chat.since = None,
            (true, Some(_)) => {}
        }
        self.connected.get_or_create(&by(platform)).set(i64::from(whole));
        self.up.get_or_create(&by(platform)).set(i64::try_from(up).unwrap_or(i64::MAX));
        self.wanted.get_or_create(&by(platform)).set(i64::try_from(of).unwrap_or(i64::MAX));
    }

    pub(super) fn all(&self) -> Vec<(Platform, Connection)> {
        let chats = self.chats.lock().unwrap_or_else(PoisonError::into_inner);
        chats.iter().map(|(platform, chat)| (*platform, *chat)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chat_is_connected_when_all_of_its_connections_stand() {
        let connections = Connections::register(&mut Registry::default());
        let at = |second: i64| Timestamp::from_second(second).unwrap();
        let chat = || connections.all()[0].1;
        connections.expect(Platform::Discord);
        assert!(!chat().is_whole());
        for (up, second, since) in [(1, 10, None), (2, 20, Some(20)), (2, 30, Some(20)), (1, 40, None), (0, 50, None)] {
            connections.set(Platform::Discord, up, 2, at(second));
            assert_eq!(chat().since, since.map(at), "{second}");
        }
        assert_eq!(chat().last_contact, Some(at(40)));
        connections.set(Platform::Discord, 2, 2, at(60));
        assert_eq!(connections.made.get_or_create(&by(Platform::Discord)).get(), 2);
    }
}
