//! What operators are given: the documented metrics.

use std::{collections::BTreeSet, path::Path};

use onrecord::{metrics::Metrics, model::Platform};

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
