//! What a robots.txt asks of programs (RFC 9309): which group is meant, and which of its rules is the most specific. It
//! fetches nothing.

/// The name that this program goes by in a robots.txt.
pub(super) const PRODUCT: &str = "onrecord";

/// The longest robots.txt that is read, in bytes: 500 KiB are to be read at least (RFC 9309, section 2.5).
pub(super) const LONGEST: usize = 512 * 1024;

/// The rules of a host for this program.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Robots {
    rules: Vec<Rule>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    allows: bool,
    /// A path, with `*` for anything and `$` for the end, in the form that [`normal`] gives.
    pattern: Vec<u8>,
}

impl Robots {
    /// Reads the rules for a product: those of all groups that name it, or else those for everyone.
    pub(super) fn read(text: &[u8], product: &str) -> Self {
        let text = &text[..text.len().min(LONGEST)];
        let (mut own, mut everyones) = (None::<Vec<Rule>>, Vec::new());
        // For whom the group is that is being read, and whether lines that name others still belong to its head.
        let (mut is_own, mut is_everyones, mut is_head) = (false, false, false);
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        for line in text.split(|byte| matches!(byte, b'\n' | b'\r')) {
            let line = line.split(|byte| *byte == b'#').next().unwrap_or_default();
            let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
            let (name, value) = (line[..colon].trim_ascii(), line[colon + 1..].trim_ascii());
            let allows = name.eq_ignore_ascii_case(b"allow");
            if name.eq_ignore_ascii_case(b"user-agent") {
                if !is_head {
                    (is_own, is_everyones, is_head) = (false, false, true);
                }
                is_everyones |= value == b"*";
                if token(value).eq_ignore_ascii_case(product.as_bytes()) {
                    is_own = true;
                    own.get_or_insert_default();
                }
            } else if allows || name.eq_ignore_ascii_case(b"disallow") {
                is_head = false;
                // An empty one says nothing.
                if value.is_empty() {
                    continue;
                }
                let rule = Rule { allows, pattern: normal(value) };
                if is_own {
                    own.get_or_insert_default().push(rule.clone());
                }
                if is_everyones {
                    everyones.push(rule);
                }
            }
        }
        Self { rules: own.unwrap_or(everyones) }
    }

    /// Whether a path, with its query, may be fetched. The longest rule that fits decides; of two as long the one that allows.
    pub(super) fn allows(&self, path: &str) -> bool {
        let path = normal(path.as_bytes());
        if path == b"/robots.txt" {
            return true;
        }
        let fitting = self.rules.iter().filter(|rule| fits(&rule.pattern, &path));
        fitting.max_by_key(|rule| (rule.pattern.len(), rule.allows)).is_none_or(|rule| rule.allows)
    }
}

/// The product that a line names: `Bot` of `Bot/1.0`.
fn token(value: &[u8]) -> &[u8] {
    let end = value.iter().position(|byte| !byte.is_ascii_alphabetic() && !matches!(byte, b'_' | b'-'));
    &value[..end.unwrap_or(value.len())]
}

/// A path in one form for comparing: what needs no escape has none, what is no ASCII has one (RFC 9309, section 2.2.2).
fn normal(path: &[u8]) -> Vec<u8> {
    let digit = |byte: Option<&u8>| {
        byte.and_then(|byte| char::from(*byte).to_digit(16)).and_then(|digit| u8::try_from(digit).ok())
    };
    let mut out = Vec::with_capacity(path.len());
    let mut at = 0;
    while let Some(&byte) = path.get(at) {
        let escaped = (byte == b'%').then(|| Some(digit(path.get(at + 1))? * 16 + digit(path.get(at + 2))?)).flatten();
        at += if escaped.is_some() { 3 } else { 1 };
        match escaped {
            Some(plain) if plain.is_ascii_alphanumeric() || b"-._~".contains(&plain) => out.push(plain),
            Some(other) => out.extend(format!("%{other:02X}").into_bytes()),
            None if byte.is_ascii_graphic() => out.push(byte),
            None => out.extend(format!("%{byte:02X}").into_bytes()),
        }
    }
    out
}

/// Whether a pattern fits the beginning of a path. Takes as many steps as pattern times path at most.
fn fits(pattern: &[u8], path: &[u8]) -> bool {
    let (pattern, to_the_end) = match pattern.strip_suffix(b"$") {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut parts = pattern.split(|byte| *byte == b'*');
    let first = parts.next().unwrap_or_default();
    if !path.starts_with(first) {
        return false;
    }
    let mut at = first.len();
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return !to_the_end || at == path.len();
    }
    while let Some(part) = parts.next() {
        let rest = &path[at..];
        if parts.peek().is_none() && to_the_end {
            return rest.ends_with(part);
        }
        // The earliest place leaves the most room for what follows.
        let found = if part.is_empty() { Some(0) } else { rest.windows(part.len()).position(|window| window == part) };
        match found {
            Some(place) => at += place + part.len(),
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_specific_rule_of_the_group_that_is_meant_decides() {
        let example = "User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\n\
                       User-Agent: foobot\nDisallow:/\nAllow:/example/page.html\nAllow:/example/allowed.gif\n\n\
                       User-Agent: barbot\nUser-Agent: bazbot\nDisallow: /example/page.html\n\nUser-Agent: quxbot\n";
        for (product, path, allowed) in [
            ("onrecord", "/", true),
            ("onrecord", "/a.gif", false),
            ("onrecord", "/a.gif?x", true),
            ("onrecord", "/example/", false),
            ("onrecord", "/publications/a.gif", true),
            ("foobot", "/example/page.html", true),
            ("foobot", "/example/allowed.gif", true),
            ("foobot", "/other", false),
            ("FooBot", "/other", false),
            ("foobot", "/robots.txt", true),
            ("barbot", "/example/page.html", false),
            ("bazbot", "/example/page.html", false),
            ("bazbot", "/a.gif", true),
            ("quxbot", "/a.gif", true),
        ] {
            assert_eq!(Robots::read(example.as_bytes(), product).allows(path), allowed, "{product} {path}");
        }
    }

    #[test]
    fn rules_are_read_however_they_are_written() {
        for (rules, path, allowed) in [
            ("", "/a", true),
            ("User-agent: *\nDisallow:", "/a", true),
            ("User-agent: *\nDisallow: /", "/a", false),
            ("\u{feff}user-agent : * # all\r\n disallow : /a # that", "/ab", false),
            ("Disallow: /", "/a", true),
            ("User-agent: Onrecord/2.0\nDisallow: /", "/a", false),
            ("User-agent: onrecordbot\nDisallow: /", "/a", true),
            (
                "User-agent: onrecord\nDisallow: /a\n\nUser-agent: x\nDisallow: /\n\nUser-agent: onrecord\nDisallow: /b",
                "/b",
                false,
            ),
            ("User-agent: onrecord\n\nUser-agent: *\nDisallow: /", "/a", false),
            ("User-agent: onrecord\nAllow: /\n\nUser-agent: *\nDisallow: /", "/a", true),
            ("User-agent: *\nSitemap: https://example.org/s\nDisallow: /a", "/a", false),
            ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", true),
            ("User-agent: *\nDisallow: /fish*.php", "/fishheads/catfish.php?p=1", false),
            ("User-agent: *\nDisallow: /fish*.php", "/Fish.PHP", true),
            ("User-agent: *\nDisallow: /*?print", "/a/b?print=1", false),
            ("User-agent: *\nDisallow: /a*b*c$", "/axbxbxc", false),
            ("User-agent: *\nDisallow: /a*b*c$", "/axbxcx", true),
            ("User-agent: *\nDisallow: /a$", "/ab", true),
            ("User-agent: *\nDisallow: /foo/bar/ツ", "/foo/bar/%E3%83%84", false),
            ("User-agent: *\nDisallow: /foo/bar/%62%61%7A", "/foo/bar/baz", false),
            ("User-agent: *\nDisallow: /a%2fb", "/a/b", true),
            ("User-agent: *\nDisallow: /a%2fb", "/a%2Fb", false),
        ] {
            assert_eq!(Robots::read(rules.as_bytes(), PRODUCT).allows(path), allowed, "{rules:?} {path}");
        }
    }

    #[test]
    fn what_would_take_for_ever_elsewhere_is_soon_decided() {
        let rules = format!("User-agent: *\nDisallow: /{}b", "*a".repeat(2_000));
        assert!(Robots::read(rules.as_bytes(), PRODUCT).allows(&format!("/{}", "a".repeat(10_000))));
        assert!(Robots::read(&[0xff, b':', 0xfe, b'\n', b'%'], PRODUCT).allows("/%zz%"));
    }
}
