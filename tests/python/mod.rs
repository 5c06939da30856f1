//! Programs of others that tests run, installed from the Python registry into a folder of the build's.

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::Command,
};

/// Installs what a file of requirements names, unless that was done, and gives the folder of its programs, `python` among
/// them. Tests that run beside each other wait for the first.
pub(crate) fn installed(name: &str, requirements: &Path) -> PathBuf {
    let text = std::fs::read_to_string(requirements).unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{:016x}", hash(&text)));
    let programs = folder.join("bin");
    std::fs::create_dir_all(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let lock = File::create(folder.with_extension("lock")).unwrap();
    lock.lock().unwrap();
    let finished = folder.join("finished");
    if finished.exists() {
        return programs;
    }
    let _ = std::fs::remove_dir_all(&folder);
    run(Command::new("python3").args(["-m", "venv"]).arg(&folder), "Python 3.9 or later with its venv module");
    let mut pip = Command::new(programs.join("python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]).arg(requirements);
    run(&mut pip, &format!("{} from the Python registry", text.lines().next().unwrap_or_default()));
    std::fs::write(finished, "").unwrap();
    programs
}

/// Runs a program for what tests need; where it fails, says what that is.
pub(crate) fn run(command: &mut Command, needed: &str) {
    let missing = |what: String| panic!("these tests need {needed}, which can't be had: {what}");
    match command.output() {
        Ok(output) if output.status.success() => {}
        Ok(output) => missing(String::from_utf8_lossy(&output.stderr).into_owned()),
        Err(error) => missing(error.to_string()),
    }
}

/// FNV-1a, for a folder's name.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
