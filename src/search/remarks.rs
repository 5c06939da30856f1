//! What people write around a claim that somebody else made: whether it is true, where it comes from, please. Here it is
//! decided whether words claim or ask anything of their own, for replies and for quotations.
//!
//! The rule: take the small words of every language away, those for true and false, source and proof, checking and
//! asking politely, and those for a message itself. Where nothing is left, the words speak of another message.

use std::{collections::HashSet, sync::LazyLock};

use unicode_script::{Script, UnicodeScript};

use super::{
    languages::is_small_word,
    link_bounds::has_link,
    marks::{Handles, without_marks},
    quoting::Lines,
    stems::is_empty_word,
    words::{Word, fold, words},
};

/// The longest text that is looked at, in bytes. The limit is ours: a remark is a line.
const LONGEST: usize = 400;

/// Words that point at what somebody else said: this and that, who and where, true and false, source and proof, check
/// and please.
const POINTING: &[(&str, &str)] = &[
    (
        "en",
        "doubt doubtful dubious sceptical skeptical it its this that these those above who what where when why how which whats wheres whos hows sauce source \
         sources sourced sourcing citation citations cite cited proof proofs evidence receipts reference references \
         origin true truth truthful untrue false real reality really fake faked hoax legit legitimate accurate \
         inaccurate correct incorrect authentic bogus bs bullshit cap credible reliable trustworthy confirmed \
         unconfirmed verified unverified debunked misinfo misinformation disinfo disinformation rumor rumour fact facts \
         factual check checked checking verify verifying verification confirm factcheck debunk seriously serious srsly \
         wtf please pls plz plis thanks thank thx ty sure wrong right idk wdyt thoughts opinion opinions",
    ),
    (
        "es",
        "eso esto ese esa este esta aquello quién qué dónde cuándo cómo cuál fuente fuentes prueba pruebas evidencia \
         verdad verdadero verdadera cierto cierta falso falsa mentira real bulo verificado confirmado comprueba comprobar \
         compruébalo verifica verificar verifícalo confirma confirmar favor gracias porfa porfavor serio seguro fiable",
    ),
    (
        "fr",
        "ça cela ceci ce cet cette qui quoi où quand comment source sources preuve preuves vrai vraie vraiment faux \
         fausse véridique réel réelle fiable intox infox vérifie vérifier vérifiez vérifié confirme confirmé confirmer \
         svp stp plaît merci sérieux sérieusement sûr",
    ),
    (
        "de",
        "das dies diese dieses dieser wer was wo woher wann wie warum stimmt stimmen stimmts wahr wahrheit echt falsch \
         richtig unwahr gefälscht quelle quellen beleg belege beweis beweise nachweis prüf prüfe prüfen prüft überprüfe \
         überprüfen checken bestätigt bestätigen bitte bitteschön danke ernst ernsthaft wirklich sicher gelogen lüge \
         seriös glaubwürdig",
    ),
    (
        "nl",
        "dit dat deze die wie wat waar wanneer hoe waarom klopt kloppen waarheid echt nep vals onzin bron bronnen bewijs \
         controleer controleren check checken verifieer bevestigd alsjeblieft aub svp bedankt dank serieus werkelijk \
         zeker gelogen betrouwbaar",
    ),
    (
        "it",
        "questo questa quello quella ciò chi cosa dove quando come vero vera verità davvero falso falsa bufala fonte \
         fonti prova prove verifica verificare verificato controlla controllare conferma confermato favore grazie serio \
         sicuro reale attendibile",
    ),
    (
        "pt",
        "isso isto esse essa este esta quem quê onde quando como verdade verdadeiro verdadeira mesmo falso falsa mentira \
         fonte fontes prova provas verifica verificar verifique confere conferir confirma confirmado favor obrigado \
         obrigada sério certo real",
    ),
    (
        "ca",
        "això aquest aquesta veritat cert certa fals falsa mentida font fonts prova proves comprova verifica sisplau gràcies",
    ),
    (
        "sv",
        "det detta denna vem vad var när hur stämmer sant sanning falskt fejk källa källor bevis kolla kontrollera \
         bekräftat snälla tack verkligen säker riktigt",
    ),
    (
        "da",
        "det dette denne hvem hvad hvor hvornår sandt sand sandhed falsk falskt kilde kilder bevis tjek tjekke stemmer passer tak virkelig rigtigt ægte",
    ),
    ("no", "dette denne hvem hva hvor sant sann falskt kilde kilder bevis sjekk sjekke stemmer takk virkelig ekte"),
    (
        "fi",
        "tämä tuo se kuka mikä missä totta valhetta lähde lähteet todiste tarkista tarkistaisitko kiitos oikeasti pitääkö paikkansa",
    ),
    (
        "pl",
        "to ta ten kto co gdzie kiedy jak prawda prawdziwe prawdziwy fałsz fałszywe źródło źródła dowód sprawdź sprawdzić potwierdzone proszę dzięki naprawdę serio fejk",
    ),
    (
        "cs",
        "to tohle toto kdo co kde kdy jak pravda pravdivé nepravda lež zdroj zdroje důkaz ověř ověřit zkontroluj prosím díky opravdu vážně",
    ),
    (
        "ro",
        "asta aceasta acesta cine ce unde când cum adevărat adevărată fals minciună sursă sursa surse dovadă verifică verifici confirmat rog mulțumesc serios",
    ),
    (
        "hu",
        "ez az ezt ki mi hol mikor hogyan igaz valódi hamis kamu forrás források bizonyíték ellenőrizd ellenőrzés kérlek köszönöm tényleg komolyan biztos",
    ),
    (
        "el",
        "αυτό αυτή ποιος τι πού πότε πώς αλήθεια αληθές αληθινό ψέμα ψεύτικο πηγή πηγές απόδειξη έλεγξε επιβεβαίωσε παρακαλώ ευχαριστώ σοβαρά όντως",
    ),
    (
        "tr",
        "bu şu bunu şunu kim ne nerede nereden nasıl doğru doğrumu gerçek gerçekten yalan yanlış sahte kaynak kaynağı \
         kaynaklar kanıt kontrol et eder misin teyit lütfen teşekkürler ciddi emin",
    ),
    (
        "ru",
        "это этот эта эти то кто что где когда как откуда правда правду истина верно неправда ложь фейк вранье враньё \
         источник источники источника пруф пруфы доказательство доказательства проверь проверьте проверить проверка \
         подтверждено пожалуйста спасибо серьёзно реально действительно точно",
    ),
    (
        "uk",
        "це цей ця ці хто що де коли як звідки правда правду істина неправда брехня фейк джерело джерела доказ докази \
         перевір перевірте перевірити підтверджено ласка дякую справді серйозно реально",
    ),
    (
        "ar",
        "صحة مدى خبر تأكيد هذا هذه ذلك من ماذا ما أين متى كيف صحيح صحيحة حقيقي حقيقية حقيقة الحقيقة صدق كذب كاذب كاذبة زائف إشاعة شائعة \
         مصدر المصدر مصادر دليل الدليل تحقق تأكد تأكيد مؤكد فضلك رجاء شكرا فعلا حقا",
    ),
    (
        "fa",
        "صحت این آن کی چه کجا چطور درست درسته راست راسته واقعی واقعیه حقیقت دارد داره دروغ دروغه جعلی شایعه منبع منبعش مدرک \
         بررسی تایید لطفا ممنون واقعا جدی",
    ),
    (
        "he",
        "זה זאת זו מי מה איפה מתי איך נכון אמת אמיתי אמיתית שקר פייק מקור מקורות המקור הוכחה תבדוק בדוק בדיקה בבקשה תודה באמת",
    ),
    (
        "id",
        "beneran ini itu siapa apa apakah mana dimana kapan bagaimana benar benarkah bener betul betulkah asli palsu hoaks hoax \
         bohong sumber sumbernya bukti cek periksa verifikasi tolong mohon terima kasih serius",
    ),
    ("vi", "này đó ai gì đâu khi nào sao thật đúng sai giả nguồn bằng chứng kiểm tra xác minh làm ơn cảm ơn thế hả"),
    (
        "hi",
        "यह ये वह कौन क्या कहाँ कहां कब कैसे सच सही झूठ झूठा गलत नकली असली फर्जी स्रोत सबूत जाँच जांच करो करें कृपया धन्यवाद सच्चाई वाकई",
    ),
];

/// Words that stand beside those: for a message itself, for saying and knowing, and what is said to one another. By
/// themselves they may be what is asked for.
const BESIDE: &[(&str, &str)] = &[
    (
        "en",
        "whether nah telling told tells way come coming went read reading reads believe believed trust buy somehow again please message messages msg post posts posted tweet tweets claim claims claimed statement news story stories article \
         articles headline link quote quotes quoted text thing things stuff info information content video clip photo \
         picture pic pics image images screenshot thread comment report reports reported propaganda original say says \
         said saying tell told think know known mean means meant happen happens happened happening come comes came get \
         gets got give find found look looks looking like see seen seem seems sound sounds want need help let lets us u ur \
         yo r bro bruh dude man guys guy mate folks everyone anybody somebody someone hey hi hello ok okay oh lol lmao omg \
         wait hmm hm huh eh um uh actually actual totally even though still always ever yet yes no nope yeah yep maybe \
         possibly anyone somewhere anywhere there here now today asap quick quickly kindly one bot 100 1000 percent",
    ),
    (
        "es",
        "alguna alguno algún ninguna hay decir sale salió viene vino leído leí visto cree creer confiar me si mensaje publicación noticia noticias tuit afirmación artículo vídeo video foto imagen texto dice dicen dijo \
         dijeron sabe saben alguien puedes puede podrías pasó hola oye vale bueno ver tienes tienen de cierto revisa mira",
    ),
    (
        "fr",
        "vient vrai sort sortie d où lu vu croire crois savoir selon message publication info infos nouvelle article tweet vidéo photo image texte dit disent sait savez peux peut \
         pouvez quelqu quelqu'un salut bonjour ok bon voir regarde avez as penses pensez passé aux dessus ci là te t m il \
         faut",
    ),
    (
        "de",
        "jetzt gerade noch kommt komm stammt gelesen gehört glauben glaubst weisst weißt gesehen ob nachricht nachrichten meldung post beitrag tweet behauptung aussage artikel video foto bild text gesagt sagt \
         sagen weiß jemand kannst kann könnt könntest könnte mal schau guck hallo hey na ok passiert eigentlich dafür \
         dazu davon hier dran irgendwie denn etwa überhaupt so meint meinst hast gibts",
    ),
    (
        "nl",
        "komt vandaan gelezen gehoord gezien geloof geloven weet of bericht berichten nieuws post tweet bewering artikel video foto tekst zegt zeggen gezegd weet iemand kun kunt \
         kunnen even eens hallo hoi hé ok gebeurd hier daarvan ervan hiervan wel eigenlijk heb je jij nou toch",
    ),
    (
        "it",
        "viene qual quale letto visto credere sapere da messaggio notizia notizie post tweet affermazione articolo video foto immagine testo dice dicono detto sa sapete \
         qualcuno puoi può potete potresti ciao ehi ok successo vedere guarda per",
    ),
    (
        "pt",
        "procede alguma algum vem veio qual quais li visto acreditar saber mensagem notícia notícias post tweet afirmação artigo vídeo foto imagem texto diz dizem disse sabe alguém pode \
         podes poderia oi olá ok aconteceu ver olha aí",
    ),
    ("ca", "missatge notícia article és és aquest algú pots"),
    ("sv", "meddelande nyhet inlägg artikel bild säger sade någon hej ok hänt detta här verkligen är finns"),
    ("da", "besked nyhed opslag artikel billede siger nogen hej er det kan du finnes sagt"),
    ("no", "melding nyhet innlegg artikkel bilde sier noen hei er det kan du sagt"),
    ("fi", "viesti uutinen juttu kuva onko on voitko joku hei"),
    ("pl", "jakie jaka jaki skąd masz macie wiadomość post artykuł zdjęcie czy jest możesz ktoś hej tak nie"),
    ("cs", "zpráva příspěvek článek fotka je můžeš někdo ahoj to"),
    ("ro", "mesaj știre postare articol poză este e poți cineva te salut"),
    ("hu", "üzenet hír cikk kép van ez tudod valaki szia"),
    ("el", "μήνυμα είδηση άρθρο είναι μπορείς κάποιος γεια σε"),
    ("tr", "mesaj haber gönderi makale fotoğraf mı mi mu mü var biri selam edebilir dedi söyledi"),
    (
        "ru",
        "вообще такое такой взято взял взялось читал слышал верить какой какая насколько а ли сообщение новость новости пост статья видео фото текст сказал сказали говорит кто-нибудь можешь можете привет есть ли",
    ),
    (
        "uk",
        "взагалі таке взято читав чув вірити який яка повідомлення новина новини допис стаття відео фото чи є хтось можеш можете привіт сказав",
    ),
    ("ar", "الرسالة رسالة الخبر خبر المنشور منشور الكلام كلام المقال صورة فيديو قال قالوا أحد يمكنك مرحبا هناك"),
    ("fa", "پیام خبر پست مقاله ویدیو عکس گفت گفته است هست آیا کسی می توانی میتونی سلام کن کنید را رو"),
    ("he", "הודעה ידיעה פוסט כתבה סרטון תמונה אמר האם יש מישהו אפשר היי את של"),
    (
        "id",
        "pesan berita postingan artikel video foto gambar bilang kata bisa dong kah kak min halo nih sih ya ga gak nggak atau bukan tidak itu",
    ),
    ("vi", "tin tức bài viết video ảnh nói có không phải là được với bạn cho hỏi cái ko k"),
    ("hi", "संदेश खबर ख़बर पोस्ट लेख वीडियो फोटो है हैं का की के को कहा किसी कोई इसे इसकी इसका बात भाई हेलो"),
];

/// The same in scripts that are written without spaces, as pieces that a run of characters is made of: those that point,
/// and those that stand beside them.
const POINTING_PIECES: &str = "\
    真 真的 真假 假 假的 假新闻 假新聞 是真是假 真实 真實 属实 屬實 确实 確實 可信 靠谱 靠譜 是不是 来源 來源 出处 出處 信源 证据 證據 查 查证 查證 \
    核实 核實 查核 核查 验证 驗證 求证 求證 求 确认 確認 证实 證實 辟谣 闢謠 谣言 謠言 吗 嗎 嘛 么 麼 这 這 那 谁 誰 什么 什麼 哪里 哪裡 哪裏 哪儿 \
    哪兒 哪 何时 何時 为什么 為什麼 怎么 怎麼 如何 请 請 请问 請問 谢谢 謝謝 拜托 拜託 检查 檢查 看看 对吗 對嗎 正确 正確 错 錯 \
    これ それ この その あれ 誰 何 どこ いつ なぜ 本当 ほんとう ほんと ホント 本物 偽物 偽 嘘 うそ ウソ デマ フェイク マジ まじ 事実 真実 真偽 \
    ソース 出典 情報源 根拠 証拠 確認 検証 調べて 確かめて チェック ファクトチェック お願い おねがい ください 下さい ありがとう 正しい \
    이거 이것 이게 이건 그거 그게 이 그 저 누가 누구 뭐 어디 어디서 언제 왜 진짜 진짜로 정말 정말로 사실 사실이 참 거짓 거짓말 가짜 가짜뉴스 \
    루머 팩트 팩트체크 출처 근거 증거 확인 검증 체크 부탁 부탁해 부탁드립니다 감사 감사합니다 고마워 맞아 맞나 맞나요 맞습니까 맞는 \
    จริง จริงๆ ปลอม เท็จ ข่าวปลอม ที่มา แหล่งที่มา แหล่งข่าว หลักฐาน ตรวจสอบ เช็ค เช็ก ยืนยัน นี่ นี้ นั่น นั้น มัน ใคร อะไร ที่ไหน เมื่อไร \
    ไหม มั้ย หรือ เหรอ หรอ รึ ช่วย กรุณา ขอ ขอบคุณ";

const BESIDE_PIECES: &str = "\
    的 是 有 没 沒 没有 沒有 了 呢 吧 啊 呀 哦 喔 不 会 會 能 可以 帮 幫 帮忙 幫忙 帮我 幫我 我 你 您 他们 他們 大家 有人 知道 一下 下 个 個 条 條 \
    则 則 消息 信息 訊息 新闻 新聞 文章 帖子 推文 图 圖 图片 圖片 视频 視頻 影片 说 說 说的 說的 说法 說法 话 話 事 事情 到底 究竟 还是 還是 在 从 從 \
    来 來 看 给 給 想 问 問 内容 內容 \
    は が を に で の と も か ね よ な って です でしょうか ですか ます ません だ だろう だっけ なの なんですか んですか これは あの という 話 \
    話し 記事 ニュース 投稿 ツイート 写真 画像 動画 内容 情報 して し した しました してください してもらえますか する できますか 言った 言って いる います \
    ある あります 教えて 見て ちょっと て みて でしょ でしょう じゃない だよね \
    이 가 은 는 을 를 의 에 도 야 이야 예요 이에요 에요 인가 인가요 입니까 임 이냐 냐 니 요 죠 인지 좀 이거는 뉴스 기사 글 메시지 사진 영상 내용 말 \
    소식 해 해줘 해주세요 해주실 래요 하세요 해봐 할 수 있어 있나요 있습니까 있나 있는 하는 한 했어 혹시 제발 알려줘 알려주세요 아시는 분 아니야 아니에요 아닌가 아닌가요 \
    ครับ ค่ะ คะ นะ จ้ะ จ้า ไม่ ใช่ เป็น ว่า หน่อย ที ให้ ได้ ข่าว โพสต์ ข้อความ บทความ รูป คลิป วิดีโอ เรื่อง ของ มี มา จาก พูด บอก เปล่า ป่าว ไหน";

/// Whether words claim or ask nothing of their own: all that they say could be said of any message.
pub fn adds_nothing(text: &str) -> bool {
    read(text).is_some()
}

/// Whether words speak of another message: they claim and ask nothing of their own, and point at something, as "is this
/// true?" and "source please" do. No words at all do, too: a question mark, a pointing finger. A lone small word doesn't,
/// as it may be a name.
pub fn speaks_of_another(text: &str) -> bool {
    read(text).is_some_and(|said| said.points)
}

/// What words say that could be said of any message.
#[derive(Debug, Clone, Copy)]
struct Said {
    /// Whether they point at what somebody else said.
    points: bool,
}

/// Reads words; `None` where they say anything of their own.
fn read(text: &str) -> Option<Said> {
    if text.len() > LONGEST || has_link(text) || Lines::of(text).quotes_words() {
        return None;
    }
    let text = without_marks(text, Handles::Cut);
    let words = words(&text);
    // Who writes everything in capitals shouts; a single word in capitals is a name.
    let shouts = words.len() > 1 && words.iter().all(|word| word.capitals || word.folded.chars().count() == 1);
    let mut said = Said { points: words.is_empty() };
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let run = run(&words, at);
        said.points |= if run > 0 {
            let characters: String = words.get(at..at + run)?.iter().map(|word| word.folded.as_str()).collect();
            cover(&characters)?
        } else {
            if word.capitals && !shouts && word.folded.len() <= NAME_IN_CAPITALS && is_small_word(&word.folded) {
                return None;
            }
            kind(&word.folded)?
        };
        at += run.max(1);
    }
    Some(said)
}

/// Up to how many letters a small word in capitals is a name: WHO, UN, IT.
const NAME_IN_CAPITALS: usize = 3;

/// How many words from a place on are one run of a script that is written without spaces, or with few that matter.
fn run(words: &[Word], at: usize) -> usize {
    let is_of_run = |word: &Word| word.folded.chars().all(is_unspaced);
    let rest = words.get(at..).unwrap_or_default();
    let mut length = 0;
    while let Some(word) = rest.get(length).filter(|word| is_of_run(word)) {
        let joins = length.checked_sub(1).and_then(|before| rest.get(before)).is_none_or(|last| last.end == word.start);
        if !joins {
            break;
        }
        length += 1;
    }
    length
}

fn is_unspaced(character: char) -> bool {
    matches!(character, 'ー' | '々')
        || matches!(
            character.script(),
            Script::Han | Script::Hangul | Script::Hiragana | Script::Katakana | Script::Thai
        )
        || ('\u{0E00}'..='\u{0E7F}').contains(&character)
}

/// The words, folded as a text's are.
struct Vocabulary {
    pointing: HashSet<String>,
    beside: HashSet<String>,
    /// Those that are pieces of a run, each with whether it points.
    pieces: Vec<(String, bool)>,
    /// The same words with every letter once, for those who draw them out: "reallyyy".
    drawn_out: HashSet<String>,
}

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    let of = |lists: &[(&str, &str)]| -> HashSet<String> {
        lists.iter().flat_map(|(_, list)| words(list)).map(|word| word.folded).collect()
    };
    let pieces =
        |list: &'static str, points: bool| list.split_ascii_whitespace().map(move |piece| (fold(piece), points));
    let (pointing, beside) = (of(POINTING), of(BESIDE));
    let drawn_out = pointing.iter().chain(&beside).map(|word| once_each(word)).collect();
    let pieces = pieces(POINTING_PIECES, true).chain(pieces(BESIDE_PIECES, false)).collect();
    Vocabulary { pointing, beside, pieces, drawn_out }
});

/// What a word says that could be said of any message: whether it points. `None` where it says more.
fn kind(folded: &str) -> Option<bool> {
    if VOCABULARY.pointing.contains(folded) {
        return Some(true);
    }
    let is_beside = VOCABULARY.beside.contains(folded) || is_small_word(folded) || is_empty_word(folded);
    // A letter by itself is the rest of an apostrophe or a short form.
    let is_letter = folded.len() == 1 && folded.bytes().all(|byte| byte.is_ascii_alphabetic());
    if is_beside || is_letter {
        return Some(false);
    }
    let letters: Vec<char> = folded.chars().collect();
    let is_drawn_out = letters.windows(3).any(|three| three.iter().all(|letter| Some(letter) == three.first()));
    (is_drawn_out && VOCABULARY.drawn_out.contains(&once_each(folded))).then_some(true)
}

/// A word with each letter that is written several times in a row written once.
fn once_each(word: &str) -> String {
    let mut last = None;
    word.chars().filter(|letter| last.replace(*letter) != Some(*letter)).collect()
}

/// Whether a run of characters is made of nothing but known pieces, and then whether any of them points.
fn cover(run: &str) -> Option<bool> {
    // For each place that pieces reach: whether one that points is among them, on the way that has most to say.
    let mut reached: Vec<Option<bool>> = vec![None; run.len() + 1];
    *reached.first_mut()? = Some(false);
    for at in 0..run.len() {
        let Some(points) = reached.get(at).copied().flatten() else { continue };
        let Some(rest) = run.get(at..) else { continue };
        for (piece, piece_points) in VOCABULARY.pieces.iter().filter(|(piece, _)| rest.starts_with(piece.as_str())) {
            if let Some(place) = reached.get_mut(at + piece.len()) {
                *place = Some(place.unwrap_or(false) | points | piece_points);
            }
        }
    }
    reached.last().copied().flatten()
}

#[cfg(test)]
#[path = "remarks_cases.rs"]
mod cases;
