//! Reading what a host sends, up to a limit: as it is sent, and unpacked.

use std::io::{self, Read};

use flate2::read::MultiGzDecoder;
use reqwest::{Response, header};

use super::{FetchError, client::bottom};

/// Reads what is sent, as it is packed.
pub(super) async fn read(response: &mut Response, host: &str, limit: usize) -> Result<Vec<u8>, FetchError> {
    let too_long = || FetchError::TooLong { host: host.to_owned(), limit };
    let told = response.content_length().and_then(|told| usize::try_from(told).ok());
    if told.is_some_and(|told| told > limit) {
        return Err(too_long());
    }
    let mut sent = Vec::new();
    loop {
        let piece = response
            .chunk()
            .await
            .map_err(|error| FetchError::Unreachable { host: host.to_owned(), reason: bottom(&error) })?;
        let Some(piece) = piece else { return Ok(sent) };
        if sent.len() + piece.len() > limit {
            return Err(too_long());
        }
        sent.extend_from_slice(&piece);
    }
}

/// Unpacks what was sent. A few bytes may stand for gigabytes: no more than the limit is unpacked.
pub(super) fn unpacked(
    headers: &header::HeaderMap,
    sent: &[u8],
    host: &str,
    limit: usize,
) -> Result<Vec<u8>, FetchError> {
    let packed = headers.get_all(header::CONTENT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let ways: Vec<String> = packed
        .flat_map(|value| value.split(','))
        .map(|way| way.trim().to_ascii_lowercase())
        .filter(|way| !way.is_empty() && way != "identity")
        .collect();
    let wrong = |reason: String| FetchError::Encoding { host: host.to_owned(), reason };
    match ways.as_slice() {
        [] => Ok(sent.to_vec()),
        _ if sent.is_empty() => Ok(Vec::new()),
        [way] if way == "gzip" || way == "x-gzip" => {
            let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
            let mut page = Vec::new();
            let read = MultiGzDecoder::new(sent).take(most).read_to_end(&mut page);
            read.map_err(|error: io::Error| wrong(error.to_string()))?;
            if page.len() > limit { Err(FetchError::TooLong { host: host.to_owned(), limit }) } else { Ok(page) }
        }
        ways => Err(wrong(format!("it is packed as {}, which was not asked for", ways.join(", ")))),
    }
}
