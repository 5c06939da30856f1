//! Where words begin and end in scripts that don't part them by spaces, or not all of them. Names are looked for among
//! single characters there, as what stands around a name decides where a dictionary would cut; other words are looked
//! for as what is made here of the characters.

use std::sync::LazyLock;

use icu_segmenter::{LineSegmenter, LineSegmenterBorrowed, options::LineBreakOptions};
use unicode_script::{Script, UnicodeScript};

use super::word::Word;

/// How the words of a script are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Writing {
    /// By nothing: each pair of neighbouring characters is looked for.
    Pairs,
    /// By spaces, but for the particles that follow a word without one.
    Particles,
    /// By knowing the words.
    Dictionary,
}

fn writing(word: &Word) -> Writing {
    match word.folded.chars().next().map(|first| first.script()) {
        Some(Script::Hangul) => Writing::Particles,
        Some(Script::Khmer | Script::Lao | Script::Myanmar | Script::Thai) => Writing::Dictionary,
        Some(_) | None => Writing::Pairs,
    }
}

/// Whether two neighbours that belong to one word of their script are also looked for as a pair.
pub(super) fn are_paired(left: &Word, right: &Word) -> bool {
    left.dense
        && right.dense
        && right.touches
        && writing(left) == writing(right)
        && writing(left) != Writing::Dictionary
}

/// Words with each run of single characters turned into what is looked for, each with the place of its first character:
/// pairs of neighbours, the words that a dictionary knows, or a word without its particles. A character that stands
/// alone stays.
pub(super) fn terms(words: &[Word]) -> Vec<(usize, Word)> {
    let mut terms = Vec::with_capacity(words.len());
    let mut at = 0;
    while let Some(word) = words.get(at) {
        if !word.dense {
            terms.push((at, word.clone()));
            at += 1;
            continue;
        }
        let writing = writing(word);
        let belongs = |next: &&Word| next.dense && next.touches && self::writing(next) == writing;
        let more = words.get(at + 1..).unwrap_or_default().iter().take_while(belongs).count();
        let run = words.get(at..=at + more).unwrap_or_default();
        let spans = match writing {
            Writing::Pairs => pairs(run.len()),
            Writing::Particles => without_particles(run),
            Writing::Dictionary => known_words(run),
        };
        terms.extend(spans.into_iter().filter_map(|(from, to)| Some((at + from, run.get(from..to).and_then(one)?))));
        at += run.len();
    }
    terms
}

/// The characters as one word.
fn one(characters: &[Word]) -> Option<Word> {
    let (first, last) = (characters.first()?, characters.last()?);
    let together = |part: fn(&Word) -> &str| characters.iter().map(part).collect::<String>();
    Some(Word {
        folded: together(|word| &word.folded),
        lower: together(|word| &word.lower),
        end: last.end,
        ..first.clone()
    })
}

fn pairs(count: usize) -> Vec<(usize, usize)> {
    if count == 1 { vec![(0, 1)] } else { (0..count.saturating_sub(1)).map(|at| (at, at + 2)).collect() }
}

/// The particles of Korean that say which part a word plays, and the forms of "to be" that are written like them, the
/// longer ones first.
const PARTICLES: &[&str] = &[
    "이었습니다",
    "입니다",
    "입니까",
    "인가요",
    "이라고",
    "이라는",
    "에서",
    "에게",
    "까지",
    "부터",
    "으로",
    "께서",
    "라고",
    "라는",
    "이다",
    "이나",
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "에",
    "의",
    "로",
    "와",
    "과",
    "도",
    "만",
];

/// How many particles follow each other at most.
const MOST_PARTICLES: usize = 3;

/// A word of Korean without the particles behind it. Of a word at least two syllables are left, as many words end in a
/// syllable that is also a particle; before a longer particle one is enough. Particles alone are nothing where they
/// follow what is no Korean, or a name that was read before.
fn without_particles(run: &[Word]) -> Vec<(usize, usize)> {
    let mut left = run.len();
    for _ in 0..MOST_PARTICLES {
        let Some(length) = PARTICLES.iter().find_map(|particle| ends_in(run.get(..left)?, particle)) else { break };
        let remaining = left - length;
        let follows = run.first().is_some_and(|first| first.touches) && remaining == 0;
        if remaining < if length > 1 { 1 } else { 2 } && !follows {
            break;
        }
        left = remaining;
    }
    if left == 0 { Vec::new() } else { vec![(0, left)] }
}

/// How many characters the particle takes at the end of these.
fn ends_in(characters: &[Word], particle: &str) -> Option<usize> {
    let length = particle.chars().count();
    let end = characters.get(characters.len().checked_sub(length)?..)?;
    end.iter().map(|word| word.folded.as_str()).eq(particle.split("").filter(|one| !one.is_empty())).then_some(length)
}

/// Cuts at what the dictionaries for Burmese, Khmer, Lao and Thai know. Lines are broken there between words, and nowhere
/// else; the segmenter of words would bring dictionaries for Chinese and Japanese, too, which take twice the room.
static SEGMENTER: LazyLock<LineSegmenterBorrowed<'static>> =
    LazyLock::new(|| LineSegmenter::new_dictionary(LineBreakOptions::default()));

/// The vowel "am" of Thai and of Lao, which folding takes apart and the dictionaries have as one.
const AM: [(&str, &str, char); 2] = [("\u{0E4D}", "\u{0E32}", '\u{0E33}'), ("\u{0ECD}", "\u{0EB2}", '\u{0EB3}')];

fn known_words(run: &[Word]) -> Vec<(usize, usize)> {
    let mut text = String::new();
    // For each character of the text where it ends in it, and how many of the run that takes.
    let mut ends: Vec<(usize, usize)> = Vec::with_capacity(run.len());
    let mut characters = run.iter().zip(1..).peekable();
    while let Some((character, count)) = characters.next() {
        let am = AM.iter().find(|(mark, vowel, _)| {
            character.folded == *mark && characters.peek().is_some_and(|(next, _)| next.folded == *vowel)
        });
        match am {
            Some((.., am)) => {
                characters.next();
                text.push(*am);
                ends.push((text.len(), count + 1));
            }
            None => {
                text.push_str(&character.folded);
                ends.push((text.len(), count));
            }
        }
    }
    let mut spans = Vec::new();
    let mut from = 0;
    let mut ends = ends.into_iter();
    for cut in SEGMENTER.segment_str(&text).filter(|cut| *cut > 0).chain([text.len()]) {
        if let Some((_, to)) = ends.by_ref().find(|(end, _)| *end >= cut) {
            spans.push((from, to));
            from = to;
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::super::words::{joined, words};
    use super::*;

    fn cut(text: &str) -> String {
        joined(&terms(&words(text)).into_iter().map(|(_, term)| term).collect::<Vec<_>>())
    }

    #[test]
    fn words_are_cut_as_their_script_has_them() {
        for (text, expected) in [
            ("中国警察 in 荷 x", "中国 国警 警察 in 荷 x"),
            ("서울에서 경찰서를 닫았다", "서울 경찰서 닫았다"),
            ("집에서는 나이 런던까지도", "집 나이 런던"),
            ("KBS는 서울의", "kbs 서울"),
            ("만 이", "만 이"),
            ("สถานีตำรวจจีน", "สถานี ตํารวจ จีน"),
            ("ရဲစခန်းရှိသလား", "ရဲစခန်း ရှိ သလား"),
            ("ສະຖານີຕຳຫຼວດ", "ສະຖານີ ຕໍາຫຼວດ"),
            ("**중국**의", "중국"),
        ] {
            assert_eq!(cut(text), expected, "{text}");
        }
    }

    #[test]
    fn a_term_knows_its_first_character_and_its_place() {
        let text = "x ตำรวจจีน";
        let words = words(text);
        for (at, term) in terms(&words) {
            assert_eq!(term.start, words[at].start);
            assert!(text.get(term.start..term.end).is_some());
        }
    }

    proptest::proptest! {
        #[test]
        fn every_character_is_in_a_term_but_particles(text in r"[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Han} a-z]{0,60}") {
            let words = words(&text);
            let terms = terms(&words);
            let mut next = 0;
            for (at, term) in terms {
                proptest::prop_assert!(at <= next, "{at} {next}");
                next = next.max(words.iter().rposition(|word| word.end == term.end).map_or(next, |last| last + 1));
            }
            proptest::prop_assert_eq!(next, words.len());
        }
    }
}
