//! A call of a command, as data: what a button, a hint or a page leads to.

/// A call of one command with what is given for its parameters, and the line by which a person makes the same call.
///
/// The commands make it from their definitions (`CommandSpec::call`) and read it back from its line
/// (`commands::decode`); nothing else knows how values are written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CommandCall {
    command: &'static str,
    arguments: Vec<CallArgument>,
    line: String,
}

/// What a call gives for one parameter.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CallArgument {
    /// The parameter's own name.
    pub parameter: &'static str,
    /// What is given for it, as it would be typed.
    pub value: String,
    /// Whether what the value names is to be left out.
    pub excluded: bool,
}

/// The name of the parameter that says which page of an answer is asked for; the same in every command.
pub const PAGE_PARAMETER: &str = "page";

impl CommandCall {
    /// A call with these arguments, which `line` makes when it is typed.
    #[must_use]
    pub const fn new(command: &'static str, arguments: Vec<CallArgument>, line: String) -> Self {
        Self { command, arguments, line }
    }

    /// The command's name.
    #[must_use]
    pub const fn command(&self) -> &'static str {
        self.command
    }

    /// What is given, in the order of the line.
    #[must_use]
    pub fn arguments(&self) -> &[CallArgument] {
        &self.arguments
    }

    /// What is given for a parameter.
    #[must_use]
    pub fn value(&self, parameter: &str) -> Option<&str> {
        self.arguments.iter().find(|argument| argument.parameter == parameter).map(|argument| argument.value.as_str())
    }

    /// The line that makes this call, without the prefix: `source sydney page:2`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.line
    }

    /// The same call for another page. The page comes last in every line.
    #[must_use]
    pub fn on_page(&self, page: usize) -> Self {
        let line = format!("{} {PAGE_PARAMETER}:{page}", self.line);
        let mut arguments = self.arguments.clone();
        arguments.push(CallArgument { parameter: PAGE_PARAMETER, value: page.to_string(), excluded: false });
        Self { command: self.command, arguments, line }
    }
}

/// Any words as a call, for tests of those who show calls and don't make them.
#[cfg(any(test, fuzzing))]
impl From<String> for CommandCall {
    fn from(line: String) -> Self {
        Self { command: "", arguments: Vec::new(), line }
    }
}

#[cfg(any(test, fuzzing))]
impl From<&str> for CommandCall {
    fn from(line: &str) -> Self {
        line.to_owned().into()
    }
}
