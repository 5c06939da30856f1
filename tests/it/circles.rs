//! Files of the program that use one another in a circle: to understand one of them is to read them all. Which file uses
//! which is read from the paths in the code; a file that only hands a name on (`pub use`) isn't taken to use it, and what a room's
//! own file (`mod.rs`) declares is common to the files in the room: it's read with each of them.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

/// The circles that are left, each with its files. The list only gets shorter.
const LEFT: &[&[&str]] = &[];

/// The steps of a path, as `crate::store::Refusal` has three.
type Steps = Vec<String>;

/// A file of the program as a module.
#[derive(Default)]
struct Module {
    file: String,
    /// The code without comments, tests and `use`.
    code: String,
    /// Names that the file has from elsewhere, with their paths.
    names: BTreeMap<String, Steps>,
    /// Those of them that it hands on.
    handed_on: BTreeSet<String>,
}

fn source_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Where a file stands among the modules: `store/acts/mod.rs` is `store::acts`.
fn steps_of(file: &str) -> Steps {
    let steps = file.trim_end_matches(".rs").split('/').filter(|step| !["mod", "lib"].contains(step));
    steps.map(str::to_owned).collect()
}

fn read_folder(folder: &Path, files: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            read_folder(&entry, files);
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            let name = entry.strip_prefix(source_folder()).unwrap().to_str().unwrap();
            files.insert(name.to_owned(), std::fs::read_to_string(&entry).unwrap());
        }
    }
}

/// Whether an attribute says that what follows is compiled for tests or fuzzing alone.
fn is_for_tests(line: &str) -> bool {
    let condition = line.trim().strip_prefix("#[cfg(");
    condition.is_some_and(|condition| condition.split(['(', ')', ',']).any(|word| word.trim() == "test"))
}

/// The name that a line declares a module of, and whether it stands in a file of its own.
fn declared_module(line: &str) -> Option<(String, bool)> {
    let (before, after) = line.split_once("mod ")?;
    let name = identifier_at(after);
    let is_declaration = before.is_empty() || (before.starts_with("pub") && before.ends_with(' '));
    let after = after[name.len()..].trim();
    (is_declaration && [";", "{"].contains(&after)).then(|| (name.to_owned(), after == ";"))
}

/// The code of a file without comments and tests, and the modules in other files that are tests.
fn code_of(text: &str) -> (String, Vec<String>) {
    let mut code = String::new();
    let mut tests = Vec::new();
    let mut was_for_tests = false;
    for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
        match declared_module(line) {
            Some((name, true)) if was_for_tests => tests.push(name),
            // Tests beside the code stand at its end.
            Some((_, false)) if was_for_tests => break,
            _ => {
                code.push_str(line);
                code.push('\n');
            }
        }
        was_for_tests = is_for_tests(line);
    }
    (code, tests)
}

fn is_of_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

fn identifier_at(text: &str) -> &str {
    &text[..text.find(|character| !is_of_name(character)).unwrap_or(text.len())]
}

/// The paths of `a::{b, c::d as e}` with the names that they give, and what follows them.
fn read_tree<'a>(text: &'a str, before: &[String], found: &mut Vec<(Steps, String)>) -> &'a str {
    let mut steps = before.to_vec();
    let mut rest = text.trim_start();
    loop {
        if let Some(group) = rest.strip_prefix('{') {
            rest = group;
            while !rest.trim_start().starts_with('}') {
                rest = read_tree(rest, &steps, found).trim_start();
                rest = rest.strip_prefix(',').unwrap_or(rest);
            }
            return &rest.trim_start()[1..];
        }
        let name = identifier_at(rest);
        rest = &rest[name.len()..];
        match name {
            "" => return rest.strip_prefix('*').unwrap_or(rest),
            "self" if !steps.is_empty() => {}
            _ => steps.push(name.to_owned()),
        }
        let Some(further) = rest.strip_prefix("::") else { break };
        rest = further;
    }
    let mut name = steps.last().cloned().unwrap_or_default();
    if let Some(renamed) = rest.trim_start().strip_prefix("as ") {
        name = identifier_at(renamed).to_owned();
        rest = &renamed[name.len()..];
    }
    found.push((steps, name));
    rest
}

/// The words of some code that don't follow another path's step, each with what comes from it on.
fn words(code: &str) -> impl Iterator<Item = (&str, &str)> {
    let begins = code.char_indices().filter(|(at, character)| {
        is_of_name(*character) && !code[..*at].ends_with(|before| is_of_name(before) || ":$.'\"".contains(before))
    });
    begins.map(|(at, _)| (identifier_at(&code[at..]), &code[at..]))
}

impl Module {
    fn read(file: &str, text: &str, children: &[String]) -> Self {
        let mut module = Self { file: file.to_owned(), ..Self::default() };
        let mut rest = text;
        while let Some((begin, after)) = next_use(rest) {
            let handed_on = rest[..begin].rsplit('\n').next().unwrap_or_default().starts_with("pub");
            module.code.push_str(&rest[..begin]);
            let mut found = Vec::new();
            rest = read_tree(after, &[], &mut found);
            for (steps, name) in found {
                if handed_on {
                    module.handed_on.insert(name.clone());
                }
                module.names.insert(name, steps);
            }
        }
        module.code.push_str(rest);
        for child in children {
            module.names.entry(child.clone()).or_insert_with(|| vec!["self".to_owned(), child.clone()]);
        }
        module
    }
}

/// Where the next `use` stands, and what follows it.
fn next_use(code: &str) -> Option<(usize, &str)> {
    code.match_indices("use ").find_map(|(at, word)| {
        let line = code[..at].rsplit('\n').next().unwrap_or_default().trim_start();
        let begins = line.is_empty() || (line.starts_with("pub") && !line.contains(['{', ';', '=']));
        begins.then(|| (at, &code[at + word.len()..]))
    })
}

/// The modules of the program, by their places.
struct Modules(BTreeMap<Steps, Module>);

impl Modules {
    fn read(mut files: BTreeMap<String, String>) -> Self {
        let mut tests: Vec<Steps> = vec![vec!["main".to_owned()]];
        for (file, text) in &mut files {
            let (code, of_it) = code_of(text);
            *text = code;
            tests.extend(of_it.into_iter().map(|name| [steps_of(file), vec![name]].concat()));
        }
        files.retain(|file, _| !tests.iter().any(|test| steps_of(file).starts_with(test)));
        let places: Vec<Steps> = files.keys().map(|file| steps_of(file)).collect();
        let children = |of: &Steps| -> Vec<String> {
            let below = places.iter().filter(|place| place.len() == of.len() + 1 && place.starts_with(of));
            below.filter_map(|place| place.last().cloned()).collect()
        };
        let module = |(file, code): (&String, &String)| {
            let steps = steps_of(file);
            let module = Module::read(file, code, &children(&steps));
            (steps, module)
        };
        Self(files.iter().map(module).collect())
    }

    /// The file that declares what a path leads to, seen from a module; none for a module as a whole and for what isn't
    /// ours.
    fn declaring(&self, from: &Steps, path: &[String], depth: usize) -> Option<&str> {
        let (first, rest) = path.split_first()?;
        let mut at: Steps = match first.as_str() {
            "crate" => Vec::new(),
            "self" => from.clone(),
            "super" => from[..from.len().checked_sub(1)?].to_vec(),
            name => {
                let known = self.0.get(from)?.names.get(name).filter(|_| depth > 0)?;
                return self.declaring(from, &[known, rest].concat(), depth - 1);
            }
        };
        let mut rest = rest;
        while let Some((step, further)) = rest.split_first() {
            let next = match step.as_str() {
                "super" => at[..at.len().checked_sub(1)?].to_vec(),
                _ => [at.as_slice(), std::slice::from_ref(step)].concat(),
            };
            if !self.0.contains_key(&next) {
                break;
            }
            (at, rest) = (next, further);
        }
        let (name, further) = rest.split_first()?;
        let module = self.0.get(&at)?;
        match module.names.get(name).filter(|_| module.handed_on.contains(name) && depth > 0) {
            Some(known) => self.declaring(&at, &[known, further].concat(), depth - 1),
            None => Some(&module.file),
        }
    }

    /// The files of which each uses a declaration.
    fn uses(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        const DEPTH: usize = 8;
        let mut uses = BTreeMap::new();
        for (steps, module) in &self.0 {
            let own = module.names.iter().filter(|(name, _)| !module.handed_on.contains(*name));
            let mut used: BTreeSet<&str> = own.filter_map(|(_, path)| self.declaring(steps, path, DEPTH)).collect();
            for (word, from) in words(&module.code) {
                let is_path = from[word.len()..].starts_with("::");
                if is_path || module.handed_on.contains(word) {
                    let mut found = Vec::new();
                    read_tree(from, &[], &mut found);
                    used.extend(found.iter().filter_map(|(path, _)| self.declaring(steps, path, DEPTH)));
                }
            }
            let is_common = |file: &str| steps.starts_with(&steps_of(file));
            used.retain(|file| !is_common(file));
            uses.insert(module.file.as_str(), used);
        }
        uses
    }
}

/// All that can be reached from a file.
fn reached<'a>(uses: &BTreeMap<&'a str, BTreeSet<&'a str>>, from: &str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut waiting: Vec<&str> = uses[from].iter().copied().collect();
    while let Some(file) = waiting.pop() {
        if reached.insert(file) {
            waiting.extend(&uses[file]);
        }
    }
    reached
}

/// The sets of files that all use one another, straight or through others.
fn circles<'a>(uses: &BTreeMap<&'a str, BTreeSet<&'a str>>) -> BTreeSet<Vec<&'a str>> {
    let reached: BTreeMap<&str, BTreeSet<&str>> = uses.keys().map(|file| (*file, reached(uses, file))).collect();
    let in_circles = uses.keys().filter(|file| reached[*file].contains(*file));
    in_circles
        .map(|file| reached[file].iter().copied().filter(|other| reached[other].contains(file)).collect())
        .collect()
}

#[test]
fn no_files_use_one_another_in_a_circle_but_those_that_are_left() {
    let mut files = BTreeMap::new();
    read_folder(&source_folder(), &mut files);
    let modules = Modules::read(files);
    let uses = modules.uses();
    assert!(uses["app.rs"].contains("store/mod.rs"));
    let told: Vec<String> = circles(&uses)
        .iter()
        .filter(|circle| !LEFT.contains(&circle.as_slice()))
        .map(|circle| {
            let arrows = circle.iter().flat_map(|file| {
                let others = uses[file].iter().filter(|other| circle.contains(other));
                others.map(move |other| format!("  {file} uses {other}\n"))
            });
            format!("{} files:\n{}", circle.len(), arrows.collect::<String>())
        })
        .collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
    let gone: Vec<_> = LEFT.iter().filter(|left| !circles(&uses).contains(**left)).collect();
    assert!(gone.is_empty(), "take these from the list: {gone:?}");
}

#[test]
fn what_uses_what_is_read_from_paths_in_any_form() {
    let files = [
        ("lib.rs", "mod a;\nmod b;\n#[cfg(test)]\nmod c;"),
        ("a/mod.rs", "mod x;\nmod y;\npub use x::Handed;\npub use y::Used;\nfn of(_: Used) {}"),
        ("a/x.rs", "use crate::{b::{self, B as Other}, a::Used};\nuse super::super::b;\n// crate::c::C\n"),
        ("a/y.rs", "fn y() { super::x::go(); \"crate::b::B\" }\n#[cfg(test)]\nmod tests {\n    use crate::b::B;\n}"),
        ("b.rs", "use crate::a::{\n    Handed,\n    y,\n};\nfn go() { y::stay(); crate::c::C }"),
        ("c.rs", "use crate::b::B;"),
    ];
    let modules = Modules::read(files.map(|(file, text)| (file.to_owned(), text.to_owned())).into());
    let uses = modules.uses();
    let of = |file: &str| uses[file].iter().copied().collect::<Vec<_>>();
    assert_eq!(of("a/mod.rs"), ["a/y.rs"], "what is handed on alone isn't used");
    assert_eq!(of("a/x.rs"), ["a/y.rs", "b.rs"]);
    assert_eq!(of("a/y.rs"), ["a/x.rs"]);
    assert_eq!(of("b.rs"), ["a/x.rs", "a/y.rs"]);
    assert_eq!(uses.get("c.rs"), None);
    assert_eq!(circles(&uses), [vec!["a/x.rs", "a/y.rs", "b.rs"]].into());
}
