//! Reads a file of a sentence-embedding model ("E5S1"): its shape, its vocabulary and where its tensors lie. Every count,
//! place and length is checked against the others and against the file before anything is done by it.
//!
//! The layout, little-endian: the magic and a version; the shape; the vocabulary (pieces of a SentencePiece unigram with
//! their scores, and what each character is normalised to); the names, kinds, sizes and places of the tensors.

use std::{collections::HashMap, io};

use super::bytes::{ModelBytes, Parts, floats, words};
use crate::meaning::ModelFault;

const MAGIC: &[u8; 4] = b"E5S1";
const VERSION: u32 = 1;

/// How many weights share a scale.
pub(super) const BLOCK: usize = 32;
/// The bytes of such a block: the scale in 16 bits and the weights in four each.
pub(super) const BLOCK_BYTES: usize = 18;

// Far more than any model of this kind has: what is beyond is no model, and would take memory without end.
const MOST_LAYERS: u32 = 64;
const MOST_HIDDEN: u32 = 4096;
const MOST_INNER: u32 = 16_384;
const MOST_POSITIONS: u32 = 8192;
const MOST_PIECES: u32 = 1 << 20;
const MOST_TENSORS: u32 = 4096;
const LONGEST_NAME: u16 = 64;
const LONGEST_PIECE: u32 = 1024;
const MOST_MAPPED: u32 = 0x11_0000;

/// How the model is built.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Shape {
    /// Numbers to a token between layers, and so to a vector.
    pub(super) hidden: usize,
    pub(super) layers: usize,
    pub(super) heads: usize,
    /// Numbers to a token inside the feed-forward part.
    pub(super) inner: usize,
    /// Rows of the table of tokens.
    pub(super) rows: usize,
    /// How many tokens it takes at once.
    pub(super) positions: usize,
    pub(super) types: usize,
    pub(super) epsilon: f32,
}

/// The vocabulary as the file has it.
#[derive(Debug)]
pub(super) struct Vocabulary {
    /// Where each piece begins in `text`, and where the last ends.
    pub(super) offsets: Vec<u32>,
    pub(super) scores: Vec<f32>,
    pub(super) text: Vec<u8>,
    pub(super) begin: u32,
    pub(super) end: u32,
    pub(super) unknown: u32,
    /// What characters become, where they don't stay.
    pub(super) mapped: HashMap<char, Box<[char]>>,
}

/// How the numbers of a tensor are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Numbers {
    Floats,
    FourBits,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    numbers: Numbers,
    count: usize,
    offset: u64,
}

/// A model's file, read but for its vocabulary and the numbers of its tensors.
#[derive(Debug)]
pub(super) struct ModelFile {
    pub(super) stored: ModelBytes,
    pub(super) shape: Shape,
    places: HashMap<String, Place>,
}

/// Whether it begins as files of models do.
///
/// # Errors
/// When it can't be read.
pub(super) fn begins_like_one(stored: &ModelBytes) -> Result<bool, ModelFault> {
    let mut found = [0; MAGIC.len()];
    match stored.read_at(0, &mut found) {
        Ok(()) => Ok(found == *MAGIC),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Reads a file.
///
/// # Errors
/// When it is no such file, is damaged or cut short, or can't be read.
pub(super) fn read(stored: ModelBytes) -> Result<(Vocabulary, ModelFile), ModelFault> {
    let mut parts = Parts::new(&stored)?;
    if parts.take(MAGIC.len() as u64).map_err(cut_short)? != MAGIC {
        return Err(ModelFault::NoModel);
    }
    if parts.u32().map_err(cut_short)? != VERSION {
        return Err(damaged("its version is not known"));
    }
    let shape = shape(&mut parts)?;
    let vocabulary = vocabulary(&mut parts, &shape)?;
    let places = places(&mut parts)?;
    Ok((vocabulary, ModelFile { stored, shape, places }))
}

impl ModelFile {
    fn place(&self, name: &str, numbers: Numbers, count: usize) -> Result<Place, ModelFault> {
        let place = self.places.get(name).ok_or_else(|| damaged("one of its tensors is missing"))?;
        let as_expected = place.numbers == numbers && place.count == count;
        if as_expected { Ok(*place) } else { Err(damaged("one of its tensors is of another kind or size")) }
    }

    /// A tensor of so many numbers.
    pub(super) fn floats(&self, name: &str, count: usize) -> Result<Vec<f32>, ModelFault> {
        let place = self.place(name, Numbers::Floats, count)?;
        let mut bytes = vec![0; count * 4];
        self.stored.read_at(place.offset, &mut bytes).map_err(cut_short)?;
        Ok(floats(&bytes))
    }

    /// The blocks of a tensor of so many weights.
    pub(super) fn blocks(&self, name: &str, count: usize) -> Result<Vec<u8>, ModelFault> {
        let place = self.place(name, Numbers::FourBits, count)?;
        let mut bytes = vec![0; count / BLOCK * BLOCK_BYTES];
        self.stored.read_at(place.offset, &mut bytes).map_err(cut_short)?;
        Ok(bytes)
    }

    /// Where such a tensor lies that is too large to be held.
    pub(super) fn blocks_at(&self, name: &str, count: usize) -> Result<u64, ModelFault> {
        Ok(self.place(name, Numbers::FourBits, count)?.offset)
    }
}

pub(super) fn damaged(what: &'static str) -> ModelFault {
    ModelFault::Damaged(what)
}

/// What a read that failed says of the file.
pub(super) fn cut_short(error: io::Error) -> ModelFault {
    if error.kind() == io::ErrorKind::UnexpectedEof { damaged("it ends too early") } else { ModelFault::Read(error) }
}

fn shape(parts: &mut Parts<'_>) -> Result<Shape, ModelFault> {
    let mut within = |most: u32| {
        let found = parts.u32().map_err(cut_short)?;
        if (1..=most).contains(&found) {
            Ok(found as usize)
        } else {
            Err(damaged("its shape is none that a model has"))
        }
    };
    let (hidden, layers, heads, inner) =
        (within(MOST_HIDDEN)?, within(MOST_LAYERS)?, within(MOST_HIDDEN)?, within(MOST_INNER)?);
    let (rows, positions, types) = (within(MOST_PIECES)?, within(MOST_POSITIONS)?, within(16)?);
    let epsilon = parts.f32().map_err(cut_short)?;
    let block = parts.u32().map_err(cut_short)?;
    let fits = hidden.is_multiple_of(heads)
        && hidden.is_multiple_of(BLOCK)
        && inner.is_multiple_of(BLOCK)
        && block as usize == BLOCK
        && positions > 2
        && (0.0..1.0).contains(&epsilon);
    if !fits {
        return Err(damaged("its shape is none that a model has"));
    }
    Ok(Shape { hidden, layers, heads, inner, rows, positions, types, epsilon })
}

fn vocabulary(parts: &mut Parts<'_>, shape: &Shape) -> Result<Vocabulary, ModelFault> {
    let wrong = || damaged("its vocabulary doesn't fit");
    let count = parts.u32().map_err(cut_short)?;
    if count == 0 || count as usize > shape.rows {
        return Err(wrong());
    }
    let mut special = || match parts.u32().map_err(cut_short)? {
        id if id < count => Ok(id),
        _ => Err(wrong()),
    };
    let (begin, end, _padding, unknown) = (special()?, special()?, special()?, special()?);
    let length = parts.u64().map_err(cut_short)?;
    let offsets: Vec<u32> = words(&parts.take((u64::from(count) + 1) * 4).map_err(cut_short)?).collect();
    let scores = floats(&parts.take(u64::from(count) * 4).map_err(cut_short)?);
    let text = parts.take(length).map_err(cut_short)?;
    let in_order = offsets.windows(2).all(|pair| pair[0] <= pair[1] && pair[1] - pair[0] <= LONGEST_PIECE);
    let within = offsets.first() == Some(&0) && offsets.last().is_some_and(|&last| u64::from(last) <= length);
    if !in_order || !within || scores.iter().any(|score| !score.is_finite()) {
        return Err(wrong());
    }
    let mapped = mapped(parts)?;
    Ok(Vocabulary { offsets, scores, text, begin, end, unknown, mapped })
}

fn mapped(parts: &mut Parts<'_>) -> Result<HashMap<char, Box<[char]>>, ModelFault> {
    let wrong = || damaged("its table of characters doesn't fit");
    let count = parts.u32().map_err(cut_short)?;
    let length = parts.u32().map_err(cut_short)?;
    if count > MOST_MAPPED {
        return Err(wrong());
    }
    let stored = ModelBytes::Memory(parts.take(u64::from(length)).map_err(cut_short)?);
    let mut entries = Parts::new(&stored)?;
    let mut mapped = HashMap::new();
    for _ in 0..count {
        let from = entries.u32().map_err(cut_short)?;
        let several = entries.u8().map_err(cut_short)?;
        let into = entries.take(u64::from(several) * 4).map_err(cut_short)?;
        let into: Option<Box<[char]>> = words(&into).map(char::from_u32).collect();
        let from = char::from_u32(from).ok_or_else(wrong)?;
        mapped.insert(from, into.ok_or_else(wrong)?);
    }
    Ok(mapped)
}

fn places(parts: &mut Parts<'_>) -> Result<HashMap<String, Place>, ModelFault> {
    let wrong = || damaged("its table of tensors doesn't fit");
    let count = parts.u32().map_err(cut_short)?;
    if count > MOST_TENSORS {
        return Err(wrong());
    }
    let mut places = HashMap::new();
    for _ in 0..count {
        let length = parts.u16().map_err(cut_short)?;
        if length > LONGEST_NAME {
            return Err(wrong());
        }
        let name = String::from_utf8(parts.take(u64::from(length)).map_err(cut_short)?).map_err(|_| wrong())?;
        let kind = parts.u8().map_err(cut_short)?;
        let count = parts.u32().map_err(cut_short)? as usize;
        let (offset, bytes) = (parts.u64().map_err(cut_short)?, parts.u64().map_err(cut_short)?);
        let (numbers, needed) = match kind {
            0 => (Numbers::Floats, count as u64 * 4),
            1 if count.is_multiple_of(BLOCK) => (Numbers::FourBits, (count / BLOCK * BLOCK_BYTES) as u64),
            _ => return Err(wrong()),
        };
        if bytes != needed || offset.checked_add(bytes).is_none_or(|end| end > parts.end()) {
            return Err(wrong());
        }
        places.insert(name, Place { numbers, count, offset });
    }
    Ok(places)
}
