//! Questions from the command line, from a pipe and from the console.

use std::{ffi::OsString, io::Write, ops::ControlFlow};

use super::{CliError, Exit, account::account, args, leftovers, print};
use crate::{
    app::{App, check_keys, standing_of_model},
    backups::Backups,
    chat::terminal::{self, Console, Environment, OutputForm, Piped, Settings, Surface, TypedForm},
    commands::{calls, find, is_typed_line, may_be_typed, needs_an_answer_before},
    config::Config,
    desk::{Invocation, Request},
    model::{Date, RecordKind},
    reply::{Outcome, Reply},
};

/// How many entries a page has where nothing tells how many fit.
const PAGE_SIZE: usize = 10;

/// Answers one question and ends.
pub(super) fn ask(config: &Config, words: Vec<OsString>, form: OutputForm) -> Result<Exit, CliError> {
    let words = words
        .into_iter()
        .map(OsString::into_string)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|word| CliError::Usage(format!("an argument is not UTF-8 text: {}", word.to_string_lossy())))?;
    let json_word = words.iter().any(|word| word == "--json");
    let named = |word: String| if word == "--full" { "full:yes".to_owned() } else { word };
    let words: Vec<String> = words.into_iter().filter(|word| word != "--json").map(named).collect();
    if let Some(near) = words.first().and_then(|word| args::operators_command_near(word)) {
        return Err(CliError::Usage(format!(
            "there is no command {:?}; did you mean: onrecord {near}",
            words.join(" ")
        )));
    }
    let app = open(config)?;
    prepare(&app, config);
    if words.first().and_then(|word| find(word)).is_some_and(|command| command.name == CHECK) {
        load_meaning(&app, config);
    }
    let form = if json_word { OutputForm::Json } else { form };
    let reply = match words.first().and_then(|command| needs_an_answer_before(command)) {
        Some(reply) => reply,
        None => ask_in_words(&app, words, page_size(config, form))?,
    };
    let settings = Settings::of_stdout(&Environment::read(), Surface::CommandLine, "onrecord ");
    let code = terminal::once(&reply, form, &settings, &mut std::io::stdout().lock())?;
    Ok(exit(code))
}

/// Opens the console, or answers the lines of a pipe.
pub(super) fn converse(config: &Config, form: OutputForm) -> Result<Exit, CliError> {
    let app = open(config)?;
    let interactive = terminal::is_interactive() && form == OutputForm::Text;
    // A window may have been made larger since the last question.
    let size = || page_size(config, form);
    prepare(&app, config);
    let answer_line =
        |line: &str, form: TypedForm| answer(&app, line, form, size()).unwrap_or_else(|error| failed(&error));
    if !interactive {
        load_meaning(&app, config);
        let settings = Settings::of_stdout(&Environment::read(), Surface::Pipe, "");
        let piped = Piped { answer: &answer_line, form, settings: &settings };
        let code = piped.run(&mut std::io::stdin().lock(), &mut std::io::stdout().lock())?;
        return Ok(exit(code));
    }
    if let Some(history) = config.terminal.history.as_ref().filter(|path| !terminal::may_be_history(path)) {
        return Err(CliError::Usage(format!(
            "{} (ONRECORD_HISTORY) is there already and is no history of this console; name another file, or off",
            history.display()
        )));
    }
    for remark in leftovers::remarks(config) {
        print::remark(&remark);
    }
    writeln!(std::io::stderr(), "Found by meaning: {}.", standing_of_model(&config.meaning))?;
    let _meaning = app.keep_meaning(&config.meaning)?;
    let conversation = account()?.to_string();
    let complete = |line: &str, cursor: usize| app.desk.complete_in(&conversation, line, cursor);
    let settings = || Settings::of_stdout(&Environment::read(), Surface::Console, "!");
    let console = Console {
        answer: &answer_line,
        complete: &complete,
        settings: &settings,
        history: config.terminal.history.clone(),
        intro: intro(&app)?,
    };
    console.run()?;
    Ok(Exit::Answered)
}

/// Opens what answers, and says so if a database had to be begun for it.
fn open(config: &Config) -> Result<App, CliError> {
    check_keys(config)?;
    let app = App::open_for_reading(&config.data)?;
    print::begun(&app, config);
    Ok(app)
}

/// The command that finds by meaning.
const CHECK: &str = "check";

/// Opens the model and makes the vectors that are missing. Without them messages are checked by their words alone.
fn load_meaning(app: &App, config: &Config) {
    let mut told = false;
    let loaded = app.load_meaning(&config.meaning, &mut |progress| {
        if !told && progress.embedded > 0 {
            print::remark("making vectors of what is on record, once; this may take a while");
            told = true;
        }
        ControlFlow::Continue(())
    });
    if let Err(error) = loaded {
        print::remark(&format!("{error}; the message is checked by its words alone"));
    }
}

/// Tells the desk what it has to know of the configuration.
fn prepare(app: &App, config: &Config) {
    app.desk.appoint(config.authority.clone());
    app.desk.metrics().tell_of_meaning(standing_of_model(&config.meaning));
    let backups = config.backups.clone().map(Backups::of);
    app.desk.tell_of_backups(backups.as_ref().and_then(Backups::terms));
    if let Some(last) = backups.and_then(|backups| backups.last(jiff::Timestamp::now())) {
        app.desk.metrics().backup_made(last);
    }
}

/// Answers a line. While a form is being filled in, a line without the prefix is the answer to its
/// question.
fn answer(app: &App, line: &str, form: TypedForm, page_size: usize) -> Result<Reply, CliError> {
    let conversation = account()?.to_string();
    let invocation = if form == TypedForm::Bare && app.desk.dialogue_waits(&conversation) {
        Invocation::Call(calls::answer(line))
    } else {
        Invocation::Text(line.to_owned())
    };
    ask_desk(app, invocation, page_size)
}

/// Answers the words of a command line. What the shell kept together may be a name with a space in it or a line that was
/// quoted as a whole: where nothing on record has the name, it may be read as typed.
fn ask_in_words(app: &App, words: Vec<String>, page_size: usize) -> Result<Reply, CliError> {
    let line = words.join(" ");
    let reply = ask_desk(app, Invocation::Words(words.clone()), page_size)?;
    if !matches!(reply.outcome, Outcome::NothingFound | Outcome::Misused) {
        return Ok(reply);
    }
    let rest = words.get(1..).unwrap_or_default();
    let today = Date::of(jiff::Timestamp::now());
    let asks = words.first().and_then(|command| find(command)).is_some_and(|spec| may_be_typed(spec, rest));
    if asks && is_typed_line(&app.search.snapshot(), rest, today)? {
        return ask_desk(app, Invocation::Text(line), page_size);
    }
    Ok(reply)
}

/// Has the desk answer what was asked at the machine.
fn ask_desk(app: &App, invocation: Invocation, page_size: usize) -> Result<Reply, CliError> {
    let actor = account()?;
    let conversation = actor.to_string();
    Ok(app.desk.answer(&Request { actor, conversation, invocation, origin: None, page_size }))
}

fn failed(error: &CliError) -> Reply {
    Reply::new(Outcome::Failed).warning(error.to_string())
}

/// How many entries a page has: as set, else as many as about fit on the screen where a person reads them.
fn page_size(config: &Config, form: OutputForm) -> usize {
    let fitting = || terminal::entries_that_fit().filter(|_| form == OutputForm::Text);
    config.terminal.page_size.or_else(fitting).unwrap_or(PAGE_SIZE)
}

fn intro(app: &App) -> Result<crate::reply::Text, CliError> {
    let totals = app.store.reader()?.totals()?;
    let of = |wanted: RecordKind| {
        let found = totals.iter().find(|(kind, _)| *kind == wanted).map_or(0, |(_, number)| *number);
        usize::try_from(found).unwrap_or_default()
    };
    Ok(terminal::intro(of(RecordKind::Statement), of(RecordKind::Response), of(RecordKind::Source)))
}

const fn exit(code: u8) -> Exit {
    match code {
        0 => Exit::Answered,
        1 => Exit::NothingFound,
        2 => Exit::Misused,
        _ => Exit::Failed,
    }
}
