//! The fields of sources.

use super::{
    Field, FieldKind, ORGANISATIONS, WhenAsked, at, field,
    shared::{CONFIRM, CORRECTION, NOTE, SUGGESTION},
};
use crate::model::{Seen, SourceKind};

pub(super) static FIELDS: &[Field] = &[
    field("url", "Address", "The address of the report, as its publisher writes it", FieldKind::Address)
        .also(&["address", "link"])
        .at_most(2_000)
        .held(at("url", "Address").turns(40, 40)),
    field("title", "Headline", "The headline as published; never made up", FieldKind::Words)
        .also(&["headline"])
        .held(at("name.title", "Headline").packed_as("title").instead_of("name.description").turns(10, 20)),
    field(
        "publisher",
        "Publisher",
        "The organisation that published it, by name or id",
        FieldKind::Entity(ORGANISATIONS),
    )
    .required()
    .held(at("publisher", "Publisher").turns(60, 60)),
    field("copy-of", "Copy of", "The source whose text it copies or translates, by address or id", FieldKind::Source)
        .asked(WhenAsked::ByNameAlone)
        .held(at("copy_of", "Copy of").turns(65, 65)),
    field("published", "Date of publication", "As precisely as it is known: 2022-10-26", FieldKind::Date)
        .also(&["date"])
        .held(at("published", "Published").turns(70, 80)),
    field("language", "Language", "The language it is written in, like en or Dutch", FieldKind::Language)
        .required()
        .also(&["lang"])
        .held(at("language", "Language").turns(80, 90)),
    field("kind", "Kind of publication", "news_article if nothing is given", FieldKind::Choice(SourceKind::WORDS))
        .held(at("kind", "Kind").turns(30, 10)),
    field("description", "Description", "What it is, where its headline was not seen", FieldKind::Words)
        .asked(WhenAsked::Without("title"))
        .held(
            at("name.description", "Our description").packed_as("description").instead_of("name.title").turns(20, 30),
        ),
    field("authors", "Authors, one a line", "As the publisher names them", FieldKind::Words)
        .several()
        .also(&["author"])
        .held(at("authors", "Authors").turns(90, 70)),
    field("archive", "Archived copy", "The address of an archived copy", FieldKind::Address)
        .also(&["archive-url"])
        .at_most(2_000)
        .asked(WhenAsked::ByNameAlone)
        .held(at("archive_url", "Archived copy").turns(50, 50)),
    field("accessed", "Last read", "When it was last read", FieldKind::Date)
        .asked(WhenAsked::ByNameAlone)
        .held(at("accessed", "Last read").not_in_replies().turns(100, 100)),
    field("seen", "How it was read", "full if nothing is given, excerpt, or cited", FieldKind::Choice(Seen::WORDS))
        .asked(WhenAsked::ByNameAlone)
        .held(at("seen", "Read").turns(110, 110)),
    field(
        "remark",
        "Remark for editors",
        "What other editors must know about it; readers don't see it",
        FieldKind::Words,
    )
    .asked(WhenAsked::ByNameAlone)
    .held(at("note", "Remark").turns(120, 120)),
    NOTE,
    CORRECTION,
    SUGGESTION,
    CONFIRM,
];
