//! The tests that look at the program from outside: one binary, a module for each subject.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that goes wrong")]

mod addresses;
mod administration;
mod aliases;
#[cfg(all(unix, feature = "links"))]
mod archives;
mod around_questions;
mod authorisation;
mod backup;
mod blocks;
mod bounds;
mod calls;
mod catalogues;
#[cfg(unix)]
mod checkpoints;
mod circles;
mod clock;
mod command_line;
mod completion;
#[cfg(unix)]
mod console;
#[cfg(feature = "semantic")]
#[path = "../../tools/evaluate/counting.rs"]
mod counting;
mod damage;
mod dataset;
mod desk_work;
mod documents;
mod duplicates;
mod earlier;
mod editorial;
#[cfg(feature = "links")]
mod fetch;
mod first_hour;
mod fold;
mod gaps;
#[cfg(any(feature = "discord", feature = "matrix"))]
mod health;
mod hostile;
mod imports;
mod index;
#[cfg(unix)]
mod index_folder;
mod judged;
#[cfg(feature = "semantic")]
mod judged_messages;
mod kept_forms;
mod kill;
mod limits;
#[cfg(feature = "links")]
mod links;
#[cfg(all(unix, feature = "semantic"))]
mod meaning;
mod merges;
mod migrations;
#[cfg(all(unix, feature = "semantic"))]
#[path = "../python/model.rs"]
mod model;
#[cfg(all(unix, feature = "semantic"))]
mod model_install;
#[cfg(feature = "semantic")]
mod model_server;
mod name_extracts;
#[cfg(unix)]
mod opening;
mod operation;
mod order;
mod packs;
mod pasted;
mod places;
mod purge;
#[cfg(unix)]
#[path = "../python/mod.rs"]
mod python;
mod questions;
mod queueing;
#[path = "../chats/rendered.rs"]
mod rendered;
#[cfg(unix)]
mod replication;
mod reviews;
mod schema;
mod scripts;
mod search;
mod second_person;
mod secrets;
mod sequences;
mod short_forms;
mod sight;
mod signatures;
mod status;
mod structure;
mod support;
mod tampering;
#[cfg(all(feature = "discord", feature = "matrix"))]
mod transcripts;
mod upgrades;
mod vectors;
mod vetted;
#[cfg(feature = "links")]
mod web;
#[cfg(unix)]
mod written_files;
