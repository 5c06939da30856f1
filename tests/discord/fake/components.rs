//! The rules for components that Discord's specification does not spell out: what a button
//! needs, what stands in a row, unique ids, and limits over the whole message.

use std::collections::HashSet;

use serde_json::Value;

use super::rules::Finding;

const CUSTOM_ID: usize = 100;
const ROWS: usize = 5;
const BUTTONS_IN_ROW: usize = 5;
const COMPONENTS_IN_ALL: usize = 40;
const TEXT_IN_ALL: usize = 4000;

const ACTION_ROW: u64 = 1;
const BUTTON: u64 = 2;
const STRING_SELECT: u64 = 3;
const TEXT_DISPLAY: u64 = 10;
const LINK: u64 = 5;
const PREMIUM: u64 = 6;

/// Checks a message's components; `v2` tells whether it has the layout flag.
pub(super) fn check(components: &[Value], v2: bool, found: &mut Vec<Finding>) {
    let mut refuse = |text: String| found.push(Finding::Refused(text));
    let all = flatten(components);
    if v2 {
        if all.len() > COMPONENTS_IN_ALL {
            let text = format!("{} components, {COMPONENTS_IN_ALL} allowed", all.len());
            refuse(text);
        }
        let texts = all.iter().filter(|it| it["type"] == TEXT_DISPLAY);
        let length: usize = texts.map(|it| characters(&it["content"])).sum();
        if length > TEXT_IN_ALL {
            refuse(format!("components with {length} characters of text, {TEXT_IN_ALL} allowed"));
        }
    } else {
        if components.iter().any(|it| it["type"] != ACTION_ROW) {
            refuse("a layout component without the flag 1 << 15".to_owned());
        }
        if components.len() > ROWS {
            refuse(format!("{} rows, {ROWS} allowed", components.len()));
        }
    }
    for component in &all {
        match component["type"].as_u64() {
            Some(ACTION_ROW) => row(component, &mut refuse),
            Some(BUTTON) => button(component, &mut refuse),
            Some(STRING_SELECT) => menu(component, &mut refuse),
            _ => {}
        }
    }
    unique(all.iter().filter_map(|it| it["custom_id"].as_str()), &mut refuse);
}

/// Checks a modal's components.
pub(super) fn check_modal(data: &Value, found: &mut Vec<Finding>) {
    let mut refuse = |text: String| found.push(Finding::Refused(text));
    let components = data["components"].as_array().map(Vec::as_slice).unwrap_or_default();
    if components.is_empty() || components.len() > 5 {
        refuse(format!("a modal with {} components, 1 to 5 allowed", components.len()));
    }
    let all = flatten(components);
    let own = data["custom_id"].as_str();
    unique(all.iter().filter_map(|it| it["custom_id"].as_str()), &mut refuse);
    if own.is_none_or(|id| id.is_empty() || id.chars().count() > CUSTOM_ID) {
        refuse("a modal without a custom_id of 1 to 100 characters".to_owned());
    }
}

/// A component and all within it, in reading order.
pub(super) fn flatten(components: &[Value]) -> Vec<&Value> {
    let mut all = Vec::new();
    for component in components {
        all.push(component);
        for nest in ["components", "accessory", "component"] {
            match &component[nest] {
                Value::Array(inner) => all.extend(flatten(inner)),
                inner @ Value::Object(_) => all.extend(flatten(std::slice::from_ref(inner))),
                _ => {}
            }
        }
    }
    all
}

fn row(row: &Value, refuse: &mut impl FnMut(String)) {
    let inner = row["components"].as_array().map(Vec::as_slice).unwrap_or_default();
    let buttons = inner.iter().filter(|it| it["type"] == BUTTON).count();
    if buttons > BUTTONS_IN_ROW {
        refuse(format!("{buttons} buttons in a row, {BUTTONS_IN_ROW} allowed"));
    }
    if buttons < inner.len() && inner.len() > 1 {
        refuse("a menu needs a row to itself".to_owned());
    }
}

fn button(button: &Value, refuse: &mut impl FnMut(String)) {
    let has = |part: &str| button[part].as_str().is_some_and(|text| !text.is_empty());
    let shown = has("label") || button["emoji"].is_object();
    let named = format!("the button {}", button["label"]);
    match button["style"].as_u64() {
        Some(LINK) if !has("url") => refuse(format!("{named} has no url")),
        Some(LINK) if has("custom_id") => refuse(format!("{named} has url and custom_id")),
        Some(PREMIUM) if !has("sku_id") => refuse(format!("{named} has no sku_id")),
        Some(LINK) if !shown => refuse(format!("{named} has neither label nor emoji")),
        Some(LINK | PREMIUM) => {}
        _ if !has("custom_id") => refuse(format!("{named} has no custom_id")),
        _ if has("url") => refuse(format!("{named} has custom_id and url")),
        _ if !shown => refuse(format!("{named} has neither label nor emoji")),
        _ => {}
    }
}

fn menu(menu: &Value, refuse: &mut impl FnMut(String)) {
    let options = menu["options"].as_array().map(Vec::as_slice).unwrap_or_default();
    if options.is_empty() {
        refuse("a menu without options".to_owned());
    }
    let values: HashSet<_> = options.iter().filter_map(|it| it["value"].as_str()).collect();
    if values.len() < options.len() {
        refuse("a menu with the same value twice".to_owned());
    }
    let most = menu["max_values"].as_u64().unwrap_or(1);
    let least = menu["min_values"].as_u64().unwrap_or(1);
    if least > most || most > options.len() as u64 {
        refuse(format!("a menu of {} options to choose {least} to {most} of", options.len()));
    }
    let chosen = options.iter().filter(|it| it["default"] == true).count() as u64;
    if chosen > most {
        refuse(format!("a menu with {chosen} options chosen beforehand, {most} allowed"));
    }
}

fn unique<'a>(ids: impl Iterator<Item = &'a str>, refuse: &mut impl FnMut(String)) {
    let mut seen = HashSet::new();
    for id in ids {
        if id.is_empty() || id.chars().count() > CUSTOM_ID {
            refuse(format!("a custom_id of {} characters, 1 to 100 allowed", id.chars().count()));
        }
        if !seen.insert(id) {
            refuse(format!("the custom_id {id:?} twice"));
        }
    }
}

fn characters(text: &Value) -> usize {
    text.as_str().map_or(0, |text| text.chars().count())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn texts(components: &Value, v2: bool) -> Vec<String> {
        let mut found = Vec::new();
        check(components.as_array().map(Vec::as_slice).unwrap_or_default(), v2, &mut found);
        found.iter().map(|it| it.text().to_owned()).collect()
    }

    fn in_row(components: Value) -> Value {
        json!([{"type": 1, "components": components}])
    }

    #[test]
    fn a_button_leads_somewhere() {
        let good = json!([
            {"type": 2, "style": 1, "label": "a", "custom_id": "a"},
            {"type": 2, "style": 5, "label": "b", "url": "https://example.org"},
        ]);
        assert_eq!(texts(&in_row(good), false), [""; 0]);
        let bad = in_row(json!([{"type": 2, "style": 1, "label": "a"}]));
        assert_eq!(texts(&bad, false), [r#"the button "a" has no custom_id"#]);
        let bad = in_row(json!([{"type": 2, "style": 5, "label": "a"}]));
        assert_eq!(texts(&bad, false), [r#"the button "a" has no url"#]);
    }

    #[test]
    fn an_id_occurs_once() {
        let button = json!({"type": 2, "style": 1, "label": "a", "custom_id": "same"});
        let twice = in_row(json!([button, button]));
        assert_eq!(texts(&twice, false), [r#"the custom_id "same" twice"#]);
    }

    #[test]
    fn layout_needs_its_flag_and_has_limits_in_all() {
        let text = json!([{"type": 10, "content": "x".repeat(2001)}]);
        let said = ["a layout component without the flag 1 << 15"];
        assert_eq!(texts(&text, false), said);
        assert_eq!(texts(&text, true), [""; 0]);
        let two = json!([{"type": 17, "components": [text[0], text[0]]}]);
        assert_eq!(texts(&two, true).len(), 1);
        let many = json!(vec![json!({"type": 14}); 41]);
        assert_eq!(texts(&many, true), ["41 components, 40 allowed"]);
    }
}
