//! The library behind the `onrecord` program.
//!
//! Data flows one way and back: a front end makes a request, the desk finds its command, the command
//! asks search and the store, and its reply goes back as a document that the front end renders. See
//! ARCHITECTURE.md for what may use what.
//!
//! It is public for the program, its tests and benchmarks, and the tools beside it (`tools/`), which use it from
//! outside. No other package is meant to.

pub mod anchor;
pub mod app;
pub mod backups;
pub mod chat;
pub mod cli;
pub mod commands;
pub mod config;
pub mod desk;
pub mod editorial;
#[cfg(feature = "links")]
pub mod fetch;
pub mod files;
pub mod frontend;
#[cfg(any(test, fuzzing))]
pub mod fuzz;
pub mod gazetteer;
#[cfg(feature = "bot")]
pub mod health;
pub mod import_export;
pub mod layout;
#[cfg(feature = "links")]
pub mod links;
pub mod logging;
pub mod meaning;
pub mod metrics;
pub mod model;
pub mod name_extracts;
pub mod reply;
pub mod search;
pub mod store;
