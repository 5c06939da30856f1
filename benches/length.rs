//! What a question takes by its length: microseconds for each kilobyte of it, for texts of many kinds.
//!
//! `cargo bench --no-default-features --bench length` prints a table. A row that rises from left to right shows work
//! that grows faster than the text.
//!
//! With a row and a number of bytes after `--` it asks that one text once, after all rows at the first length have been
//! asked, in [`counted`]: under `valgrind --tool=callgrind --toggle-collect=*counted*` that gives instructions, which are
//! the same however busy the machine is.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement stops at the first thing that goes wrong")]

#[path = "generated/shipped.rs"]
mod shipped;

use std::time::{Duration, Instant};

use onrecord::{
    app::App,
    desk::{Invocation, Request},
    model::{Identity, Platform},
};
use shipped::shipped;

/// In bytes; the last is the longest message that is read.
const LENGTHS: [usize; 4] = [1 << 10, 1 << 12, 1 << 13, 1 << 14];

/// How often each is asked; the median counts.
const ROUNDS: usize = 9;

/// What the texts are made of, again and again.
const KINDS: [(&str, &str); 17] = [
    ("English", ENGLISH),
    ("strange words", STRANGE),
    ("a Chinese message", CHINESE),
    ("wording", "Police stations were opened abroad without the consent of the host country. "),
    ("names", "Sydney Madrid Safeguard Defenders China New York Dublin "),
    ("words that nobody used", "qzxv wqjk zzyx kqwz "),
    ("one word", "x"),
    ("hashtags", "#PoliceStationSydney2022 "),
    ("handles and links", "@somebody https://example.org/a?b=c "),
    ("quoted lines", "> he said\n"),
    ("quotation marks", "\" “ « ' "),
    ("digits", "12,345 6.7 1e9 "),
    ("filters", "by:x place:\"y since:2020 "),
    ("Chinese", "警方海外服务站"),
    ("Thai", "สถานีตำรวจจีนในต่างประเทศ"),
    ("combining marks", "e\u{301}\u{302}\u{303}\u{304}\u{305} "),
    ("emoji", "👩‍👩‍👧‍👦🇦🇺 "),
];

/// A message of many words, none of them a typing error.
const ENGLISH: &str = "\
    I read somewhere that officers from abroad had opened offices in our town, above a shop near the harbour, and that \
    nobody at the council had been asked. A friend who works at the port says there was only a volunteer who helped \
    older people to renew their driving licences while flights were stopped. The newspaper wrote in September that a \
    group of researchers had counted more than fifty such places, most of them in Europe, and that the ministry began \
    to look into it a week later. The embassy answered that no police work was done there at all. Since then one \
    office has closed its doors, another moved to the next street, and the prosecutor has not said whether anybody \
    will be charged. What I would like to know is who said so first, on which day, and whether the mayor was told \
    before the report came out. My neighbour thinks the whole story was made up by people who sell books. I am not \
    so sure, because the photographs look real and the address is on the leaflet that they gave to my aunt. ";

/// Words that nobody used, each another.
const STRANGE: &str = "\
    brelquist vontarel miskadour plendrith ozzerbane truvickle hastromel quendiff larpostine jovandrel skimperaux \
    doltrevin framboskey urnaxilt peddoravic glynsterop wuxaberil navocrend tisk orvandule zemplaric kodrisane \
    bulthormey exivandor crannelup yostribeck fenduvar olquistrap dremmicole santovrick hurlegand vimotraxel pontelbry \
    archivund goslimper tevrandok nixolbury caffranden ruldovisk mothelgrane bixandury selvorpack quorimand ploxendery \
    dasverine wilkotrand ebransole fruntiveck japolindry kestomvar luvrendish zorbantyle hendrovask mulpicarde \
    thrixonel ganderolf pixovarn chestrublin odrivante raskolmey bintherock valsomprey ultrigene douskerpin frelmatov \
    sprindolax kyverdunt homaskelby norbitrax welmandris tolvexine pradumical jestrolben crovandish immolterk \
    alquedron burstivane zintocray mervoludge stapricole fendalworth oxintrebe quasmodell hirvendal lomprasket \
    diverstrom yaxolbridge trundivoke pelmascari cublentorf ravixendo skolumbard enthoperil gruzwald vintobrasse ";

/// A message in Chinese of many different characters.
const CHINESE: &str = "\
    我昨天在网上看到一篇文章，说有些国家的警察在外国的城市里开了办事处，没有得到当地政府的同意。文章里说，这些地方大多在餐馆或者商店的\
    楼上，平时只有几位志愿者，帮助老人更换驾驶执照和办理证件。记者去年九月问过大使馆，发言人回答那里从来没有警察工作，只是疫情时期飞机\
    停飞，大家回不了家，才设立了服务点。可是一个人权组织的报告认为，有人通过这些地方劝说嫌疑人回国，还打电话给他们的父母。后来荷兰和爱尔\
    兰的外交部要求关闭，德国的检察官也开始调查，结果到现在还没有公布。我的邻居住在悉尼，他告诉我附近的街道上并没有挂牌子，也没有见过穿制服\
    的人。我想知道的是，最早是谁说的，哪一天说的，登在哪一份报纸上，市长事先知不知道，议会有没有讨论，法院是不是已经判决。如果只有一个来源，\
    那么应该说明白；如果后来更正过，也请把更正一起给我看。谢谢你们认真核对这些消息，因为朋友之间转发的东西常常少了日期，多了形容词。";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [row, bytes] = arguments.as_slice() {
        return one_row(row, bytes.parse().unwrap());
    }
    let folder = tempfile::tempdir().unwrap();
    let app = shipped(folder.path());
    let columns: Vec<String> = LENGTHS.iter().map(|length| format!(" {} KB |", length / 1024)).collect();
    println!("| µs for each KB of |{}", columns.concat());
    println!("|---|{}", "---|".repeat(LENGTHS.len()));
    for command in ["source", "check"] {
        for (name, part) in KINDS {
            let cells: Vec<String> = LENGTHS.iter().map(|&length| cell(&app, command, part, length)).collect();
            println!("| `{command}`, {name} |{}", cells.concat());
        }
    }
}

/// Asks one row once. What is made when first needed is made before.
fn one_row(row: &str, bytes: usize) {
    let folder = tempfile::tempdir().unwrap();
    let app = shipped(folder.path());
    for command in ["source", "check"] {
        for (_, part) in KINDS {
            ask(&app, format!("{command} {}", text(part, LENGTHS[0])));
        }
    }
    for command in ["source", "check"] {
        for (name, part) in KINDS {
            if row == format!("{command}, {name}") {
                counted(&app, format!("{command} {}", text(part, bytes)));
            }
        }
    }
}

#[inline(never)]
fn counted(app: &App, line: String) {
    println!("{:?}", ask(app, line));
}

/// A text of so many bytes or a few less.
fn text(part: &str, length: usize) -> String {
    let mut text = part.repeat(length / part.len() + 1);
    text.truncate(text.floor_char_boundary(length));
    text
}

fn cell(app: &App, command: &str, part: &str, length: usize) -> String {
    let text = text(part, length);
    let mut times: Vec<Duration> = (0..ROUNDS).map(|_| ask(app, format!("{command} {text}"))).collect();
    times.sort_unstable();
    let took = times[ROUNDS / 2].as_nanos();
    format!(" {} |", took * 1024 / 1_000 / text.len() as u128)
}

fn ask(app: &App, line: String) -> Duration {
    let request = Request {
        actor: Identity::new(Platform::Terminal, "bench").unwrap(),
        conversation: "bench".to_owned(),
        invocation: Invocation::Text(line),
        origin: None,
        page_size: 5,
    };
    let started = Instant::now();
    std::hint::black_box(app.desk.answer(&request));
    started.elapsed()
}
