//! What stands before or behind the names of places and streets and is often abbreviated: saints, mounts, forts, streets.

/// What may stand before a name, with the abbreviations and forms that are one with it.
const BEFORE: &[(&str, &[&str])] =
    &[("saint", &["st", "ste", "sainte", "sankt"]), ("mount", &["mt"]), ("fort", &["ft"])];

/// The same of what stands behind a name.
const BEHIND: &[(&str, &[&str])] =
    &[("street", &["st"]), ("road", &["rd"]), ("avenue", &["ave"]), ("boulevard", &["blvd"]), ("square", &["sq"])];

/// The longest of the forms, in bytes: most words are longer, and every name that is looked up asks for each of its words.
const LONGEST_FORM: usize = 6;

/// A word of a name, the one at this place of so many, with what is abbreviated written out: "st" is "saint" before
/// another word and "street" behind one. Alone it is what it is.
pub(super) fn written_out(folded: &str, at: usize, of: usize) -> &str {
    let last = at + 1 == of;
    if folded.len() > LONGEST_FORM || of == 1 {
        return folded;
    }
    let list = if last { BEHIND } else { BEFORE };
    list.iter().find(|(_, forms)| forms.contains(&folded)).map_or(folded, |(whole, _)| whole)
}

/// The word that a name may begin with and that says nothing without the rest of it, if this is one, written out.
pub(super) fn title(folded: &str) -> Option<&'static str> {
    BEFORE.iter().find(|(whole, forms)| *whole == folded || forms.contains(&folded)).map(|(whole, _)| *whole)
}

/// The part of a name's key that tells it from others: without "saint" and the like before it.
pub(super) fn telling(key: &str) -> &str {
    match key.split_once(' ') {
        Some((first, rest)) if title(first).is_some() => rest,
        Some(_) | None => key,
    }
}

#[cfg(test)]
mod tests {
    use super::super::words::{joined, words};
    use super::*;

    #[test]
    fn what_is_abbreviated_is_written_out_by_its_place() {
        for (text, expected) in [
            ("St. Denis", "saint denis"),
            ("Sault Ste. Marie", "sault saint marie"),
            ("Sankt Gallen", "saint gallen"),
            ("Capel St.", "capel street"),
            ("St James's St", "saint james street"),
            ("Mt. Isa", "mount isa"),
            ("Ft Worth", "fort worth"),
            ("St", "st"),
            ("Saint", "saint"),
            ("Stockholm", "stockholm"),
        ] {
            assert_eq!(joined(&words(text)), expected);
        }
        let forms = BEFORE.iter().chain(BEHIND).flat_map(|(_, forms)| *forms);
        assert_eq!(forms.map(|form| form.len()).max(), Some(LONGEST_FORM));
    }

    #[test]
    fn a_title_says_nothing_alone() {
        assert_eq!((title("st"), title("saint"), title("denis")), (Some("saint"), Some("saint"), None));
        assert_eq!((telling("saint denis"), telling("saint"), telling("denis")), ("denis", "saint", "denis"));
    }
}
