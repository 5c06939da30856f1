//! `help`: what can be asked, from the commands' own definitions; and what is said when a request is
//! put wrongly.

use crate::commands::{
    Arguments, COMMANDS, CommandError, CommandSpec, Context, ParameterPlace, UsageError,
    call::typed::{REPEATED, with_words_of},
    calls,
    definitions::asking::{CHECK, SOURCE},
    find, split_command,
};
use crate::{
    model::Role,
    reply::{CommandCall, Outcome, Reply, Text},
};

/// What stands in the place of a command's name for all of them.
const EVERYTHING: &str = "all";

pub(in crate::commands) fn run(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    match arguments.text("command") {
        None => Ok(overview()),
        Some(EVERYTHING) => Ok(everything(context.request.role)),
        Some(name) => {
            let name = name.trim_start_matches(['!', '/']);
            Ok(find(name).map_or_else(|| no_help_on(name), explain))
        }
    }
}

/// What most people ask, in a few lines.
fn overview() -> Reply {
    let item = |call: CommandCall, words: &str| Text::new().ask(call).plain(format!(" — {words}"));
    Reply::new(Outcome::Answered)
        .heading("Who said that, when, and where was it reported?")
        .list(vec![
            item(calls::source("sydney"), "what is on record about a place, a name or a matter"),
            Text::new()
                .ask(calls::check("TEXT"))
                .plain(" — the entries that match a message; or reply to one with ")
                .ask(CHECK.call(&[])),
            Text::new().ask(calls::show("S12")).plain(" — one entry whole: its responses, its sources, its history"),
            item(calls::help(Some(EVERYTHING)), "all commands"),
        ])
        .hint("Answers are vetted entries, each under its speaker's name. None rates whether it is true.")
}

/// Everything that someone of this role can ask for.
fn everything(role: Role) -> Reply {
    let open = COMMANDS.iter().filter(|spec| spec.role <= role);
    let items = open.map(|spec| Text::new().ask(spec.call(&[])).plain(format!(" — {}", spec.summary))).collect();
    Reply::new(Outcome::Answered)
        .heading("All commands")
        .list(items)
        .hint(Text::from("How one of them works: ").ask(calls::help(Some(SOURCE.name))))
}

fn explain(spec: &'static CommandSpec) -> Reply {
    let mut reply = Reply::new(Outcome::Answered).heading(Text::new().ask(spec.usage_call())).paragraph(spec.summary);
    for detail in spec.details {
        reply = reply.paragraph(*detail);
    }
    let parameters = spec
        .parameters
        .iter()
        .map(|parameter| {
            let form = match parameter.place {
                ParameterPlace::Word | ParameterPlace::Rest => parameter.name.to_owned(),
                ParameterPlace::Named | ParameterPlace::Filter => format!("{}:", parameter.name),
            };
            let mut text = Text::new().syntax(form).plain(format!(" {}", parameter.summary));
            let is_named = matches!(parameter.place, ParameterPlace::Named | ParameterPlace::Filter);
            if is_named && !parameter.aliases.is_empty() {
                let aliases: Vec<String> = parameter.aliases.iter().map(|alias| format!("{alias}:")).collect();
                text = text.plain(format!(" (also {})", aliases.join(", ")));
            }
            text
        })
        .collect();
    reply = reply.list(parameters);
    if !spec.examples.is_empty() {
        reply = reply
            .paragraph("For example:")
            .list(spec.examples.iter().map(|example| Text::new().ask(spec.example(example))).collect());
    }
    if spec.aliases.is_empty() { reply } else { reply.hint(format!("Also called: {}.", spec.aliases.join(", "))) }
}

/// The reply to a line that begins with no command: the nearest one that there is, with the words of the line.
pub(crate) fn unknown_command(line: &str) -> Reply {
    let (name, _) = split_command(line);
    let reply = no_command(name);
    let reply = match nearest(name) {
        Some(spec) => {
            let call = with_words_of(spec, line);
            let text = Text::from("Did you mean: ").ask(call.clone()).plain(" — ").plain(spec.summary).plain(".");
            // What changes something is typed, and never a press away from a slip.
            let reply = reply.paragraph(text);
            if spec.writes() { reply } else { reply.action("Did you mean", call) }
        }
        None => reply,
    };
    let line = line.trim();
    let question = Text::from("All commands: ").ask(calls::help(None));
    reply.hint(if line.is_empty() || line.chars().count() > REPEATED {
        question.plain(". To look for a name or words: ").ask(calls::source_typed())
    } else {
        question.plain(". To look for these words: ").ask(calls::source(line))
    })
}

/// The reply to someone who asks how a command works that isn't there.
fn no_help_on(name: &str) -> Reply {
    let reply = no_command(name);
    let reply = match nearest(name) {
        Some(spec) => {
            let call = calls::help(Some(spec.name));
            reply.paragraph(Text::from("Did you mean: ").ask(call.clone())).action("Did you mean", call)
        }
        None => reply,
    };
    reply.hint(Text::from("All commands: ").ask(calls::help(None)))
}

fn no_command(name: &str) -> Reply {
    let shown: String = name.chars().take(40).collect();
    Reply::new(Outcome::Misused).heading(if name.is_empty() {
        "There is no command.".to_owned()
    } else {
        format!("There is no command “{shown}”.")
    })
}

fn nearest(name: &str) -> Option<&'static CommandSpec> {
    let name = name.to_lowercase();
    if name.is_empty() || name.chars().count() > 40 {
        return None;
    }
    let allowed = if name.chars().count() <= 4 { 1 } else { 2 };
    let dfa = levenshtein_automata::LevenshteinAutomatonBuilder::new(allowed, true).build_dfa(&name);
    let distance = |spec: &CommandSpec| {
        std::iter::once(&spec.name)
            .chain(spec.aliases)
            .filter_map(|known| match dfa.eval(known.as_bytes()) {
                levenshtein_automata::Distance::Exact(distance) => Some(distance),
                levenshtein_automata::Distance::AtLeast(_) => None,
            })
            .min()
    };
    let begun = |spec: &&&CommandSpec| name.chars().count() >= 3 && spec.name.starts_with(&name);
    COMMANDS
        .iter()
        .filter_map(|spec| distance(spec).map(|distance| (distance, *spec)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, spec)| spec)
        .or_else(|| COMMANDS.iter().find(begun).copied())
}

/// The reply to a command with wrong arguments: what is wrong, how it is typed, an example.
pub(crate) fn wrong_usage(spec: &'static CommandSpec, error: &UsageError) -> Reply {
    let mut sentence = error.to_string();
    if let Some(first) = sentence.get(..1) {
        let upper = first.to_uppercase();
        sentence.replace_range(..1, &upper);
    }
    let mut reply = Reply::new(Outcome::Misused)
        .heading(format!("{sentence}."))
        .paragraph(Text::from("Usage: ").ask(spec.usage_call()));
    if let Some(example) = spec.examples.first() {
        reply = reply.paragraph(Text::from("For example: ").ask(spec.example(example)));
    }
    reply.hint(Text::from("More: ").ask(calls::help(Some(spec.name))))
}
