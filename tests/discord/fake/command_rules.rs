//! The rules for application commands that Discord's specification does not spell out: names,
//! descriptions, the order of options, and sizes over the whole command.

use std::collections::HashSet;

use serde_json::Value;

use super::rules::Finding;

const NAME: usize = 32;
const IN_ALL: usize = 8000;
const CHOICE: usize = 100;

/// A slash command's number among the kinds of command.
pub(super) const CHAT_INPUT: u64 = 1;
/// A subcommand's number among the kinds of option.
pub(super) const SUBCOMMAND: u64 = 1;
/// A group of subcommands' number among the kinds of option.
pub(super) const GROUP: u64 = 2;

/// Checks one command.
pub(super) fn command(command: &Value) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut refuse = |text: String| found.push(Finding::Refused(text));
    let name = command["name"].as_str().unwrap_or_default();
    let slash = command["type"].as_u64().unwrap_or(CHAT_INPUT) == CHAT_INPUT;
    let description = command["description"].as_str().unwrap_or_default();
    if slash {
        check_name(name, &mut refuse);
        for (_, translated) in command["name_localizations"].as_object().into_iter().flatten() {
            check_name(translated.as_str().unwrap_or_default(), &mut refuse);
        }
        if description.is_empty() {
            refuse(format!("the command {name:?} has no description"));
        }
    } else {
        if name.is_empty() || name.chars().count() > NAME {
            refuse(format!("the command name {name:?} has not 1 to {NAME} characters"));
        }
        if !description.is_empty() {
            refuse(format!("the context menu command {name:?} has a description"));
        }
        if command["options"].as_array().is_some_and(|options| !options.is_empty()) {
            refuse(format!("the context menu command {name:?} has options"));
        }
    }
    options(name, &command["options"], 0, &mut refuse);
    let size = size(command);
    if size > IN_ALL {
        refuse(format!("the command {name:?} has {size} characters in all, {IN_ALL} allowed"));
    }
    found
}

/// Checks a list of commands that is to replace all others.
pub(super) fn bulk(commands: &Value) -> Vec<Finding> {
    let commands = commands.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut found: Vec<_> = commands.iter().flat_map(command).collect();
    let mut seen = HashSet::new();
    for command in commands {
        let key = (command["type"].as_u64().unwrap_or(CHAT_INPUT), command["name"].as_str());
        if !seen.insert(key) {
            found.push(Finding::Refused(format!("the command {} twice", command["name"])));
        }
    }
    found
}

/// Checks the choices of an autocomplete answer.
pub(super) fn choices(choices: &[Value]) -> Vec<Finding> {
    let mut found = Vec::new();
    for choice in choices {
        let name = choice["name"].as_str().unwrap_or_default();
        let value = choice["value"].as_str().unwrap_or_default();
        if name.trim().is_empty() || name.chars().count() > CHOICE {
            found.push(Finding::Refused(format!("the choice {name:?} has not 1 to 100 characters")));
        }
        if value.chars().count() > CHOICE {
            found.push(Finding::Refused(format!("the choice {name:?} has too long a value")));
        }
    }
    found
}

fn options(of: &str, options: &Value, depth: usize, refuse: &mut impl FnMut(String)) {
    let options = options.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut seen = HashSet::new();
    let mut optional = false;
    for option in options {
        let name = option["name"].as_str().unwrap_or_default();
        check_name(name, refuse);
        if !seen.insert(name) {
            refuse(format!("{of:?} has the option {name:?} twice"));
        }
        let kind = option["type"].as_u64().unwrap_or_default();
        if matches!(kind, SUBCOMMAND | GROUP) {
            if depth > 1 || (kind == GROUP && depth > 0) {
                refuse(format!("the subcommand {name:?} is nested too deep"));
            }
            self::options(name, &option["options"], depth + 1, refuse);
            continue;
        }
        let required = option["required"] == true;
        if required && optional {
            refuse(format!("the required option {name:?} stands after an optional one"));
        }
        optional |= !required;
        let choices = option["choices"].as_array().map(Vec::as_slice).unwrap_or_default();
        if !choices.is_empty() && option["autocomplete"] == true {
            refuse(format!("the option {name:?} has choices and autocomplete"));
        }
    }
    let subcommands = options.iter().filter(|it| matches!(it["type"].as_u64(), Some(1 | 2)));
    let subcommands = subcommands.count();
    if subcommands > 0 && subcommands < options.len() {
        refuse(format!("{of:?} mixes subcommands with options"));
    }
}

/// `^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$`, in lower case where there is one.
fn check_name(name: &str, refuse: &mut impl FnMut(String)) {
    // Devanagari and Thai need their vowel signs, which are no letters of their own.
    let script = |c: char| matches!(c, '\u{900}'..='\u{97f}' | '\u{e00}'..='\u{e7f}');
    let allowed = |c: char| matches!(c, '-' | '_' | '\'') || c.is_alphanumeric() || script(c);
    let length = name.chars().count();
    if length == 0 || length > NAME || !name.chars().all(allowed) {
        refuse(format!("the name {name:?} breaks Discord's pattern for names"));
    } else if name.to_lowercase() != name {
        refuse(format!("the name {name:?} is not in lower case"));
    }
}

/// The combined length of names, descriptions and values. Of a text and its translations the
/// longest counts.
fn size(command: &Value) -> usize {
    let length = |text: &Value| text.as_str().map_or(0, |text| text.chars().count());
    let longest = |part: &str| {
        let others = command[format!("{part}_localizations")].as_object().into_iter().flatten();
        let others = others.map(|(_, text)| length(text)).max().unwrap_or(0);
        length(&command[part]).max(others)
    };
    let nested = |part: &str| command[part].as_array().map(Vec::as_slice).unwrap_or_default();
    let choices = nested("choices").iter().map(|it| length(&it["name"]) + length(&it["value"]));
    let options = nested("options").iter().map(size);
    longest("name") + longest("description") + choices.sum::<usize>() + options.sum::<usize>()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn texts(command: &Value) -> Vec<String> {
        self::command(command).iter().map(|it| it.text().to_owned()).collect()
    }

    #[test]
    fn a_slash_name_follows_the_pattern() {
        let named = |name: &str| json!({"name": name, "description": "x"});
        for good in ["source", "quelle-für", "स्रोत", "出典", "l'auteur"] {
            assert_eq!(texts(&named(good)), [""; 0], "{good}");
        }
        for bad in ["Source", "two words", "", "semi;colon", &"x".repeat(33)] {
            assert_eq!(texts(&named(bad)).len(), 1, "{bad}");
        }
        assert_eq!(texts(&json!({"name": "Find sources", "type": 3})), [""; 0]);
    }

    #[test]
    fn required_options_come_first() {
        let option =
            |name: &str, required: bool| json!({"type": 3, "name": name, "description": "x", "required": required});
        let with = |options: Value| json!({"name": "a", "description": "x", "options": options});
        assert_eq!(texts(&with(json!([option("a", true), option("b", false)]))), [""; 0]);
        assert_eq!(texts(&with(json!([option("a", false), option("b", true)]))).len(), 1);
    }
}
