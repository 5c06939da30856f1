//! Signing in: with the session that is kept, else with a token, else with a password, once.

use std::time::Duration;

use matrix_sdk::{
    Client, ClientBuildError, HttpError, SessionMeta, SessionTokens, SqliteCryptoStore, SqliteStateStore,
    authentication::matrix::MatrixSession,
    config::RequestConfig,
    cross_process_lock::CrossProcessLockConfig,
    encryption::{BackupDownloadStrategy, EncryptionSettings},
    ruma::{OwnedUserId, UserId, api::error::ErrorKind},
    store::{RoomLoadSettings, StateStoreDataKey, StateStoreDataValue, StoreConfig},
};
use serde_json::Value;

use super::{error::MatrixError, folder::SessionFolder};
use crate::config::{MatrixConfig, Secret};

/// Under this name the session is kept in matrix-sdk's own store, sealed.
const SESSION: &[u8] = b"onrecord.session";

/// How long a request may take, beside what a sync waits on purpose.
pub(super) const TIMEOUT: Duration = Duration::from_secs(20);

/// What the program is called among the account's devices.
const DEVICE: &str = "Onrecord";

/// How signing in ended, when nothing is wrong for good.
pub(super) enum SignedIn {
    /// The session; whether its keys are new here.
    Here { client: Client, new: bool },
    /// The homeserver can't be reached.
    Later(String),
}

/// Signs in; `position` is where the events go on from, if the session is an old one.
pub(super) async fn sign_in(
    config: &MatrixConfig,
    folder: &SessionFolder,
    position: Option<String>,
) -> Result<SignedIn, MatrixError> {
    let client = match client(config, folder).await? {
        Ok(client) => client,
        Err(later) => return Ok(SignedIn::Later(later)),
    };
    if let Some(session) = kept(&client, folder).await? {
        same_account("the session", &session.meta.user_id, config)?;
        set_position(&client, folder, position).await?;
        restore(&client, folder, session).await?;
        return Ok(SignedIn::Here { client, new: false });
    }
    set_position(&client, folder, None).await?;
    match (&config.password, &config.access_token) {
        (Some(password), _) => log_in(&client, config, folder, password, None).await,
        (None, Some(token)) => {
            let Some(session) = session_of(&client, config, token).await? else { return Err(MatrixError::SignedOut) };
            if has_keys(&client, &session).await {
                return Err(MatrixError::LostKeys { path: folder.path().to_owned() });
            }
            keep(&client, folder, &session).await?;
            restore(&client, folder, session).await?;
            Ok(SignedIn::Here { client, new: true })
        }
        (None, None) => Err(MatrixError::NoCredentials),
    }
}

/// How the homeserver has ended a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SignedOut {
    /// The device, and with it the keys, may go on.
    Softly,
    /// The device is no more.
    ForGood,
}

/// Signs in again after the homeserver has refused the session. Where the device is no more its databases are set aside.
pub(super) async fn sign_in_again(
    config: &MatrixConfig,
    folder: &SessionFolder,
    position: Option<String>,
    signed_out: SignedOut,
) -> Result<SignedIn, MatrixError> {
    let client = match client(config, folder).await? {
        Ok(client) => client,
        Err(later) => return Ok(SignedIn::Later(later)),
    };
    let before = kept(&client, folder).await?;
    if let Some(token) = &config.access_token
        && let Some(session) = session_of(&client, config, token).await?
        && before.as_ref().is_none_or(|before| before.tokens.access_token != session.tokens.access_token)
    {
        // A new token of the same device goes on with its keys; one of another device can't.
        if before.is_some_and(|before| before.meta.device_id == session.meta.device_id) {
            keep(&client, folder, &session).await?;
        } else {
            forget(client, folder).await?;
        }
        return sign_in(config, folder, position).await;
    }
    let Some(password) = &config.password else { return Err(MatrixError::SignedOut) };
    match before.filter(|_| signed_out == SignedOut::Softly) {
        Some(before) => {
            set_position(&client, folder, position).await?;
            log_in(&client, config, folder, password, Some(before.meta.device_id.as_str())).await
        }
        None => {
            forget(client, folder).await?;
            sign_in(config, folder, position).await
        }
    }
}

/// Lets go of the databases and moves them away.
async fn forget(client: Client, folder: &SessionFolder) -> Result<(), MatrixError> {
    drop(client);
    // The connections are closed in tasks of their own; a moved file would be written on by them.
    tokio::task::yield_now().await;
    folder.set_aside()
}

/// A client on the folder's databases, signed in nowhere. `Err` within: not reachable now.
async fn client(config: &MatrixConfig, folder: &SessionFolder) -> Result<Result<Client, String>, MatrixError> {
    let open = |reason: String| MatrixError::Store { path: folder.path().to_owned(), reason };
    let state = SqliteStateStore::open_with_config(&folder.store()).await.map_err(|error| open(error.to_string()))?;
    let crypto = SqliteCryptoStore::open_with_config(&folder.store()).await.map_err(|error| open(error.to_string()))?;
    // One process at a time has the folder, so its databases need no lock of their own.
    let stores = StoreConfig::new(CrossProcessLockConfig::SingleProcess).state_store(state).crypto_store(crypto);
    let builder = Client::builder()
        .store_config(stores)
        .request_config(RequestConfig::new().timeout(TIMEOUT).retry_limit(3))
        .user_agent(concat!("onrecord/", env!("CARGO_PKG_VERSION")))
        .with_encryption_settings(EncryptionSettings {
            auto_enable_cross_signing: true,
            backup_download_strategy: BackupDownloadStrategy::AfterDecryptionFailure,
            auto_enable_backups: true,
        });
    let is_address = config.homeserver.contains("://");
    let builder = if is_address {
        builder.homeserver_url(&config.homeserver)
    } else {
        builder.server_name_or_homeserver_url(&config.homeserver)
    };
    let wrong = |reason: String| MatrixError::Homeserver { homeserver: config.homeserver.clone(), reason };
    match builder.build().await {
        Ok(client) => Ok(Ok(client)),
        Err(ClientBuildError::Http(error)) => Ok(Err(error.to_string())),
        // Where the homeserver is asked for, a server that is down for a while may answer all the same.
        Err(ClientBuildError::AutoDiscovery(error)) => {
            let error = HttpError::Api(Box::new(error));
            let status = error.as_client_api_error().map(|said| said.status_code);
            match status {
                Some(status) if status.is_server_error() || status.as_u16() == 429 => Ok(Err(error.to_string())),
                Some(_) | None => Err(wrong(error.to_string())),
            }
        }
        Err(error) => Err(wrong(error.to_string())),
    }
}

async fn kept(client: &Client, folder: &SessionFolder) -> Result<Option<MatrixSession>, MatrixError> {
    let open = |reason: String| MatrixError::Store { path: folder.path().to_owned(), reason };
    let bytes = client.state_store().get_custom_value(SESSION).await.map_err(|error| open(error.to_string()))?;
    let session = bytes.and_then(|sealed| folder.unseal(&sealed));
    Ok(session.and_then(|session| serde_json::from_slice(&session).ok()))
}

async fn keep(client: &Client, folder: &SessionFolder, session: &MatrixSession) -> Result<(), MatrixError> {
    let open = |reason: String| MatrixError::Store { path: folder.path().to_owned(), reason };
    let bytes = serde_json::to_vec(session).map_err(|error| open(error.to_string()))?;
    let sealed = folder.seal(bytes)?;
    client.state_store().set_custom_value(SESSION, sealed).await.map_err(|error| open(error.to_string()))?;
    Ok(())
}

/// Has matrix-sdk go on from our own place in the events. Its own is noted before the events are worked
/// on, and would lose those of a crash.
async fn set_position(client: &Client, folder: &SessionFolder, position: Option<String>) -> Result<(), MatrixError> {
    let (store, key) = (client.state_store(), StateStoreDataKey::SyncToken);
    let set = match position {
        Some(position) => store.set_kv_data(key, StateStoreDataValue::SyncToken(position)).await,
        None => store.remove_kv_data(key).await,
    };
    set.map_err(|error| MatrixError::Store { path: folder.path().to_owned(), reason: error.to_string() })
}

async fn restore(client: &Client, folder: &SessionFolder, session: MatrixSession) -> Result<(), MatrixError> {
    let restored = client.matrix_auth().restore_session(session, RoomLoadSettings::default()).await;
    restored.map_err(|error| MatrixError::Store { path: folder.path().to_owned(), reason: error.to_string() })
}

async fn log_in(
    client: &Client,
    config: &MatrixConfig,
    folder: &SessionFolder,
    password: &Secret,
    device: Option<&str>,
) -> Result<SignedIn, MatrixError> {
    let auth = client.matrix_auth();
    let mut login = auth.login_username(&config.user, password.reveal()).initial_device_display_name(DEVICE);
    if let Some(device) = device {
        login = login.device_id(device);
    }
    match login.send().await {
        Ok(response) => {
            same_account("the account", &response.user_id, config)?;
            keep(client, folder, &MatrixSession::from(&response)).await?;
            tracing::info!(matrix.device = %response.device_id, "logged in; MATRIX_PASSWORD may be removed now");
            Ok(SignedIn::Here { client: client.clone(), new: device.is_none() })
        }
        Err(error) => match error.client_api_error_kind() {
            Some(ErrorKind::LimitExceeded(_)) | None => Ok(SignedIn::Later(error.to_string())),
            Some(_) => Err(MatrixError::Login { user: config.user.clone(), reason: error.to_string() }),
        },
    }
}

/// The session that a token belongs to, as the homeserver says; `None` if it is not accepted.
async fn session_of(
    client: &Client,
    config: &MatrixConfig,
    token: &Secret,
) -> Result<Option<MatrixSession>, MatrixError> {
    let failed = |reason: String| MatrixError::Homeserver { homeserver: config.homeserver.clone(), reason };
    let address = client.homeserver().join("_matrix/client/v3/account/whoami").map_err(|e| failed(e.to_string()))?;
    let asked = client.http_client().get(address).bearer_auth(token.reveal().trim()).send().await;
    // The address is no secret, but nothing of the request needs to be in a log.
    let asked = asked.map_err(|error| failed(error.without_url().to_string()))?;
    if asked.status().as_u16() == 401 {
        return Ok(None);
    }
    let bytes = asked.bytes().await.map_err(|error| failed(error.without_url().to_string()))?;
    let said: Value = serde_json::from_slice(&bytes).map_err(|error| failed(error.to_string()))?;
    let user = said["user_id"].as_str().and_then(|user| UserId::parse(user).ok());
    let (Some(user_id), Some(device)) = (user, said["device_id"].as_str()) else {
        return Err(failed("it doesn't say whose MATRIX_ACCESS_TOKEN is, and of which device".to_owned()));
    };
    same_account("MATRIX_ACCESS_TOKEN", &user_id, config)?;
    let tokens = SessionTokens { access_token: token.reveal().trim().to_owned(), refresh_token: None };
    Ok(Some(MatrixSession { meta: SessionMeta { user_id, device_id: device.into() }, tokens }))
}

/// Whether the homeserver has encryption keys of this device.
async fn has_keys(client: &Client, session: &MatrixSession) -> bool {
    let asked = async {
        let address = client.homeserver().join("_matrix/client/v3/keys/query").ok()?;
        let body =
            serde_json::json!({"device_keys": {session.meta.user_id.as_str(): [session.meta.device_id.as_str()]}});
        let request = client.http_client().post(address).bearer_auth(&session.tokens.access_token);
        let bytes = request.body(body.to_string()).send().await.ok()?.bytes().await.ok()?;
        let said: Value = serde_json::from_slice(&bytes).ok()?;
        Some(said["device_keys"][session.meta.user_id.as_str()][session.meta.device_id.as_str()].is_object())
    };
    asked.await.unwrap_or(false)
}

fn same_account(what: &'static str, found: &OwnedUserId, config: &MatrixConfig) -> Result<(), MatrixError> {
    if found.as_str() == config.user {
        return Ok(());
    }
    Err(MatrixError::OtherAccount { what, found: found.to_string(), user: config.user.clone() })
}
