//! Secrets: not in what the program prints at its most talkative, and not in any file that it writes.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use onrecord::config::SETTINGS;
use tempfile::TempDir;

const CANARY: &str = "canary-7Fq2xk";

/// A folder whose `.env` sets every secret.
fn folder(mode: u32) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let secrets: String = SETTINGS
        .iter()
        .filter(|setting| setting.secret)
        .map(|setting| format!("{}={CANARY}\n", setting.name))
        .collect();
    assert!(secrets.lines().count() >= 5, "{secrets}");
    let file = folder.path().join(".env");
    std::fs::write(&file, secrets).unwrap();
    set_mode(&file, mode);
    folder
}

#[cfg(unix)]
fn set_mode(file: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn set_mode(_: &Path, _: u32) {}

fn run(folder: &TempDir, arguments: &[&str], settings: &[(&str, &str)]) -> (Output, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_onrecord"))
        .args(arguments)
        .current_dir(folder.path())
        .env_clear()
        .envs([("ONRECORD_LOG", "trace"), ("RUST_BACKTRACE", "1")])
        .envs(settings.iter().copied())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let printed = [output.stdout.as_slice(), &output.stderr].map(String::from_utf8_lossy).concat();
    (output, printed)
}

/// The files other than `.env` that hold a text.
fn files_with(folder: &Path, text: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            found.extend(files_with(&entry, text));
        } else if !entry.ends_with(".env")
            && std::fs::read(&entry).unwrap().windows(text.len()).any(|window| window == text.as_bytes())
        {
            found.push(entry);
        }
    }
    found
}

#[test]
fn no_command_prints_or_keeps_a_secret() {
    let folder = folder(0o600);
    std::fs::write(folder.path().join("bad.toml"), "[[entity]]\nkey = 1\n").unwrap();
    // Where nobody listens: what is logged about the failure must not name the secrets either.
    let nobody = [("MATRIX_HOMESERVER", "http://127.0.0.1:1"), ("MATRIX_USER", "@bot:example.org")];
    for (arguments, settings, code) in [
        (&["config"][..], &[][..], 0),
        (&["source", "sydney"], &[], 0),
        (&["version"], &[], 0),
        (&["--json", "source", "zzqqxx zzqqyy"], &[], 1),
        (&["import", "bad.toml"], &[], 2),
        (&["export"], &[], 0),
        (&["verify"], &[], 0),
        (&["qqzzxxyy"], &[], 1),
        (&["config"], &[("ONRECORD_PAGE_SIZE", "none")], 2),
        (&["config"], &[("ONRECORD_LOG_FORMAT", "json"), ("DISCORD_API_URL", "nowhere")], 2),
        (&["matrix", "recovery-key"], &nobody, 3),
    ] {
        if cfg!(not(feature = "matrix")) && arguments[0] == "matrix" {
            continue;
        }
        let (output, printed) = run(&folder, arguments, settings);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {printed}");
        assert!(!printed.contains(CANARY), "{arguments:?} printed a secret: {printed}");
    }
    assert_eq!(files_with(folder.path(), CANARY), Vec::<PathBuf>::new());
}

/// What is carried off the machine, or put back on it, has no secret in it: neither those that are set nor the keys
/// that the program keeps in files.
#[test]
fn backups_and_what_is_restored_or_exported_hold_no_secret() {
    let folder = folder(0o600);
    let me = super::support::me();
    let admin = [("ONRECORD_ADMINS", me.as_str()), ("ONRECORD_LOG", "error")];
    // Secrets of a bot that has run: its account's store, with the key that it is encrypted with.
    let matrix = folder.path().join("onrecord.db.matrix");
    std::fs::create_dir(&matrix).unwrap();
    std::fs::write(matrix.join("key"), CANARY).unwrap();
    std::fs::write(matrix.join("session.json"), format!("{{\"access_token\":\"{CANARY}\"}}")).unwrap();
    for (arguments, code) in [
        (&["source", "sydney"][..], 0),
        (&["suggest", "https://example.org/a", "A", "note."], 0),
        (&["role", "discord:70", "contributor"], 0),
        (&["block", "discord:71", "for", "7d", "Floods."], 0),
        (&["backup", "safe.db"], 0),
        (&["export", "all.toml"], 0),
        (&["changes", "export", "trail.jsonl"], 0),
        (&["restore", "safe.db"], 0),
        (&["verify"], 0),
        (&["reindex"], 0),
    ] {
        let (output, printed) = run(&folder, arguments, &admin);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {printed}");
        assert!(!printed.contains(CANARY), "{arguments:?} printed a secret: {printed}");
    }
    // Also as SQLite reads them, whatever way a page holds a text: a backup as text has no canary.
    let text = dumped(&folder.path().join("safe.db"));
    assert!(text.contains("discord:71") && !text.contains(CANARY));
    let mut found = files_with(folder.path(), CANARY);
    found.sort();
    assert_eq!(found, [matrix.join("key"), matrix.join("session.json")], "a secret was carried elsewhere");
    let names = ["safe.db", "all.toml", "trail.jsonl", "onrecord.db"];
    assert!(names.iter().all(|name| folder.path().join(name).is_file()));
    let kept = std::fs::read_dir(folder.path())
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with("onrecord.db.replaced-"));
    assert_eq!(kept.count(), 1, "what was replaced is looked at, too");
}

/// All texts of a database.
fn dumped(file: &Path) -> String {
    let connection = rusqlite::Connection::open(file).unwrap();
    let tables: Vec<String> = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let mut text = String::new();
    for table in tables {
        let mut statement = connection.prepare(&format!("SELECT * FROM \"{table}\"")).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for column in 0..columns {
                if let Ok(value) = row.get_ref(column).unwrap().as_str() {
                    text.push_str(value);
                    text.push('\n');
                }
            }
        }
    }
    text
}

#[test]
fn credentials_in_an_address_are_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    let address = format!("http://user:{CANARY}@127.0.0.1:1");
    for (arguments, settings, code) in [
        (&["config"][..], &[("MATRIX_HOMESERVER", address.as_str()), ("MATRIX_USER", "@bot:example.org")][..], 0),
        (&["config"], &[("DISCORD_API_URL", &address)], 0),
        // What is wrong is said without them, too.
        (&["config"], &[("DISCORD_API_URL", &format!("ftp://user:{CANARY}@example.org"))], 2),
        (&["config"], &[("DISCORD_API_URL", &format!("http://user:{CANARY}/a b@example.org"))], 2),
        (&["config"], &[("MATRIX_HOMESERVER", &format!("user:{CANARY}@example.org"))], 2),
        #[cfg(feature = "matrix")]
        (
            &["matrix", "recovery-key"],
            &[("MATRIX_HOMESERVER", &address), ("MATRIX_USER", "@bot:example.org"), ("MATRIX_PASSWORD", "x")],
            3,
        ),
    ] {
        let (output, printed) = run(&folder, arguments, settings);
        assert_eq!(output.status.code(), Some(code), "{arguments:?} {settings:?}: {printed}");
        assert!(!printed.contains(CANARY), "{arguments:?} {settings:?} printed a credential: {printed}");
        assert!(printed.contains("(hidden)@") || arguments[0] == "matrix", "{printed}");
    }
}

#[cfg(unix)]
#[test]
fn an_env_file_with_a_secret_that_others_can_read_is_pointed_out() {
    let advice = "can be read by others; run chmod 600 .env";
    let (output, printed) = run(&folder(0o640), &["version"], &[]);
    assert_eq!(output.status.code(), Some(0), "it is said, not refused");
    assert_eq!(printed.matches(advice).count(), 1, "{printed}");
    assert!(!run(&folder(0o600), &["version"], &[]).1.contains(advice));
    // Without a secret there is nothing to hide.
    let plain = tempfile::tempdir().unwrap();
    std::fs::write(plain.path().join(".env"), "ONRECORD_PAGE_SIZE=5\n").unwrap();
    set_mode(&plain.path().join(".env"), 0o644);
    assert!(!run(&plain, &["version"], &[]).1.contains(advice));
}

#[test]
fn what_holds_secrets_is_ignored_by_git() {
    let ignored = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/.gitignore")).unwrap();
    for name in [".env", ".env.*", "*.db", "*.matrix/"] {
        assert!(ignored.lines().any(|line| line == name), "{name}");
    }
}

#[test]
fn an_error_that_quotes_a_value_does_not_steer_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let (_, printed) = run(&folder, &["config"], &[("ONRECORD_LOG", "\u{1b}[31m=\u{9b}2J\u{202e}")]);
    assert!(printed.starts_with("onrecord: ONRECORD_LOG is"), "{printed:?}");
    assert!(!printed.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{printed:?}");
    std::fs::write(
        folder.path().join("a.toml"),
        "[[entity]]\nkey = \"\u{9b}2J\u{202e}\"\nkind = \"place\"\nname = \"A\"\n",
    )
    .unwrap();
    let (_, printed) = run(&folder, &["import", "a.toml"], &[("ONRECORD_LOG", "off")]);
    assert!(printed.contains("a.toml, line 2") && !printed.contains(['\u{9b}', '\u{202e}']), "{printed:?}");
}
