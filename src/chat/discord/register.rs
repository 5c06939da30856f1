//! Registering the commands with Discord: made from the one definition of each, and written only
//! where Discord has something else.

use std::{
    sync::{Arc, Weak, atomic::Ordering},
    time::Duration,
};

use serde_json::{Value, json};

use super::bot::DiscordBot;
use crate::commands::{COMMANDS, CommandReach, CommandScope, CommandSpec, Parameter, ParameterKind, find};

/// The command in a message's context menu.
const FIND_SOURCES: &str = "Find sources";

/// The option that every slash command has beside its own.
pub(super) const PRIVATE: &str = "private";

/// Whom Discord offers a command to where a server has set nothing else (Discord, "Permissions": bits, as text). It gives
/// nobody a role.
const MANAGE_SERVER: &str = "32";
const MANAGE_MESSAGES: &str = "8192";

/// The option by which someone on Discord is picked.
const USER: &str = "user";

/// Up to so many differences are written one by one; more of them in one request, as Discord takes
/// two hundred new commands a day and every request has its limit.
const FEW: usize = 3;

/// How long to wait before the next attempt where Discord doesn't take the commands; after the last, as long again.
const PAUSES: [Duration; 5] = [
    Duration::from_secs(5),
    Duration::from_secs(15),
    Duration::from_secs(60),
    Duration::from_secs(300),
    Duration::from_secs(900),
];

/// Registers the commands, again and again until Discord has them or the bot leaves.
pub(super) async fn register_in_time(bot: Weak<DiscordBot>) {
    let mut failures = 0;
    loop {
        {
            let Some(bot) = bot.upgrade() else { return };
            if !bot.open.load(Ordering::Relaxed) {
                return;
            }
            // What is begun is finished before the bot leaves; without room there is no time for it either.
            if let Ok(_place) = Arc::clone(&bot.in_hand).try_acquire_owned()
                && bot.register().await == Registration::Done
            {
                return;
            }
        }
        let pause = PAUSES.get(failures).or(PAUSES.last()).copied().unwrap_or_default();
        failures += 1;
        tokio::time::sleep(pause).await;
    }
}

/// What became of bringing Discord the commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Registration {
    /// Discord has them.
    Done,
    /// It lacks some, or has some that it shouldn't.
    Failed,
}

impl DiscordBot {
    /// Brings what Discord has to what the program has.
    async fn register(&self) -> Registration {
        let Some(application) = self.application.get() else { return Registration::Failed };
        let path = format!("/applications/{application}/commands");
        let known = match self.rest.get(&path).await {
            Ok(known) => known.as_array().cloned().unwrap_or_default(),
            Err(error) => {
                tracing::warn!(%error, "the registered commands can't be read; it is tried again");
                return Registration::Failed;
            }
        };
        let wanted = definitions();
        let key = |command: &Value| (command["type"].as_u64().unwrap_or(1), command["name"].clone());
        let is_known = |command: &&Value| known.iter().any(|other| key(other) == key(command) && same(other, command));
        if wanted.iter().filter(|command| !is_known(command)).count() > FEW {
            return match self.rest.put(&path, &Value::Array(wanted)).await {
                Ok(_) => {
                    tracing::info!("the commands are registered");
                    Registration::Done
                }
                Err(error) => {
                    tracing::warn!(%error, "the commands can't be registered; it is tried again");
                    Registration::Failed
                }
            };
        }
        let mut outcome = Registration::Done;
        for command in &wanted {
            let there = known.iter().find(|other| key(other) == key(command));
            let done = match there {
                Some(other) if same(other, command) => continue,
                Some(other) => {
                    let id = other["id"].as_str().unwrap_or_default();
                    let mut body = command.clone();
                    if let Some(body) = body.as_object_mut() {
                        // The kind of a command can't be changed.
                        body.remove("type");
                    }
                    self.rest.patch(&format!("{path}/{id}"), &body).await
                }
                None => self.rest.post(&path, command).await,
            };
            if let Err(error) = done {
                tracing::warn!(discord.command = command["name"].as_str(), %error, "a command can't be registered; it is tried again");
                outcome = Registration::Failed;
            }
        }
        for other in known.iter().filter(|other| !wanted.iter().any(|command| key(command) == key(other))) {
            let id = other["id"].as_str().unwrap_or_default();
            if let Err(error) = self.rest.delete(&format!("{path}/{id}")).await {
                tracing::warn!(%error, "a command of earlier can't be taken away; it is tried again");
                outcome = Registration::Failed;
            }
        }
        if outcome == Registration::Done {
            tracing::info!("the commands are registered");
        }
        outcome
    }
}

/// All commands as Discord takes them.
pub(super) fn definitions() -> Vec<Value> {
    let mut all: Vec<Value> = COMMANDS.iter().map(|spec| definition(spec)).collect();
    let (contexts, kinds) = offered(CommandReach::Anywhere, CommandScope::Records);
    all.push(json!({"type": 3, "name": FIND_SOURCES, "contexts": contexts, "integration_types": kinds}));
    all
}

/// Where a command is offered, and to whom: in servers, in the bot's own direct messages and in others; by being
/// installed to a server, and to a person (Discord, "Interaction Contexts" and "Installation Context").
fn offered(reach: CommandReach, scope: CommandScope) -> (Value, Value) {
    match (reach, scope) {
        (CommandReach::Anywhere, _) => (json!([0, 1, 2]), json!([0, 1])),
        (CommandReach::Members, CommandScope::Community) => (json!([0]), json!([0])),
        (CommandReach::Members, _) => (json!([0, 1]), json!([0])),
    }
}

/// The option in which a command takes an account: one of Discord's can be picked instead of written.
fn picked(spec: &CommandSpec) -> Option<&Parameter> {
    spec.parameters.iter().find(|parameter| parameter.kind == ParameterKind::Identity)
}

/// The same, by the command's name.
pub(super) fn identity_of(command: &str) -> Option<&'static str> {
    find(command).and_then(picked).map(|parameter| parameter.name)
}

fn definition(spec: &CommandSpec) -> Value {
    let mut options: Vec<Value> = spec.parameters.iter().map(option).collect();
    if let Some(at) = spec.parameters.iter().position(|parameter| parameter.kind == ParameterKind::Identity) {
        // Which of the two was given is known once it is sent.
        options[at]["required"] = false.into();
        let picker = json!({"type": 6, "name": USER, "description": "Who, picked from Discord", "required": false});
        options.insert(at, picker);
        // Discord wants those first that are required.
        options.sort_by_key(|option| option["required"] != true);
    }
    let for_managers = spec.chat.scope == CommandScope::Community;
    if !for_managers {
        options.push(
            json!({"type": 5, "name": PRIVATE, "description": "Show the answer to you alone", "required": false}),
        );
    }
    let (contexts, kinds) = offered(spec.chat.reach, spec.chat.scope);
    let mut command = json!({
        "type": 1,
        "name": spec.name,
        "description": spec.summary,
        "options": options,
        "contexts": contexts,
        "integration_types": kinds,
    });
    if for_managers {
        command["default_member_permissions"] = MANAGE_SERVER.into();
    } else if spec.is_for_editors() {
        command["default_member_permissions"] = MANAGE_MESSAGES.into();
    }
    command
}

fn option(parameter: &Parameter) -> Value {
    let mut option = json!({
        "type": 3,
        "name": parameter.name,
        "description": parameter.summary,
        "required": parameter.required,
    });
    match parameter.kind {
        ParameterKind::Page => {
            option["type"] = 4.into();
            option["min_value"] = 1.into();
        }
        ParameterKind::Choice(words) => {
            option["choices"] = words.iter().map(|word| json!({"name": word, "value": word})).collect();
        }
        ParameterKind::Question
        | ParameterKind::EntityName(_)
        | ParameterKind::PublisherName
        | ParameterKind::NamePrefix(_)
        | ParameterKind::Reference
        | ParameterKind::CommandName => option["autocomplete"] = true.into(),
        ParameterKind::Number => option["type"] = 4.into(),
        ParameterKind::Message
        | ParameterKind::Date
        | ParameterKind::Language
        | ParameterKind::Prefix
        | ParameterKind::Identity
        | ParameterKind::Period
        | ParameterKind::Version
        | ParameterKind::Sentence
        | ParameterKind::Fields => {}
    }
    option
}

/// Whether Discord has a command as it should be. Discord adds what was left out.
fn same(theirs: &Value, ours: &Value) -> bool {
    match (theirs, ours) {
        (Value::Object(theirs), Value::Object(ours)) => {
            let missing_is_default = |key: &str| {
                !ours.contains_key(key)
                    && matches!(key, "options" | "choices" | "autocomplete" | "required" | "default_member_permissions")
            };
            ours.iter()
                .all(|(key, value)| theirs.get(key).map_or_else(|| is_default(value), |other| same(other, value)))
                && theirs.iter().all(|(key, value)| !missing_is_default(key) || is_default(value))
        }
        (Value::Array(theirs), Value::Array(ours)) => {
            theirs.len() == ours.len() && theirs.iter().zip(ours).all(|(theirs, ours)| same(theirs, ours))
        }
        (Value::Number(theirs), Value::Number(ours)) => theirs.as_f64() == ours.as_f64(),
        (theirs, ours) => theirs == ours,
    }
}

fn is_default(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(items) => items.is_empty(),
        Value::Bool(true) | Value::Number(_) | Value::String(_) | Value::Object(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_definition_is_within_discords_limits() {
        let all = definitions();
        assert!(all.len() <= 100);
        for command in all {
            let options = command["options"].as_array().cloned().unwrap_or_default();
            assert!(options.len() <= 25);
            let texts = std::iter::once(&command).chain(&options).filter_map(|it| it["description"].as_str());
            assert!(texts.clone().all(|text| (1..=100).contains(&text.chars().count())), "{command}");
            let first_optional = options.iter().position(|option| option["required"] == false).unwrap_or(options.len());
            assert!(options.iter().skip(first_optional).all(|option| option["required"] == false));
        }
    }

    #[test]
    fn what_discord_adds_is_no_difference_and_what_it_lacks_is() {
        let ours = definition(COMMANDS[0]);
        let mut theirs = ours.clone();
        theirs["id"] = "1".into();
        theirs["default_member_permissions"] = Value::Null;
        theirs["options"][0].as_object_mut().unwrap().remove("required");
        assert!(same(&theirs, &ours));
        theirs["description"] = "Another".into();
        assert!(!same(&theirs, &ours));
        let mut theirs = ours.clone();
        theirs["options"].as_array_mut().unwrap().pop();
        assert!(!same(&theirs, &ours));
    }
}
