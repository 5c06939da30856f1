//! Draws an answer as SVG: what a terminal shows of it, in a window that has the question as its title. Made for
//! documentation, where pictures of real answers should be as sharp and as small as text.
//!
//! A tool beside the product: `cargo run --release --example picture -- answer.svg source dublin`. It asks the records
//! of the working folder as anyone may, with no role, and changes nothing in them.

mod screen;
mod svg;
#[cfg(test)]
mod tests;

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Parser;
use onrecord::{
    app::{App, StartError},
    chat::terminal::{Settings, Surface, line_of_words, render},
    config::{Config, ConfigError, Variables},
    desk::{Invocation, Request},
    files::{Audience, Existing, Guards, OutputFile, TargetError},
    model::{Identity, IdentityError, Platform},
    reply::{Outcome, Reply},
};

/// Where settings are read from, in the working folder.
const SETTINGS_FILE: &str = ".env";

/// How wide a picture is, in columns.
const WIDTH: usize = 96;

/// How many entries a picture shows where `ONRECORD_PAGE_SIZE` isn't set.
const PAGE_SIZE: usize = 3;

/// Write the picture of an answer, as SVG
#[derive(Debug, Parser)]
#[command(name = "picture", max_term_width = 100)]
struct Arguments {
    /// The file to write
    file: PathBuf,
    /// Replace the file if it is there
    #[arg(long)]
    force: bool,
    /// The question, as in the console
    #[arg(required = true)]
    words: Vec<String>,
}

impl Arguments {
    /// What is done with a file that is there.
    const fn existing(&self) -> Existing {
        if self.force { Existing::Replace } else { Existing::Refuse }
    }
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
enum PictureError {
    /// The configuration can't be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The records can't be opened.
    #[error(transparent)]
    Start(#[from] StartError),
    /// Nobody can ask under this name.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The file is not written.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// It can't be drawn, or what was to be printed can't be.
    #[error("the output can't be written: {0}")]
    Output(#[from] io::Error),
}

impl PictureError {
    /// What the process ends with: 2 where something was asked for that can't be, as for misused options, 3 where
    /// something failed.
    const fn exit_code(&self) -> u8 {
        match self {
            Self::Config(_)
            | Self::Target(TargetError::Guarded { .. } | TargetError::Exists(_) | TargetError::NoFile { .. }) => 2,
            Self::Start(_) | Self::Identity(_) | Self::Target(TargetError::Write { .. }) | Self::Output(_) => 3,
        }
    }
}

fn main() -> ExitCode {
    match picture(&Arguments::parse()) {
        Ok(Outcome::Answered) => ExitCode::SUCCESS,
        Ok(Outcome::NothingFound | Outcome::Misused | Outcome::Failed) => ExitCode::from(1),
        Err(error) => {
            // There is nowhere else to say that standard error is closed.
            let _ = writeln!(io::stderr(), "picture: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

/// Writes the picture; gives what came of the question.
fn picture(arguments: &Arguments) -> Result<Outcome, PictureError> {
    let config = Config::read(&Variables::load(Path::new(SETTINGS_FILE))?)?;
    let output = output(&config, &arguments.file, arguments.existing())?;
    let app = App::open_for_reading(&config.data)?;
    let reply = ask(&app, &arguments.words, config.terminal.page_size.unwrap_or(PAGE_SIZE))?;
    output.write(drawn(&arguments.words, &reply)?.as_bytes())?;
    writeln!(io::stdout(), "The picture is in {}.", arguments.file.display())?;
    Ok(reply.outcome)
}

/// Looks whether the file may be written. What the picture is drawn from is never written over.
fn output(config: &Config, file: &Path, existing: Existing) -> Result<OutputFile, TargetError> {
    let mut guards = Guards::default();
    guards.file(&config.data.database, "the database itself");
    guards.folder(&config.data.index, "in the folder of the search index");
    guards.file(SETTINGS_FILE, "the file of the settings");
    OutputFile::check(file, existing, Audience::Public, &guards)
}

/// Has the desk answer someone without a role.
fn ask(app: &App, words: &[String], page_size: usize) -> Result<Reply, IdentityError> {
    let actor = Identity::new(Platform::Terminal, "picture")?;
    let conversation = actor.to_string();
    let invocation = Invocation::Words(words.to_vec());
    Ok(app.desk.answer(&Request { actor, conversation, invocation, origin: None, page_size }))
}

/// The answer as a console shows it. Links are drawn as such, with the names of their hosts, as whole addresses would
/// fill it.
fn drawn(words: &[String], reply: &Reply) -> io::Result<String> {
    let prefix = "!";
    let settings = Settings {
        width: WIDTH,
        colour: true,
        hyperlinks: true,
        unicode: true,
        terminal: false,
        place: Surface::Console,
        prefix: prefix.to_owned(),
    };
    svg::svg(&format!("{prefix}{}", line_of_words(words)), &render(reply, &settings), WIDTH)
}
