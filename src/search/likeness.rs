//! How like a message and a statement are, in numbers, and how likely it makes a match.
//!
//! Two measures are taken, each divided by what makes it independent of how many statements there
//! are: of content words and of grams of four characters. Four constants make a likelihood of them;
//! they are fitted on judged messages by `tools/evaluate` (`fitted.rs`).

/// What of a message was found in a statement.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Likeness {
    /// What the shared content words weigh: BM25, divided by the logarithm of the number of statements.
    pub words: f64,
    /// What all content words of the message would weigh.
    pub words_in_all: f64,
    /// What the shared grams weigh: BM25 with rarity to the power 1.5, divided by that logarithm to the
    /// same power.
    pub grams: f64,
    /// What all grams of the message would weigh.
    pub grams_in_all: f64,
}

/// How near a message and a statement come by meaning.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct MeaningLikeness {
    /// The cosine of the message and the statement's nearest wording.
    pub cosine: f64,
    /// That of the message and all wordings, on average.
    pub mean: f64,
    /// How much it varies over these.
    pub deviation: f64,
}

/// The fitted constants.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// How much grams count beside words.
    pub grams: f64,
    /// The logistic function's constant.
    pub constant: f64,
    /// What a unit of the score adds to it.
    pub score: f64,
    /// What having found all of the message adds to it.
    pub share: f64,
}

impl Weights {
    /// By how much statements are ordered.
    #[must_use]
    pub fn score(&self, likeness: &Likeness) -> f64 {
        likeness.words + self.grams * likeness.grams
    }

    /// Which share of the message the score says was found, from 0 on; 1 is about all of it.
    #[must_use]
    pub fn share(&self, likeness: &Likeness) -> f64 {
        let all = likeness.words_in_all + self.grams * likeness.grams_in_all;
        if all > 0.0 { self.score(likeness) / all } else { 0.0 }
    }

    /// How likely it is, from 0 to 1, that the message repeats or speaks of the statement. For one
    /// message it grows with the score.
    #[must_use]
    pub fn likelihood(&self, likeness: &Likeness) -> f64 {
        let sum = self.constant + self.score * self.score(likeness) + self.share * self.share(likeness);
        1.0 / (1.0 + (-sum).exp())
    }
}
