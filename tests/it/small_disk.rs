//! A disk of a few megabytes: a file system in memory, mounted in a folder of its own.
//!
//! Mounting is for root. For anyone else a test is run once more as root of a namespace of its own, by
//! util-linux's `unshare`; where the system allows neither, the test says that it was not run.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

/// A mounted disk; it goes with this value.
pub struct SmallDisk {
    folder: TempDir,
}

/// The file that takes up the room.
const BALLAST: &str = "ballast";

/// Says to the second run of a test that it is the second.
const AGAIN: &str = "ONRECORD_TEST_IN_NAMESPACE";

/// Runs `work` of the test of this name on a disk of so many kilobytes.
pub fn on_small_disk(test: &str, kilobytes: u32, work: impl FnOnce(&SmallDisk)) {
    match SmallDisk::of(kilobytes) {
        Ok(disk) => work(&disk),
        Err(reason) if std::env::var_os(AGAIN).is_some() => eprintln!("{test} was not run: {reason}"),
        Err(_) => {
            let mut again = Command::new("unshare");
            again.args(["--user", "--map-root-user", "--mount"]).arg(std::env::current_exe().unwrap());
            let output = again.args(["--exact", test, "--nocapture"]).env(AGAIN, "1").output();
            let Ok(output) = output else { return eprintln!("{test} was not run: it needs root, or unshare") };
            let said = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
            if said.contains("unshare: ") {
                return eprintln!("{test} was not run: it needs root, or a namespace of its own: {said}");
            }
            assert!(output.status.success(), "{said}");
        }
    }
}

impl SmallDisk {
    fn of(kilobytes: u32) -> Result<Self, String> {
        let folder = tempfile::tempdir().unwrap();
        let size = format!("size={kilobytes}k");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(folder.path()).output();
        let mounted = mounted.map_err(|error| format!("there is no program mount: {error}"))?;
        if !mounted.status.success() {
            return Err(String::from_utf8_lossy(&mounted.stderr).into_owned());
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
        assert!(Command::new("mount").args(["-o", how]).arg(self.path()).status().unwrap().success());
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // What still has a file open there keeps it; it goes with that.
        let _ = Command::new("umount").args(["--lazy"]).arg(self.path()).status();
    }
}
