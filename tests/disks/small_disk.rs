//! A disk of a few megabytes: a file system in memory, mounted in a folder of its own.
//!
//! Mounting is for root. For anyone else the tests are run once more as root of a namespace of its own, by
//! util-linux's `unshare`.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use tempfile::TempDir;

/// A mounted disk; it goes with this value.
pub struct SmallDisk {
    folder: TempDir,
}

/// The file that takes up the room.
const BALLAST: &str = "ballast";

/// Says to a second run of the tests that it is the second.
const AGAIN: &str = "ONRECORD_TEST_IN_NAMESPACE";

/// Where such disks can be mounted.
pub enum Mounting {
    /// In this process.
    Here,
    /// In a process that is root of a namespace of its own.
    InNamespace,
    /// Nowhere, for this reason.
    Nowhere(String),
}

impl Mounting {
    /// Tries it out.
    pub fn find() -> Self {
        let Err(why) = SmallDisk::of(64) else { return Self::Here };
        if std::env::var_os(AGAIN).is_some() {
            return Self::Nowhere(why);
        }
        let folder = tempfile::tempdir().unwrap();
        let mut tried = in_namespace();
        tried.args(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs"]).arg(folder.path());
        match tried.output() {
            Ok(output) if output.status.success() => Self::InNamespace,
            Ok(output) => Self::Nowhere(format!("{why}; in a namespace of its own: {}", one_line(&output.stderr))),
            Err(error) => Self::Nowhere(format!("{why}; there is no program unshare: {error}")),
        }
    }
}

/// Runs this program once more, with the same arguments, as root of a namespace of its own; gives how it ended.
pub fn run_in_namespace() -> ExitCode {
    let mut again = in_namespace();
    again.arg(std::env::current_exe().unwrap()).args(std::env::args_os().skip(1)).env(AGAIN, "1");
    if again.status().unwrap().success() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn in_namespace() -> Command {
    let mut unshare = Command::new("unshare");
    unshare.args(["--user", "--map-root-user", "--mount"]);
    unshare
}

fn one_line(said: &[u8]) -> String {
    String::from_utf8_lossy(said).split_whitespace().collect::<Vec<_>>().join(" ")
}

impl SmallDisk {
    /// One of so many kilobytes, or why there can be none.
    pub fn of(kilobytes: u32) -> Result<Self, String> {
        let folder = tempfile::tempdir().unwrap();
        let size = format!("size={kilobytes}k");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(folder.path()).output();
        let mounted = mounted.map_err(|error| format!("there is no program mount: {error}"))?;
        if !mounted.status.success() {
            return Err(one_line(&mounted.stderr));
        }
        Ok(Self { folder })
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    fn ballast(&self) -> PathBuf {
        self.path().join(BALLAST)
    }

    /// Fills it to the last page.
    pub fn fill(&self) {
        let mut ballast = std::fs::File::options().create(true).append(true).open(self.ballast()).unwrap();
        while ballast.write_all(&[0x20; 4096]).is_ok() {}
    }

    /// Gives this many kilobytes of it back.
    pub fn give_back(&self, kilobytes: u64) {
        let ballast = std::fs::File::options().write(true).open(self.ballast()).unwrap();
        let length = ballast.metadata().unwrap().len();
        ballast.set_len(length.saturating_sub(kilobytes * 1024)).unwrap();
    }

    /// Gives all of it back.
    pub fn empty(&self) {
        let _ = std::fs::remove_file(self.ballast());
    }

    /// Has it be written no more, or again.
    pub fn read_only(&self, read_only: bool) {
        let how = if read_only { "remount,ro" } else { "remount,rw" };
        // With its source named, or mount takes options from the table of mounts that a namespace refuses.
        let mut mount = Command::new("mount");
        assert!(mount.args(["-o", how, "tmpfs"]).arg(self.path()).status().unwrap().success());
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // What still has a file open there keeps it; it goes with that.
        let _ = Command::new("umount").args(["--lazy"]).arg(self.path()).status();
    }
}
