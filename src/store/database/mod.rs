//! The database's file: its connections, its one writer, its readers, its checkpoints, and what the disk does to it.

pub(in crate::store) mod checkpoints;
pub(in crate::store) mod condition;
pub(in crate::store) mod connection;
pub(in crate::store) mod open_files;
pub(in crate::store) mod ownership;
pub(in crate::store) mod read_at;
pub(in crate::store) mod readers;
pub(in crate::store) mod sequence;
pub(in crate::store) mod size;
pub(in crate::store) mod values;
pub(in crate::store) mod writer;
