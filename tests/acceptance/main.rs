//! What needs a package of Debian's, or longer than `cargo test` should take: `cargo test --test acceptance`.
//!
//! `.ci/run` installs the packages first. Without them a test fails and says what it needs.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that goes wrong")]
#![expect(clippy::print_stdout, reason = "how many of what were held is printed")]

#[cfg(feature = "anchor")]
mod anchor;
#[cfg(feature = "anchor")]
#[expect(dead_code, reason = "the tests of the program from outside need more of it")]
#[path = "../it/console.rs"]
mod console;
mod power;
#[cfg(feature = "anchor")]
#[expect(dead_code, reason = "the tests of the program from outside need more of it")]
#[path = "../it/support.rs"]
mod support;
