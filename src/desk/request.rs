//! Requests, as front ends bring them.

use crate::{commands::ChatOrigin, model::Identity};

/// One request of one person.
#[derive(Debug, Clone)]
pub struct Request {
    /// Who asks.
    pub actor: Identity,
    /// Where the conversation takes place: what follows on what is kept apart by it. Of the form
    /// `platform:place:person`, as each front end has it.
    pub conversation: String,
    /// What is asked.
    pub invocation: Invocation,
    /// Where in a chat it comes from; `None` for those who sit at the machine.
    pub origin: Option<ChatOrigin>,
    /// How many entries a page has in this place.
    pub page_size: usize,
}

/// What is asked, in one of the forms that commands have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Invocation {
    /// A line as typed, without the prefix: `source sydney page:2`.
    Text(String),
    /// The words of a command line, as the shell parted them; the first is the command's name.
    Words(Vec<String>),
    /// A command with named options, as slash commands give them.
    Options {
        /// The command's name.
        command: String,
        /// The options' names and values.
        options: Vec<(String, String)>,
    },
}
