//! The lists of what addresses of one page differ in (`lists.txt`), read once.
//!
//! A line is a word that says what it lists, then what is listed. Hosts are written as `bare_host` gives them; one that
//! ends in `.*` stands for all domains of that name (`google.*`), one that begins with `*.` for all hosts below it. A
//! host stands for those below it, too, but in `same-host`. Some hosts have a path behind them, and stand for what lies there.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

/// All lists.
pub(super) static LISTS: LazyLock<Lists> = LazyLock::new(|| Lists::read(include_str!("lists.txt")));

#[derive(Debug, Default)]
pub(super) struct Lists {
    /// Names of parameters that tell nothing of the page, in small letters.
    tracking: HashSet<&'static str>,
    /// How such names begin.
    tracking_prefixes: Vec<&'static str>,
    /// What `ref` says where it stands for a way of sharing.
    ref_values: HashSet<&'static str>,
    /// Parameters that ask for the AMP form with the value `amp`.
    amp_values: HashSet<&'static str>,
    /// First labels of hosts that show the same pages to other screens.
    screens: HashSet<&'static str>,
    /// Hosts, and the one that they are compared as; in the second, all hosts below one.
    same_hosts: HashMap<&'static str, &'static str>,
    same_hosts_below: HashMap<&'static str, &'static str>,
    /// What is listed of a host and of those below it; in the second, of all domains of a name.
    hosts: HashMap<&'static str, ListedHost>,
    any_domain: HashMap<&'static str, ListedHost>,
    /// Lines that say nothing that is known here. A test sees to it that there are none.
    unread: Vec<&'static str>,
}

/// What is listed of a host.
#[derive(Debug, Default)]
pub(super) struct ListedHost {
    /// Names of parameters that tell nothing of the page here.
    tracking: Vec<&'static str>,
    /// Whether AMP forms have a word of their own somewhere in the path.
    pub(super) has_amp_paths: bool,
    /// Whether addresses hold another in their path, perhaps without its scheme.
    pub(super) holds_in_path: bool,
    pub(super) holds_in_path_bare: bool,
    /// The paths and the parameters in which addresses hold another.
    in_parameters: Vec<(&'static str, Vec<&'static str>)>,
    /// The paths whose whole query is another address.
    in_query: Vec<&'static str>,
    /// Whether it is a cache of pages in their AMP form.
    pub(super) is_amp_cache: bool,
}

impl ListedHost {
    /// The names of the parameters in which addresses with this path hold another.
    pub(super) fn holds_in_parameters(&self, path: &str) -> impl Iterator<Item = &'static str> {
        self.in_parameters
            .iter()
            .filter(move |(start, _)| lies_in(path, start))
            .flat_map(|(_, names)| names.iter().copied())
    }

    /// Whether the whole query of addresses with this path is another.
    pub(super) fn holds_in_query(&self, path: &str) -> bool {
        self.in_query.iter().any(|start| lies_in(path, start))
    }
}

impl Lists {
    fn read(text: &'static str) -> Self {
        let mut lists = Self::default();
        for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
            let mut words = line.split_whitespace();
            let what = words.next().unwrap_or_default();
            match what {
                "tracking" => lists.tracking.extend(words),
                "tracking-prefix" => lists.tracking_prefixes.extend(words),
                "ref-value" => lists.ref_values.extend(words),
                "amp-value" => lists.amp_values.extend(words),
                "screen" => lists.screens.extend(words),
                "amp-path" => words.for_each(|host| lists.host(host).has_amp_paths = true),
                "in-path" => words.for_each(|host| lists.host(host).holds_in_path = true),
                "in-path-bare" => words.for_each(|host| lists.host(host).holds_in_path_bare = true),
                "amp-cache" => words.for_each(|host| lists.host(host).is_amp_cache = true),
                "in-query" => words.map(host_and_path).for_each(|(host, path)| lists.host(host).in_query.push(path)),
                _ => match (what, words.next()) {
                    ("tracking-at", Some(host)) => lists.host(host).tracking.extend(words),
                    ("same-host", Some(first)) => words.for_each(|other| match other.strip_prefix("*.") {
                        Some(parent) => drop(lists.same_hosts_below.insert(parent, first)),
                        None => drop(lists.same_hosts.insert(other, first)),
                    }),
                    ("in-parameter", Some(place)) => {
                        let (host, path) = host_and_path(place);
                        lists.host(host).in_parameters.push((path, words.collect()));
                    }
                    _ => lists.unread.push(line),
                },
            }
        }
        lists
    }

    fn host(&mut self, host: &'static str) -> &mut ListedHost {
        match host.strip_suffix(".*") {
            Some(name) => self.any_domain.entry(name).or_default(),
            None => self.hosts.entry(host).or_default(),
        }
    }

    /// All that is listed of a host, by itself, by those that it lies below, and by its name under any domain.
    pub(super) fn of(&self, host: &str) -> Vec<&ListedHost> {
        let suffixes = std::iter::successors(Some(host), |host| host.split_once('.').map(|(_, parent)| parent));
        let mut found: Vec<&ListedHost> = suffixes.filter_map(|host| self.hosts.get(host)).collect();
        found.extend(name_of(host).and_then(|name| self.any_domain.get(name)));
        found
    }

    /// Whether a parameter tells nothing of the page. The name and the value are in small letters.
    pub(super) fn is_tracking(&self, of_host: &[&ListedHost], name: &str, value: &str) -> bool {
        let ref_says_nothing = || name == "ref" && (self.ref_values.contains(value) || is_a_site(value));
        self.tracking.contains(name)
            || self.tracking_prefixes.iter().any(|prefix| name.starts_with(prefix))
            || (value == "amp" && self.amp_values.contains(name))
            || of_host.iter().any(|host| host.tracking.contains(&name))
            || ref_says_nothing()
    }

    /// Whether a host's first label only names a kind of screen.
    pub(super) fn is_screen(&self, label: &str) -> bool {
        self.screens.contains(label)
    }

    /// The host that this one is compared as.
    pub(super) fn same_host(&self, host: &str) -> Option<&'static str> {
        let exactly = self.same_hosts.get(host);
        let below = || host.split_once('.').and_then(|(_, parent)| self.same_hosts_below.get(parent));
        exactly.or_else(below).copied()
    }
}

fn host_and_path(place: &'static str) -> (&'static str, &'static str) {
    place.split_once('/').unwrap_or((place, ""))
}

/// Whether a path, which begins with a slash, lies at or below a place.
fn lies_in(path: &str, place: &str) -> bool {
    let path = path.trim_start_matches('/');
    path.strip_prefix(place).is_some_and(|rest| place.is_empty() || rest.is_empty() || rest.starts_with('/'))
}

/// What stands before the domain of a host: `google` of `google.ie` and of `google.co.uk`.
fn name_of(host: &str) -> Option<&str> {
    let (before, _) = host.rsplit_once('.')?;
    match before.rsplit_once('.') {
        Some((before, "co" | "com" | "net" | "org")) => Some(before),
        _ => Some(before),
    }
}

/// Whether a value is the bare name of a site, as newsletters write it: `ref=example.com`.
fn is_a_site(value: &str) -> bool {
    let Some((name, domain)) = value.rsplit_once('.') else { return false };
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.')
    };
    ["com", "org", "net", "io", "co", "news"].contains(&domain) && is_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::bare_host;

    #[test]
    fn every_line_is_read_and_every_host_is_written_as_it_is_compared() {
        let lists = &*LISTS;
        assert_eq!(lists.unread, Vec::<&str>::new());
        for host in lists.hosts.keys().chain(lists.any_domain.keys()).chain(lists.same_hosts.values()) {
            assert_eq!(bare_host(host), **host, "{host} is never met in this form");
        }
        for (other, first) in lists.same_hosts.iter().chain(&lists.same_hosts_below) {
            assert_eq!(lists.same_host(first), None, "{other} is {first}");
        }
        let of_hosts = lists.hosts.values().chain(lists.any_domain.values()).flat_map(|host| &host.tracking);
        let names = lists.tracking.iter().chain(&lists.amp_values).chain(of_hosts).chain(&lists.tracking_prefixes);
        for name in names.chain(&lists.ref_values) {
            assert_eq!(*name, name.to_lowercase());
        }
    }

    #[test]
    fn a_host_is_listed_under_those_above_it_and_under_its_name() {
        let is_search = |host: &str| {
            LISTS.of(host).iter().any(|listed| listed.holds_in_parameters("/url").any(|name| name == "url"))
        };
        for host in ["google.ie", "google.co.uk", "google.com.br", "eur03.safelinks.protection.outlook.com"] {
            assert!(is_search(host), "{host}");
        }
        for host in ["google.example.org", "notgoogle.com", "google.com.evil.example", "outlook.com"] {
            assert!(!is_search(host), "{host}");
        }
    }
}
