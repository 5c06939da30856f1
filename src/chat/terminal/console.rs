//! The interactive console: a prompt with line editing, history and completion.

use std::{
    io::{self, Read, Write, stdout},
    path::{Path, PathBuf},
};

use rustyline::{
    CompletionType, Config, Context, Editor, Helper,
    completion::{Candidate, Completer},
    error::ReadlineError,
    highlight::Highlighter,
    hint::Hinter,
    history::FileHistory,
    validate::{ValidationContext, ValidationResult, Validator},
};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::{
    clean::clean,
    input::MAX_LINE_BYTES,
    line::{self, ConsoleInput, LEAVING, TypedForm},
    render::{render, render_text},
    settings::Settings,
    wording,
};
use crate::{
    commands::calls,
    desk::Completion,
    reply::{Outcome, Reply, Text},
};

/// How many lines the history keeps.
const HISTORY: usize = 1_000;

/// Completes a line at a cursor, both without the prefix: gives where the replaced part begins, in
/// bytes, and what can stand there.
pub type Complete<'a> = dyn Fn(&str, usize) -> (usize, Vec<Completion>) + 'a;

/// A conversation at a terminal.
#[expect(missing_debug_implementations, reason = "it holds functions")]
pub struct Console<'a> {
    /// Answers a request, given without the prefix, and how it was typed.
    pub answer: &'a dyn Fn(&str, TypedForm) -> Reply,
    /// Completes a line.
    pub complete: &'a Complete<'a>,
    /// How answers are drawn; asked each time, as windows change.
    pub settings: &'a dyn Fn() -> Settings,
    /// The file that keeps what was typed; `None` keeps nothing.
    pub history: Option<PathBuf>,
    /// What is said first.
    pub intro: Text,
}

impl Console<'_> {
    /// Converses until someone leaves. Ctrl-C clears the line, Ctrl-D leaves, an empty line asks for
    /// the next page where there is one.
    ///
    /// # Errors
    /// When the terminal can't be read or written.
    pub fn run(&self) -> io::Result<()> {
        let mut editor = self.editor().map_err(into_io)?;
        if let Some(path) = &self.history {
            open_history(&mut editor, path);
        }
        say(&render_text(&self.intro, &(self.settings)()))?;
        let mut has_next = false;
        let mut interrupted = false;
        loop {
            let settings = (self.settings)();
            let line = match editor.readline(&prompt(&settings)) {
                Ok(line) => line,
                Err(ReadlineError::Interrupted) => {
                    if !interrupted {
                        say(&render_text(&wording::INTERRUPTED.into(), &settings))?;
                    }
                    interrupted = true;
                    continue;
                }
                Err(ReadlineError::Eof) => return Ok(()),
                // The window changed while the line was being typed.
                Err(ReadlineError::Signal(_)) => continue,
                Err(error) => return Err(into_io(error)),
            };
            let more = calls::more();
            let request = match line::read(&line, &settings.prefix) {
                ConsoleInput::Leave => return Ok(()),
                ConsoleInput::Nothing if has_next => more.as_str(),
                ConsoleInput::Nothing => continue,
                ConsoleInput::Request(request) => {
                    self.remember(&mut editor, line.trim_end());
                    request
                }
            };
            let reply = if request.len() > MAX_LINE_BYTES {
                Reply::new(Outcome::Misused).warning(wording::too_long_here(MAX_LINE_BYTES))
            } else {
                (self.answer)(&request.replace("\\\n", "\n"), TypedForm::of(&line, &settings.prefix))
            };
            has_next = reply.page.as_ref().is_some_and(|page| page.next().is_some());
            // The window may have changed since the prompt was drawn.
            say(&format!("\n{}\n", render(&reply, &(self.settings)())))?;
        }
    }

    fn editor(&self) -> rustyline::Result<Editor<Assistant<'_>, FileHistory>> {
        let config = Config::builder()
            .max_history_size(HISTORY)?
            .history_ignore_dups(true)?
            .history_ignore_space(true)
            .completion_type(CompletionType::List)
            .build();
        let mut editor = Editor::with_config(config)?;
        editor.set_helper(Some(Assistant { complete: self.complete, settings: self.settings }));
        Ok(editor)
    }

    /// Keeps a line. A history that can't be written is no reason to stop answering.
    fn remember(&self, editor: &mut Editor<Assistant<'_>, FileHistory>, line: &str) {
        if line.len() > MAX_LINE_BYTES || !editor.add_history_entry(line).unwrap_or(false) {
            return;
        }
        if let Some(path) = &self.history
            && let Err(error) = editor.append_history(path)
        {
            tracing::debug!(%error, "the console's history could not be written");
        }
    }
}

/// What a history file begins with (rustyline, its second version).
const HISTORY_MARK: &[u8] = b"#V2";

/// Whether a file can be that of the console's history: there is none yet, or it is one. Any other would be written over.
#[must_use]
pub fn may_be_history(path: &Path) -> bool {
    match std::fs::metadata(path) {
        Ok(found) if found.is_file() => {
            let mut beginning = Vec::new();
            let read = std::fs::File::open(path)
                .and_then(|file| file.take(HISTORY_MARK.len() as u64).read_to_end(&mut beginning));
            read.is_err() || beginning.is_empty() || beginning == HISTORY_MARK
        }
        Ok(_) => false,
        Err(_) => true,
    }
}

/// Reads what was typed before. Without a history file there is none yet.
fn open_history(editor: &mut Editor<Assistant<'_>, FileHistory>, path: &Path) {
    let opened = path.parent().map_or(Ok(()), std::fs::create_dir_all).map_err(ReadlineError::from);
    match opened.and_then(|()| editor.load_history(path)) {
        Err(ReadlineError::Io(error)) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => {
            tracing::warn!(%error, path = %path.display(), "the console's history could not be read");
        }
        Ok(()) => {}
    }
}

/// The prompt, plain and styled.
fn prompt(settings: &Settings) -> (&'static str, &'static str) {
    const PLAIN: &str = "onrecord> ";
    (PLAIN, if settings.colour { "\u{1b}[1;36monrecord>\u{1b}[0m " } else { PLAIN })
}

fn say(text: &str) -> io::Result<()> {
    let mut output = stdout().lock();
    output.write_all(text.as_bytes())?;
    output.flush()
}

fn into_io(error: ReadlineError) -> io::Error {
    match error {
        ReadlineError::Io(error) => error,
        error => io::Error::other(error),
    }
}

/// Completes what is being typed.
struct Assistant<'a> {
    complete: &'a Complete<'a>,
    settings: &'a dyn Fn() -> Settings,
}

impl Helper for Assistant<'_> {}
impl Highlighter for Assistant<'_> {}

impl Validator for Assistant<'_> {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        Ok(if context.input().ends_with(line::GOES_ON) {
            ValidationResult::Incomplete
        } else {
            ValidationResult::Valid(None)
        })
    }
}

impl Hinter for Assistant<'_> {
    type Hint = String;
}

impl Completer for Assistant<'_> {
    type Candidate = Choice;

    fn complete(&self, line: &str, cursor: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Choice>)> {
        let settings = (self.settings)();
        let (start, mut choices) = choices(self.complete, line, cursor, &settings.prefix);
        for choice in &mut choices {
            choice.label = clip(&choice.label, settings.width.saturating_sub(2));
        }
        Ok((start, choices))
    }
}

/// A completion whose texts are safe to draw.
#[derive(Debug, PartialEq, Eq)]
struct Choice {
    replacement: String,
    label: String,
}

impl Candidate for Choice {
    fn display(&self) -> &str {
        &self.label
    }

    fn replacement(&self) -> &str {
        &self.replacement
    }
}

/// The choices at the cursor of a line that may begin with the prefix.
fn choices(complete: &Complete<'_>, line: &str, cursor: usize, prefix: &str) -> (usize, Vec<Choice>) {
    let skipped = line::prefix_length(line, prefix);
    let request = line.get(skipped..).unwrap_or_default();
    let Some(at) = cursor.checked_sub(skipped) else {
        return (cursor, Vec::new());
    };
    let (start, completions) = complete(request, at);
    let mut choices: Vec<Choice> = completions
        .into_iter()
        .map(|completion| Choice {
            // A space at its end says that the word is whole.
            replacement: super::clean::keep_ends(&completion.replacement),
            label: clean(&completion.label),
        })
        .collect();
    let typed = request.get(..at).unwrap_or_default();
    if !typed.is_empty() {
        let leaving = LEAVING.into_iter().filter(|word| word.starts_with(typed));
        choices.extend(leaving.map(|word| Choice { replacement: word.to_owned(), label: word.to_owned() }));
    }
    // The only choice is made as soon as it is offered; what follows it can be typed at once.
    if let [only] = choices.as_mut_slice()
        && cursor == line.len()
        && !only.replacement.ends_with([' ', ':'])
    {
        only.replacement.push(' ');
    }
    (start.min(request.len()) + skipped, choices)
}

/// As much of a label as a line of the list has room for.
fn clip(label: &str, columns: usize) -> String {
    if label.width() <= columns {
        return label.to_owned();
    }
    let mut clipped = String::new();
    for cluster in label.graphemes(true) {
        if clipped.width() + cluster.width() + 3 > columns {
            break;
        }
        clipped.push_str(cluster);
    }
    format!("{}...", clipped.trim_end())
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_a_history_is_taken_for_one() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("history");
        assert!(super::may_be_history(&file), "there is none yet");
        for (text, expected) in [("", true), ("#V2\nsource sydney\n", true), ("DISCORD_TOKEN=a", false), ("#", false)] {
            std::fs::write(&file, text).unwrap();
            assert_eq!(super::may_be_history(&file), expected, "{text}");
        }
        assert!(!super::may_be_history(folder.path()));
    }

    use super::*;

    fn names(line: &str, cursor: usize) -> (usize, Vec<Completion>) {
        let typed = line.get(..cursor).unwrap();
        let start = typed.rfind(' ').map_or(0, |space| space + 1);
        let known = ["source ", "sydney", "悉尼\u{1b}[2J"];
        let found = known.iter().filter(|name| name.starts_with(&typed[start..]));
        let completion = |name: &&str| Completion { replacement: (*name).to_owned(), label: format!("{name}!") };
        (start, found.map(completion).collect())
    }

    #[test]
    fn completions_count_from_the_line_as_typed() {
        let (start, found) = choices(&names, "!source 悉", "!source 悉".len(), "!");
        assert_eq!(start, 8);
        assert_eq!(found, [Choice { replacement: "悉尼[2J ".to_owned(), label: "悉尼[2J!".to_owned() }]);
        let (start, found) = choices(&names, "so", 2, "!");
        assert_eq!((start, found[0].replacement.as_str()), (0, "source "));
        assert_eq!(choices(&names, "  ! so", 1, "!").1, []);
    }

    #[test]
    fn the_words_that_leave_are_completed_too() {
        let (start, found) = choices(&names, "!ex", 3, "!");
        assert_eq!((start, found[0].replacement.as_str()), (1, "exit "));
        assert!(choices(&names, "!", 1, "!").1.iter().all(|choice| choice.replacement != "exit"));
    }

    #[test]
    fn labels_are_clipped_to_the_line() {
        assert_eq!(clip("history — every change", 12), "history —...");
        assert_eq!(clip("悉尼的联络点", 9), "悉尼的...");
        assert_eq!(clip("short", 5), "short");
    }
}
