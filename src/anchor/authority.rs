//! Asking an authority for a time stamp, over HTTP (RFC 3161, section 3.4).

use std::time::Duration;

use der::{
    Encode, Sequence,
    asn1::{Int, OctetString},
};
use reqwest::{Client, Url, header, redirect::Policy};
use sha2::{Digest, Sha256};

use super::{
    AnchorError,
    folder::LARGEST,
    roots::Roots,
    text::Stamped,
    token::{self, MessageImprint, Stamp},
};

/// How long an authority may take. Most answer within a second.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What is asked for (RFC 3161, section 2.4.1), without the parts that we never give.
#[derive(Sequence)]
struct TimeStampReq {
    version: u8,
    message_imprint: MessageImprint,
    nonce: Int,
    cert_req: bool,
}

/// An authority that gives time stamps.
#[derive(Debug)]
pub struct StampAuthority {
    address: Url,
    patience: Duration,
}

impl StampAuthority {
    /// The authority at this address.
    #[must_use]
    pub const fn at(address: Url) -> Self {
        Self { address, patience: TIMEOUT }
    }

    /// The same, with another time to answer in.
    #[must_use]
    pub fn within(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Asks for a time stamp, and checks it. Gives what it says, and the answer as it came.
    ///
    /// # Errors
    /// When there is none, or it can't be relied on.
    pub fn stamp(&self, stamped: &Stamped, roots: &Roots) -> Result<(Stamp, Vec<u8>), AnchorError> {
        let text = stamped.text();
        let mut nonce = [0; 16];
        getrandom::fill(&mut nonce).map_err(|error| AnchorError::Random(error.to_string()))?;
        // Positive, and of one form: its first byte is neither zero nor has it the highest bit.
        nonce[0] = nonce[0] & 0x3f | 0x40;
        let wrong = |source| AnchorError::Token { address: self.name(), source };
        let question = question(&text, &nonce).map_err(|error| wrong(error.into()))?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let reply = runtime.map_err(|error| self.unreachable(&error))?.block_on(self.ask(question))?;
        let stamp = token::check(&reply, text.as_bytes(), Some(&nonce), roots).map_err(wrong)?;
        Ok((stamp, reply))
    }

    async fn ask(&self, question: Vec<u8>) -> Result<Vec<u8>, AnchorError> {
        // A stamp is signed, whoever carries it; where a redirection leads nobody has looked at.
        let client = Client::builder().timeout(self.patience).redirect(Policy::none()).build();
        let request = client.map_err(|error| self.unreachable(&error))?.post(self.address.clone());
        let request = request
            .header(header::CONTENT_TYPE, "application/timestamp-query")
            .header(header::ACCEPT, "application/timestamp-reply")
            .body(question);
        let mut response = request.send().await.map_err(|error| self.unreachable(&error))?;
        if !response.status().is_success() {
            return Err(self.no_answer(format!("with the status {}", response.status())));
        }
        let mut reply = Vec::new();
        while let Some(part) = response.chunk().await.map_err(|error| self.unreachable(&error))? {
            reply.extend_from_slice(&part);
            if reply.len() as u64 > LARGEST {
                return Err(self.no_answer(format!("more than {LARGEST} bytes")));
            }
        }
        Ok(reply)
    }

    /// Its address without what may be secret in it.
    fn name(&self) -> String {
        let host = self.address.host_str().unwrap_or_default();
        let port = self.address.port().map(|port| format!(":{port}")).unwrap_or_default();
        format!("{}://{host}{port}{}", self.address.scheme(), self.address.path())
    }

    fn no_answer(&self, what: String) -> AnchorError {
        AnchorError::NoAnswer { address: self.name(), what }
    }

    fn unreachable(&self, error: &dyn std::error::Error) -> AnchorError {
        let mut reason = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            reason = cause.to_string();
            source = cause.source();
        }
        AnchorError::Unreachable { address: self.name(), reason }
    }
}

fn question(text: &str, nonce: &[u8]) -> der::Result<Vec<u8>> {
    let message_imprint = MessageImprint {
        hash_algorithm: token::algorithm(token::SHA_256),
        hashed_message: OctetString::new(Sha256::digest(text.as_bytes()).to_vec())?,
    };
    TimeStampReq { version: 1, message_imprint, nonce: Int::new(nonce)?, cert_req: true }.to_der()
}
