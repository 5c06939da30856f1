//! What differs between two wordings, word by word.

use similar::{Algorithm, ChangeTag, capture_diff_slices};
use unicode_segmentation::UnicodeSegmentation;

/// A stretch of text that stayed, went or came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WordingPart {
    /// Stands in both.
    Same(String),
    /// Stood only in the first.
    Gone(String),
    /// Stands only in the second.
    New(String),
}

/// The words of both texts in order. Words are those of Unicode (Standard Annex 29), so that texts
/// without spaces differ by their characters.
#[must_use]
pub fn word_difference(before: &str, after: &str) -> Vec<WordingPart> {
    let (old, new): (Vec<&str>, Vec<&str>) =
        (before.split_word_bounds().collect(), after.split_word_bounds().collect());
    let mut parts: Vec<WordingPart> = Vec::new();
    for change in capture_diff_slices(Algorithm::Patience, &old, &new)
        .iter()
        .flat_map(|operation| operation.iter_changes(&old, &new))
    {
        let text = change.value();
        match (change.tag(), parts.last_mut()) {
            (ChangeTag::Equal, Some(WordingPart::Same(so_far)))
            | (ChangeTag::Delete, Some(WordingPart::Gone(so_far)))
            | (ChangeTag::Insert, Some(WordingPart::New(so_far))) => so_far.push_str(text),
            (ChangeTag::Equal, _) => parts.push(WordingPart::Same(text.to_owned())),
            (ChangeTag::Delete, _) => parts.push(WordingPart::Gone(text.to_owned())),
            (ChangeTag::Insert, _) => parts.push(WordingPart::New(text.to_owned())),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_that_differ_are_told_apart() {
        assert_eq!(
            word_difference("It rained in May.", "It snowed in May."),
            [
                WordingPart::Same("It ".to_owned()),
                WordingPart::Gone("rained".to_owned()),
                WordingPart::New("snowed".to_owned()),
                WordingPart::Same(" in May.".to_owned())
            ]
        );
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_from_the_difference(before in "[a-c 悉尼]{0,20}", after in "[a-c 悉尼]{0,20}") {
            let parts = word_difference(&before, &after);
            let text = |skip_new: bool| parts.iter().map(|part| match part {
                WordingPart::Same(text) => text.as_str(),
                WordingPart::Gone(text) => if skip_new { text } else { "" },
                WordingPart::New(text) => if skip_new { "" } else { text },
            }).collect::<String>();
            prop_assert_eq!(text(true), before);
            prop_assert_eq!(text(false), after);
        }
    }
}
