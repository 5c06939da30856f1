//! Finds misspelt keys: a JSON schema lets unknown ones pass, and Discord ignores them without a
//! word, so a mistyped field is never missed until somebody misses what it should have done.

use serde_json::{Map, Value};

use super::openapi;

/// The paths of all keys in a body that no schema allowed at their place knows.
pub(super) fn unknown(schema: &'static Value, body: &Value) -> Vec<String> {
    let mut found = Vec::new();
    walk(&[schema], body, "", &mut found);
    found
}

fn walk(schemas: &[&'static Value], instance: &Value, path: &str, found: &mut Vec<String>) {
    let mut flat = Vec::new();
    for schema in schemas {
        flatten(schema, instance, &mut flat);
    }
    match instance {
        Value::Object(map) => walk_object(&flat, map, path, found),
        Value::Array(items) => {
            let schemas: Vec<_> = flat.iter().filter_map(|schema| schema.get("items")).collect();
            if !schemas.is_empty() {
                for (index, item) in items.iter().enumerate() {
                    walk(&schemas, item, &format!("{path}/{index}"), found);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn walk_object(flat: &[&'static Value], map: &Map<String, Value>, path: &str, found: &mut Vec<String>) {
    let described =
        |schema: &&&Value| schema.get("properties").is_some() || schema.get("additionalProperties").is_some();
    let flat: Vec<_> = flat.iter().filter(described).collect();
    if flat.is_empty() {
        return;
    }
    for (key, value) in map {
        let own: Vec<_> = flat.iter().filter_map(|it| it["properties"].get(key)).collect();
        let others = flat.iter().filter_map(|it| it.get("additionalProperties"));
        let allowed = if own.is_empty() { others.filter(|it| **it != Value::Bool(false)).collect() } else { own };
        let path = format!("{path}/{key}");
        if allowed.is_empty() {
            if !says_nothing(value) {
                found.push(path);
            }
        } else {
            walk(&allowed, value, &path, found);
        }
    }
}

/// Client libraries write out what is not set, at the wrong kind of object too.
fn says_nothing(value: &Value) -> bool {
    value.is_null() || *value == Value::Bool(false) || value.as_array().is_some_and(Vec::is_empty)
}

/// Collects the plain schemas that a schema stands for at this instance: references followed,
/// combinations opened, alternatives that can't be meant left out.
fn flatten(schema: &'static Value, instance: &Value, flat: &mut Vec<&'static Value>) {
    if let Some(target) = follow(schema) {
        flatten(target, instance, flat);
    }
    let parts = |name: &str| schema[name].as_array().map(Vec::as_slice).unwrap_or_default();
    for part in parts("allOf") {
        flatten(part, instance, flat);
    }
    for part in parts("oneOf").iter().chain(parts("anyOf")) {
        if plausible(part, instance) {
            flatten(part, instance, flat);
        }
    }
    flat.push(schema);
}

fn follow(schema: &'static Value) -> Option<&'static Value> {
    let reference = schema.get("$ref")?.as_str()?;
    openapi::specification().pointer(reference.trim_start_matches('#'))
}

/// Whether an alternative's `type` property, where it fixes one, has the instance's value.
fn plausible(schema: &'static Value, instance: &Value) -> bool {
    let schema = follow(schema).unwrap_or(schema);
    let fixed = schema.pointer("/properties/type/enum").and_then(Value::as_array);
    match (fixed, instance.get("type")) {
        (Some(fixed), Some(kind)) => fixed.contains(kind),
        (None, _) | (_, None) => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn unknown_in(method: &str, path: &str, body: &Value) -> Vec<String> {
        let (route, _) = openapi::find(method, path).expect("the route exists");
        unknown(openapi::body_schema(route).expect("it takes a body"), body)
    }

    #[test]
    fn a_misspelt_key_is_found_at_any_depth() {
        let row = json!({"type": 1, "components": [{"type": 2, "style": 1, "costum_id": "x"}]});
        let body = json!({"contents": "x", "embeds": [{"titel": "x"}], "components": [row]});
        let mut found = unknown_in("POST", "/channels/1/messages", &body);
        found.sort();
        assert_eq!(found, ["/components/0/components/0/costum_id", "/contents", "/embeds/0/titel"]);
    }

    #[test]
    fn a_key_of_another_kind_of_component_is_unknown() {
        let row =
            json!({"type": 1, "components": [{"type": 2, "style": 1, "options": [1], "url": null, "choices": []}]});
        let found = unknown_in("POST", "/channels/1/messages", &json!({ "components": [row] }));
        assert_eq!(found, ["/components/0/components/0/options"]);
    }

    #[test]
    fn languages_are_free_keys() {
        let body = json!({"name": "source", "description": "x", "name_localizations": {"de": "quelle"}});
        assert_eq!(unknown_in("POST", "/applications/1/commands", &body), [""; 0]);
    }
}
