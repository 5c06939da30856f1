//! One round of fetching: what was learnt of hosts (their robots.txt, when they were asked last) is kept as long as it lives.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use reqwest::{
    Method, Response,
    header::{ACCEPT, ACCEPT_ENCODING, HOST, HeaderMap, LOCATION, USER_AGENT},
};
use tokio::{
    sync::OnceCell,
    time::{Instant, timeout},
};
use url::Url;

use super::{
    Exchange, FetchError, FetchLimits, Fetched, LookedAt, REDIRECTS, Reach,
    body::{read, unpacked},
    client::{self, agent, bottom, is_refused},
    pace::Pace,
    robots::{LONGEST, PRODUCT, Robots},
};
use crate::config::FetchConfig;

/// What is asked for.
const WANTED: &str = "text/html,application/xhtml+xml,*/*;q=0.8";

/// What a host's robots.txt was found to say, once it was asked for.
type KnownRobots = OnceCell<Result<Robots, FetchError>>;

/// Fetches pages, within limits, for as long as a round takes.
#[derive(Debug)]
pub struct Fetcher {
    config: FetchConfig,
    reach: Reach,
    limits: FetchLimits,
    pace: Pace,
    robots: Mutex<HashMap<String, Arc<KnownRobots>>>,
}

/// What is left of the time for one page.
struct Budget {
    left: Duration,
    limit: Duration,
}

/// An answer that wasn't read yet.
struct Answer {
    url: Url,
    host: String,
    asked: Vec<(String, String)>,
    response: Response,
}

impl Answer {
    fn status(&self) -> u16 {
        self.response.status().as_u16()
    }
}

impl Fetcher {
    /// A round, as it is configured.
    ///
    /// # Errors
    /// When fetching is off.
    pub fn new(config: &FetchConfig) -> Result<Self, FetchError> {
        Self::reaching(config, Reach::public(), FetchLimits::default())
    }

    /// The same with other limits, and where something else may be reached: for tests, whose servers are on loopback.
    ///
    /// # Errors
    /// When fetching is off.
    pub fn reaching(config: &FetchConfig, reach: Reach, limits: FetchLimits) -> Result<Self, FetchError> {
        if !config.on {
            return Err(FetchError::Off);
        }
        let pace = Pace::new(limits.pace);
        Ok(Self { config: config.clone(), reach, limits, pace, robots: Mutex::default() })
    }

    /// Fetches a page.
    ///
    /// # Errors
    /// When the address or what it leads to is refused, the host can't be reached, its robots.txt asks not to, or the page
    /// takes too long or is too long. An answer that tells of an error is none.
    pub async fn get(&self, url: &Url) -> Result<Fetched, FetchError> {
        let mut budget = self.budget();
        let (exchanges, headers, host) = self.follow(&Method::GET, url, &mut budget).await?;
        let sent = exchanges.last().map(|exchange| exchange.sent.as_slice()).unwrap_or_default();
        let body = unpacked(&headers, sent, &host, self.limits.bytes)?;
        Ok(Fetched { exchanges, body })
    }

    /// Looks what an address leads to, without reading the page: asks for its headers, and for the page itself only where a
    /// host doesn't like that.
    ///
    /// # Errors
    /// As [`Fetcher::get`].
    pub async fn look(&self, url: &Url) -> Result<LookedAt, FetchError> {
        let mut budget = self.budget();
        let seen = self.seen(&Method::HEAD, url, &mut budget).await?;
        // What a host says of being asked for headers alone isn't always what it says of the page.
        if matches!(seen.status, 400 | 403 | 404 | 405 | 406 | 410 | 501) {
            return self.seen(&Method::GET, url, &mut budget).await;
        }
        Ok(seen)
    }

    /// The name under which it asks.
    #[must_use]
    pub fn agent(&self) -> String {
        agent(&self.config)
    }

    const fn budget(&self) -> Budget {
        Budget { left: self.limits.time, limit: self.limits.time }
    }

    async fn seen(&self, method: &Method, url: &Url, budget: &mut Budget) -> Result<LookedAt, FetchError> {
        let mut way = Way::from(url);
        loop {
            let answer = self.ask_heeding(method, &way.at, budget).await?;
            match way.on(&answer)? {
                Some(next) => way = next,
                None => return Ok(LookedAt { status: answer.status(), last: answer.url }),
            }
        }
    }

    /// Follows an address to its page and reads all that is sent on the way.
    async fn follow(
        &self,
        method: &Method,
        url: &Url,
        budget: &mut Budget,
    ) -> Result<(Vec<Exchange>, HeaderMap, String), FetchError> {
        let mut way = Way::from(url);
        let mut exchanges = Vec::new();
        loop {
            let answer = self.ask_heeding(method, &way.at, budget).await?;
            let next = way.on(&answer)?;
            let (headers, host) = (answer.response.headers().clone(), answer.host.clone());
            exchanges.push(budget.spend(&host, self.exchange(answer)).await?);
            match next {
                Some(next) => way = next,
                None => return Ok((exchanges, headers, host)),
            }
        }
    }

    async fn exchange(&self, answer: Answer) -> Result<Exchange, FetchError> {
        let Answer { url, host, asked, mut response } = answer;
        let headers = response.headers().iter();
        let headers = headers.map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec())).collect();
        let status = response.status();
        let sent = read(&mut response, &host, self.limits.bytes).await?;
        let reason = status.canonical_reason().unwrap_or_default();
        Ok(Exchange { url, asked, status: status.as_u16(), reason, headers, sent })
    }

    /// Asks for a page if the host's robots.txt lets programs ask for it.
    async fn ask_heeding(&self, method: &Method, url: &Url, budget: &mut Budget) -> Result<Answer, FetchError> {
        let (host, _) = self.reach.check(url)?;
        let robots = {
            let mut known = self.robots.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(known.entry(url.origin().ascii_serialization()).or_default())
        };
        let robots = robots.get_or_init(|| self.robots_of(url)).await.as_ref().map_err(Clone::clone)?;
        let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
        if !robots.allows(path) {
            return Err(FetchError::Robots { host });
        }
        self.ask(method, url, budget).await
    }

    /// Fetches the robots.txt of a host. It has time of its own.
    async fn robots_of(&self, url: &Url) -> Result<Robots, FetchError> {
        let (host, _) = self.reach.check(url)?;
        let no_robots = |reason: String| FetchError::NoRobots { host: host.clone(), reason };
        let mut budget = self.budget();
        let mut way = Way::from(&url.join("/robots.txt").map_err(|error| no_robots(error.to_string()))?);
        let answer = loop {
            let answer = match self.ask(&Method::GET, &way.at, &mut budget).await {
                // What is said of the host itself is said of its pages, too.
                Err(error) if way.is_beginning() => return Err(error),
                Err(error) => return Err(no_robots(error.to_string())),
                Ok(answer) => answer,
            };
            match way.on(&answer) {
                Ok(Some(next)) => way = next,
                Ok(None) => break answer,
                // Then it counts as if there were none (RFC 9309, section 2.3.1.2).
                Err(_) => return Ok(Robots::default()),
            }
        };
        match answer.status() {
            200..=299 => {}
            status @ 500..=599 => return Err(no_robots(format!("it answers with the status {status}"))),
            _ => return Ok(Robots::default()),
        }
        let headers = answer.response.headers().clone();
        let Answer { mut response, host, .. } = answer;
        let sent = budget.spend(&host, read(&mut response, &host, LONGEST)).await;
        let text = sent.and_then(|sent| unpacked(&headers, &sent, &host, LONGEST));
        text.map(|text| Robots::read(&text, PRODUCT)).map_err(|error| no_robots(error.to_string()))
    }

    /// Asks for one address, and follows nothing.
    async fn ask(&self, method: &Method, url: &Url, budget: &mut Budget) -> Result<Answer, FetchError> {
        let (host, _) = self.reach.check(url)?;
        self.pace.wait(&host).await;
        budget.spend(&host, self.send(method, url, &host)).await
    }

    async fn send(&self, method: &Method, url: &Url, host: &str) -> Result<Answer, FetchError> {
        let addresses = match self.reach.find(url).await {
            // Where there is a proxy, names may be its own to look up.
            Err(FetchError::NoSuchName { .. } | FetchError::LookUp { .. }) if self.config.proxy.is_some() => Vec::new(),
            found => found?,
        };
        let client = client::to(&self.config, host, &addresses)?;
        let authority = url[url::Position::BeforeHost..url::Position::AfterPort].to_owned();
        let asked = vec![
            (HOST.to_string(), authority),
            (USER_AGENT.to_string(), agent(&self.config)),
            (ACCEPT.to_string(), WANTED.to_owned()),
            (ACCEPT_ENCODING.to_string(), "gzip".to_owned()),
        ];
        let request =
            client.request(method.clone(), url.clone()).header(ACCEPT, WANTED).header(ACCEPT_ENCODING, "gzip");
        let response = request.send().await.map_err(|error| {
            let (host, reason) = (host.to_owned(), bottom(&error));
            match is_refused(&error) {
                _ if self.config.proxy.is_some() && error.is_connect() => FetchError::Proxy { reason },
                true => FetchError::ConnectionRefused { host },
                false => FetchError::Unreachable { host, reason },
            }
        })?;
        Ok(Answer { url: url.clone(), host: host.to_owned(), asked, response })
    }
}

impl Budget {
    /// Does something within what time is left.
    async fn spend<T>(
        &mut self,
        host: &str,
        work: impl Future<Output = Result<T, FetchError>>,
    ) -> Result<T, FetchError> {
        let begun = Instant::now();
        let done = timeout(self.left, work).await;
        self.left = self.left.saturating_sub(begun.elapsed());
        done.unwrap_or_else(|_| Err(FetchError::TimedOut { host: host.to_owned(), limit: self.limit }))
    }
}

/// Where an address has led so far.
struct Way {
    at: Url,
    first: String,
    passed: HashSet<String>,
}

impl Way {
    fn from(url: &Url) -> Self {
        let mut at = url.clone();
        // It's for whoever reads the page.
        at.set_fragment(None);
        Self { at, first: url.host_str().unwrap_or_default().to_owned(), passed: HashSet::new() }
    }

    fn is_beginning(&self) -> bool {
        self.passed.is_empty()
    }

    /// Where an answer leads on to; `None`: nowhere, as it is the page itself.
    fn on(&self, answer: &Answer) -> Result<Option<Self>, FetchError> {
        if !matches!(answer.status(), 301 | 302 | 303 | 307 | 308) {
            return Ok(None);
        }
        let host = answer.host.clone();
        let location = answer.response.headers().get(LOCATION).and_then(|to| std::str::from_utf8(to.as_bytes()).ok());
        let next = location.and_then(|to| self.at.join(to).ok()).filter(Url::has_host);
        let mut next = next.ok_or_else(|| FetchError::LeadsNowhere { host: host.clone() })?;
        next.set_fragment(None);
        let mut passed = self.passed.clone();
        passed.insert(self.at.to_string());
        if passed.contains(next.as_str()) {
            return Err(FetchError::Circle { host });
        }
        if passed.len() > REDIRECTS {
            return Err(FetchError::TooManyRedirects { host: self.first.clone(), limit: REDIRECTS });
        }
        Ok(Some(Self { at: next, first: self.first.clone(), passed }))
    }
}
