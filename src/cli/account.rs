//! Who sits at the machine: the account that the operating system runs the program under.

use std::sync::OnceLock;

use super::CliError;
use crate::model::{Identity, Platform};

/// Who sits at the machine. The name is that of the process's user id in the system's list of accounts; no variable of
/// the environment has a say in it, as everyone sets those as they like.
pub(super) fn account() -> Result<Identity, CliError> {
    static ACCOUNT: OnceLock<Identity> = OnceLock::new();
    if let Some(known) = ACCOUNT.get() {
        return Ok(known.clone());
    }
    let identity = Identity::new(Platform::Terminal, &name()?)
        .map_err(|error| CliError::Usage(format!("the account that runs the program: {error}")))?;
    Ok(ACCOUNT.get_or_init(|| identity).clone())
}

#[cfg(unix)]
fn name() -> Result<String, CliError> {
    let id = nix::unistd::getuid();
    let found = nix::unistd::User::from_uid(id)
        .map_err(|error| CliError::Usage(format!("the system's list of accounts can't be read: {error}")))?;
    // In a container a user id may have no name.
    Ok(found.map_or_else(|| format!("uid-{id}"), |user| user.name))
}

/// Elsewhere there is one account: whoever runs the program.
#[cfg(not(unix))]
fn name() -> Result<String, CliError> {
    Ok("local".to_owned())
}
