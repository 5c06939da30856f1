//! Pages as they were fetched, in a file of the web archives' own format (WARC 1.1, ISO 28500:2017): each request, each
//! answer, packed record by record, so that any tool for web archives reads it.

use std::io::{self, Write};

use flate2::{Compression, write::GzEncoder};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::fetch::{Exchange, Fetched};

/// What a file conforms to, as its first record says.
const CONFORMS_TO: &str = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/";

/// Writes records. What it has written so far is whole at any time.
pub(super) struct WarcWriter<W: Write> {
    out: W,
    /// The file's name, which with the number of a record makes its id its own.
    name: String,
    written: u64,
}

impl<W: Write> WarcWriter<W> {
    /// Begins a file of this name with the record that tells of it.
    pub(super) fn begin(out: W, name: &str, agent: &str, at: Timestamp) -> io::Result<Self> {
        let mut warc = Self { out, name: name.to_owned(), written: 0 };
        let block = format!(
            "software: Onrecord/{}\r\nformat: WARC File Format 1.1\r\nconformsTo: {CONFORMS_TO}\r\nrobots: obey\r\nhttp-header-user-agent: {agent}\r\n",
            env!("CARGO_PKG_VERSION")
        );
        let id = warc.id(block.as_bytes());
        let headers = [("WARC-Filename", name), ("Content-Type", "application/warc-fields")];
        warc.record("warcinfo", &id, at, &headers, block.as_bytes())?;
        Ok(warc)
    }

    /// Writes a page, and all that was asked and answered on the way there.
    pub(super) fn page(&mut self, fetched: &Fetched, at: Timestamp) -> io::Result<()> {
        fetched.exchanges.iter().try_for_each(|exchange| self.exchange(exchange, at))
    }

    fn exchange(&mut self, exchange: &Exchange, at: Timestamp) -> io::Result<()> {
        let target = exchange.url.as_str();
        let answer = answer(exchange);
        let id = self.id(&answer);
        let digest = digest(&exchange.sent);
        let headers = [
            ("WARC-Target-URI", target),
            ("WARC-Payload-Digest", &digest),
            ("Content-Type", "application/http; msgtype=response"),
        ];
        self.record("response", &id, at, &headers, &answer)?;
        let request = request(exchange);
        let own = self.id(&request);
        let headers = [
            ("WARC-Target-URI", target),
            ("WARC-Concurrent-To", &id),
            ("Content-Type", "application/http; msgtype=request"),
        ];
        self.record("request", &own, at, &headers, &request)
    }

    fn record(
        &mut self,
        kind: &str,
        id: &str,
        at: Timestamp,
        headers: &[(&str, &str)],
        block: &[u8],
    ) -> io::Result<()> {
        let mut member = GzEncoder::new(&mut self.out, Compression::default());
        let date = at.strftime("%Y-%m-%dT%H:%M:%SZ");
        write!(member, "WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: {id}\r\nWARC-Date: {date}\r\n")?;
        for (name, value) in headers {
            write!(member, "{name}: {value}\r\n")?;
        }
        write!(member, "WARC-Block-Digest: {}\r\nContent-Length: {}\r\n\r\n", digest(block), block.len())?;
        member.write_all(block)?;
        member.write_all(b"\r\n\r\n")?;
        member.finish()?;
        self.written += 1;
        Ok(())
    }

    /// An id for the next record: a UUID of version 8 (RFC 9562) out of the file's name, its place and its content.
    fn id(&self, block: &[u8]) -> String {
        let mut hasher = Sha256::new();
        hasher.update(format!("{}\n{}\n", self.name, self.written));
        hasher.update(block);
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(hasher.finalize()).for_each(|(byte, of_hash)| *byte = of_hash);
        bytes[6] = bytes[6] & 0x0f | 0x80;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let (first, rest) = digits.split_at(8);
        let (second, rest) = rest.split_at(4);
        let (third, rest) = rest.split_at(4);
        let (fourth, fifth) = rest.split_at(4);
        format!("<urn:uuid:{first}-{second}-{third}-{fourth}-{fifth}>")
    }

    /// What was written to.
    pub(super) fn into_inner(self) -> W {
        self.out
    }
}

/// An answer as it was sent, but for how the connection parted it.
fn answer(exchange: &Exchange) -> Vec<u8> {
    let mut answer = format!("HTTP/1.1 {} {}\r\n", exchange.status, exchange.reason).into_bytes();
    for (name, value) in &exchange.headers {
        // The pieces were put together, so that a reader mustn't look for them.
        let before: &[u8] = if name == "transfer-encoding" { b"x-archive-orig-" } else { b"" };
        answer.extend([before, name.as_bytes(), b": ", value, b"\r\n"].concat());
    }
    answer.extend(b"\r\n");
    answer.extend(&exchange.sent);
    answer
}

fn request(exchange: &Exchange) -> Vec<u8> {
    let path = &exchange.url[url::Position::BeforePath..url::Position::AfterQuery];
    let headers = exchange.asked.iter().map(|(name, value)| format!("{name}: {value}\r\n"));
    format!("GET {path} HTTP/1.1\r\n{}\r\n", headers.collect::<String>()).into_bytes()
}

/// A digest as web archives label it: SHA-256 in base 32.
fn digest(content: &[u8]) -> String {
    format!("sha256:{}", base_32(&Sha256::digest(content)))
}

/// RFC 4648, section 6.
fn base_32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut out = String::new();
    for five in bytes.chunks(5) {
        let mut bits = [0; 8];
        bits[3..3 + five.len()].copy_from_slice(five);
        let number = u64::from_be_bytes(bits);
        for place in 0..8 {
            let letter = LETTERS[(number >> (35 - 5 * place) & 31) as usize];
            out.push(if place * 5 < five.len() * 8 { char::from(letter) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_written_in_base_32() {
        for (text, written) in [
            ("", ""),
            ("f", "MY======"),
            ("fo", "MZXQ===="),
            ("foo", "MZXW6==="),
            ("foob", "MZXW6YQ="),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI======"),
        ] {
            assert_eq!(base_32(text.as_bytes()), written);
        }
    }
}
