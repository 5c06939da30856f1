//! The file of vectors: what the model made of texts, by the texts' keys, so that none is embedded twice.
//!
//! It is derived and may be thrown away. It begins with what tells the model, and grows by blocks, each with a checksum: a
//! process that is killed loses the block that it was writing, and damage costs what stands behind it.

use std::{
    fs::File,
    io::{self, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};
use tantivy::directory::{Directory, MmapDirectory, OwnedBytes};

use super::text::{KEY, SeenKey};
use crate::files::{Audience, Existing, Unfinished, folder_of, open_private};

/// What the file begins with; the digits are its format.
const MAGIC: &[u8; 8] = b"ORVECT01";

/// The longest that it begins with, in bytes: the mark, the model's digest, how many numbers a vector has, how many
/// records had been purged, and a checksum of these.
const HEAD: usize = MAGIC.len() + DIGEST + 4 + 8 + CHECK;
const DIGEST: usize = 32;
const CHECK: usize = 8;

/// What a block begins with: how many vectors it has, and a checksum.
const BLOCK_HEAD: usize = 4 + CHECK;

/// Up to which size the file is read at once, in bytes; a larger one is mapped into memory.
const READ_AT_ONCE: u64 = 16 * 1024 * 1024;

/// The largest vector that is read, in numbers. Ours: four times what common models have.
const MOST_DIMENSIONS: usize = 4_096;

/// Whose vectors a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Of {
    /// The SHA-256 of what names the model.
    pub(super) model: [u8; DIGEST],
    /// How many numbers a vector has.
    pub(super) dimensions: usize,
}

impl Of {
    pub(super) fn model(name: &str, dimensions: usize) -> Self {
        let mut model = [0; DIGEST];
        model.copy_from_slice(&Sha256::digest(name.as_bytes()));
        Self { model, dimensions }
    }

    fn row(&self) -> usize {
        KEY + 4 + self.dimensions
    }

    fn head(&self, purged: i64) -> Vec<u8> {
        let mut head = Vec::with_capacity(HEAD);
        head.extend_from_slice(MAGIC);
        head.extend_from_slice(&self.model);
        head.extend_from_slice(&u32::try_from(self.dimensions).unwrap_or(u32::MAX).to_le_bytes());
        head.extend_from_slice(&purged.to_le_bytes());
        let check = check(&head);
        head.extend_from_slice(&check);
        head
    }
}

fn check(bytes: &[u8]) -> [u8; CHECK] {
    let mut check = [0; CHECK];
    for (place, byte) in check.iter_mut().zip(Sha256::digest(bytes)) {
        *place = byte;
    }
    check
}

/// A vector in 8 bits: each number is this times the scale.
#[derive(Debug, Clone, Copy)]
pub(super) struct Packed<'a> {
    pub(super) scale: f32,
    pub(super) numbers: &'a [u8],
}

/// The vectors of a file as far as it is sound.
#[derive(Debug, Clone)]
pub(super) struct Vectors {
    bytes: OwnedBytes,
    /// Where each vector's row begins.
    rows: Vec<u64>,
    of: Of,
    /// How many bytes are sound.
    sound: u64,
    /// How many records had been purged when the file was begun.
    pub(super) purged: i64,
}

/// Why a file is of no use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unfit {
    /// It begins as none does.
    #[error("it is damaged or no file of vectors")]
    Damaged,
    /// It is of another model.
    #[error("it is of another model")]
    OtherModel,
}

impl Vectors {
    /// None.
    pub(super) fn none(of: Of, purged: i64) -> Self {
        let head = of.head(purged);
        let sound = head.len() as u64;
        Self { bytes: OwnedBytes::new(head), rows: Vec::new(), of, sound, purged }
    }

    /// Reads a file's bytes. What stands behind damage is left out.
    pub(super) fn read(bytes: OwnedBytes, of: &Of) -> Result<Self, Unfit> {
        let head = bytes.get(..HEAD).ok_or(Unfit::Damaged)?;
        let (said, sum) = head.split_at(HEAD - CHECK);
        if !head.starts_with(MAGIC) || check(said) != sum {
            return Err(Unfit::Damaged);
        }
        let at = MAGIC.len() + DIGEST;
        let dimensions = number(head, at).ok_or(Unfit::Damaged)?;
        let purged = said.get(at + 4..).and_then(|purged| purged.try_into().ok()).ok_or(Unfit::Damaged)?;
        if said.get(MAGIC.len()..at) != Some(of.model.as_slice()) || dimensions as usize != of.dimensions {
            return Err(Unfit::OtherModel);
        }
        if of.dimensions > MOST_DIMENSIONS {
            return Err(Unfit::Damaged);
        }
        let mut rows = Vec::new();
        let mut sound = HEAD;
        while let Some(end) = block_end(&bytes, sound, of.row()) {
            let first = sound + BLOCK_HEAD;
            rows.extend((first..end).step_by(of.row()).map(|row| row as u64));
            sound = end;
        }
        Ok(Self { bytes, rows, of: of.clone(), sound: sound as u64, purged: i64::from_le_bytes(purged) })
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether something stands behind what is sound.
    pub(super) fn is_damaged(&self) -> bool {
        self.bytes.len() as u64 > self.sound
    }

    fn row(&self, row: usize) -> Option<&[u8]> {
        let at = usize::try_from(*self.rows.get(row)?).ok()?;
        self.bytes.get(at..at + self.of.row())
    }

    /// The key of a row.
    pub(super) fn key(&self, row: usize) -> Option<SeenKey> {
        self.row(row)?.get(..KEY)?.try_into().ok()
    }

    /// The vector of a row.
    pub(super) fn vector(&self, row: usize) -> Option<Packed<'_>> {
        let (scale, numbers) = self.row(row)?.get(KEY..)?.split_at_checked(4)?;
        Some(Packed { scale: f32::from_le_bytes(scale.try_into().ok()?), numbers })
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// Where the block ends that begins here; `None` if there is none, or it isn't sound.
fn block_end(bytes: &[u8], at: usize, row: usize) -> Option<usize> {
    let count = usize::try_from(number(bytes, at)?).ok().filter(|count| *count > 0)?;
    let sum = bytes.get(at + 4..at + BLOCK_HEAD)?;
    let end = count.checked_mul(row)?.checked_add(at + BLOCK_HEAD)?;
    let rows = bytes.get(at + BLOCK_HEAD..end)?;
    (check(rows) == sum).then_some(end)
}

/// A block of vectors as it stands in the file.
fn block(vectors: &[(SeenKey, Vec<f32>)]) -> Vec<u8> {
    let mut rows = Vec::new();
    for (key, vector) in vectors {
        let largest = vector.iter().fold(0_f32, |largest, number| largest.max(number.abs()));
        let scale = if largest > 0.0 { largest / 127.0 } else { 1.0 };
        rows.extend_from_slice(key);
        rows.extend_from_slice(&scale.to_le_bytes());
        #[expect(clippy::cast_possible_truncation, reason = "the quotient lies between -127 and 127")]
        rows.extend(vector.iter().map(|number| ((number / scale).round() as i8).cast_unsigned()));
    }
    let mut block = u32::try_from(vectors.len()).unwrap_or(u32::MAX).to_le_bytes().to_vec();
    block.extend_from_slice(&check(&rows));
    block.extend_from_slice(&rows);
    block
}

/// Who writes the file, or holds what would stand in it in memory.
#[derive(Debug)]
pub(super) struct VectorWriter {
    path: PathBuf,
    /// The file, locked; `None` where it can't be written.
    file: Option<File>,
    pub(super) vectors: Vectors,
}

impl VectorWriter {
    /// Opens the file at `path`, or begins it. One that can't be used is begun anew, one that can't be written is read, and
    /// what is to be added stays in memory; both are said in the log.
    pub(super) fn open(path: &Path, of: &Of, purged: i64) -> Self {
        let read = read(path).and_then(|bytes| Ok(bytes.map(|bytes| Vectors::read(bytes, of)).transpose()?));
        let vectors = match read {
            Ok(Some(vectors)) => {
                if vectors.is_damaged() {
                    tracing::warn!(file = %path.display(), kept = vectors.len(), "the file of vectors is damaged; what is lost is made anew");
                }
                Some(vectors)
            }
            Ok(None) => None,
            Err(reason) => {
                tracing::warn!(file = %path.display(), %reason, "the file of vectors can't be used and is made anew");
                None
            }
        };
        let file = open_private(path).and_then(|file| match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(std::fs::TryLockError::WouldBlock) => Ok(None),
            Err(std::fs::TryLockError::Error(error)) => Err(error),
        });
        let file = file.unwrap_or_else(|error| {
            tracing::warn!(file = %path.display(), %error, "the file of vectors can't be written; they are held in memory");
            None
        });
        let begun = vectors.is_some();
        let mut writer =
            Self { path: path.to_owned(), file, vectors: vectors.unwrap_or_else(|| Vectors::none(of.clone(), purged)) };
        if !begun {
            let head = of.head(purged);
            writer.write(0, &head);
        }
        writer
    }

    /// Whether what is added is kept.
    pub(super) const fn is_kept(&self) -> bool {
        self.file.is_some()
    }

    /// Adds vectors. Where the file takes them no more, as on a full disk, they are held in memory from then on.
    pub(super) fn add(&mut self, added: &[(SeenKey, Vec<f32>)]) {
        let block = block(added);
        let at = self.vectors.sound;
        self.write(at, &block);
        let of = self.vectors.of.clone();
        let mapped = if self.file.is_some() { read(&self.path).ok().flatten() } else { None };
        let mapped = mapped.and_then(|bytes| Vectors::read_on(bytes, &self.vectors, block.len()));
        self.vectors = mapped.unwrap_or_else(|| {
            let mut bytes =
                self.vectors.bytes.get(..usize::try_from(at).unwrap_or(usize::MAX)).unwrap_or_default().to_vec();
            bytes.extend_from_slice(&block);
            Vectors::read_on(OwnedBytes::new(bytes), &self.vectors, block.len())
                .unwrap_or_else(|| Vectors::none(of, self.vectors.purged))
        });
    }

    /// Writes the file anew with those rows alone, so that nothing of what was purged stands in it.
    pub(super) fn keep(&mut self, rows: &[usize], purged: i64) {
        let of = self.vectors.of.clone();
        let mut bytes = of.head(purged);
        let mut kept = Vec::new();
        for chunk in rows.chunks(1_024) {
            let chunk: Vec<&[u8]> = chunk.iter().filter_map(|row| self.vectors.row(*row)).collect();
            let body = chunk.concat();
            kept.extend_from_slice(&u32::try_from(chunk.len()).unwrap_or(u32::MAX).to_le_bytes());
            kept.extend_from_slice(&check(&body));
            kept.extend_from_slice(&body);
        }
        bytes.extend_from_slice(&kept);
        if self.file.is_some() {
            let written = replace(&self.path, &bytes);
            self.file = written.map_or_else(
                |error| {
                    tracing::warn!(file = %self.path.display(), %error, "the file of vectors can't be written anew and is removed");
                    // It is derived; what was purged must not stand in it.
                    let _ = std::fs::remove_file(&self.path);
                    None
                },
                Some,
            );
        }
        self.vectors = Vectors::read(OwnedBytes::new(bytes), &of).unwrap_or_else(|_| Vectors::none(of, purged));
    }

    fn write(&mut self, at: u64, bytes: &[u8]) {
        let Some(file) = &mut self.file else { return };
        let written = file
            .set_len(at)
            .and_then(|()| file.seek(SeekFrom::Start(at)))
            .and_then(|_| file.write_all(bytes))
            .and_then(|()| file.sync_data());
        if let Err(error) = written {
            tracing::warn!(file = %self.path.display(), %error, "vectors can't be written; those made from now on are held in memory");
            self.file = None;
        }
    }
}

impl Vectors {
    /// The same and one more block, of so many bytes, whose soundness need not be looked at.
    fn read_on(bytes: OwnedBytes, before: &Self, block: usize) -> Option<Self> {
        let from = usize::try_from(before.sound).ok()?;
        let end = from + block;
        bytes.get(from..end)?;
        let mut rows = before.rows.clone();
        rows.extend((from + BLOCK_HEAD..end).step_by(before.of.row()).map(|row| row as u64));
        Some(Self { bytes, rows, of: before.of.clone(), sound: end as u64, purged: before.purged })
    }
}

/// The bytes of the file; `None` if there is none or it is empty.
fn read(path: &Path) -> Result<Option<OwnedBytes>, ReadError> {
    let length = match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => metadata.len(),
        Ok(_) => return Err(ReadError::Unfit(Unfit::Damaged)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    if length == 0 {
        return Ok(None);
    }
    if length <= READ_AT_ONCE {
        return Ok(Some(OwnedBytes::new(std::fs::read(path)?)));
    }
    // The only way to map a file without unsafe code of our own. A new one each time: it keeps earlier, shorter maps.
    let name = path.file_name().map(Path::new).ok_or(ReadError::Unfit(Unfit::Damaged))?;
    let folder = MmapDirectory::open(folder_of(path)).map_err(io::Error::other)?;
    let file = folder.open_read(name).map_err(io::Error::other)?;
    Ok(Some(file.read_bytes()?))
}

/// Why a file wasn't read.
#[derive(Debug, thiserror::Error)]
enum ReadError {
    #[error(transparent)]
    Unfit(#[from] Unfit),
    #[error("{0}")]
    Disk(#[from] io::Error),
}

/// Writes a file in the place of another; gives it, locked.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<File> {
    let mut unfinished = Unfinished::beside(path, Audience::Owner)?;
    unfinished.write_all(bytes)?;
    unfinished.finish(path, Existing::Replace)?;
    let file = open_private(path)?;
    file.try_lock().map_err(io::Error::other)?;
    Ok(file)
}
