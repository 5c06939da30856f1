//! What operators are given: the documented metrics, the unit of the service, the recipe of the container.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use onrecord::{cli::Exit, metrics::Metrics, model::Platform};

fn file(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

#[test]
fn each_metric_is_documented_and_no_other_is() {
    let metrics = Metrics::default();
    metrics.expect(Platform::Discord);
    let text = metrics.text();
    let printed: BTreeSet<(&str, &str)> = text
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE "))
        .map(|line| line.split_once(' ').unwrap())
        .collect();
    assert!(printed.len() > 15, "{text}");
    let page = file("docs/operating.md");
    let documented: BTreeSet<(&str, &str)> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .filter(|line| line.starts_with("onrecord_") || line.starts_with("process_"))
        .map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            (cells[0].trim_end_matches('`'), cells[1])
        })
        .collect();
    assert_eq!(documented, printed);
}

#[test]
fn labels_are_of_closed_sets() {
    let metrics = Metrics::default();
    metrics.expect(Platform::Discord);
    let text = metrics.text();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let labels = line.split_once('{').and_then(|(_, rest)| rest.split_once('}')).map_or("", |(labels, _)| labels);
        for label in labels.split(',').filter(|label| !label.is_empty()) {
            let (name, _) = label.split_once('=').unwrap();
            assert!(["platform", "outcome", "version", "le"].contains(&name), "{line}");
        }
    }
}

#[test]
fn the_unit_of_the_service_fits_the_program() {
    let unit = file("deploy/onrecord.service");
    let mut sections = Vec::new();
    let mut values: Vec<(&str, &str)> = Vec::new();
    for line in unit.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            Some(section) => sections.push(section),
            None => values.push(line.split_once('=').unwrap()),
        }
    }
    assert_eq!(sections, ["Unit", "Service", "Install"]);
    let of =
        |wanted: &str| -> Vec<&str> { values.iter().filter(|(name, _)| *name == wanted).map(|(_, it)| *it).collect() };
    assert_eq!(of("Type"), ["notify"]);
    assert_eq!(of("RestartPreventExitStatus"), [(Exit::Misused as u8).to_string()]);
    assert_eq!(of("LimitCORE"), ["0"]);
    for (name, _) in &values {
        assert!(of(name).len() == 1 || *name == "SystemCallFilter", "{name} stands twice");
    }
    for name in ["NoNewPrivileges", "ProtectSystem", "StateDirectory", "MemoryMax", "WatchdogSec", "TimeoutStopSec"] {
        assert_eq!(of(name).len(), 1, "{name} is missing");
    }
}

#[test]
fn the_recipe_of_the_container_copies_what_is_there_and_all_that_is_compiled_in() {
    let recipe = file("deploy/Containerfile").replace("\\\n", " ");
    let steps: Vec<Vec<&str>> = recipe
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
        .map(|line| line.split_whitespace().collect())
        .collect();
    let known = ["FROM", "WORKDIR", "COPY", "RUN", "USER", "VOLUME", "ENV", "HEALTHCHECK", "STOPSIGNAL", "ENTRYPOINT"];
    for step in &steps {
        assert!(known.contains(&step[0]), "{step:?}");
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut copied = BTreeSet::new();
    for step in steps.iter().filter(|step| step[0] == "COPY" && !step[1].starts_with("--from")) {
        for source in &step[1..step.len() - 1] {
            assert!(root.join(source).exists(), "{source} is not there");
            copied.insert(*source);
        }
    }
    // What the build reads: the manifest with its targets, the sources, and what these take in.
    for needed in [".cargo", "Cargo.toml", "Cargo.lock", "src", "benches", "data", "migrations"] {
        assert!(copied.contains(needed), "{needed} is not copied");
    }
    let ignored = file(".dockerignore");
    let context: BTreeSet<&str> = ignored.lines().filter_map(|line| line.strip_prefix('!')).collect();
    assert_eq!(context, copied);
    let user = steps.iter().rfind(|step| step[0] == "USER").unwrap();
    assert!(!["0", "root"].contains(&user[1].split(':').next().unwrap()), "{user:?}");
    // The compiler is one that the project takes.
    let manifest: toml::Table = file("Cargo.toml").parse().unwrap();
    let version = manifest["package"]["rust-version"].as_str().unwrap();
    assert!(recipe.contains(&format!("/rust:{version}-")), "it is to be built with Rust {version}");
    // What is compiled into the program lies in what is copied.
    let mut taken = 0;
    for path in sources(&root.join("src")) {
        let text = std::fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        for (at, mark) in code.match_indices("include_str!(\"") {
            let name = code[at + mark.len()..].split('"').next().unwrap();
            let named = path.parent().unwrap().join(name).canonicalize().unwrap();
            let inside = named.strip_prefix(root.canonicalize().unwrap()).unwrap();
            let first = inside.iter().next().unwrap().to_str().unwrap().to_owned();
            assert!(copied.contains(first.as_str()), "{} is not copied", inside.display());
            taken += 1;
        }
    }
    assert!(taken >= 6, "{taken}");
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            files.extend(sources(&entry));
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            files.push(entry);
        }
    }
    files
}
