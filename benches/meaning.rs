//! What a text's vector takes, by the text's length, and what a model takes to open.
//!
//! `cargo bench --bench meaning` measures the model that the tests have fetched, or the one at `ONRECORD_MODEL`.

#![expect(clippy::unwrap_used, reason = "a measurement stops at the first thing that goes wrong")]

use std::{path::PathBuf, sync::LazyLock};

use onrecord::meaning::{Embed, LocalModel};

static MODEL: LazyLock<LocalModel> = LazyLock::new(|| LocalModel::open(&file()).unwrap());

fn file() -> PathBuf {
    let file = std::env::var_os("ONRECORD_MODEL").map(PathBuf::from);
    let file = file.unwrap_or_else(|| PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("model/e5-small-q4.bin"));
    assert!(file.exists(), "there is no model at {}; cargo test --test it -- meaning fetches it", file.display());
    file
}

fn main() {
    divan::main();
}

/// A text of so many tokens, with what stands before it and the marks of its beginning and end.
fn text_of(tokens: usize) -> String {
    const WORDS: &str = "The minister said on Monday that the factory would not close at the end of the year ";
    let text: String = WORDS.repeat(40);
    let mut ends =
        text.char_indices().map(|(at, _)| at).filter(|&at| MODEL.tokens_of_message(&text[..at]).len() == tokens);
    text[..ends.next_back().unwrap()].to_owned()
}

#[divan::bench(args = [12, 40, 128, 512])]
fn a_vector(bencher: divan::Bencher<'_, '_>, tokens: usize) {
    let text = text_of(tokens);
    bencher.bench(|| MODEL.message(divan::black_box(&text)).unwrap());
}

#[divan::bench(args = [40, 512])]
fn tokens(bencher: divan::Bencher<'_, '_>, tokens: usize) {
    let text = text_of(tokens);
    bencher.bench(|| MODEL.tokens_of_message(divan::black_box(&text)));
}

#[divan::bench(sample_count = 10)]
fn opening() -> LocalModel {
    LocalModel::open(&file()).unwrap()
}
