//! Reading files that people name: regular files alone, and no more of them than was stated. Knows nothing of what is
//! in them.

use std::{
    fs::{File, Metadata, OpenOptions},
    io::{self, Read},
    path::Path,
};

/// Why a file can't be read. The file is named by those who say it.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The system gives nothing of it.
    #[error("can't be read: {0}")]
    Io(#[from] io::Error),
    /// It is a folder, a pipe, a device or a socket.
    #[error("is {0} and no file; name a regular file")]
    NoFile(&'static str),
    /// It is longer than what is taken.
    #[error("is longer than {} MiB, which is the most that is read; split it", .0 / MIB)]
    TooLong(u64),
    /// It is no text.
    #[error("is not UTF-8 text (line {0}); save it as UTF-8")]
    NoText(usize),
}

/// A mebibyte, in bytes.
pub const MIB: u64 = 1024 * 1024;

/// Reads a text file of at most `limit` bytes.
///
/// # Errors
/// When it is no regular file, is longer, is no UTF-8, or can't be read.
pub fn read_text(path: &Path, limit: u64) -> Result<String, FileError> {
    let bytes = read(path, limit)?;
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        FileError::NoText(error.as_bytes().iter().take(valid).filter(|&&byte| byte == b'\n').count() + 1)
    })
}

/// Reads a file of at most `limit` bytes.
///
/// # Errors
/// When it is no regular file, is longer, or can't be read.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
    let file = open_regular(path)?;
    let found = file.metadata()?;
    if found.len() > limit {
        return Err(FileError::TooLong(limit));
    }
    // What is written to it meanwhile makes it no longer here, and some files have no length before they are read.
    let mut bytes = Vec::with_capacity(usize::try_from(found.len()).unwrap_or_default());
    file.take(limit + 1).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > limit) {
        return Err(FileError::TooLong(limit));
    }
    Ok(bytes)
}

/// Opens a file for those who read it piece by piece and hold a bounded part of it at a time.
///
/// # Errors
/// When it is no regular file, or can't be opened.
pub fn open_regular(path: &Path) -> Result<File, FileError> {
    let file = open(path)?;
    regular(&file.metadata()?)?;
    Ok(file)
}

/// Opens a file without waiting, as a pipe would have one wait for whoever writes to it.
#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;

    let without_waiting = i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or_default();
    OpenOptions::new().read(true).custom_flags(without_waiting).open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).open(path)
}

fn regular(found: &Metadata) -> Result<(), FileError> {
    let kind = found.file_type();
    if kind.is_file() {
        return Ok(());
    }
    if kind.is_dir() {
        return Err(FileError::NoFile("a folder"));
    }
    Err(FileError::NoFile(special(kind)))
}

#[cfg(unix)]
fn special(kind: std::fs::FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;

    if kind.is_fifo() {
        "a pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
const fn special(_: std::fs::FileType) -> &'static str {
    "a device"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_regular_file_is_read_up_to_its_bound() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "12345").unwrap();
        assert_eq!(read_text(&file, 5).unwrap(), "12345");
        assert!(matches!(read_text(&file, 4), Err(FileError::TooLong(4))));
        std::fs::write(&file, b"a\n\xff").unwrap();
        assert!(matches!(read_text(&file, 5), Err(FileError::NoText(2))));
        assert!(matches!(read_text(folder.path(), 5), Err(FileError::NoFile("a folder"))));
        assert!(matches!(read_text(&folder.path().join("none"), 5), Err(FileError::Io(_))));
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_and_a_device_are_told_and_nobody_waits_for_them() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, rustix::fs::Mode::RUSR, 0).unwrap();
        assert!(matches!(read_text(&pipe, 5), Err(FileError::NoFile("a pipe"))));
        assert!(matches!(read_text(Path::new("/dev/zero"), 5), Err(FileError::NoFile("a device"))));
    }

    /// Files of the system that say they are empty and aren't.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_that_hides_its_length_is_read_up_to_its_bound() {
        assert!(matches!(read_text(Path::new("/proc/self/smaps"), 5), Err(FileError::TooLong(5))));
    }
}
