//! The invitations that are being taken up.

use std::{collections::HashSet, sync::Mutex};

use matrix_sdk::ruma::OwnedRoomId;
use tokio::sync::Semaphore;

use crate::frontend::InvitationLimit;

/// How many rooms are entered at once: entering a large room is work for a homeserver.
const AT_ONCE: usize = 4;

/// The invitations that are being taken up, and those of late.
#[derive(Debug)]
pub(super) struct Invitations {
    pub(super) lately: InvitationLimit,
    pub(super) open: Mutex<HashSet<OwnedRoomId>>,
    pub(super) at_once: Semaphore,
}

impl Default for Invitations {
    fn default() -> Self {
        Self { lately: InvitationLimit::default(), open: Mutex::default(), at_once: Semaphore::new(AT_ONCE) }
    }
}
