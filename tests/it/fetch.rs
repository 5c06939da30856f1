//! Fetching pages of strangers: what is refused before anything is sent, and what becomes of hosts that answer in ways that
//! would cost too much. Every refusal is a sentence.

use std::{
    collections::VecDeque,
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use onrecord::{
    config::FetchConfig,
    fetch::{FetchError, FetchLimits, Fetched, Fetcher, Reach},
};
use url::Url;

use super::web::{Answers, Web, everything_here, limits, on, runtime};

fn get(fetcher: &Fetcher, url: &Url) -> Result<Fetched, FetchError> {
    runtime().block_on(fetcher.get(url))
}

/// What is said of an address that isn't fetched. A sentence has words, no full stop, and names nothing of the code's.
#[track_caller]
fn refusal(fetcher: &Fetcher, url: &Url) -> String {
    let Err(error) = get(fetcher, url) else { panic!("{url} was fetched") };
    let said = error.to_string();
    assert!(said.split(' ').count() > 2 && !said.ends_with('.') && !said.contains("Error"), "{said}");
    said
}

/// Addresses that lead to this machine, to machines near it, or to nobody.
const NOT_PUBLIC: &[&str] = &[
    // This machine, in every notation.
    "http://127.0.0.1:PORT/",
    "http://127.1:PORT/",
    "http://127.0.1:PORT/",
    "http://2130706433:PORT/",
    "http://0x7f000001:PORT/",
    "http://0x7f.0.0.1:PORT/",
    "http://0177.0.0.1:PORT/",
    "http://017700000001:PORT/",
    "http://127.0.0.1.:PORT/",
    "http://１２７.0.0.1:PORT/",
    "http://127。0。0。1:PORT/",
    "http://%31%32%37.0.0.1:PORT/",
    "http://127.255.255.254:PORT/",
    "http://0.0.0.0:PORT/",
    "http://0:PORT/",
    "http://0.1.2.3:PORT/",
    "http://[::1]:PORT/",
    "http://[0:0:0:0:0:0:0:1]:PORT/",
    "http://[::]:PORT/",
    // IPv4 in IPv6: mapped, compatible, translated, 6to4, Teredo.
    "http://[::ffff:127.0.0.1]:PORT/",
    "http://[::ffff:7f00:1]:PORT/",
    "http://[::127.0.0.1]:PORT/",
    "http://[::ffff:0:127.0.0.1]:PORT/",
    "http://[64:ff9b::127.0.0.1]:PORT/",
    "http://[64:ff9b:1::7f00:1]:PORT/",
    "http://[2002:7f00:1::]:PORT/",
    "http://[2001:0:7f00:1::]:PORT/",
    "http://[::ffff:93.184.216.34]:PORT/",
    // Private networks, links, carriers.
    "http://10.0.0.1:PORT/",
    "http://10.255.255.255:PORT/",
    "http://172.16.0.1:PORT/",
    "http://172.31.255.255:PORT/",
    "http://192.168.1.1:PORT/",
    "http://100.64.0.1:PORT/",
    "http://169.254.0.1:PORT/",
    "http://[fe80::1]:PORT/",
    "http://[fc00::1]:PORT/",
    "http://[fd12:3456:789a::1]:PORT/",
    "http://[fec0::1]:PORT/",
    // What clouds tell their machines about themselves.
    "http://169.254.169.254:PORT/latest/meta-data/",
    "http://0xa9fea9fe:PORT/",
    "http://169.254.170.2:PORT/",
    "http://100.100.100.200:PORT/",
    "http://168.63.129.16:PORT/",
    "http://192.0.0.192:PORT/",
    "http://[fd00:ec2::254]:PORT/",
    // Documentation, benchmarks, groups, everyone, what is kept for later.
    "http://192.0.2.1:PORT/",
    "http://198.51.100.1:PORT/",
    "http://203.0.113.1:PORT/",
    "http://198.18.0.1:PORT/",
    "http://192.88.99.1:PORT/",
    "http://224.0.0.1:PORT/",
    "http://240.0.0.1:PORT/",
    "http://255.255.255.255:PORT/",
    "http://[2001:db8::1]:PORT/",
    "http://[3fff::1]:PORT/",
    "http://[ff02::1]:PORT/",
    "http://[100::1]:PORT/",
    "http://[5f00::1]:PORT/",
    // Names that are no public ones.
    "http://localhost:PORT/",
    "http://LOCALHOST:PORT/",
    "http://localhost.:PORT/",
    "http://app.localhost:PORT/",
    "http://printer.local:PORT/",
    "http://metadata.google.internal:PORT/",
    "http://router.home.arpa:PORT/",
    "http://db:PORT/",
    // Public names of such addresses.
    "http://loopback.example.org:PORT/",
    "https://loopback.example.org:PORT/",
    "http://six.example.org:PORT/",
    "http://both.example.org:PORT/",
    "http://metadata.example.org:PORT/",
];

fn names(host: &str) -> io::Result<Vec<IpAddr>> {
    let addresses: &[&str] = match host {
        "loopback.example.org" => &["127.0.0.1"],
        "six.example.org" => &["::1"],
        "both.example.org" => &["10.0.0.1", "127.0.0.1", "::ffff:127.0.0.1"],
        "metadata.example.org" => &["169.254.169.254"],
        _ => return everything_here(host),
    };
    Ok(addresses.iter().map(|address| address.parse().unwrap()).collect())
}

#[test]
fn nothing_that_is_not_public_is_connected_to() {
    assert!(NOT_PUBLIC.len() >= 40);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let six = TcpListener::bind(format!("[::1]:{port}")).ok();
    six.iter().for_each(|six| six.set_nonblocking(true).unwrap());
    // The port is an ordinary one here, for a socket that nobody asks.
    let reach = Reach::with(names, [SocketAddr::new(Ipv4Addr::new(93, 184, 216, 34).into(), port)]);
    let fetcher = Fetcher::reaching(&on(), reach, limits()).unwrap();
    for text in NOT_PUBLIC {
        let url: Url = text.replace("PORT", &port.to_string()).parse().unwrap();
        let said = refusal(&fetcher, &url);
        assert!(said.contains("no public"), "{text}: {said}");
    }
    let connections = [Some(&listener), six.as_ref()].into_iter().flatten().filter(|socket| socket.accept().is_ok());
    assert_eq!(connections.count(), 0);
    // The same socket is reached where a test says so.
    let reach = Reach::with(names, [listener.local_addr().unwrap()]);
    let short = FetchLimits { time: Duration::from_millis(200), ..limits() };
    let fetcher = Fetcher::reaching(&on(), reach, short).unwrap();
    let url: Url = format!("http://loopback.example.org:{port}/").parse().unwrap();
    assert!(refusal(&fetcher, &url).contains("didn't answer within 0.2 seconds"));
    assert!(listener.accept().is_ok());
}

#[test]
fn only_web_addresses_on_ordinary_ports_without_a_user_are_fetched() {
    let fetcher = Fetcher::new(&on()).unwrap();
    for (address, said) in [
        ("ftp://example.org/", "only http and https are fetched, and not ftp"),
        ("file:///etc/passwd", "only http and https are fetched, and not file"),
        ("gopher://example.org/", "only http and https are fetched, and not gopher"),
        ("data:text/html,a", "only http and https are fetched, and not data"),
        ("https://example.org:8443/", "example.org is asked on the ports 80 and 443 alone, and not on 8443"),
        ("http://example.org:22/", "example.org is asked on the ports 80 and 443 alone, and not on 22"),
        ("https://ana@example.org/", "an address with a user name or password is not fetched"),
        ("https://:secret@example.org/", "an address with a user name or password is not fetched"),
    ] {
        assert_eq!(refusal(&fetcher, &address.parse().unwrap()), said);
    }
    let off = FetchConfig { on: false, ..on() };
    assert_eq!(Fetcher::new(&off).unwrap_err().to_string(), "pages are not fetched here: ONRECORD_FETCH is off");
}

#[test]
fn a_name_that_changes_what_it_stands_for_gains_nothing() {
    let web = Web::new();
    web.has("gull.example.org/", Answers::Page("first"));
    // On the same port at another address of this machine, which no name may lead to.
    let inside = TcpListener::bind(SocketAddr::new(Ipv4Addr::new(127, 0, 0, 2).into(), web.socket.port())).unwrap();
    inside.set_nonblocking(true).unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let look_up = move |_: &str| {
        let before = counted.fetch_add(1, Ordering::SeqCst);
        Ok(vec![IpAddr::V4(Ipv4Addr::new(127, 0, 0, if before < 2 { 1 } else { 2 }))])
    };
    let fetcher = Fetcher::reaching(&on(), Reach::with(look_up, [web.socket]), limits()).unwrap();
    let url = web.url("gull.example.org/");
    assert_eq!(get(&fetcher, &url).unwrap().body, b"first");
    // Looked up once for each request, robots.txt and page: what was checked is what was connected to.
    assert_eq!(asked.load(Ordering::SeqCst), 2);
    let said = refusal(&fetcher, &url);
    assert!(said.contains("127.0.0.2, which is no public address"), "{said}");
    assert!(inside.accept().is_err());
    assert_eq!(web.asked(), ["GET gull.example.org/robots.txt", "GET gull.example.org/"]);
}

#[test]
fn a_page_is_asked_for_under_the_own_name_and_unpacked() {
    let web = Web::new();
    let packed = packed(b"<p>The pier</p>");
    web.has("gull.example.org/pier?id=7", Answers::With(vec![("content-encoding", "gzip".to_owned())], packed.clone()));
    web.has("gull.example.org/set", Answers::With(vec![("set-cookie", "a=b; Path=/".to_owned())], b"set".to_vec()));
    let fetcher = web.fetcher();
    assert_eq!(get(&fetcher, &web.url("gull.example.org/set")).unwrap().body, b"set");
    let fetched = get(&fetcher, &web.url("gull.example.org/pier?id=7#part")).unwrap();
    assert_eq!(fetched.body, b"<p>The pier</p>");
    let exchange = &fetched.exchanges[0];
    assert_eq!((exchange.status, &exchange.sent), (200, &packed));
    let headers = web.last_headers();
    let agent = format!("Onrecord/{} (+https://bot.example.org)", env!("CARGO_PKG_VERSION"));
    assert_eq!(headers["user-agent"], agent);
    assert_eq!(headers.get("cookie"), None);
    // What is told of the request is what was sent.
    let told: std::collections::HashMap<String, String> = exchange.asked.iter().cloned().collect();
    assert_eq!(told, headers);
    assert_eq!(
        web.asked(),
        ["GET gull.example.org/robots.txt", "GET gull.example.org/set", "GET gull.example.org/pier?id=7"]
    );
}

fn packed(page: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    out.write_all(page).unwrap();
    out.finish().unwrap()
}

#[test]
fn what_would_cost_too_much_is_given_up() {
    let web = Web::new();
    let gzip = || vec![("content-encoding", "gzip".to_owned())];
    let bomb = packed(&vec![0; 64 * 1024 * 1024]);
    assert!(bomb.len() < 128 * 1024);
    web.has("a.example.org/bomb", Answers::With(gzip(), bomb));
    web.has("a.example.org/endless", Answers::Endless);
    web.has("a.example.org/long", Answers::With(Vec::new(), vec![b'a'; 2 * 1024 * 1024 + 1]));
    web.has("a.example.org/whole", Answers::With(Vec::new(), vec![b'a'; 2 * 1024 * 1024]));
    web.has("a.example.org/broken", Answers::With(gzip(), b"no gzip".to_vec()));
    web.has("a.example.org/strange", Answers::With(vec![("content-encoding", "br".to_owned())], b"x".to_vec()));
    web.has("a.example.org/twice", Answers::With(vec![("content-encoding", "gzip, gzip".to_owned())], b"x".to_vec()));
    web.has("a.example.org/slow", Answers::After(Duration::from_secs(30), Box::new(Answers::Page("late"))));
    let fetcher = web.fetcher_within(FetchLimits { time: Duration::from_secs(2), ..limits() });
    let said = |page: &str| refusal(&fetcher, &web.url(page));
    let too_long = "a.example.org sends more than 2097152 bytes, which are the most that are read";
    assert_eq!(said("a.example.org/bomb"), too_long);
    assert_eq!(said("a.example.org/endless"), too_long);
    assert_eq!(said("a.example.org/long"), too_long);
    assert_eq!(get(&fetcher, &web.url("a.example.org/whole")).unwrap().body.len(), 2 * 1024 * 1024);
    assert!(said("a.example.org/broken").starts_with("a.example.org sends what can't be unpacked: "));
    assert!(said("a.example.org/strange").ends_with("it is packed as br, which was not asked for"));
    assert!(said("a.example.org/twice").ends_with("it is packed as gzip, gzip, which was not asked for"));
    let begun = Instant::now();
    assert_eq!(said("a.example.org/slow"), "a.example.org didn't answer within 2 seconds");
    assert!(begun.elapsed() < Duration::from_secs(10));
}

#[test]
fn an_address_is_followed_five_times_and_each_time_looked_at_anew() {
    let web = Web::new();
    let inside = TcpListener::bind("127.0.0.1:0").unwrap();
    inside.set_nonblocking(true).unwrap();
    let to = |to: &str| Answers::To(302, to.to_owned());
    for step in 0..7 {
        web.has(&format!("a.example.org/{step}"), to(&format!("/{}", step + 1)));
    }
    web.has("a.example.org/5", Answers::Page("there"));
    web.has("b.example.org/0", to(&web.address("a.example.org/0")));
    web.has("a.example.org/private", to(&format!("http://{}/", inside.local_addr().unwrap())));
    web.has("a.example.org/metadata", to("http://169.254.169.254/latest/"));
    web.has("a.example.org/file", to("file:///etc/passwd"));
    web.has("a.example.org/odd", to("javascript:alert(1)"));
    web.has("a.example.org/nowhere", Answers::Status(301));
    web.has("a.example.org/circle", to("/elcric"));
    web.has("a.example.org/elcric", to("/circle"));
    web.has("a.example.org/self", to("#again"));
    web.has("a.example.org/user", to("http://ana:pw@a.example.org/5"));
    let fetcher = web.fetcher();
    let fetched = get(&fetcher, &web.url("a.example.org/0")).unwrap();
    assert_eq!((fetched.exchanges.len(), fetched.body.as_slice()), (6, b"there".as_slice()));
    let said = |page: &str| refusal(&fetcher, &web.url(page));
    assert_eq!(said("b.example.org/0"), "b.example.org leads on more than 5 times");
    assert!(said("a.example.org/private").contains("is asked on the ports 80 and 443 alone"));
    assert!(said("a.example.org/metadata").contains("169.254.169.254, which is no public address"));
    assert_eq!(said("a.example.org/file"), "a.example.org leads on, and not to a web address");
    assert_eq!(said("a.example.org/odd"), "a.example.org leads on, and not to a web address");
    assert_eq!(said("a.example.org/nowhere"), "a.example.org leads on, and not to a web address");
    assert_eq!(said("a.example.org/circle"), "a.example.org leads back to where it was asked before");
    assert_eq!(said("a.example.org/self"), "a.example.org leads back to where it was asked before");
    assert_eq!(said("a.example.org/user"), "an address with a user name or password is not fetched");
    assert!(inside.accept().is_err());
}

#[test]
fn a_host_that_is_not_there_is_told_from_one_that_cannot_be_asked() {
    let web = Web::new();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let fetcher = Fetcher::reaching(&on(), Reach::with(everything_here, [web.socket, closed]), limits()).unwrap();
    assert_eq!(refusal(&fetcher, &web.url("nobody.example.org/")), "there is no nobody.example.org");
    let said = refusal(&fetcher, &web.url("unsure.example.org/"));
    assert!(said.starts_with("unsure.example.org can't be looked up: "), "{said}");
    let url: Url = format!("http://a.example.org:{}/", closed.port()).parse().unwrap();
    assert_eq!(refusal(&fetcher, &url), "a.example.org refuses the connection");
    let https: Url = web.address("a.example.org/").replace("http:", "https:").parse().unwrap();
    let said = refusal(&fetcher, &https);
    assert!(said.starts_with("a.example.org can't be reached, or broke off: "), "{said}");
}

#[test]
fn robots_txt_is_heard_and_read_once_in_a_round() {
    let web = Web::new();
    web.has("a.example.org/robots.txt", Answers::Page("User-agent: *\nDisallow: /private\nAllow: /private/open\n"));
    web.has("b.example.org/robots.txt", Answers::Status(503));
    web.has("c.example.org/robots.txt", Answers::Status(403));
    web.has("d.example.org/robots.txt", Answers::To(301, web.address("a.example.org/robots.txt")));
    web.has("e.example.org/robots.txt", Answers::To(301, "http://10.0.0.1/robots.txt".to_owned()));
    web.has("f.example.org/robots.txt", Answers::With(Vec::new(), vec![b'#'; 512 * 1024 + 1]));
    for host in ["a", "b", "c", "d", "e", "f"] {
        web.has(&format!("{host}.example.org/private"), Answers::Page("private"));
    }
    web.has("a.example.org/private/open", Answers::Page("open"));
    web.has("g.example.org/moved", Answers::To(302, web.address("a.example.org/private")));
    let fetcher = web.fetcher();
    let asks_not_to = "the robots.txt of a.example.org asks that this page isn't fetched by programs";
    assert_eq!(refusal(&fetcher, &web.url("a.example.org/private")), asks_not_to);
    assert_eq!(get(&fetcher, &web.url("a.example.org/private/open")).unwrap().body, b"open");
    assert_eq!(web.asked(), ["GET a.example.org/robots.txt", "GET a.example.org/private/open"]);
    let said = refusal(&fetcher, &web.url("b.example.org/private"));
    assert_eq!(
        said,
        "the robots.txt of b.example.org can't be had (it answers with the status 503), so nothing is fetched there for now"
    );
    assert_eq!(get(&fetcher, &web.url("c.example.org/private")).unwrap().body, b"private");
    assert!(refusal(&fetcher, &web.url("d.example.org/private")).starts_with("the robots.txt of d.example.org asks"));
    assert!(
        refusal(&fetcher, &web.url("e.example.org/private")).starts_with("the robots.txt of e.example.org can't be")
    );
    assert!(
        refusal(&fetcher, &web.url("f.example.org/private")).starts_with("the robots.txt of f.example.org can't be")
    );
    // A page that leads on to another host is held to that one's.
    assert_eq!(refusal(&fetcher, &web.url("g.example.org/moved")), asks_not_to);
}

#[test]
fn a_host_is_asked_once_in_a_while_and_others_meanwhile() {
    let web = Web::new();
    for host in ["a", "b", "c"] {
        web.has(&format!("{host}.example.org/"), Answers::Page("there"));
    }
    let pace = Duration::from_millis(400);
    let fetcher = web.fetcher_within(FetchLimits { pace, ..limits() });
    let begun = Instant::now();
    runtime().block_on(async {
        let urls = ["a", "a", "b", "c"].map(|host| web.url(&format!("{host}.example.org/")));
        let [one, again, two, three] = urls.each_ref().map(|url| fetcher.get(url));
        let (one, again, two, three) = tokio::join!(one, again, two, three);
        for fetched in [one, again, two, three] {
            assert_eq!(fetched.unwrap().body, b"there");
        }
    });
    // Three requests to one host (robots.txt and two pages), two to each of the others, side by side.
    assert!(begun.elapsed() >= pace * 2, "{:?}", begun.elapsed());
    assert!(begun.elapsed() < pace * 5, "{:?}", begun.elapsed());
    // What is waited for one's turn is not counted.
    let fetcher = web.fetcher_within(FetchLimits { pace, time: Duration::from_millis(300), ..limits() });
    assert!(get(&fetcher, &web.url("a.example.org/")).is_ok());
}

#[test]
fn a_look_asks_for_headers_and_for_the_page_only_where_that_is_not_liked() {
    let web = Web::new();
    web.has("a.example.org/page", Answers::Page("there"));
    web.has("a.example.org/old", Answers::ToHead(405, Box::new(Answers::Endless)));
    web.has("a.example.org/gone", Answers::Status(410));
    web.has("a.example.org/busy", Answers::Status(429));
    let fetcher = web.fetcher();
    let look = |page: &str| {
        let seen = runtime().block_on(fetcher.look(&web.url(page))).unwrap();
        let asked = web.asked().into_iter().filter(|line| !line.ends_with("/robots.txt")).collect::<Vec<_>>();
        (seen.status, asked.iter().map(|line| line.split(' ').next().unwrap().to_owned()).collect::<Vec<_>>().join(" "))
    };
    assert_eq!(look("a.example.org/page"), (200, "HEAD".to_owned()));
    assert_eq!(look("a.example.org/old"), (200, "HEAD GET".to_owned()));
    assert_eq!(look("a.example.org/gone"), (410, "HEAD GET".to_owned()));
    assert_eq!(look("a.example.org/busy"), (429, "HEAD".to_owned()));
}

#[test]
fn a_proxy_is_asked_where_one_is_named_and_what_is_not_public_is_refused_all_the_same() {
    let web = Web::new();
    web.has("gull.example.org/", Answers::Page("through the proxy"));
    web.has("dead.example.org/", Answers::InTurn(VecDeque::from([Answers::Status(502)])));
    let config = FetchConfig { proxy: Some(format!("http://{}", web.socket).parse().unwrap()), ..on() };
    // No name is known here, as where everything goes through a proxy.
    let unknown = |_: &str| Err(io::Error::other("failed to lookup address information: Name or service not known"));
    let fetcher = Fetcher::reaching(&config, Reach::with(unknown, []), limits()).unwrap();
    let url = |text: &str| text.parse::<Url>().unwrap();
    assert_eq!(get(&fetcher, &url("http://gull.example.org/")).unwrap().body, b"through the proxy");
    assert_eq!(get(&fetcher, &url("http://dead.example.org/")).unwrap().exchanges[0].status, 502);
    web.asked();
    for address in ["http://127.0.0.1/", "http://[::1]/", "http://localhost/", "http://db/", "http://169.254.169.254/"]
    {
        assert!(refusal(&fetcher, &url(address)).contains("no public"), "{address}");
    }
    let known = Fetcher::reaching(&config, Reach::with(names, []), limits()).unwrap();
    assert!(refusal(&known, &url("http://metadata.example.org/")).contains("no public address"));
    assert_eq!(web.asked(), Vec::<String>::new());
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let config = FetchConfig { proxy: Some(format!("http://{closed}").parse().unwrap()), ..on() };
    let fetcher = Fetcher::reaching(&config, Reach::with(unknown, []), limits()).unwrap();
    let said = refusal(&fetcher, &url("http://gull.example.org/"));
    assert!(said.starts_with("the proxy of ONRECORD_FETCH_PROXY can't be asked: "), "{said}");
}
