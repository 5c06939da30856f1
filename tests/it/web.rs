//! A small web on loopback: one server that answers for whatever hosts a test names, in the ways that hosts have.

use std::{
    collections::{HashMap, VecDeque},
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    response::Response,
};
use futures_util::stream;
use onrecord::{
    config::FetchConfig,
    fetch::{FetchLimits, Fetcher, Reach},
};
use url::Url;

/// How a host answers.
#[derive(Clone, Debug)]
pub enum Answers {
    /// With a page.
    Page(&'static str),
    /// With a status and nothing.
    Status(u16),
    /// By leading on.
    To(u16, String),
    /// With these headers and this body.
    With(Vec<(&'static str, String)>, Vec<u8>),
    /// With one after the other, the last again and again.
    InTurn(VecDeque<Answers>),
    /// With a status where it is asked for headers alone, else as told.
    ToHead(u16, Box<Answers>),
    /// As told, after a while.
    After(Duration, Box<Answers>),
    /// Without an end.
    Endless,
}

type Known = HashMap<String, Answers>;

/// What was asked of a web: each request in a line, and how it introduced itself.
#[derive(Default, Debug)]
struct Log {
    lines: Vec<String>,
    headers: Vec<HashMap<String, String>>,
    bodies: Vec<String>,
}

pub struct Web {
    pub socket: SocketAddr,
    pages: Arc<Mutex<Known>>,
    log: Arc<Mutex<Log>>,
    _runtime: tokio::runtime::Runtime,
}

type Shared = (Arc<Mutex<Known>>, Arc<Mutex<Log>>);

impl Web {
    pub fn new() -> Self {
        let runtime = runtime();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let socket = listener.local_addr().unwrap();
        let state = Shared::default();
        let (pages, log) = state.clone();
        let router = Router::new().fallback(answer).with_state(state);
        runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, router).await.unwrap();
        });
        Self { socket, pages, log, _runtime: runtime }
    }

    /// Has a page, like `gull.example.org/pier`, answer so from now on. What isn't named is not found.
    pub fn has(&self, page: &str, answers: Answers) {
        self.pages.lock().unwrap().insert(page.to_owned(), answers);
    }

    /// The address of a page.
    pub fn address(&self, page: &str) -> String {
        let (host, path) = page.split_once('/').unwrap_or((page, ""));
        format!("http://{host}:{}/{path}", self.socket.port())
    }

    pub fn url(&self, page: &str) -> Url {
        self.address(page).parse().unwrap()
    }

    /// What was asked since this was called last: `GET gull.example.org/pier`.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.log.lock().unwrap().lines)
    }

    /// The headers of the request that came last.
    pub fn last_headers(&self) -> HashMap<String, String> {
        self.log.lock().unwrap().headers.last().cloned().unwrap_or_default()
    }

    /// The bodies of all requests that had one.
    pub fn bodies(&self) -> Vec<String> {
        self.log.lock().unwrap().bodies.clone()
    }

    /// All names but those that begin with `nobody.` are here.
    pub fn reach(&self) -> Reach {
        Reach::with(everything_here, [self.socket])
    }

    /// A round that reaches it, without waiting between requests.
    pub fn fetcher(&self) -> Fetcher {
        self.fetcher_within(limits())
    }

    pub fn fetcher_within(&self, limits: FetchLimits) -> Fetcher {
        Fetcher::reaching(&on(), self.reach(), limits).unwrap()
    }
}

pub fn everything_here(host: &str) -> io::Result<Vec<IpAddr>> {
    if host.starts_with("nobody.") {
        return Err(io::Error::other("failed to lookup address information: Name or service not known"));
    }
    if host.starts_with("unsure.") {
        return Err(io::Error::other("failed to lookup address information: Temporary failure in name resolution"));
    }
    Ok(vec![IpAddr::V4(Ipv4Addr::LOCALHOST)])
}

pub fn on() -> FetchConfig {
    FetchConfig { on: true, proxy: None, contact: Some("https://bot.example.org".to_owned()) }
}

pub fn limits() -> FetchLimits {
    FetchLimits { pace: Duration::ZERO, ..FetchLimits::default() }
}

pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

async fn answer(State((pages, log)): State<Shared>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default().to_owned();
    let host = host.split(':').next().unwrap_or_default();
    let path = parts.uri.path_and_query().map_or("", |path| path.as_str());
    let body = axum::body::to_bytes(body, 1024 * 1024).await.unwrap();
    let page = format!("{host}{path}");
    let found = {
        let mut log = log.lock().unwrap();
        log.lines.push(format!("{} {page}", parts.method));
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        log.headers.push(parts.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect());
        if !body.is_empty() {
            log.bodies.push(String::from_utf8_lossy(&body).into_owned());
        }
        match pages.lock().unwrap().get_mut(&page) {
            Some(Answers::InTurn(answers)) if answers.len() > 1 => answers.pop_front().unwrap(),
            Some(Answers::InTurn(answers)) => answers[0].clone(),
            Some(answers) => answers.clone(),
            None => Answers::Status(404),
        }
    };
    given(found, &parts.method).await
}

async fn given(mut answers: Answers, method: &Method) -> Response {
    loop {
        match answers {
            Answers::After(time, then) => {
                tokio::time::sleep(time).await;
                answers = *then;
            }
            Answers::ToHead(status, _) if method == Method::HEAD => answers = Answers::Status(status),
            Answers::ToHead(_, then) => answers = *then,
            _ => break,
        }
    }
    let response = Response::builder();
    match answers {
        Answers::Page(text) => response.header(header::CONTENT_TYPE, "text/html; charset=utf-8").body(Body::from(text)),
        Answers::Status(status) => response.status(StatusCode::from_u16(status).unwrap()).body(Body::empty()),
        Answers::To(status, to) => response.status(status).header(header::LOCATION, to).body(Body::empty()),
        Answers::With(headers, body) => {
            let headers = headers.into_iter().map(|(name, value)| (HeaderName::from_static(name), value));
            headers.fold(response, |response, (name, value)| response.header(name, value)).body(Body::from(body))
        }
        Answers::Endless => {
            let pieces = stream::repeat_with(|| Ok::<_, io::Error>(Bytes::from_static(&[b'a'; 16 * 1024])));
            response.body(Body::from_stream(pieces))
        }
        other => panic!("{other:?} in a place where it can't be"),
    }
    .unwrap()
}
