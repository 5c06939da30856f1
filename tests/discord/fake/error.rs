//! The refusals Discord gives, with its own codes and sentences. It does not decide when.

use serde_json::{Value, json};

/// A refusal as Discord words it: an HTTP status, a JSON error code and a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ApiError {
    /// The HTTP status.
    pub(crate) status: u16,
    /// Discord's JSON error code; 0 stands for "general error".
    pub(crate) code: u32,
    /// Discord's sentence.
    pub(crate) message: String,
}

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident = $status:literal, $code:literal, $message:literal;)+) => {
        impl ApiError {$(
            $(#[$doc])*
            pub(crate) fn $name() -> Self {
                Self { status: $status, code: $code, message: $message.to_owned() }
            }
        )+}
    };
}

refusals! {
    /// No such route.
    not_found = 404, 0, "404: Not Found";
    /// A missing or wrong token.
    unauthorized = 401, 0, "401: Unauthorized";
    /// The channel is gone.
    unknown_channel = 404, 10003, "Unknown Channel";
    /// The guild is gone, or the bot is not in it.
    unknown_guild = 404, 10004, "Unknown Guild";
    /// The person is no member of the guild.
    unknown_member = 404, 10007, "Unknown Member";
    /// The message is gone.
    unknown_message = 404, 10008, "Unknown Message";
    /// No such person.
    unknown_user = 404, 10013, "Unknown User";
    /// The interaction's token is unknown, or expired for follow-ups.
    unknown_webhook = 404, 10015, "Unknown Webhook";
    /// The interaction was not acknowledged in time.
    unknown_interaction = 404, 10062, "Unknown interaction";
    /// No such command.
    unknown_command = 404, 10063, "Unknown application command";
    /// A second acknowledgement of one interaction.
    already_acknowledged = 400, 40060, "Interaction has already been acknowledged.";
    /// The thread of this message exists already.
    thread_exists = 400, 160004, "A thread has already been created for this message";
    /// The bot can't see the channel.
    missing_access = 403, 50001, "Missing Access";
    /// Somebody else's message can't be edited.
    not_the_author = 403, 50005, "Cannot edit a message authored by another user";
    /// A message without anything in it.
    empty_message = 400, 50006, "Cannot send an empty message";
    /// The person takes no direct messages from the bot.
    closed_dms = 403, 50007, "Cannot send messages to this user";
    /// A permission is missing.
    missing_permissions = 403, 50013, "Missing Permissions";
    /// The body breaks a rule.
    invalid_body = 400, 50035, "Invalid Form Body";
    /// The body is not JSON.
    invalid_json = 400, 50109, "The request body contains invalid JSON.";
    /// In an archived thread nothing can be changed.
    archived_thread = 400, 50083, "Thread is archived";
    /// A reply needs the history.
    no_reply_without_history = 400, 160_002,
        "You cannot reply to a message without permission to read the message history";
    /// A route that Discord has and the fake has not.
    not_modelled = 501, 0, "This route is not modelled by the fake";
}

impl ApiError {
    /// The JSON body that goes with the status.
    pub(super) fn body(&self) -> Value {
        json!({ "message": self.message, "code": self.code })
    }
}
