//! What README, docs and `.env.example` show works as it is typed: every block and every setting in them is given to
//! the real program, or to the reader that it is meant for.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use onrecord::{
    commands,
    config::SETTINGS,
    import_export::{StepKind, plan},
    model::{Authority, Identity},
    reply::Outcome,
};

use super::support::{World, read, request};

/// A page of the documentation.
struct Page {
    name: String,
    text: String,
}

/// A fenced block of a page.
struct Fenced {
    page: String,
    line: usize,
    /// What stands behind the fence.
    language: String,
    text: String,
}

fn pages() -> Vec<Page> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths: Vec<PathBuf> = std::fs::read_dir(root.join("docs"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    paths.push(root.join("README.md"));
    paths.sort();
    let page = |path: &PathBuf| Page {
        name: path.file_name().unwrap().to_string_lossy().into_owned(),
        text: std::fs::read_to_string(path).unwrap(),
    };
    paths.iter().map(page).collect()
}

impl Page {
    fn fenced(&self) -> Vec<Fenced> {
        let mut blocks: Vec<Fenced> = Vec::new();
        let mut open: Option<(usize, Fenced)> = None;
        for (at, line) in self.text.lines().enumerate() {
            let indent = line.len() - line.trim_start().len();
            match (&mut open, line.trim_start().strip_prefix("```")) {
                (None, Some(language)) => {
                    let block = Fenced {
                        page: self.name.clone(),
                        line: at + 1,
                        language: language.trim().to_owned(),
                        text: String::new(),
                    };
                    open = Some((indent, block));
                }
                (Some(_), Some(_)) => blocks.extend(open.take().map(|(_, block)| block)),
                (Some((indent, block)), None) => {
                    block.text.push_str(line.get(*indent..).unwrap_or_default());
                    block.text.push('\n');
                }
                (None, None) => {}
            }
        }
        assert!(open.is_none(), "{}: a block is never closed", self.name);
        blocks
    }

    /// What stands between backticks in the lines of text.
    fn spans(&self) -> Vec<&str> {
        let mut is_fenced = false;
        let mut spans = Vec::new();
        for line in self.text.lines() {
            if line.trim_start().starts_with("```") {
                is_fenced = !is_fenced;
            } else if !is_fenced {
                spans.extend(line.split('`').skip(1).step_by(2));
            }
        }
        spans
    }
}

fn fenced(language: &str) -> Vec<Fenced> {
    let all: Vec<Fenced> = pages().iter().flat_map(Page::fenced).filter(|block| block.language == language).collect();
    assert!(!all.is_empty(), "no page has a block of {language}");
    all
}

pub struct Place {
    folder: tempfile::TempDir,
}

pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Place {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
    }

    fn run(&self, mut command: Command) -> Ran {
        let built = Path::new(env!("CARGO_BIN_EXE_onrecord")).parent().unwrap();
        let path = std::env::var("PATH").unwrap_or_default();
        let output = command
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", format!("{}:{path}", built.display()))
            .env("HOME", self.folder.path())
            .env("USER", "reader")
            .env("LANG", "C.UTF-8")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        Ran {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    pub fn shell(&self, line: &str) -> Ran {
        let mut command = Command::new("sh");
        command.args(["-c", line]);
        self.run(command)
    }

    fn program(&self, arguments: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onrecord"));
        command.args(arguments);
        self.run(command)
    }

    /// Holds that the program reads the settings of `.env` here as they stand there.
    fn holds_settings(&self, env: &str, what: &str) {
        let ran = self.program(&["config"]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{what}:\n{env}");
        for line in env.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
            let (name, value) = line.split_once('=').unwrap();
            let setting = SETTINGS.iter().find(|setting| setting.name == name);
            let setting = setting.unwrap_or_else(|| panic!("{what}: {name} is no setting"));
            let shown = if setting.secret { "(set)" } else { value };
            let wanted = format!("{name}={shown}  (from .env)\n");
            assert!(value.is_empty() || ran.out.contains(&wanted), "{what}: {wanted} is not in\n{}", ran.out);
        }
    }
}

/// Reads settings as they are shown through the program, alone in a folder.
fn holds_settings(env: &str, what: &str) {
    let place = Place::new();
    place.write(".env", env);
    place.holds_settings(env, what);
}

#[test]
fn every_block_says_what_it_is() {
    let known = ["chat", "console", "console no-run", "env", "json", "rust", "text", "toml"];
    for block in pages().iter().flat_map(Page::fenced) {
        assert!(known.contains(&block.language.as_str()), "{}, line {}: what is it?", block.page, block.line);
        let is_session = block.language.starts_with("console");
        assert_eq!(is_session, block.text.lines().any(|line| line.starts_with("$ ")), "{}:{}", block.page, block.line);
    }
}

/// The commands of a session, with what each must end with.
fn commands_of(block: &Fenced) -> Vec<(String, i32)> {
    let lines: Vec<&str> = block.text.lines().collect();
    let command = |(at, line): (usize, &&str)| {
        let code =
            lines.get(at + 1).and_then(|next| next.strip_prefix("# ends with ")).map(|code| code.parse().unwrap());
        line.strip_prefix("$ ").map(|command| (command.to_owned(), code.unwrap_or(0)))
    };
    lines.iter().enumerate().filter_map(command).collect()
}

#[test]
fn every_command_of_a_session_ends_as_the_page_says() {
    let pack = fenced("toml").into_iter().find(|block| block.page == "packs.md").unwrap();
    let mut ran = 0;
    let mut left = Vec::new();
    for page in pages() {
        let place = Place::new();
        // What the pages call it where they don't make one themselves.
        place.write("pack.toml", &pack.text);
        if page.name != "README.md" {
            // Whoever reads on has asked something before.
            place.shell("onrecord version");
        }
        for block in page.fenced().iter().filter(|block| block.language == "console") {
            for (command, code) in commands_of(block) {
                if command.starts_with("cargo ") {
                    left.push(format!("{}: {command}", page.name));
                    continue;
                }
                let found = place.shell(&command);
                ran += 1;
                assert_eq!(
                    found.code, code,
                    "{}, line {}: {command}\n{}{}",
                    page.name, block.line, found.out, found.err
                );
            }
        }
    }
    println!("{ran} commands were run; left out, as they build:\n  {}", left.join("\n  "));
    assert!(ran > 20, "only {ran} commands were found");
}

#[test]
fn what_goes_on_for_ever_or_needs_an_account_is_read_at_least() {
    let names: BTreeSet<&str> = [
        "sudo",
        "openssl",
        "podman",
        "pip",
        "cat",
        "litestream",
        "cargo",
        "systemctl",
        "curl",
        "unzip",
        "RUSTC_BOOTSTRAP=1",
        "CARGO_PROFILE_BENCH_STRIP=none",
        "valgrind",
    ]
    .into();
    let mut left = Vec::new();
    for block in fenced("console no-run") {
        let place = Place::new();
        for (command, _) in commands_of(&block) {
            if command.ends_with(".env") && (command.starts_with("echo ") || command.starts_with("printf ")) {
                // The token has others beside it that the page gave before.
                assert_eq!(place.shell(&format!("umask 077; {command}")).code, 0, "{command}");
                let env = std::fs::read_to_string(place.folder.path().join(".env")).unwrap();
                place.holds_settings(&env, &command);
                continue;
            }
            left.push(format!("{}: {command}", block.page));
            let mut words = command.split_whitespace().skip_while(|word| {
                word.split_once('=').is_some_and(|(name, _)| SETTINGS.iter().any(|setting| setting.name == name))
            });
            let program = words.next().unwrap();
            if program != "onrecord" {
                let known = names.contains(program) || program.starts_with("ONRECORD_");
                assert!(known, "{}, line {}: what is {program}?", block.page, block.line);
                continue;
            }
            let Some(first) = words.next() else { continue };
            // A program that was built without chats, time stamps or a model has no command for them.
            let is_left_out = (first == "matrix" && cfg!(not(feature = "matrix")))
                || (first == "discord" && cfg!(not(feature = "discord")))
                || (first == "anchor" && cfg!(not(feature = "anchor")))
                || (first == "links" && cfg!(not(feature = "links")))
                || (first == "model" && cfg!(not(feature = "semantic")));
            let is_there = commands::find(first).is_some() || place.program(&[first, "--help"]).code == 0;
            assert!(is_there || is_left_out, "{}: {command}", block.page);
        }
    }
    println!("not run, as they go on, need an account or change the machine:\n  {}", left.join("\n  "));
}

#[test]
fn every_setting_that_is_shown_is_read_as_it_stands() {
    for block in fenced("env") {
        holds_settings(&block.text, &format!("{}, line {}", block.page, block.line));
    }
    let mut seen = 0;
    for page in pages() {
        for span in page.spans() {
            let Some((name, value)) = span.split_once('=') else { continue };
            if SETTINGS.iter().any(|setting| setting.name == name) && !value.is_empty() {
                seen += 1;
                holds_settings(&format!("{span}\n"), &page.name);
            }
        }
    }
    assert!(seen > 4, "only {seen} settings were found in the text");
}

#[test]
fn the_example_file_is_read_once_its_signs_are_taken_away() {
    let example = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(".env.example")).unwrap();
    let bare = |line: &str| {
        let bare = line.strip_prefix("# ")?;
        let name = bare.split_once('=')?.0;
        (!name.contains(' ') && SETTINGS.iter().any(|setting| setting.name == name)).then(|| format!("{bare}\n"))
    };
    let env: String = example.lines().filter_map(bare).collect();
    assert_eq!(env.lines().count(), SETTINGS.len());
    holds_settings(&env, ".env.example");
    // Each alone, under the lines that explain it.
    for line in example.lines().filter_map(bare) {
        holds_settings(&line, ".env.example");
    }
}

#[test]
fn the_page_of_an_adapter_lists_its_settings_with_their_defaults() {
    for (mark, page) in [("DISCORD_", "discord.md"), ("MATRIX_", "matrix.md")] {
        let pages = pages();
        let page = pages.iter().find(|known| known.name == page).unwrap();
        let rows: Vec<&str> = page.text.lines().filter(|line| line.starts_with("| `")).collect();
        let settings = SETTINGS.iter().filter(|setting| setting.name.contains(mark));
        for setting in settings {
            let name = format!("`{}`", setting.name);
            let row = rows.iter().find(|row| row.split('|').nth(1).is_some_and(|names| names.contains(&name)));
            let row = row.unwrap_or_else(|| panic!("{} has no row for {}", page.name, setting.name));
            // One that is worked out is told by an example.
            let is_fixed = !setting.default.is_empty() && !setting.default.contains(' ');
            let default = if is_fixed { format!(" `{}` ", setting.default) } else { " ".to_owned() };
            let shown = row.split('|').nth(2).unwrap();
            assert!(shown == default || setting.default.contains(' '), "{}: {row}", page.name);
        }
    }
}

#[test]
fn what_a_setting_may_be_like_is_read() {
    let mut seen = 0;
    for setting in SETTINGS {
        for (_, example) in setting.meaning.match_indices(" like ").map(|(at, _)| setting.meaning.split_at(at + 6)) {
            let end = [". ", ": ", "; "].iter().filter_map(|end| example.find(end)).min();
            let value = example.get(..end.unwrap_or(example.len())).unwrap().trim_end_matches('.');
            let account = match setting.name {
                "MATRIX_USER" => "MATRIX_HOMESERVER=example.org\n",
                _ => "",
            };
            holds_settings(&format!("{account}{}={value}\n", setting.name), setting.meaning);
            seen += 1;
        }
    }
    assert!(seen > 5, "only {seen} examples were found");
}

#[test]
fn every_pack_that_is_shown_only_adds_to_what_the_program_carries() {
    let world = World::shipped();
    for block in fenced("toml") {
        let pack = read(&block.text);
        let plan = plan(&world.app.store.reader().unwrap(), &pack).unwrap();
        let new = plan.count(StepKind::Create);
        assert_eq!(new, plan.steps.len(), "{}, line {}: a key is taken", block.page, block.line);
        world.import(&block.text);
    }
}

/// The messages of a block: each begins with the prefix, or, where none has it, is a line.
fn messages(text: &str) -> Vec<String> {
    if !text.starts_with('!') {
        return text.lines().map(str::to_owned).collect();
    }
    text.split("\n!").map(|message| message.trim_start_matches('!').trim_end().to_owned()).collect()
}

#[test]
fn every_message_that_is_shown_is_understood() {
    let mut said = 0;
    for block in fenced("chat") {
        let world = World::shipped();
        world.app.desk.appoint(Authority::of(["terminal:asker".parse::<Identity>().unwrap()]));
        for message in messages(&block.text) {
            let reply = world.app.desk.answer(&request(&message));
            // There may be no such change in this database.
            let understood = matches!(reply.outcome, Outcome::Answered | Outcome::NothingFound);
            assert!(understood, "{}, line {}: {message}\n{:#?}", block.page, block.line, reply.blocks);
            said += 1;
        }
    }
    assert!(said > 10, "only {said} messages were found");
}

#[test]
fn every_command_that_is_named_is_there() {
    // What a platform's own part of the bot answers.
    let of_platforms = ["leave"];
    let mut seen = 0;
    for page in pages() {
        for span in page.spans() {
            let Some(typed) =
                span.strip_prefix('!').filter(|typed| typed.starts_with(|c: char| c.is_ascii_lowercase()))
            else {
                continue;
            };
            let (name, rest) = commands::split_command(typed);
            let spec = commands::find(name);
            assert!(spec.is_some() || of_platforms.contains(&name), "{}: `{span}`", page.name);
            seen += 1;
            // Words in capitals and dots stand for what is to be filled in, and a name alone only names the command.
            let is_whole = !rest.is_empty()
                && !rest.contains("...")
                && rest
                    .split(' ')
                    .all(|word| word.to_uppercase() != word || word.chars().any(|sign| sign.is_ascii_digit()));
            if let (Some(spec), true) = (spec, is_whole) {
                let given = commands::read_text(spec, rest);
                let checked = commands::Arguments::check(spec, &given);
                assert!(checked.is_ok(), "{}: `{span}`: {checked:?}", page.name);
            }
        }
    }
    assert!(seen > 20, "only {seen} commands were found");
}
