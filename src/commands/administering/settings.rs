//! `settings`: how the bot behaves in one community. It gives no rights over the records.

use crate::commands::{
    Arguments, ChatOrigin, ChatUse, CommandError, CommandScope, CommandSpec, Context, Effect, Parameter, ParameterKind,
    ParameterPlace, calls,
};
use crate::{
    model::Role,
    reply::{Fact, Outcome, Reply, Text},
    store::CommunitySettings,
};

pub(in crate::commands) static SPEC: CommandSpec = CommandSpec {
    name: "settings",
    aliases: &["setup"],
    summary: "How the bot behaves in this community, for those who manage it",
    details: &[
        "Without options it shows what is set. Whoever may manage the community on its platform may change it; \
         that gives no rights over the records.",
        "channels:here adds this channel to those where questions are answered for all to see, channels:not-here \
         takes it away, channels:everywhere lifts the restriction. A thread is added by itself, and counts as its \
         channel where that was added.",
        "visibility:private shows answers to the asker alone, as far as the platform can.",
    ],
    examples: &["settings", "settings prefix:?", "settings channels:here visibility:private"],
    parameters: &[
        Parameter {
            name: "prefix",
            aliases: &[],
            summary: "What stands before a command that is typed: 1 to 5 signs, like ! or ?",
            kind: ParameterKind::Prefix,
            place: ParameterPlace::Named,
            required: false,
        },
        Parameter {
            name: "channels",
            aliases: &["channel"],
            summary: "Where questions are answered for all to see: here too, not here, or everywhere",
            kind: ParameterKind::Choice(&["here", "not-here", "everywhere"]),
            place: ParameterPlace::Named,
            required: false,
        },
        Parameter {
            name: "visibility",
            aliases: &["answers"],
            summary: "Whether answers are for everyone or for the asker alone",
            kind: ParameterKind::Choice(&["public", "private"]),
            place: ParameterPlace::Named,
            required: false,
        },
        Parameter {
            name: "suggestions",
            aliases: &[],
            summary: "Whether members may hand in links: on or off",
            kind: ParameterKind::Choice(&["on", "off"]),
            place: ParameterPlace::Named,
            required: false,
        },
        Parameter {
            name: "language",
            aliases: &["lang"],
            summary: "The language of the bot's own words; so far there is English",
            kind: ParameterKind::Choice(&["en"]),
            place: ParameterPlace::Named,
            required: false,
        },
    ],
    role: Role::Reader,
    effect: Effect::Writes,
    chat: ChatUse { scope: CommandScope::Community, ..ChatUse::PLAIN },
    run,
};

fn run(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let request = &context.request;
    let Some((id, origin)) = request.community() else {
        return Ok(
            Reply::new(Outcome::NothingFound).heading("There is nothing to set here: settings belong to a community.")
        );
    };
    let before = request.communities.of(id);
    if arguments.is_empty() {
        return Ok(shown(origin, &before, "Settings of this community"));
    }
    if !origin.may_manage_community {
        return Ok(Reply::new(Outcome::Misused)
            .heading("Only those who may manage this community can change its settings.")
            .hint("That is the permission Manage Server on Discord, and a power level of 50 on Matrix."));
    }
    let after = changed(before, arguments, origin);
    request.communities.change(request.store, id, after.clone(), request.actor, request.now)?;
    Ok(shown(origin, &after, "Changed. Settings of this community"))
}

fn changed(mut settings: CommunitySettings, arguments: &Arguments, origin: &ChatOrigin) -> CommunitySettings {
    if let Some(prefix) = arguments.text("prefix") {
        settings.prefix = Some(prefix.to_owned());
    }
    match arguments.text("channels") {
        // What is said in a thread is meant of it: its channel may be one where nobody wants the bot.
        Some("here") if !is_among(&settings, origin) => settings.channels.push(origin.channel.clone()),
        Some("not-here") => settings.channels.retain(|known| *known != origin.channel && *known != origin.home()),
        Some("everywhere") => settings.channels.clear(),
        Some(_) | None => {}
    }
    if let Some(visibility) = arguments.text("visibility") {
        settings.private = visibility == "private";
    }
    if let Some(suggestions) = arguments.text("suggestions") {
        settings.no_suggestions = suggestions == "off";
    }
    settings
}

/// Whether questions are answered in a place because it is named, or because its channel is.
fn is_among(settings: &CommunitySettings, origin: &ChatOrigin) -> bool {
    settings.channels.iter().any(|known| *known == origin.channel || *known == origin.home())
}

fn shown(origin: &ChatOrigin, settings: &CommunitySettings, heading: &str) -> Reply {
    let here = is_among(settings, origin);
    let channels = match (settings.channels.len(), here) {
        (0, _) => "everywhere".to_owned(),
        (1, true) => "in this channel".to_owned(),
        (1, false) => "in one channel, not this one".to_owned(),
        (several, true) => format!("in {several} channels, this one among them"),
        (several, false) => format!("in {several} channels, not this one"),
    };
    let prefix = settings
        .prefix
        .as_ref()
        .map_or_else(|| Text::from("as the operator has it"), |prefix| Text::new().syntax(prefix.clone()));
    let visibility = if settings.private { "to the asker alone" } else { "to everyone" };
    let facts = vec![
        Fact { label: "Prefix".into(), value: prefix },
        Fact { label: "Answers in public".into(), value: channels.into() },
        Fact { label: "Answers are shown".into(), value: visibility.into() },
        Fact { label: "Suggestions".into(), value: if settings.no_suggestions { "off" } else { "on" }.into() },
        Fact { label: "Language".into(), value: "English".into() },
    ];
    Reply::new(Outcome::Answered)
        .heading(heading)
        .facts(facts)
        .hint(Text::from("What can be set: ").ask(calls::help(Some(SPEC.name))))
}
