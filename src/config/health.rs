//! The settings of the health listener.

use std::net::SocketAddr;

use super::{
    ConfigError,
    read::Reading,
    setting::{Setting, TakesEffect},
};

/// Its settings, in the order in which they are shown.
pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        name: "ONRECORD_HEALTH",
        default: "",
        meaning: "The address at which a running bot shows how it stands, like 127.0.0.1:9464: /healthz, /readyz and /metrics. Without one it listens nowhere.",
        secret: false,
        takes_effect: TakesEffect::AtTheNextStart,
    },
    Setting {
        name: "ONRECORD_HEALTH_REMOTE",
        default: "off",
        meaning: "Whether that address may be one that other machines reach: on or off.",
        secret: false,
        takes_effect: TakesEffect::AtTheNextStart,
    },
    Setting {
        name: "ONRECORD_HEALTH_HOSTS",
        default: "",
        meaning: "The names by which it may be asked there, parted by commas, beside its own address and localhost, like onrecord,bot.example.org.",
        secret: false,
        takes_effect: TakesEffect::AtTheNextStart,
    },
];

/// Where others can look at how a running bot stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthConfig {
    /// The address and port to listen at. Port 0 stands for any that is free.
    pub address: SocketAddr,
    /// By which hosts it may be asked, beside its own address and `localhost`.
    pub hosts: Vec<String>,
}

impl HealthConfig {
    /// Reads them; `None` where no address is named.
    pub(super) fn read(reading: &mut Reading<'_>) -> Result<Option<Self>, ConfigError> {
        let name = "ONRECORD_HEALTH";
        let value = reading.text(name);
        let remote = reading.off_by_default("ONRECORD_HEALTH_REMOTE")?;
        let hosts = hosts(&reading.text(HOSTS))?;
        if value.is_empty() {
            return Ok(None);
        }
        let wrong = |expected: &str| ConfigError::Value { name, value: value.clone(), expected: expected.to_owned() };
        let address: SocketAddr =
            value.parse().map_err(|_| wrong("an address with a port, like 127.0.0.1:9464 or [::1]:9464"))?;
        if !remote && !address.ip().to_canonical().is_loopback() {
            return Err(wrong(
                "an address of this machine alone, like 127.0.0.1:9464, as whoever reaches it can see how the bot \
                 stands; set ONRECORD_HEALTH_REMOTE=on if others are to reach it",
            ));
        }
        Ok(Some(Self { address, hosts }))
    }

    /// What is to be said of an address that others may reach; `None` for one of this machine alone.
    #[must_use]
    pub fn remark(&self) -> Option<String> {
        let Self { address, .. } = self;
        (!address.ip().to_canonical().is_loopback()).then(|| {
            format!(
                "ONRECORD_HEALTH is {address}, which other machines may reach: whoever does sees how the bot stands, \
                 without a password and without TLS. Put a firewall or a proxy before it"
            )
        })
    }
}

const HOSTS: &str = "ONRECORD_HEALTH_HOSTS";

/// Reads the names, parted by commas.
fn hosts(text: &str) -> Result<Vec<String>, ConfigError> {
    let names: Vec<String> =
        text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
    let is_host = |name: &String| url::Host::parse(name).is_ok();
    if names.iter().all(is_host) {
        return Ok(names);
    }
    let expected = "names or addresses parted by commas, without ports, like onrecord or bot.example.org".to_owned();
    Err(ConfigError::Value { name: HOSTS, value: text.to_owned(), expected })
}

#[cfg(test)]
mod tests {
    use super::super::{Config, Variables};
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Option<HealthConfig>, String> {
        Config::read(&Variables::of(pairs)).map(|config| config.health).map_err(|error| error.to_string())
    }

    #[test]
    fn it_is_off_until_an_address_is_named_and_others_reach_it_on_the_operators_word_only() {
        assert_eq!(read(&[]).unwrap(), None);
        for address in ["127.0.0.1:9464", "127.9.9.9:1", "[::1]:9464", "[::ffff:127.0.0.1]:0"] {
            assert_eq!(
                read(&[("ONRECORD_HEALTH", address)]).unwrap(),
                Some(HealthConfig { address: address.parse().unwrap(), hosts: Vec::new() })
            );
        }
        for address in ["0.0.0.0:9464", "[::]:9464", "192.0.2.7:9464", "[::ffff:192.0.2.7]:9464"] {
            let message = read(&[("ONRECORD_HEALTH", address)]).unwrap_err();
            let begins = format!("ONRECORD_HEALTH is {address:?}; it must be an address of this machine alone");
            assert!(message.starts_with(&begins) && message.contains("ONRECORD_HEALTH_REMOTE=on"), "{message}");
            assert!(read(&[("ONRECORD_HEALTH", address), ("ONRECORD_HEALTH_REMOTE", "on")]).unwrap().is_some());
        }
        let named = [("ONRECORD_HEALTH", "127.0.0.1:9464"), ("ONRECORD_HEALTH_HOSTS", "onrecord, bot.example.org,")];
        assert_eq!(read(&named).unwrap().unwrap().hosts, ["onrecord", "bot.example.org"]);
        let wrong = read(&[("ONRECORD_HEALTH", "127.0.0.1:9464"), ("ONRECORD_HEALTH_HOSTS", "onrecord:9464")]);
        assert!(wrong.unwrap_err().contains("without ports"));
        for address in ["9464", "localhost:9464", "127.0.0.1", "http://127.0.0.1:9464"] {
            let message = read(&[("ONRECORD_HEALTH", address)]).unwrap_err();
            assert!(message.contains("it must be an address with a port"), "{message}");
        }
    }

    #[test]
    fn an_address_that_others_may_reach_is_remarked_upon() {
        let remark = |address: &str| {
            let read = read(&[("ONRECORD_HEALTH", address), ("ONRECORD_HEALTH_REMOTE", "on")]);
            read.unwrap().unwrap().remark()
        };
        assert!(
            remark("0.0.0.0:9464").is_some_and(|it| it.starts_with("ONRECORD_HEALTH is 0.0.0.0:9464, which other"))
        );
        assert!(remark("[::]:9464").is_some() && remark("192.0.2.7:1").is_some());
        assert!(remark("127.0.0.1:9464").is_none() && remark("[::ffff:127.0.0.1]:1").is_none());
    }
}
