//! A message of the bot's own, as it is remembered.

use jiff::Timestamp;

use crate::model::{Platform, Sequence};

/// A message of the bot's own that answers someone's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Where.
    pub platform: Platform,
    /// The id of the message that asked.
    pub question: String,
    /// The channel of both.
    pub channel: String,
    /// The id of the bot's message.
    pub answer: String,
    /// The ids of the entries that it shows.
    pub entries: Vec<String>,
    /// How far the history went in what it shows. Where that is known, a correction reaches the message also if it
    /// was approved before the message was on record.
    pub as_of: Option<AsOf>,
    /// When.
    pub at: Timestamp,
}

/// How far the history went when records were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsOf {
    /// Up to the change at this place.
    Place(Sequence),
    /// Up to about this time, by someone else's clock.
    Time(Timestamp),
}
