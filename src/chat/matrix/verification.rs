//! Verification by emoji. Requests of the operators and of the account's own other devices are accepted;
//! the emoji are said in the log, where the operator compares them. Everyone else's are declined.

use std::sync::Arc;

use futures_util::StreamExt;
use matrix_sdk::{
    Client,
    encryption::verification::{
        SasState, SasVerification, Verification, VerificationRequest, VerificationRequestState,
    },
    ruma::{
        UserId,
        events::{
            key::verification::{
                request::ToDeviceKeyVerificationRequestEvent, start::ToDeviceKeyVerificationStartEvent,
            },
            room::message::{MessageType, OriginalSyncRoomMessageEvent},
        },
    },
};

use super::bot::MatrixBot;

/// Follows the requests for as long as the client lives.
pub(super) fn follow(bot: &Arc<MatrixBot>) {
    let trusted = {
        let (operators, own) = (bot.config.operators.clone(), bot.id.clone());
        Arc::new(move |user: &UserId| *user == own || operators.iter().any(|operator| operator == user.as_str()))
    };
    let is_trusted = Arc::clone(&trusted);
    bot.client.add_event_handler(move |event: ToDeviceKeyVerificationRequestEvent, client: Client| {
        let is_trusted = Arc::clone(&is_trusted);
        async move {
            requested(&client, &event.sender, event.content.transaction_id.as_str(), is_trusted(&event.sender)).await
        }
    });
    let is_trusted = Arc::clone(&trusted);
    bot.client.add_event_handler(move |event: OriginalSyncRoomMessageEvent, client: Client| {
        let is_trusted = Arc::clone(&is_trusted);
        async move {
            if matches!(event.content.msgtype, MessageType::VerificationRequest(_)) {
                requested(&client, &event.sender, event.event_id.as_str(), is_trusted(&event.sender)).await;
            }
        }
    });
    // Some clients begin without a request.
    bot.client.add_event_handler(move |event: ToDeviceKeyVerificationStartEvent, client: Client| {
        let trusted = trusted(&event.sender);
        async move {
            let flow = event.content.transaction_id.as_str();
            if client.encryption().get_verification_request(&event.sender, flow).await.is_some() {
                return;
            }
            if let Some(Verification::SasV1(sas)) = client.encryption().get_verification(&event.sender, flow).await {
                if trusted {
                    tokio::spawn(compare(sas));
                } else {
                    let _ = sas.cancel().await;
                }
            }
        }
    });
}

async fn requested(client: &Client, sender: &UserId, flow: &str, trusted: bool) {
    let Some(request) = client.encryption().get_verification_request(sender, flow).await else { return };
    if !trusted {
        tracing::info!(matrix.user = %sender, "a request to verify the bot was declined; ONRECORD_MATRIX_OPERATORS lists those that are accepted");
        let _ = request.cancel().await;
        return;
    }
    tokio::spawn(accept(request));
}

async fn accept(request: VerificationRequest) {
    if let Err(error) = request.accept().await {
        tracing::warn!(%error, "a request to verify the bot could not be accepted");
        return;
    }
    let mut changes = request.changes();
    while let Some(state) = changes.next().await {
        match state {
            VerificationRequestState::Transitioned { verification: Verification::SasV1(sas) } => {
                compare(sas).await;
                return;
            }
            VerificationRequestState::Done | VerificationRequestState::Cancelled(_) => return,
            _ => {}
        }
    }
}

/// Goes through the comparison. The bot can't look at emoji: it says its own and trusts the operator to
/// compare them and to call it off on their side.
async fn compare(sas: SasVerification) {
    if let Err(error) = sas.accept().await {
        tracing::warn!(%error, "a verification could not be begun");
        return;
    }
    let mut changes = sas.changes();
    while let Some(state) = changes.next().await {
        match state {
            SasState::KeysExchanged { emojis, decimals } => {
                let seen = emojis.map_or_else(
                    || format!("{} {} {}", decimals.0, decimals.1, decimals.2),
                    |emojis| emojis.emojis.iter().map(|emoji| emoji.description).collect::<Vec<_>>().join(", "),
                );
                tracing::warn!(matrix.user = %sas.other_user_id(), "verification: compare in your client: {seen}");
                if let Err(error) = sas.confirm().await {
                    tracing::warn!(%error, "a verification could not be confirmed");
                }
            }
            SasState::Done { .. } => {
                tracing::info!(matrix.user = %sas.other_user_id(), "verified");
                return;
            }
            SasState::Cancelled(info) => {
                tracing::warn!(reason = info.reason(), "a verification was called off");
                return;
            }
            SasState::Created { .. } | SasState::Started { .. } | SasState::Accepted { .. } | SasState::Confirmed => {}
        }
    }
}
