//! The settings of fetching pages: whether, through what, and under whose name.

use url::Url;

use super::{
    ConfigError,
    read::Reading,
    setting::{Setting, TakesEffect},
    without_credentials,
};

const CONTACT: &str = "ONRECORD_FETCH_CONTACT";
const PROXY: &str = "ONRECORD_FETCH_PROXY";

/// The longest contact, in characters. The limit is ours.
const LONGEST_CONTACT: usize = 200;

/// Its settings, in the order in which they are shown.
pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        name: "ONRECORD_FETCH",
        default: "on",
        meaning: "Whether pages of others are fetched where someone asks for it, as onrecord links does: on or off.",
        secret: false,
        takes_effect: TakesEffect::AtTheNextStart,
    },
    Setting {
        name: PROXY,
        default: "",
        meaning: "The address of a proxy that pages are fetched through, like http://127.0.0.1:3128. It has to refuse private addresses itself. No other setting names one.",
        secret: false,
        takes_effect: TakesEffect::AtTheNextStart,
    },
    Setting {
        name: CONTACT,
        default: "",
        meaning: "Whom a website can turn to that is asked for pages: your page or address, like https://example.org/bot; it is sent along.",
        secret: false,
        takes_effect: TakesEffect::AtTheNextStart,
    },
];

/// How pages of others are fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchConfig {
    /// Whether they are at all.
    pub on: bool,
    /// The proxy that is asked for them.
    pub proxy: Option<Url>,
    /// Whom to turn to, as it is sent along.
    pub contact: Option<String>,
}

impl FetchConfig {
    pub(super) fn read(reading: &mut Reading<'_>) -> Result<Self, ConfigError> {
        let on = reading.on_by_default("ONRECORD_FETCH")?;
        let address = reading.address(PROXY);
        let contact = Some(reading.text(CONTACT)).filter(|contact| !contact.is_empty());
        let is_proxy = |url: &Url| ["http", "https"].contains(&url.scheme()) && url.has_host();
        let proxy = (!address.is_empty()).then(|| Url::parse(&address).ok().filter(is_proxy)).map(|proxy| {
            proxy.ok_or_else(|| {
                let shown = without_credentials(&address);
                ConfigError::value(PROXY, &shown, "the address of a proxy, like http://127.0.0.1:3128")
            })
        });
        // It stands in parentheses in a header.
        let fits = |text: &String| {
            text.len() <= LONGEST_CONTACT && text.chars().all(|sign| sign.is_ascii_graphic() && !"()\\".contains(sign))
        };
        if let Some(contact) = contact.as_ref().filter(|contact| !fits(contact)) {
            let expected = "an address without spaces and parentheses, like https://example.org/bot";
            return Err(ConfigError::value(CONTACT, contact, expected));
        }
        Ok(Self { on, proxy: proxy.transpose()?, contact })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Config, Variables};

    #[test]
    fn a_proxy_and_a_contact_are_addresses() {
        let read = |name, value| Config::read(&Variables::of(&[(name, value)]));
        let fetch = Config::read(&Variables::of(&[])).unwrap().fetch;
        assert_eq!((fetch.on, fetch.proxy, fetch.contact), (true, None, None));
        assert!(!read("ONRECORD_FETCH", "off").unwrap().fetch.on);
        for wrong in ["127.0.0.1:3128", "socks5://127.0.0.1:1", "no"] {
            let refused = read("ONRECORD_FETCH_PROXY", wrong).unwrap_err().to_string();
            assert!(refused.contains("the address of a proxy"), "{refused}");
        }
        let config = read("ONRECORD_FETCH_PROXY", "http://ana:Xq7@127.0.0.1:3128").unwrap();
        let shown = config.in_force.iter().find(|entry| entry.setting.name == "ONRECORD_FETCH_PROXY").unwrap();
        assert!(!shown.value.contains("Xq7"), "{}", shown.value);
        for wrong in ["me at home", "a(b", "ü@example.org", "a\nb"] {
            assert!(read("ONRECORD_FETCH_CONTACT", wrong).is_err(), "{wrong}");
        }
        assert_eq!(
            read("ONRECORD_FETCH_CONTACT", "bot@example.org").unwrap().fetch.contact.unwrap(),
            "bot@example.org"
        );
    }
}
