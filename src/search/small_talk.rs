//! What people say to a bot without asking it anything: greetings and thanks, in the languages that chats are in.

use std::{collections::HashSet, sync::LazyLock};

use unicode_normalization::char::is_combining_mark;

use super::{
    marks::{Handles, without_marks},
    words::fold,
};

/// What somebody says who asks nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmallTalk {
    /// They greet, and may be about to ask.
    Greeting,
    /// They thank, agree or take leave.
    Thanks,
}

/// Greetings. What is written in two words has both, and is none without one of them alone.
const GREETINGS: &str = "\
    hi hello hey heya hiya yo howdy greetings gm morning hola buenas buenos dias olá oi bonjour salut bonsoir coucou hallo moin servus \
    goedemorgen hoi ciao buongiorno buonasera salve hej hejsan tjena goddag hei moi terve moikka cześć witaj witam ahoj čau bună ziua szia \
    sziasztok γεια γειά merhaba selam привет здравствуйте здравствуй привіт вітаю مرحبا السلام أهلا اهلا سلام درود שלום היי halo hai chào नमस्ते \
    你好 您好 嗨 哈囉 哈啰 こんにちは こんばんは おはよう おはようございます 안녕 안녕하세요 안녕하십니까 สวัสดี สวัสดีครับ สวัสดีค่ะ";

/// Thanks, agreement, laughter and leave.
const THANKS: &str = "\
    thanks thank thankyou thx thanx tysm ty cheers ok okay k lol lmao haha hahaha hehe cool great awesome perfect brilliant amazing bye goodbye \
    sorry gracias obrigado obrigada valeu merci danke dankeschön dank bedankt grazie gràcies merces tack tak takk kiitos dzięki dziękuję díky děkuji \
    mulțumesc mersi köszönöm köszi ευχαριστώ teşekkürler teşekkür sağol спасибо спс дякую شكرا ممنون مرسی תודה makasih terimakasih धन्यवाद शुक्रिया 谢谢 謝謝 \
    多谢 多謝 感谢 感謝 谢谢你 謝謝你 ありがとう ありがとうございます ありがとうございました 감사합니다 고마워 고마워요 고맙습니다 ขอบคุณ ขอบคุณครับ ขอบคุณค่ะ";

/// What stands beside those.
const BESIDE: &str = "\
    you u so very much many a lot all everyone again bot there guys for the that this help answer it good well nice day evening night afternoon \
    to and your work just wow oh ah te tu vous te dich euch sehr schön vielen tausend guten tag morgen abend mucho muchas mil muito bom boa dia tarde noite \
    bien molte tante tusen så mycket bardzo moc frumos щиро большое дуже شما لكم جزيلا عليكم ورحمة الله רבה çok ederim kasih terima banyak xin cảm ơn nhiều bạn";

/// What is small talk as it stands.
const PHRASES: &[(&str, SmallTalk)] = &[
    ("good morning", SmallTalk::Greeting),
    ("good evening", SmallTalk::Greeting),
    ("good afternoon", SmallTalk::Greeting),
    ("good day", SmallTalk::Greeting),
    ("guten morgen", SmallTalk::Greeting),
    ("guten tag", SmallTalk::Greeting),
    ("guten abend", SmallTalk::Greeting),
    ("bom dia", SmallTalk::Greeting),
    ("boa tarde", SmallTalk::Greeting),
    ("boa noite", SmallTalk::Greeting),
    ("dzień dobry", SmallTalk::Greeting),
    ("dobrý den", SmallTalk::Greeting),
    ("jó napot", SmallTalk::Greeting),
    ("xin chào", SmallTalk::Greeting),
    ("good bot", SmallTalk::Thanks),
    ("bad bot", SmallTalk::Thanks),
    ("nice bot", SmallTalk::Thanks),
    ("good job", SmallTalk::Thanks),
    ("nice one", SmallTalk::Thanks),
    ("well done", SmallTalk::Thanks),
    ("good night", SmallTalk::Thanks),
    ("got it", SmallTalk::Thanks),
    ("no problem", SmallTalk::Thanks),
    ("never mind", SmallTalk::Thanks),
    ("nevermind", SmallTalk::Thanks),
    ("terima kasih", SmallTalk::Thanks),
    ("cảm ơn", SmallTalk::Thanks),
    ("cám ơn", SmallTalk::Thanks),
];

/// Signs that say as much as thanks do.
const SIGNS: &str = "👍👌🙏❤♥💙💚💛🧡💜🤍😊😀😃😄😁😂🤣🙂😍🥰😎🎉👏💯💪🙌🤝✌";

/// How many words small talk has at most. The limit is ours.
const MOST: usize = 8;

/// The words, folded as a text's are.
struct Vocabulary {
    greetings: HashSet<String>,
    thanks: HashSet<String>,
    beside: HashSet<String>,
    phrases: Vec<(String, SmallTalk)>,
}

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    let set = |words: &str| words.split_whitespace().map(fold).collect();
    Vocabulary {
        greetings: set(GREETINGS),
        thanks: set(THANKS),
        beside: set(BESIDE),
        phrases: PHRASES.iter().map(|(words, talk)| (folded(words).join(" "), *talk)).collect(),
    }
});

/// The words of a text, folded.
fn folded(text: &str) -> Vec<String> {
    // In Thai and Hindi marks stand on letters.
    let is_within = |letter: char| letter.is_alphanumeric() || is_combining_mark(letter);
    let words = text.split(|letter: char| !is_within(letter));
    words.filter(|word| word.contains(char::is_alphanumeric)).map(fold).collect()
}

/// Whether words are small talk, and of which kind. A word that may be a name is none.
pub fn small_talk(text: &str) -> Option<SmallTalk> {
    let text = without_marks(text, Handles::Cut);
    let words = folded(&text);
    if words.is_empty() {
        return text.chars().any(|sign| SIGNS.contains(sign)).then_some(SmallTalk::Thanks);
    }
    if words.len() > MOST {
        return None;
    }
    let line = words.join(" ");
    if let Some((_, talk)) = VOCABULARY.phrases.iter().find(|(phrase, _)| *phrase == line) {
        return Some(*talk);
    }
    let thanks = words.iter().any(|word| VOCABULARY.thanks.contains(word));
    let greets = words.iter().any(|word| VOCABULARY.greetings.contains(word));
    let is_known = |word: &String| {
        VOCABULARY.thanks.contains(word) || VOCABULARY.greetings.contains(word) || VOCABULARY.beside.contains(word)
    };
    match (words.iter().all(is_known), thanks, greets) {
        (true, true, _) => Some(SmallTalk::Thanks),
        (true, false, true) => Some(SmallTalk::Greeting),
        (true, false, false) | (false, _, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn greetings_and_thanks_are_told_from_questions() {
        for (text, talk) in [
            ("hi", Some(SmallTalk::Greeting)),
            ("Hey there!", Some(SmallTalk::Greeting)),
            ("good morning", Some(SmallTalk::Greeting)),
            ("你好", Some(SmallTalk::Greeting)),
            ("สวัสดี", Some(SmallTalk::Greeting)),
            ("नमस्ते", Some(SmallTalk::Greeting)),
            ("thanks!", Some(SmallTalk::Thanks)),
            ("Thank you so much 🙏", Some(SmallTalk::Thanks)),
            ("hi, thanks", Some(SmallTalk::Thanks)),
            ("good bot", Some(SmallTalk::Thanks)),
            ("Vielen Dank", Some(SmallTalk::Thanks)),
            ("Merci !", Some(SmallTalk::Thanks)),
            ("спасибо большое", Some(SmallTalk::Thanks)),
            ("ありがとうございます", Some(SmallTalk::Thanks)),
            ("cảm ơn", Some(SmallTalk::Thanks)),
            ("👍", Some(SmallTalk::Thanks)),
            ("❤️", Some(SmallTalk::Thanks)),
            ("", None),
            ("?", None),
            ("👆", None),
            ("is this true?", None),
            ("please", None),
            ("Nice", None),
            ("bot", None),
            ("hi sydney", None),
            ("thanks to whom was it closed", None),
            ("good", None),
            ("hello kitty", None),
        ] {
            assert_eq!(small_talk(text), talk, "{text}");
        }
    }
}
