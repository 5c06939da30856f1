//! Stems of words by language, and the words that carry nothing.

use std::collections::{BTreeSet, HashSet};
use std::sync::LazyLock;

use frostem::{Algorithm, Stemmer};

use super::{
    british::american,
    words::{Word, fold},
};
use crate::model::Language;

/// The languages in whose stems a question is looked for when it doesn't say which it is in.
const QUESTION_LANGUAGES: &[&str] = &["en", "es", "nl", "fr", "it", "de"];

/// The longest word, in bytes, that a stem is looked for of. The limit is ours: what is longer is no word, and a stemmer
/// may take long for it.
const LONGEST: usize = 256;

/// The stem of a word in a language, folded; `None` where the language has no stemmer here, or the word is none.
pub(crate) fn stem(word: &Word, language: &str) -> Option<String> {
    if word.lower.len() > LONGEST {
        return None;
    }
    if word.dense || word.lower.chars().any(|character| character.is_ascii_digit()) {
        return None;
    }
    let stemmer = Stemmer::new(algorithm(language)?);
    if language == "en" {
        return Some(fold(&stemmer.stem(&american(&word.lower))));
    }
    Some(fold(&stemmer.stem(&word.lower)))
}

/// The stems that a word of a question may have: in the languages asked for, else in the common ones.
pub(crate) fn question_stems(word: &Word, languages: &[Language]) -> BTreeSet<String> {
    let asked = languages.iter().map(Language::primary);
    let mut stems: BTreeSet<String> = if languages.is_empty() {
        QUESTION_LANGUAGES.iter().filter_map(|language| stem(word, language)).collect()
    } else {
        // Our wording is English whatever the language of the source.
        asked.chain(["en"]).filter_map(|language| stem(word, language)).collect()
    };
    stems.remove(&word.folded);
    stems
}

fn algorithm(language: &str) -> Option<Algorithm> {
    Some(match language {
        "ar" => Algorithm::Arabic,
        "ca" => Algorithm::Catalan,
        "cs" => Algorithm::Czech,
        "da" => Algorithm::Danish,
        "de" => Algorithm::German,
        "el" => Algorithm::Greek,
        "en" => Algorithm::English,
        "es" => Algorithm::Spanish,
        "et" => Algorithm::Estonian,
        "fi" => Algorithm::Finnish,
        "fr" => Algorithm::French,
        "ga" => Algorithm::Irish,
        "hu" => Algorithm::Hungarian,
        "id" => Algorithm::Indonesian,
        "it" => Algorithm::Italian,
        "nl" => Algorithm::Dutch,
        "no" => Algorithm::Norwegian,
        "pt" => Algorithm::Portuguese,
        "ro" => Algorithm::Romanian,
        "ru" => Algorithm::Russian,
        "sr" => Algorithm::Serbian,
        "sv" => Algorithm::Swedish,
        "tr" => Algorithm::Turkish,
        _ => return None,
    })
}

/// Articles, prepositions, pronouns and question words of the common languages, folded: they carry
/// nothing that an entry could be found by.
static EMPTY_WORDS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    "a about again all also am an and any anyone are as at be because been being but by can could did do does doing \
     dont for from had has have having he her here hers him his how i if in into is isnt it its just me more most my \
     no not of off on once only or other our out over own same she should so some such than that the their them then \
     there these they this those through to too under until up very was wasnt we were what when where which while who \
     whom whose why will with would you your tell know heard hear anything something really true \
     de la el los las un una unos unas y o u en del al que es se por para con como donde quien cual cuando hay esta \
     het een der die das den dem des ein eine einer eines einem einen und oder im ist sind von zu zum zur mit auf fur \
     als auch wer wie wo wann warum gibt es dat dit van voor met op te er zijn niet wie wat waar wanneer hoe heeft \
     le les une et ou dans du des au aux est sont pour par sur avec qui quoi quand comment ce cette il elle ya \
     il lo gli uno e di da nel nella della del dei sono per su con che chi dove quando come ha \
     是 的 了 吗 在 有 \
     은 는 이 가 을 를 에 에서 의 로 으로 와 과 도 만 까지 부터 에게 께서 라고 있나요 있습니까 있어요 있는 있다 있어 있니 없나요 \
     누가 누구 무엇 뭐 어디 어디서 언제 왜 어떻게 그 저 것 및 또는 그리고 대한 대해 관한 관련 정말 \
     มี ไหม ที่ ใน ของ และ หรือ เป็น คือ อะไร ใคร ไหน จาก ว่า กับ นี้ หรือไม่ \
     မှာ တွင် သည် ရှိ သလား က ကို နှင့် ၏ လား ရှိသည် \
     មាន នៅ ទេ តើ ក្នុង និង ដែល នេះ ມີ ຢູ່ ບໍ ໃນ ແລະ ທີ່ ນີ້"
        .split_ascii_whitespace()
        .map(fold)
        .collect()
});

/// Whether a folded word carries nothing.
pub(crate) fn is_empty_word(folded: &str) -> bool {
    EMPTY_WORDS.contains(folded)
}

#[cfg(test)]
mod tests {
    use super::super::words::words;
    use super::*;

    #[test]
    fn words_of_each_language_keep_their_stem_and_their_letters() {
        for (language, left, right) in [
            ("en", "licences", "licence"),
            ("en", "licences", "licenses"),
            ("en", "drivers", "driving"),
            ("en", "travelled", "traveled"),
            ("en", "organisations", "organized"),
            ("es", "comisarías", "comisaría"),
            ("nl", "politiebureaus", "politiebureau"),
            ("fr", "commissariats", "commissariat"),
            ("it", "stazioni", "stazione"),
            ("de", "Polizeistationen", "Polizeistation"),
        ] {
            let stem_of = |text: &str| stem(&words(text)[0], language).unwrap();
            assert_eq!(stem_of(left), stem_of(right), "{language}");
        }
        assert_eq!(stem(&words("悉")[0], "zh"), None);
        assert_eq!(stem(&words("悉")[0], "en"), None);
    }
}
