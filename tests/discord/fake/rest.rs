//! The way of one HTTP request: which route, what trouble, whose token, which limit, is the body
//! right, then the handler, and the record of it all.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::request::Parts;
use axum::response::Response;
use serde_json::{Value, json};

use super::error::ApiError;
use super::faults::Trouble;
use super::limits::{self, Standing};
use super::multipart::{self, UploadedFile};
use super::openapi::{self, Parameters, Route};
use super::record::RequestRecord;
use super::rules::Finding;
use super::server::Wire;
use super::state::Shared;
use super::{checks, keys, routes};

/// A request as the handlers see it.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) operation: &'static str,
    pub(super) parameters: Parameters,
    pub(super) query: HashMap<String, String>,
    pub(super) body: Value,
    pub(super) files: Vec<UploadedFile>,
}

impl Call {
    /// A parameter that is a snowflake; one that is none names nothing that exists.
    pub(super) fn id<T: From<u64>>(&self, name: &str) -> T {
        T::from(self.parameters.get(name).and_then(|id| id.parse().ok()).unwrap_or(0))
    }
}

/// A handler's answer: a status, and JSON unless the status is 204.
pub(super) type Answer = Result<(u16, Value), ApiError>;

struct Outcome {
    status: u16,
    body: Vec<u8>,
    media_type: &'static str,
    headers: Vec<(&'static str, String)>,
    code: Option<u32>,
}

/// Answers one request and records it.
pub(super) async fn answer(shared: &Shared, wire: &Wire, parts: &Parts, body: &[u8]) -> Response {
    let at = Instant::now();
    let path = unprefixed(parts.uri.path()).to_owned();
    let found = openapi::find(parts.method.as_str(), &path);
    let operation = found.as_ref().map(|(route, _)| route.operation.clone());
    let trouble = shared.change(|state| {
        state.log.in_flight += 1;
        state.faults.meet(operation.as_deref().unwrap_or_default())
    });
    if let Some(Trouble::Slow(by)) = &trouble {
        tokio::time::sleep(*by).await;
    }
    let (json, files, malformed) = read(parts, body);
    let mut record = RequestRecord {
        at,
        took: Duration::ZERO,
        method: parts.method.to_string(),
        path,
        query: parts.uri.query().unwrap_or_default().to_owned(),
        operation,
        body: json.clone(),
        files: files.iter().map(|file| file.name.clone()).collect(),
        status: 0,
        code: None,
        trouble: trouble.clone(),
    };
    let outcome = match found {
        None => {
            let place = format!("{} {}", record.method, record.path);
            shared.change(|state| state.violation(&place, "no such route"));
            Outcome::refused(&ApiError::not_found(), Vec::new())
        }
        Some((route, parameters)) => {
            let query = query(&record.query);
            let operation = route.operation.as_str();
            let call = Call { operation, parameters, query, body: json, files };
            proceed(shared, parts, route, call, malformed, trouble.as_ref())
        }
    };
    let reset = matches!(trouble, Some(Trouble::Reset | Trouble::ResetAfterwards));
    if reset {
        wire.cut();
    }
    record.took = at.elapsed();
    record.status = if reset { 0 } else { outcome.status };
    record.code = outcome.code;
    shared.change(|state| {
        state.log.in_flight -= 1;
        if state.log.without_bodies {
            record.body = Value::Null;
        }
        state.log.requests.push(record);
    });
    outcome.into_response()
}

/// What comes after the route is known: trouble, token, limit, body, handler.
fn proceed(
    shared: &Shared,
    parts: &Parts,
    route: &'static Route,
    call: Call,
    malformed: bool,
    trouble: Option<&Trouble>,
) -> Outcome {
    match trouble {
        Some(Trouble::Status(status)) => return Outcome::bare(*status),
        Some(Trouble::Refused(error)) => return Outcome::refused(error, Vec::new()),
        Some(Trouble::RateLimited { retry_after, global }) => {
            return Outcome::limited(limits::ordered(&route.operation, *retry_after, *global));
        }
        Some(Trouble::Reset) => return Outcome::bare(500),
        Some(Trouble::Slow(_) | Trouble::ResetAfterwards | Trouble::Garbled) | None => {}
    }
    // `/gateway` is open to all; interactions are answered by their own tokens.
    let open = route.operation == "get_gateway"
        || call.parameters.contains_key("interaction_token")
        || call.parameters.contains_key("webhook_token");
    let (authorized, standing) = shared.change(|state| {
        let expected = format!("Bot {}", state.settings.token);
        let given = parts.headers.get("authorization").map(|it| it.as_bytes());
        let authorized = open || given == Some(expected.as_bytes());
        (authorized, state.limits.count(&route.operation, &call.parameters))
    });
    if !authorized {
        return Outcome::refused(&ApiError::unauthorized(), Vec::new());
    }
    if standing.refused.is_some() {
        return Outcome::limited(standing);
    }
    let headers = standing.headers;
    if malformed {
        shared.change(|state| state.violation(&route.template, "a body that is not JSON"));
        return Outcome::refused(&ApiError::invalid_json(), headers);
    }
    if let Some(error) = check(shared, route, &call) {
        return Outcome::invalid(&error, headers);
    }
    let outcome = match shared.change(|state| routes::handle(state, &call)) {
        Ok((status, body)) => Outcome::well(status, &body, headers),
        Err(error) => Outcome::refused(&error, headers),
    };
    if matches!(trouble, Some(Trouble::Garbled)) {
        return Outcome { body: b"<html>upstream".to_vec(), ..outcome };
    }
    outcome
}

/// Notes every broken rule, and gives the first for which Discord refuses the request.
fn check(shared: &Shared, route: &'static Route, call: &Call) -> Option<ApiError> {
    let circumstances = checks::circumstances(&shared.look(), call);
    let mut found: Vec<Finding> = Vec::new();
    if !call.body.is_null() {
        let body = checks::normalised(call);
        found.extend(openapi::complaints(route, &body).into_iter().map(Finding::Refused));
        if let Some(schema) = openapi::body_schema(route) {
            let unknown = keys::unknown(schema, &body);
            found.extend(unknown.into_iter().map(|key| Finding::Unwise(format!("unknown key {key}"))));
        }
    }
    found.extend(checks::beyond_the_specification(call, circumstances));
    if found.is_empty() {
        return None;
    }
    shared.change(|state| {
        for finding in found.iter().filter(|finding| !matches!(finding, Finding::OtherLayout(_))) {
            state.violation(&route.operation, finding.text());
        }
    });
    found.iter().find_map(|finding| match finding {
        Finding::Refused(text) | Finding::OtherLayout(text) => {
            Some(ApiError { message: text.clone(), ..ApiError::invalid_body() })
        }
        Finding::Empty => Some(ApiError::empty_message()),
        Finding::Unwise(_) => None,
    })
}

impl Outcome {
    fn well(status: u16, body: &Value, headers: Vec<(&'static str, String)>) -> Self {
        let body = if status == 204 { Vec::new() } else { body.to_string().into_bytes() };
        Self { status, body, media_type: "application/json", headers, code: None }
    }

    fn refused(error: &ApiError, headers: Vec<(&'static str, String)>) -> Self {
        let body = error.body().to_string().into_bytes();
        let code = Some(error.code);
        Self { status: error.status, body, media_type: "application/json", headers, code }
    }

    /// An invalid body, with what is wrong where Discord tells it: under `errors`.
    fn invalid(error: &ApiError, headers: Vec<(&'static str, String)>) -> Self {
        let errors = json!({"_errors": [{"code": "INVALID", "message": error.message}]});
        let sentence = if error.code == ApiError::invalid_body().code {
            ApiError::invalid_body().message
        } else {
            error.message.clone()
        };
        let body = json!({"code": error.code, "message": sentence, "errors": errors});
        Self { body: body.to_string().into_bytes(), ..Self::refused(error, headers) }
    }

    fn limited(standing: Standing) -> Self {
        let (wait, global) = standing.refused.unwrap_or_default();
        let body = json!({
            "message": "You are being rate limited.",
            "retry_after": wait.as_secs_f64(),
            "global": global,
        });
        Self { code: Some(0), ..Self::well(429, &body, standing.headers) }
    }

    fn bare(status: u16) -> Self {
        let body = format!("<html><body>error {status}</body></html>").into_bytes();
        Self { status, body, media_type: "text/html", headers: Vec::new(), code: None }
    }

    fn into_response(self) -> Response {
        let mut response = Response::builder().status(self.status);
        if self.status != 204 {
            response = response.header("content-type", self.media_type);
        }
        for (name, value) in self.headers {
            response = response.header(name, value);
        }
        response.body(Body::from(self.body)).unwrap_or_default()
    }
}

/// The body as JSON, the files, and whether it could not be read.
fn read(parts: &Parts, body: &[u8]) -> (Value, Vec<UploadedFile>, bool) {
    let content_type = parts.headers.get("content-type").and_then(|it| it.to_str().ok());
    if let Some(content_type) = content_type.filter(|it| it.starts_with("multipart/form-data")) {
        let Some(form) = multipart::parse(content_type, body) else {
            return (Value::Null, Vec::new(), true);
        };
        let json = form.payload_json.as_deref().map(serde_json::from_str).transpose();
        return match json {
            Ok(json) => (json.unwrap_or_else(|| json!({})), form.files, false),
            Err(_) => (Value::Null, form.files, true),
        };
    }
    if body.is_empty() {
        return (Value::Null, Vec::new(), false);
    }
    match serde_json::from_slice(body) {
        Ok(json) => (json, Vec::new(), false),
        Err(_) => (Value::Null, Vec::new(), true),
    }
}

/// The path without `/api` and the version.
fn unprefixed(path: &str) -> &str {
    let Some(rest) = path.strip_prefix("/api") else {
        return path;
    };
    let version = rest.strip_prefix("/v").and_then(|rest| rest.find('/').map(|at| &rest[at..]));
    version.unwrap_or(rest)
}

fn query(text: &str) -> HashMap<String, String> {
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(key, value)| (openapi::decode(key), openapi::decode(value))).collect()
}
