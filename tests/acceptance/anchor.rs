//! Time stamps of the history, by an authority that is real but for its name: `openssl ts`, behind a few lines of HTTP.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use onrecord::{
    anchor::{AnchorError, Roots, StampAuthority, Stamped},
    store::Store,
};
use tempfile::TempDir;

use super::console::{begin, done, program};

/// What an authority answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    Honest,
    /// By a certificate that nobody trusted speaks for.
    Unknown,
    /// With an answer to another question on the same text.
    OtherQuestion,
    /// With a stamp of another text.
    OtherText,
    /// It refuses the kind of digest.
    Refusing,
    /// With one byte of the signature changed.
    Altered,
    /// Something that is no time stamp.
    Garbage,
    NotFound,
    Elsewhere,
    Endless,
    Silent,
}

/// Runs openssl, which signs for the authority.
fn openssl(folder: &Path, arguments: &[&str]) {
    let output = Command::new("openssl").current_dir(folder).args(arguments).output();
    let output = output.unwrap_or_else(|error| panic!("openssl: {error}; install it: apt-get install openssl"));
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// An authority on loopback, with a root of its own.
struct Tsa {
    folder: Arc<TempDir>,
    address: String,
    manner: Arc<Mutex<Manner>>,
}

const CERTIFICATES: &str = "[req]\ndistinguished_name = name\nprompt = no\n[name]\nCN = Test\n\
    [root]\nbasicConstraints = critical,CA:TRUE\nkeyUsage = critical,keyCertSign\nsubjectKeyIdentifier = hash\n\
    [tsa]\nbasicConstraints = CA:FALSE\nkeyUsage = critical,digitalSignature\nextendedKeyUsage = critical,timeStamping\n";

impl Tsa {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path();
        std::fs::write(place.join("x.cnf"), CERTIFICATES).unwrap();
        for (root, authority) in [("ca", "tsa"), ("other-ca", "other-tsa")] {
            let (key, pem, csr) = (format!("{root}.key"), format!("{root}.pem"), format!("{authority}.csr"));
            let subject = format!("/CN=Root {root}");
            #[rustfmt::skip]
            openssl(place, &["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", &key, "-out", &pem, "-days", "30",
                "-subj", &subject, "-config", "x.cnf", "-extensions", "root"]);
            let (own, own_pem, subject) =
                (format!("{authority}.key"), format!("{authority}.pem"), format!("/CN=Stamp {authority}"));
            #[rustfmt::skip]
            openssl(place, &["req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", &own, "-out", &csr, "-subj", &subject,
                "-config", "x.cnf"]);
            #[rustfmt::skip]
            openssl(place, &["x509", "-req", "-in", &csr, "-CA", &pem, "-CAkey", &key, "-CAcreateserial", "-days", "20",
                "-extfile", "x.cnf", "-extensions", "tsa", "-out", &own_pem]);
            for (name, digests) in [(authority.to_owned(), "sha256"), (format!("{authority}-refusing"), "sha512")] {
                let settings = format!(
                    "[tsa]\ndefault_tsa = own\n[own]\nserial = serial\nsigner_cert = {own_pem}\ncerts = {pem}\n\
                     signer_key = {own}\nsigner_digest = sha256\ndefault_policy = 1.2.3.4.1\ndigests = {digests}\n\
                     accuracy = secs:1, millisecs:5\nclock_precision_digits = 3\ness_cert_id_alg = sha256\n"
                );
                std::fs::write(place.join(format!("{name}.cnf")), settings).unwrap();
            }
        }
        std::fs::write(place.join("serial"), "01\n").unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/tsr", listener.local_addr().unwrap());
        let (folder, manner) = (Arc::new(folder), Arc::new(Mutex::new(Manner::Honest)));
        let (kept, asked) = (Arc::clone(&folder), Arc::clone(&manner));
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                // Whoever asks may be gone.
                let manner = *asked.lock().unwrap();
                let _ = answer(connection.unwrap(), kept.path(), manner);
            }
        });
        Self { folder, address, manner }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn behave(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }
}

fn answer(mut connection: TcpStream, folder: &Path, manner: Manner) -> std::io::Result<()> {
    let mut reader = BufReader::new(connection.try_clone()?);
    let (mut line, mut length, mut is_query) = (String::new(), 0, false);
    while reader.read_line(&mut line)? > 2 {
        let field = line.to_lowercase();
        if let Some(value) = field.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        is_query |= field.trim() == "content-type: application/timestamp-query";
        line.clear();
    }
    assert!(is_query, "it was not asked for a time stamp");
    let mut query = vec![0; length];
    reader.read_exact(&mut query)?;
    std::fs::write(folder.join("query"), &query)?;
    let settings = match manner {
        Manner::Unknown => "other-tsa.cnf",
        Manner::Refusing => "tsa-refusing.cnf",
        _ => "tsa.cnf",
    };
    if manner == Manner::OtherText {
        openssl(folder, &["ts", "-query", "-data", "serial", "-sha256", "-cert", "-no_nonce", "-out", "query"]);
    }
    openssl(folder, &["ts", "-reply", "-queryfile", "query", "-config", settings, "-out", "reply"]);
    let mut reply = std::fs::read(folder.join("reply"))?;
    match manner {
        Manner::OtherQuestion => {
            // The first honest answer, which was kept.
            reply = std::fs::read(folder.join("first"))?;
        }
        Manner::Altered => *reply.last_mut().unwrap() ^= 1,
        Manner::Garbage => reply = b"<html>Welcome to the authority.</html>".to_vec(),
        Manner::Honest if !folder.join("first").exists() => std::fs::write(folder.join("first"), &reply)?,
        _ => {}
    }
    let status = match manner {
        Manner::NotFound => "404 Not Found",
        Manner::Elsewhere => "302 Found\r\nLocation: http://127.0.0.1:1/",
        _ => "200 OK",
    };
    if manner == Manner::Endless {
        write!(connection, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
        loop {
            connection.write_all(&[0x30; 4096])?;
        }
    }
    if manner == Manner::Silent {
        std::thread::sleep(Duration::from_secs(3));
    }
    write!(connection, "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", reply.len())?;
    connection.write_all(&reply)
}

/// A folder with a history, and an authority.
struct Scene {
    folder: TempDir,
    tsa: Tsa,
}

impl Scene {
    fn new() -> Self {
        let scene = Self { folder: tempfile::tempdir().unwrap(), tsa: Tsa::start() };
        begin(scene.path());
        scene.import("tea");
        done(scene.path(), &["role", "discord:1", "contributor"]);
        scene
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn import(&self, name: &str) {
        let pack = format!("[[entity]]\nkey = \"{name}\"\nkind = \"topic\"\nname = \"{name}\"\n");
        std::fs::write(self.path().join("pack.toml"), pack).unwrap();
        done(self.path(), &["import", "pack.toml", "--reviewed-by", "ana"]);
    }

    fn program(&self) -> Command {
        let mut program = program(self.path());
        program.env("ONRECORD_TSA", &self.tsa.address).env("ONRECORD_TSA_CA", self.tsa.path().join("ca.pem"));
        program
    }

    /// What a command ends with, and what it says.
    fn run(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.program().args(arguments).output().unwrap();
        let said = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap()).concat();
        (output.status.code().unwrap(), said)
    }

    /// The files of the time stamps, in order.
    fn kept(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.path().join("onrecord.db.anchors")).into_iter().flatten();
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    }
}

#[test]
fn a_history_is_stamped_and_says_since_when_it_is_fixed_without_asking_anyone() {
    let scene = Scene::new();
    let (code, said) = scene.run(&["anchor"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("1 approved change, 2 administrative acts and 3 seals are stamped"), "{said}");
    assert!(said.contains("says CN=Stamp tsa"), "{said}");
    let kept = scene.kept();
    let [answer, text] = kept.as_slice() else { panic!("{kept:?}") };
    let mode = |file: &Path| std::fs::metadata(file).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(answer), mode(text), mode(answer.parent().unwrap())), (0o600, 0o600, 0o700));
    // Others' tools read it, too.
    let [answer, text] = [answer, text].map(|file| file.to_str().unwrap());
    openssl(scene.tsa.path(), &["ts", "-verify", "-data", text, "-in", answer, "-CAfile", "ca.pem"]);
    // The same once more is no news; the next change is.
    assert!(scene.run(&["anchor"]).1.contains("Nothing has changed since the time stamp of "));
    assert_eq!(scene.kept().len(), 2);
    scene.import("coffee");
    assert_eq!(scene.run(&["anchor"]).0, 0);
    assert_eq!(scene.kept().len(), 4);
    // Nobody is asked by verifying.
    scene.import("milk");
    scene.tsa.behave(Manner::Silent);
    let (code, said) = scene.run(&["verify"]);
    assert_eq!(code, 0, "{said}");
    for wanted in
        ["1 approved change, 2 administrative acts and 3 seals are fixed since ", "2 approved changes, 3 admin"]
    {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
    // And by whom they were stamped must be known.
    let mut unknown = scene.program();
    let output = unknown.env_remove("ONRECORD_TSA_CA").arg("verify").output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.code() == Some(3) && said.contains("Of 2 time stamps none can be checked"), "{said}");
    let other = scene.tsa.path().join("other-ca.pem");
    let output = unknown.env("ONRECORD_TSA_CA", other).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.code() == Some(3) && said.contains("does not hold: its authority is not one of"), "{said}");
}

#[test]
fn a_history_that_was_made_anew_or_cut_off_differs_from_its_time_stamps() {
    let scene = Scene::new();
    done(scene.path(), &["backup", "early.db"]);
    scene.import("coffee");
    assert_eq!(scene.run(&["anchor"]).0, 0);
    done(scene.path(), &["backup", "late.db"]);
    done(scene.path(), &["restore", "early.db"]);
    let (code, said) = scene.run(&["verify"]);
    assert!(code == 3 && said.contains("there are fewer than 2 approved changes now"), "{said}");
    // Another history of the same length holds by itself, and is another.
    scene.import("brandy");
    let (code, said) = scene.run(&["verify"]);
    assert!(
        code == 3 && said.contains("The history holds") && said.contains("the first 2 approved changes are others now"),
        "{said}"
    );
    assert!(said.contains("the first 3 administrative acts are others now"), "{said}");
    done(scene.path(), &["restore", "late.db"]);
    assert_eq!(scene.run(&["verify"]).0, 0);
    // What is kept is checked each time.
    let [answer, text] = <[PathBuf; 2]>::try_from(scene.kept()).unwrap();
    let good = std::fs::read(&answer).unwrap();
    let right = scene.run(&["verify"]);
    let (mut found, mut tried) = (0, 0);
    for at in (0..good.len()).step_by(97) {
        let mut bad = good.clone();
        bad[at] ^= 0x11;
        std::fs::write(&answer, bad).unwrap();
        let said = scene.run(&["verify"]);
        // The root's own certificate comes along, and isn't believed for that: what it says doesn't matter.
        assert!(said.0 == 3 || said == right, "byte {at}: {said:?}");
        (found, tried) = (found + u32::from(said.0 == 3), tried + 1);
    }
    assert!(found * 2 > tried, "{found} of {tried} alterations were found");
    std::fs::write(&answer, &good).unwrap();
    let stamped = std::fs::read_to_string(&text).unwrap();
    std::fs::write(&text, stamped.replace(": 2 ", ": 1 ")).unwrap();
    let (code, said) = scene.run(&["verify"]);
    assert!(code == 3 && said.contains("does not hold: it is over another text"), "{said}");
    std::fs::remove_file(&text).unwrap();
    let (code, said) = scene.run(&["verify"]);
    assert!(code == 3 && said.contains("the text that it is over is not beside it"), "{said}");
}

#[test]
fn an_answer_that_can_not_be_relied_on_is_said_and_not_kept() {
    let scene = Scene::new();
    let refused = |settings: &[(&str, &str)], code: i32, wanted: &str| {
        let output = scene.program().envs(settings.iter().copied()).arg("anchor").output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(said.starts_with("onrecord: ") && said.contains(wanted), "{wanted}: {said}");
    };
    refused(&[("ONRECORD_TSA", "")], 2, "ONRECORD_TSA names no time-stamping authority");
    refused(&[("ONRECORD_TSA_CA", "")], 2, "ONRECORD_TSA_CA names no file");
    refused(&[("ONRECORD_TSA_CA", "nowhere.pem")], 3, "no trusted certificates can be read");
    refused(&[("ONRECORD_TSA_CA", "pack.toml")], 3, "there is none in it");
    refused(&[("ONRECORD_TSA", "http://127.0.0.1:1/")], 3, "does not answer");
    assert_eq!(scene.kept(), Vec::<PathBuf>::new());
    assert_eq!(scene.run(&["anchor"]).0, 0);
    let before = scene.kept();
    for name in &before {
        // As a stamp of the same text would be taken for this one.
        std::fs::remove_file(name).unwrap();
    }
    for (manner, wanted) in [
        (Manner::Unknown, "its authority is not one of ONRECORD_TSA_CA"),
        (Manner::OtherQuestion, "it answers another question"),
        (Manner::OtherText, "it is over another text"),
        (Manner::Refusing, "the authority refuses (status 2"),
        (Manner::Altered, "its signature is not right"),
        (Manner::Garbage, "it is no RFC 3161 time stamp"),
        (Manner::NotFound, "answers with the status 404 Not Found"),
        (Manner::Elsewhere, "answers with the status 302 Found"),
        (Manner::Endless, "answers more than 262144 bytes"),
    ] {
        scene.tsa.behave(manner);
        refused(&[], 3, wanted);
        assert_eq!(scene.kept(), Vec::<PathBuf>::new(), "{manner:?}");
    }
    // An authority that doesn't answer is not waited for.
    scene.tsa.behave(Manner::Silent);
    let store = Store::open_read_only(&scene.path().join("onrecord.db")).unwrap();
    let stamped = Stamped::now(&store.reader().unwrap()).unwrap();
    let roots = Roots::read(&scene.tsa.path().join("ca.pem")).unwrap();
    let begun = Instant::now();
    let authority = StampAuthority::at(scene.tsa.address.parse().unwrap()).within(Duration::from_millis(300));
    assert!(matches!(authority.stamp(&stamped, &roots), Err(AnchorError::Unreachable { .. })));
    assert!(begun.elapsed() < Duration::from_secs(2));
}

#[test]
fn the_last_hashes_stand_in_what_is_verified_exported_and_told() {
    let scene = Scene::new();
    let verified = done(scene.path(), &["verify"]);
    let hashes: Vec<&str> = verified
        .split([' ', '.', '\n'])
        .filter(|word| word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .collect();
    assert_eq!(hashes.len(), 3, "{verified}");
    let trail = done(scene.path(), &["changes", "export"]);
    let end: serde_json::Value = serde_json::from_str(trail.lines().last().unwrap()).unwrap();
    assert_eq!((&end["heads"]["changes"]["place"], &end["heads"]["acts"]["place"]), (&1.into(), &2.into()));
    for (hash, chain) in hashes.iter().zip(["changes", "acts", "seals"]) {
        assert_eq!(end["heads"][chain]["hash"], *hash);
        let exported = done(scene.path(), &["export"]);
        assert!(exported.lines().take(4).any(|line| line.starts_with("# ") && line.ends_with(hash)), "{exported}");
        assert!(done(scene.path(), &["export", "--csv", "table.csv"]).contains(hash));
        std::fs::remove_file(scene.path().join("table.csv")).unwrap();
        assert!(done(scene.path(), &["status"]).replace(['\n', ' '], "").contains(hash));
    }
}
