//! A host's robots.txt as a fuzz target.

use super::robots::{PRODUCT, Robots};

/// A path, and below it a robots.txt of whatever bytes: what is decided of the path holds however its letters are escaped,
/// whatever is said for others below, and never of the file itself.
pub fn fuzz_robots(data: &[u8]) {
    let (path, text) = data.split_at(data.iter().position(|byte| *byte == b'\n').unwrap_or(data.len()));
    let Ok(path) = std::str::from_utf8(path) else { return };
    let robots = Robots::read(text, PRODUCT);
    let allows = robots.allows(path);
    let escaped: String = path.bytes().map(escape).collect();
    assert_eq!(robots.allows(&escaped), allows, "{path:?} is not {escaped:?}");
    let more = [text, b"\nUser-agent: x\nDisallow: /\nUser-agent: other\nDisallow: /".as_slice()].concat();
    if !text.to_ascii_lowercase().windows(5).any(|window| window == b"agent") {
        assert_eq!(Robots::read(&more, PRODUCT), robots, "what is said for others counts");
    }
    assert!(robots.allows("/robots.txt"));
}

/// A letter or a digit with an escape that it doesn't need, unless it may be part of one.
fn escape(byte: u8) -> String {
    if byte.is_ascii_alphabetic() && !byte.is_ascii_hexdigit() {
        format!("%{byte:02x}")
    } else {
        // One byte of several is escaped as it is.
        if byte.is_ascii() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    }
}
