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

/// The forms that a folded word may have by itself, without the word as it is.
pub(super) fn base_forms(folded: &str) -> Vec<String> {
    if folded.chars().count() < SHORTEST {
        return Vec::new();
    }
    match folded.chars().next().map(|first| first.script()) {
        Some(Script::Cyrillic) => with_other_endings(folded, CYRILLIC),
        Some(Script::Latin) => with_other_endings(folded, LATIN),
        Some(Script::Arabic) => {
            let bare = folded.strip_prefix(ARABIC_PREFIXES).filter(|bare| bare.chars().count() >= SHORTEST_STEM);
            bare.map(str::to_owned).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

fn with_other_endings(folded: &str, endings: &[(&str, &[&str])]) -> Vec<String> {
    let mut forms = Vec::new();
    for (ending, others) in endings {
        let Some(stem) = folded.strip_suffix(ending).filter(|stem| stem.chars().count() >= SHORTEST_STEM) else {
            continue;
        };
        forms.extend(others.iter().map(|other| format!("{stem}{other}")));
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::super::words::fold;
    use super::*;

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
            assert!(base_forms(&fold(written)).contains(&fold(name)), "{written}: {:?}", base_forms(&fold(written)));
        }
        assert_eq!(base_forms("oslo"), Vec::<String>::new());
        assert_eq!(base_forms("悉尼"), Vec::<String>::new());
    }
}
