//! What functions that others call take: no bare yes or no, which says nothing where it is given.

use std::path::PathBuf;

/// The sources of the library, each under its path, up to its tests.
fn sources() -> Vec<(String, String)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut found, mut waiting) = (Vec::new(), vec![root.clone()]);
    while let Some(folder) = waiting.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]\nmod ").next().unwrap().to_owned();
                found.push((path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned(), code));
            }
        }
    }
    found
}

/// The functions of some code that others may call, each with its parameters as they are written.
fn called_by_others(code: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        let line = code[..at].rsplit('\n').next().unwrap().trim_start();
        let Some(open) = code[at..].find('(').filter(|_| line.starts_with("pub")) else { continue };
        let name = code[at + "fn ".len()..at + open].split('<').next().unwrap().to_owned();
        // Behind generics, which have parentheses of their own where functions are handed in.
        let begin = code[at..].find(['(', '<']).unwrap();
        let begin =
            if code[at + begin..].starts_with('<') { begin + behind(&code[at + begin..], '<', '>') } else { begin };
        let parameters = &code[at + begin..];
        found.push((name, parameters[..behind(parameters, '(', ')')].to_owned()));
    }
    found
}

/// How long a text is up to where what it opens with is closed.
fn behind(text: &str, opens: char, closes: char) -> usize {
    let mut depth = 0;
    for (at, character) in text.char_indices() {
        let is_arrow = character == '>' && text[..at].ends_with('-');
        if character == opens {
            depth += 1;
        } else if character == closes && !is_arrow {
            depth -= 1;
        }
        if depth == 0 {
            return at + character.len_utf8();
        }
    }
    text.len()
}

/// Whether one of these parameters, or of those of a function among them, is a bare yes or no.
fn takes_yes_or_no(parameters: &str) -> bool {
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    parameters.match_indices("bool").any(|(at, word)| {
        let (before, after) = (parameters[..at].trim_end(), &parameters[at + word.len()..]);
        let is_given = before.ends_with([':', '(', ',']);
        is_given && !after.starts_with(is_word) && !parameters[..at].ends_with(is_word)
    })
}

#[test]
fn nobody_is_handed_a_bare_yes_or_no() {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut seen = 0;
    for (file, code) in sources() {
        let functions = called_by_others(&code);
        seen += functions.len();
        let bare = functions.into_iter().filter(|(_, parameters)| takes_yes_or_no(parameters));
        found.extend(bare.map(|(name, _)| (file.clone(), name)));
    }
    assert!(seen > 1_000, "only {seen} functions were found");
    assert_eq!(found, []);
}

#[test]
fn parameters_are_read_in_any_form() {
    let code = "pub fn a(x: bool) {}\npub(super) const fn b<F: Fn(u8) -> bool>(f: F, y: &str) -> bool {}\nfn c(x: bool) {}\n\
                pub async fn d(\n    &self,\n    f: impl Fn(&str, bool) -> u8,\n) {}\npub fn e(f: impl Fn(u8) -> bool) {}";
    let bare: Vec<String> =
        called_by_others(code).into_iter().filter(|(_, given)| takes_yes_or_no(given)).map(|(name, _)| name).collect();
    assert_eq!(bare, ["a", "d"]);
}
