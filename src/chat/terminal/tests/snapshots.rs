//! What answers look like.

use insta::assert_snapshot;

use super::{plain, rich, samples};
use crate::{
    chat::terminal::{Settings, Surface, intro, render, render::render_text},
    reply::{Entry, EntryKind, Outcome, Page, Reply, Text},
};

#[test]
fn an_answer_reads_well_without_colours_at_any_width() {
    assert_snapshot!("city_40", render(&samples::city(), &plain(40)));
    assert_snapshot!("city_80", render(&samples::city(), &plain(80)));
    assert_snapshot!("city_120", render(&samples::city(), &plain(120)));
}

#[test]
fn every_part_of_a_document_is_drawn() {
    assert_snapshot!("everything_40", render(&samples::everything(), &plain(40)));
    assert_snapshot!("everything_80", render(&samples::everything(), &plain(80)));
}

#[test]
fn colours_and_links_are_added_where_they_are_seen() {
    assert_snapshot!("everything_80_rich", shown(&render(&samples::everything(), &rich(80))));
}

#[test]
fn without_unicode_our_own_signs_are_ascii() {
    let settings = Settings { unicode: false, ..plain(80) };
    let drawn = render(&samples::city(), &settings);
    assert_snapshot!("city_80_ascii", drawn);
    let foreign: String = drawn.chars().filter(|character| !character.is_ascii()).collect();
    // What is left is the records' own.
    assert_eq!(foreign.replace(['—', '·'], ""), "");
}

#[test]
fn suggested_requests_are_typed_as_the_place_takes_them() {
    let page = |number| Page::new(number, 3, "source china's embassy \"refused to comment\"".to_owned());
    let reply = |number| Reply::new(Outcome::Answered).paragraph("Two.").on_page(page(number)).action("Help", "help");
    let mut drawn = String::new();
    for (place, prefix) in [(Surface::Console, "!"), (Surface::Pipe, ""), (Surface::CommandLine, "onrecord ")] {
        for number in [1, 3] {
            let settings = Settings { place, prefix: prefix.to_owned(), ..plain(100) };
            drawn.push_str(&render(&reply(number), &settings));
        }
    }
    assert_snapshot!(drawn, @r#"
    Two.

    ────────────────────────────────────────────────────────────────────────────────────────────────────
    Page 1 of 3  next: !more or Enter, or !source china's embassy "refused to comment" page:2
    Help         !help
    Two.

    ────────────────────────────────────────────────────────────────────────────────────────────────────
    Page 3 of 3  the last; the one before: !source china's embassy "refused to comment" page:2
    Help         !help
    Two.

    ────────────────────────────────────────────────────────────────────────────────────────────────────
    Page 1 of 3  next: more, or source china's embassy "refused to comment" page:2
    Help         help
    Two.

    ────────────────────────────────────────────────────────────────────────────────────────────────────
    Page 3 of 3  the last; the one before: source china's embassy "refused to comment" page:2
    Help         help
    Two.

    ────────────────────────────────────────────────────────────────────────────────────────────────────
    Page 1 of 3  next: onrecord source 'china'\''s' embassy "refused to comment" page:2
    Help         onrecord help
    Two.

    ────────────────────────────────────────────────────────────────────────────────────────────────────
    Page 3 of 3  the last; the one before:
                 onrecord source 'china'\''s' embassy "refused to comment" page:2
    Help         onrecord help
    "#);
}

#[test]
fn an_entry_with_an_id_longer_than_ids_are_still_has_its_byline() {
    let reply = Reply::new(Outcome::Answered)
        .entry(Entry::new(EntryKind::Statement, "S1234567890123", Text::new().strong("A speaker")))
        .entry(Entry::new(EntryKind::Statement, "S1", Text::new().strong("Another")));
    assert_snapshot!(render(&reply, &plain(60)), @r#"
    S1234567890123 A speaker · date not on record

    S1       Another · date not on record
    "#);
}

#[test]
fn the_opening_line_says_what_there_is_and_how_to_begin() {
    assert_snapshot!(render_text(&intro(140, 1, 160), &plain(80)), @r#"
    Onrecord: 140 statements, 1 response and 160 sources on record. Ask with
    `!source NAME`; !help says what else can be asked; !exit or Ctrl-D leaves.
    "#);
}

/// Escape characters as they can be read.
fn shown(drawn: &str) -> String {
    drawn.replace('\u{1b}', "␛")
}
