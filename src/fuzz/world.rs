//! Questions and messages, answered from records that are made once.

use std::sync::OnceLock;

use super::text;
use crate::{
    app::App,
    chat::terminal::{Settings, Surface, render},
    config::DataConfig,
    desk::{Invocation, Request},
    model::{Date, Identity, Platform, is_invisible},
    reply::{Outcome, Reply},
    search::Question,
};

/// The parts of the program on the entries that it carries, in a folder that goes with the process.
struct World {
    app: App,
    _folder: tempfile::TempDir,
}

fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| open().unwrap_or_else(|error| panic!("the records can't be made: {error}")))
}

fn open() -> Result<World, Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let database = folder.path().join("onrecord.db");
    let index = folder.path().join("index");
    let app = App::open(&DataConfig { database, index, shipped_data: true })?;
    Ok(World { app, _folder: folder })
}

fn ask(line: String) -> Reply {
    let Ok(actor) = Identity::new(Platform::Terminal, "fuzz") else { panic!("the identity is right") };
    let conversation = actor.to_string();
    let invocation = Invocation::Text(line);
    world().app.desk.answer(&Request { actor, conversation, invocation, origin: None, page_size: 3 })
}

/// What holds for any answer: nothing failed, and the terminal is given nothing that it would obey.
fn sound(reply: &Reply) {
    assert!(reply.outcome != Outcome::Failed, "{reply:?}");
    let settings = Settings {
        width: 80,
        colour: false,
        hyperlinks: false,
        unicode: true,
        terminal: false,
        place: Surface::Console,
        prefix: "!".to_owned(),
    };
    let drawn = render(reply, &settings);
    assert!(!drawn.chars().any(|character| character != '\n' && is_invisible(character)), "{drawn:?}");
}

/// Questions: words, phrases, filters and times, up to an answer.
pub(super) fn query(data: &[u8]) {
    let Some(text) = text(data) else { return };
    let Ok(today) = "2026-01-15".parse::<Date>() else { return };
    let question = Question::read(text).with_dates(today);
    let letters = |text: &str| text.chars().filter(|character| character.is_alphanumeric()).count();
    let read: usize = question.parts.iter().map(|part| letters(&part.text)).sum();
    assert!(read <= letters(text), "{question:?}");
    assert!(question.parts.iter().all(|part| !part.text.trim().is_empty()), "{question:?}");
    sound(&ask(format!("source {text}")));
    let cursor = text.char_indices().map(|(at, _)| at).nth(data.len() / 2).unwrap_or(text.len());
    let (start, _) = world().app.desk.complete_line(text, cursor);
    assert!(text.is_char_boundary(start) && start <= text.len(), "{start}");
}

/// Messages that are to be checked: cleaned, compared, weighed.
pub(super) fn check(data: &[u8]) {
    let Some(text) = text(data) else { return };
    sound(&ask(format!("check {text}")));
    let candidates = world().app.search.snapshot().candidates(text, 3);
    let candidates = candidates.unwrap_or_else(|error| panic!("{error}"));
    assert!(candidates.iter().all(|checked| (0.0..=1.0).contains(&checked.likelihood)));
}
