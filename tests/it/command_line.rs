//! The program as it is run: what it prints, what it ends with, and what it does with bad input.

use std::{
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

use super::support::me;

/// A folder to run the program in.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onrecord"));
        command.current_dir(self.path()).env_clear().env("LANG", "C.UTF-8").stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.command().args(arguments).output().unwrap())
    }

    fn pipe(&self, arguments: &[&str], input: &[u8]) -> Ran {
        let mut child = self
            .command()
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        Ran::of(child.wait_with_output().unwrap())
    }
}

#[derive(Debug)]
struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Ran {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

#[test]
fn the_program_alone_in_an_empty_folder_answers() {
    let place = Place::new();
    let ran = place.run(&["source", "sydney"]);
    assert_eq!(ran.code, 0);
    insta::assert_snapshot!(ran.err, @"onrecord: began a new database at onrecord.db, with the entries that the program carries");
    assert_eq!(place.run(&["source", "sydney"]).err, "");
    let full = place.run(&["source", "sydney", "--full"]).out;
    assert!(full.contains("About: ") && full.len() > ran.out.len(), "{full}");
    for wanted in [
        "Sydney",
        "New South Wales",
        "did not respond, or refused",
        "Consulate-General of China in Sydney",
        "Embassy of China in Australia",
        "Original reporting",
        "original: no address",
    ] {
        assert!(ran.out.contains(wanted), "{wanted} is not in:\n{}", ran.out);
    }
    assert!(!ran.out.contains('\x1b'), "no colours where there is no terminal");
}

#[test]
fn a_form_is_filled_in_line_by_line_and_a_backslash_goes_on() {
    let place = Place::new();
    let input = b"add entity\nTea\ntopic\nskip\nskip\n!version\nA drink.\nskip\nsubmit\nadd entity\\\nname: Coffee\\\nkind: topic\nqueue\n";
    let mut command = place.command();
    command.env("ONRECORD_ADMINS", me()).env("ONRECORD_SHIPPED_DATA", "off");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let ran = Ran::of(child.wait_with_output().unwrap());
    for wanted in ["C1 is proposed", "C2 is proposed", "A drink.", "Waiting for review: 2 changes", "onrecord 0."] {
        assert!(ran.out.to_lowercase().contains(&wanted.to_lowercase()), "{wanted} is not in:\n{}", ran.out);
    }
    let ran = place.run(&["approve", "C1"]);
    assert_eq!(ran.code, 2, "nobody is an admin without the setting: {ran:?}");
    let ran = place.run(&["verify"]);
    assert!(ran.code == 0 && ran.out.contains("The history holds"), "{ran:?}");
    let ran = place.run(&["changes", "export"]);
    let first: serde_json::Value = serde_json::from_str(ran.out.lines().next().unwrap()).unwrap();
    assert_eq!((first["id"].as_str(), first["state"].as_str()), (Some("C1"), Some("pending")));
}

#[test]
fn a_form_that_is_kept_for_later_takes_no_line_for_its_answer() {
    let place = Place::new();
    let input = "add entity\nTea\nlater\nqueue\nanswer show\ntopic\nlater\nversion\n";
    let mut command = place.command();
    command.env("ONRECORD_ADMINS", me()).env("ONRECORD_SHIPPED_DATA", "off");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let ran = Ran::of(child.wait_with_output().unwrap());
    assert!(ran.out.contains("Nothing waits for review."), "{}", ran.out);
    assert!(ran.out.contains("The form so far") && ran.out.contains("Onrecord 0."), "{}", ran.out);
    assert!(!ran.out.to_lowercase().contains("kind: queue"), "{}", ran.out);
}

#[test]
fn every_question_that_the_project_promises_is_answered() {
    let place = Place::new();
    for (question, code) in [
        (&["source", "new", "york"][..], 0),
        (&["source", "ottawa"], 1),
        (&["source", "safeguard", "defenders"], 0),
        (&["source", "by:laura harth"], 0),
        (&["source", "悉尼"], 0),
        (&["source", "sydeny"], 0),
        (&["source", "place:netherlands", "kind", "of", "station"], 0),
        (&["source", "driving", "licences"], 0),
        (&["source", "china's", "embassy", "\"refused to comment\""], 0),
        (&["source", "🙂"], 1),
        (&["check", "There is a Chinese police station in Dublin"], 0),
        (&["show", "S1"], 0),
        (&["about", "sydney"], 0),
        (&["places"], 0),
        (&["organisations", "embassy"], 0),
        (&["people"], 0),
        (&["topics"], 0),
        (&["recent"], 0),
        (&["sources", "irish times"], 0),
        (&["history", "S1"], 0),
        (&["help"], 0),
        (&["help", "source"], 0),
        (&["version"], 0),
        (&["source"], 2),
        (&["sorce", "sydney"], 2),
        (&["sorce sydney"], 2),
        (&["is", "there", "a", "police", "station", "in", "dublin"], 0),
        (&["is there a police station in dublin"], 0),
        (&["source sydney"], 0),
        (&["source", "--help"], 0),
        (&["show", "12"], 2),
        (&["source", "sydney", "since:yesterday"], 2),
    ] {
        let ran = place.run(question);
        assert_eq!(ran.code, code, "{question:?}: {ran:?}");
        assert!(!ran.out.is_empty(), "{question:?} printed nothing");
    }
}

#[test]
fn a_question_in_one_word_of_the_shell_is_read_as_if_typed() {
    let place = Place::new();
    let typed = |line: &str| place.pipe(&["--json"], line.as_bytes()).out;
    for (word, line) in [
        ("place:netherlands kind of station", "source place:netherlands kind of station"),
        ("kind of station place:netherlands", "source kind of station place:netherlands"),
        ("place:netherlands since:2022 station", "source place:netherlands since:2022 station"),
        ("since:2022 sydney", "source since:2022 sydney"),
        ("by:laura harth", "source by:\"laura harth\""),
        ("new york", "source new york"),
    ] {
        let ran = place.run(&["--json", "source", word]);
        assert_eq!((ran.code, ran.out), (0, typed(line)), "{word}");
    }
    // A name that isn't on record is never taken for a part of it that is.
    for name in ["by:laura smith", "place:sydney ontario"] {
        let ran = place.run(&["source", name]);
        assert_eq!(ran.code, 1, "{name}: {ran:?}");
    }
}

#[test]
fn a_slip_in_a_command_of_the_operator_s_is_no_question() {
    let ran = Place::new().run(&["imprt", "pack.toml"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("did you mean: onrecord import"), "{}", ran.err);
}

#[test]
fn json_follows_its_published_schema() {
    let place = Place::new();
    let schema: serde_json::Value = serde_json::from_str(&place.run(&["schema", "reply"]).out).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for question in [
        &["--json", "source", "sydney"][..],
        &["source", "sydney", "--json"],
        &["--json", "source", "atlantis"],
        &["--json", "source"],
        &["--json", "places"],
        &["--json", "show", "D1"],
        &["--json", "show", "R1"],
        &["--json", "history", "S1"],
    ] {
        let reply: serde_json::Value = serde_json::from_str(&place.run(question).out).unwrap();
        let errors: Vec<String> = validator.iter_errors(&reply).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new(), "{question:?}");
    }
    let published = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reply.schema.json");
    let published: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(published).unwrap()).unwrap();
    assert!(published == schema, "write it anew: onrecord schema reply > docs/reply.schema.json");
}

#[test]
fn lines_of_a_pipe_are_answered_one_by_one_whatever_is_in_them() {
    let place = Place::new();
    let mut input = b"source sydney\n\n# a comment\nsource \xff\xfe\nsource a\x00b \x1b[31mred\n".to_vec();
    input.extend(b"source ");
    input.extend(b"word ".repeat(20_000));
    input.extend(b"\nsource \"unbalanced\nsource ' OR 1=1 -- NEAR(* AND ^\nversion\n");
    let ran = place.pipe(&["--json"], &input);
    let replies: Vec<serde_json::Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let outcomes: Vec<&str> = replies.iter().map(|reply| reply["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes.first(), Some(&"answered"));
    assert_eq!(outcomes.last(), Some(&"answered"), "{outcomes:?}");
    assert_eq!(outcomes.len(), 7, "{outcomes:?}");
    assert!(!ran.out.contains('\x1b'));
}

#[test]
fn a_question_that_is_too_long_is_said_to_be() {
    let place = Place::new();
    let long = "long ".repeat(3_000);
    let ran = place.run(&["source", &long]);
    assert_eq!(ran.code, 2);
    assert!(ran.out.contains("at most 2200 are read"), "{}", ran.out);
    let ran = place.run(&["check", &"x".repeat(100_000)]);
    assert_eq!(ran.code, 2);
    assert!(ran.out.contains("at most 20200 are read"), "{}", ran.out);
}

#[test]
fn a_file_that_is_no_database_of_ours_is_named() {
    let place = Place::new();
    std::fs::write(place.path().join("onrecord.db"), "no database, but long enough to be taken for one by its size")
        .unwrap();
    let ran = place.run(&["source", "sydney"]);
    assert_eq!(ran.code, 3);
    insta::assert_snapshot!(ran.err, @"onrecord: onrecord.db is not a database; name another file in ONRECORD_DATABASE");
    assert_eq!(ran.out, "");
}

#[test]
fn a_corrupt_pack_is_refused_whole() {
    let place = Place::new();
    place.run(&["version"]);
    let good = "[[entity]]\nkey = \"new\"\nkind = \"topic\"\nname = \"New\"\n";
    std::fs::write(place.path().join("good.toml"), good).unwrap();
    std::fs::write(place.path().join("bad.toml"), "[[entity]]\nkey = \"other\"\nkind = \"thing\"\nname = \"Other\"\n")
        .unwrap();
    let ran = place.run(&["import", "good.toml", "bad.toml"]);
    assert_eq!(ran.code, 2);
    insta::assert_snapshot!(ran.err, @"
    onrecord: nothing was imported:
    bad.toml, line 3, field entity.kind: “thing” is none of place, organisation, person, topic
    ");
    assert_eq!(place.run(&["about", "new"]).code, 1);
    assert_eq!(
        place.run(&["import", "--dry-run", "good.toml"]).out,
        "Would be imported: 1 new. Nothing was changed.\n  new        entity new\n"
    );
    assert_eq!(place.run(&["about", "new"]).code, 1);
    let ran = place.run(&["import", "good.toml", "--reviewed-by", "ana"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "Imported as C2: 1 new.\n", ""));
    assert_eq!(place.run(&["about", "new"]).code, 0);
    assert_eq!(place.run(&["import", "good.toml", "--reviewed-by", "ana"]).out, "Nothing to import: 1 unchanged.\n");
    let ran = place.run(&["import", "good.toml", "--by", "ana", "--reviewed-by", "ana"]);
    assert_eq!(ran.code, 0, "nothing to import is nothing to review");
}

#[test]
fn an_export_is_written_whole_and_reads_back() {
    let place = Place::new();
    place.run(&["version"]);
    let ran = place.run(&["export", "all.toml"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let copy = Place::new();
    copy.command().env("ONRECORD_SHIPPED_DATA", "off").arg("version").output().unwrap();
    std::fs::copy(place.path().join("all.toml"), copy.path().join("all.toml")).unwrap();
    let mut import = copy.command();
    let ran = Ran::of(
        import
            .env("ONRECORD_SHIPPED_DATA", "off")
            .args(["import", "all.toml", "--reviewed-by", "ana"])
            .output()
            .unwrap(),
    );
    assert_eq!(ran.code, 0, "{ran:?}");
    // But for the head, which has the hashes of each history.
    let records = |place: &Place| -> Vec<String> {
        let exported = place.run(&["export"]).out;
        exported.lines().filter(|line| !line.starts_with("# ")).map(str::to_owned).collect()
    };
    assert_eq!(records(&copy), records(&place));
    assert_eq!(place.run(&["export", "no/such/folder.toml"]).code, 3);
}

#[test]
fn statements_and_responses_are_exported_as_a_table() {
    let place = Place::new();
    place.run(&["version"]);
    let ran = place.run(&["export", "--csv", "all.csv"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.err.contains("exported statements and responses to all.csv"), "{}", ran.err);
    let text = std::fs::read_to_string(place.path().join("all.csv")).unwrap();
    let mut table = csv::Reader::from_reader(text.strip_prefix('\u{feff}').unwrap().as_bytes());
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    let of = |record: &str| rows.iter().filter(|row| &row[1] == record).count();
    let pack = place.run(&["export"]).out;
    assert!(
        pack.contains(&format!("{} statements, {} responses.", of("statement"), of("response"))),
        "{}",
        &pack[..200]
    );
    let of_sydney =
        |row: &&csv::StringRecord| row[13].contains("Sydney") && row[16].contains("https://safeguarddefenders.com/");
    assert!(rows.iter().any(|row| of_sydney(&row)), "{rows:?}");
}

#[test]
fn the_configuration_is_shown_and_what_nothing_reads_is_pointed_out() {
    let place = Place::new();
    std::fs::write(place.path().join(".env"), "ONRECORD_PAGE_SIZE=3\nONRECORD_PAGESIZE=4\n").unwrap();
    let ran = place.run(&["config"]);
    assert_eq!(ran.code, 0);
    assert!(ran.out.contains("ONRECORD_PAGE_SIZE=3  (from .env)"), "{}", ran.out);
    assert!(ran.out.contains("ONRECORD_DATABASE=onrecord.db  (default)"), "{}", ran.out);
    insta::assert_snapshot!(ran.err, @"onrecord: ONRECORD_PAGESIZE is set but nothing reads it; did you mean ONRECORD_PAGE_SIZE?");
    std::fs::write(place.path().join(".env"), "ONRECORD_PAGE_SIZE=many\n").unwrap();
    let ran = place.run(&["version"]);
    assert_eq!(ran.code, 2);
    insta::assert_snapshot!(ran.err, @r#"onrecord: ONRECORD_PAGE_SIZE is "many"; it must be a number from 1 to 50"#);
}

#[cfg(unix)]
mod disk {
    //! Disks that are full or can only be read.

    use std::os::unix::{fs::PermissionsExt, process::CommandExt};

    use super::*;

    /// The number of the user "nobody", whom file permissions bind even where the tests run as root.
    const NOBODY: u32 = 65_534;

    /// Lets the program run as someone whom the permissions of the folder bind.
    fn bound(place: &Place) -> Command {
        let program = place.path().join("program");
        if !program.exists() {
            put_program(&program);
        }
        let mut command = Command::new(program);
        command.current_dir(place.path()).env_clear().stdin(Stdio::null());
        let tests_run_as_root =
            std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
        if tests_run_as_root {
            command.uid(NOBODY).gid(NOBODY);
        }
        command
    }

    /// Puts the program where anyone may run it: under a second name or, on another file system, as a copy. This
    /// process must not write the copy: a child that another test starts at that moment inherits the open file, and
    /// Linux runs no file that someone has open for writing (execve(2), ETXTBSY).
    fn put_program(place: &Path) {
        let built = env!("CARGO_BIN_EXE_onrecord");
        if std::fs::hard_link(built, place).is_err() {
            let copied = Command::new("cp").args([built.as_ref(), place.as_os_str()]).status().unwrap();
            assert!(copied.success(), "cp ends with {copied}");
        }
    }

    #[test]
    fn a_program_that_was_just_put_in_place_runs_while_others_start() {
        std::thread::scope(|scope| {
            let others = scope.spawn(|| {
                for _ in 0..200 {
                    Command::new("true").status().unwrap();
                }
            });
            while !others.is_finished() {
                let place = Place::new();
                std::fs::set_permissions(place.path(), PermissionsExt::from_mode(0o755)).unwrap();
                assert_eq!(bound(&place).arg("--version").output().unwrap().status.code(), Some(0));
            }
        });
    }

    #[test]
    fn a_disk_that_can_only_be_read_answers_and_refuses_to_change() {
        let place = Place::new();
        place.run(&["version"]);
        std::fs::write(place.path().join("pack.toml"), "[[entity]]\nkey = \"new\"\nkind = \"topic\"\nname = \"New\"\n")
            .unwrap();
        let lock = |mode: u32, file_mode: u32| {
            for entry in std::fs::read_dir(place.path()).unwrap().map(|entry| entry.unwrap().path()) {
                if entry.is_file() && entry.file_name().unwrap() != "program" {
                    std::fs::set_permissions(entry, PermissionsExt::from_mode(file_mode)).unwrap();
                }
            }
            std::fs::set_permissions(place.path(), PermissionsExt::from_mode(mode)).unwrap();
        };
        bound(&place);
        lock(0o555, 0o444);
        let asked = Ran::of(bound(&place).args(["source", "sydney"]).output().unwrap());
        let imported = Ran::of(bound(&place).args(["import", "pack.toml"]).output().unwrap());
        lock(0o755, 0o644);
        assert_eq!(asked.code, 0, "{asked:?}");
        assert!(asked.out.contains("New South Wales"));
        assert_eq!(imported.code, 3, "{imported:?}");
        assert!(imported.err.contains("the database can only be read; nothing was changed"), "{}", imported.err);
    }

    #[test]
    fn a_folder_that_may_not_be_written_is_named_at_the_first_start() {
        let place = Place::new();
        bound(&place);
        std::fs::set_permissions(place.path(), PermissionsExt::from_mode(0o555)).unwrap();
        let ran = Ran::of(bound(&place).args(["source", "sydney"]).output().unwrap());
        std::fs::set_permissions(place.path(), PermissionsExt::from_mode(0o755)).unwrap();
        assert_eq!(ran.code, 3);
        insta::assert_snapshot!(ran.err, @"onrecord: onrecord.db can't be opened: its folder is missing or may not be written");
    }

    #[test]
    fn a_full_disk_keeps_what_was_there_and_says_so() {
        let place = Place::new();
        place.run(&["version"]);
        let many: String = (0..20_000)
            .map(|number| format!("[[entity]]\nkey = \"e{number}\"\nkind = \"topic\"\nname = \"Number {number}\"\n"))
            .collect();
        std::fs::write(place.path().join("many.toml"), many).unwrap();
        // A limit on the size of files stands in for the end of the disk; the signal that goes with it is ignored.
        let script = "trap '' XFSZ; ulimit -f 1500; exec \"$0\" import many.toml --reviewed-by ana";
        let mut command = Command::new("sh");
        command.args(["-c", script, env!("CARGO_BIN_EXE_onrecord")]).current_dir(place.path());
        let ran = Ran::of(command.env_clear().stdin(Stdio::null()).output().unwrap());
        assert_eq!(ran.code, 3, "{ran:?}");
        assert!(ran.err.contains("nothing was changed"), "{}", ran.err);
        let after = place.run(&["version"]);
        assert!(after.out.contains("1 approved change"), "{}", after.out);
        assert_eq!(place.run(&["source", "sydney"]).code, 0);
    }
}
