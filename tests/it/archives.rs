//! Archived copies: found in and made by an archive on loopback, handed in as one proposal; and pages kept in a file that the
//! tools of web archives read.

use std::{collections::VecDeque, net::TcpListener, process::Command, time::Duration};

use onrecord::{
    config::{ArchiveKeys, FetchConfig, Secret},
    links::{ArchiveError, ArchiveService, FoundCopies, UncopiedSources, Wayback, find_copies, uncopied},
    model::{LinkAnswer, LinkOutcome, SourceId, WebAddress},
    reply::Outcome,
};
use serde_json::{Value, json};

use super::{
    editorial::{authority, decide, say},
    links::{Place, pack, world},
    rendered::rendered,
    support::World,
    web::{Answers, Web, on, runtime},
};
use crate::python;

const ROOT: &str = "matrix:@root:example.org";
const DAY: &str = "timestamp=20221026";

fn json_of(value: &Value) -> Answers {
    Answers::With(vec![("content-type", "application/json".to_owned())], value.to_string().into_bytes())
}

fn service(web: &Web) -> ArchiveService {
    let at = |path: &str| format!("http://{}/{path}", web.socket).parse().unwrap();
    ArchiveService {
        available: at("wayback/available"),
        save: at("save"),
        pace: Duration::from_millis(10),
        time_to_save: Duration::from_secs(2),
    }
}

fn keys() -> ArchiveKeys {
    ArchiveKeys { key: Secret::new("Kq7"), secret: Secret::new("Sr8") }
}

fn encoded(page: &str) -> String {
    page.replace(':', "%3A").replace('/', "%2F")
}

/// Has the archive say what copies of a page it has.
fn has(web: &Web, page: &str, closest: &Value) {
    let query = format!("127.0.0.1/wayback/available?url={}&{DAY}", encoded(&web.address(page)));
    web.has(&query, json_of(&json!({"url": page, "archived_snapshots": closest})));
}

fn closest(url: &str) -> Value {
    json!({"closest": {"status": "200", "available": true, "url": url, "timestamp": "20221101120000"}})
}

fn look(web: &Web, world: &World, keys: Option<&ArchiveKeys>) -> (UncopiedSources, FoundCopies) {
    let all = uncopied(&world.app.store, &[]).unwrap();
    let archive = Wayback::new(&on(), keys, service(web)).unwrap();
    let copies = runtime().block_on(find_copies(&archive, all.sources.clone(), &mut |_| {}));
    (all, copies)
}

fn ids(copies: &[(onrecord::links::Uncopied, WebAddress)]) -> Vec<i64> {
    copies.iter().map(|(uncopied, _)| uncopied.id.0).collect()
}

#[test]
fn copies_that_there_are_become_one_proposal_that_someone_else_approves() {
    let web = Web::new();
    let pages = ["gull.example.org/one", "gull.example.org/two", "gull.example.org/three", "gull.example.org/four"];
    let world = world(&web, &pages, &pages[3..]);
    let copy = |page: &str| format!("http://web.archive.org/web/20221101120000/{}", web.address(page));
    has(&web, pages[0], &closest(&copy(pages[0])));
    has(&web, pages[1], &json!({}));
    // What the archive offers is of another page.
    has(&web, pages[2], &closest(&copy(pages[0])));
    let (all, copies) = look(&web, &world, None);
    assert_eq!((ids(&copies.found), ids(&copies.made)), (vec![1], vec![]));
    assert_eq!(copies.none, [SourceId(2), SourceId(3)]);
    assert_eq!((copies.failed.len(), copies.ended.clone()), (0, None));
    for (who, role) in [("terminal:rui", "reviewer"), ("terminal:cai", "contributor")] {
        say(&world, ROOT, &format!("role {who} {role}"));
    }
    let author = "terminal:cai".parse().unwrap();
    let change = all.propose(&world.app.store, &copies, &author, world.now(), &authority()).unwrap().unwrap();
    let shown = rendered(&say(&world, "terminal:rui", &format!("review {change}")));
    assert!(
        shown.contains("Archived copies of 1 source") && shown.contains("web.archive.org/web/20221101120000"),
        "{shown}"
    );
    assert!(shown.contains("1 was there before, 0 were made then"), "{shown}");
    // Not proposed twice, and not by its author alone.
    let again = uncopied(&world.app.store, &[]).unwrap();
    assert_eq!((again.sources.len(), again.waiting), (2, vec![(SourceId(1), change)]));
    assert_eq!(decide(&world, "terminal:cai", &format!("approve {change}")).outcome, Outcome::Misused);
    assert_eq!(decide(&world, "terminal:rui", &format!("approve {change}")).outcome, Outcome::Answered);
    let source = world.app.store.reader().unwrap().source(SourceId(1)).unwrap().unwrap().source;
    let kept = source.archive_url.unwrap();
    assert_eq!(kept.as_str(), format!("https://web.archive.org/web/20221101120000/{}", web.address(pages[0])));
    assert_eq!(uncopied(&world.app.store, &[]).unwrap().sources.len(), 2);
    assert_eq!(uncopied(&world.app.store, &[SourceId(3)]).unwrap().sources.len(), 1);
    // Nothing to propose.
    let nothing = all.propose(&world.app.store, &FoundCopies::default(), &author, world.now(), &authority()).unwrap();
    assert_eq!(nothing, None);
}

#[test]
fn with_keys_a_copy_is_made_of_what_has_none_and_is_still_there() {
    let web = Web::new();
    let pages = ["gull.example.org/new", "gull.example.org/closed", "gull.example.org/slow", "gull.example.org/dead"];
    let world = world(&web, &pages, &[]);
    pages.iter().for_each(|page| has(&web, page, &json!({})));
    let dead = LinkAnswer { outcome: LinkOutcome::Gone, status: Some(404), last: None };
    let address: WebAddress = web.address(pages[3]).parse().unwrap();
    for day in ["2026-11-24", "2026-11-25", "2026-11-26"] {
        let at = format!("{day}T12:00:00Z").parse().unwrap();
        world.app.store.link_asked(SourceId(4), &address, dead.clone(), at).unwrap();
    }
    let job = |id: &str| json_of(&json!({"url": "x", "job_id": id}));
    web.has("127.0.0.1/save", Answers::InTurn(VecDeque::from([job("spn2-a"), job("spn2-b"), job("spn2-c")])));
    let pending = json_of(&json!({"status": "pending", "job_id": "spn2-a", "resources": []}));
    let success = json_of(&json!({"status": "success", "timestamp": "20261130120000", "original_url": "x"}));
    web.has(
        "127.0.0.1/save/status/spn2-a",
        Answers::InTurn(VecDeque::from([pending.clone(), pending.clone(), success])),
    );
    let error =
        json_of(&json!({"status": "error", "status_ext": "error:blocked", "message": "This host\u{202e} is blocked."}));
    web.has("127.0.0.1/save/status/spn2-b", error);
    web.has("127.0.0.1/save/status/spn2-c", pending);
    let (all, copies) = look(&web, &world, Some(&keys()));
    assert_eq!(all.sources[0].id, SourceId(4), "what is dead is looked for first");
    assert_eq!((ids(&copies.found), ids(&copies.made)), (vec![], vec![1]));
    assert_eq!(copies.none, [SourceId(4)], "what is gone can't be archived any more");
    let said: Vec<String> = copies.failed.iter().map(|(source, error)| format!("{source}: {error}")).collect();
    assert_eq!(
        said,
        [
            "D2: the Internet Archive made no copy: This host is blocked.",
            "D3: the Internet Archive was not done within 2 seconds; it may have a copy later"
        ]
    );
    let copy = format!("https://web.archive.org/web/20261130120000/{}", web.address(pages[0]));
    assert_eq!(copies.made[0].1.as_str(), copy);
    assert_eq!(web.last_headers()["authorization"], "LOW Kq7:Sr8");
    assert_eq!(web.bodies()[0], format!("url={}&skip_first_archive=1", encoded(&web.address(pages[0]))));
    assert!(!format!("{copies:?}").contains("Sr8"));
}

#[test]
fn an_archive_that_fails_ends_the_round_with_a_sentence() {
    let page = "gull.example.org/one";
    let long = vec![b' '; 300 * 1024];
    let job = json_of(&json!({"url": "x", "job_id": "../../x"}));
    for (available, save, said) in [
        (Some(Answers::Status(429)), None, "the Internet Archive wants to be asked less often; try again later"),
        (Some(Answers::Status(503)), None, "the Internet Archive answers with the status 503"),
        (Some(Answers::Page("<html>")), None, "the Internet Archive answers with something that can't be read"),
        (Some(Answers::With(vec![], long)), None, "the Internet Archive answers with something that can't be read"),
        (Some(Answers::To(302, "/".to_owned())), None, "the Internet Archive answers with the status 302"),
        (
            None,
            Some(Answers::Status(401)),
            "the Internet Archive doesn't take the keys of ONRECORD_ARCHIVE_KEY and ONRECORD_ARCHIVE_SECRET",
        ),
        (None, Some(job), ""),
    ] {
        let web = Web::new();
        let world = world(&web, &[page], &[]);
        has(&web, page, &json!({}));
        if let Some(answers) = available {
            web.has(&format!("127.0.0.1/wayback/available?url={}&{DAY}", encoded(&web.address(page))), answers);
        }
        if let Some(answers) = save {
            web.has("127.0.0.1/save", answers);
        }
        let (_, copies) = look(&web, &world, Some(&keys()));
        match copies.ended {
            Some(ended) => assert_eq!(ended.to_string(), said),
            None => assert_eq!(copies.failed[0].1, ArchiveError::NotSaved { reason: "it doesn't say why".to_owned() }),
        }
    }
    let web = Web::new();
    let world = world(&web, &[page], &[]);
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let nowhere = ArchiveService { available: format!("http://{closed}/").parse().unwrap(), ..service(&web) };
    let archive = Wayback::new(&on(), None, nowhere).unwrap();
    let sources = uncopied(&world.app.store, &[]).unwrap().sources;
    let ended = runtime().block_on(find_copies(&archive, sources, &mut |_| {})).ended.unwrap();
    assert!(ended.to_string().starts_with("the Internet Archive can't be asked: "), "{ended}");
    let off = FetchConfig { on: false, ..on() };
    let refused = Wayback::new(&off, None, service(&web)).unwrap_err();
    assert_eq!(refused.to_string(), "pages are not fetched here: ONRECORD_FETCH is off");
}

/// What warcio and pywb make of a file: each record in a line, whether its digests hold, and a page as it is replayed.
const READ: &str = r#"
import hashlib, os, subprocess, sys
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

path, page = sys.argv[1], sys.argv[2]
with open(path, 'rb') as file:
    for record in ArchiveIterator(file, check_digests='raise'):
        body = record.content_stream().read()
        status = record.http_headers.get_statuscode() if record.rec_type == 'response' else '-'
        digest = (record.rec_headers.get_header('WARC-Payload-Digest') or '-').split(':')[0]
        length = len(body) if record.rec_type == 'response' else '-'
        print(record.format, record.rec_type, record.rec_headers.get_header('WARC-Target-URI'), status, length, digest)

class Arguments:
    inputs, verbose = [path], True

print('digests', Checker(Arguments).process_all())
print('sha256', hashlib.sha256(open(path, 'rb').read()).hexdigest())

import contextlib, io, logging
from pywb.manager.manager import main as manage
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    manage(['init', 'kept'])
    manage(['add', 'kept', path])
from pywb.apps.frontendapp import FrontEndApp
from werkzeug.test import Client
replayed = Client(FrontEndApp()).get('/kept/2026id_/' + page)
print('replayed', replayed.status_code, replayed.get_data().decode())
"#;

#[test]
fn kept_pages_are_read_by_the_tools_of_web_archives() {
    let web = Web::new();
    let packed = packed(b"<p>The pier is closed.</p>");
    web.has("gull.example.org/pier?id=7", Answers::With(vec![("content-encoding", "gzip".to_owned())], packed));
    web.has("gull.example.org/moved", Answers::To(301, "http://tern.example.org/here".to_owned()));
    web.has("tern.example.org/here", Answers::Page("<p>\u{4e2d}</p>"));
    web.has("auk.example.org/robots.txt", Answers::Page("User-agent: *\nDisallow: /"));
    let pages =
        ["gull.example.org/pier?id=7", "gull.example.org/moved", "auk.example.org/closed", "auklet.example.org/gone"];
    let place = Place::through(&web);
    place.import(&pack(&web, &pages, &[]).replace(&format!(":{}", web.socket.port()), ""));
    let (code, said) = place.run(&["links", "archive", "--warc", "kept"]);
    assert_eq!(code, 0, "{said}");
    let written = place.names("kept");
    let [file] = written.as_slice() else { panic!("{written:?}") };
    assert!(file.starts_with("onrecord-") && file.ends_with("Z.warc.gz"), "{file}");
    let sum = said.lines().last().unwrap().trim().trim_start_matches("SHA-256 ").to_owned();
    insta::assert_snapshot!(said.replace(file, "FILE").replace(&sum, "SUM"), @r"
    Not fetched: D3, as the robots.txt of auk.example.org asks that this page isn't fetched by programs
    Kept as they are, with a status that tells of an error: D4 (404)
    Wrote 3 pages to kept/FILE
      SHA-256 SUM
    ");
    let requirements = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/warc.txt");
    let programs = python::installed("warc", &requirements);
    let path = place.path().join("kept").join(file);
    let output = Command::new(programs.join("python"))
        .args(["-c", READ])
        .arg(&path)
        .arg("http://gull.example.org/pier?id=7")
        .current_dir(place.path())
        .output()
        .unwrap();
    let read = String::from_utf8_lossy(&output.stdout).replace(path.to_str().unwrap(), "FILE");
    assert!(output.status.success(), "{read}\n{}", String::from_utf8_lossy(&output.stderr));
    let mut lines: Vec<&str> = read.lines().filter(|line| line.starts_with("warc ")).collect();
    lines.sort_unstable();
    insta::assert_snapshot!(lines.join("\n"), @r"
    warc request http://auklet.example.org/gone - - -
    warc request http://gull.example.org/moved - - -
    warc request http://gull.example.org/pier?id=7 - - -
    warc request http://tern.example.org/here - - -
    warc response http://auklet.example.org/gone 404 0 sha256
    warc response http://gull.example.org/moved 301 0 sha256
    warc response http://gull.example.org/pier?id=7 200 26 sha256
    warc response http://tern.example.org/here 200 10 sha256
    warc warcinfo None - - -
    ");
    assert!(read.contains(&format!("sha256 {sum}")), "{read}");
    assert!(read.contains("replayed 200 <p>The pier is closed.</p>"), "{read}");
    assert!(read.contains("digests 0"), "{read}");
    // Another run writes another file, and nothing is left where nothing was fetched.
    let (code, said) = place.run(&["links", "archive", "D3", "--warc", "none"]);
    assert_eq!((code, said.contains("No page was fetched, and no file was written.")), (1, true), "{said}");
    assert_eq!(place.names("none"), Vec::<String>::new());
}

fn packed(page: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    out.write_all(page).unwrap();
    out.finish().unwrap()
}

#[test]
fn the_command_tells_what_keeps_it_from_asking_the_archive() {
    let web = Web::new();
    let place = Place::through(&web);
    place.import(&pack(&web, &["gull.example.org/one"], &[]));
    let (code, said) = place.run(&["links", "archive"]);
    // The proxy of this test makes no connections for https.
    assert_eq!((code, said.contains("the Internet Archive can't be asked: ")), (3, true), "{said}");
    let (code, said) = place.run(&["links", "archive", "S1"]);
    assert_eq!((code, said.contains("S1 is no source")), (2, true), "{said}");
    let off = place.without_fetching();
    for arguments in [&["links", "archive"][..], &["links", "archive", "--warc", "kept"]] {
        let (code, said) = off.run(arguments);
        assert_eq!((code, said.contains("ONRECORD_FETCH is off")), (2, true), "{said}");
    }
}
