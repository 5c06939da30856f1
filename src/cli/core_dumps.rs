//! Core dumps: the memory of a bot holds its tokens and keys, and is not to be found in a file.

/// Sees to it that the process leaves no core dump, and that no other process of the same user reads its
/// memory. What the system refuses is logged.
pub(super) fn forbid() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let none = Rlimit { current: Some(0), maximum: Some(0) };
        if let Err(error) = setrlimit(Resource::Core, none) {
            tracing::warn!(%error, "core dumps can't be switched off; a crash may leave the bot's secrets in a file");
        }
    }
    // A handler that core dumps are piped to gets them whatever their limit (Linux, core(5)); from a process
    // that isn't dumpable it gets none.
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        if let Err(error) = set_dumpable_behavior(DumpableBehavior::NotDumpable) {
            tracing::warn!(%error, "core dumps can't be switched off; a crash may leave the bot's secrets in a file");
        }
    }
}
