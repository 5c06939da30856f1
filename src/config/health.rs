//! The settings of the health listener.

use std::net::SocketAddr;

use super::{ConfigError, read::Reading};

/// Where others can look at how a running bot stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HealthConfig {
    /// The address and port to listen at. Port 0 stands for any that is free.
    pub address: SocketAddr,
}

impl HealthConfig {
    /// Reads them; `None` where no address is named.
    pub(super) fn read(reading: &mut Reading<'_>) -> Result<Option<Self>, ConfigError> {
        let name = "ONRECORD_HEALTH";
        let value = reading.text(name, "");
        let remote = reading.switch("ONRECORD_HEALTH_REMOTE", false)?;
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
        Ok(Some(Self { address }))
    }
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
                Some(HealthConfig { address: address.parse().unwrap() })
            );
        }
        for address in ["0.0.0.0:9464", "[::]:9464", "192.0.2.7:9464", "[::ffff:192.0.2.7]:9464"] {
            let message = read(&[("ONRECORD_HEALTH", address)]).unwrap_err();
            let begins = format!("ONRECORD_HEALTH is {address:?}; it must be an address of this machine alone");
            assert!(message.starts_with(&begins) && message.contains("ONRECORD_HEALTH_REMOTE=on"), "{message}");
            assert!(read(&[("ONRECORD_HEALTH", address), ("ONRECORD_HEALTH_REMOTE", "on")]).unwrap().is_some());
        }
        for address in ["9464", "localhost:9464", "127.0.0.1", "http://127.0.0.1:9464"] {
            let message = read(&[("ONRECORD_HEALTH", address)]).unwrap_err();
            assert!(message.contains("it must be an address with a port"), "{message}");
        }
    }
}
