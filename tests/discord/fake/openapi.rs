//! Discord's own description of its API: which routes there are, and what their bodies must look
//! like. Validators are compiled when a route is first used, once for the whole process.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use jsonschema::{Draft, Registry, Validator};
use serde_json::{Value, json};

/// The specification, version 10, as Discord publishes it.
const SPECIFICATION: &str = include_str!("fixtures/openapi.json");
const ADDRESS: &str = "https://discord.com/api/v10/openapi.json";
/// How much of one complaint is kept.
const COMPLAINT: usize = 300;

/// One operation of the API.
#[derive(Debug)]
pub(super) struct Route {
    /// Discord's name of the operation, such as `create_message`.
    pub(super) operation: String,
    /// The path with its parameters' names, such as `/channels/{channel_id}/messages`.
    pub(super) template: String,
    method: String,
    segments: Vec<Segment>,
    /// Where the JSON body's schema stands in the specification, if the route takes one.
    body: Option<String>,
}

#[derive(Debug)]
enum Segment {
    Literal(String),
    Parameter(String),
}

/// The values of a path's parameters, by name.
pub(super) type Parameters = HashMap<String, String>;

struct Api {
    specification: &'static Value,
    registry: Registry<'static>,
    routes: Vec<Route>,
}

static API: LazyLock<Api> = LazyLock::new(Api::load);
static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// The specification as JSON.
pub(super) fn specification() -> &'static Value {
    API.specification
}

/// Finds the operation that a request means. Literal segments go before parameters.
pub(super) fn find(method: &str, path: &str) -> Option<(&'static Route, Parameters)> {
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let routes = API.routes.iter().filter(|route| route.method == method);
    let fitting = routes.filter_map(|route| route.fit(&parts).map(|found| (route, found)));
    fitting.min_by_key(|(_, parameters)| parameters.len())
}

/// Where a route's body schema stands in the specification.
pub(super) fn body_schema(route: &Route) -> Option<&'static Value> {
    API.specification.pointer(route.body.as_ref()?)
}

/// What the specification has against a body, one complaint a line; empty if nothing.
pub(super) fn complaints(route: &'static Route, body: &Value) -> Vec<String> {
    let Some(pointer) = &route.body else {
        return vec![format!("{} takes no body", route.operation)];
    };
    complaints_at(pointer, body)
}

/// What the specification has against an object of one of its schemas.
pub(super) fn complaints_about(schema: &str, object: &Value) -> Vec<String> {
    complaints_at(&format!("/components/schemas/{schema}"), object)
}

fn complaints_at(pointer: &str, body: &Value) -> Vec<String> {
    let validator = validator(pointer);
    if validator.is_valid(body) {
        return Vec::new();
    }
    let say = |error: jsonschema::ValidationError<'_>| {
        let text: String = error.to_string().chars().take(COMPLAINT).collect();
        format!("at \"{}\": {text}", error.instance_path())
    };
    validator.iter_errors(body).map(say).collect()
}

fn validator(pointer: &str) -> Arc<Validator> {
    let mut known = VALIDATORS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(validator) = known.get(pointer) {
        return Arc::clone(validator);
    }
    let schema = json!({ "$ref": format!("{ADDRESS}#{}", escape(pointer)) });
    let options = jsonschema::options().with_draft(Draft::Draft202012).with_registry(&API.registry);
    let validator = options.build(&schema);
    let validator = validator.unwrap_or_else(|error| panic!("no validator at {pointer}: {error}"));
    let validator = Arc::new(validator);
    known.insert(pointer.to_owned(), Arc::clone(&validator));
    validator
}

/// A pointer's characters that may not stand in a URI fragment.
fn escape(pointer: &str) -> String {
    pointer.replace('{', "%7B").replace('}', "%7D").replace('@', "%40")
}

impl Api {
    fn load() -> Self {
        let parsed: Value = serde_json::from_str(SPECIFICATION)
            .unwrap_or_else(|error| panic!("the specification is not JSON: {error}"));
        let specification: &'static Value = Box::leak(Box::new(parsed));
        let registry = Registry::new().draft(Draft::Draft202012).add(ADDRESS, specification);
        let registry = registry.and_then(jsonschema::RegistryBuilder::prepare);
        let registry = registry.unwrap_or_else(|error| panic!("the specification: {error}"));
        let paths = specification["paths"].as_object();
        let routes = paths.into_iter().flatten().flat_map(|(path, item)| routes(path, item));
        Self { specification, registry, routes: routes.collect() }
    }
}

fn routes(path: &str, item: &Value) -> Vec<Route> {
    let methods = ["get", "post", "put", "patch", "delete"];
    let present = methods.into_iter().filter_map(|method| Some((method, item.get(method)?)));
    let route = |(method, operation): (&str, &Value)| {
        let pointer = format!(
            "/paths/{}/{method}/requestBody/content/application~1json/schema",
            path.replace('~', "~0").replace('/', "~1"),
        );
        let has_body = operation.pointer("/requestBody/content/application~1json").is_some();
        Route {
            operation: operation["operationId"].as_str().unwrap_or_default().to_owned(),
            template: path.to_owned(),
            method: method.to_uppercase(),
            segments: path.trim_start_matches('/').split('/').map(Segment::parse).collect(),
            body: has_body.then_some(pointer),
        }
    };
    present.map(route).collect()
}

impl Route {
    fn fit(&self, parts: &[&str]) -> Option<Parameters> {
        if parts.len() != self.segments.len() {
            return None;
        }
        let mut found = Parameters::new();
        for (segment, part) in self.segments.iter().zip(parts) {
            match segment {
                Segment::Literal(text) if text == part => {}
                Segment::Literal(_) => return None,
                Segment::Parameter(_) if part.is_empty() => return None,
                Segment::Parameter(name) => {
                    found.insert(name.clone(), decode(part));
                }
            }
        }
        Some(found)
    }
}

impl Segment {
    fn parse(text: &str) -> Self {
        match text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) {
            Some(name) => Self::Parameter(name.to_owned()),
            None => Self::Literal(text.to_owned()),
        }
    }
}

/// Undoes percent-encoding.
pub(super) fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, others @ ..] = rest {
        let digits = others.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match byte.filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &others[2..];
            }
            None => {
                bytes.push(*first);
                rest = others;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operation(method: &str, path: &str) -> Option<String> {
        find(method, path).map(|(route, _)| route.operation.clone())
    }

    #[test]
    fn a_literal_segment_goes_before_a_parameter() {
        let original = operation("PATCH", "/webhooks/1/abc/messages/@original");
        assert_eq!(original.as_deref(), Some("update_original_webhook_message"));
        let other = operation("PATCH", "/webhooks/1/abc/messages/2");
        assert_eq!(other.as_deref(), Some("update_webhook_message"));
        assert_eq!(operation("GET", "/applications/@me").as_deref(), Some("get_my_application"));
        assert_eq!(operation("GET", "/nothing/of/the/kind"), None);
    }

    #[test]
    fn parameters_are_decoded() {
        let found = find("PUT", "/channels/1/messages/2/reactions/%F0%9F%91%8D/@me");
        let (_, parameters) = found.expect("the route exists");
        assert_eq!(parameters["emoji_name"], "👍");
    }

    #[test]
    fn the_specification_catches_what_it_describes() {
        let (route, _) = find("POST", "/channels/1/messages").expect("the route exists");
        assert_eq!(complaints(route, &json!({"content": "hello"})), [""; 0]);
        let embeds = vec![json!({"title": "x"}); 11];
        assert_eq!(complaints(route, &json!({ "embeds": embeds })).len(), 1);
        let mentions = json!({"content": "x", "allowed_mentions": {"parse": ["all"]}});
        assert_eq!(complaints(route, &mentions).len(), 1);
    }
}
