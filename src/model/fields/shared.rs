//! The fields that several kinds of record have, and those that every proposal has.

use super::{Field, FieldKind, WhenAsked, at, field};

pub(super) const TEXT: Field =
    field("text", "Wording", "What was said, in neutral words of ours: “It was said that …”", FieldKind::Words)
        .required()
        .also(&["wording"])
        .at_most(2_000)
        .held(at("text", "Wording").column("text").turns(40, 40));
pub(super) const SOURCE: Field = field(
    "source",
    "Sources, one a line",
    "An address or an id like D3; then original, republication or cites; then where in it",
    FieldKind::Citation,
)
.required()
.several()
.also(&["sources", "url", "cite"])
.at_most(4_000)
.held(at("citations", "Sources").column("original reporting").turns(90, 90));
pub(super) const SAID: Field =
    field("said", "Date it was said", "As precisely as it is known: 2022, 2022-10 or 2022-10-26", FieldKind::Date)
        .also(&["date", "on"])
        .held(at("said", "Said").column("year").turns(70, 70));
pub(super) const QUOTE: Field =
    field("quote", "In their own words", "The words as the source has them, without quotation marks", FieldKind::Quote)
        .at_most(2_000)
        .held(at("quote.text", "Quote").packed_as("quote").column("quote").turns(50, 50));
pub(super) const QUOTE_LANGUAGE: Field =
    field("quote-language", "Language of the quote", "Its code or English name, like nl or Dutch", FieldKind::Language)
        .also(&["quote-lang"])
        .asked(WhenAsked::With("quote"))
        .held(
            at("quote.language", "Language of the quote")
                .packed_as("quote_language")
                .column("language of the quote")
                .rests_on("quote.text")
                .turns(60, 60),
        );

// What is asked for with every record and belongs to the proposal.
pub(super) const NOTE: Field =
    field("note", "Note to the reviewer", "Why, and what to look at; readers don't see it", FieldKind::Words)
        .also(&["why", "reason"])
        .asked(WhenAsked::Once);
pub(super) const CORRECTION: Field = field(
    "correction",
    "What readers must be told",
    "Of an edit: what was wrong, for readers of the earlier version; nothing if the sense is the same",
    FieldKind::Words,
)
.asked(WhenAsked::ByNameAlone);
pub(super) const SUGGESTION: Field =
    field("suggestion", "Suggestion taken up", "The number of the suggestion, from the queue", FieldKind::Number)
        .asked(WhenAsked::ByNameAlone);
pub(super) const CONFIRM: Field =
    field("confirm", "Confirmation", "yes, where something looks like a mistake and isn't", FieldKind::Confirmation)
        .asked(WhenAsked::ByNameAlone);
