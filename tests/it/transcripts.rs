//! Conversations, shown as each front end shows them. Each is a page in `tests/fixtures/transcripts`: its first line
//! names the records, a block `ask NAME` is what someone types, and the blocks after it are the answers.
//! `ONRECORD_TRANSCRIPTS=update` writes the answers anew.

use std::path::Path;

use onrecord::{
    chat::{
        discord, matrix,
        terminal::{Settings, Surface, render},
    },
    config::MessageLayout,
    desk::{Invocation, Request},
    model::{Authority, Identity},
    reply::Reply,
};

use super::support::World;

const HARBOUR: &str = include_str!("../fixtures/harbour.toml");

/// Longer than any fence in an answer.
const FENCE: &str = "````";

/// A piece of a page.
enum Piece {
    /// Prose, as it stands.
    Prose(String),
    /// What someone typed.
    Asked { who: String, line: String },
}

/// A page without its answers.
fn pieces(page: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut prose = String::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let Some(kind) = line.strip_prefix(FENCE) else {
            prose.push_str(line);
            prose.push('\n');
            continue;
        };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != FENCE).collect();
        if let Some(who) = kind.strip_prefix("ask ") {
            pieces.push(Piece::Prose(std::mem::take(&mut prose).trim().to_owned()));
            pieces.push(Piece::Asked { who: who.to_owned(), line: block.join("\n") });
        }
    }
    pieces.push(Piece::Prose(prose.trim().to_owned()));
    pieces
}

/// The page with the answers as they are now.
fn with_answers(page: &str) -> String {
    let first = page.lines().next().unwrap();
    let world = match first.strip_prefix("# ").and_then(|title| title.rsplit_once(", on ")).unwrap().1 {
        "the shipped records" => World::shipped(),
        "the harbour's records" => World::of(HARBOUR),
        other => panic!("{other} are no records"),
    };
    world.app.desk.appoint(Authority::of(["terminal:root".parse().unwrap()]));
    ask(&world, "root", "role terminal:editor contributor");
    ask(&world, "root", "role terminal:reviewer reviewer");
    let mut out = String::new();
    for piece in pieces(page) {
        match piece {
            Piece::Prose(prose) if prose.is_empty() => {}
            Piece::Prose(prose) => out.push_str(&format!("{prose}\n\n")),
            Piece::Asked { who, line } => {
                block(&mut out, &format!("ask {who}"), &line);
                let reply = ask(&world, &who, &line);
                block(&mut out, "console", &render(&reply, &console()));
                block(&mut out, "discord", &on_discord(&reply));
                let messages = matrix::preview(&reply, "!");
                let plain: Vec<&str> = messages.iter().map(|message| message.plain.as_str()).collect();
                block(&mut out, "matrix", &plain.join("\n\n(the next message)\n\n"));
                let html: Vec<String> =
                    messages.iter().map(|message| message.html.replace("</p><", "</p>\n<")).collect();
                block(&mut out, "html", &html.join("\n\n<!-- the next message -->\n\n"));
            }
        }
    }
    format!("{}\n", out.trim_end())
}

fn ask(world: &World, who: &str, line: &str) -> Reply {
    world.app.desk.answer(&Request {
        actor: Identity::new(onrecord::model::Platform::Terminal, who).unwrap(),
        conversation: format!("terminal:transcript:{who}"),
        invocation: Invocation::Text(line.to_owned()),
        origin: None,
        page_size: 3,
    })
}

fn console() -> Settings {
    Settings {
        width: 80,
        colour: false,
        hyperlinks: false,
        unicode: true,
        terminal: true,
        place: Surface::Console,
        prefix: "!".to_owned(),
    }
}

fn on_discord(reply: &Reply) -> String {
    let messages = discord::preview(reply, "!", MessageLayout::Embeds);
    let message = |message: &discord::DiscordPreview| {
        let embeds = message.texts.join("\n\n");
        if message.controls.is_empty() { embeds } else { format!("{embeds}\n\n{}", message.controls.join("\n")) }
    };
    messages.iter().map(message).collect::<Vec<_>>().join("\n\n(the next message)\n\n")
}

fn block(out: &mut String, kind: &str, text: &str) {
    out.push_str(&format!("{FENCE}{kind}\n{}\n{FENCE}\n\n", without_times(text.trim_end())));
}

/// A text without versions, which no two runs share, and without times of day.
fn without_times(text: &str) -> String {
    let mut parts = text.split("seen:");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str("seen:VERSION");
        out.push_str(part.trim_start_matches(|sign: char| sign.is_ascii_alphanumeric()));
    }
    out
}

#[test]
fn conversations_are_shown_as_their_pages_have_them() {
    let update = std::env::var("ONRECORD_TRANSCRIPTS").is_ok_and(|value| value == "update");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/transcripts");
    let mut pages: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.sort();
    assert!(pages.len() >= 8);
    for path in pages {
        let page = std::fs::read_to_string(&path).unwrap();
        let now = with_answers(&page);
        if update {
            std::fs::write(&path, now).unwrap();
        } else if page != now {
            let at = page.lines().zip(now.lines()).position(|(was, is)| was != is).unwrap_or_default();
            let around = |text: &str| text.lines().skip(at.saturating_sub(2)).take(5).collect::<Vec<_>>().join("\n");
            panic!(
                "{}, line {}: the page has\n{}\nand the answer is\n{}\nIf it is meant so: ONRECORD_TRANSCRIPTS=update",
                path.display(),
                at + 1,
                around(&page),
                around(&now)
            );
        }
    }
}
