//! Texts as the model's tokens: the likeliest way to put a text together from the pieces of its vocabulary (a
//! SentencePiece unigram, found by Viterbi).

use std::collections::HashMap;

use fst::raw::{Fst, Output};
use unicode_normalization::UnicodeNormalization;

use super::model_file::{Vocabulary, damaged};
use crate::meaning::ModelFault;

/// What stands for a space in pieces.
const SPACE: char = '\u{2581}';

/// How much less likely than the least likely piece a character is that none has.
const UNKNOWN_PENALTY: f32 = 10.0;

/// Where no way leads.
const NOWHERE: f32 = -1e30;

/// Makes tokens of texts.
pub(super) struct Tokenizer {
    /// The pieces, each with its token.
    pieces: Fst<Vec<u8>>,
    scores: Vec<f32>,
    begin: u32,
    end: u32,
    unknown: u32,
    unknown_score: f32,
    longest: usize,
    mapped: HashMap<char, Box<[char]>>,
}

/// The best way to a place in a text: its score, the token it ends with, and where that begins.
#[derive(Clone, Copy)]
struct Way {
    score: f32,
    token: u32,
    from: usize,
}

impl std::fmt::Debug for Tokenizer {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Tokenizer").field("pieces", &self.pieces.len()).finish_non_exhaustive()
    }
}

impl Tokenizer {
    /// # Errors
    /// When the pieces can't be put in order.
    pub(super) fn new(vocabulary: Vocabulary) -> Result<Self, ModelFault> {
        let Vocabulary { offsets, scores, text, begin, end, unknown, mapped } = vocabulary;
        let piece = |token: u32| {
            let token = token as usize;
            &text[offsets[token] as usize..offsets[token + 1] as usize]
        };
        // A piece of certain likelihood is none of text, but marks the beginning, the end, or a gap.
        let mut ordered: Vec<u32> = (0..)
            .zip(&scores)
            .filter(|&(token, &score)| score < 0.0 && !piece(token).is_empty())
            .map(|(token, _)| token)
            .collect();
        ordered.sort_by(|&one, &other| piece(one).cmp(piece(other)));
        ordered.dedup_by(|one, other| piece(*one) == piece(*other));
        let longest = ordered.iter().map(|&token| piece(token).len()).max().unwrap_or(0);
        let keyed = ordered.iter().map(|&token| (piece(token), u64::from(token)));
        let pieces = Fst::from_iter_map(keyed).map_err(|_| damaged("its vocabulary doesn't fit"))?;
        let unknown_score = scores.iter().copied().fold(f32::INFINITY, f32::min) - UNKNOWN_PENALTY;
        Ok(Self { pieces, scores, begin, end, unknown, unknown_score, longest, mapped })
    }

    /// The tokens of a text with something before it, and the marks of its beginning and end: `most` at most, the first
    /// ones.
    pub(super) fn tokens(&self, before: &str, text: &str, most: usize) -> Vec<u32> {
        let (text, starts) = self.normalised(before.chars().chain(text.chars()), most);
        let ways = self.ways(&text, &starts);
        let mut tokens = vec![self.end];
        let mut at = ways.len() - 1;
        while at > 0 {
            tokens.push(ways[at].token);
            at = ways[at].from;
        }
        tokens.push(self.begin);
        tokens.reverse();
        if tokens.len() > most {
            tokens.truncate(most - 1);
            tokens.push(self.end);
        }
        tokens
    }

    /// A text as pieces have it, and where each character begins in it, and the text ends: characters mapped as the file
    /// says, what is written in parts put together, and one sign for any space. No more of a long text than `most` tokens
    /// can hold.
    fn normalised(&self, text: impl Iterator<Item = char>, most: usize) -> (String, Vec<usize>) {
        let (mut normal, mut starts) = (String::from(SPACE), vec![0]);
        let limit = self.longest.saturating_mul(most);
        let mut after_space = true;
        for character in text.flat_map(|it| Mapped::of(&self.mapped, it)).nfc() {
            if character == ' ' && after_space {
                continue;
            }
            if normal.len() > limit {
                break;
            }
            after_space = character == ' ';
            starts.push(normal.len());
            normal.push(if after_space { SPACE } else { character });
        }
        if after_space && starts.len() > 1 {
            normal.truncate(starts.pop().unwrap_or_default());
        }
        starts.push(normal.len());
        (normal, starts)
    }

    fn ways(&self, text: &str, starts: &[usize]) -> Vec<Way> {
        let nowhere = Way { score: NOWHERE, token: self.unknown, from: 0 };
        let mut ways = vec![nowhere; starts.len()];
        ways[0].score = 0.0;
        for from in 0..starts.len() - 1 {
            let score = ways[from].score;
            let mut better = |to: usize, token: u32, score: f32| {
                if score > ways[to].score {
                    ways[to] = Way { score, token, from };
                }
            };
            let (mut node, mut output) = (self.pieces.root(), Output::zero());
            let mut to = from + 1;
            for (at, &byte) in text.as_bytes()[starts[from]..].iter().enumerate() {
                let Some(next) = node.find_input(byte) else {
                    break;
                };
                let transition = node.transition(next);
                output = output.cat(transition.out);
                node = self.pieces.node(transition.addr);
                if starts[from] + at + 1 != starts[to] {
                    continue;
                }
                if node.is_final() {
                    let token = u32::try_from(output.cat(node.final_output()).value()).unwrap_or(self.unknown);
                    better(to, token, score + self.scores[token as usize]);
                }
                to += 1;
            }
            better(from + 1, self.unknown, score + self.unknown_score);
        }
        ways
    }
}

/// What one character becomes.
enum Mapped<'a> {
    Itself(Option<char>),
    Others(std::slice::Iter<'a, char>),
}

impl<'a> Mapped<'a> {
    fn of(mapped: &'a HashMap<char, Box<[char]>>, character: char) -> Self {
        mapped.get(&character).map_or(Self::Itself(Some(character)), |others| Self::Others(others.iter()))
    }
}

impl Iterator for Mapped<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        match self {
            Self::Itself(character) => character.take(),
            Self::Others(others) => others.next().copied(),
        }
    }
}
