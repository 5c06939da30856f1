//! The fields of responses.

use super::{
    Field, FieldKind, SPEAKERS, at, field,
    shared::{CONFIRM, CORRECTION, NOTE, QUOTE, QUOTE_LANGUAGE, SAID, SOURCE, SUGGESTION, TEXT},
};
use crate::model::{Gist, ResponseKind};

pub(super) static FIELDS: &[Field] = &[
    field("to", "Answers, one a line", "The statements that it answers, by id: S12", FieldKind::Statement)
        .required()
        .several()
        .held(at("to", "Answers").column("answers").turns(30, 10)),
    field(
        "responder",
        "Responder",
        "Who answered: a person or an organisation, by name or id",
        FieldKind::Entity(SPEAKERS),
    )
    .required()
    .also(&["by"])
    .held(at("responder", "Responder").column("who").turns(20, 20)),
    field(
        "kind",
        "Kind of answer",
        "denial, rejection, confirmation, no_comment, …",
        FieldKind::Choice(ResponseKind::WORDS),
    )
    .required()
    .held(at("kind", "Kind").column("kind of response").turns(10, 30)),
    TEXT,
    SOURCE,
    SAID,
    QUOTE,
    QUOTE_LANGUAGE,
    field(
        "gist",
        "Answer in a few words",
        "At most 40 characters that follow the name: had closed; knew of no such station",
        FieldKind::Words,
    )
    .at_most(Gist::LONGEST)
    .held(at("gist", "In a few words").column("in short").condenses("text").turns(45, 45)),
    NOTE,
    CORRECTION,
    SUGGESTION,
    CONFIRM,
];
