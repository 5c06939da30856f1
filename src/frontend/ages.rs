//! How long a question is worth an answer.

use std::time::Duration;

/// How long an answer follows the edits of its question. The limit is ours.
pub const FOLLOWS: Duration = Duration::from_secs(15 * 60);

/// How old a question may be that a connection brings late: who asked may still wait for it. The limit is ours.
pub const LATE: Duration = Duration::from_secs(10 * 60);
