//! The Wayback Machine of the Internet Archive: whether it has a copy of a page, and having it make one. Its two interfaces
//! are public: availability for everyone, Save Page Now for accounts.

use std::{error::Error, time::Duration};

use reqwest::{Client, RequestBuilder, StatusCode, header};
use serde::{Deserialize, de::DeserializeOwned};
use tokio::time::{Instant, sleep, timeout};
use url::Url;

use super::LinksError;
use crate::{
    config::{ArchiveKeys, FetchConfig},
    fetch::{bottom, client},
    model::{Date, WebAddress, same_page},
};

/// How long an answer may take, and how long it may be, in bytes.
const PATIENCE: Duration = Duration::from_secs(30);
const LONGEST: usize = 256 * 1024;

/// Where copies are read, whatever is asked about them.
const COPIES: &str = "https://web.archive.org/web";

/// Where the archive is asked, and how often.
#[derive(Debug, Clone)]
pub struct ArchiveService {
    /// Where it says what copies it has.
    pub available: Url,
    /// Where it is told to make one.
    pub save: Url,
    /// How long after one request the next one comes.
    pub pace: Duration,
    /// How long it may take to make a copy.
    pub time_to_save: Duration,
}

impl ArchiveService {
    /// The Internet Archive's.
    ///
    /// # Errors
    /// Never, as its addresses are fixed.
    pub fn public() -> Result<Self, LinksError> {
        let url = |text: &str| Url::parse(text).map_err(|error| LinksError::Ended(error.to_string()));
        Ok(Self {
            available: url("https://archive.org/wayback/available")?,
            save: url("https://web.archive.org/save")?,
            pace: Duration::from_secs(4),
            time_to_save: Duration::from_mins(3),
        })
    }
}

/// Why the archive didn't give a copy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveError {
    /// It can't be reached.
    #[error("the Internet Archive can't be asked: {reason}")]
    Unreachable {
        /// What happened.
        reason: String,
    },
    /// It answers with an error.
    #[error("the Internet Archive answers with the status {status}")]
    Status {
        /// The status.
        status: u16,
    },
    /// It wants to be asked less often.
    #[error("the Internet Archive wants to be asked less often; try again later")]
    TooOften,
    /// The keys are none.
    #[error("the Internet Archive doesn't take the keys of ONRECORD_ARCHIVE_KEY and ONRECORD_ARCHIVE_SECRET")]
    Keys,
    /// It answers something else than it should.
    #[error("the Internet Archive answers with something that can't be read")]
    Unreadable,
    /// It can't make a copy of the page.
    #[error("the Internet Archive made no copy: {reason}")]
    NotSaved {
        /// Why, in its words.
        reason: String,
    },
    /// It takes too long to make one.
    #[error("the Internet Archive was not done within {} seconds; it may have a copy later", .limit.as_secs())]
    Slow {
        /// The limit.
        limit: Duration,
    },
}

impl ArchiveError {
    /// Whether asking for another page makes no sense.
    #[must_use]
    pub const fn is_of_the_archive(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Status { .. } | Self::TooOften | Self::Keys | Self::Unreadable => true,
            Self::NotSaved { .. } | Self::Slow { .. } => false,
        }
    }
}

/// The archive.
#[derive(Debug)]
pub struct Wayback {
    client: Client,
    service: ArchiveService,
    keys: Option<ArchiveKeys>,
    next: tokio::sync::Mutex<Option<Instant>>,
}

#[derive(Deserialize)]
struct Availability {
    archived_snapshots: Snapshots,
}

#[derive(Deserialize)]
struct Snapshots {
    closest: Option<Closest>,
}

#[derive(Deserialize)]
struct Closest {
    available: bool,
    url: String,
    timestamp: String,
    #[serde(default)]
    status: Option<String>,
}

/// What Save Page Now says of a job.
#[derive(Deserialize)]
struct Job {
    job_id: Option<String>,
    status: Option<String>,
    timestamp: Option<String>,
    message: Option<String>,
}

impl Wayback {
    /// The archive as it is configured.
    ///
    /// # Errors
    /// When nothing is fetched here.
    pub fn new(fetch: &FetchConfig, keys: Option<&ArchiveKeys>, service: ArchiveService) -> Result<Self, LinksError> {
        Ok(Self { client: client(fetch)?, service, keys: keys.cloned(), next: tokio::sync::Mutex::default() })
    }

    /// Whether it can be told to make copies.
    #[must_use]
    pub const fn saves(&self) -> bool {
        self.keys.is_some()
    }

    /// The copy of a page that is nearest to a day, or the newest; `None`: it has none that shows the page.
    ///
    /// # Errors
    /// When it can't be asked.
    pub async fn find(&self, page: &WebAddress, near: Option<Date>) -> Result<Option<WebAddress>, ArchiveError> {
        let mut url = self.service.available.clone();
        url.query_pairs_mut().append_pair("url", page.as_str());
        if let Some(near) = near {
            url.query_pairs_mut().append_pair("timestamp", &near.first_day().strftime("%Y%m%d").to_string());
        }
        let found: Availability = self.ask(self.client.get(url)).await?;
        let closest = found
            .archived_snapshots
            .closest
            .filter(|closest| closest.available && closest.status.as_deref().is_none_or(|status| status == "200"));
        Ok(closest.filter(|closest| is_of(&closest.url, page)).and_then(|closest| copy(page, &closest.timestamp)))
    }

    /// Has it make a copy of a page now; `None` where there are no keys.
    ///
    /// # Errors
    /// When it can't be asked, or makes none.
    pub async fn save(&self, page: &WebAddress) -> Result<Option<WebAddress>, ArchiveError> {
        if self.keys.is_none() {
            return Ok(None);
        }
        let form = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("url", page.as_str())
            .append_pair("skip_first_archive", "1")
            .finish();
        let request = self.client.post(self.service.save.clone());
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(form);
        let begun = Instant::now();
        let mut job: Job = self.ask(request).await?;
        let Some(id) = job.job_id.take().filter(|id| is_id(id)) else { return Err(refused(job)) };
        let mut status = self.service.save.clone();
        status.set_path(&format!("{}/status/{id}", self.service.save.path().trim_end_matches('/')));
        loop {
            let job: Job = self.ask(self.client.get(status.clone())).await?;
            match job.status.as_deref() {
                Some("pending") if begun.elapsed() < self.service.time_to_save => {}
                Some("pending") => return Err(ArchiveError::Slow { limit: self.service.time_to_save }),
                Some("success") => {
                    let copy = job.timestamp.as_deref().and_then(|timestamp| copy(page, timestamp));
                    return copy.map(Some).ok_or(ArchiveError::Unreadable);
                }
                _ => return Err(refused(job)),
            }
        }
    }

    async fn ask<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, ArchiveError> {
        let unreachable = |error: &dyn Error| ArchiveError::Unreachable { reason: bottom(error) };
        let mut next = self.next.lock().await;
        if let Some(next) = *next {
            sleep(next.saturating_duration_since(Instant::now())).await;
        }
        *next = Some(Instant::now() + self.service.pace);
        let mut request = request.header(header::ACCEPT, "application/json");
        if let Some(keys) = &self.keys {
            let keys = format!("LOW {}:{}", keys.key.reveal(), keys.secret.reveal());
            let mut value = header::HeaderValue::from_str(&keys).map_err(|_| ArchiveError::Keys)?;
            value.set_sensitive(true);
            request = request.header(header::AUTHORIZATION, value);
        }
        let asked = async {
            let mut response = request.send().await.map_err(|error| unreachable(&error))?;
            match response.status() {
                StatusCode::TOO_MANY_REQUESTS => return Err(ArchiveError::TooOften),
                StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => return Err(ArchiveError::Keys),
                status if !status.is_success() => return Err(ArchiveError::Status { status: status.as_u16() }),
                _ => {}
            }
            let mut text = Vec::new();
            while let Some(piece) = response.chunk().await.map_err(|error| unreachable(&error))? {
                text.extend_from_slice(&piece);
                if text.len() > LONGEST {
                    return Err(ArchiveError::Unreadable);
                }
            }
            serde_json::from_slice(&text).map_err(|_| ArchiveError::Unreadable)
        };
        let slow = |_| ArchiveError::Unreachable { reason: format!("no answer within {} seconds", PATIENCE.as_secs()) };
        timeout(PATIENCE, asked).await.map_err(slow)?
    }
}

/// Whether the copy that is offered is one of this page.
fn is_of(offered: &str, page: &WebAddress) -> bool {
    offered.parse::<WebAddress>().is_ok_and(|offered| same_page(&offered) == same_page(page))
}

/// The address of the copy that was made at this time.
fn copy(page: &WebAddress, timestamp: &str) -> Option<WebAddress> {
    let is_time = timestamp.len() == 14 && timestamp.bytes().all(|byte| byte.is_ascii_digit());
    is_time.then(|| format!("{COPIES}/{timestamp}/{page}").parse().ok()).flatten()
}

fn is_id(id: &str) -> bool {
    (1..=100).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// What is told of a copy that wasn't made: the archive's words, as far as they are short.
fn refused(job: Job) -> ArchiveError {
    let said = job.message.or(job.status).unwrap_or_default();
    let said: String = said.chars().filter(|sign| !crate::model::is_invisible(*sign)).take(200).collect();
    ArchiveError::NotSaved { reason: if said.is_empty() { "it doesn't say why".to_owned() } else { said } }
}
