//! What is printed of judged messages: what each threshold gives.

use std::io::{self, Write};

use crate::{
    fit_meaning::{MeaningPoint, Rated, curve},
    messages::Looked,
};

/// Prints what each threshold gives.
pub fn thresholds(out: &mut impl Write, heading: &str, looked: &[Looked], rated: &[Rated]) -> io::Result<()> {
    writeln!(
        out,
        "\n{heading}\n{:<9}{:>9}{:>10}{:>16}{:>12}{:>13}{:>18}",
        "threshold", "matched", "of these", "near the topic", "small talk", "right one", "small talk"
    )?;
    writeln!(
        out,
        "{:<9}{:>9}{:>10}{:>16}{:>12}{:>13}{:>18}",
        "", "right", "wrong", "matched", "matched", "shown", "shown anything"
    )?;
    for (place, point) in (1..).zip(curve(looked, rated)) {
        if place % 5 == 0 || place < 10 {
            let MeaningPoint { right, wrong, near_topic, small_talk, shown_right, small_talk_shown, .. } = point;
            let [right, wrong, near_topic, small_talk, shown_right, small_talk_shown] =
                [right, wrong, near_topic, small_talk, shown_right, small_talk_shown].map(|share| share * 100.0);
            writeln!(
                out,
                "{:<9.2}{right:>8.1}%{wrong:>9.1}%{near_topic:>15.1}%{small_talk:>11.1}%{shown_right:>12.1}%{small_talk_shown:>17.1}%",
                point.threshold
            )?;
        }
    }
    Ok(())
}
