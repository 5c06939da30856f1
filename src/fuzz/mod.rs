//! What reads outside input, as functions of bytes: what `cargo fuzz` runs for as long as one likes
//! (docs/fuzzing.md), and what the tests run over the committed corpus and over mutations of it.
//!
//! A target does more than not panic: it states what must hold of whatever was read. It is compiled
//! for tests and for fuzzing only.

mod parsers;
#[cfg(test)]
mod tests;
mod world;

/// A target: takes any bytes and panics where something that must hold doesn't.
pub type Target = fn(&[u8]);

/// The targets by name. Each has a folder in `fuzz/corpus` and a file in `fuzz/fuzz_targets`.
pub const TARGETS: &[(&str, Target)] = &[
    ("address", parsers::address),
    ("check", world::check),
    #[cfg(feature = "discord")]
    ("discord", crate::chat::discord::fuzz),
    ("form", parsers::form),
    ("invocation", parsers::invocation),
    #[cfg(feature = "matrix")]
    ("matrix", crate::chat::matrix::fuzz),
    #[cfg(feature = "semantic")]
    ("meaning", crate::meaning::fuzz_text),
    #[cfg(feature = "semantic")]
    ("model_file", crate::meaning::fuzz_model_file),
    ("names", parsers::names),
    ("pack", parsers::pack),
    ("query", world::query),
    #[cfg(feature = "links")]
    ("robots", crate::fetch::fuzz_robots),
    #[cfg(feature = "anchor")]
    ("stamp", crate::anchor::fuzz),
    ("values", parsers::values),
];

/// Runs the target of this name.
///
/// # Panics
/// When there is none, or when it finds something.
pub fn run(name: &str, data: &[u8]) {
    let target = TARGETS.iter().find(|(known, _)| *known == name);
    let Some((_, target)) = target else { panic!("there is no target {name:?}") };
    target(data);
}

/// The text that bytes are, as far as they are one.
fn text(data: &[u8]) -> Option<&str> {
    std::str::from_utf8(data).ok()
}
