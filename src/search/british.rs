//! English words that are spelt differently in Britain and America, as one spelling, so that their stems meet. It is no
//! matter which spelling it is, as long as both become it and no other word does.

/// Whole words, each with what it is read as. The last ones differ by more than spelling: what is a driver's license on
/// one side of the ocean is a driving licence on the other.
const WORDS: &[(&str, &str)] = &[
    ("aeroplane", "airplane"),
    ("ageing", "aging"),
    ("aluminium", "aluminum"),
    ("artefact", "artifact"),
    ("axe", "ax"),
    ("cheque", "check"),
    ("cosy", "cozy"),
    ("counsellor", "counselor"),
    ("doughnut", "donut"),
    ("draught", "draft"),
    ("enquiry", "inquiry"),
    ("enquiries", "inquiries"),
    ("enquire", "inquire"),
    ("fuelled", "fueled"),
    ("fuelling", "fueling"),
    ("gaol", "jail"),
    ("grey", "gray"),
    ("instal", "install"),
    ("jewellery", "jewelry"),
    ("jeweller", "jeweler"),
    ("judgement", "judgment"),
    ("kerb", "curb"),
    ("manoeuvre", "maneuver"),
    ("mould", "mold"),
    ("moustache", "mustache"),
    ("plough", "plow"),
    ("practise", "practice"),
    ("programme", "program"),
    ("pyjama", "pajama"),
    ("sceptic", "skeptic"),
    ("sceptical", "skeptical"),
    ("skilful", "skillful"),
    ("skilfully", "skillfully"),
    ("sulphur", "sulfur"),
    ("tsar", "czar"),
    ("tyre", "tire"),
    ("wilful", "willful"),
    ("wilfully", "willfully"),
    ("woollen", "woolen"),
    ("yoghurt", "yogurt"),
    ("dialled", "dialed"),
    ("dialling", "dialing"),
    ("duelled", "dueled"),
    ("duelling", "dueling"),
    ("driver", "drive"),
];

/// Parts of words, wherever they stand in one. Each is long enough to stand in no other word.
const PARTS: &[(&str, &str)] = &[
    // The "u" of words that came by way of French.
    ("ardour", "ardor"),
    ("armour", "armor"),
    ("behaviour", "behavior"),
    ("candour", "candor"),
    ("clamour", "clamor"),
    ("colour", "color"),
    ("demeanour", "demeanor"),
    ("endeavour", "endeavor"),
    ("favour", "favor"),
    ("fervour", "fervor"),
    ("flavour", "flavor"),
    ("harbour", "harbor"),
    ("honour", "honor"),
    ("humour", "humor"),
    ("labour", "labor"),
    ("neighbour", "neighbor"),
    ("odour", "odor"),
    ("parlour", "parlor"),
    ("rancour", "rancor"),
    ("rigour", "rigor"),
    ("rumour", "rumor"),
    ("saviour", "savior"),
    ("savour", "savor"),
    ("splendour", "splendor"),
    ("succour", "succor"),
    ("tumour", "tumor"),
    ("valour", "valor"),
    ("vapour", "vapor"),
    ("vigour", "vigor"),
    // "s" and "c".
    ("defence", "defense"),
    ("licenc", "licens"),
    ("offence", "offense"),
    ("pretence", "pretense"),
    ("practis", "practic"),
    // Greek words.
    ("aesthe", "esthe"),
    ("anaem", "anem"),
    ("archaeo", "archeo"),
    ("encyclopaed", "encycloped"),
    ("foetus", "fetus"),
    ("foetal", "fetal"),
    ("gynaec", "gynec"),
    ("haemo", "hemo"),
    ("leukaem", "leukem"),
    ("manoeuvr", "maneuver"),
    ("mediaeval", "medieval"),
    ("oesophag", "esophag"),
    ("oestrogen", "estrogen"),
    ("orthopaed", "orthoped"),
    ("paediatr", "pediatr"),
    ("diarrhoea", "diarrhea"),
    ("sulph", "sulf"),
];

/// Words in "-re" that end in "-er" in America, without these endings. Others in "-re" don't.
const IN_RE: &[&str] = &[
    "calib",
    "cent",
    "epicent",
    "fib",
    "goit",
    "kilomet",
    "lit",
    "lust",
    "meag",
    "met",
    "millilit",
    "millimet",
    "centimet",
    "microfib",
    "mit",
    "nit",
    "sab",
    "saltpet",
    "scept",
    "somb",
    "spect",
    "theat",
    "amphitheat",
];

/// The endings of words in "-re", with what they are in America.
const IN_RE_ENDINGS: &[(&str, &str)] = &[("re", "er"), ("res", "ers"), ("red", "ered"), ("ring", "ering")];

/// Endings of "-ise" and "-yse", with what they are in America.
const IN_ISE: &[(&str, &str)] = &[
    ("isations", "izations"),
    ("isational", "izational"),
    ("isation", "ization"),
    ("ise", "ize"),
    ("ised", "ized"),
    ("ises", "izes"),
    ("iser", "izer"),
    ("isers", "izers"),
    ("ising", "izing"),
    ("yse", "yze"),
    ("ysed", "yzed"),
    ("yser", "yzer"),
    ("ysers", "yzers"),
    ("ysing", "yzing"),
];

/// Words that end in "-ise" on both sides, without it: they have no verb's ending there.
const ISE_ON_BOTH_SIDES: &[&str] = &[
    "adv",
    "advert",
    "an",
    "appra",
    "appr",
    "ar",
    "bru",
    "chast",
    "chem",
    "circumc",
    "compr",
    "comprom",
    "conc",
    "cru",
    "dem",
    "desp",
    "dev",
    "disfranch",
    "disgu",
    "enfranch",
    "enterpr",
    "exc",
    "exerc",
    "expert",
    "franch",
    "gu",
    "improv",
    "inc",
    "ll",
    "lou",
    "lia",
    "mala",
    "marqu",
    "merchand",
    "no",
    "otherw",
    "clockw",
    "likew",
    "parad",
    "po",
    "porpo",
    "pra",
    "prec",
    "prem",
    "pr",
    "prom",
    "ra",
    "repr",
    "rev",
    "r",
    "superv",
    "surm",
    "surpr",
    "telev",
    "torto",
    "treat",
    "turquo",
    "upra",
    "val",
    "w",
    "bra",
    "fra",
    "el",
    "den",
];

/// What stands before "-ise" at least, so that a short word isn't taken for a verb with this ending.
const LEAST_BEFORE_ISE: usize = 3;

/// From how many letters on a word in "-ogue" is one in "-og".
const DIALOGUE: usize = 8;

/// A word in lower case as it is spelt in America; the word itself where that is the same.
pub(super) fn american(word: &str) -> String {
    if !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return word.to_owned();
    }
    let (singular, plural) = word.strip_suffix('s').map_or((word, ""), |singular| (singular, "s"));
    if let Some((_, read_as)) = WORDS.iter().find(|(british, _)| *british == word || *british == singular) {
        return format!("{read_as}{}", if word == singular { "" } else { plural });
    }
    american_name(word)
}

/// The letters of the British part of each of [`PARTS`]: nearly all words lack one, and needn't be looked through.
static PART_LETTERS: [u32; PARTS.len()] = {
    let mut all = [0; PARTS.len()];
    let mut at = 0;
    while at < PARTS.len() {
        all[at] = letters(PARTS[at].0);
        at += 1;
    }
    all
};

/// Which of the letters from a to z a word has, a bit each.
const fn letters(word: &str) -> u32 {
    let mut letters = 0;
    let mut left = word.as_bytes();
    while let [letter, rest @ ..] = left {
        if letter.is_ascii_lowercase() {
            letters |= 1 << (*letter - b'a');
        }
        left = rest;
    }
    letters
}

/// The same for a word of a name, without those of [`WORDS`]: Grey is not Gray, and Tyre is a city.
pub(super) fn american_name(word: &str) -> String {
    if !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return word.to_owned();
    }
    let mut spelt = word.to_owned();
    let letters = letters(word);
    let mut parts = PARTS.iter().zip(&PART_LETTERS);
    let found = parts.find(|((british, _), of_part)| letters & **of_part == **of_part && word.contains(british));
    if let Some(((british, read_as), _)) = found {
        spelt = spelt.replace(british, read_as);
    }
    ending(&spelt).unwrap_or(spelt)
}

/// A word of a name in lower case as it is spelt in Britain, if it is spelt otherwise in America. It may make a word that
/// nobody writes, so nothing but one more name to find is to be made of it.
pub(super) fn british_name(word: &str) -> String {
    let mut spelt = word.to_owned();
    if let Some((british, read_as)) = PARTS.iter().find(|(_, american)| spelt.contains(american)) {
        spelt = spelt.replace(read_as, british);
    }
    let in_re = IN_RE_ENDINGS.iter().find_map(|(british, american)| Some((spelt.strip_suffix(american)?, *british)));
    let in_ise = || IN_ISE.iter().find_map(|(british, american)| Some((spelt.strip_suffix(american)?, *british)));
    let changed = in_re.filter(|(stem, _)| IN_RE.contains(stem)).or_else(in_ise);
    changed.map_or(spelt.clone(), |(stem, british)| format!("{stem}{british}"))
}

/// A word with its British ending as it is in America.
fn ending(word: &str) -> Option<String> {
    let changed = |stem: &str, ending: &str| Some(format!("{stem}{ending}"));
    if let Some((stem, ending)) = IN_RE_ENDINGS
        .iter()
        .find_map(|(british, ending)| Some((word.strip_suffix(british)?, ending)))
        .filter(|(stem, _)| IN_RE.contains(stem))
    {
        return changed(stem, ending);
    }
    for (british, ending) in [("ogue", "og"), ("ogues", "ogs")] {
        if let Some(stem) = word.strip_suffix(british).filter(|_| word.len() >= DIALOGUE) {
            return changed(stem, ending);
        }
    }
    let (stem, ending) = IN_ISE.iter().find_map(|(british, ending)| Some((word.strip_suffix(british)?, ending)))?;
    let is_verb = stem.len() >= LEAST_BEFORE_ISE && !ISE_ON_BOTH_SIDES.contains(&stem) && !stem.ends_with("wa");
    if is_verb { changed(stem, ending) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_become_one() {
        for (british, american_spelling) in [
            ("licence", "license"),
            ("licences", "licenses"),
            ("licenced", "licensed"),
            ("centre", "center"),
            ("centres", "centers"),
            ("centred", "centered"),
            ("kilometres", "kilometers"),
            ("theatre", "theater"),
            ("organisation", "organization"),
            ("organisations", "organizations"),
            ("organised", "organized"),
            ("organising", "organizing"),
            ("analyse", "analyze"),
            ("colour", "color"),
            ("discolouration", "discoloration"),
            ("neighbourhoods", "neighborhoods"),
            ("labour", "labor"),
            ("defence", "defense"),
            ("offences", "offenses"),
            ("programme", "program"),
            ("programmes", "programs"),
            ("catalogue", "catalog"),
            ("dialogues", "dialogs"),
            ("cheques", "checks"),
            ("tyres", "tires"),
            ("archaeology", "archeology"),
            ("practised", "practiced"),
            ("jewellery", "jewelry"),
            ("grey", "gray"),
            ("manoeuvre", "maneuver"),
        ] {
            assert_eq!(american(british), american(american_spelling), "{british}");
        }
    }

    #[test]
    fn other_words_stay_as_they_are() {
        for word in [
            "hour",
            "four",
            "tour",
            "contour",
            "court",
            "were",
            "here",
            "metropolis",
            "acre",
            "promise",
            "paradise",
            "raise",
            "raised",
            "rising",
            "surprise",
            "precise",
            "exercise",
            "advertised",
            "likewise",
            "rise",
            "wise",
            "vogue",
            "rogue",
            "police",
            "dance",
            "fence",
            "fire",
            "chinese",
            "louise",
            "spring",
            "bring",
            "string",
            "rendered",
            "hundred",
            "sacred",
            "citation",
            "basis",
            "colon",
            "ceasefire",
            "noise",
            "noises",
        ] {
            assert_eq!(american(word), word);
        }
    }

    #[test]
    fn names_are_spelt_as_on_either_side() {
        for (british, american) in
            [("harbourton", "harborton"), ("centre", "center"), ("organisation", "organization"), ("labour", "labor")]
        {
            assert_eq!(american_name(british), american);
            assert_eq!(british_name(american), british);
        }
        for name in ["grey", "gray", "tyre", "tire", "denise", "louise", "peter"] {
            assert_eq!((american_name(name), british_name(name)), (name.to_owned(), name.to_owned()));
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_american_stays_so(word in "[a-z]{0,12}(is|our|re|ogue|is(e|ed|ing|ation)|licence|colour)?s?") {
            let once = american(&word);
            proptest::prop_assert_eq!(american(&once), once);
        }
    }
}
