//! A bit for each number of a vector: whether it is above the mean of all. Vectors whose bits differ in few places are near
//! one another, which is found out some ten times as fast as how near.

use super::file::Vectors;

/// How many bits a word of a code has.
const BITS: usize = 64;

/// How many vectors the mean is taken of at most.
const SAMPLE: usize = 65_536;

/// The codes of vectors, in the order that they were named in.
#[derive(Debug, Clone)]
pub(super) struct Codes {
    mean: Vec<f32>,
    /// How many words a code has.
    length: usize,
    words: Vec<u64>,
}

impl Codes {
    /// The codes of the vectors of these rows.
    #[expect(clippy::cast_precision_loss, reason = "a sample is small")]
    pub(super) fn of(vectors: &Vectors, rows: &[u32]) -> Self {
        let numbers = |row: &u32| {
            let packed = vectors.vector(*row as usize);
            packed.into_iter().flat_map(|packed| {
                packed.numbers.iter().map(move |number| f32::from(number.cast_signed()) * packed.scale)
            })
        };
        let dimensions = rows.first().map_or(0, |first| numbers(first).count());
        let mut mean = vec![0.0_f32; dimensions];
        let step = rows.len().div_ceil(SAMPLE).max(1);
        let sampled = rows.len().div_ceil(step).max(1) as f32;
        for row in rows.iter().step_by(step) {
            mean.iter_mut().zip(numbers(row)).for_each(|(mean, number)| *mean += number / sampled);
        }
        let length = dimensions.div_ceil(BITS);
        let mut words = Vec::with_capacity(length * rows.len());
        let mut vector = Vec::with_capacity(dimensions);
        for row in rows {
            vector.clear();
            vector.extend(numbers(row));
            vector.resize(dimensions, 0.0);
            words.extend(code(&vector, &mean));
        }
        Self { mean, length, words }
    }

    /// The places of the vectors whose codes differ least from a message's, at least `count` unless there are fewer.
    pub(super) fn nearest(&self, message: &[f32], count: usize) -> Vec<usize> {
        let sought: Vec<u64> = code(message, &self.mean).collect();
        let differences: Vec<u16> = self
            .words
            .chunks_exact(self.length.max(1))
            .map(|code| code.iter().zip(&sought).map(|(one, other)| difference(*one, *other)).sum())
            .collect();
        // How many differ in so many places; from that, up to which number they are among the nearest.
        let mut histogram = vec![0_usize; self.length * BITS + 1];
        for difference in &differences {
            if let Some(place) = histogram.get_mut(usize::from(*difference)) {
                *place += 1;
            }
        }
        let mut seen = 0;
        let most = histogram.iter().position(|here| {
            seen += here;
            seen >= count
        });
        let most = most.unwrap_or(histogram.len());
        differences.iter().enumerate().filter(|(_, here)| usize::from(**here) <= most).map(|(place, _)| place).collect()
    }
}

fn difference(one: u64, other: u64) -> u16 {
    u16::try_from((one ^ other).count_ones()).unwrap_or(u16::MAX)
}

fn code<'a>(vector: &'a [f32], mean: &'a [f32]) -> impl Iterator<Item = u64> + 'a {
    vector.chunks(BITS).zip(mean.chunks(BITS)).map(|(numbers, means)| {
        let bits = numbers.iter().zip(means).enumerate();
        bits.fold(0, |word, (at, (number, mean))| word | (u64::from(number > mean) << at))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_says_which_numbers_are_above_the_mean() {
        let word: Vec<u64> = code(&[0.5, -0.5, 0.2], &[0.4, -0.6, 0.2]).collect();
        assert_eq!(word, [0b011]);
        assert_eq!(difference(0b0110, 0b0011), 2);
    }
}
