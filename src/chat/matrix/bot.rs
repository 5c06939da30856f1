//! The bot's parts. What it does with each thing that happens in a room is in `work`.

use std::sync::{Arc, Mutex};

use matrix_sdk::{Client, ruma::OwnedUserId};

use super::{
    invitations::Invitations, progress::Progress, queues::Queues, review_messages::Reviews, undecrypted::Undecrypted,
};
use crate::{config::MatrixConfig, desk::worker_pool::DeskHandle};

/// The bot, signed in.
#[derive(Debug)]
pub(super) struct MatrixBot {
    pub(super) client: Client,
    pub(super) handle: DeskHandle,
    pub(super) config: MatrixConfig,
    /// The bot's own whole user id.
    pub(super) id: OwnedUserId,
    /// The bot's display names since it runs, which clients put in place of its id; the latest first.
    pub(super) names: Mutex<Vec<String>>,
    pub(super) progress: Arc<Progress>,
    pub(super) undecrypted: Undecrypted,
    pub(super) invitations: Invitations,
    pub(super) reviews: Reviews,
    pub(super) queues: Queues,
}

impl MatrixBot {
    pub(super) fn new(client: Client, handle: DeskHandle, config: MatrixConfig, id: OwnedUserId) -> Arc<Self> {
        Arc::new(Self {
            client,
            handle,
            config,
            id,
            names: Mutex::default(),
            progress: Arc::default(),
            undecrypted: Undecrypted::default(),
            invitations: Invitations::default(),
            reviews: Reviews::default(),
            queues: Queues::default(),
        })
    }
}
