//! A model's file, and the texts that a model is given, as fuzz targets.

use std::sync::LazyLock;

use super::{bytes::ModelBytes, encoder::Encoder, model_file, tiny, tokens::Tokenizer};
use crate::meaning::ModelFault;

static TINY: LazyLock<(Tokenizer, Encoder)> =
    LazyLock::new(|| open(tiny::file()).unwrap_or_else(|fault| panic!("{fault}")));

fn open(file: Vec<u8>) -> Result<(Tokenizer, Encoder), ModelFault> {
    let (vocabulary, file) = model_file::read(ModelBytes::Memory(file))?;
    Ok((Tokenizer::new(vocabulary)?, Encoder::read(file)?))
}

/// A file of whatever content: what is taken for a model places a text, or says why it can't. The bytes are a file, or
/// changes of one that is whole, in sixes: a place in it and what stands there instead.
pub fn fuzz_model_file(data: &[u8]) {
    try_out(data.to_vec());
    let mut file = tiny::file();
    for change in data.as_chunks::<6>().0 {
        let at = usize::from(u16::from_le_bytes([change[0], change[1]])) % file.len();
        for (byte, &other) in file[at..].iter_mut().zip(&change[2..]) {
            *byte = other;
        }
    }
    try_out(file);
}

fn try_out(file: Vec<u8>) {
    let Ok((tokenizer, encoder)) = open(file) else { return };
    let tokens = tokenizer.tokens("query: ", "the abc", encoder.most_tokens());
    if let Ok(vector) = encoder.vector(&tokens) {
        is_of_length_one(&vector);
    }
}

/// Texts of whatever characters: so many tokens, no more, that begin and end as they should and stand in the table.
pub fn fuzz_text(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (tokenizer, encoder) = &*TINY;
    for most in [3, tiny::POSITIONS, 100_000] {
        let tokens = tokenizer.tokens("passage: ", &text, most);
        assert!((3..=most).contains(&tokens.len()), "{tokens:?}");
        assert_eq!((tokens.first(), tokens.last()), (Some(&0), Some(&2)));
        assert!(tokens[1..tokens.len() - 1].iter().all(|token| (3..24).contains(token)), "{tokens:?}");
    }
    let vector = encoder.vector(&tokenizer.tokens("passage: ", &text, tiny::POSITIONS));
    is_of_length_one(&vector.unwrap_or_else(|fault| panic!("{fault}")));
}

fn is_of_length_one(vector: &[f32]) {
    assert_eq!(vector.len(), vector.len() / 32 * 32);
    let length: f64 = vector.iter().map(|&number| f64::from(number) * f64::from(number)).sum();
    assert!((length - 1.0).abs() < 1e-3, "{length}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_ends_anywhere_else_is_no_model() {
        let whole = tiny::file();
        open(whole.clone()).unwrap();
        for end in (0..4000).chain((4000..whole.len()).step_by(101)) {
            let fault = open(whole[..end].to_vec()).unwrap_err().to_string();
            assert!(fault.starts_with("is "), "{end}: {fault}");
        }
    }

    #[test]
    fn no_change_of_a_byte_makes_it_fail_otherwise_than_in_a_sentence() {
        let whole = tiny::file();
        // Every byte of the shape and the beginning of the vocabulary, some of the rest.
        for at in (0..300).chain((300..4000).step_by(7)).chain((4000..whole.len()).step_by(401)) {
            for other in [0, 1, 0x7f, 0x80, 0xff] {
                let mut file = whole.clone();
                file[at] = other;
                try_out(file);
            }
        }
    }
}
