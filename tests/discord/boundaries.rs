//! What may be used where.

use std::path::{Path, PathBuf};

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn serenity_stays_with_discord_and_discord_knows_no_sql() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let discord = root.join("chat/discord");
    let mut all = Vec::new();
    sources(&root, &mut all);
    assert!(all.iter().any(|path| path.starts_with(&discord)));
    for path in all {
        let text = std::fs::read_to_string(&path).unwrap();
        if path.starts_with(&discord) {
            assert!(!text.contains("rusqlite"), "{}", path.display());
        } else {
            assert!(!text.contains("serenity::"), "{}", path.display());
        }
    }
}
