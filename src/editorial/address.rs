//! Whether two addresses lead to the same page: what the same report's links differ in is left out.

use url::Url;

use crate::model::WebAddress;

/// Parameters that only tell where a reader came from. The list is ours, of what publishers and
/// networks add: Urchin's `utm_`, click ids, newsletters, sharing.
const TRACKING: &[&str] = &[
    "fbclid",
    "gclid",
    "dclid",
    "gbraid",
    "wbraid",
    "msclkid",
    "twclid",
    "ttclid",
    "igshid",
    "igsh",
    "yclid",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "_hsenc",
    "_hsmi",
    "ref",
    "ref_src",
    "ref_url",
    "referrer",
    "cmpid",
    "ocid",
    "ncid",
    "smid",
    "smtyp",
    "amp",
    "outputtype",
    "outputType",
    "xtor",
    "at_medium",
    "at_campaign",
    "guccounter",
    "guce_referrer",
    "guce_referrer_sig",
    "spm",
    "scid",
    "ito",
    "ns_mchannel",
    "ns_source",
    "ns_campaign",
];

/// The first labels of hosts that show the same pages to other screens.
const MOBILE: &[&str] = &["www", "m", "mobile", "amp", "touch", "wap"];

/// The host of an address without what only tells the kind of screen: `bbc.co.uk` of
/// `www.bbc.co.uk` and of `m.bbc.co.uk`.
#[must_use]
pub fn bare_host(host: &str) -> String {
    let mut labels: Vec<&str> = host.split('.').collect();
    while labels.len() > 2 && labels.first().is_some_and(|label| MOBILE.contains(label)) {
        labels.remove(0);
    }
    labels.join(".")
}

/// A text that two addresses of the same page have in common. It is for comparing, not for opening.
#[must_use]
pub fn same_page(address: &WebAddress) -> String {
    let Ok(url) = Url::parse(address.as_str()) else { return address.as_str().to_owned() };
    if let Some(inner) = behind_amp_cache(&url) {
        return same_page(&inner);
    }
    let host = bare_host(url.host_str().unwrap_or_default());
    let mut path: Vec<&str> = url.path().split('/').filter(|part| !part.is_empty()).collect();
    // The AMP form of a page has a word of its own at one end of its path.
    if path.len() > 1 {
        if path.last().is_some_and(|part| is_amp(part)) {
            path.pop();
        } else if path.first().is_some_and(|part| is_amp(part)) {
            path.remove(0);
        }
    }
    let mut path = path.join("/");
    for ending in [".amp.html", ".amp", "/index.html", "/index.htm"] {
        if let Some(stem) = path.strip_suffix(ending) {
            path = if ending == ".amp.html" { format!("{stem}.html") } else { stem.to_owned() };
        }
    }
    let mut pairs: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| !name.starts_with("utm_") && !TRACKING.contains(&name.as_ref()))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    pairs.sort();
    let query: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("{host}/{path}?{}", query.join("&"))
}

fn is_amp(part: &str) -> bool {
    ["amp", "amphtml"].contains(&part.to_ascii_lowercase().as_str())
}

/// The page behind Google's AMP viewer (`google.com/amp/s/…`) or cache (`….cdn.ampproject.org/c/s/…`).
fn behind_amp_cache(url: &Url) -> Option<WebAddress> {
    let host = url.host_str()?;
    let is_viewer = bare_host(host).starts_with("google.") && url.path().starts_with("/amp/");
    if !is_viewer && !host.ends_with(".cdn.ampproject.org") {
        return None;
    }
    let mut parts = url.path().trim_start_matches('/').split('/').peekable();
    // The viewer's word, the cache's kinds of content, and the sign of a secure page.
    while parts.peek().is_some_and(|part| ["amp", "c", "v", "i", "r", "s"].contains(part)) {
        parts.next();
    }
    let rest: Vec<&str> = parts.collect();
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!("https://{}{query}", rest.join("/")).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_one_report_are_the_same_page_and_others_are_not() {
        let page = |text: &str| same_page(&text.parse().unwrap());
        let known = page("https://www.example.org/news/2022/story?id=7");
        for same in [
            "http://example.org/news/2022/story/?id=7",
            "https://m.example.org/news/2022/story?id=7&utm_source=x&utm_medium=y",
            "https://amp.example.org/news/2022/story?fbclid=abc&id=7#part",
            "https://www.example.org/news/2022/story/amp?id=7",
            "https://www.example.org/amp/news/2022/story?id=7",
            "https://WWW.EXAMPLE.ORG/news/2022/story?id=7&ref=home",
            "https://www.google.com/amp/s/www.example.org/news/2022/story?id=7",
        ] {
            assert_eq!(page(same), known, "{same}");
        }
        assert_eq!(
            page("https://www-example-org.cdn.ampproject.org/c/s/www.example.org/a.amp.html"),
            page("https://example.org/a.html")
        );
        for other in [
            "https://www.example.org/news/2022/story?id=8",
            "https://www.example.org/news/2022/Story?id=7",
            "https://news.example.org/news/2022/story?id=7",
            "https://www.example.com/news/2022/story?id=7",
        ] {
            assert_ne!(page(other), known, "{other}");
        }
    }
}
