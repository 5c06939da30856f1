//! What a person sees of an answer, without Matrix: for documentation and for tests.

use super::{answer::show, packing::message_parts};
use crate::{commands::calls, reply::Reply};

/// One message of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatrixPreview {
    /// Its HTML.
    pub html: String,
    /// The same for clients that show no HTML.
    pub plain: String,
}

/// Shows a reply, message by message; `prefix` stands before requests.
#[must_use]
pub fn preview(reply: &Reply, prefix: &str) -> Vec<MatrixPreview> {
    // Where a reaction leads can't be seen.
    let here = calls::more();
    (0..message_parts(reply, prefix).len())
        .map(|part| {
            let content = show(reply, Some(&here), part, prefix).content;
            let text = |name: &str| content[name].as_str().unwrap_or_default().to_owned();
            MatrixPreview { html: text("formatted_body"), plain: text("body") }
        })
        .collect()
}
