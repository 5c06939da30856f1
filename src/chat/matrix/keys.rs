//! The bot's own keys: cross-signing, so that its device is trusted; the backup; and the recovery key.

use std::time::Duration;

use matrix_sdk::{Client, encryption::recovery::RecoveryState};

use super::{
    account::{SignedIn, sign_in},
    error::MatrixError,
    folder::SessionFolder,
};
use crate::config::MatrixConfig;

/// How long the homeserver is waited for by the one who wants the recovery key.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Sets up cross-signing and the backup as far as that isn't done, and says what is missing.
pub(super) async fn set_up(client: &Client, config: &MatrixConfig) {
    let encryption = client.encryption();
    encryption.wait_for_e2ee_initialization_tasks().await;
    let complete = async || encryption.cross_signing_status().await.is_some_and(|status| status.is_complete());
    if !complete().await
        && let Some(key) = &config.recovery_key
    {
        match encryption.recovery().recover_and_fix_backup(key.reveal().trim()).await {
            Ok(()) => tracing::info!("the keys were taken over; MATRIX_RECOVERY_KEY may be removed now"),
            Err(error) => {
                tracing::error!(%error, "MATRIX_RECOVERY_KEY doesn't open the account's secret storage; the keys were not taken over")
            }
        }
    }
    if !complete().await {
        tracing::warn!(
            "this device is not verified, as the account's cross-signing keys are not here: set MATRIX_RECOVERY_KEY for one start, or verify the device from another client of the account, or, for an account without such keys, set MATRIX_PASSWORD for one start"
        );
        return;
    }
    let verified = match encryption.get_own_device().await {
        Ok(Some(device)) if !device.is_cross_signed_by_owner() => device.verify().await.is_ok(),
        Ok(device) => device.is_some(),
        Err(_) => false,
    };
    let backed_up = encryption.backups().are_enabled().await;
    tracing::info!(matrix.verified = verified, matrix.backup = backed_up, "encryption is set up");
    if !backed_up {
        tracing::warn!(
            "the keys are not backed up, as the account has a backup from before: set MATRIX_RECOVERY_KEY for one start to take it over"
        );
    }
}

/// Makes a recovery key for the account and gives it, to be shown once. A former one is no longer valid.
///
/// # Errors
/// When the bot runs, isn't signed in, or the homeserver refuses.
pub async fn recovery_key(config: MatrixConfig) -> Result<String, MatrixError> {
    let failed = |reason: String| MatrixError::Recovery { what: "made", reason };
    let folder = SessionFolder::open(&config)?;
    let client = match sign_in(&config, &folder, None).await? {
        SignedIn::Here { client, .. } => client,
        SignedIn::Later(reason) => return Err(MatrixError::Homeserver { homeserver: config.homeserver, reason }),
    };
    let made = async {
        client.encryption().wait_for_e2ee_initialization_tasks().await;
        let recovery = client.encryption().recovery();
        let complete = client.encryption().cross_signing_status().await.is_some_and(|status| status.is_complete());
        if !complete {
            return Err(failed("the account's cross-signing keys are not on this device; the log of the bot's start says how to get them".to_owned()));
        }
        match recovery.state() {
            RecoveryState::Enabled => recovery.reset_key().await,
            RecoveryState::Unknown | RecoveryState::Disabled | RecoveryState::Incomplete => recovery.enable().await,
        }
        .map_err(|error| failed(error.to_string()))
    };
    let timeout = tokio::time::timeout(TIMEOUT, made).await;
    timeout.map_err(|_| failed("the homeserver takes too long".to_owned()))?
}
