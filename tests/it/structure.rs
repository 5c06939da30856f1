//! What may use what. ARCHITECTURE.md states it; here it is held.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

/// The modules of the library, each with those of ours that it may use.
const MAY_USE: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("files", &[]),
    ("gazetteer", &[]),
    ("meaning", &["files", "model"]),
    ("reply", &["model"]),
    ("layout", &["commands", "model", "reply"]),
    ("store", &["files", "model"]),
    ("search", &["files", "gazetteer", "meaning", "model", "store"]),
    ("import_export", &["editorial", "files", "model", "store"]),
    ("editorial", &["model", "search", "store"]),
    ("name_extracts", &["files", "model", "search", "store"]),
    ("metrics", &["model", "reply"]),
    ("commands", &["editorial", "gazetteer", "metrics", "model", "reply", "search", "store"]),
    ("desk", &["model", "reply", "search", "store", "editorial", "commands", "metrics"]),
    ("frontend", &["model", "reply", "commands", "desk"]),
    ("chat", &["model", "reply", "layout", "desk", "commands", "config", "files", "frontend", "metrics"]),
    ("config", &["files", "model"]),
    ("links", &["config", "fetch", "files", "model", "store"]),
    ("logging", &["config"]),
    ("backups", &["config", "files", "metrics", "store"]),
    ("fetch", &["config"]),
    ("health", &["config", "desk", "metrics", "model", "store"]),
    (
        "fuzz",
        &[
            "anchor",
            "app",
            "chat",
            "commands",
            "config",
            "desk",
            "editorial",
            "fetch",
            "import_export",
            "meaning",
            "model",
            "name_extracts",
            "reply",
            "search",
        ],
    ),
    ("anchor", &["files", "model", "store"]),
    ("app", &["config", "desk", "import_export", "meaning", "model", "search", "store"]),
    (
        "cli",
        &[
            "anchor",
            "app",
            "backups",
            "chat",
            "commands",
            "config",
            "desk",
            "import_export",
            "files",
            "fetch",
            "health",
            "links",
            "logging",
            "meaning",
            "model",
            "name_extracts",
            "reply",
            "search",
            "store",
        ],
    ),
];

/// The tools beside the product, each with the modules of the library that it may use.
const TOOLS_MAY_USE: &[(&str, &[&str])] = &[
    ("tools/evaluate", &["app", "desk", "files", "import_export", "meaning", "model", "reply", "search", "store"]),
    ("tools/gazetteer", &["gazetteer", "search"]),
    ("tools/picture", &["app", "chat", "commands", "config", "desk", "files", "model", "reply"]),
];

/// Crates that stay in their modules.
const CRATE_STAYS_IN: &[(&str, &str)] = &[
    ("rusqlite", "src/store"),
    ("tantivy", "src/search"),
    ("csv", "src/import_export"),
    ("fst", "src/meaning"),
    ("fst", "src/search"),
    ("icu_segmenter", "src/search"),
    ("rustyline", "src/chat/terminal"),
    ("serenity", "src/chat/discord"),
    ("matrix_sdk", "src/chat/matrix"),
    ("clap", "src/cli"),
    ("clap", "tools"),
    ("quick_xml", "tools/picture"),
    ("dotenvy", "src/config"),
    ("toml", "src/import_export"),
    ("toml", "tools/evaluate"),
    ("prometheus_client", "src/metrics"),
    ("cms", "src/anchor"),
    ("der", "src/anchor"),
    ("rustls_pki_types", "src/anchor"),
    ("webpki", "src/anchor"),
    ("hyper", "src/health"),
    ("hyper_util", "src/health"),
    ("sd_notify", "src/health"),
    ("flate2", "src/fetch"),
    ("flate2", "src/links"),
    ("flate2", "src/meaning"),
    ("rawzip", "src/meaning"),
    ("rayon", "src/meaning"),
    ("rten_gemm", "src/meaning"),
    ("rten_simd", "src/meaning"),
    ("rten_tensor", "src/meaning"),
    ("rten_vecmath", "src/meaning"),
    ("rustix", "src/cli"),
    ("rustix", "src/files"),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The sources of the library under their paths from the project's folder.
fn sources() -> BTreeMap<String, String> {
    sources_in("src")
}

/// The same of the library and of the tools beside it.
fn all_sources() -> BTreeMap<String, String> {
    sources().into_iter().chain(sources_in("tools")).collect()
}

fn sources_in(folder: &str) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut waiting = vec![root().join(folder)];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                waiting.push(entry);
            } else if entry.extension().is_some_and(|extension| extension == "rs") {
                let name = entry.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
                files.insert(name, code_of(&std::fs::read_to_string(entry).unwrap()));
            }
        }
    }
    files
}

/// A file without its comments.
fn code_of(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The names that follow `crate::`, or another root, in a file, in groups too.
fn used_modules(code: &str, root: &str) -> Vec<String> {
    let mut used = Vec::new();
    for (at, _) in code.match_indices(root) {
        // "$crate::" is a macro's way to name its own module.
        if code[..at].ends_with(['$', '_']) || code[..at].ends_with(char::is_alphanumeric) {
            continue;
        }
        let after = &code[at + root.len()..];
        match after.strip_prefix('{') {
            None => used.push(name_at(after)),
            Some(group) => used.extend(group_names(group)),
        }
    }
    used
}

fn name_at(text: &str) -> String {
    text.chars().take_while(|character| character.is_alphanumeric() || *character == '_').collect()
}

/// The names at the top level of a group `{a::b, c::{d, e}}`.
fn group_names(group: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut depth = 0;
    let mut expected = true;
    for (at, character) in group.char_indices() {
        match character {
            '}' if depth == 0 => break,
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => expected = true,
            _ if expected && depth == 0 && character.is_alphabetic() => {
                names.push(name_at(&group[at..]));
                expected = false;
            }
            _ => {}
        }
    }
    names
}

fn module_of(file: &str) -> &str {
    file.trim_start_matches("src/").split(['/', '.']).next().unwrap()
}

#[test]
fn a_module_uses_only_what_lies_below_it() {
    let mut broken = Vec::new();
    for (file, code) in sources() {
        let module = module_of(&file);
        if ["lib", "main"].contains(&module) {
            continue;
        }
        let allowed = MAY_USE.iter().find(|(name, _)| *name == module).map(|(_, allowed)| *allowed);
        let Some(allowed) = allowed else {
            broken.push(format!("{file}: the module {module} has no rule"));
            continue;
        };
        for used in used_modules(&code, "crate::") {
            let known = MAY_USE.iter().any(|(name, _)| *name == used);
            if known && used != module && !allowed.contains(&used.as_str()) {
                broken.push(format!("{file} uses {used}"));
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}

#[test]
fn a_tool_uses_only_what_it_needs_of_the_library() {
    let mut broken = Vec::new();
    let mut unused: BTreeSet<(&str, &str)> =
        TOOLS_MAY_USE.iter().flat_map(|(tool, allowed)| allowed.iter().map(|module| (*tool, *module))).collect();
    for (file, code) in sources_in("tools") {
        let Some((tool, allowed)) = TOOLS_MAY_USE.iter().find(|(tool, _)| Path::new(&file).starts_with(tool)) else {
            broken.push(format!("{file}: the tool has no rule"));
            continue;
        };
        for used in used_modules(&code, "onrecord::") {
            unused.retain(|rule| *rule != (tool, used.as_str()));
            if !allowed.contains(&used.as_str()) {
                broken.push(format!("{file} uses {used}"));
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new());
    assert_eq!(unused, BTreeSet::new(), "no tool uses these any more");
}

#[test]
fn a_crate_of_a_platform_or_an_engine_stays_in_its_place() {
    let mut broken = Vec::new();
    for (file, code) in all_sources() {
        for (name, _) in CRATE_STAYS_IN {
            let names_it = [format!("{name}::"), format!("use {name};")].iter().any(|form| {
                code.match_indices(form.as_str()).any(|(at, _)| {
                    !code[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_' || before == ':')
                })
            });
            let mut places = CRATE_STAYS_IN.iter().filter(|(other, _)| other == name);
            if names_it && !places.any(|(_, place)| file.starts_with(place)) {
                broken.push(format!("{file} names {name}"));
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}

#[test]
fn sql_stands_in_the_store_alone() {
    let words = ["SELECT ", "INSERT INTO", " SET ", "DELETE FROM", "PRAGMA ", "CREATE TABLE"];
    let broken: Vec<String> = all_sources()
        .into_iter()
        .filter(|(file, code)| !file.starts_with("src/store") && words.iter().any(|word| code.contains(word)))
        .map(|(file, _)| file)
        .collect();
    assert_eq!(broken, Vec::<String>::new());
}

/// The type that a line declares for others than its own file.
fn declared_type(line: &str) -> Option<String> {
    let mut words = line.trim_start().strip_prefix("pub")?.split_whitespace();
    let kind = words.find(|word| ["struct", "enum", "trait", "type", "fn", "const", "static", "mod"].contains(word))?;
    ["struct", "enum", "trait", "type"].contains(&kind).then(|| words.next().map(name_at)).flatten()
}

#[test]
fn no_name_stands_for_two_types() {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (file, code) in sources() {
        for name in code.lines().filter_map(declared_type) {
            places.entry(name).or_default().push(file.clone());
        }
    }
    assert!(places.contains_key("CommandCall") && places.contains_key("Reply"));
    places.retain(|_, files| files.len() > 1);
    assert_eq!(places, BTreeMap::new());
}

/// Words in front ends that are names of commands, too, and mean something else there.
const NO_COMMAND: &[(&str, &[&str], &str)] = &[
    ("src/chat/discord/", &["id", "roles"], "keys of Discord's JSON"),
    ("src/chat/matrix/", &["answer", "approve", "check", "correct", "edit", "next", "reject"], "parts of event ids"),
    ("src/chat/matrix/html.rs", &["a"], "HTML's name of links"),
    ("src/chat/", &["source", "sources"], "what is counted"),
    ("src/chat/discord/answer.rs", &["Next"], "a button's label"),
];

/// A front end's code, without what is for tests and fuzzing alone.
fn code_of_front_ends() -> impl Iterator<Item = (String, String)> {
    let is_tested_with =
        |file: &str| file.contains("/tests/") || file.ends_with("hostile.rs") || file.ends_with("fuzz.rs");
    let of_front_ends =
        sources().into_iter().filter(move |(file, _)| file.starts_with("src/chat") && !is_tested_with(file));
    of_front_ends.map(|(file, code)| (file, code.split("#[cfg(test)]").next().unwrap().to_owned()))
}

/// What stands in quotation marks in some code.
fn literals(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut inside: Option<String> = None;
    let mut characters = code.chars().peekable();
    while let Some(character) = characters.next() {
        match (&mut inside, character) {
            (Some(_), '"') => found.extend(inside.take()),
            (Some(text), '\\') => text.extend(characters.next()),
            (Some(text), _) => text.push(character),
            // The character itself, in single quotation marks.
            (None, '\'') if characters.peek() == Some(&'"') => drop(characters.next()),
            (None, '"') => inside = Some(String::new()),
            (None, _) => {}
        }
    }
    found
}

#[test]
fn no_front_end_names_a_command() {
    let is_command = |word: &str| onrecord::commands::find(word).is_some();
    let mut broken = Vec::new();
    let mut unused: Vec<_> =
        NO_COMMAND.iter().flat_map(|(place, words, _)| words.iter().map(move |word| (*place, *word))).collect();
    for (file, code) in code_of_front_ends() {
        for word in literals(&code).iter().filter(|word| is_command(word)) {
            let stands_for_something_else =
                |(place, words, _): &(&str, &[&str], &str)| file.starts_with(place) && words.contains(&word.as_str());
            if !NO_COMMAND.iter().any(stands_for_something_else) {
                broken.push(format!("{file}: {word:?}"));
            }
            unused.retain(|(place, other)| !file.starts_with(place) || other != word);
        }
    }
    assert_eq!(broken, Vec::<String>::new());
    assert_eq!(unused, Vec::<(&str, &str)>::new(), "let these exceptions go");
    assert_eq!(literals(r#"("show", '"', "a\"b")"#), ["show", "a\"b"]);
}

#[test]
fn what_a_community_has_set_who_is_let_in_and_what_is_offered_is_decided_by_the_front_door() {
    let rules = [
        "CommunitySettings",
        ".channels",
        "settings.private",
        ".community(",
        ".ignores(",
        ".ignores_community(",
        "desk().admit(",
        "Admission",
        "Desk::refusal",
        "dialogue_waits",
        ".writes()",
        ".acts()",
        "spec.role",
        "lacks_role",
        "missing_sentence",
        ".offered",
        "Page::next",
        "Page::previous",
    ];
    let broken: Vec<String> = code_of_front_ends()
        .flat_map(|(file, code)| {
            let found = rules.iter().filter(|rule| code.contains(**rule)).map(|rule| format!("{file}: {rule}"));
            found.collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(broken, Vec::<String>::new());
}

/// The parts of the configuration, by their types, each with those who go by it. Each adapter has a part of its own.
const GO_BY: &[(&str, &[&str])] = &[
    ("DiscordConfig", &["src/chat/discord"]),
    ("Shards", &["src/chat/discord"]),
    ("MatrixConfig", &["src/chat/matrix"]),
    ("Invites", &["src/chat/matrix"]),
    ("DataConfig", &["src/app", "src/fuzz"]),
    ("BackupConfig", &["src/backups", "src/cli"]),
    ("AnchorConfig", &["src/cli"]),
    ("FetchConfig", &["src/cli", "src/fetch", "src/links"]),
    ("LinksConfig", &["src/cli"]),
    ("ArchiveKeys", &["src/cli", "src/links"]),
    ("HealthConfig", &["src/cli", "src/health"]),
    ("LogConfig", &["src/logging"]),
];

#[test]
fn a_part_of_the_configuration_is_its_owners_alone() {
    let mut broken = Vec::new();
    for (file, code) in sources().into_iter().filter(|(file, _)| !file.starts_with("src/config")) {
        let words: BTreeSet<&str> =
            code.split(|character: char| !character.is_alphanumeric() && character != '_').collect();
        let named = GO_BY.iter().filter(|(part, _)| words.contains(part));
        let of_others = named.filter(|(_, owners)| !owners.iter().any(|owner| file.starts_with(owner)));
        broken.extend(of_others.map(|(part, _)| format!("{file}: {part}")));
    }
    assert_eq!(broken, Vec::<String>::new());
}

/// What is to be typed is shown as a call, which has the prefix of the place where it is read, and never as a form of
/// words.
#[test]
fn a_hint_that_begins_with_a_command_is_a_call() {
    let mut broken = Vec::new();
    for file in all_sources().keys() {
        let text = std::fs::read_to_string(root().join(file)).unwrap();
        for given in text.split(".syntax(").skip(1) {
            let words = given.trim_start().trim_start_matches("format!(").trim_start_matches(['&', '"']);
            let (word, _) = onrecord::commands::split_command(words.split('"').next().unwrap_or_default());
            let is_call =
                given.split(';').next().is_some_and(|rest| rest.starts_with("calls::") || rest.contains("usage()"));
            if onrecord::commands::find(word).is_some() || is_call {
                broken.push(format!("{file}: .syntax({}", given.lines().next().unwrap_or_default()));
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}

#[test]
fn every_file_says_what_it_is_for() {
    let mut broken = Vec::new();
    for file in all_sources().keys() {
        let text = std::fs::read_to_string(root().join(file)).unwrap();
        if !text.starts_with("//!") {
            broken.push(file.clone());
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}

#[test]
fn every_migration_file_is_applied() {
    let mut files: Vec<String> = std::fs::read_dir(root().join("migrations"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| Path::new(&path).file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    files.sort();
    let applied: Vec<String> = onrecord::store::MIGRATIONS
        .iter()
        .zip(1..)
        .map(|(migration, number)| format!("{number:04}_{}", migration.name))
        .collect();
    assert_eq!(files, applied);
}

#[test]
fn an_answer_is_laid_out_in_one_place() {
    // What tells one part of a document from another; making a paragraph tells nothing apart.
    let parts = ["SourceLine", "SourceOrigin", "Notice::", "Block::Entry", "Block::Heading", "Block::List", "Span::"];
    let words = ["\"RETRACTED\"", "archived copy", "see above", "NO_ADDRESS", "NO_DATE"];
    let mut broken = Vec::new();
    for (file, code) in sources() {
        // Made-up documents for tests have all parts.
        let is_test =
            file.contains("/tests/") || ["src/chat/hostile.rs", "src/chat/parity.rs"].contains(&file.as_str());
        let found = parts.iter().chain(&words).filter(|word| code.contains(**word));
        if file.starts_with("src/chat") && !is_test {
            broken.extend(found.map(|word| format!("{file}: {word}")));
        }
    }
    assert_eq!(broken, Vec::<String>::new());
    let lines: Vec<String> = sources()
        .into_iter()
        .filter(|(file, code)| file.starts_with("src/layout") && code.contains(": &'a SourceLine"))
        .map(|(file, _)| file)
        .collect();
    assert_eq!(lines, ["src/layout/source.rs"], "the line of a source is laid out in one file");
}

/// The names of the dependencies in a table of Cargo.toml.
fn dependencies(table: &str) -> Vec<String> {
    let manifest: toml::Table = std::fs::read_to_string(root().join("Cargo.toml")).unwrap().parse().unwrap();
    let of_systems = manifest["target"].as_table().unwrap().values().filter_map(|target| target.get(table));
    let tables = std::iter::once(&manifest[table]).chain(of_systems);
    tables.flat_map(|table| table.as_table().unwrap().keys().cloned()).collect()
}

#[test]
fn each_direct_dependency_is_explained_and_nothing_else_is() {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let (_, section) = text.split_once("\n## Dependencies\n").unwrap();
    let (rows, after) = section.split_once("\nFor tests: ").unwrap();
    let rows = rows.lines().filter_map(|line| line.strip_prefix("| ")).skip(1);
    let mut explained = Vec::new();
    for row in rows {
        let cells: Vec<&str> = row.trim_end_matches('|').split('|').map(str::trim).collect();
        let [names, why, keeper] = cells.as_slice() else { panic!("{row}") };
        assert!(!why.is_empty() && !keeper.is_empty(), "{row}");
        explained.extend(names.split(", ").map(str::to_owned));
    }
    explained.sort();
    let mut direct = dependencies("dependencies");
    direct.sort();
    assert_eq!(explained, direct);
    let tests = after.split("\n\n").next().unwrap();
    let named = |name: &String| {
        tests.split(|sign: char| sign.is_whitespace() || ",;().".contains(sign)).any(|word| word == name)
    };
    let missing: Vec<String> = dependencies("dev-dependencies").into_iter().filter(|name| !named(name)).collect();
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn advisories_are_left_alone_only_while_the_version_that_they_are_about_is_built_in() {
    let read = |file: &str| -> toml::Table { std::fs::read_to_string(root().join(file)).unwrap().parse().unwrap() };
    let lock = read("Cargo.lock");
    let locked: Vec<String> = lock["package"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| format!("{} {}", package["name"].as_str().unwrap(), package["version"].as_str().unwrap()))
        .collect();
    let explained = std::fs::read_to_string(root().join("docs/supply-chain.md")).unwrap();
    for ignored in read("deny.toml")["advisories"]["ignore"].as_array().unwrap() {
        let (id, reason) = (ignored["id"].as_str().unwrap(), ignored["reason"].as_str().unwrap());
        let (version, _) = reason.split_once(':').unwrap();
        assert!(locked.iter().any(|locked| locked == version), "{id}: {version} is gone, so let the line go, too");
        assert!(explained.contains(id), "{id} is not explained in docs/supply-chain.md");
    }
}
