//! `settings`: how the bot behaves in one community. It gives no rights over the records.

use crate::commands::{Arguments, ChatOrigin, CommandError, Context, calls, definitions::administering::SETTINGS};
use crate::{
    reply::{Fact, Outcome, Reply, Text},
    store::CommunitySettings,
};

pub(in crate::commands) fn run(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
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
        // A thread is of its channel, and gone in some days.
        Some("here") if !is_among(&settings, origin) => settings.channels.push(origin.home().to_owned()),
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
        .hint(Text::from("What can be set: ").ask(calls::help(Some(SETTINGS.name))))
}
