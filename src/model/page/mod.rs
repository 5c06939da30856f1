//! Whether two addresses lead to the same page: what links to one report differ in is left out.
//!
//! The form made here is for comparing alone, never for opening; what an editor wrote stays as it is.

mod lists;
mod sites;
mod wrapped;

use url::Url;

use super::WebAddress;
use lists::{LISTS, ListedHost};

/// A text that two addresses of the same page have in common, whatever way they were copied: through an archive, a
/// cache or a link out of a network, on a phone, with what tells where a reader came from. It is an address by itself,
/// and its own form.
#[must_use]
pub fn same_page(address: &WebAddress) -> String {
    let mut page = address.as_str().to_owned();
    // What is left out of an address may lay another one bare: a copy's of a copy.
    for _ in 0..MOST_LAYERS {
        let Ok(url) = Url::parse(&page) else { break };
        let mut inner = Parts::of(&innermost(url.clone())).to_string();
        // What a broken link out of a network holds is no address; then the link itself is the page.
        if inner.parse::<WebAddress>().is_err() {
            inner = Parts::of(&url).to_string();
        }
        if inner == page {
            break;
        }
        page = inner;
    }
    page
}

/// How often an address is looked at anew. Two are what was seen; the limit is ours.
const MOST_LAYERS: usize = 8;

/// The host of the page that an address leads to, as `bare_host` gives it: of an archived copy, that of the publisher.
#[must_use]
pub fn page_host(address: &WebAddress) -> String {
    host_of_page(&same_page(address)).to_owned()
}

/// The host in what `same_page` gives.
#[must_use]
pub fn host_of_page(page: &str) -> &str {
    page.strip_prefix("https://").and_then(|rest| rest.split(['/', ':', '?', '#']).next()).unwrap_or_default()
}

/// The host of an address without what only tells the kind of screen, and of several that show the same pages the
/// first: `bbc.com` of `www.bbc.co.uk` and of `m.bbc.com`.
#[must_use]
pub fn bare_host(host: &str) -> String {
    let host = host.to_ascii_lowercase();
    let mut labels: Vec<&str> = host.split('.').filter(|label| !label.is_empty()).collect();
    while labels.len() > 2
        && !is_public_suffix(labels.get(1..).unwrap_or_default())
        && labels.first().is_some_and(|label| LISTS.is_screen(label))
    {
        labels.remove(0);
    }
    // en.m.wikipedia.org
    if let [_, "m", site @ ..] = labels.as_slice()
        && site.len() >= 2
        && !is_public_suffix(site)
    {
        labels.remove(1);
    }
    let bare = labels.join(".");
    // "www." is no site's name, but it is what the address has.
    if !bare.contains('.') {
        return host;
    }
    LISTS.same_host(&bare).map_or(bare, str::to_owned)
}

/// Whether nothing but the ending under which names are given out: `co.uk`. The common ones will do; a site's name that
/// is taken for an ending keeps a label.
fn is_public_suffix(labels: &[&str]) -> bool {
    let kinds =
        ["ac", "co", "com", "edu", "gob", "gov", "gouv", "go", "ltd", "mil", "ne", "net", "nhs", "or", "org", "plc"];
    matches!(labels, [kind, country] if country.len() == 2 && kinds.contains(kind))
}

/// The page that stands behind all archives and links out of networks.
fn innermost(mut url: Url) -> Url {
    // Each is shorter than the one that holds it.
    while let Some(inner) = wrapped::inner(&url) {
        if inner.as_str().len() >= url.as_str().len() {
            break;
        }
        url = inner;
    }
    url
}

/// An address in its parts, each as it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Parts {
    host: String,
    port: Option<u16>,
    path: Vec<String>,
    query: Vec<(String, String)>,
    /// What stands behind `#` where it names a page of its own, as in programs that run in the browser.
    route: Option<String>,
}

impl Parts {
    fn of(url: &Url) -> Self {
        let host = bare_host(url.host_str().unwrap_or_default());
        let listed = LISTS.of(&host);
        let query = url.query().map(|query| told_apart(&listed, query)).unwrap_or_default();
        let mut parts = Self {
            // http and https show the same.
            port: url.port().filter(|port| *port != 443),
            path: url.path().split('/').filter(|part| !part.is_empty()).map(escaped).collect(),
            query,
            route: url.fragment().and_then(|fragment| route(&listed, fragment)),
            host,
        };
        parts.without_amp(listed.iter().any(|host| host.has_amp_paths));
        parts.without_session();
        while parts.path.last().is_some_and(|part| ["index.html", "index.htm"].contains(&part.as_str())) {
            parts.path.pop();
        }
        sites::settle(&mut parts);
        parts.query.sort_by(|(one, _), (other, _)| one.cmp(other));
        parts
    }

    /// Takes the path of the AMP form for that of the page itself.
    fn without_amp(&mut self, is_anywhere: bool) {
        let is_amp = |part: &String| ["amp", "amphtml"].contains(&part.to_ascii_lowercase().as_str());
        if is_anywhere && self.path.len() > 1 {
            self.path.retain(|part| !is_amp(part));
        }
        // Elsewhere the word is taken for the form's only beside what looks like the name of a report.
        while self.path.iter().any(|part| is_a_reports_name(part)) {
            if self.path.last().is_some_and(is_amp) {
                self.path.pop();
            } else if self.path.first().is_some_and(is_amp) {
                self.path.remove(0);
            } else {
                break;
            }
        }
        if let Some(last) = self.path.last_mut() {
            while let Some(stem) = last.strip_suffix(".amp.html") {
                *last = format!("{stem}.html");
            }
            while let Some(stem) = last.strip_suffix(".amp").filter(|stem| !stem.is_empty()) {
                *last = stem.to_owned();
            }
        }
    }

    /// Leaves out the number of a visit: `/a;jsessionid=1F`.
    fn without_session(&mut self) {
        for part in &mut self.path {
            if let Some(at) = part.to_ascii_lowercase().find(";jsessionid=") {
                part.truncate(at);
            }
        }
        self.path.retain(|part| !part.is_empty());
    }
}

impl std::fmt::Display for Parts {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "https://{}", self.host)?;
        if let Some(port) = self.port {
            write!(formatter, ":{port}")?;
        }
        write!(formatter, "/{}", self.path.join("/"))?;
        for (at, (name, value)) in self.query.iter().enumerate() {
            formatter.write_str(if at == 0 { "?" } else { "&" })?;
            formatter.write_str(name)?;
            if !value.is_empty() {
                write!(formatter, "={value}")?;
            }
        }
        match &self.route {
            Some(route) => write!(formatter, "#{route}"),
            None => Ok(()),
        }
    }
}

/// Whether a part of a path looks like the name or the number of a report: several words, or four digits.
fn is_a_reports_name(part: &str) -> bool {
    part.matches('-').count() >= 2 || part.bytes().filter(u8::is_ascii_digit).count() >= 4
}

/// The parameters of a query that may tell pages apart.
fn told_apart(listed: &[&ListedHost], query: &str) -> Vec<(String, String)> {
    let pairs = query.split('&').map(|pair| {
        // Copied out of the text of a web page, "&" is "&amp;".
        let pair = pair.strip_prefix("amp;").unwrap_or(pair);
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (escaped(&name.replace('+', "%20")), escaped(&value.replace('+', "%20")))
    });
    pairs
        .filter(|(name, value)| !(name.is_empty() && value.is_empty()))
        .filter(|(name, value)| !LISTS.is_tracking(listed, &name.to_ascii_lowercase(), &value.to_ascii_lowercase()))
        .collect()
}

/// The part of a fragment that names a page: `#/reports/7`, `#!/reports/7`. Others name a place on one.
fn route(listed: &[&ListedHost], fragment: &str) -> Option<String> {
    let fragment = fragment.split(":~:").next().unwrap_or_default();
    let mark = ["!", "/"].into_iter().find(|mark| fragment.starts_with(mark))?;
    let (path, query) = fragment.split_once('?').unwrap_or((fragment, ""));
    let path = escaped(path.trim_end_matches('/'));
    let query: Vec<String> = told_apart(listed, query)
        .into_iter()
        .map(|(name, value)| if value.is_empty() { name } else { format!("{name}={value}") })
        .collect();
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    // "#/" alone is the first page, which needs no route.
    let is_first = path.trim_start_matches(['!', '/']).is_empty() && query.is_empty();
    let path = if path.is_empty() && mark == "/" { "/".to_owned() } else { path };
    (!is_first).then(|| format!("{path}{query}"))
}

/// A part of an address with its escapes as RFC 3986 (6.2.2) has them: in capitals, and only where they are needed.
/// Signs that mean nothing in the part of an address that they stand in are taken for their escapes, too: pages with
/// brackets or a comma in their names are copied either way.
fn escaped(part: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!'()*,:;@$".contains(&byte);
    if part.bytes().all(is_plain) {
        return part.to_owned();
    }
    let bytes = part.as_bytes();
    let mut text = String::with_capacity(part.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let digit = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        let (byte, length, was_escaped) = match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => (u8::try_from(high * 16 + low).unwrap_or(byte), 3, true),
            _ => (byte, 1, false),
        };
        if is_plain(byte) || (!was_escaped && b"/?&=+".contains(&byte)) {
            text.push(char::from(byte));
        } else {
            let digit = |value: u8| char::from(b"0123456789ABCDEF".get(usize::from(value)).copied().unwrap_or(b'0'));
            text.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
        at += length;
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn page(text: &str) -> String {
        same_page(&text.parse().unwrap())
    }

    #[test]
    fn the_form_that_is_compared_is_an_address() {
        for (text, wanted) in [
            ("http://WWW.Example.org.:80/a/./b/../c/?b=2&a=1&utm_source=x#part", "https://example.org/a/c?a=1&b=2"),
            ("https://example.org", "https://example.org/"),
            ("https://example.org/%e9%7E%28x%29/é", "https://example.org/%E9~(x)/%C3%A9"),
            ("https://example.org/a%2fb?q=a+b%26c&d=", "https://example.org/a%2Fb?d&q=a%20b%26c"),
            ("https://example.org/100%-sure", "https://example.org/100%25-sure"),
        ] {
            assert_eq!(page(text), wanted);
        }
    }

    #[test]
    fn a_host_keeps_what_names_the_site() {
        for (host, bare) in [
            ("www.example.org", "example.org"),
            ("www.m.example.org", "example.org"),
            ("en.m.wikipedia.org", "en.wikipedia.org"),
            ("m.co.uk", "m.co.uk"),
            ("mobile.de", "mobile.de"),
            ("www.mobile.co.uk", "mobile.co.uk"),
            ("news.example.org", "news.example.org"),
            ("ie.linkedin.com", "linkedin.com"),
            ("archive.ph", "archive.today"),
        ] {
            assert_eq!(bare_host(host), bare, "{host}");
        }
    }

    fn address() -> impl Strategy<Value = String> {
        let host = prop::sample::select(vec![
            "example.org",
            "www.example.co.uk:8443",
            "web.archive.org/web/2022",
            "archive.ph/2022.10.27-1",
            "google.com/url?q=",
            "google.com/amp/s/",
            "a-b.cdn.ampproject.org/c/s/",
            "youtu.be",
            "m.youtube.com/watch",
            "x.com/a/status/1",
            "reddit.com/r/a/comments/b",
            "zh.m.wikipedia.org/w/index.php",
            "href.li/?",
            "t.me/s",
            "urldefense.com/v3/__",
            "r.search.yahoo.com/RU=",
            "en-m--x.translate.goog",
            "megalodon.jp/2022",
            "www..amp",
            "m.www.facebook.com/l.php?u=",
        ]);
        let piece = prop::sample::select(vec![
            "/",
            "//",
            ".",
            "..",
            "%",
            "%2",
            "%2F",
            "%2e",
            "%7E",
            "?",
            "&",
            "=",
            "#",
            "#/",
            "#!",
            "amp",
            "/amp",
            ".amp",
            ".amp.html",
            "index.html",
            "https://",
            "http://",
            "https:/",
            "https%3A%2F%2F",
            "example.org",
            "www.",
            "m.",
            "utm_source=x",
            "ref=",
            "url=",
            "u=",
            "v=",
            "title=",
            "v/",
            "2022-10-27",
            "a-b-c",
            "é",
            "+",
            ";jsessionid=",
            ":",
            "443",
            "x.com",
            "youtu.be/",
            "archive.is/",
            "status/",
            "wiki",
            "zh-cn/",
            "s/",
            "ID",
            "__",
            "-3A_",
            " ",
            "!",
            "@",
        ]);
        (host, prop::collection::vec(piece, 0..8))
            .prop_map(|(host, pieces)| format!("https://{host}{}", pieces.concat()))
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_form_that_is_compared_is_its_own(text in address()) {
            let Ok(address) = text.parse::<WebAddress>() else { return Ok(()) };
            let once = same_page(&address);
            let Ok(again) = once.parse::<WebAddress>() else { return Err(TestCaseError::fail(once)) };
            prop_assert_eq!(same_page(&again), once, "{}", text);
        }
    }
}
