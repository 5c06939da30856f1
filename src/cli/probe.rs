//! Asking a running bot how it stands, for where there is no other program to ask with, as in a container.

use std::{
    io::{Read, Write},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream},
    time::Duration,
};

use super::{CliError, Exit};
use crate::config::Config;

/// How long each step of the question may take.
const TIMEOUT: Duration = Duration::from_secs(4);

/// The most that is read of an answer, in bytes.
const LONGEST: u64 = 16 * 1_024;

/// What is asked of the bot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HealthQuestion {
    /// Whether it is alive.
    Alive,
    /// Whether it is ready: connected, up to date, able to write.
    Ready,
}

impl HealthQuestion {
    const fn path(self) -> &'static str {
        match self {
            Self::Alive => "/healthz",
            Self::Ready => "/readyz",
        }
    }
}

/// Asks the bot at the configured address and prints what it says.
pub(super) fn ask(config: &Config, question: HealthQuestion) -> Result<Exit, CliError> {
    let Some(health) = &config.health else {
        return Err(CliError::Usage("no health listener is configured; set ONRECORD_HEALTH".to_owned()));
    };
    let address = reachable(health.address);
    let answer = fetch(address, question.path())
        .map_err(|error| CliError::Unreachable { address: address.to_string(), reason: error.to_string() })?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let well = head.split_whitespace().nth(1) == Some("200");
    write!(std::io::stdout(), "{body}")?;
    Ok(if well { Exit::Answered } else { Exit::Failed })
}

/// Where a listener at every address of the machine is reached from the machine itself.
fn reachable(address: SocketAddr) -> SocketAddr {
    let here = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(here, address.port())
}

fn fetch(address: SocketAddr, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.take(LONGEST).read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
