//! Names out of public catalogues: what an extract of Wikidata or GeoNames calls the entities on record, as proposals of
//! other names for them.
//!
//! An extract only ever adds: nothing that is on record is changed or taken away, and a second person approves what is
//! added. It knows no SQL and no command line.

mod extract;
mod fresh;
mod geonames;
mod languages;
mod read;
mod suggest;
mod wikidata;

pub use extract::{BrokenLine, Extract, FoundName, NameRole};
pub use fresh::{NameLeftOut, WhyLeftOut};
pub use read::{ExtractError, read_extract, read_extract_from};
pub use suggest::{AwaitingReview, NameProposal, NameSuggestions, licence, suggest_names, wanted_entries};
