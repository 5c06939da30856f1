//! The application's commands as Discord keeps them: global ones and those of one guild, with
//! ids that stay and versions that change when a command does.

use serde_json::{Map, Value, json};

use super::command_rules::{self, CHAT_INPUT};
use super::error::ApiError;
use super::ids::{CommandId, GuildId, Snowflakes};
use super::rest::{Answer, Call};
use super::state::State;

/// One registered command.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Registered {
    pub(super) id: CommandId,
    pub(super) guild: Option<GuildId>,
    version: u64,
    /// The definition, without what says nothing: nulls, `false` and empty lists.
    pub(super) definition: Map<String, Value>,
}

/// All commands in the order in which they were registered.
#[derive(Debug, Default)]
pub(super) struct CommandStore {
    all: Vec<Registered>,
}

impl CommandStore {
    /// A command by name, the guild's own before the global one.
    pub(super) fn find(&self, guild: Option<GuildId>, name: &str, kind: u64) -> Option<&Registered> {
        let named = |it: &&Registered| it.name() == name && it.kind() == kind;
        let own = self.all.iter().filter(|it| it.guild.is_some() && it.guild == guild);
        own.chain(self.all.iter().filter(|it| it.guild.is_none())).find(named)
    }

    /// The commands of one guild, or the global ones.
    pub(super) fn of(&self, guild: Option<GuildId>) -> impl Iterator<Item = &Registered> {
        self.all.iter().filter(move |it| it.guild == guild)
    }

    /// Registers a command, in the place of one with its name. Tells whether it is new.
    fn put(
        &mut self,
        flakes: &mut Snowflakes,
        guild: Option<GuildId>,
        definition: Map<String, Value>,
    ) -> (&Registered, bool) {
        let new = Registered {
            id: CommandId(flakes.next()),
            guild,
            version: flakes.next(),
            definition: meaningful(definition),
        };
        let same = |it: &Registered| it.guild == guild && it.name() == new.name() && it.kind() == new.kind();
        if let Some(at) = self.all.iter().position(same) {
            let old = &mut self.all[at];
            if old.definition != new.definition {
                old.definition = new.definition;
                old.version = new.version;
            }
            return (&self.all[at], false);
        }
        self.all.push(new);
        (&self.all[self.all.len() - 1], true)
    }
}

impl Registered {
    pub(super) fn name(&self) -> &str {
        self.definition.get("name").and_then(Value::as_str).unwrap_or_default()
    }

    pub(super) fn kind(&self) -> u64 {
        self.definition.get("type").and_then(Value::as_u64).unwrap_or(CHAT_INPUT)
    }

    /// The permissions a member needs to be offered the command.
    pub(super) fn needs(&self) -> u64 {
        let bits = self.definition.get("default_member_permissions");
        let text = bits.and_then(Value::as_str).and_then(|bits| bits.parse().ok());
        text.or_else(|| bits.and_then(Value::as_u64)).unwrap_or(0)
    }

    /// The command as Discord gives it. Translations come only when they are asked for.
    fn payload(&self, application: u64, localized: bool) -> Value {
        let mut value = json!({
            "id": self.id.to_string(),
            "application_id": application.to_string(),
            "version": self.version.to_string(),
            "type": CHAT_INPUT,
            "description": "",
            "default_member_permissions": null,
            "dm_permission": true,
            "contexts": null,
            "integration_types": [0],
            "nsfw": false,
        });
        if let Some(guild) = self.guild {
            value["guild_id"] = guild.to_string().into();
        }
        let mut definition = self.definition.clone();
        if let Some(bits) = definition.get_mut("default_member_permissions")
            && bits.is_number()
        {
            *bits = bits.to_string().into();
        }
        super::payloads::merge(&mut value, Value::Object(definition));
        if !localized {
            without_translations(&mut value);
        }
        value
    }
}

/// Answers the requests about commands.
pub(super) fn handle(state: &mut State, call: &Call) -> Answer {
    let guild: Option<GuildId> = call.parameters.contains_key("guild_id").then(|| call.id("guild_id"));
    if guild.is_some_and(|guild| !state.world.guilds.contains_key(&guild)) {
        return Err(ApiError::missing_access());
    }
    let application = state.world.application;
    let at = state.commands.all.iter().position(|it| {
        it.guild == guild && call.parameters.contains_key("command_id") && it.id == call.id("command_id")
    });
    let at = at.ok_or_else(ApiError::unknown_command);
    match call.operation {
        "list_application_commands" | "list_guild_application_commands" => {
            let localized = call.query.get("with_localizations").is_some_and(|it| it == "true");
            let all = state.commands.of(guild).map(|it| it.payload(application, localized));
            Ok((200, all.collect()))
        }
        "create_application_command" | "create_guild_application_command" => {
            let definition = call.body.as_object().cloned().unwrap_or_default();
            let flakes = &mut state.world.flakes;
            let (command, new) = state.commands.put(flakes, guild, definition);
            Ok((if new { 201 } else { 200 }, command.payload(application, true)))
        }
        "bulk_set_application_commands" | "bulk_set_guild_application_commands" => {
            let bodies = call.body.as_array().map(Vec::as_slice).unwrap_or_default();
            let kept: Vec<CommandId> = bodies
                .iter()
                .filter_map(Value::as_object)
                .map(|body| state.commands.put(&mut state.world.flakes, guild, body.clone()).0.id)
                .collect();
            state.commands.all.retain(|it| it.guild != guild || kept.contains(&it.id));
            let all = state.commands.of(guild).map(|it| it.payload(application, true));
            Ok((200, all.collect()))
        }
        "get_application_command" | "get_guild_application_command" => {
            Ok((200, state.commands.all[at?].payload(application, true)))
        }
        "update_application_command" | "update_guild_application_command" => {
            let command = &mut state.commands.all[at?];
            let mut definition = command.definition.clone();
            definition.extend(call.body.as_object().cloned().unwrap_or_default());
            let findings = command_rules::command(&Value::Object(definition.clone()));
            let definition = meaningful(definition);
            if definition != command.definition {
                command.definition = definition;
                command.version = state.world.flakes.next();
            }
            let answer = command.payload(application, true);
            for finding in findings {
                state.violation(call.operation, finding.text());
            }
            Ok((200, answer))
        }
        "delete_application_command" | "delete_guild_application_command" => {
            state.commands.all.remove(at?);
            Ok((204, Value::Null))
        }
        _ => Err(ApiError::not_modelled()),
    }
}

/// Leaves out what Discord doesn't give back because it says nothing.
fn meaningful(definition: Map<String, Value>) -> Map<String, Value> {
    let says_nothing = |value: &Value| match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(true) | Value::Number(_) | Value::String(_) => false,
    };
    let deep = |value: Value| match value {
        Value::Array(items) => items
            .into_iter()
            .map(|item| match item {
                Value::Object(map) => Value::Object(meaningful(map)),
                other => other,
            })
            .collect(),
        other => other,
    };
    let kept = definition.into_iter().map(|(key, value)| (key, deep(value)));
    // `false` has a meaning where the default is `true`.
    kept.filter(|(key, value)| key == "dm_permission" || !says_nothing(value)).collect()
}

fn without_translations(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|key, _| !key.ends_with("_localizations"));
            map.values_mut().for_each(without_translations);
        }
        Value::Array(items) => items.iter_mut().for_each(without_translations),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
