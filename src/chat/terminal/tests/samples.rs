//! Replies made by hand: one like the desk's answer about a city, and one with every part of a
//! document. Names that end in `.example` are nobody's.

use crate::{
    model::{Date, WebAddress},
    reply::{Entry, EntryKind, Fact, Notice, Outcome, Page, Quoted, Reply, SourceLine, SourceOrigin, Span, Text},
};

pub(super) fn date(text: &str) -> Date {
    text.parse().unwrap()
}

pub(super) fn address(text: &str) -> WebAddress {
    text.parse().unwrap()
}

pub(super) fn source(id: &str, origin: SourceOrigin, publisher: &str) -> SourceLine {
    SourceLine {
        origin,
        id: id.to_owned(),
        publisher: publisher.to_owned(),
        date: None,
        title: None,
        language: None,
        address: None,
        archive: None,
        locator: None,
        notices: Vec::new(),
    }
}

/// As the answer about Sydney on the shipped records begins.
pub(in crate::chat) fn city() -> Reply {
    let abc = SourceLine {
        date: Some(date("2022-10")),
        title: Some("China establishing overseas police presence in Australia and around the world".to_owned()),
        ..source("D2", SourceOrigin::Original, "ABC News (Australia)")
    };
    let estimates = SourceLine {
        date: Some(date("2022-11-08")),
        title: Some(
            "Australian Federal Police tells Senate estimates it does not believe China has an active police \
             presence in Australia"
                .to_owned(),
        ),
        address: Some(address("https://amp.abc.net.au/article/101627970")),
        ..source("D3", SourceOrigin::Carried, "ABC News (Australia)")
    };
    let suara = SourceLine {
        date: Some(date("2022-10-17")),
        title: Some("Untuk Apa Polisi China Membuka Kantor-Kantor Polisi di Luar Negaranya?".to_owned()),
        language: Some("Indonesian".to_owned()),
        address: Some(address(
            "https://www.suara.com/news/2022/10/17/030000/untuk-apa-polisi-china-membuka-kantor-kantor-polisi-di-luar-negaranya",
        )),
        ..source("D149", SourceOrigin::Carried, "Suara")
    };

    let mut founded = Entry::new(
        EntryKind::Statement,
        "S131",
        Text::new().strong("ABC News (Australia)").plain(" (Broadcaster, as cited by the Daily Mail)"),
    );
    founded.date = Some(date("2022-10"));
    founded.text = "The ABC reported that a Chinese police operation in Sydney was set up in 2018 by a public \
                    security department; later ABC reporting names the department of the city of Wenzhou."
        .to_owned();
    founded.sources = vec![abc.clone(), estimates.clone(), suara.clone()];
    founded.more_sources = 1;

    let mut silent = Entry::new(
        EntryKind::Response,
        "R1",
        Text::new().strong("Consulate-General of China in Sydney").plain(" — did not respond"),
    );
    silent.date = Some(date("2022-10"));
    silent.text = "The ABC, in its Indonesian version, said that the consulate-general in Sydney did not answer its \
                   request for comment."
        .to_owned();
    silent.sources = vec![abc.clone(), suara];
    let mut police =
        Entry::new(EntryKind::Response, "R90", Text::new().strong("Ian McCartney").plain(" — clarification"));
    police.date = Some(date("2022-11-08"));
    police.text = "A deputy commissioner of the federal police told senators that he did not believe that the \
                   contact point was active; he would not say whether it had been."
        .to_owned();
    police.quote = Some(Quoted { text: "I don't believe it's active".to_owned(), language: None });
    police.sources = vec![SourceLine { origin: SourceOrigin::Original, ..estimates }];
    founded.responses = vec![silent, police];
    founded.more_responses = 2;

    let mut harth = Entry::new(
        EntryKind::Statement,
        "S112",
        Text::new().strong("Laura Harth").plain(" (Campaign director, Safeguard Defenders)"),
    );
    harth.date = Some(date("2022-10"));
    harth.text = "Laura Harth told the ABC that the contact point in Sydney resembled Chinese overseas police \
                  stations in other countries."
        .to_owned();
    harth.sources = vec![abc];

    Reply::new(Outcome::Answered)
        .heading(Text::new().strong("Sydney").plain(", a place in New South Wales, Australia"))
        .paragraph("9 statements · 11 responses · 17 sources")
        .entry(founded)
        .entry(harth)
        .on_page(Page::new(1, 4, "source sydney".to_owned()))
}

/// Every block, span, notice and kind of entry.
pub(in crate::chat) fn everything() -> Reply {
    let mut statement = Entry::new(
        EntryKind::Statement,
        "S7",
        Text::new().strong("驻悉尼总领事馆").plain(" (Spokesperson, Consulate of Exampleland)"),
    );
    statement.notices = vec![
        Notice::Retracted { on: date("2026-11-01"), reason: "the report was withdrawn by its publisher".to_owned() },
        Notice::Corrected { on: date("2026-10-02"), reason: "the date was that of a reprint".to_owned() },
    ];
    statement.text = "The spokesperson said that the centre only renewed driving licences.".to_owned();
    statement.quote = Some(Quoted {
        text: "中心由志愿者运营，只协助海外侨胞办理驾驶证换证等事务，并非所谓的“警察站”。相关指控完全是捕风捉影，造谣抹黑。"
            .to_owned(),
        language: Some("Chinese".to_owned()),
    });
    statement.details = vec![
        Text::new().plain("About: Sydney ").id("E12").plain(", overseas police stations ").id("E40"),
        Text::new().plain("Last vetted ").date(date("2026-11-20")),
    ];
    statement.sources = vec![
        SourceLine {
            date: Some(date("2022-10-26")),
            title: Some("Consulate says volunteers renew licences".to_owned()),
            address: Some(address("https://news.example.org/2022/10/26/consulate-volunteers")),
            archive: Some(address("https://archive.example.org/web/2022/consulate")),
            locator: Some("paragraph 4".to_owned()),
            notices: vec![Notice::Corrected { on: date("2022-10-28"), reason: "the headline was changed".to_owned() }],
            ..source("D1", SourceOrigin::Original, "Example News")
        },
        SourceLine {
            title: Some("Freiwillige verlängern Führerscheine".to_owned()),
            language: Some("German".to_owned()),
            address: Some(address("https://bücher.example.org/führerschein")),
            ..source("D2", SourceOrigin::Carried, "Bücherblatt")
        },
        SourceLine { date: Some(date("2022")), ..source("D3", SourceOrigin::Carried, "Example Wire") },
    ];
    statement.more_sources = 1;
    let mut response =
        Entry::new(EntryKind::Response, "R3", Text::new().strong("Ministry of Examples").plain(" — no comment"));
    response.text = "The ministry had no comment.".to_owned();
    response.sources = vec![SourceLine {
        date: Some(date("2022-10-26")),
        address: Some(address("https://news.example.org/2022/10/26/consulate-volunteers")),
        notices: vec![Notice::Corrected { on: date("2022-10-28"), reason: "the headline was changed".to_owned() }],
        ..source("D1", SourceOrigin::Original, "Example News")
    }];
    statement.responses = vec![response];
    statement.more_responses = 3;

    let mut publication =
        Entry::new(EntryKind::Source, "D1", Text::new().strong("Example News").plain(" — news article"));
    publication.date = Some(date("2022-10-26"));
    publication.sources = vec![SourceLine {
        date: Some(date("2022-10-26")),
        title: Some("Consulate says volunteers renew licences".to_owned()),
        address: Some(address("https://news.example.org/2022/10/26/consulate-volunteers")),
        ..source("D1", SourceOrigin::Original, "Example News")
    }];
    let mut change = Entry::new(EntryKind::Change, "C41", Text::new().strong("Correct the date of S7"));
    change.details = vec!["Waits for a reviewer".into()];

    Reply::new(Outcome::Answered)
        .heading("Sydney and the driving licences")
        .paragraph(
            Text::new()
                .plain("Beside ")
                .strong("two names")
                .plain(" there are ")
                .ask("source by:\"laura harth\" page:2")
                .plain(", ")
                .syntax("by:NAME")
                .plain(" and ")
                .syntax("place:PLACE since:DATE")
                .plain("; see ")
                .span(Span::Link { text: "the archive".to_owned(), address: address("https://archive.example.org/") })
                .plain(" of ")
                .date(date("2022-10")),
        )
        .hint(Text::new().plain("“sydeny” was read as Sydney; ").ask("help source").plain(" says more."))
        .warning("2 entries that this answer showed before were corrected since.")
        .facts(vec![
            Fact { label: "Part of".into(), value: "New South Wales, Australia".into() },
            Fact {
                label: "Also called".into(),
                value: "Sídney, Syndey, 悉尼, シドニー, Сидней, سيدني and the Harbour City".into(),
            },
        ])
        .list(vec![
            Text::new().ask("source sydney").plain(" — what is on record about it, in the order of the question"),
            Text::new()
                .span(Span::Link { text: "One".to_owned(), address: address("https://one.example.org/") })
                .plain(" and ")
                .span(Span::Link { text: "another".to_owned(), address: address("https://two.example.org/") }),
        ])
        .heading("Entries")
        .entry(statement)
        .entry(publication)
        .entry(change)
        .on_page(Page::new(4, 4, "source sydney".to_owned()))
        .action("History of S7", "history S7")
}
