//! Requests to Discord: within its limits, again where that may help, and never without end.

use std::time::Duration;

use reqwest::{Client, Method, StatusCode, header};
use serde_json::Value;
use tokio::time::Instant;

use super::limiter::{LimitScope, Limiter, LineIsFull};
use crate::config::{DiscordConfig, Secret};

/// How long one request may take.
const TIMEOUT: Duration = Duration::from_secs(15);

/// The longest that a request is waited for when Discord asks to wait.
const MAX_RATE_LIMIT_WAIT: Duration = Duration::from_secs(60);

/// How many times a request is made in all when Discord stumbles.
const ATTEMPTS: u32 = 4;

const DISCORD: &str = "https://discord.com";

/// The way to Discord's REST API.
#[derive(Debug)]
pub(super) struct Rest {
    client: Client,
    base: String,
    token: Secret,
    limiter: Limiter,
}

/// Why a request came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum RestError {
    /// Discord refused it.
    #[error("refused: status {status}, code {code}: {message}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// Discord's own code; 0 where there is none.
        code: u64,
        /// What Discord says.
        message: String,
    },
    /// Discord can't be reached, or failed again and again.
    #[error("no answer: {0}")]
    Unreachable(String),
    /// Too many requests wait for the same limit already.
    #[error("too many answers wait for the same channel already")]
    Crowded,
    /// Too many requests were refused lately; none is made for a while.
    #[error("too many requests were refused in the last 10 minutes; none is made until they have passed")]
    Closed,
}

impl RestError {
    /// Whether it was one request too many, of which nothing was done.
    const fn is_limit(&self) -> bool {
        matches!(self, Self::Refused { status: 429, .. })
    }

    /// Discord's code of a refusal.
    pub(super) const fn code(&self) -> Option<u64> {
        match self {
            Self::Refused { code, .. } => Some(*code),
            Self::Unreachable(_) | Self::Crowded | Self::Closed => None,
        }
    }
}

/// What became of one attempt.
enum Attempt {
    Done(Result<Value, RestError>),
    Again { after: Duration, error: RestError },
}

impl Rest {
    /// # Errors
    /// When the client can't be made, for want of TLS.
    pub(super) fn new(config: &DiscordConfig) -> Result<Self, RestError> {
        let client = Client::builder()
            .user_agent(concat!("DiscordBot (onrecord, ", env!("CARGO_PKG_VERSION"), ")"))
            .timeout(TIMEOUT)
            .build()
            .map_err(|error| RestError::Unreachable(error.to_string()))?;
        let host = config.api_url.as_deref().unwrap_or(DISCORD);
        Ok(Self { client, base: format!("{host}/api/v10"), token: config.token.clone(), limiter: Limiter::default() })
    }

    pub(super) async fn get(&self, path: &str) -> Result<Value, RestError> {
        self.send(Method::GET, path, None).await
    }

    pub(super) async fn post(&self, path: &str, body: &Value) -> Result<Value, RestError> {
        self.send(Method::POST, path, Some(body)).await
    }

    /// Posts what would stand there twice if it were posted again: it isn't, but where Discord took nothing for its
    /// limits.
    pub(super) async fn post_once(&self, path: &str, body: &Value) -> Result<Value, RestError> {
        self.send_up_to(1, Method::POST, path, Some(body)).await
    }

    pub(super) async fn put(&self, path: &str, body: &Value) -> Result<Value, RestError> {
        self.send(Method::PUT, path, Some(body)).await
    }

    pub(super) async fn patch(&self, path: &str, body: &Value) -> Result<Value, RestError> {
        self.send(Method::PATCH, path, Some(body)).await
    }

    pub(super) async fn delete(&self, path: &str) -> Result<Value, RestError> {
        self.send(Method::DELETE, path, None).await
    }

    /// Makes a request, and again after a 429, a 5xx or a broken connection. `POST` of a message
    /// carries a nonce, so that it is posted once.
    async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Value, RestError> {
        self.send_up_to(ATTEMPTS, method, path, body).await
    }

    /// As [`Rest::send`], so many times where Discord stumbles.
    async fn send_up_to(
        &self,
        attempts: u32,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, RestError> {
        let route = route(&method, path);
        let begun = Instant::now();
        let mut failures = 0;
        loop {
            if self.limiter.is_closed() {
                return Err(RestError::Closed);
            }
            let on_its_way = match &route {
                Some(route) => {
                    let is_of_interaction = path.starts_with("/webhooks/");
                    let scope = if is_of_interaction { LimitScope::Route } else { LimitScope::Everywhere };
                    Some(self.limiter.admit(route, scope).await.map_err(|LineIsFull| RestError::Crowded)?)
                }
                None => None,
            };
            let attempt = self.attempt(method.clone(), path, body, route.as_deref(), failures).await;
            drop(on_its_way);
            match attempt {
                Attempt::Done(result) => return result,
                Attempt::Again { after, error } => {
                    failures += 1;
                    let most = if error.is_limit() { ATTEMPTS } else { attempts };
                    if failures >= most || begun.elapsed() + after > MAX_RATE_LIMIT_WAIT {
                        return Err(error);
                    }
                    tracing::debug!(discord.route = route.as_deref().unwrap_or("callback"), %error, "a request is made again");
                    tokio::time::sleep(after).await;
                }
            }
        }
    }

    async fn attempt(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        route: Option<&str>,
        failures: u32,
    ) -> Attempt {
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        if let Ok(mut value) = header::HeaderValue::from_str(&format!("Bot {}", self.token.reveal())) {
            value.set_sensitive(true);
            request = request.header(header::AUTHORIZATION, value);
        }
        if let Some(body) = body {
            request = request.header(header::CONTENT_TYPE, "application/json").body(body.to_string());
        }
        let backoff = Duration::from_millis(200) * 2_u32.pow(failures.min(5));
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) => {
                if let Some(route) = route {
                    self.limiter.learn(route, None);
                }
                // The address may carry an interaction's token.
                return Attempt::Again {
                    after: backoff,
                    error: RestError::Unreachable(error.without_url().to_string()),
                };
            }
        };
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.unwrap_or_default();
        let value: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
        if let Some(route) = route {
            self.limiter.learn(route, Some(&headers));
        }
        if status.is_success() {
            return Attempt::Done(Ok(value));
        }
        if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS) {
            self.limiter.refused();
        }
        let error = RestError::Refused {
            status: status.as_u16(),
            code: value["code"].as_u64().unwrap_or_default(),
            message: value["message"].as_str().unwrap_or_default().chars().take(200).collect(),
        };
        if status == StatusCode::TOO_MANY_REQUESTS {
            let seconds =
                value["retry_after"].as_f64().or_else(|| headers.get("retry-after")?.to_str().ok()?.parse().ok());
            let wait = Duration::try_from_secs_f64(seconds.unwrap_or(1.0)).unwrap_or(MAX_RATE_LIMIT_WAIT);
            let is_global = value["global"].as_bool().unwrap_or(false);
            let scope = if is_global { LimitScope::Everywhere } else { LimitScope::Route };
            self.limiter.pause(route.unwrap_or("callback"), scope, wait);
            return Attempt::Again { after: wait, error };
        }
        if status.is_server_error() {
            return Attempt::Again { after: backoff, error };
        }
        Attempt::Done(Err(error))
    }
}

/// The route that a limit counts: the method and the path, with its first id only. Callbacks of
/// interactions have no limit.
fn route(method: &Method, path: &str) -> Option<String> {
    if path.starts_with("/interactions/") {
        return None;
    }
    let mut out = method.to_string();
    for (index, part) in path.split('/').enumerate() {
        out.push('/');
        let is_id = part.len() >= 15 && part.bytes().all(|byte| byte.is_ascii_digit());
        out.push_str(if is_id && index > 2 { "id" } else { part });
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_is_counted_by_channel() {
        let of = |path| route(&Method::PATCH, path);
        let one = "/channels/100000000000000001/messages/100000000000000002";
        assert_eq!(of(one).unwrap(), "PATCH//channels/100000000000000001/messages/id");
        assert_eq!(of("/interactions/1/token/callback"), None);
    }
}
