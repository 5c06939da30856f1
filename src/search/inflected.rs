//! Names as they end in a sentence: "в Праге", "w Paryżu", "v Praze", "Lontoossa", "بدبلن".
//!
//! Only forms are made here; whether one is a name is for [`super::Names`] to say. A wrong form is no name, so the endings
//! needn't be those of any one language.

use unicode_script::{Script, UnicodeScript};

/// How many letters a word has at least whose ending is looked at, and how many are left of it.
const SHORTEST: usize = 4;
const SHORTEST_STEM: usize = 3;

/// The endings of cases, folded, and what the names end in by themselves. Russian, Ukrainian and their kin.
const CYRILLIC: &[(&str, &[&str])] = &[
    ("ией", &["ия"]),
    ("ами", &["ы", "а"]),
    ("ии", &["ия"]),
    ("ию", &["ия"]),
    ("ой", &["а", "ая"]),
    ("ои", &["а", "ая"]),
    ("ом", &["", "ои", "ии", "ыи"]),
    ("ем", &["", "и"]),
    ("ей", &["я", "и"]),
    ("еи", &["я", "ея"]),
    ("ах", &["ы", "а"]),
    ("ях", &["и"]),
    ("ью", &["ь"]),
    ("ого", &["ои", "ии", "ыи"]),
    ("зі", &["га"]),
    ("ці", &["ка"]),
    ("ії", &["ія"]),
    ("іі", &["ія"]),
    ("ою", &["а"]),
    ("е", &["", "а", "я", "и"]),
    ("и", &["", "а", "я", "ь"]),
    ("ы", &["а"]),
    ("у", &["", "а"]),
    ("ю", &["я", "и"]),
    ("а", &[""]),
    ("я", &["и", "ь"]),
    ("і", &["", "а"]),
];

/// The same in Latin letters: Polish, Czech, Finnish, Hungarian.
const LATIN: &[(&str, &[&str])] = &[
    ("szech", &["chy"]),
    ("czech", &["cy"]),
    ("dzie", &["d"]),
    ("ssa", &[""]),
    ("sta", &[""]),
    ("ban", &[""]),
    ("ben", &[""]),
    ("ach", &["y"]),
    ("dze", &["ga"]),
    ("niu", &["en", "n"]),
    ("ie", &["", "a"]),
    ("ii", &["ia"]),
    ("ji", &["ja"]),
    ("ze", &["ha"]),
    ("em", &[""]),
    ("u", &[""]),
    ("i", &["a"]),
    ("y", &["a"]),
];

/// What is written together with a name in Arabic: in, to, and.
const ARABIC_PREFIXES: &[char] = &['ب', 'ل', 'و', 'ف'];

/// A form that a folded word may have by itself: what is left of the word, and what that ends in.
pub(super) type BaseForm<'a> = (&'a str, &'static str);

/// The forms that a folded word may have by itself, without the word as it is.
pub(super) fn base_forms(folded: &str) -> impl Iterator<Item = BaseForm<'_>> {
    let long_enough = |text: &str, least| text.chars().nth(least - 1).is_some();
    let script = folded.chars().next().filter(|_| long_enough(folded, SHORTEST)).map(|first| first.script());
    let endings = match script {
        Some(Script::Cyrillic) => CYRILLIC,
        Some(Script::Latin) => LATIN,
        _ => &[],
    };
    let bare = script.filter(|script| *script == Script::Arabic).and_then(|_| folded.strip_prefix(ARABIC_PREFIXES));
    let with_other_endings = endings.iter().flat_map(move |(ending, others)| {
        let stem = folded.strip_suffix(ending).filter(|stem| long_enough(stem, SHORTEST_STEM));
        stem.into_iter().flat_map(|stem| others.iter().map(move |other| (stem, *other)))
    });
    bare.filter(|bare| long_enough(bare, SHORTEST_STEM)).map(|bare| (bare, "")).into_iter().chain(with_other_endings)
}

#[cfg(test)]
mod tests {
    use super::super::words::fold;
    use super::*;

    fn forms(folded: &str) -> Vec<String> {
        base_forms(folded).map(|(stem, ending)| format!("{stem}{ending}")).collect()
    }

    #[test]
    fn the_name_itself_is_among_the_forms() {
        for (written, name) in [
            ("Праге", "Прага"),
            ("Прагу", "Прага"),
            ("Прагой", "Прага"),
            ("Сиднее", "Сидней"),
            ("Лондона", "Лондон"),
            ("Лондоном", "Лондон"),
            ("Китае", "Китай"),
            ("Китая", "Китай"),
            ("Италии", "Италия"),
            ("Италией", "Италия"),
            ("Германию", "Германия"),
            ("Нидерландах", "Нидерланды"),
            ("Казани", "Казань"),
            ("Празі", "Прага"),
            ("Києві", "Києв"),
            ("Paryżu", "Paryż"),
            ("Pradze", "Praga"),
            ("Niemczech", "Niemcy"),
            ("Włoszech", "Włochy"),
            ("Chinach", "Chiny"),
            ("Warszawie", "Warszawa"),
            ("Londynie", "Londyn"),
            ("Holandii", "Holandia"),
            ("Francji", "Francja"),
            ("Wiedniu", "Wieden"),
            ("Praze", "Praha"),
            ("Lontoossa", "Lontoo"),
            ("Prágában", "Praga"),
            ("بدبلن", "دبلن"),
        ] {
            assert!(forms(&fold(written)).contains(&fold(name)), "{written}: {:?}", forms(&fold(written)));
        }
        assert_eq!(forms("oslo"), Vec::<String>::new());
        assert_eq!(forms("悉尼"), Vec::<String>::new());
    }
}
