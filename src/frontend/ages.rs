//! How long a question is worth an answer, and how long one is waited for.

use std::time::Duration;

/// How long an answer follows the edits of its question. The limit is ours.
pub const FOLLOWS: Duration = Duration::from_secs(15 * 60);

/// How old a question may be that a connection brings late: who asked may still wait for it. The limit is ours.
pub const LATE: Duration = Duration::from_secs(10 * 60);

/// How long answers in flight are waited for at the end. The limit is ours.
pub const SHUTDOWN_GRACE: Duration = Duration::from_secs(10);
