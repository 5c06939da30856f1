//! What can be wrong with how a command is put.

/// What is wrong with what was given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UsageError {
    /// A parameter that the command can't do without is missing.
    #[error("nothing is given for “{name}”: {}", crate::model::lower_first(.what))]
    Missing {
        /// The parameter's name.
        name: &'static str,
        /// What it means: its summary.
        what: &'static str,
    },
    /// Something was given that the parameter doesn't take.
    #[error("{name}: {message}")]
    Unreadable {
        /// The parameter's name.
        name: &'static str,
        /// What is wrong with it.
        message: String,
    },
    /// A parameter that is given once was given again.
    #[error("{name} is given twice")]
    Twice {
        /// The parameter's name.
        name: &'static str,
    },
    /// The command has no such option.
    #[error("there is no option {name:?}")]
    UnknownOption {
        /// The option as it was named.
        name: String,
    },
    /// Words were given to a command that takes none.
    #[error("the command takes no words after it")]
    NoWords,
    /// Longer in all than any request of the command.
    #[error("the request is {length} characters long, and at most {limit} are read; shorten it")]
    LongRequest {
        /// The length found, in characters.
        length: usize,
        /// The most that is taken, in characters.
        limit: usize,
    },
    /// More is given by name than is taken.
    #[error("{number} values are given by name, and at most {limit} are read; leave some out")]
    TooMany {
        /// How many there are.
        number: usize,
        /// The most that is taken.
        limit: usize,
    },
    /// Longer than what is taken.
    #[error("{name}: that is {length} characters long, and at most {limit} are read; shorten it")]
    TooLong {
        /// The parameter's name.
        name: &'static str,
        /// The length found, in characters.
        length: usize,
        /// The most that is taken, in characters.
        limit: usize,
    },
}
