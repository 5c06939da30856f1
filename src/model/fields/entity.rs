//! The fields of entities.

use super::{
    Field, FieldKind, ORGANISATIONS, WhenAsked, at, field,
    shared::{CONFIRM, CORRECTION, NOTE, SUGGESTION},
};
use crate::model::EntityKind;

pub(super) static FIELDS: &[Field] = &[
    field("name", "Name", "The name in English", FieldKind::Words)
        .required()
        .at_most(200)
        .held(at("name", "Name").turns(10, 20)),
    field("kind", "Kind", "place, organisation, person or topic", FieldKind::Choice(EntityKind::WORDS))
        .required()
        .held(at("kind", "Kind").turns(20, 10)),
    field(
        "part-of",
        "Part of",
        "The place or organisation that it lies in or belongs to",
        FieldKind::Entity(EntityKind::ALL),
    )
    .also(&["in"])
    .held(at("part_of", "Part of").not_in_replies().turns(40, 40)),
    field("aliases", "Other names, one a line", "Each with its language: 悉尼 (zh)", FieldKind::Alias)
        .several()
        .also(&["alias"])
        .held(at("aliases", "Other names").not_in_replies().turns(30, 30)),
    field("description", "Description", "What it is, in a few words of ours", FieldKind::Words)
        .held(at("description", "Description").not_in_replies().turns(50, 50)),
    field("role", "Office of a person", "The office held, as last known", FieldKind::Words)
        .asked(WhenAsked::If("kind", "person"))
        .held(at("role", "Office").not_in_replies().turns(60, 60)),
    field(
        "affiliation",
        "Organisation of a person",
        "The organisation that the person acts for",
        FieldKind::Entity(ORGANISATIONS),
    )
    .asked(WhenAsked::If("kind", "person"))
    .held(at("affiliation", "Affiliation").not_in_replies().turns(70, 70)),
    field(
        "same-as",
        "In Wikidata and GeoNames, one a line",
        "Its addresses: https://www.wikidata.org/wiki/Q3130, https://www.geonames.org/2147714",
        FieldKind::Catalogue,
    )
    .several()
    .also(&["same", "wikidata", "geonames"])
    .at_most(2_000)
    .asked(WhenAsked::ByNameAlone)
    .held(at("same_as", "Same as").turns(80, 80)),
    NOTE,
    CORRECTION,
    SUGGESTION,
    CONFIRM,
];
