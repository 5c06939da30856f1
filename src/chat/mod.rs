//! The front ends: each turns what someone typed into a request and a reply into what is seen there.
//!
//! They are thin: no query, no permission and no SQL lives here.

#[cfg(feature = "discord")]
pub mod discord;
#[cfg(test)]
mod hostile;
#[cfg(feature = "matrix")]
pub mod matrix;
#[cfg(any(feature = "discord", feature = "matrix"))]
mod outbox;
#[cfg(test)]
mod parity;
pub mod terminal;
