//! Which language a text is in, and which of its words carry nothing there.

use std::{collections::HashMap, sync::LazyLock};

use super::words::{Word, fold};

/// Articles, prepositions, pronouns, auxiliaries and question words of the common languages, folded.
const FUNCTION_WORDS: &[(&str, &str)] = &[
    (
        "en",
        "a about again all also am an and any anyone are arent as at be because been being but by can cant could \
         couldnt did didnt do does doesnt doing dont for from had has hasnt have havent having he her here hers him his \
         how i id if ill im in into is isnt it its ive just ll me more most my no not of off on once only or other our \
         out over own re same she should shouldnt so some such than that thats the their them then there these they \
         theyre this those through to too under until up ve very was wasnt we were werent weve what when where which \
         while who whom whose why will with wont would wouldnt you your youre",
    ),
    (
        "es",
        "a al algo como con cual cuando de del desde donde el ella ellos en entre era es esa ese eso esta estan este \
         esto fue ha han hay la las le les lo los mas me mi muy no nos o para pero por porque que quien se ser si sin \
         sobre son su sus tambien te tiene todo tu un una uno unos unas y ya yo",
    ),
    (
        "fr",
        "a au aux avec ce ces cette comment d dans de des donc du elle elles en est et eu il ils j je l la le les leur \
         lui mais me meme mes moi mon n ne nos notre nous on ont ou par pas plus pour qu quand que qui quoi s sa se ses \
         si son sont sur ta te tes toi ton tout tu un une vos votre vous y",
    ),
    (
        "de",
        "aber als am an auch auf aus bei bin bis bist da dann das dass dem den der des die doch du durch ein eine einem \
         einen einer eines er es euch fur gegen gibt habe haben hat hatte ich ihr im in ins ist ja kann kein keine man \
         mein mir mit nach nicht noch nur ob oder ohne schon sehr sein sich sie sind so uber um und uns unter vom von \
         vor war warum was wegen wenn wer werden wie wir wird wo wurde zu zum zur",
    ),
    (
        "it",
        "a ad ai al alla alle anche che chi ci come con cosa da dal dalla dei del della delle di dove e ed era gli ha \
         hanno ho i il in io l la le lei lo loro lui ma mi mio ne nel nella noi non o per perche piu quale quando quello \
         questa questo se si sono su sua suo sul sulla ti tra tu un una uno vi voi",
    ),
    (
        "nl",
        "aan al als ben bij daar dan dat de der die dit door een en er had heb hebben heeft het hij hoe hun ik in is je \
         kan maar me meer met mij mijn na naar niet nog nu of om omdat onder ook op over te tegen tot uit van veel voor \
         waar wanneer want waren was wat we wel werd wie wij worden ze zei zich zij zijn zo zou",
    ),
    (
        "pt",
        "a ao aos as ate com como da das de dela dele do dos e ela ele em entre era essa esse esta este eu foi ha isso \
         isto ja mais mas me mesmo meu muito na nao nas no nos o os ou para pela pelo por porque quando que quem se sem \
         ser seu sua sao tambem te tem um uma voce",
    ),
    (
        "sv",
        "alla att av de den det dig din du efter ej eller en er ett for fran han har hon i ingen inte jag kan man med \
         men mig min mot nar nu och om oss pa sa sig sin som till under upp ut vad var vem vi vid ar",
    ),
    (
        "id",
        "ada adalah akan apa atau bagi dalam dan dari dengan di dia ini itu juga kami karena ke kita mereka oleh pada \
         saya siapa sudah telah tidak untuk yang",
    ),
    (
        "tr",
        "ama bir bu cok da daha de degil diye en gibi ha hem icin ile ise ki kim mi mu ne neden nerede o olan olarak \
         sen siz su var ve veya ya",
    ),
    (
        "ru",
        "а без бы был была были в во вот все вы где да для до его ее если есть еще же за и из или им их к как когда кто \
         ли мне мы на над не нет но о об он она они от по под при с со так там то только ты у уже что чтобы это я",
    ),
    ("ar", "في من على إلى عن أن إن هذا هذه ذلك التي الذي ما لا لم لن هو هي هم مع كان كانت قد او أو و ثم هل كيف متى أين"),
];

/// For each function word the languages that have it, as bits in the order of [`FUNCTION_WORDS`].
static OF_WORD: LazyLock<HashMap<String, u32>> = LazyLock::new(|| {
    let mut of_word: HashMap<String, u32> = HashMap::new();
    for (place, (_, words)) in FUNCTION_WORDS.iter().enumerate() {
        for word in words.split_ascii_whitespace() {
            *of_word.entry(fold(word)).or_default() |= 1 << place;
        }
    }
    of_word
});

/// How many function words must speak for a language.
const TELLING: usize = 2;

/// Whether a folded word carries nothing in a language.
pub(super) fn is_function_word(folded: &str, language: &str) -> bool {
    let place = FUNCTION_WORDS.iter().position(|(code, _)| *code == language);
    let bits = OF_WORD.get(folded).copied().unwrap_or_default();
    place.is_some_and(|place| bits & (1 << place) > 0)
}

/// Whether a folded word carries nothing in any of the languages.
pub(crate) fn is_small_word(folded: &str) -> bool {
    OF_WORD.contains_key(folded)
}

/// The language that most of the function words of a text speak for; `None` when too few speak or two
/// languages have as many.
pub(super) fn detect(words: &[Word]) -> Option<&'static str> {
    let mut counts = [0_usize; FUNCTION_WORDS.len()];
    for word in words.iter().filter(|word| !word.dense) {
        let bits = OF_WORD.get(word.folded.as_str()).copied().unwrap_or_default();
        for (place, count) in counts.iter_mut().enumerate() {
            *count += usize::from(bits & (1 << place) > 0);
        }
    }
    let most = counts.iter().copied().max().filter(|&most| most >= TELLING)?;
    let mut best = counts.iter().zip(FUNCTION_WORDS).filter(|(count, _)| **count == most);
    let (_, (language, _)) = best.next()?;
    best.next().is_none().then_some(language)
}

#[cfg(test)]
mod tests {
    use super::super::words::words;
    use super::*;

    #[test]
    fn a_language_is_told_by_its_small_words() {
        for (text, language) in [
            ("Is there a Chinese police station in Dublin?", Some("en")),
            ("¿Hay una comisaría china en Madrid?", Some("es")),
            ("Er zit een illegaal politiebureau in Rotterdam", Some("nl")),
            ("Es gibt eine chinesische Polizeistation in Frankfurt", Some("de")),
            ("Il y a un commissariat chinois dans la banlieue", Some("fr")),
            ("C'è una stazione di polizia cinese nella città di Prato", Some("it")),
            ("В Москве об этом не было ничего", Some("ru")),
            ("悉尼有中国警察局", None),
            ("Dublin", None),
        ] {
            assert_eq!(detect(&words(text)), language, "{text}");
        }
    }
}
