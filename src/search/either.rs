//! Names of which any may be meant: "sydney or dublin", "sydney, dublin or rome".

use super::{names::NameMatch, words::Word};

/// What stands between the last two of such names, in the languages of the sources. "Of" and other words that mean more
/// than one thing between names aren't among them.
const OR: &[&str] = &[
    "or",
    "oder",
    "ou",
    "o",
    "oppure",
    "lub",
    "albo",
    "или",
    "або",
    "veya",
    "ya da",
    "eller",
    "tai",
    "nebo",
    "vagy",
    "sau",
    "ili",
    "ή",
    "أو",
    "یا",
    "或",
    "或者",
    "または",
    "又は",
    "또는",
    "หรือ",
    "atau",
    "hoặc",
];

/// How many names at the beginning of `names` are joined by "or"; 1 where they aren't.
pub(super) fn joined_by_or(typed: &str, text: &[Word], names: &[NameMatch]) -> usize {
    let between = |pair: &[NameMatch]| match pair {
        [one, next] => {
            let end = one.first.checked_add(one.count)?.checked_sub(1).and_then(|last| text.get(last))?.end;
            typed.get(end..text.get(next.first)?.start).map(|between| between.trim().to_lowercase())
        }
        _ => None,
    };
    // A list without "or" names what must all be there.
    let mut joined = 1;
    for (pair, listed) in names.windows(2).zip(2..) {
        let Some(between) = between(pair) else { break };
        if OR.contains(&between.trim_start_matches(is_comma).trim_start()) {
            joined = listed;
        } else if between.chars().count() != 1 || !between.chars().all(is_comma) {
            break;
        }
    }
    joined
}

/// What stands between all but the last two.
fn is_comma(sign: char) -> bool {
    matches!(sign, ',' | '，' | '、' | '،' | '/')
}
