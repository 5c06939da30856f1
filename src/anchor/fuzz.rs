//! What an authority answers, and what lies in the folder of time stamps, as a fuzz target.

use super::{Roots, Stamped, TokenError, token};

/// What the corpus' time stamps are over.
const TEXT: &str = "The last hashes of a history kept by Onrecord\n\
    approved changes: 0 0000000000000000000000000000000000000000000000000000000000000000\n\
    administrative acts: 0 0000000000000000000000000000000000000000000000000000000000000000\n";

/// Time stamps of whatever makers, and the texts that they are over: where nobody is trusted none is believed, however
/// right it is otherwise; and a text is read only as it would be written.
pub fn fuzz(data: &[u8]) {
    let found = token::check(data, TEXT.as_bytes(), None, &Roots::none());
    assert!(found.is_err(), "{found:?}");
    if let Some((text, stamped)) = std::str::from_utf8(data).ok().and_then(|text| Some((text, Stamped::read(text)?))) {
        assert_eq!(stamped.text(), text);
    }
}

#[test]
fn the_corpus_goes_as_far_as_trust() {
    let of = |name: &str| {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/stamp").join(name);
        token::check(&std::fs::read(file).unwrap(), TEXT.as_bytes(), None, &Roots::none()).unwrap_err()
    };
    assert!(matches!(of("granted"), TokenError::Untrusted(_)), "{:?}", of("granted"));
    // Its certificate is named by SHA-1, as older authorities do.
    assert!(matches!(of("first"), TokenError::Untrusted(_)), "{:?}", of("first"));
    assert!(matches!(of("refused"), TokenError::Refused { status: 2, .. }));
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/stamp/text");
    assert_eq!(std::fs::read_to_string(file).unwrap(), TEXT);
}
