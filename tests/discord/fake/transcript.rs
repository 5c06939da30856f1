//! Writes down what a channel shows, as text that is the same at every run: names for numbers,
//! no times. Embeds and components become lines, buttons `[label]`, links `[label → address]`.

use serde_json::Value;

use super::FakeDiscord;
use super::ids::{ChannelId, GuildId, MessageId, UserId};
use super::interactions::Interaction;
use super::state::State;
use super::world::{Nature, StoredMessage};

/// No Discord number of the last years is shorter.
const SHORTEST_ID: usize = 15;

impl FakeDiscord {
    /// What a channel shows at the moment, with what people used in between, in order. Private
    /// messages are marked with the name of the one who sees them.
    pub(crate) fn transcript(&self, channel: ChannelId) -> String {
        let state = self.shared.look();
        let place = state.world.channel(channel);
        let messages = place.messages.iter().map(|id| state.world.message(*id));
        let messages = messages.filter(|it| !it.deleted);
        let used = state.interactions.iter().filter(|it| it.channel == channel);
        let mut parts: Vec<(u64, String)> = messages
            .map(|it| (it.id.0, message(&state, it)))
            .chain(used.map(|it| (it.id.0, interaction(&state, it))))
            .collect();
        parts.sort();
        parts.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join("\n")
    }
}

/// One message as text.
pub(super) fn message(state: &State, message: &StoredMessage) -> String {
    let mut lines = Vec::new();
    if message.is_loading() {
        lines.push("(thinking…)".to_owned());
    }
    lines.extend(message.content.lines().map(str::to_owned));
    for embed in &message.embeds {
        self::embed(embed, &mut lines);
    }
    components(&message.components, &mut lines);
    for attachment in &message.attachments {
        lines.push(format!("(file {})", text(&attachment["filename"])));
    }
    for (emoji, users) in &message.reactions {
        let names: Vec<_> = users.iter().map(|id| state.world.user(*id).name.as_str()).collect();
        lines.push(format!("({emoji} by {})", names.join(", ")));
    }
    let body: String = lines.iter().map(|line| format!("  {line}").trim_end().to_owned() + "\n").collect();
    mask(state, message.channel, &format!("{}\n{body}", head(state, message)))
}

fn head(state: &State, message: &StoredMessage) -> String {
    let world = &state.world;
    let author = world.user(message.author);
    let nature = match author.nature {
        Nature::Person => "",
        Nature::Bot => " (bot)",
        Nature::Webhook => " (webhook)",
    };
    let answered = message.interaction.and_then(|id| state.interactions.get(id));
    let replied = message.reference.and_then(|id| world.messages.get(&id));
    let doing = match (answered, replied) {
        (Some(interaction), _) => format!(" answers {}", world.user(interaction.asker).name),
        (None, Some(replied)) => format!(" replies to {}", world.user(replied.author).name),
        (None, None) if message.reference.is_some() => " replies to a lost message".to_owned(),
        (None, None) => String::new(),
    };
    let privately = if message.audience.is_some() { " privately" } else { "" };
    let edited = if message.edits > 0 { " (edited)" } else { "" };
    format!("{}{nature}{doing}{privately}{edited}:", author.name)
}

fn interaction(state: &State, interaction: &Interaction) -> String {
    let name = &state.world.user(interaction.asker).name;
    let mut line = format!("{name} {}\n", interaction.shown);
    if let Some(choices) = &interaction.choices {
        for choice in choices {
            line.push_str(&format!("  · {}\n", text(&choice["name"])));
        }
    }
    if let Some(modal) = &interaction.modal {
        line.push_str(&format!("  (form “{}”)\n", text(&modal["title"])));
    }
    mask(state, interaction.channel, &line)
}

fn embed(embed: &Value, lines: &mut Vec<String>) {
    let mut own = Vec::new();
    let linked = |name: &Value, url: &Value| match url.as_str() {
        Some(url) => format!("{} <{url}>", text(name)),
        None => text(name).to_owned(),
    };
    if embed["author"].is_object() {
        own.push(linked(&embed["author"]["name"], &embed["author"]["url"]));
    }
    if embed["title"].is_string() {
        own.push(format!("# {}", linked(&embed["title"], &embed["url"])));
    }
    own.extend(text(&embed["description"]).lines().map(str::to_owned));
    for field in embed["fields"].as_array().into_iter().flatten() {
        own.push(format!("## {}", text(&field["name"])));
        own.extend(text(&field["value"]).lines().map(str::to_owned));
    }
    for picture in ["image", "thumbnail"] {
        if let Some(url) = embed[picture]["url"].as_str() {
            own.push(format!("({picture} <{url}>)"));
        }
    }
    if embed["footer"].is_object() {
        own.push(format!("— {}", text(&embed["footer"]["text"])));
    }
    lines.extend(own.into_iter().map(|line| format!("┃ {line}")));
}

fn components(components: &[Value], lines: &mut Vec<String>) {
    for component in components {
        let inner = component["components"].as_array().map(Vec::as_slice).unwrap_or_default();
        match component["type"].as_u64() {
            Some(1) => lines.push(inner.iter().map(control).collect::<Vec<_>>().join(" ")),
            Some(9) => {
                self::components(inner, lines);
                lines.push(control(&component["accessory"]));
            }
            Some(10) => lines.extend(text(&component["content"]).lines().map(str::to_owned)),
            Some(12) => {
                for item in component["items"].as_array().into_iter().flatten() {
                    lines.push(format!("(picture <{}>)", text(&item["media"]["url"])));
                }
            }
            Some(13) => lines.push(format!("(file <{}>)", text(&component["file"]["url"]))),
            Some(14) => lines.push("────".to_owned()),
            Some(17) => {
                let mut own = Vec::new();
                self::components(inner, &mut own);
                lines.extend(own.into_iter().map(|line| format!("│ {line}")));
            }
            _ => lines.push(control(component)),
        }
    }
}

/// A button, a menu or a thumbnail.
fn control(component: &Value) -> String {
    match component["type"].as_u64() {
        Some(2) => {
            let emoji = text(&component["emoji"]["name"]);
            let label = format!("{emoji} {}", text(&component["label"])).trim().to_owned();
            let off = if component["disabled"] == true { ", disabled" } else { "" };
            match component["url"].as_str() {
                Some(url) => format!("[{label} → {url}]"),
                None => format!("[{label}{off}]"),
            }
        }
        Some(3) => {
            let options = component["options"].as_array().into_iter().flatten();
            let options: Vec<_> = options.map(|it| text(&it["label"])).collect();
            format!("<{}: {}>", text(&component["placeholder"]), options.join(" | "))
        }
        Some(5..=8) => format!("<{}>", text(&component["placeholder"])),
        Some(11) => format!("(thumbnail <{}>)", text(&component["media"]["url"])),
        other => format!("(component {})", other.unwrap_or_default()),
    }
}

/// Puts names in the place of Discord's numbers.
fn mask(state: &State, channel: ChannelId, text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut digits = String::new();
    for c in text.chars().chain(['\0']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        if digits.len() >= SHORTEST_ID {
            masked.push_str(&name_of(state, channel, digits.parse().unwrap_or(0)));
        } else {
            masked.push_str(&digits);
        }
        digits.clear();
        if c != '\0' {
            masked.push(c);
        }
    }
    masked
}

fn name_of(state: &State, channel: ChannelId, id: u64) -> String {
    let world = &state.world;
    if let Some(user) = world.users.get(&UserId(id)) {
        return user.name.clone();
    }
    if let Some(channel) = world.channels.get(&ChannelId(id)) {
        return channel.name.clone();
    }
    if let Some(guild) = world.guilds.get(&GuildId(id)) {
        return guild.name.clone();
    }
    let there = world.channels.get(&channel).map(|it| it.messages.as_slice()).unwrap_or_default();
    match there.iter().position(|it| *it == MessageId(id)) {
        Some(at) => format!("message-{}", at + 1),
        None => "some-id".to_owned(),
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
