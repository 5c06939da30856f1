//! Acting as the people on Discord who type slash commands: which are offered to them, what their
//! values become, and what autocomplete shows.

use serde_json::{Value, json};

use super::FakeDiscord;
use super::command_rules::{CHAT_INPUT, GROUP, SUBCOMMAND};
use super::commands::Registered;
use super::ids::{ChannelId, InteractionId, UserId};
use super::interactions::Kind;
use super::payloads;
use super::permissions::{self, USE_APPLICATION_COMMANDS};
use super::state::State;

/// A choice that autocomplete offers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Choice {
    /// What the person reads.
    pub(crate) name: String,
    /// What the bot gets when it is taken.
    pub(crate) value: Value,
}

impl FakeDiscord {
    /// Whether Discord's client offers a slash command to somebody in a channel.
    pub(crate) fn is_offered(&self, channel: ChannelId, user: UserId, command: &str) -> bool {
        let state = self.shared.look();
        let guild = state.world.guild_of(channel);
        let name = command.split(' ').next().unwrap_or_default();
        let found = state.commands.find(guild, name, CHAT_INPUT);
        found.is_some_and(|command| offered(&state, channel, user, command))
    }

    /// Uses a slash command. A subcommand is named after a space: `settings prefix`. Values are
    /// written as text and become what the option's type asks for.
    ///
    /// # Panics
    /// If Discord's client would not let that happen: no such command or option, a required
    /// option left out, a value that is none of the choices, a permission missing.
    pub(crate) fn slash(
        &self,
        channel: ChannelId,
        user: UserId,
        command: &str,
        options: &[(&str, &str)],
    ) -> InteractionId {
        self.shared.change(|state| {
            let data = slash_data(state, channel, user, command, options, None);
            let given = options.iter().map(|(name, value)| format!(" {name}:{value}"));
            let shown = format!("uses /{command}{}", given.collect::<String>());
            state.interact(Kind::Command, (user, channel), shown, None, data)
        })
    }

    /// Types into an option of a slash command and gives the choices that the bot offers.
    ///
    /// # Panics
    /// If the bot offers none in the time that Discord gives it.
    pub(crate) async fn autocomplete(
        &self,
        channel: ChannelId,
        user: UserId,
        command: &str,
        options: &[(&str, &str)],
        focused: (&str, &str),
    ) -> Vec<Choice> {
        let id = self.start_autocomplete(channel, user, command, options, focused);
        let patience = self.shared.look().settings.acknowledge_within;
        let offered = self.shared.wait(patience, |state| state.interactions.get(id)?.choices.clone());
        let offered = offered.await;
        let offered = offered.unwrap_or_else(|| panic!("no choices for {focused:?} in time"));
        let choice = |it: &Value| Choice {
            name: it["name"].as_str().unwrap_or_default().to_owned(),
            value: it["value"].clone(),
        };
        offered.iter().map(choice).collect()
    }

    /// Types into an option and waits for nothing, as somebody does who types on.
    pub(crate) fn start_autocomplete(
        &self,
        channel: ChannelId,
        user: UserId,
        command: &str,
        options: &[(&str, &str)],
        focused: (&str, &str),
    ) -> InteractionId {
        self.shared.change(|state| {
            let mut all = options.to_vec();
            all.push(focused);
            let data = slash_data(state, channel, user, command, &all, Some(focused.0));
            let shown = format!("types /{command} {}:{}…", focused.0, focused.1);
            state.interact(Kind::Autocomplete, (user, channel), shown, None, data)
        })
    }
}

/// Whether Discord's client offers a command to somebody in a channel.
pub(super) fn offered(state: &State, channel: ChannelId, user: UserId, command: &Registered) -> bool {
    let needs = command.needs() | USE_APPLICATION_COMMANDS;
    let contexts = command.definition.get("contexts").and_then(Value::as_array);
    let context = state.world.context_of(channel);
    let installed = u8::from(state.world.is_foreign(channel));
    let kinds = command.definition.get("integration_types").and_then(Value::as_array);
    if !kinds.map_or(installed == 0, |all| all.contains(&installed.into())) {
        return false;
    }
    let here = contexts.is_none_or(|all| all.contains(&context.into()));
    let in_dm = context != 0;
    let dm_allowed = command.definition.get("dm_permission") != Some(&Value::Bool(false));
    // In direct messages no role asks for anything.
    here && (if in_dm { dm_allowed } else { state.may(user, channel, needs) })
}

/// The data of a slash command, or of its autocomplete if an option is focused.
fn slash_data(
    state: &State,
    channel: ChannelId,
    user: UserId,
    command: &str,
    given: &[(&str, &str)],
    focused: Option<&str>,
) -> Value {
    let mut words = command.split(' ');
    let name = words.next().unwrap_or_default();
    let guild = state.world.guild_of(channel);
    let registered = state.commands.find(guild, name, CHAT_INPUT);
    let registered = registered.unwrap_or_else(|| {
        let known = state.commands.of(None).chain(state.commands.of(guild));
        panic!("no command /{name}; there are {:?}", known.map(Registered::name).collect::<Vec<_>>())
    });
    assert!(offered(state, channel, user, registered), "/{name} is not offered to {user} here");
    let mut definition = &Value::Object(registered.definition.clone());
    let mut path = Vec::new();
    for word in words {
        let options = definition["options"].as_array().map(Vec::as_slice).unwrap_or_default();
        let next = options.iter().find(|it| it["name"] == word);
        definition = next.unwrap_or_else(|| panic!("/{command} has no {word:?}"));
        path.push((word, definition["type"].clone()));
    }
    let mut resolved = json!({});
    let mut options = chosen(state, channel, definition, given, focused, &mut resolved);
    for (word, kind) in path.into_iter().rev() {
        options = json!([{"name": word, "type": kind, "options": options}]);
    }
    let mut data = json!({
        "id": registered.id.to_string(),
        "name": name,
        "type": CHAT_INPUT,
        "options": options,
        "resolved": resolved,
    });
    if let Some(guild) = registered.guild {
        data["guild_id"] = guild.to_string().into();
    }
    data
}

fn chosen(
    state: &State,
    channel: ChannelId,
    definition: &Value,
    given: &[(&str, &str)],
    focused: Option<&str>,
    resolved: &mut Value,
) -> Value {
    let options = definition["options"].as_array().map(Vec::as_slice).unwrap_or_default();
    let nested = |it: &Value| matches!(it["type"].as_u64(), Some(SUBCOMMAND | GROUP));
    assert!(!options.iter().any(nested), "{} needs a subcommand", definition["name"]);
    for option in options.iter().filter(|it| it["required"] == true && focused.is_none()) {
        let there = given.iter().any(|(name, _)| option["name"] == *name);
        assert!(there, "the option {} is required", option["name"]);
    }
    let one = |(name, text): &(&str, &str)| {
        let option = options.iter().find(|it| it["name"] == *name);
        let option = option.unwrap_or_else(|| panic!("no option {name:?}"));
        let mut value = json!({"name": name, "type": option["type"]});
        if focused == Some(name) {
            assert!(option["autocomplete"] == true, "{name:?} has no autocomplete");
            value["focused"] = true.into();
            // While it is typed a value is text, whatever it will be.
            value["value"] = (*text).into();
        } else {
            value["value"] = typed(state, channel, option, text, resolved);
        }
        value
    };
    given.iter().map(one).collect()
}

/// A value as the option's type has it. What it refers to is added to `resolved`.
fn typed(state: &State, channel: ChannelId, option: &Value, text: &str, resolved: &mut Value) -> Value {
    let bad = |what: &str| -> ! { panic!("{} takes {what}, not {text:?}", option["name"]) };
    let world = &state.world;
    let value: Value = match option["type"].as_u64() {
        Some(4) => text.parse::<i64>().map_or_else(|_| bad("an integer"), Into::into),
        Some(5) => text.parse::<bool>().map_or_else(|_| bad("a boolean"), Into::into),
        Some(10) => text.parse::<f64>().map_or_else(|_| bad("a number"), Into::into),
        Some(kind @ (6..=9)) => {
            let Ok(id) = text.parse::<u64>() else { bad("an id") };
            if let Some(user) = world.users.get(&UserId(id)).filter(|_| kind != 7) {
                resolved["users"][text] = payloads::user(world, user.id);
                if let Some(guild) = world.guild_of(channel) {
                    let guild = &world.guilds[&guild];
                    resolved["members"][text] = payloads::member(world, guild, user.id, false);
                    let bits = permissions::in_guild(guild, user.id).to_string();
                    resolved["members"][text]["permissions"] = bits.into();
                }
            }
            if let Some(place) = world.channels.get(&ChannelId(id)).filter(|_| kind == 7) {
                let asker = world.bot;
                resolved["channels"][text] = payloads::partial_channel(world, place, asker);
            }
            text.into()
        }
        _ => text.into(),
    };
    let choices = option["choices"].as_array().map(Vec::as_slice).unwrap_or_default();
    if !choices.is_empty() && !choices.iter().any(|it| it["value"] == value) {
        bad("one of its choices");
    }
    value
}
