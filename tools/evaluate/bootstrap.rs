//! Means with their confidence intervals, by the percentile bootstrap (Efron 1979).

/// How often the values are drawn anew.
const DRAWS: usize = 2_000;

/// The seed: the same values give the same interval.
const SEED: u64 = 6;

/// A mean and the interval that 95 of 100 redrawn means lie in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The mean.
    pub mean: f64,
    /// The lower end of the interval.
    pub low: f64,
    /// The upper end of the interval.
    pub high: f64,
}

impl Estimate {
    /// The mean of the values and its interval; all 0 for no values.
    #[must_use]
    pub fn of(values: &[f64]) -> Self {
        let mut random = Random(SEED);
        let mut means: Vec<f64> = (0..DRAWS)
            .map(|_| mean(values.len(), |_| values.get(random.below(values.len())).copied().unwrap_or_default()))
            .collect();
        means.sort_unstable_by(f64::total_cmp);
        let at = |place: usize| means.get(place).copied().unwrap_or_default();
        let whole = mean(values.len(), |place| values.get(place).copied().unwrap_or_default());
        Self { mean: whole, low: at(DRAWS / 40), high: at(DRAWS - 1 - DRAWS / 40) }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a judged set has far fewer than 2^52 queries")]
fn mean(count: usize, mut value: impl FnMut(usize) -> f64) -> f64 {
    if count == 0 { 0.0 } else { (0..count).map(&mut value).sum::<f64>() / count as f64 }
}

/// SplitMix64 (Steele, Lea and Flood 2014).
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        let limit = u64::try_from(limit).unwrap_or(u64::MAX).max(1);
        usize::try_from(mixed % limit).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_holds_the_mean_and_is_the_same_every_time() {
        let values: Vec<f64> = (0..400).map(|number| f64::from(number % 4 == 0)).collect();
        let estimate = Estimate::of(&values);
        assert_eq!(estimate, Estimate::of(&values));
        // The standard error of a quarter over 400 is 0.0217; the interval is nearly twice that each way.
        assert!((estimate.mean - 0.25).abs() < 1e-9);
        assert!((estimate.low - 0.2075).abs() < 0.01 && (estimate.high - 0.2925).abs() < 0.01, "{estimate:?}");
        assert_eq!(Estimate::of(&[]), Estimate { mean: 0.0, low: 0.0, high: 0.0 });
    }
}
