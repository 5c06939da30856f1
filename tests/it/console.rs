//! The program as a process: run once, or as a console that answers lines with JSON.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde_json::Value;

use super::support::me;

/// The program in a folder, without the shipped entries, for an admin who may approve what they proposed themselves.
pub fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onrecord"));
    command.current_dir(folder).env_clear().env("LANG", "C.UTF-8").stdin(Stdio::null());
    command.env("ONRECORD_ADMINS", me()).env("ONRECORD_SOLO", "on").env("ONRECORD_SHIPPED_DATA", "off");
    command
}

/// What it says, which must be with success.
#[track_caller]
pub fn done(folder: &Path, arguments: &[&str]) -> String {
    let output = program(folder).args(arguments).output().unwrap();
    let said = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap()).concat();
    assert!(output.status.success(), "{arguments:?}: {said}");
    said
}

/// Begins an empty database in a folder, which only who asks a question may.
pub fn begin(folder: &Path) {
    done(folder, &["version"]);
}

/// A process that ends with the test, however that ends.
pub struct Running(pub Child);

impl Running {
    /// Ends it as a power cut does.
    pub fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The program, answering lines for as long as it is asked.
pub struct Console {
    pub process: Running,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Console {
    /// Starts it in a folder.
    pub fn start(folder: &Path) -> Self {
        let mut command = program(folder);
        command.arg("--json").stderr(Stdio::null());
        Self::of(command)
    }

    /// Starts what answers so.
    pub fn of(mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (input, output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Self { process: Running(child), input, output }
    }

    pub fn ask(&mut self, line: &str) -> Value {
        writeln!(self.input, "{line}").unwrap();
        let mut reply = String::new();
        self.output.read_line(&mut reply).unwrap();
        serde_json::from_str(&reply).unwrap_or_else(|error| panic!("{line}: {error}: {reply}"))
    }

    #[track_caller]
    pub fn done(&mut self, line: &str) {
        let reply = self.ask(line);
        assert_eq!(reply["outcome"], "answered", "{line}: {reply}");
    }

    /// Ends it as the end of its input does.
    pub fn end(self) {
        let Self { mut process, input, .. } = self;
        drop(input);
        process.0.wait().unwrap();
    }
}
