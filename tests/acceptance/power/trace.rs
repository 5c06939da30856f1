//! What a program wrote, in order, as `strace` saw it: which bytes into which file, what was synced, and which names
//! were made, changed and taken away.

use std::{collections::HashMap, path::Path, process::Command};

/// A file, whatever its names are.
pub(super) type Inode = usize;

/// Something that changes what a disk holds, or makes it last.
#[derive(Debug, Clone)]
pub(super) enum Event {
    /// Bytes from this place on.
    Write { inode: Inode, at: usize, bytes: Vec<u8> },
    /// The file has this length from now on.
    Resize { inode: Inode, length: usize },
    /// What was written into the file before will last.
    Sync(Inode),
    /// Names that come, or go where there is no file, all at once.
    Name(Vec<(String, Option<Inode>)>),
    /// The names in this folder will last.
    SyncFolder(String),
    /// Someone was told that this was done.
    Acknowledged,
}

/// The calls that change files or make them last. What is not read below must not be seen: [`Trace::read`] panics.
const CALLS: &str = "trace=openat,creat,write,writev,pwrite64,pwritev,pwritev2,lseek,ftruncate,fallocate,fsync,fdatasync,\
                     rename,renameat,renameat2,link,linkat,unlink,unlinkat,copy_file_range,sendfile,mmap";

/// The events so far, and where the files stand.
pub(super) struct Trace {
    root: String,
    pub(super) events: Vec<Event>,
    names: HashMap<String, Inode>,
    lengths: Vec<usize>,
    /// The file and the place in it of each descriptor of the process that is being read.
    open: HashMap<u32, (Inode, usize)>,
}

impl Trace {
    /// Begins with what is in this folder: for each file its name and its bytes, numbered as they come.
    pub(super) fn new(root: &Path, files: &[(String, Vec<u8>)]) -> Self {
        let names = files.iter().zip(0..).map(|((name, _), inode)| (name.clone(), inode)).collect();
        let lengths = files.iter().map(|(_, bytes)| bytes.len()).collect();
        let root = format!("{}/", root.canonicalize().unwrap().display());
        Self { root, events: Vec::new(), names, lengths, open: HashMap::new() }
    }

    /// Runs a command under `strace`, takes in what it did, and gives what it printed. It must end with 0.
    pub(super) fn run(&mut self, command: &Command) -> String {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("trace");
        let mut traced = Command::new("strace");
        traced.args(["-f", "-y", "-xx", "-s", "99999999", "-e", CALLS, "-o"]).arg(&log);
        traced.arg("--").arg(command.get_program()).args(command.get_args());
        traced.current_dir(command.get_current_dir().unwrap()).env_clear();
        traced.envs(command.get_envs().filter_map(|(name, value)| value.map(|value| (name, value))));
        let output = traced.output().unwrap_or_else(|error| {
            panic!("this test needs the program strace (Debian's package strace): {error}");
        });
        let printed = String::from_utf8(output.stdout).unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command:?} ends with {}: {printed}{said}", output.status);
        self.open.clear();
        let mut unfinished: HashMap<String, String> = HashMap::new();
        for line in std::fs::read_to_string(&log).unwrap().lines() {
            let (process, call) = line.split_once(char::is_whitespace).unwrap();
            let call = call.trim_start();
            if let Some(begun) = call.strip_suffix(" <unfinished ...>") {
                unfinished.insert(process.to_owned(), begun.to_owned());
            } else if let Some((_, rest)) = call.strip_prefix("<... ").and_then(|call| call.split_once(" resumed>")) {
                let begun = unfinished.remove(process).unwrap_or_default();
                self.read(&format!("{begun}{rest}"));
            } else {
                self.read(call);
            }
        }
        printed
    }

    /// Takes in one call: `name(arguments) = result`.
    fn read(&mut self, line: &str) {
        let Some((call, result)) = line.rsplit_once(" = ") else { return };
        let Some((name, arguments)) = call.trim_end().trim_end_matches(')').split_once('(') else { return };
        let digits: String = result.chars().take_while(char::is_ascii_digit).collect();
        // Failed calls changed nothing.
        let Ok(result) = digits.parse::<usize>() else { return };
        let arguments = Arguments::of(arguments);
        match name {
            "openat" | "creat" => self.opened(&arguments, u32::try_from(result).unwrap()),
            "write" | "writev" => {
                let Some((inode, at)) = self.descriptor(&arguments) else { return };
                self.write(inode, at, arguments.bytes(result));
                self.open.insert(arguments.descriptor.unwrap(), (inode, at + result));
            }
            "pwrite64" => {
                let Some((inode, _)) = self.descriptor(&arguments) else { return };
                self.write(inode, arguments.last_number(), arguments.bytes(result));
            }
            "lseek" => {
                if let Some((inode, _)) = self.descriptor(&arguments) {
                    self.open.insert(arguments.descriptor.unwrap(), (inode, result));
                }
            }
            "ftruncate" => {
                if let Some((inode, _)) = self.descriptor(&arguments) {
                    self.resize(inode, arguments.last_number());
                }
            }
            "fsync" | "fdatasync" => {
                if let Some((inode, _)) = self.descriptor(&arguments) {
                    self.events.push(Event::Sync(inode));
                } else if let Some(folder) = arguments.folder.as_deref().and_then(|folder| self.inside(folder)) {
                    self.events.push(Event::SyncFolder(folder));
                }
            }
            "rename" | "renameat" | "renameat2" => {
                let paths = self.paths(&arguments);
                let [from, to] = paths.as_slice() else { panic!("{line}") };
                if let (Some(from), Some(to)) = (self.inside(from), self.inside(to)) {
                    self.rename(&from, &to);
                }
            }
            "link" | "linkat" => {
                let paths = self.paths(&arguments);
                let [from, to] = paths.as_slice() else { panic!("{line}") };
                if let (Some(from), Some(to)) = (self.inside(from), self.inside(to)) {
                    let inode = self.names[&from];
                    self.name(vec![(to, Some(inode))]);
                }
            }
            "unlink" | "unlinkat" => {
                if let Some(path) = self.inside(&self.paths(&arguments)[0]).filter(|path| self.names.contains_key(path))
                {
                    self.name(vec![(path, None)]);
                }
            }
            "mmap" => {
                let is_written = line.contains("MAP_SHARED") && line.contains("PROT_WRITE");
                let file = arguments.paths_of_descriptors.first().and_then(|path| self.inside(path));
                // The log's index is made anew after a cut, so what it holds doesn't matter.
                let matters = file.filter(|file| is_written && !file.ends_with("-shm"));
                assert!(matters.is_none(), "{matters:?} is written through memory, which is not modelled");
            }
            _ => {
                let inside = arguments.paths_of_descriptors.iter().any(|path| self.inside(path).is_some());
                assert!(!inside, "{name} is not modelled: {line:.200}");
            }
        }
    }

    /// The part of a path behind the folder that is watched; the folder itself is the empty name.
    fn inside(&self, path: &str) -> Option<String> {
        let path = path.replace("/./", "/");
        if format!("{path}/") == self.root {
            return Some(String::new());
        }
        path.strip_prefix(&self.root).map(str::to_owned)
    }

    /// The paths that a call names: relative ones are so to the folder before them, or to that of the process.
    fn paths(&self, arguments: &Arguments) -> Vec<String> {
        let absolute = |(path, folder): (&Vec<u8>, &String)| match String::from_utf8_lossy(path) {
            path if path.starts_with('/') => path.into_owned(),
            path if folder.is_empty() => format!("{}{path}", self.root),
            path => format!("{folder}/{path}"),
        };
        arguments.strings.iter().zip(&arguments.folders).map(absolute).collect()
    }

    fn descriptor(&self, arguments: &Arguments) -> Option<(Inode, usize)> {
        self.inside(arguments.folder.as_deref()?)?;
        self.open.get(&arguments.descriptor?).copied()
    }

    fn opened(&mut self, arguments: &Arguments, descriptor: u32) {
        let Some(path) = self.inside(&self.paths(arguments)[0]) else { return };
        let flags = &arguments.rest;
        if let Some(&inode) = self.names.get(&path) {
            if flags.contains("O_TRUNC") && self.lengths[inode] > 0 {
                self.resize(inode, 0);
            }
        } else if flags.contains("O_CREAT") {
            self.lengths.push(0);
            self.name(vec![(path.clone(), Some(self.lengths.len() - 1))]);
        }
        if let Some(&inode) = self.names.get(&path) {
            let at = if flags.contains("O_APPEND") { self.lengths[inode] } else { 0 };
            self.open.insert(descriptor, (inode, at));
        } else {
            // A folder.
            self.open.remove(&descriptor);
        }
    }

    fn write(&mut self, inode: Inode, at: usize, bytes: Vec<u8>) {
        self.lengths[inode] = self.lengths[inode].max(at + bytes.len());
        self.events.push(Event::Write { inode, at, bytes });
    }

    fn resize(&mut self, inode: Inode, length: usize) {
        self.lengths[inode] = length;
        self.events.push(Event::Resize { inode, length });
    }

    /// A file or a folder with what is in it.
    fn rename(&mut self, from: &str, to: &str) {
        let below = format!("{from}/");
        let moved: Vec<(String, Inode)> = self
            .names
            .iter()
            .filter(|(name, _)| name.as_str() == from || name.starts_with(&below))
            .map(|(name, inode)| (name.clone(), *inode))
            .collect();
        let gone = moved.iter().map(|(name, _)| (name.clone(), None));
        let come = moved.iter().map(|(name, inode)| (format!("{to}{}", &name[from.len()..]), Some(*inode)));
        let both = gone.chain(come).collect();
        self.name(both);
    }

    fn name(&mut self, names: Vec<(String, Option<Inode>)>) {
        for (name, inode) in &names {
            match inode {
                Some(inode) => self.names.insert(name.clone(), *inode),
                None => self.names.remove(name),
            };
        }
        self.events.push(Event::Name(names));
    }
}

/// The arguments of a call as they are printed: every string in hexadecimal, every descriptor with its path.
struct Arguments {
    descriptor: Option<u32>,
    /// The path of the first descriptor.
    folder: Option<String>,
    paths_of_descriptors: Vec<String>,
    strings: Vec<Vec<u8>>,
    /// For each string, the folder that stands before it.
    folders: Vec<String>,
    /// What is neither.
    rest: String,
}

impl Arguments {
    fn of(text: &str) -> Self {
        let mut this = Self {
            descriptor: None,
            folder: None,
            paths_of_descriptors: Vec::new(),
            strings: Vec::new(),
            folders: Vec::new(),
            rest: String::new(),
        };
        let mut text = text;
        while let Some(at) = text.find(['"', '<']) {
            let (before, from) = text.split_at(at);
            this.rest.push_str(before);
            let (end, is_string) = if from.starts_with('"') { ('"', true) } else { ('>', false) };
            let (inside, after) = from[1..].split_once(end).unwrap_or((&from[1..], ""));
            let bytes = decode(inside);
            if is_string {
                this.folders.push(this.paths_of_descriptors.last().cloned().unwrap_or_default());
                this.strings.push(bytes);
            } else {
                let path = String::from_utf8_lossy(&bytes).into_owned();
                if this.paths_of_descriptors.is_empty() {
                    this.descriptor = before.trim().parse().ok();
                    this.folder = Some(path.clone());
                }
                this.paths_of_descriptors.push(path);
            }
            text = after;
        }
        this.rest.push_str(text);
        this
    }

    fn bytes(&self, length: usize) -> Vec<u8> {
        let mut bytes = self.strings.concat();
        assert!(bytes.len() >= length, "strace printed {} of {length} bytes", bytes.len());
        bytes.truncate(length);
        bytes
    }

    fn last_number(&self) -> usize {
        self.rest.rsplit(',').next().and_then(|number| number.trim().parse().ok()).unwrap()
    }
}

/// What stands in `\x..`, and the rest as it is.
fn decode(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4);
    let mut rest = text;
    while let Some(sign) = rest.chars().next() {
        let hex = rest.strip_prefix("\\x").and_then(|hex| hex.get(..2));
        if let Some(byte) = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            bytes.push(byte);
            rest = &rest[4..];
        } else {
            bytes.extend(sign.to_string().as_bytes());
            rest = &rest[sign.len_utf8()..];
        }
    }
    bytes
}
