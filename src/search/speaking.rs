//! A capital's name for the government that sits there: "Beijing said", "did Moscow deny it?", "北京表示".

use super::words::Word;

/// Words of saying, folded, in the languages of the users. A city doesn't say anything; its government does.
const SAYING: &[&str] = &[
    "said",
    "says",
    "say",
    "denied",
    "denies",
    "deny",
    "claimed",
    "claims",
    "claim",
    "responded",
    "responds",
    "respond",
    "rejected",
    "rejects",
    "reject",
    "insisted",
    "insists",
    "insist",
    "admitted",
    "admits",
    "admit",
    "accused",
    "accuses",
    "replied",
    "replies",
    "reply",
    "announced",
    "warned",
    "warns",
    "stated",
    "commented",
    "comment",
    "respondio",
    "dijo",
    "dice",
    "niega",
    "nego",
    "afirma",
    "afirmo",
    "rechaza",
    "rechazo",
    "responde",
    "dit",
    "nie",
    "affirme",
    "dement",
    "rejette",
    "repond",
    "sagt",
    "sagte",
    "bestreitet",
    "bestritt",
    "behauptet",
    "zegt",
    "zei",
    "ontkent",
    "ontkende",
    "nega",
    "disse",
    "afirmou",
    "negou",
    "сказал",
    "заявил",
    "отрицает",
    "заявляет",
    "отрицал",
    "twierdzi",
    "zaprzecza",
    "powiedział",
    "diyor",
    "dedi",
    "reddetti",
    "قالت",
    "نفت",
];

/// The same in scripts that are written without spaces, by their characters.
const SAYING_DENSE: &[&str] = &["说", "称", "表示", "否认", "回应", "は否定", "が否定", "は言", "は主張"];

/// How many words may stand between a name and what it says.
const NEAR: usize = 2;

/// Whether a word of saying stands right beside the words from `first` to `end` of a text.
pub(super) fn speaks(text: &[Word], first: usize, end: usize) -> bool {
    let before = text.get(first.saturating_sub(NEAR)..first).unwrap_or_default();
    let after = text.get(end..text.len().min(end + NEAR)).unwrap_or_default();
    let says = |word: &Word| SAYING.contains(&word.folded.as_str());
    // "the court said in Beijing": what stands before a name and a preposition is somebody else's.
    let did = |word: &Word| ["did", "does", "has", "hat", "heeft", "ha"].contains(&word.folded.as_str());
    let following: String = after
        .iter()
        .chain(text.get(end + NEAR..text.len().min(end + NEAR + 1)).unwrap_or_default())
        .filter(|word| word.dense)
        .map(|word| word.folded.as_str())
        .collect();
    after.first().is_some_and(says)
        || (before.last().is_some_and(did) && text.get(end..).unwrap_or_default().iter().any(says))
        || (after.first().is_some_and(|word| did(word) || word.folded == "has") && after.get(1).is_some_and(says))
        || SAYING_DENSE.iter().any(|saying| following.starts_with(saying))
}

#[cfg(test)]
mod tests {
    use super::super::words::words;
    use super::*;

    #[test]
    fn a_city_that_says_something_is_its_government() {
        for (text, first, count, wanted) in [
            ("Beijing said they renew licences", 0, 1, true),
            ("Beijing denies it", 0, 1, true),
            ("did Beijing ever deny it", 1, 1, true),
            ("what has Beijing said about Sydney", 2, 1, true),
            ("北京否认", 0, 2, true),
            ("北京的警察", 0, 2, false),
            ("a station in Beijing", 3, 1, false),
            ("what was said in Beijing", 4, 1, false),
        ] {
            let text = words(text);
            assert_eq!(speaks(&text, first, first + count), wanted, "{text:?}");
        }
    }
}
