//! The numbers Discord names things by, one type for each kind of thing, and the clock that
//! makes them. It knows nothing of what the numbers stand for.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

/// 2015-01-01T00:00:00Z, the first millisecond a snowflake can hold.
const DISCORD_EPOCH_MS: u64 = 1_420_070_400_000;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(crate) struct $name(pub(crate) u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }

        impl From<u64> for $name {
            fn from(id: u64) -> Self {
                Self(id)
            }
        }

        impl From<$name> for u64 {
            fn from(id: $name) -> u64 {
                id.0
            }
        }
    )+};
}

ids! {
    /// A person, a bot or a webhook's author.
    UserId;
    /// A server, which Discord's API calls a guild.
    GuildId;
    /// A role of a guild. A guild's `@everyone` role has the guild's own number.
    RoleId;
    /// A text channel, forum, thread, forum post or direct-message channel.
    ChannelId;
    /// A message, private answers included.
    MessageId;
    /// One use of a command, button, menu or modal.
    InteractionId;
    /// A registered application command.
    CommandId;
}

/// Makes snowflakes that rise strictly and carry the time at which they were made.
#[derive(Debug, Default)]
pub(super) struct Snowflakes {
    millis: u64,
    increment: u64,
}

impl Snowflakes {
    /// The next number for anything but a guild.
    pub(super) fn next(&mut self) -> u64 {
        let now = now_ms() - DISCORD_EPOCH_MS;
        if now > self.millis {
            self.millis = now;
            self.increment = 0;
        } else {
            self.increment += 1;
            if self.increment == 1 << 12 {
                self.millis += 1;
                self.increment = 0;
            }
        }
        (self.millis << 22) | self.increment
    }

    /// The next number for a guild. A guild's shard is `(id >> 22) % shards`, so each guild
    /// takes a millisecond of its own and neighbours fall on different shards.
    pub(super) fn next_guild(&mut self) -> u64 {
        self.millis = (self.millis + 1).max(now_ms() - DISCORD_EPOCH_MS);
        self.increment = 0;
        self.millis << 22
    }
}

/// The current time in milliseconds since 1970.
pub(super) fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_millis() as u64)
}

/// A time in Discord's own notation, `2026-01-31T12:00:00.123000+00:00`.
pub(super) fn timestamp(millis: u64) -> String {
    let (seconds, millis) = (millis / 1000, millis % 1000);
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day) = civil_date(days as i64);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}000+00:00")
}

/// The Gregorian date that many days after 1970-01-01.
fn civil_date(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_shifted + 2) / 5 + 1;
    let month = if month_shifted < 10 { month_shifted + 3 } else { month_shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_reads_as_discord_writes_it() {
        assert_eq!(timestamp(1_798_675_199_999), "2026-12-30T23:59:59.999000+00:00");
        assert_eq!(timestamp(1_709_164_800_000), "2024-02-29T00:00:00.000000+00:00");
    }

    #[test]
    fn snowflakes_rise_and_neighbouring_guilds_differ_in_shard() {
        let mut flakes = Snowflakes::default();
        let many: Vec<_> = (0..10_000).map(|_| flakes.next()).collect();
        assert!(many.windows(2).all(|pair| pair[0] < pair[1]));
        let (first, second) = (flakes.next_guild(), flakes.next_guild());
        assert_eq!((first >> 22) + 1, second >> 22);
    }
}
