//! The packs of `data/`, which the program carries inside.

use include_dir::{Dir, DirEntry, include_dir};

use super::{
    faults::PackError,
    read::{Pack, read_texts},
    rules::Rules,
};

static DATA: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/data");

/// What the change that brings in the shipped packs is for.
pub const SHIPPED_SUMMARY: &str = "The entries that the release carries";

/// The packs that the program carries, read together.
///
/// # Errors
/// When a pack of `data/` is wrong; a test of the project keeps that from being released.
pub fn shipped_pack() -> Result<Pack, Vec<PackError>> {
    let mut texts = Vec::new();
    collect(&DATA, &mut texts);
    texts.sort();
    // They were checked before the release, and a machine whose clock is wrong still starts.
    read_texts(texts).map(|pack| pack.under(Rules { confirmed: true, ..Rules::default() }))
}

fn collect(folder: &Dir<'_>, texts: &mut Vec<(String, String)>) {
    for entry in folder.entries() {
        match entry {
            DirEntry::Dir(folder) => collect(folder, texts),
            DirEntry::File(file) if file.path().extension().is_some_and(|extension| extension == "toml") => {
                let name = format!("data/{}", file.path().display());
                texts.push((name, file.contents_utf8().unwrap_or_default().to_owned()));
            }
            DirEntry::File(_) => {}
        }
    }
}
