//! What every model does: a text in, a vector out.

use std::fmt;

use super::MeaningError;

/// Which model it is: vectors of one can't be compared with those of another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ModelId {
    name: String,
    mark: String,
}

impl ModelId {
    /// A model by its name, and by what tells it from others of that name: the SHA-256 of its file, or the address of the
    /// server that runs it.
    #[must_use]
    pub fn new(name: impl Into<String>, mark: impl Into<String>) -> Self {
        Self { name: name.into(), mark: mark.into() }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What tells it from others of its name.
    #[must_use]
    pub fn mark(&self) -> &str {
        &self.mark
    }
}

impl fmt::Display for ModelId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} ({})", self.name, self.mark)
    }
}

/// A model that places texts by what they mean.
pub trait Embed: Send + Sync + fmt::Debug {
    /// Which one it is.
    fn model(&self) -> &ModelId;

    /// How many numbers its vectors have.
    fn dimensions(&self) -> usize;

    /// The vector of what someone wrote, of length one.
    ///
    /// Of a long text the first 512 tokens count, some 350 words; whoever has longer ones parts them.
    ///
    /// # Errors
    /// When the model can't be asked any more.
    fn message(&self, text: &str) -> Result<Vec<f32>, MeaningError>;

    /// The vector of what is on record, of length one. As for [`Embed::message`], the first 512 tokens count.
    ///
    /// # Errors
    /// When the model can't be asked any more.
    fn entry(&self, text: &str) -> Result<Vec<f32>, MeaningError>;
}

/// A vector of length one in the same direction; `None` where it has none.
#[cfg(feature = "semantic")]
pub(super) fn unit(mut vector: Vec<f32>) -> Option<Vec<f32>> {
    let length = vector.iter().map(|&number| f64::from(number) * f64::from(number)).sum::<f64>().sqrt();
    if !(length.is_finite() && length > 1e-9) {
        return None;
    }
    for number in &mut vector {
        *number = (f64::from(*number) / length) as f32;
    }
    Some(vector)
}
