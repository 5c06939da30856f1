//! Each target over the committed corpus, and over a bounded number of mutations of it.

use std::path::Path;

use proptest::prelude::*;

use super::{TARGETS, run};

/// The files of a target's corpus, in the order of their names.
fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{} has no corpus: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files.iter().map(|file| std::fs::read(file).unwrap()).collect()
}

#[test]
fn nothing_in_the_corpus_is_a_finding() {
    for (name, target) in TARGETS {
        let files = corpus(name);
        assert!(files.len() >= 3, "{name} has {} files", files.len());
        files.iter().for_each(|data| target(data));
    }
}

#[test]
fn every_target_can_be_run_by_cargo_fuzz() {
    for (name, _) in TARGETS {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fuzz/fuzz_targets/{name}.rs"));
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.contains(&format!("onrecord::fuzz::run(\"{name}\", data)")), "{name}");
    }
}

/// One step from one input to another.
#[derive(Debug, Clone)]
enum Step {
    Cut(prop::sample::Index, prop::sample::Index),
    Insert(prop::sample::Index, Vec<u8>),
    Repeat(prop::sample::Index, u8),
    Join(prop::sample::Index),
}

fn step() -> impl Strategy<Value = Step> {
    let piece = prop_oneof![
        "[\\PC]{0,4}".prop_map(String::into_bytes),
        "[\"“”:;,+<>@#{}\\[\\]\\\\=.\\-\\n0-9]{1,4}".prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..4),
    ];
    prop_oneof![
        (any::<prop::sample::Index>(), any::<prop::sample::Index>()).prop_map(|(from, to)| Step::Cut(from, to)),
        (any::<prop::sample::Index>(), piece).prop_map(|(at, piece)| Step::Insert(at, piece)),
        (any::<prop::sample::Index>(), any::<u8>()).prop_map(|(at, times)| Step::Repeat(at, times)),
        any::<prop::sample::Index>().prop_map(Step::Join),
    ]
}

fn mutated(corpus: &[Vec<u8>], start: prop::sample::Index, steps: &[Step]) -> Vec<u8> {
    let mut data: Vec<u8> = start.get(corpus).clone();
    for step in steps {
        match step {
            Step::Cut(from, to) if !data.is_empty() => {
                let (from, to) = (from.index(data.len()), to.index(data.len()));
                data.drain(from.min(to)..from.max(to));
            }
            Step::Insert(at, piece) => {
                let at = at.index(data.len() + 1);
                data.splice(at..at, piece.iter().copied());
            }
            Step::Repeat(at, times) if !data.is_empty() && data.len() < 2_000 => {
                let at = at.index(data.len());
                let piece: Vec<u8> = data[at..].iter().take(8).copied().collect();
                data.splice(at..at, piece.repeat(usize::from(times / 16)));
            }
            Step::Join(other) => {
                let more: &Vec<u8> = other.get(corpus);
                data.extend_from_slice(more);
            }
            Step::Cut(..) | Step::Repeat(..) => {}
        }
    }
    data
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_near_the_corpus_is_a_finding(
        start in any::<prop::sample::Index>(),
        steps in prop::collection::vec(step(), 1..6),
    ) {
        for (name, _) in TARGETS {
            run(name, &mutated(&corpus(name), start, &steps));
        }
    }
}

/// A long run without `cargo fuzz`: `ONRECORD_FUZZ_SECONDS=300 cargo test --lib fuzz::tests::long -- --ignored
/// --nocapture`, each target in turn. What is found is printed as bytes, to be put into the corpus.
#[test]
#[ignore = "runs for as long as ONRECORD_FUZZ_SECONDS says, for each target"]
fn long() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};

    let seconds = std::env::var("ONRECORD_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(10);
    let only = std::env::var("ONRECORD_FUZZ_TARGET").ok();
    let mut runner = TestRunner::default();
    let steps = prop::collection::vec(step(), 1..12);
    for (name, target) in TARGETS.iter().filter(|(name, _)| only.as_deref().is_none_or(|only| only == *name)) {
        let corpus = corpus(name);
        let (began, mut count) = (std::time::Instant::now(), 0_u64);
        while began.elapsed().as_secs() < seconds {
            let start = any::<prop::sample::Index>().new_tree(&mut runner).unwrap().current();
            let data = mutated(&corpus, start, &steps.new_tree(&mut runner).unwrap().current());
            let found = std::panic::catch_unwind(|| target(&data));
            assert!(found.is_ok(), "{name} found {:?}", String::from_utf8_lossy(&data));
            count += 1;
        }
        println!("{name}: {count} inputs in {:.0} s", began.elapsed().as_secs_f64());
    }
}
