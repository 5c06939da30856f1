//! Lengths of time as they are typed.

use jiff::SignedDuration;

/// The longest time that can be given, in weeks. The limit is ours: what is to last longer is to be lifted by hand.
pub(in crate::commands) const MAX_WEEKS: i64 = 520;

/// A length of time: a whole number, and m, h, d or w.
pub(in crate::commands) fn read_period(text: &str) -> Option<SignedDuration> {
    let text = text.trim();
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let minutes = match unit {
        "m" => 1,
        "h" => 60,
        "d" => 24 * 60,
        "w" => 7 * 24 * 60,
        _ => return None,
    };
    let number: i64 = number.trim_end().parse().ok()?;
    let minutes = number.checked_mul(minutes)?;
    (1..=MAX_WEEKS * 7 * 24 * 60).contains(&minutes).then(|| SignedDuration::from_mins(minutes))
}
