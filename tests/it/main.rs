//! The tests that look at the program from outside: one binary, a module for each subject.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that goes wrong")]

mod dataset;
mod fold;
mod migrations;
mod packs;
mod search;
mod support;
