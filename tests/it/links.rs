//! What becomes of the addresses on record: asked of servers on loopback on days that the test sets, kept, shown to editors,
//! and heeded by answers.

use std::{
    collections::BTreeMap,
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;
use onrecord::{
    fetch::{FetchLimits, Fetcher},
    links::{LinkTally, LinksError, ask_links, due_links},
    model::{LinkOutcome, LinkState, SourceId},
    reply::json::JsonReply,
    store::SourceLink,
};

use super::{
    editorial::{authority, decide, say},
    rendered::rendered,
    support::World,
    web::{Answers, Web, limits, runtime},
};

const ROOT: &str = "matrix:@root:example.org";

/// A pack with a source for each of these pages, in order, each cited by a statement of its own.
pub fn pack(web: &Web, pages: &[&str], archived: &[&str]) -> String {
    let mut pack =
        "[[entity]]\nkey = \"gull\"\nkind = \"organisation\"\nname = \"The Daily Gull\"\n\n[[entity]]\nkey = \"ana\"\nkind = \"person\"\nname = \"Ana Silva\"\n"
            .to_owned();
    for (at, page) in pages.iter().enumerate() {
        let copy = if archived.contains(page) {
            format!("archive_url = \"https://web.archive.org/web/20221026120000/https://{page}\"\n")
        } else {
            String::new()
        };
        pack.push_str(&format!(
            "\n[[source]]\nkey = \"d{at}\"\nkind = \"news_article\"\ntitle = \"Report {at}\"\nurl = \"{}\"\n{copy}publisher = \"gull\"\n\
             published = \"2022-10-26\"\nlanguage = \"en\"\nseen = \"full\"\n\n[[statement]]\nkey = \"s{at}\"\nspeaker = \"ana\"\n\
             text = \"It was said that pier {at} would be closed.\"\nsaid = \"2022-10-26\"\n\
             citations = [{{ source = \"d{at}\", role = \"original\" }}]\n",
            web.address(page)
        ));
    }
    pack
}

pub fn world(web: &Web, pages: &[&str], archived: &[&str]) -> World {
    let world = World::of(&pack(web, pages, archived));
    world.app.desk.appoint(authority());
    world
}

fn all(world: &World) -> Vec<SourceLink> {
    world.app.store.reader().unwrap().source_links().unwrap()
}

/// Asks addresses on a day.
fn ask_with(fetcher: Fetcher, world: &World, links: Vec<SourceLink>, day: &str) -> Result<LinkTally, LinksError> {
    let at: Timestamp = format!("{day}T12:00:00Z").parse().unwrap();
    let store = Arc::clone(&world.app.store);
    runtime().block_on(ask_links(Arc::new(fetcher), store, links, move || at, &mut |_| {}))
}

fn ask(web: &Web, world: &World, day: &str) -> LinkTally {
    ask_with(web.fetcher(), world, all(world), day).unwrap()
}

fn state(world: &World, source: i64) -> LinkState {
    world.app.store.reader().unwrap().link_state(SourceId(source)).unwrap().unwrap()
}

fn json(world: &World, line: &str) -> serde_json::Value {
    serde_json::to_value(JsonReply::of(&world.ask(line))).unwrap()
}

fn problems(world: &World) -> Vec<String> {
    world.app.store.reader().unwrap().without_deadline().verify().unwrap().problems
}

#[test]
fn each_way_of_answering_is_told_apart_and_only_what_is_missing_on_three_days_is_dead() {
    let web = Web::new();
    let to = |to: String| Answers::To(301, to);
    let slow = Answers::After(Duration::from_secs(30), Box::new(Answers::Page("late")));
    let bomb = vec![0x1f, 0x8b, 8, 0];
    let cases: Vec<(&str, Answers, LinkOutcome, bool)> = vec![
        ("a.example.org/alive", Answers::Page("there"), LinkOutcome::Alive, false),
        ("a.example.org/moved", to(web.address("a.example.org/alive")), LinkOutcome::Alive, false),
        ("b.example.org/404", Answers::Status(404), LinkOutcome::Gone, true),
        ("b.example.org/410", Answers::Status(410), LinkOutcome::Gone, true),
        ("b.example.org/403", Answers::Status(403), LinkOutcome::Guarded, false),
        ("b.example.org/401", Answers::Status(401), LinkOutcome::Guarded, false),
        ("b.example.org/451", Answers::Status(451), LinkOutcome::Guarded, false),
        ("b.example.org/429", Answers::Status(429), LinkOutcome::AskedTooOften, false),
        ("b.example.org/500", Answers::Status(500), LinkOutcome::ServerError, false),
        ("b.example.org/503", Answers::Status(503), LinkOutcome::ServerError, false),
        ("c.example.org/slow", slow, LinkOutcome::TimedOut, false),
        ("c.example.org/endless", Answers::Endless, LinkOutcome::Alive, false),
        (
            "c.example.org/bomb",
            Answers::With(vec![("content-encoding", "gzip".into())], bomb),
            LinkOutcome::Alive,
            false,
        ),
        ("c.example.org/no-head", Answers::ToHead(405, Box::new(Answers::Page("there"))), LinkOutcome::Alive, false),
        ("c.example.org/liar", Answers::ToHead(404, Box::new(Answers::Page("there"))), LinkOutcome::Alive, false),
        ("d.example.org/front", to("/".to_owned()), LinkOutcome::FrontPage, true),
        ("d.example.org/private", to("http://10.0.0.1/".to_owned()), LinkOutcome::NotAsked, false),
        ("d.example.org/inside", to("http://127.0.0.1:22/".to_owned()), LinkOutcome::NotAsked, false),
        ("d.example.org/loop", to("/pool".to_owned()), LinkOutcome::Unclear, false),
        ("e.example.org/asks-not-to", Answers::Page("there"), LinkOutcome::Robots, false),
        ("f.example.org/no-robots", Answers::Page("there"), LinkOutcome::Unclear, false),
        ("nobody.example.org/page", Answers::Page("there"), LinkOutcome::NoSuchName, true),
        ("unsure.example.org/page", Answers::Page("there"), LinkOutcome::Unclear, false),
    ];
    for (page, answers, ..) in &cases {
        web.has(page, answers.clone());
    }
    web.has("d.example.org/", Answers::Page("front"));
    web.has("d.example.org/pool", to("/loop".to_owned()));
    web.has("e.example.org/robots.txt", Answers::Page("User-agent: *\nDisallow: /"));
    web.has("f.example.org/robots.txt", Answers::Status(500));
    let pages: Vec<&str> = cases.iter().map(|(page, ..)| *page).collect();
    let world = world(&web, &pages, &["b.example.org/404"]);
    let quick = || web.fetcher_within(FetchLimits { time: Duration::from_secs(1), ..limits() });
    let tallies: Vec<LinkTally> = ["2026-11-24", "2026-11-24", "2026-11-25", "2026-11-27", "2026-11-28"]
        .iter()
        .map(|day| ask_with(quick(), &world, all(&world), day).unwrap())
        .collect();
    for (place, (page, _, outcome, is_dead)) in cases.iter().enumerate() {
        let state = state(&world, place as i64 + 1);
        assert_eq!(state.answer.outcome, *outcome, "{page}");
        let dead = is_dead.then(|| "2026-11-27".parse().unwrap());
        assert_eq!((state.dead_since, state.failures), (dead, if *is_dead { 4 } else { 0 }), "{page}");
    }
    let missing = [3, 4, 16, 22].map(SourceId).to_vec();
    assert_eq!((tallies[0].asked, tallies[0].alive), (cases.len(), 6));
    assert_eq!(sorted(&tallies[0].failed_once), missing);
    assert_eq!(sorted(&tallies[1].failed_once), missing, "the same day");
    assert_eq!(sorted(&tallies[2].failed_twice), missing);
    assert_eq!(sorted(&tallies[3].dead_now), missing);
    assert_eq!(sorted(&tallies[3].dead_without_copy), missing[1..]);
    assert_eq!(sorted(&tallies[4].dead_before), missing);
    assert_eq!(tallies[4].untold[&LinkOutcome::Robots], [SourceId(20)]);
    assert_eq!(state(&world, 2).answer.last.unwrap().as_str(), web.address("a.example.org/alive"));
    assert_eq!(problems(&world), Vec::<String>::new());
}

fn sorted(sources: &[SourceId]) -> Vec<SourceId> {
    let mut sources = sources.to_vec();
    sources.sort_unstable();
    sources
}

#[test]
fn answers_lead_to_the_archived_copy_of_what_is_gone_and_back_to_what_comes_again() {
    let web = Web::new();
    web.has("gull.example.org/here", Answers::Page("there"));
    let pages = ["gull.example.org/gone", "gull.example.org/here", "gull.example.org/lost"];
    let world = world(&web, &pages, &pages[..2]);
    let copy = |page: &str| format!("https://web.archive.org/web/20221026120000/https://{page}");
    let links = |world: &World, line: &str| rendered(&world.ask(line));
    // Before: the page, with the copy beside it. Held in memory from now on.
    let before = links(&world, "source pier");
    assert!(before.contains(&web.address(pages[0])), "{before}");
    for day in ["2026-11-24", "2026-11-25"] {
        ask(&web, &world, day);
        assert_eq!(links(&world, "source pier"), before, "not dead yet");
    }
    ask(&web, &world, "2026-11-26");
    let after = links(&world, "source pier");
    assert!(!after.contains(&web.address(pages[0])), "{after}");
    assert!(after.contains(&copy(pages[0])) && after.contains("archived copy"), "{after}");
    // What is alive, or has no copy, is linked as before.
    assert!(after.contains(&web.address(pages[1])) && after.contains(&web.address(pages[2])), "{after}");
    for line in ["show S1", "show D1", "source pier"] {
        let whole = links(&world, line);
        assert!(whole.contains(&copy(pages[0])) && !whole.contains(&web.address(pages[0])), "{line}: {whole}");
    }
    assert_eq!(json(&world, "show D1")["records"][0]["dead_since"], "2026-11-26");
    assert!(json(&world, "show D2")["records"][0]["dead_since"].is_null());
    // Editors are told how it stands; gaps count it.
    let shown = rendered(&say(&world, ROOT, "show D1"));
    assert!(
        shown.contains("The address leads to nothing any more (status 404), asked 26 Nov 2026; dead since 26 Nov 2026"),
        "{shown}"
    );
    assert!(
        rendered(&say(&world, ROOT, "show D2")).contains("The address leads to a page (status 200), asked 26 Nov 2026")
    );
    assert!(!links(&world, "show D1").contains("leads to nothing"), "readers aren't told of it");
    let gaps = rendered(&say(&world, ROOT, "gaps"));
    assert!(gaps.contains("Sources whose address is dead: 2 of 3") && gaps.contains("dead address"), "{gaps}");
    // It comes back.
    web.has(pages[0], Answers::Page("there again"));
    let tally = ask(&web, &world, "2026-11-27");
    assert_eq!(tally.alive_again, [SourceId(1)]);
    assert_eq!(links(&world, "source pier"), before);
    assert_eq!(problems(&world), Vec::<String>::new());
}

#[test]
fn what_is_known_of_an_address_goes_with_it() {
    let web = Web::new();
    let pages = ["gull.example.org/one", "gull.example.org/two"];
    let world = world(&web, &pages, &[]);
    let old = all(&world);
    for day in ["2026-11-24", "2026-11-25", "2026-11-26"] {
        ask(&web, &world, day);
    }
    assert!(state(&world, 1).is_dead());
    for (who, role) in [("terminal:rui", "reviewer"), ("terminal:cai", "contributor"), ("terminal:ada", "admin")] {
        say(&world, ROOT, &format!("role {who} {role}"));
    }
    say(&world, "terminal:cai", &format!("edit D1\nurl: {}", web.address("gull.example.org/new")));
    decide(&world, "terminal:rui", "approve C2");
    let reader = world.app.store.reader().unwrap();
    assert_eq!(reader.link_state(SourceId(1)).unwrap(), None, "it was said of another address");
    drop(reader);
    assert!(json(&world, "show D1")["records"][0]["dead_since"].is_null());
    // What was still being asked about the old one isn't kept.
    let at = "2026-11-27T12:00:00Z".parse().unwrap();
    let answer = state(&world, 2).answer;
    assert_eq!(world.app.store.link_asked(SourceId(1), &old[0].address, answer, at).unwrap(), None);
    web.has("gull.example.org/new", Answers::Page("there"));
    assert_eq!(ask(&web, &world, "2026-11-27").alive, 1);
    say(&world, ROOT, "retract S2 It was not said.");
    decide(&world, "terminal:rui", "approve C3");
    say(&world, "terminal:ada", "purge D2 On a court's order.");
    decide(&world, ROOT, "review C4");
    decide(&world, ROOT, "approve C4");
    assert_eq!(problems(&world), Vec::<String>::new());
}

#[test]
fn a_machine_without_a_network_finds_no_address_dead() {
    let web = Web::new();
    let pages = ["nobody.a.example.org/1", "nobody.b.example.org/1", "nobody.c.example.org/1", "gull.example.org/here"];
    let world = world(&web, &pages, &[]);
    web.has(pages[3], Answers::Page("there"));
    let links = all(&world);
    let Err(error) = ask_with(web.fetcher(), &world, links[..3].to_vec(), "2026-11-24") else {
        panic!("it was counted")
    };
    let said = error.to_string();
    assert!(
        said.starts_with("no host was reached, so the fault may be here, and that nobody.a.example.org, nobody.b"),
        "{said}"
    );
    assert!(ask_with(web.fetcher(), &world, links[..1].to_vec(), "2026-11-24").is_err());
    assert_eq!(all(&world), links);
    // With one that is reached the others are believed.
    let tally = ask(&web, &world, "2026-11-24");
    assert_eq!((tally.alive, tally.failed_once.len()), (1, 3));
}

#[test]
fn what_is_due_is_asked_and_what_is_given_up_stops() {
    let web = Web::new();
    let pages: Vec<String> = (0..8).map(|page| format!("h{page}.example.org/page")).collect();
    for page in &pages {
        web.has(page, Answers::Page("there"));
    }
    web.has(&pages[7], Answers::Status(404));
    let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
    let world = world(&web, &pages, &[]);
    let due = |at: &str| -> Vec<i64> {
        let due = due_links(&world.app.store, at.parse().unwrap()).unwrap();
        due.into_iter().map(|link| link.source.0).collect()
    };
    assert_eq!(due("2026-11-24T12:00:00Z").len(), 8);
    ask(&web, &world, "2026-11-24");
    assert_eq!(due("2026-11-24T13:00:00Z"), Vec::<i64>::new());
    // With two that are alive, which show whether the network is.
    assert_eq!(due("2026-11-25T12:00:00Z"), [1, 2, 8]);
    assert_eq!(due("2026-12-01T12:00:00Z").len(), 8);
    // Given up in the middle, it asks no more, and has kept what it found.
    web.asked();
    let fetcher = Arc::new(web.fetcher_within(FetchLimits { pace: Duration::from_millis(300), ..limits() }));
    let store = Arc::clone(&world.app.store);
    let at: Timestamp = "2026-12-02T12:00:00Z".parse().unwrap();
    runtime().block_on(async {
        let mut told = |_| {};
        let asking = ask_links(fetcher, store, all(&world), move || at, &mut told);
        assert!(tokio::time::timeout(Duration::from_millis(450), asking).await.is_err());
    });
    let asked = web.asked().len();
    std::thread::sleep(Duration::from_millis(700));
    assert_eq!(web.asked(), Vec::<String>::new());
    let kept = all(&world).iter().filter(|link| link.state.as_ref().unwrap().asked == at).count();
    assert!((1..8).contains(&kept) && asked < 16, "{kept} were kept, {asked} requests");
}

/// The program in a folder, with a proxy on loopback that answers for every host.
pub struct Place {
    folder: tempfile::TempDir,
    proxy: Option<String>,
}

impl Place {
    pub fn through(web: &Web) -> Self {
        Self { folder: tempfile::tempdir().unwrap(), proxy: Some(format!("http://{}", web.socket)) }
    }

    pub fn without_fetching(self) -> Self {
        Self { proxy: None, ..self }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn import(&self, pack: &str) {
        std::fs::write(self.path().join("pack.toml"), pack).unwrap();
        assert_eq!(self.run(&["version"]).0, 0);
        let (code, said) = self.run(&["import", "pack.toml", "--by", "ana", "--reviewed-by", "rui"]);
        assert_eq!(code, 0, "{said}");
    }

    /// The names of what lies in a folder of it.
    pub fn names(&self, folder: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.path().join(folder)).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    pub fn run(&self, arguments: &[&str]) -> (i32, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onrecord"));
        command.current_dir(self.path()).env_clear().env("LANG", "C.UTF-8").stdin(Stdio::null());
        command.env("ONRECORD_SHIPPED_DATA", "off");
        match &self.proxy {
            Some(proxy) => command.env("ONRECORD_FETCH_PROXY", proxy),
            None => command.env("ONRECORD_FETCH", "off"),
        };
        let output = command.args(arguments).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    }
}

#[test]
fn the_command_says_in_words_what_it_found() {
    let web = Web::new();
    web.has("a.example.org/here", Answers::Page("there"));
    web.has("c.example.org/robots.txt", Answers::Page("User-agent: onrecord\nDisallow: /"));
    web.has("d.example.org/busy", Answers::Status(429));
    let pages = ["a.example.org/here", "b.example.org/gone", "c.example.org/closed", "d.example.org/busy"];
    let pack = pack(&web, &pages, &[]).replace(&format!(":{}", web.socket.port()), "");
    let place = Place::through(&web);
    place.import(&pack);
    let (code, said) = place.run(&["links", "check", "--all"]);
    assert_eq!(code, 0, "{said}");
    insta::assert_snapshot!(said, @r"
    Asked: 4 addresses. Of these 1 leads to a page.
    Failed on a first day: 1 (D2)
    Not asked, as robots.txt wants it: 1 (D3)
    Nothing learnt, as the address has a host that wants to be asked less often: 1 (D4)
    ");
    let (code, said) = place.run(&["links", "check"]);
    assert_eq!((code, said.contains("No address is due to be asked")), (1, true), "{said}");
    let (code, said) = place.run(&["links", "check", "D1"]);
    assert_eq!((code, said.as_str()), (0, "Asked: 1 address. Of these 1 leads to a page.\n"));
    for (id, why) in [
        ("S1", "S1 is no source; the ids of sources are like D12"),
        ("D99", "D99 is no source in force with an address"),
        ("x", "x is no source"),
    ] {
        let (code, said) = place.run(&["links", "check", id]);
        assert_eq!((code, said.contains(why)), (2, true), "{said}");
    }
    let off = place.without_fetching();
    let (code, said) = off.run(&["links", "check", "--all"]);
    assert_eq!((code, said.as_str()), (2, "onrecord: pages are not fetched here: ONRECORD_FETCH is off\n"));
    // A proxy that isn't there says nothing of the pages.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let nowhere = Place { proxy: Some(format!("http://{closed}")), ..off };
    let (code, said) = nowhere.run(&["links", "check", "--all"]);
    assert_eq!((code, said.contains("the proxy of ONRECORD_FETCH_PROXY can't be asked")), (3, true), "{said}");
    let (_, said) = nowhere.run(&["verify"]);
    assert!(!said.contains("problem"), "{said}");
}

#[test]
fn what_was_found_is_told_by_outcome_without_gaps() {
    // Each outcome has words of its own.
    let words: BTreeMap<&str, LinkOutcome> =
        LinkOutcome::ALL.iter().map(|outcome| (outcome.label(), *outcome)).collect();
    assert_eq!(words.len(), LinkOutcome::ALL.len());
}
