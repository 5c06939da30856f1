//! A model that is run in this process, from a file.

mod bytes;
mod curves;
mod encoder;
#[cfg(any(test, fuzzing))]
mod fuzz;
mod lanes;
mod model_file;
#[cfg(any(test, fuzzing))]
mod tiny;
mod tokens;
mod weights;

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::{Embed, MeaningError, ModelFault, ModelId, PINNED};
use crate::files::open_regular;
use bytes::ModelBytes;
use encoder::Encoder;
#[cfg(any(test, fuzzing))]
pub(crate) use fuzz::{fuzz_model_file, fuzz_text};
use lanes::Lanes;
use tokens::Tokenizer;

/// What stands before a text that someone wrote, and before one on record: the model was trained so.
const OF_A_MESSAGE: &str = "query: ";
const OF_AN_ENTRY: &str = "passage: ";

/// How much of a file is summed at a time.
const PIECE: usize = 256 * 1024;

/// A model of the e5 family, run in this process. Some 35 MB of memory are taken; of its largest table, which stays in the
/// file, a few rows are read for each text.
#[derive(Debug)]
pub struct LocalModel {
    id: ModelId,
    path: PathBuf,
    tokenizer: Tokenizer,
    encoder: Encoder,
    lanes: Lanes,
}

impl LocalModel {
    /// Opens the file of the model that is known ([`PINNED`]). It takes half a second.
    ///
    /// # Errors
    /// When it can't be read, or is another.
    pub fn open(path: &Path) -> Result<Self, MeaningError> {
        Self::open_checked(path, |found| {
            if found == PINNED.sha256 {
                return Ok(PINNED.name);
            }
            Err(ModelFault::Another { found: found.to_owned(), expected: PINNED.sha256 })
        })
    }

    /// Opens any model's file of this kind: whatever vectors it gives, the constants of `check` weren't fitted with them.
    ///
    /// # Errors
    /// When it can't be read, or is damaged.
    pub fn open_any(path: &Path) -> Result<Self, MeaningError> {
        Self::open_checked(path, |_| Ok("a model of one's own"))
    }

    fn open_checked(
        path: &Path,
        name: impl FnOnce(&str) -> Result<&'static str, ModelFault>,
    ) -> Result<Self, MeaningError> {
        let open = || {
            let mut file = open_regular(path)?;
            let sum = sum_of(&mut file)?;
            let (model, name) = (ModelBytes::File(file), name(&sum));
            // That it is no model at all says more than that it is another one.
            if !model_file::begins_like_one(&model)? {
                return Err(ModelFault::NoModel);
            }
            let name = name?;
            let (vocabulary, file) = model_file::read(model)?;
            let (tokenizer, encoder) = (Tokenizer::new(vocabulary)?, Encoder::read(file)?);
            Ok(Self {
                id: ModelId::new(name, format!("sha256:{sum}")),
                path: path.to_owned(),
                tokenizer,
                encoder,
                lanes: Lanes::default(),
            })
        };
        open().map_err(|fault| MeaningError::Model { path: path.to_owned(), fault })
    }

    /// The tokens that a text counts as, with what stands before it and the marks of its beginning and end.
    #[must_use]
    pub fn tokens_of_message(&self, text: &str) -> Vec<u32> {
        self.tokens(OF_A_MESSAGE, text)
    }

    /// The same of a text on record.
    #[must_use]
    pub fn tokens_of_entry(&self, text: &str) -> Vec<u32> {
        self.tokens(OF_AN_ENTRY, text)
    }

    fn tokens(&self, before: &str, text: &str) -> Vec<u32> {
        self.tokenizer.tokens(before, text, self.encoder.most_tokens())
    }

    fn vector(&self, before: &str, text: &str) -> Result<Vec<f32>, MeaningError> {
        let tokens = self.tokens(before, text);
        let vector = self.lanes.run(|| self.encoder.vector(&tokens)).and_then(|vector| vector);
        vector.map_err(|fault| MeaningError::Model { path: self.path.clone(), fault })
    }
}

impl Embed for LocalModel {
    fn model(&self) -> &ModelId {
        &self.id
    }

    fn dimensions(&self) -> usize {
        self.encoder.dimensions()
    }

    fn message(&self, text: &str) -> Result<Vec<f32>, MeaningError> {
        self.vector(OF_A_MESSAGE, text)
    }

    fn entry(&self, text: &str) -> Result<Vec<f32>, MeaningError> {
        self.vector(OF_AN_ENTRY, text)
    }
}

/// The SHA-256 of what a file has from here on, in hexadecimal digits.
pub(super) fn sum_of(file: &mut File) -> io::Result<String> {
    let (mut sum, mut piece) = (Sha256::new(), vec![0; PIECE]);
    loop {
        match file.read(&mut piece) {
            Ok(0) => return Ok(hexadecimal(&sum.finalize())),
            Ok(read) => sum.update(&piece[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Bytes in hexadecimal digits.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
