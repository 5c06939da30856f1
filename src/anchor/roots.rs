//! The certificates that time stamps are trusted by.

use std::path::Path;

use rustls_pki_types::{CertificateDer, TrustAnchor, pem::PemObject};
use webpki::anchor_from_trusted_cert;

use super::AnchorError;
use crate::files::{self, MIB};

/// The largest file of certificates, in bytes. The limit is ours: a system's whole list has a quarter of it.
const LARGEST: u64 = MIB;

/// The certificates of those who say which authorities are real. The system's are of no use: they are for web servers.
#[derive(Debug)]
pub struct Roots(Vec<TrustAnchor<'static>>);

impl Roots {
    /// Reads a file of certificates in PEM.
    ///
    /// # Errors
    /// When there is none in it, or one can't be read.
    pub fn read(file: &Path) -> Result<Self, AnchorError> {
        let failed = |reason: String| AnchorError::Roots { file: file.to_owned(), reason };
        let text = files::read(file, LARGEST).map_err(|error| failed(format!("the file {error}")))?;
        let mut roots = Vec::new();
        for certificate in CertificateDer::pem_slice_iter(&text) {
            let certificate = certificate.map_err(|error| failed(error.to_string()))?;
            let root = anchor_from_trusted_cert(&certificate).map_err(|error| failed(error.to_string()))?;
            roots.push(root.to_owned());
        }
        if roots.is_empty() { Err(failed("there is none in it".to_owned())) } else { Ok(Self(roots)) }
    }

    /// Nobody.
    #[cfg(any(test, fuzzing))]
    pub(super) const fn none() -> Self {
        Self(Vec::new())
    }

    pub(super) fn all(&self) -> &[TrustAnchor<'static>] {
        &self.0
    }
}
