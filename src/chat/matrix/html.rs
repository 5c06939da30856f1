//! The HTML of a message's formatted body, as far as words and links are to be read from it. What is malformed is text.

/// A link in a formatted body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HtmlLink {
    /// Where it leads.
    pub(super) target: String,
    /// What is shown of it.
    pub(super) label: String,
}

/// How many links of a message are looked at. The limit is ours.
const LINKS: usize = 50;

/// A piece of HTML.
enum Piece<'a> {
    /// What stands between `<` and `>`.
    Tag(&'a str),
    Text(&'a str),
}

/// Cuts HTML into tags and text. A `<` without its end is text.
fn pieces(html: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = html;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let tag = rest.strip_prefix('<').and_then(|inner| inner.split_once('>'));
        if let Some((tag, behind)) = tag {
            rest = behind;
            return Some(Piece::Tag(tag));
        }
        let end = rest.char_indices().skip(1).find(|(_, letter)| *letter == '<').map_or(rest.len(), |(at, _)| at);
        let (text, behind) = rest.split_at(end);
        rest = behind;
        Some(Piece::Text(text))
    })
}

/// The name of a tag in small letters, with the `/` of one that closes.
fn name(tag: &str) -> String {
    let end = tag.char_indices().skip(1).find(|(_, letter)| !letter.is_ascii_alphanumeric() && *letter != '-');
    tag.get(..end.map_or(tag.len(), |(at, _)| at)).unwrap_or_default().to_ascii_lowercase()
}

/// The words of a formatted body, without the quotation of what it replies to, and quoted lines with a `>`.
pub(super) fn text_of(html: &str) -> String {
    let mut text = String::new();
    let (mut quotation, mut quoted) = (false, 0_usize);
    for piece in pieces(html) {
        match piece {
            Piece::Tag(tag) => match name(tag).as_str() {
                "mx-reply" => quotation = true,
                "/mx-reply" => quotation = false,
                "blockquote" => quoted += 1,
                "/blockquote" => {
                    quoted = quoted.saturating_sub(1);
                    break_line(&mut text);
                }
                "br" | "br/" | "p" | "/p" | "li" | "/li" | "tr" | "/tr" | "div" | "/div" | "pre" | "/pre" | "h1"
                | "/h1" | "h2" | "/h2" | "h3" | "/h3" | "h4" | "/h4" | "h5" | "/h5" | "h6" | "/h6" => {
                    break_line(&mut text)
                }
                "/td" | "/th" => text.push(' '),
                _ => {}
            },
            Piece::Text(words) if !quotation => {
                let words = unescaped(words);
                for (at, line) in words.split('\n').enumerate() {
                    if at > 0 {
                        break_line(&mut text);
                    }
                    if quoted > 0 && !line.trim().is_empty() && (text.is_empty() || text.ends_with('\n')) {
                        text.push_str("> ");
                    }
                    text.push_str(line);
                }
            }
            Piece::Text(_) => {}
        }
    }
    text.trim().to_owned()
}

fn break_line(text: &mut String) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
}

/// The links of a formatted body, in order; those in the quotation of what it replies to are none of its own.
pub(super) fn links(html: &str) -> Vec<HtmlLink> {
    let mut links = Vec::new();
    let mut quotation = false;
    let mut open: Option<HtmlLink> = None;
    for piece in pieces(html) {
        match piece {
            Piece::Tag(tag) => match name(tag).as_str() {
                "mx-reply" => quotation = true,
                "/mx-reply" => quotation = false,
                "a" => open = href(tag).map(|target| HtmlLink { target, label: String::new() }),
                "/a" => {
                    links.extend(open.take());
                    if links.len() >= LINKS {
                        return links;
                    }
                }
                _ => {}
            },
            Piece::Text(words) if !quotation => {
                if let Some(link) = &mut open {
                    link.label.push_str(&unescaped(words));
                }
            }
            Piece::Text(_) => open = None,
        }
    }
    links
}

/// The `href` of a tag.
fn href(tag: &str) -> Option<String> {
    let at = tag.find("href=")?;
    let value = tag.get(at + "href=".len()..)?;
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''));
    let value = match quote {
        Some(quote) => value.get(1..)?.split(quote).next()?,
        None => value.split_whitespace().next()?,
    };
    Some(unescaped(value))
}

/// Text with the characters that HTML has names and numbers for.
fn unescaped(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        let known = after.split_once(';').filter(|(name, _)| name.len() <= 10);
        match known.and_then(|(name, behind)| Some((character(name)?, behind))) {
            Some((character, behind)) => {
                plain.push(character);
                rest = behind;
            }
            None => {
                plain.push('&');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    plain
}

fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_html_are_read_line_by_line() {
        for (html, text) in [
            ("<p>a &amp; b</p><p>c</p>", "a & b\nc"),
            ("a<br/>b<br>c", "a\nb\nc"),
            ("<mx-reply><blockquote>old</blockquote></mx-reply>new", "new"),
            ("<blockquote><p>a claim</p></blockquote>is this real?", "> a claim\nis this real?"),
            ("<span data-mx-spoiler>hidden</span>", "hidden"),
            ("<b>a</b>c &#39;x&#x27; &bogus; & <", "ac 'x' &bogus; & <"),
            ("1 < 2", "1 < 2"),
            ("", ""),
        ] {
            assert_eq!(text_of(html), text, "{html}");
        }
    }

    #[test]
    fn links_are_read_with_what_is_shown_of_them() {
        let html = "<mx-reply><a href=\"https://x\">In reply to</a></mx-reply>hey <a data-x=\"1\" \
                    href='https://matrix.to/#/%40r%3Aex.org?a=1&amp;b=2'>On <b>R&amp;B</b></a> <a>no</a>";
        let link = |target: &str, label: &str| HtmlLink { target: target.to_owned(), label: label.to_owned() };
        assert_eq!(links(html), [link("https://matrix.to/#/%40r%3Aex.org?a=1&b=2", "On R&B")]);
    }
}
