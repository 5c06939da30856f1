//! How stretches of text are told apart in a terminal: the only place that writes escape sequences.

use url::Url;

use crate::model::WebAddress;

/// What a stretch of text is. Colours are the sixteen basic ones, so that they are the reader's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Text and nothing more.
    Plain,
    /// A name, a count.
    Strong,
    /// What matters less: labels, dates, languages.
    Dim,
    /// The heading of a part.
    Heading,
    /// A record's id.
    Id,
    /// Something to type.
    Ask,
    /// Something that leads elsewhere.
    Link,
    /// That something was corrected, or went wrong.
    Warning,
    /// That something is retracted.
    Alarm,
}

impl Style {
    /// The parameters of the "select graphic rendition" sequence (ECMA-48, 8.3.117).
    const fn parameters(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Strong => Some("1"),
            Self::Dim => Some("2"),
            Self::Heading => Some("1;36"),
            Self::Id | Self::Ask => Some("36"),
            Self::Link => Some("4"),
            Self::Warning => Some("1;33"),
            Self::Alarm => Some("1;31"),
        }
    }
}

/// Writes text in a style, for a terminal that has colours.
pub(super) fn paint(out: &mut String, text: &str, style: Style) {
    match style.parameters() {
        Some(parameters) if !text.is_empty() => {
            out.push_str("\u{1b}[");
            out.push_str(parameters);
            out.push('m');
            out.push_str(text);
            out.push_str("\u{1b}[0m");
        }
        Some(_) | None => out.push_str(text),
    }
}

/// The target of a hyperlink: the address in printable ASCII, as OSC 8 demands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LinkTarget(String);

impl LinkTarget {
    /// The target for an address; `None` when it has no form in printable ASCII.
    pub(super) fn of(address: &WebAddress) -> Option<Self> {
        let target = String::from(Url::parse(address.as_str()).ok()?);
        target.bytes().all(|byte| byte.is_ascii_graphic()).then_some(Self(target))
    }

    /// Begins a hyperlink. Parts with one `number` belong together, though line breaks part them.
    pub(super) fn open(&self, out: &mut String, number: usize) {
        out.push_str(&format!("\u{1b}]8;id=onrecord-{number};{}\u{1b}\\", self.0));
    }

    /// Ends a hyperlink.
    pub(super) fn close(out: &mut String) {
        out.push_str("\u{1b}]8;;\u{1b}\\");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_printable_ascii_whatever_the_address_holds() {
        let target = |text: &str| LinkTarget::of(&text.parse().unwrap()).unwrap().0;
        assert_eq!(
            target("https://bücher.example/straße?q=悉尼"),
            "https://xn--bcher-kva.example/stra%C3%9Fe?q=%E6%82%89%E5%B0%BC"
        );
        assert_eq!(target("https://example.org/a;b"), "https://example.org/a;b");
    }

    #[test]
    fn where_there_is_nothing_to_paint_nothing_is_added() {
        let mut out = String::new();
        paint(&mut out, "S12", Style::Plain);
        paint(&mut out, "", Style::Strong);
        assert_eq!(out, "S12");
    }
}
