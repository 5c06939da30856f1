//! The fields of statements.

use super::{
    Field, FieldKind, SPEAKERS, WhenAsked, at, field,
    shared::{CONFIRM, CORRECTION, NOTE, QUOTE, QUOTE_LANGUAGE, SAID, SOURCE, SUGGESTION, TEXT},
};
use crate::model::{EntityKind, ShortWording};

pub(super) static FIELDS: &[Field] = &[
    field("speaker", "Speaker", "Who said it: a person or an organisation, by name or id", FieldKind::Entity(SPEAKERS))
        .required()
        .also(&["by"])
        .held(at("speaker", "Speaker").column("who").turns(10, 10)),
    TEXT,
    SOURCE,
    SAID,
    field(
        "about",
        "About, one a line",
        "What it is about: places, organisations, people, topics",
        FieldKind::Entity(EntityKind::ALL),
    )
    .several()
    .held(at("about", "About").column("about").turns(80, 80)),
    field("speaker-role", "Role of the speaker then", "The office held when it was said", FieldKind::Words)
        .also(&["role"])
        .held(at("speaker_role", "Role then").column("role").turns(20, 20)),
    QUOTE,
    QUOTE_LANGUAGE,
    field(
        "short",
        "Wording in short",
        "The wording in at most 150 characters, where it is longer; no part of its sense may go",
        FieldKind::Words,
    )
    .at_most(ShortWording::LONGEST)
    .asked(WhenAsked::ByNameAlone)
    .held(at("short", "In short").column("in short").condenses("text").turns(45, 45)),
    NOTE,
    CORRECTION,
    SUGGESTION,
    CONFIRM,
];
