//! Fetches the package piece by piece into a file, and goes on where an earlier download ended.

use std::{
    fs::{File, OpenOptions},
    io::{self, Seek, SeekFrom, Write},
    path::Path,
    time::Duration,
};

use reqwest::{Certificate, Client, Response, StatusCode, header, redirect::Policy};
use url::Url;

use super::{InstallError, Kept, PACKAGE, Registry, registry};
use crate::{
    files::{MIB, read},
    meaning::http::{reason, shown},
};

/// How long a server may take to be reached, and how long nothing may come from it.
const CONNECT: Duration = Duration::from_secs(20);
const SILENCE: Duration = Duration::from_secs(60);

/// The longest file with certificates that is read. The public ones have a quarter of a mebibyte.
const LARGEST_CERTIFICATES: u64 = 16 * MIB;

/// How often the way may lead on to another address. What comes is known by its sum, wherever it comes from.
const REDIRECTIONS: usize = 5;

/// Fetches what is missing of the package. Says from where.
pub(super) async fn fetch(
    registry: Registry<'_>,
    part: &Path,
    told: &mut dyn FnMut(u64),
) -> Result<String, InstallError> {
    let client = client(registry)?;
    let unwritable = |source, kept| InstallError::Write { path: part.to_owned(), source, kept };
    let mut file = open(part).map_err(|source| unwritable(source, Kept::Nothing))?;
    let there = file.metadata().map_err(|source| unwritable(source, Kept::Nothing))?.len();
    // One that is whole is only checked; one that is longer is none.
    if there == PACKAGE.bytes {
        return Ok(part.display().to_string());
    }
    let address = registry::find(&client, registry.address).await?;
    let place = shown(&address);
    let unreachable = |error: &dyn std::error::Error, there| InstallError::Unreachable {
        address: place.clone(),
        reason: reason(error),
        kept: kept(part, there),
    };
    let begun = if there < PACKAGE.bytes { there } else { 0 };
    let mut response = ask(&client, &address, begun).await.map_err(|error| unreachable(&error, begun))?;
    let mut there = match response.status() {
        StatusCode::PARTIAL_CONTENT if goes_on_from(&response, begun) => begun,
        StatusCode::OK => 0,
        status => {
            let what = format!("answers with the status {status}");
            return Err(InstallError::Registry { address: place, what });
        }
    };
    let start = file.set_len(there).and_then(|()| file.seek(SeekFrom::Start(there)));
    start.map_err(|source| unwritable(source, kept(part, begun)))?;
    told(there);
    while let Some(piece) = response.chunk().await.map_err(|error| unreachable(&error, there))? {
        file.write_all(&piece).map_err(|source| unwritable(source, kept(part, there)))?;
        there += piece.len() as u64;
        told(there);
        if there > PACKAGE.bytes {
            break;
        }
    }
    if there < PACKAGE.bytes {
        let ended = io::Error::from(io::ErrorKind::UnexpectedEof);
        return Err(unreachable(&ended, there));
    }
    Ok(place)
}

fn client(registry: Registry<'_>) -> Result<Client, InstallError> {
    let mut builder = Client::builder()
        .connect_timeout(CONNECT)
        .read_timeout(SILENCE)
        .redirect(Policy::limited(REDIRECTIONS))
        .user_agent(concat!("onrecord/", env!("CARGO_PKG_VERSION")));
    if let Some(path) = registry.certificates {
        let wrong = |reason: String| InstallError::Certificates { path: path.to_owned(), reason };
        let text = read(path, LARGEST_CERTIFICATES).map_err(|error| wrong(error.to_string()))?;
        let certificates = Certificate::from_pem_bundle(&text);
        for certificate in
            certificates.map_err(|error| wrong(format!("has no certificates in PEM: {}", reason(&error))))?
        {
            builder = builder.add_root_certificate(certificate);
        }
    }
    builder.build().map_err(|error| InstallError::Unreachable {
        address: shown(registry.address),
        reason: reason(&error),
        kept: Kept::Nothing,
    })
}

async fn ask(client: &Client, address: &Url, from: u64) -> reqwest::Result<Response> {
    let request = client.get(address.clone());
    let request = if from > 0 { request.header(header::RANGE, format!("bytes={from}-")) } else { request };
    request.send().await
}

/// Whether a part that a server sends is the one that was asked for (RFC 9110, section 14.4).
fn goes_on_from(response: &Response, from: u64) -> bool {
    let range = response.headers().get(header::CONTENT_RANGE).and_then(|range| range.to_str().ok());
    range.is_some_and(|range| range.starts_with(&format!("bytes {from}-")))
}

/// Opens what an earlier download left, or begins.
fn open(part: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(part)
}

fn kept(part: &Path, bytes: u64) -> Kept {
    if bytes > 0 { Kept::Part(part.to_owned(), bytes) } else { Kept::Nothing }
}
