//! The dialogue of questions: `add` without fields asks for one field after the other. Its state is in
//! the store, so that it goes on after a restart, from wherever the person writes next.

use serde::{Deserialize, Serialize};

use crate::commands::{
    Arguments, CommandError, Context, calls,
    definitions::proposing::{ADD, ANSWER, ANSWER_TEXT, EDIT, WHAT},
    proposing::filled_in::{Aim, already_proposed, as_form, built, propose},
};
use crate::{
    editorial::{Built, Draft, DraftBlock, Field, FieldKind, Form, WhenAsked, form},
    model::{RecordId, RecordKind, Reference},
    reply::{Outcome, Reply, Text},
};

/// A form that is being filled in.
#[derive(Debug, Serialize, Deserialize)]
struct State {
    /// What the first form is.
    form: String,
    /// The record that it edits.
    edits: Option<String>,
    /// The forms so far, as text.
    draft: String,
    /// The fields that were answered or skipped: form and name.
    done: Vec<(usize, String)>,
    /// Whether it is put aside for later, so that what is written is no answer until `answer` is.
    #[serde(default)]
    aside: bool,
}

/// Whether a kept dialogue waits for an answer, and isn't put aside. One that can't be read does, so that whoever goes
/// on with it is told.
pub(crate) fn waits(state: &str) -> bool {
    serde_json::from_str::<State>(state).map_or(true, |state| !state.aside)
}

/// The field that a kept dialogue asks for.
pub(crate) fn asked(state: &str) -> Option<&'static Field> {
    let (state, draft) = State::of(state)?;
    state.next(&draft).map(|(_, field)| field)
}

/// Begins a form.
pub(in crate::commands) fn begin(context: &Context<'_>, form: &'static Form) -> Result<Reply, CommandError> {
    if let Some(in_the_way) = unreadable_here(context)? {
        return Ok(in_the_way);
    }
    let state = State { form: form.name.to_owned(), edits: None, draft: String::new(), done: Vec::new(), aside: false };
    let reply = Reply::new(Outcome::Answered)
        .heading(format!("{}, question by question", form.title))
        .hint("Answer each, or write skip, back, show, later or cancel. Or send all fields in one message.");
    go_on(context, reply, state)
}

/// Begins a form in which only what is to change is filled in: nothing is asked field by field.
pub(in crate::commands) fn begin_edit(
    context: &Context<'_>,
    reply: Reply,
    form: &'static Form,
    edits: RecordId,
) -> Result<Reply, CommandError> {
    if let Some(in_the_way) = unreadable_here(context)? {
        return Ok(in_the_way);
    }
    let done = form.fields().iter().map(|field| (0, field.name.to_owned())).collect();
    let state =
        State { form: form.name.to_owned(), edits: Some(edits.to_string()), draft: String::new(), done, aside: false };
    keep(context, Some(&state))?;
    Ok(reply.hint(
        Text::from("Write what is to change, as ")
            .syntax("said: 2022-10")
            .plain(" and ")
            .syntax("correction: WHAT WAS WRONG")
            .plain(", then ")
            .syntax("submit")
            .plain(" or ")
            .syntax("cancel")
            .plain("; or all of it at once below ")
            .ask(EDIT.typed(&edits.to_string())),
    ))
}

pub(in crate::commands) fn answer(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let request = &context.request;
    let Some(kept) = context.records.dialogue(request.conversation)? else {
        return Ok(Reply::new(Outcome::NothingFound)
            .heading("No form is being filled in here.")
            .hint(Text::from("To begin one: ").ask(ADD.call(&[(&WHAT, &crate::editorial::FORMS[0].name)]))));
    };
    let text = arguments.text("text").unwrap_or("skip").trim();
    if text.eq_ignore_ascii_case("cancel") {
        keep(context, None)?;
        return Ok(Reply::new(Outcome::Answered).heading("The form is thrown away. Nothing was proposed."));
    }
    let Some((mut state, draft)) = State::of(&kept) else { return Ok(unreadable(&kept)) };
    state.aside = false;
    match text.to_lowercase().as_str() {
        "later" => {
            keep(context, Some(&State { aside: true, ..state }))?;
            return Ok(Reply::new(Outcome::Answered)
                .heading("The form is kept for 30 days.")
                .hint(Text::from("To go on: ").ask(calls::answer("show"))));
        }
        "show" => {
            let reply = as_form(Reply::new(Outcome::Answered).heading("The form so far"), &draft);
            return go_on(context, reply, state);
        }
        "back" => return back(context, state, &draft),
        "submit" => return submit(context, &draft, state),
        _ => {}
    }
    fill(context, state, draft, text)
}

impl State {
    /// What is kept of a form, with the forms so far; `None` where this program can't read all of it.
    fn of(kept: &str) -> Option<(Self, Draft)> {
        let state: Self = serde_json::from_str(kept).ok()?;
        let draft = state.read()?;
        // An edit of who knows what must not become a new record.
        let knows_what_it_edits = state.edits.is_none() || matches!(state.aim(), Aim::Edit(_));
        knows_what_it_edits.then_some((state, draft))
    }

    fn read(&self) -> Option<Draft> {
        Draft::read(Form::named(&self.form)?, &self.draft).ok()
    }

    fn aim(&self) -> Aim {
        match self.edits.as_deref().map(str::parse) {
            Some(Ok(Reference::Record(id))) => Aim::Edit(id),
            _ => Aim::New,
        }
    }

    fn is_done(&self, block: usize, field: &str) -> bool {
        self.done.iter().any(|(at, name)| *at == block && name == field)
    }

    /// The next field to ask for: those of the last form first, as the others wait for it.
    fn next(&self, draft: &Draft) -> Option<(usize, &'static Field)> {
        (0..draft.blocks.len()).rev().find_map(|at| {
            let block = draft.blocks.get(at)?;
            let asked = |field: &&Field| {
                !self.is_done(at, field.name) && block.get(field.name).is_none() && is_asked(block, field, at)
            };
            block.form.fields().iter().find(asked).map(|field| (at, field))
        })
    }
}

/// Whether a field is asked for without someone naming it.
fn is_asked(block: &DraftBlock, field: &Field, at: usize) -> bool {
    match field.asked {
        WhenAsked::Always => true,
        WhenAsked::Once => at == 0,
        WhenAsked::With(other) => block.get(other).is_some(),
        WhenAsked::Without(other) => block.get(other).is_none(),
        WhenAsked::If(other, value) => block.get(other) == Some(value),
        WhenAsked::ByNameAlone => false,
    }
}

/// Takes an answer for the field that was asked for last.
fn fill(context: &Context<'_>, mut state: State, mut draft: Draft, text: &str) -> Result<Reply, CommandError> {
    let Some((at, field)) = state.next(&draft) else {
        // All is asked: what comes now are fields by name, or the confirmation.
        let form = draft.blocks.first().map(|block| block.form);
        return match form.map(|form| Draft::read(form, text)) {
            Some(Ok(given)) => {
                if let (Some(block), Some(new)) = (draft.blocks.first_mut(), given.blocks.first()) {
                    for field in block.form.fields() {
                        if let Some(value) = new.get(field.name) {
                            // Of an edit a dash takes the field away from the record.
                            block.set(field.name, if value == "-" && state.edits.is_none() { "" } else { value });
                        }
                    }
                }
                draft.blocks.extend(given.blocks.into_iter().skip(1));
                state.draft = draft.write();
                go_on(context, Reply::new(Outcome::Answered), state)
            }
            // What is wrong with a field is said; a text without any was no answer to this.
            Some(Err(problems)) if problems.iter().any(|problem| problem.field.is_some()) => {
                let reply = problems.iter().fold(Reply::new(Outcome::Misused), |reply, problem| {
                    let field = problem.field.map(|field| format!("{field}: ")).unwrap_or_default();
                    reply.warning(format!("{field}{}", problem.message))
                });
                go_on(context, reply, state)
            }
            _ => go_on(
                context,
                Reply::new(Outcome::Misused)
                    .warning("A form waits. Write submit, cancel, or a field to change, as said: 2022-10.")
                    .hint("A command needs its prefix while a form waits."),
                state,
            ),
        };
    };
    if ["skip", "-"].contains(&text.to_lowercase().as_str()) {
        if field.required {
            let reply = Reply::new(Outcome::Misused).warning(format!("{} can't be left out.", field.label));
            return go_on(context, reply, state);
        }
        state.done.push((at, field.name.to_owned()));
        return go_on(context, Reply::new(Outcome::Answered), state);
    }
    let before = draft.clone();
    if let Some(block) = draft.blocks.get_mut(at) {
        block.set(field.name, text);
    }
    let looked = built(context, &draft, state.aim())?;
    if let Some(unknown) = looked.unknown.iter().find(|unknown| unknown.block == at && unknown.field == field.name) {
        // What isn't on record is added in the same change, unless it is a slip: back takes it out.
        let (kind, name) = match unknown.kinds.as_slice() {
            [] => (RecordKind::Source, "url"),
            _ => (RecordKind::Entity, "name"),
        };
        let mut block = DraftBlock::new(form(kind));
        block.set(name, &unknown.text);
        if let [only] = unknown.kinds.as_slice() {
            block.set("kind", only.word());
        }
        let said = crate::commands::refused::sentence(&unknown.said);
        draft.blocks.push(block);
        state.draft = draft.write();
        state.done.push((at, field.name.to_owned()));
        let reply = Reply::new(Outcome::Answered)
            .warning(said)
            .paragraph("It is added in the same change; these questions are about it. If it is a slip, write back.");
        return go_on(context, reply, state);
    }
    if let Some(problem) =
        looked.problems.iter().find(|problem| problem.block == at && problem.field == Some(field.name))
    {
        state.draft = before.write();
        return go_on(
            context,
            Reply::new(Outcome::Misused).warning(crate::commands::refused::sentence(&problem.message)),
            state,
        );
    }
    state.draft = draft.write();
    state.done.push((at, field.name.to_owned()));
    go_on(context, Reply::new(Outcome::Answered), state)
}

/// Takes back the last answer, and the form that it made necessary.
fn back(context: &Context<'_>, mut state: State, draft: &Draft) -> Result<Reply, CommandError> {
    let mut draft = draft.clone();
    let Some((at, name)) = state.done.pop() else {
        return go_on(context, Reply::new(Outcome::Misused).warning("This is the first question."), state);
    };
    if draft.blocks.len() > 1 && !state.done.iter().any(|(block, _)| *block == draft.blocks.len() - 1) {
        draft.blocks.pop();
    }
    if let Some(block) = draft.blocks.get_mut(at) {
        block.set(&name, "");
    }
    state.draft = draft.write();
    go_on(context, Reply::new(Outcome::Answered), state)
}

/// Asks the next question, or shows what there is and asks to hand it in.
fn go_on(context: &Context<'_>, reply: Reply, state: State) -> Result<Reply, CommandError> {
    let Some(draft) = state.read() else { return Ok(unread(&state.draft)) };
    keep(context, Some(&state))?;
    let Some((at, field)) = state.next(&draft) else {
        let looked = built(context, &draft, state.aim())?;
        let reply = as_form(reply.paragraph("That is all:"), &draft);
        return Ok(said(reply, &looked));
    };
    let about = draft.blocks.get(at).filter(|_| at > 0).map(|block| {
        let called = block.get("name").or(block.get("url")).map(|name| format!(" {name}")).unwrap_or_default();
        format!("New {}{called} — ", block.form.name)
    });
    let must = if field.required { "" } else { " (or skip)" };
    let question = format!("{}{}{must}", about.unwrap_or_default(), field.label);
    let reply = reply.paragraph(Text::new().strong(question).plain(format!(": {}", field.help)));
    Ok(match field.kind {
        FieldKind::Choice(words) => reply.hint(format!("One of: {}", words.join(", "))),
        _ => reply,
    })
}

/// What is said of the form that is kept here, where it can't be read: a new one would take its place.
fn unreadable_here(context: &Context<'_>) -> Result<Option<Reply>, CommandError> {
    let kept = context.records.dialogue(context.request.conversation)?;
    Ok(kept.filter(|kept| State::of(kept).is_none()).map(|kept| unreadable(&kept)))
}

/// What is said of a kept form that can't be read. It stays as it is.
fn unreadable(kept: &str) -> Reply {
    let state: serde_json::Value = serde_json::from_str(kept).unwrap_or_default();
    unread(state["draft"].as_str().unwrap_or_default())
}

/// That a form can't be read, and what was filled in as it stands there, so that no words are lost.
fn unread(draft: &str) -> Reply {
    let reply = Reply::new(Outcome::Failed)
        .warning("The form that was begun here can't be read: another version of the bot may have kept it.")
        .paragraph("Nothing was proposed, and it is kept as it is.");
    let lines: Vec<Text> = draft.lines().map(|line| Text::new().syntax(line)).collect();
    let reply = if lines.is_empty() { reply } else { reply.paragraph("What was filled in:").list(lines) };
    reply.hint(
        Text::from("To throw it away, so that another can be begun: ").ask(ANSWER.call(&[(&ANSWER_TEXT, &"cancel")])),
    )
}

/// What stands in the way, or that it can be handed in.
fn said(mut reply: Reply, looked: &Built) -> Reply {
    for problem in looked.problems.iter().chain(&looked.odd) {
        let field = problem.field.map(|field| format!("{field}: ")).unwrap_or_default();
        reply = reply.warning(format!("{field}{}", problem.message));
    }
    for (id, text) in &looked.duplicates {
        reply = reply.warning(Text::from("It may already be on record: ").id(id).plain(format!(" {text}")));
    }
    for proposed in &looked.proposed {
        reply = reply.warning(already_proposed(proposed));
    }
    if !looked.problems.is_empty() {
        return reply.hint("Write a field to change it, as said: 2022-10.");
    }
    if looked.confirmed || !looked.is_to_be_confirmed() {
        return reply
            .action("Submit", calls::answer("submit"))
            .hint(Text::from("To hand it in: ").ask(calls::answer("submit")));
    }
    reply.hint(Text::from("If it is right, write ").syntax("confirm: yes").plain(", then ").syntax("submit"))
}

fn submit(context: &Context<'_>, draft: &Draft, state: State) -> Result<Reply, CommandError> {
    let looked = built(context, draft, state.aim())?;
    if !looked.is_ready() {
        return go_on(context, Reply::new(Outcome::Misused).warning("It can't be handed in yet."), state);
    }
    let reply = propose(context, draft, state.aim())?;
    keep(context, None)?;
    Ok(reply)
}

fn keep(context: &Context<'_>, state: Option<&State>) -> Result<(), CommandError> {
    let request = &context.request;
    let text = state.and_then(|state| serde_json::to_string(state).ok());
    let limit = request.authority.limits.open_forms;
    Ok(request.store.keep_dialogue(request.conversation, text, request.actor.clone(), limit, request.now)?)
}
