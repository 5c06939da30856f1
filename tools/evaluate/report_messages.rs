//! What is printed of judged messages: how they were answered, by kind, and what each threshold gives.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use crate::{
    fit_meaning::{MeaningPoint, Rated, curve},
    messages::{Looked, Message, Part, Shown},
};

#[derive(Debug, Default)]
struct Count {
    all: usize,
    matched_right: usize,
    matched_wrong: usize,
    shown: usize,
    near: usize,
}

impl Count {
    fn add(&mut self, message: &Message, shown: &Shown) {
        let wanted = if message.right.is_empty() { &message.near } else { &message.right };
        let has = |keys: &[String]| wanted.iter().any(|key| keys.contains(key));
        let right = !message.right.is_empty() && has(&shown.matched);
        self.all += 1;
        self.matched_right += usize::from(right);
        self.matched_wrong += usize::from(!shown.matched.is_empty() && !right);
        self.shown += usize::from(has(&shown.matched) || has(&shown.near));
        self.near += usize::from(!shown.near.is_empty());
    }
}

/// Prints how the messages were answered, by part and kind.
pub fn answers(out: &mut impl Write, messages: &[Message], shown: &[Shown]) -> io::Result<()> {
    let mut counts: BTreeMap<(Part, &str), Count> = BTreeMap::new();
    for (message, shown) in messages.iter().zip(shown) {
        let whole = (!message.right.is_empty()).then_some("all that entries answer");
        for of in [Some(message.kind.as_str()), whole].into_iter().flatten() {
            counts.entry((message.part, of)).or_default().add(message, shown);
        }
    }
    writeln!(out, "\n{:<30}  all  matched right  matched wrong  shown  any near", "")?;
    for ((part, of), Count { all, matched_right, matched_wrong, shown, near }) in counts {
        let of = format!("{}: {of}", if part == Part::Fit { "fit" } else { "test" });
        writeln!(out, "{of:<30}{all:>5}{matched_right:>15}{matched_wrong:>15}{shown:>7}{near:>10}")?;
    }
    Ok(())
}

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
