//! A model's bytes where they lie: in a file of which little is held in memory, or in memory. Nothing is read past their
//! end, and no more is asked of memory than they have. It knows nothing of what they mean.

use std::{fs::File, io};

/// The bytes of a model.
#[derive(Debug)]
pub(super) enum ModelBytes {
    /// In a file, read at its places as it is asked.
    File(File),
    /// In memory.
    Memory(Vec<u8>),
}

impl ModelBytes {
    /// How many they are.
    pub(super) fn length(&self) -> io::Result<u64> {
        match self {
            Self::File(file) => Ok(file.metadata()?.len()),
            Self::Memory(bytes) => Ok(bytes.len() as u64),
        }
    }

    /// Fills a buffer from a place on.
    ///
    /// # Errors
    /// [`io::ErrorKind::UnexpectedEof`] where they end before; otherwise when the file can't be read.
    pub(super) fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        match self {
            Self::File(file) => read_file_at(file, offset, into),
            Self::Memory(bytes) => {
                let from = usize::try_from(offset).ok().and_then(|from| bytes.get(from..));
                let found = from.and_then(|rest| rest.get(..into.len())).ok_or(io::ErrorKind::UnexpectedEof)?;
                into.copy_from_slice(found);
                Ok(())
            }
        }
    }
}

#[cfg(unix)]
fn read_file_at(file: &File, offset: u64, into: &mut [u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, into, offset)
}

#[cfg(windows)]
fn read_file_at(file: &File, mut offset: u64, mut into: &mut [u8]) -> io::Result<()> {
    while !into.is_empty() {
        let read = std::os::windows::fs::FileExt::seek_read(file, into, offset)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        offset += read as u64;
        into = &mut into[read..];
    }
    Ok(())
}

/// Reads one part after another, and nothing past the end.
#[derive(Debug)]
pub(super) struct Parts<'a> {
    stored: &'a ModelBytes,
    at: u64,
    end: u64,
}

impl<'a> Parts<'a> {
    pub(super) fn new(stored: &'a ModelBytes) -> io::Result<Self> {
        Ok(Self { stored, at: 0, end: stored.length()? })
    }

    /// Where they end.
    pub(super) const fn end(&self) -> u64 {
        self.end
    }

    /// The next so many bytes. Memory is taken only once it is known that they are there.
    pub(super) fn take(&mut self, count: u64) -> io::Result<Vec<u8>> {
        if count > self.end - self.at {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let length = usize::try_from(count).map_err(|_| io::ErrorKind::UnexpectedEof)?;
        let mut bytes = vec![0; length];
        self.stored.read_at(self.at, &mut bytes)?;
        self.at += count;
        Ok(bytes)
    }

    fn array<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        if self.end - self.at < N as u64 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mut bytes = [0; N];
        self.stored.read_at(self.at, &mut bytes)?;
        self.at += N as u64;
        Ok(bytes)
    }

    pub(super) fn u8(&mut self) -> io::Result<u8> {
        Ok(u8::from_le_bytes(self.array()?))
    }

    pub(super) fn u16(&mut self) -> io::Result<u16> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    pub(super) fn u32(&mut self) -> io::Result<u32> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    pub(super) fn u64(&mut self) -> io::Result<u64> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    pub(super) fn f32(&mut self) -> io::Result<f32> {
        Ok(f32::from_le_bytes(self.array()?))
    }
}

/// Numbers of 32 bits, one after another; what is left over at the end is no number.
pub(super) fn words(bytes: &[u8]) -> impl ExactSizeIterator<Item = u32> + '_ {
    bytes.as_chunks().0.iter().map(|&bytes| u32::from_le_bytes(bytes))
}

/// The same of numbers with a point.
pub(super) fn floats(bytes: &[u8]) -> Vec<f32> {
    words(bytes).map(f32::from_bits).collect()
}
