//! A model of two layers with made-up weights, as a file: for tests and fuzzing, which would not get through a real one.

/// How many numbers its vectors have, and how many tokens it takes.
pub(super) const HIDDEN: usize = 32;
pub(super) const POSITIONS: usize = 16;

const LAYERS: u32 = 2;
const HEADS: u32 = 2;
const INNER: usize = 64;
const ROWS: usize = 50;
const TYPES: usize = 2;

const PIECES: [&str; 24] = [
    "<s>", "<pad>", "</s>", "<unk>", "▁", "a", "b", "c", "d", "e", "▁a", "▁ab", "ab", "abc", "▁the", "ö", "字", "▁字",
    "query", ":", "passage", "😀", "cd", "de",
];

/// Numbers that look like chance and are the same each time.
struct Chance(u32);

impl Chance {
    fn next(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        self.0 >> 8
    }

    /// Between -1 and 1.
    fn float(&mut self) -> f32 {
        self.next() as f32 / (1 << 23) as f32 - 1.0
    }
}

/// The file.
pub(super) fn file() -> Vec<u8> {
    let mut chance = Chance(7);
    let mut out = b"E5S1".to_vec();
    let numbers = [1, HIDDEN as u32, LAYERS, HEADS, INNER as u32, ROWS as u32, POSITIONS as u32, TYPES as u32];
    numbers.iter().for_each(|number| word(&mut out, *number));
    word(&mut out, 1e-12_f32.to_bits());
    [32, PIECES.len() as u32, 0, 2, 1, 3].iter().for_each(|number| word(&mut out, *number));
    let text = PIECES.concat();
    out.extend_from_slice(&(text.len() as u64).to_le_bytes());
    let mut offset = 0;
    word(&mut out, offset);
    for piece in PIECES {
        offset += piece.len() as u32;
        word(&mut out, offset);
    }
    for (at, piece) in PIECES.iter().enumerate() {
        let score = if at < 4 { 0.0 } else { -6.0 - at as f32 / 10.0 + piece.chars().count() as f32 };
        word(&mut out, score.to_bits());
    }
    out.extend_from_slice(text.as_bytes());
    // A tab is a space, a capital a small letter, and a ligature two letters.
    let mapped = [('\t', vec![' ']), ('A', vec!['a']), ('\u{200d}', vec![]), ('ﬁ', vec!['d', 'e'])];
    let mut table = Vec::new();
    for (from, into) in &mapped {
        word(&mut table, u32::from(*from));
        table.push(into.len() as u8);
        into.iter().for_each(|into| word(&mut table, u32::from(*into)));
    }
    word(&mut out, mapped.len() as u32);
    word(&mut out, table.len() as u32);
    out.extend_from_slice(&table);
    tensors(&mut out, &mut chance);
    out
}

fn tensors(out: &mut Vec<u8>, chance: &mut Chance) {
    let mut tensors: Vec<(String, bool, usize)> = vec![
        ("emb.word".to_owned(), true, ROWS * HIDDEN),
        ("emb.pos".to_owned(), false, POSITIONS * HIDDEN),
        ("emb.type".to_owned(), false, TYPES * HIDDEN),
        ("emb.ln.w".to_owned(), false, HIDDEN),
        ("emb.ln.b".to_owned(), false, HIDDEN),
    ];
    for layer in 0..LAYERS {
        for (name, outputs, inputs) in [
            ("q", HIDDEN, HIDDEN),
            ("k", HIDDEN, HIDDEN),
            ("v", HIDDEN, HIDDEN),
            ("ao", HIDDEN, HIDDEN),
            ("fi", INNER, HIDDEN),
            ("fo", HIDDEN, INNER),
        ] {
            tensors.push((format!("l{layer}.{name}.w"), true, outputs * inputs));
            tensors.push((format!("l{layer}.{name}.b"), false, outputs));
        }
        for norm in ["aln", "oln"] {
            tensors.push((format!("l{layer}.{norm}.w"), false, HIDDEN));
            tensors.push((format!("l{layer}.{norm}.b"), false, HIDDEN));
        }
    }
    let mut offset = out.len() + 4 + tensors.iter().map(|(name, ..)| 2 + name.len() + 21).sum::<usize>();
    word(out, tensors.len() as u32);
    let mut content = Vec::new();
    for (name, four_bits, count) in &tensors {
        let before = content.len();
        if *four_bits {
            for _ in 0..count / 32 {
                // 2^-5, in sixteen bits.
                content.extend_from_slice(&0x2800_u16.to_le_bytes());
                content.extend((0..16).map(|_| chance.next() as u8));
            }
        } else {
            (0..*count).for_each(|_| word(&mut content, (0.5 + 0.4 * chance.float()).to_bits()));
        }
        out.extend_from_slice(&(name.len() as u16).to_le_bytes());
        out.extend_from_slice(name.as_bytes());
        out.push(u8::from(*four_bits));
        word(out, *count as u32);
        out.extend_from_slice(&(offset as u64).to_le_bytes());
        let length = content.len() - before;
        out.extend_from_slice(&(length as u64).to_le_bytes());
        offset += length;
    }
    out.extend_from_slice(&content);
}

fn word(out: &mut Vec<u8>, word: u32) {
    out.extend_from_slice(&word.to_le_bytes());
}
