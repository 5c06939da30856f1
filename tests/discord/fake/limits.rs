//! Rate limits: buckets per route and major parameter, the global limit, and the headers that
//! tell a client how it stands.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::ids::now_ms;
use super::openapi::Parameters;

/// So many requests in so much time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Allowance {
    /// How many requests.
    pub(crate) requests: u32,
    /// In how much time.
    pub(crate) per: Duration,
}

impl Allowance {
    /// So many requests in so much time.
    pub(crate) const fn new(requests: u32, per: Duration) -> Self {
        Self { requests, per }
    }
}

/// More than any test sends; the default as long as limits are not enforced.
const GENEROUS: Allowance = Allowance::new(100_000, Duration::from_secs(1));
/// Discord's documented global limit for a bot.
const GLOBAL: Allowance = Allowance::new(50, Duration::from_secs(1));

/// Limits as they have been observed; Discord documents only that the headers tell them.
fn observed(operation: &str) -> Allowance {
    let (requests, millis) = match operation {
        "create_message" | "update_message" | "execute_webhook" => (5, 5_000),
        "delete_message" => (5, 1_000),
        "add_my_message_reaction" | "delete_my_message_reaction" => (1, 250),
        "trigger_typing_indicator" => (5, 5_000),
        _ => (30, 1_000),
    };
    Allowance::new(requests, Duration::from_millis(millis))
}

#[derive(Debug)]
struct Window {
    began: Instant,
    used: u32,
}

/// What a request's answer says of its bucket.
#[derive(Debug)]
pub(super) struct Standing {
    pub(super) headers: Vec<(&'static str, String)>,
    /// Set if the request is one too many: how long to wait, and whether globally.
    pub(super) refused: Option<(Duration, bool)>,
}

/// All buckets.
#[derive(Debug, Default)]
pub(super) struct Limits {
    pub(super) enforced: bool,
    pub(super) overridden: HashMap<String, Allowance>,
    windows: HashMap<(String, String), Window>,
    global: Option<Window>,
}

impl Limits {
    /// Counts a request.
    pub(super) fn count(&mut self, operation: &str, parameters: &Parameters) -> Standing {
        let now = Instant::now();
        let overridden = self.overridden.get(operation).copied();
        let allowance = overridden.unwrap_or_else(|| if self.enforced { observed(operation) } else { GENEROUS });
        let interaction = parameters.contains_key("interaction_token") || parameters.contains_key("webhook_token");
        if self.enforced && !interaction {
            let window = self.global.get_or_insert(Window { began: now, used: 0 });
            if let Some(wait) = window.take(GLOBAL, now) {
                return refuse(wait, true, Vec::new());
            }
        }
        let key = (operation.to_owned(), major(parameters));
        let window = self.windows.entry(key).or_insert(Window { began: now, used: 0 });
        let refused = window.take(allowance, now);
        let left = (window.began + allowance.per).saturating_duration_since(now);
        let headers = headers(operation, allowance, window.used, left);
        match refused {
            None => Standing { headers, refused: None },
            Some(wait) => refuse(wait, false, headers),
        }
    }
}

impl Window {
    /// Takes one request from the window; gives the time to wait if there is none left.
    fn take(&mut self, allowance: Allowance, now: Instant) -> Option<Duration> {
        if now >= self.began + allowance.per {
            *self = Self { began: now, used: 0 };
        }
        if self.used >= allowance.requests {
            return Some(self.began + allowance.per - now);
        }
        self.used += 1;
        None
    }
}

/// The headers of a 429 that a test ordered.
pub(super) fn ordered(operation: &str, wait: Duration, global: bool) -> Standing {
    let headers = if global {
        Vec::new()
    } else {
        let allowance = observed(operation);
        headers(operation, allowance, allowance.requests, wait)
    };
    refuse(wait, global, headers)
}

fn refuse(wait: Duration, global: bool, mut headers: Vec<(&'static str, String)>) -> Standing {
    // The header is in whole seconds, rounded up; the body and Reset-After are exact.
    headers.push(("retry-after", wait.as_secs_f64().ceil().to_string()));
    headers.push(("x-ratelimit-scope", if global { "global" } else { "user" }.to_owned()));
    if global {
        headers.push(("x-ratelimit-global", "true".to_owned()));
    }
    Standing { headers, refused: Some((wait, global)) }
}

fn headers(operation: &str, allowance: Allowance, used: u32, left: Duration) -> Vec<(&'static str, String)> {
    let reset = now_ms() as f64 / 1000.0 + left.as_secs_f64();
    vec![
        ("x-ratelimit-limit", allowance.requests.to_string()),
        ("x-ratelimit-remaining", allowance.requests.saturating_sub(used).to_string()),
        ("x-ratelimit-reset", format!("{reset:.3}")),
        ("x-ratelimit-reset-after", format!("{:.3}", left.as_secs_f64())),
        ("x-ratelimit-bucket", format!("bucket-{operation}")),
    ]
}

/// What tells buckets of one route apart: the channel, guild or webhook.
fn major(parameters: &Parameters) -> String {
    let names = ["channel_id", "guild_id", "webhook_token", "interaction_token"];
    names.iter().find_map(|name| parameters.get(*name)).cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_runs_out_and_names_the_time_to_wait() {
        let mut limits = Limits::default();
        let allowance = Allowance::new(2, Duration::from_secs(5));
        limits.overridden.insert("create_message".to_owned(), allowance);
        let parameters = Parameters::from([("channel_id".to_owned(), "1".to_owned())]);
        assert!(limits.count("create_message", &parameters).refused.is_none());
        let last = limits.count("create_message", &parameters);
        assert!(last.headers.contains(&("x-ratelimit-remaining", "0".to_owned())));
        let (wait, global) = limits.count("create_message", &parameters).refused.expect("used up");
        assert!(wait > Duration::from_secs(4) && !global);
        let other = Parameters::from([("channel_id".to_owned(), "2".to_owned())]);
        assert!(limits.count("create_message", &other).refused.is_none());
    }
}
