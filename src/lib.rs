//! The library.
pub mod exchange;
pub mod model;
pub mod reply;
pub mod store;
