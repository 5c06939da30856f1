//! Forms as modals: `/add` and `/edit` without fields open one, and buttons that need a reason.
//!
//! Discord shows five fields at a time ("Modal Interaction Response"). The first four fields of a form
//! have one each; the others go into the fifth, a line each, as in the text form.

use serde_json::{Value, json};
use serenity::all::{ActionRowComponent, CommandInteraction, ModalInteraction};

use super::{
    bot::DiscordBot,
    escape::short,
    interaction::{Asking, Part, ReceivedInteraction, is_for_one, permissions, said},
    members::{GuildMember, Holds},
};
use crate::{
    commands::{decode, for_people},
    desk::{
        Invocation,
        forms::{Draft, Field},
    },
    frontend::{EventKind, FormTarget, Presence, UNKNOWN_FORM, WHO_READS_WHY, WHY, with_reason},
    reply::CommandCall,
};

/// Discord's kind of a callback that opens a modal.
const MODAL: u64 = 9;

/// How many fields have an input of their own.
const OWN: usize = 4;

/// The input for all other fields.
const OTHERS: &str = "others";

/// The input for a reason, and what marks a form that asks for it.
const REASON: &str = "reason";

/// The longest text that an input takes ("Text Input").
const LONGEST: usize = 4_000;

/// What a form is called.
fn name_of(target: FormTarget) -> String {
    match target {
        FormTarget::New(_, form) => format!("Add: {}", form.title),
        FormTarget::OnRecord(_, id) => format!("Edit {id}"),
    }
}

impl DiscordBot {
    /// Opens a form, if that is what a command without fields wants.
    pub(super) async fn opens_form(&self, command: &CommandInteraction, invocation: &Invocation) -> bool {
        let Some(target) = FormTarget::of(invocation) else { return false };
        let on_record = match target {
            FormTarget::New(_, form) => Draft::new(form),
            FormTarget::OnRecord(_, id) => match self.handle.run(move |desk| desk.form_of(id)).await {
                Ok(Ok(Some(draft))) => draft,
                // The command itself says that it isn't on record, or what went wrong.
                Ok(Ok(None) | Err(_)) | Err(_) => return false,
            },
        };
        let body = json!({"type": MODAL, "data": modal(target, &on_record)});
        let call = ReceivedInteraction { id: command.id.get(), token: &command.token };
        self.acknowledge(call.aside(), &body).await;
        true
    }

    /// Asks for the reason that the call of a button lacks.
    pub(super) async fn ask_for_reason(&self, received: ReceivedInteraction<'_>, call: &CommandCall) {
        let reason = input(REASON, WHY, WHO_READS_WHY, "", 1_000, true);
        let data = json!({
            "custom_id": format!("{REASON}:{}", call.as_str()),
            "title": short(&for_people(call), 45),
            "components": [reason],
        });
        self.acknowledge(received.aside(), &json!({"type": MODAL, "data": data})).await;
    }

    /// A form was filled in and sent.
    pub(super) async fn filled_in(&self, modal: &ModalInteraction) {
        let guild = modal.guild_id.map(|guild| guild.get());
        let call = ReceivedInteraction { id: modal.id.get(), token: &modal.token };
        let given = inputs(modal);
        // Discord doesn't say it of a form; it was opened from an answer that its asker alone sees, or where the bot is.
        let is_aside = modal.message.as_ref().is_some_and(|message| is_for_one(message));
        let presence = if guild.is_none() && is_aside { Presence::Guest } else { Presence::Member };
        let Some(invocation) = self.meant(&modal.data.custom_id, &given).await else {
            let way = call.to_one(guild, presence);
            self.call_back(way, said(UNKNOWN_FORM)).await;
            return;
        };
        let user = modal.user.id.get();
        let holds = Holds::Permissions(permissions(modal.member.as_ref()));
        let facts = GuildMember { bot: self, guild, channel: modal.channel_id.get(), user, holds };
        let asking =
            Asking { kind: EventKind::FilledIn, facts, invocation, told: None, read: None, presence, about: None };
        self.answer_interaction(asking, call, Part::first(user)).await;
    }

    /// What a form that was filled in asks; `None` if it is none of ours.
    async fn meant(&self, custom_id: &str, given: &[(&str, &str)]) -> Option<Invocation> {
        if let Some((REASON, line)) = custom_id.split_once(':') {
            let call = decode(line)?;
            let reason =
                given.iter().find(|(name, _)| *name == REASON).map(|(_, text)| text.trim()).unwrap_or_default();
            return with_reason(&call, reason).map(Invocation::Call);
        }
        let target = FormTarget::read(custom_id)?;
        let on_record = match target {
            FormTarget::New(..) => None,
            FormTarget::OnRecord(_, id) => {
                self.handle.run(move |desk| desk.form_of(id)).await.ok().and_then(Result::ok).flatten()
            }
        };
        Some(target.invocation(fields(target, on_record.as_ref(), given)))
    }
}

/// What was filled in, each with the name of its input.
fn inputs(modal: &ModalInteraction) -> Vec<(&str, &str)> {
    let parts = modal.data.components.iter().flat_map(|row| &row.components);
    let given = parts.filter_map(|part| match part {
        ActionRowComponent::InputText(input) => Some((input.custom_id.as_str(), input.value.as_deref()?)),
        _ => None,
    });
    given.collect()
}

/// Reads a form that was filled in, without records.
#[cfg(any(test, fuzzing))]
pub(super) fn filled_in_blind(modal: &ModalInteraction) {
    if let Some(target) = FormTarget::read(&modal.data.custom_id) {
        let text = fields(target, None, &inputs(modal));
        // Whatever was filled in, reading it ends in a draft or in words.
        assert!(Draft::read(target.form(), &text).map_or_else(|problems| !problems.is_empty(), |_| true));
    }
}

fn modal(target: FormTarget, on_record: &Draft) -> Value {
    let form = target.form();
    let is_new = matches!(target, FormTarget::New(..));
    let main = on_record.blocks.first();
    let value = |field: &Field| main.and_then(|block| block.get(field.name)).unwrap_or_default().to_owned();
    let (own, others) = form.fields().split_at(OWN.min(form.fields().len()));
    let mut rows: Vec<Value> = own
        .iter()
        .map(|field| input(field.name, field.label, field.help, &value(field), field.longest, is_new && field.required))
        .collect();
    let mut more = String::new();
    for field in others {
        for line in value(field).lines() {
            more.push_str(&format!("{}: {line}\n", field.name));
        }
    }
    let names: Vec<&str> = others.iter().map(|field| field.name).collect();
    rows.push(input(
        OTHERS,
        "Other fields, each on a line: name: value",
        &names.join(", "),
        more.trim(),
        LONGEST,
        false,
    ));
    json!({"custom_id": target.write(), "title": short(&name_of(target), 45), "components": rows})
}

fn input(name: &str, label: &str, help: &str, value: &str, longest: usize, required: bool) -> Value {
    let longest = longest.min(LONGEST);
    // Discord's styles: one line, or a paragraph.
    let style = if longest > 200 { 2 } else { 1 };
    let mut input = json!({
        "type": 4, "custom_id": name, "label": short(label, 45), "placeholder": short(help, 100), "style": style,
        "required": required, "max_length": longest,
    });
    if !value.is_empty() {
        input["value"] = value.chars().take(longest).collect::<String>().into();
    }
    json!({"type": 1, "components": [input]})
}

/// What was filled in, as the text form has it. A field of a record that was emptied is taken away.
fn fields(target: FormTarget, on_record: Option<&Draft>, given: &[(&str, &str)]) -> String {
    let form = target.form();
    let before = on_record.and_then(|draft| draft.blocks.first());
    let mut draft = Draft::new(form);
    let mut others = String::new();
    for (name, text) in given {
        if *name == OTHERS {
            others = text.trim().to_owned();
        } else if let Some(block) = draft.blocks.first_mut() {
            let was = before.and_then(|before| before.get(name)).unwrap_or_default();
            let is_emptied = text.trim().is_empty() && !was.is_empty();
            block.set(name, if is_emptied { "-" } else { text });
        }
    }
    format!("{}{others}", draft.write())
}
