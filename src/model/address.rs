//! Web addresses of the reporting.

use std::{fmt, str::FromStr};

use url::Url;

/// An absolute `http` or `https` address without credentials, whose host is a public name.
///
/// The text is kept as the publisher writes it; [`WebAddress::host`] gives the host in its ASCII
/// form (punycode), so that a look-alike name can't pass for another.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WebAddress {
    text: String,
    host: String,
}

/// Which rule of [`WebAddress`] a text breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Not an absolute URL at all.
    #[error("{text:?} is no web address ({reason}); write it whole, beginning with https://")]
    NotAnAddress {
        /// The text as given, shortened.
        text: String,
        /// What the URL parser said.
        reason: String,
    },
    /// A scheme other than http and https.
    #[error("{text:?} is not an http or https address")]
    Scheme {
        /// The text as given, shortened.
        text: String,
    },
    /// A user name or password before the host.
    #[error("the address holds a user name or password; write it without")]
    Credentials,
    /// A bare host name, an IP address or a reserved name.
    #[error("{host:?} is not the public name of a website")]
    Host {
        /// The host found.
        host: String,
    },
}

impl WebAddress {
    /// The longest address, in bytes. Discord's link buttons take at most 512 characters
    /// (Discord API, "Button structure"); longer ones are shown as text there.
    pub const MAX_LENGTH: usize = 2_000;

    /// The address as the publisher writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The host in its ASCII form.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }
}

impl FromStr for WebAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let shown = || text.chars().take(120).collect::<String>();
        let not_an_address = |reason: &str| AddressError::NotAnAddress { text: shown(), reason: reason.to_owned() };
        if text.len() > Self::MAX_LENGTH {
            return Err(not_an_address("it is too long"));
        }
        // The URL parser drops tabs, line breaks and outer spaces; a stored address has none.
        if text.chars().any(|character| character.is_whitespace() || super::single_line::is_invisible(character)) {
            return Err(not_an_address("it has a space or an invisible character"));
        }
        let url = Url::parse(text).map_err(|error| not_an_address(&error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(AddressError::Scheme { text: shown() });
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(AddressError::Credentials);
        }
        let host = match url.host() {
            Some(url::Host::Domain(domain))
                if domain.contains('.') && !domain.ends_with(".local") && !domain.ends_with(".internal") =>
            {
                domain.to_owned()
            }
            host => {
                return Err(AddressError::Host { host: host.map(|host| host.to_string()).unwrap_or_default() });
            }
        };
        Ok(Self { text: text.to_owned(), host })
    }
}

impl fmt::Display for WebAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

super::serde_as_text!(WebAddress);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_public_http_without_credentials() {
        for good in ["https://example.org/a?b=c#d", "http://www.bbc.co.uk/news/1", "https://bücher.example/x"] {
            assert_eq!(good.parse::<WebAddress>().unwrap().as_str(), good);
        }
        for bad in [
            "",
            "example.org",
            "ftp://example.org",
            "javascript:alert(1)",
            "https://user:pass@example.org",
            "https://localhost/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://printer.local/",
            " https://example.org",
            "https://exa\nmple.org",
            "https://example.org/\u{202e}",
        ] {
            assert!(bad.parse::<WebAddress>().is_err(), "{bad:?} was taken for an address");
        }
        assert_eq!("https://bücher.example/".parse::<WebAddress>().unwrap().host(), "xn--bcher-kva.example");
    }
}
