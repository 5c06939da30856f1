//! What a text means, as a direction: a sentence-embedding model takes a text and gives a vector of length one, and texts
//! that say the same in other words, or in another language, point nearly the same way.
//!
//! The model is run in this process, on the processor, from one file (`LocalModel`), or by a server (`ServedModel`). It
//! knows nothing of what is on record, and keeps nothing of what it is asked. docs/retrieval.md says which model it is and
//! how it was measured.

mod embed;
mod error;
#[cfg(feature = "semantic")]
mod http;
#[cfg(feature = "semantic")]
pub mod install;
#[cfg(feature = "semantic")]
mod local;
mod pinned;
#[cfg(feature = "semantic")]
mod server;
mod standing;

pub use embed::{Embed, ModelId};
pub use error::{MeaningError, ModelFault};
#[cfg(feature = "semantic")]
pub use local::LocalModel;
#[cfg(all(feature = "semantic", any(test, fuzzing)))]
pub(crate) use local::{fuzz_model_file, fuzz_text};
pub use pinned::{PINNED, PinnedModel};
#[cfg(feature = "semantic")]
pub use server::ServedModel;
pub use standing::standing;
