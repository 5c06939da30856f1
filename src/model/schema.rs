//! JSON Schema of the types whose only form is their text, for editors of packs and readers of JSON.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

macro_rules! text_schema {
    ($type:ty, $name:literal, $description:literal, $pattern:literal, $maximum:expr) => {
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({
                    "type": "string",
                    "description": $description,
                    "pattern": $pattern,
                    "maxLength": $maximum,
                })
            }
        }
    };
}

text_schema!(
    super::Key,
    "Key",
    "A stable key: lower-case letters and digits in groups joined by single hyphens.",
    "^[a-z0-9]+(-[a-z0-9]+)*$",
    super::Key::MAX_LENGTH
);
text_schema!(
    super::SingleLine,
    "Line",
    "Text of one line, without white space at its ends.",
    r"^\S(.*\S)?$",
    super::SingleLine::MAX_CHARS
);
text_schema!(
    super::ShortWording,
    "ShortWording",
    "A statement's wording in one short line.",
    r"^\S(.*\S)?$",
    super::ShortWording::LONGEST
);
text_schema!(
    super::Gist,
    "Gist",
    "What was answered, in a few words that follow the responder's name.",
    r"^\S(.*\S)?$",
    super::Gist::LONGEST
);
text_schema!(
    super::Language,
    "Language",
    "A language tag as in BCP 47, like en, zh or pt-BR.",
    "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
    35
);
text_schema!(
    super::Date,
    "Date",
    "A year, a month or a day, as precisely as it is known. Leave an unknown date out.",
    r"^\d{4}(-\d{2}(-\d{2})?)?$",
    10
);
text_schema!(
    super::WebAddress,
    "WebAddress",
    "An absolute http or https address.",
    "^https?://[^/@]+(/|$|[?#])",
    super::WebAddress::MAX_LENGTH
);
text_schema!(
    super::CatalogueEntry,
    "CatalogueEntry",
    "The address of an entry of Wikidata or GeoNames, like https://www.wikidata.org/wiki/Q3130 or \
     https://www.geonames.org/2147714.",
    r"^https?://(((www|m)\.)?wikidata\.org/(wiki|entity|wiki/Special:EntityPage)/[Qq]|((www|sws)\.)?geonames\.org/)[1-9][0-9]*",
    super::WebAddress::MAX_LENGTH
);
