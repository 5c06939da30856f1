//! The HTTP listener: `/healthz`, `/readyz` and `/metrics`.
//!
//! It answers GET and HEAD, one request to a connection, and gives nobody the means to hold it up: a request's
//! head must be there in time and small, and those who send none give their places to others ([`super::places`]).

use std::{
    convert::Infallible,
    net::{IpAddr, TcpListener as StdListener},
    sync::Arc,
    time::Duration,
};

use hyper::{
    Method, Request, Response, StatusCode,
    body::Incoming,
    header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};

use super::{
    hosts::Hosts,
    liveness::Liveness,
    places::{ConnectionSlots, Place},
};
use crate::{desk::worker_pool::DeskHandle, metrics};

/// How long the head of a request may take. Whoever asks how a bot stands sends it at once.
const HEAD: Duration = Duration::from_secs(2);

/// How long a connection may be open in all.
const WHOLE: Duration = Duration::from_secs(15);

/// How large the head of a request may be, in bytes; hyper takes no less.
const HEAD_SIZE: usize = 8 * 1_024;

/// How long to wait for the desk to look at the records; then what it saw last is told.
const SAMPLE: Duration = Duration::from_secs(2);

/// How long to wait when no connection can be taken, as when there are too many open files.
const PAUSE: Duration = Duration::from_millis(200);

const TEXT: &str = "text/plain; charset=utf-8";

pub(super) async fn listen(listener: StdListener, hosts: Hosts, handle: DeskHandle, liveness: Arc<Liveness>) {
    let listener = match TcpListener::from_std(listener) {
        Ok(listener) => listener,
        Err(error) => {
            tracing::error!(%error, "the health listener can't be started");
            return;
        }
    };
    let places = ConnectionSlots::default();
    let asked = Arc::new(Asked { hosts, handle, liveness });
    loop {
        let (stream, from) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "the health listener can't take a connection");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        let place = places.take(from.ip());
        let number = place.number();
        let task = tokio::spawn(serve(stream, place, Arc::clone(&asked)));
        places.belongs_to(number, task.abort_handle());
        // What was taken is looked at before the next is: however fast they come, each request that is there is read.
        tokio::task::yield_now().await;
    }
}

/// What the listener answers with.
struct Asked {
    hosts: Hosts,
    handle: DeskHandle,
    liveness: Arc<Liveness>,
}

async fn serve(stream: TcpStream, place: Place, asked: Arc<Asked>) {
    let Ok(here) = stream.local_addr().map(|address| address.ip()) else { return };
    let place = &place;
    let service = service_fn(|request: Request<Incoming>| {
        let asked = Arc::clone(&asked);
        async move {
            let Some(_answering) = place.answer() else {
                let busy = "too many ask at once; ask again\n".to_owned();
                return Ok::<_, Infallible>(text(StatusCode::SERVICE_UNAVAILABLE, busy));
            };
            Ok(asked.answer(&request, here).await)
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(HEAD_SIZE)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service);
    // Whoever breaks off or takes too long is left alone.
    let _ = tokio::time::timeout(WHOLE, connection).await;
}

impl Asked {
    async fn answer(&self, request: &Request<Incoming>, here: IpAddr) -> Response<String> {
        // A page on the web can have a browser ask here under a name of its own (DNS rebinding).
        if !self.hosts.allow(request, here) {
            let message = "this is not the host that was asked for; ask by the listener's address, by localhost, or by a \
                           name in ONRECORD_HEALTH_HOSTS\n";
            return text(StatusCode::MISDIRECTED_REQUEST, message.to_owned());
        }
        answer(request.method(), request.uri().path(), &self.handle, &self.liveness).await
    }
}

async fn answer(method: &Method, path: &str, handle: &DeskHandle, liveness: &Liveness) -> Response<String> {
    if !["/healthz", "/readyz", "/metrics"].contains(&path) {
        return text(StatusCode::NOT_FOUND, "there are /healthz, /readyz and /metrics\n".to_owned());
    }
    if method != Method::GET && method != Method::HEAD {
        let mut refused = text(StatusCode::METHOD_NOT_ALLOWED, "GET and HEAD are answered\n".to_owned());
        refused.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return refused;
    }
    match path {
        "/healthz" => state("alive", &liveness.stalled()),
        "/readyz" => state("ready", &liveness.lacking()),
        _ => {
            let sample = tokio::time::timeout(SAMPLE, handle.run(crate::desk::Desk::take_sample)).await;
            if let Ok(Ok(Err(error))) = sample {
                tracing::warn!(%error, "the records could not be looked at for the metrics");
            }
            let mut metrics = text(StatusCode::OK, handle.desk().metrics().text());
            metrics.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(metrics::CONTENT_TYPE));
            metrics
        }
    }
}

/// All is well, or what isn't, a line each.
fn state(well: &str, wrong: &[String]) -> Response<String> {
    if wrong.is_empty() {
        return text(StatusCode::OK, format!("{well}\n"));
    }
    text(StatusCode::SERVICE_UNAVAILABLE, wrong.iter().map(|line| format!("{line}\n")).collect())
}

fn text(status: StatusCode, body: String) -> Response<String> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(TEXT));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
