//! Checking a time stamp without asking anyone (RFC 3161; RFC 5652 for the signature, RFC 5816 for the signer's
//! certificate): what it is over, who signed it, and that someone whom we trust says who that is.
//!
//! Certificates are held to the time of the stamp: that an authority's certificate runs out later takes nothing from what
//! it signed before. Whether a certificate was revoked isn't asked.

use std::time::Duration;

use cms::{
    cert::{CertificateChoices, x509::Certificate},
    content_info::ContentInfo,
    signed_data::{SignedData, SignerIdentifier, SignerInfo},
};
use der::{
    Any, Decode, Encode, Sequence, Tag, Tagged,
    asn1::{BitString, Int, ObjectIdentifier, OctetString, Utf8StringRef},
};
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, UnixTime};
use sha2::{Digest, Sha256, Sha384, Sha512};
use webpki::{EndEntityCert, KeyUsage, ring};

use super::roots::Roots;

type AlgorithmIdentifier = cms::cert::x509::spki::AlgorithmIdentifierOwned;

pub(super) const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.12");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
const SUBJECT_KEY_IDENTIFIER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.14");

/// What an authority's certificate must be for: time stamping (1.3.6.1.5.5.7.3.8).
const TIME_STAMPING: KeyUsage = KeyUsage::required(&[0x2b, 6, 1, 5, 5, 7, 3, 8]);

/// What a time stamp says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// When the text was there.
    pub at: Timestamp,
    /// Who says so: the subject of the authority's certificate.
    pub by: String,
}

/// Why a time stamp can't be relied on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It is no time stamp.
    #[error("it is no RFC 3161 time stamp ({0})")]
    Unreadable(String),
    /// The authority gives none.
    #[error("the authority refuses (status {status}{said})")]
    Refused {
        /// The status (RFC 3161, PKIStatus).
        status: u8,
        /// What it says about it.
        said: String,
    },
    /// It is over something else.
    #[error("it is over another text")]
    Imprint,
    /// It answers another question.
    #[error("it answers another question (the nonce differs)")]
    Nonce,
    /// The authority's certificate isn't in it, or isn't the one that it names.
    #[error("the certificate that it was signed with is not in it")]
    Certificate,
    /// The signature isn't over what it says.
    #[error("its signature is not right")]
    Signature,
    /// Nobody who is trusted says who signed it.
    #[error("its authority is not one of ONRECORD_TSA_CA ({0})")]
    Untrusted(String),
}

impl From<der::Error> for TokenError {
    fn from(error: der::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(super) struct MessageImprint {
    pub(super) hash_algorithm: AlgorithmIdentifier,
    pub(super) hashed_message: OctetString,
}

#[derive(Sequence)]
struct TimeStampResp<'a> {
    status: PkiStatusInfo<'a>,
    #[asn1(optional = "true")]
    time_stamp_token: Option<ContentInfo>,
}

#[derive(Sequence)]
struct PkiStatusInfo<'a> {
    status: u8,
    #[asn1(optional = "true")]
    status_string: Option<Vec<Utf8StringRef<'a>>>,
    #[asn1(optional = "true")]
    fail_info: Option<BitString>,
}

#[derive(Sequence)]
struct TstInfo {
    version: u8,
    policy: ObjectIdentifier,
    message_imprint: MessageImprint,
    serial_number: Int,
    /// With or without parts of a second, which not every reader of ASN.1 takes.
    gen_time: Any,
    #[asn1(optional = "true")]
    accuracy: Option<Accuracy>,
    #[asn1(default = "Default::default")]
    ordering: bool,
    #[asn1(optional = "true")]
    nonce: Option<Int>,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    tsa: Option<Any>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    extensions: Option<cms::cert::x509::ext::Extensions>,
}

#[derive(Sequence)]
struct Accuracy {
    #[asn1(optional = "true")]
    seconds: Option<Int>,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    millis: Option<Int>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    micros: Option<Int>,
}

/// SigningCertificate of RFC 2634 and SigningCertificateV2 of RFC 5035: in the first the hash is SHA-1, in the second the
/// one that is named, or SHA-256.
#[derive(Sequence)]
struct SigningCertificate {
    certs: Vec<EssCertId>,
    #[asn1(optional = "true")]
    policies: Option<Vec<Any>>,
}

#[derive(Sequence)]
struct EssCertId {
    #[asn1(optional = "true")]
    hash_algorithm: Option<AlgorithmIdentifier>,
    cert_hash: OctetString,
    #[asn1(optional = "true")]
    issuer_serial: Option<Any>,
}

pub(super) const fn algorithm(oid: ObjectIdentifier) -> AlgorithmIdentifier {
    AlgorithmIdentifier { oid, parameters: None }
}

/// Checks an authority's answer: that it stamps this text, answers the question with this nonce, if one was asked just
/// now, and was signed by an authority that is trusted.
pub(super) fn check(reply: &[u8], text: &[u8], nonce: Option<&[u8]>, roots: &Roots) -> Result<Stamp, TokenError> {
    let reply = TimeStampResp::from_der(reply)?;
    // Granted, or granted with modifications.
    let token = match (reply.status.status, reply.time_stamp_token) {
        (0 | 1, Some(token)) => token,
        (status, _) => return Err(refused(status, &reply.status.status_string.unwrap_or_default())),
    };
    if token.content_type != SIGNED_DATA {
        return Err(TokenError::Unreadable("its content is not signed".to_owned()));
    }
    let signed: SignedData = token.content.decode_as()?;
    let content = match signed.encap_content_info.econtent {
        Some(content) if signed.encap_content_info.econtent_type == TST_INFO => content,
        _ => return Err(TokenError::Unreadable("what is signed is no time".to_owned())),
    };
    let info = TstInfo::from_der(content.value())?;
    let imprint = &info.message_imprint;
    if digest(imprint.hash_algorithm.oid, text).as_deref() != Some(imprint.hashed_message.as_bytes()) {
        return Err(TokenError::Imprint);
    }
    if let Some(asked) = nonce
        && info.nonce.as_ref().map(Int::as_bytes) != Some(asked)
    {
        return Err(TokenError::Nonce);
    }
    let at = time(&info.gen_time)?;
    let [signer] = signed.signer_infos.0.as_slice() else {
        return Err(TokenError::Unreadable("it has not one signer".to_owned()));
    };
    let certificates: Vec<Certificate> = signed
        .certificates
        .iter()
        .flat_map(|all| all.0.iter())
        .filter_map(|choice| match choice {
            CertificateChoices::Certificate(certificate) => Some(certificate.clone()),
            CertificateChoices::Other(_) => None,
        })
        .collect();
    let own = certificates.iter().find(|one| is_of(one, &signer.sid)).ok_or(TokenError::Certificate)?;
    let mut chain = Vec::new();
    for certificate in certificates.iter().filter(|one| *one != own) {
        chain.push(CertificateDer::from(certificate.to_der()?));
    }
    let certificate = CertificateDer::from(own.to_der()?);
    check_signature(signer, content.value(), &certificate)?;
    check_trust(&certificate, &chain, at, roots)?;
    let by: String = own.tbs_certificate.subject.to_string();
    Ok(Stamp { at, by: by.chars().filter(|&character| !crate::model::is_invisible(character)).collect() })
}

fn refused(status: u8, said: &[Utf8StringRef<'_>]) -> TokenError {
    let said: Vec<&str> = said.iter().map(|line| line.as_str()).collect();
    let said = if said.is_empty() { String::new() } else { format!(": {}", said.join(" ")) };
    TokenError::Refused { status, said }
}

/// That the signature is over these attributes, and they are over this content and name this certificate.
fn check_signature(signer: &SignerInfo, content: &[u8], certificate: &CertificateDer<'_>) -> Result<(), TokenError> {
    let attributes = signer.signed_attrs.as_ref().ok_or(TokenError::Signature)?;
    let value = |oid: ObjectIdentifier| -> Option<&Any> {
        let mut found = attributes.iter().filter(|attribute| attribute.oid == oid);
        match (found.next(), found.next()) {
            (Some(attribute), None) if attribute.values.len() == 1 => attribute.values.get(0),
            _ => None,
        }
    };
    let content_type: Option<ObjectIdentifier> = value(CONTENT_TYPE).and_then(|value| value.decode_as().ok());
    let message_digest: Option<OctetString> = value(MESSAGE_DIGEST).and_then(|value| value.decode_as().ok());
    let computed = digest(signer.digest_alg.oid, content).ok_or(TokenError::Signature)?;
    let is_of_content = message_digest.is_some_and(|digest| digest.as_bytes() == computed);
    if content_type != Some(TST_INFO) || !is_of_content {
        return Err(TokenError::Signature);
    }
    let named = match (value(SIGNING_CERTIFICATE_V2), value(SIGNING_CERTIFICATE)) {
        (Some(named), _) | (None, Some(named)) => named.decode_as::<SigningCertificate>()?,
        (None, None) => return Err(TokenError::Certificate),
    };
    let is_first_version = value(SIGNING_CERTIFICATE_V2).is_none();
    let is_named = named.certs.first().is_some_and(|first| {
        let hash = match &first.hash_algorithm {
            None if is_first_version => Some(sha1_of(certificate)),
            None => digest(SHA_256, certificate),
            Some(algorithm) => digest(algorithm.oid, certificate),
        };
        hash.as_deref() == Some(first.cert_hash.as_bytes())
    });
    if !is_named {
        return Err(TokenError::Certificate);
    }
    // What is signed are the attributes as a set, whatever they are tagged with in the message (RFC 5652, section 5.4).
    let signed = attributes.to_der()?;
    let key = EndEntityCert::try_from(certificate).map_err(|error| TokenError::Untrusted(error.to_string()))?;
    let is_signed = algorithms(signer.digest_alg.oid)
        .into_iter()
        .any(|algorithm| key.verify_signature(algorithm, &signed, signer.signature.as_bytes()).is_ok());
    if is_signed { Ok(()) } else { Err(TokenError::Signature) }
}

/// That someone who is trusted says, for this time, that the certificate is an authority's.
fn check_trust(
    certificate: &CertificateDer<'_>,
    chain: &[CertificateDer<'_>],
    at: Timestamp,
    roots: &Roots,
) -> Result<(), TokenError> {
    let untrusted = |error: webpki::Error| TokenError::Untrusted(error.to_string());
    let end = EndEntityCert::try_from(certificate).map_err(untrusted)?;
    let seconds = u64::try_from(at.as_second()).unwrap_or_default();
    let time = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
    end.verify_for_usage(webpki::ALL_VERIFICATION_ALGS, roots.all(), chain, time, TIME_STAMPING, None, None)
        .map(|_| ())
        .map_err(untrusted)
}

/// The ways of signing with such a digest.
fn algorithms(digest: ObjectIdentifier) -> Vec<&'static dyn SignatureVerificationAlgorithm> {
    match digest {
        SHA_256 => vec![
            ring::RSA_PKCS1_2048_8192_SHA256,
            ring::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
            ring::ECDSA_P256_SHA256,
            ring::ECDSA_P384_SHA256,
        ],
        SHA_384 => vec![
            ring::RSA_PKCS1_2048_8192_SHA384,
            ring::RSA_PSS_2048_8192_SHA384_LEGACY_KEY,
            ring::ECDSA_P256_SHA384,
            ring::ECDSA_P384_SHA384,
        ],
        SHA_512 => vec![ring::RSA_PKCS1_2048_8192_SHA512, ring::RSA_PSS_2048_8192_SHA512_LEGACY_KEY, ring::ED25519],
        _ => Vec::new(),
    }
}

/// The digest of some content; `None` for kinds that aren't trusted any more, or aren't known.
fn digest(oid: ObjectIdentifier, content: &[u8]) -> Option<Vec<u8>> {
    match oid {
        SHA_256 => Some(Sha256::digest(content).to_vec()),
        SHA_384 => Some(Sha384::digest(content).to_vec()),
        SHA_512 => Some(Sha512::digest(content).to_vec()),
        _ => None,
    }
}

/// SHA-1, which names a certificate in the older form of an attribute; nothing else here rests on it.
fn sha1_of(certificate: &[u8]) -> Vec<u8> {
    use sha1::Digest as _;
    sha1::Sha1::digest(certificate).to_vec()
}

/// Whether a certificate is the one that a signer is named by.
fn is_of(certificate: &Certificate, signer: &SignerIdentifier) -> bool {
    let certificate = &certificate.tbs_certificate;
    match signer {
        SignerIdentifier::IssuerAndSerialNumber(named) => {
            certificate.issuer == named.issuer && certificate.serial_number == named.serial_number
        }
        SignerIdentifier::SubjectKeyIdentifier(named) => named.to_der().is_ok_and(|named| {
            let extensions = certificate.extensions.iter().flatten();
            extensions
                .filter(|extension| extension.extn_id == SUBJECT_KEY_IDENTIFIER)
                .any(|extension| extension.extn_value.as_bytes() == named)
        }),
    }
}

/// A GeneralizedTime in UTC, to the second.
fn time(value: &Any) -> Result<Timestamp, TokenError> {
    let unreadable = || TokenError::Unreadable("its time can't be read".to_owned());
    let text = std::str::from_utf8(value.value()).map_err(|_| unreadable())?;
    let (whole, rest) = text.split_at_checked(14).ok_or_else(unreadable)?;
    let fraction = rest.strip_suffix('Z').ok_or_else(unreadable)?;
    let is_fraction =
        fraction.strip_prefix('.').is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_digit()));
    if value.tag() != Tag::GeneralizedTime || !(fraction.is_empty() || is_fraction) {
        return Err(unreadable());
    }
    let read = DateTime::strptime("%Y%m%d%H%M%S", whole).map_err(|_| unreadable())?;
    TimeZone::UTC.to_timestamp(read).map_err(|_| unreadable())
}
