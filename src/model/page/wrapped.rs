//! Addresses that hold another: archives, caches, links out of networks and mailboxes.

use url::{Host, Url};

use super::{
    bare_host, escaped,
    lists::{LISTS, ListedHost},
};

/// The address that this one holds; `None` where it holds none, or one that leads nowhere.
pub(super) fn inner(url: &Url) -> Option<Url> {
    let host = bare_host(url.host_str()?);
    let listed = LISTS.of(&host);
    if listed.is_empty() {
        return in_its_own_way(url, &host);
    }
    let path = escaped(url.path());
    in_parameter(url, &listed, &path)
        .or_else(|| in_query(url, &listed, &path))
        .or_else(|| in_path(url, &listed, &path))
        .or_else(|| in_amp_cache(url, &host, &listed))
        .or_else(|| in_its_own_way(url, &host))
}

fn in_parameter(url: &Url, listed: &[&ListedHost], path: &str) -> Option<Url> {
    let names: Vec<&str> = listed.iter().flat_map(|host| host.holds_in_parameters(path)).collect();
    if names.is_empty() {
        return None;
    }
    url.query_pairs().find_map(|(name, value)| {
        let is_named = names.iter().any(|known| name.eq_ignore_ascii_case(known));
        is_named.then(|| written_whole(&value).or_else(|| cached(&value))).flatten()
    })
}

/// What Google's copies of pages were asked for: `cache:NUMBER:www.example.org/a words`.
fn cached(value: &str) -> Option<Url> {
    let rest = value.strip_prefix("cache:")?.split_whitespace().next()?;
    written_whole(rest).or_else(|| {
        let rest = rest.split_once(':').map_or(rest, |(_, rest)| rest);
        written_whole(rest).or_else(|| web(&format!("https://{rest}")))
    })
}

fn in_query(url: &Url, listed: &[&ListedHost], path: &str) -> Option<Url> {
    if !listed.iter().any(|host| host.holds_in_query(path)) {
        return None;
    }
    written_whole(&behind(url, url.query()?))
}

/// The address stands in the path, behind a stamp or a word of the archive's.
fn in_path(url: &Url, listed: &[&ListedHost], path: &str) -> Option<Url> {
    if !listed.iter().any(|host| host.holds_in_path) {
        return None;
    }
    let rest = match url.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let rest = behind(url, &rest);
    let begun = ["https:/", "http:/", "https%3A", "http%3A", "https:%2F", "http:%2F"];
    if let Some(at) = begun.iter().filter_map(|scheme| rest.find(scheme)).min() {
        return written_whole(rest.get(at..)?);
    }
    if !listed.iter().any(|host| host.holds_in_path_bare) {
        return None;
    }
    // /web/20221027090000id_/example.org/a
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    let stamp = parts.find(|part| is_a_stamp(part))?;
    let at = rest.find(stamp)? + stamp.len();
    let rest = rest.get(at..)?.trim_start_matches('/');
    let host = rest.split(['/', '?', '#']).next()?;
    host.contains('.').then(|| web(&format!("https://{rest}"))).flatten()
}

/// Whether a part of a path is the moment of a copy: `20221027090000`, `20221027id_`, `2022*`, `2022.10.27-090000`.
fn is_a_stamp(part: &str) -> bool {
    let digits = part.bytes().take_while(u8::is_ascii_digit).count();
    let rest = part.get(digits..).unwrap_or_default();
    digits >= 4 && (rest.is_empty() || rest.starts_with(['*', '.', '-']) || (rest.len() == 3 && rest.ends_with('_')))
}

/// Behind Google's AMP viewer (`google.com/amp/s/…`) or a cache (`….cdn.ampproject.org/c/s/…`).
fn in_amp_cache(url: &Url, host: &str, listed: &[&ListedHost]) -> Option<Url> {
    let is_viewer = host.starts_with("google.") && url.path().starts_with("/amp/");
    if !is_viewer && !listed.iter().any(|host| host.is_amp_cache) {
        return None;
    }
    let mut parts = url.path().trim_start_matches('/').split('/').peekable();
    // The viewer's word, the cache's kinds of content, and the sign of a secure page.
    let words = ["amp", "c", "v", "i", "wp", "mbv", "r", "s", "a", ""];
    while parts.peek().is_some_and(|part| words.contains(part)) {
        parts.next();
    }
    // The viewer escapes the question mark of the page.
    let rest = parts.collect::<Vec<_>>().join("/").replacen("%3f", "?", 1).replacen("%3F", "?", 1);
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let rest = behind(url, &format!("{rest}{query}"));
    written_whole(&rest).or_else(|| web(&format!("https://{rest}")))
}

/// Mail filters, search pages and translators with a notation of their own.
fn in_its_own_way(url: &Url, host: &str) -> Option<Url> {
    let path = url.path();
    match host {
        // /v3/__https://example.org/a__;signs!!hash
        "urldefense.com" => {
            let (_, rest) = path.split_once("/v3/__")?;
            let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
            let whole = format!("{rest}{query}");
            written_whole(whole.split("__;").next()?)
        }
        // /v2/url?u=https-3A__example.org_a
        "urldefense.proofpoint.com" => {
            let value = url.query_pairs().find(|(name, _)| name == "u")?.1.replace('_', "/").replace('-', "%");
            written_whole(&value)
        }
        // /…/RU=https%3a%2f%2fexample.org%2fa/RK=2/…
        "r.search.yahoo.com" => written_whole(path.split('/').find_map(|part| part.strip_prefix("RU="))?),
        // The host of the page, with its dots as hyphens.
        _ => {
            let name = host.strip_suffix(".translate.goog").filter(|name| !name.contains('.'))?;
            let site = name.replace("--", "\0").replace('-', ".").replace('\0', "-");
            let mut page = url.clone();
            page.set_host(Some(&site)).ok()?;
            let kept: Vec<&str> =
                url.query().unwrap_or_default().split('&').filter(|pair| !pair.starts_with("_x_tr_")).collect();
            page.set_query(Some(kept.join("&").as_str()).filter(|query| !query.is_empty()));
            // The name that the page has is shorter.
            web(page.as_str())
        }
    }
}

/// A rest with the fragment, which belongs to the page within.
fn behind(url: &Url, rest: &str) -> String {
    match url.fragment() {
        Some(fragment) => format!("{rest}#{fragment}"),
        None => rest.to_owned(),
    }
}

/// An address with its scheme: as it is, with one slash lost on the way, or escaped.
fn written_whole(text: &str) -> Option<Url> {
    let lower = text.get(..text.len().min(9)).unwrap_or_default().to_ascii_lowercase();
    if lower.starts_with("http%3a") || lower.starts_with("https%3a") || lower.contains(":%2f") {
        // As the value of a form: what parts one from the next is none of it.
        let value = text.replace('+', "%2B").replace('&', "%26").replace('=', "%3D");
        let (decoded, _) = url::form_urlencoded::parse(value.as_bytes()).next()?;
        return if decoded.len() < text.len() { written_whole(&decoded) } else { None };
    }
    let (scheme, rest) = text.split_once(":/")?;
    if !["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        return None;
    }
    web(&format!("https://{}", rest.trim_start_matches('/')))
}

/// A page of the public web.
fn web(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_public = matches!(url.host(), Some(Host::Domain(host)) if host.trim_matches('.').contains('.'));
    (is_public && url.username().is_empty() && url.password().is_none()).then_some(url)
}
