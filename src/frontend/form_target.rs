//! What a form of a chat's own is for: a new record, or one on record.

use crate::{
    commands::{self, CommandSpec, FormUse},
    desk::{
        Invocation,
        forms::{Form, form},
    },
    model::{RecordId, Reference},
};

/// What a form is for.
#[derive(Debug, Clone, Copy)]
pub enum FormTarget {
    /// A new record.
    New(&'static CommandSpec, &'static Form),
    /// A record that is edited.
    OnRecord(&'static CommandSpec, RecordId),
}

/// The option that has the fields of a form.
const FIELDS: &str = "fields";

impl FormTarget {
    /// The form that a command without fields wants; `None` where it wants none, or one that there isn't.
    #[must_use]
    pub fn of(invocation: &Invocation) -> Option<Self> {
        let Invocation::Options { command, options } = invocation else { return None };
        let given = |name: &str| options.iter().find(|(option, _)| option == name).map(|(_, value)| value.as_str());
        if given(FIELDS).is_some() {
            return None;
        }
        let spec = commands::find(command)?;
        Self::named(spec, given(spec.parameters.first()?.name)?)
    }

    /// What [`FormTarget::write`] wrote.
    #[must_use]
    pub fn read(written: &str) -> Option<Self> {
        let (command, subject) = written.split_once(':')?;
        Self::named(commands::find(command)?, subject)
    }

    fn named(spec: &'static CommandSpec, subject: &str) -> Option<Self> {
        match spec.chat.form {
            FormUse::Nothing => None,
            FormUse::New => Form::named(subject).map(|form| Self::New(spec, form)),
            FormUse::OnRecord => match subject.parse() {
                Ok(Reference::Record(id)) => Some(Self::OnRecord(spec, id)),
                Ok(Reference::Change(_)) | Err(_) => None,
            },
        }
    }

    /// It as one word, for a platform that carries it along with a form.
    #[must_use]
    pub fn write(self) -> String {
        let (spec, subject) = self.parts();
        format!("{}:{subject}", spec.name)
    }

    /// The form.
    #[must_use]
    pub fn form(self) -> &'static Form {
        match self {
            Self::New(_, form) => form,
            Self::OnRecord(_, id) => form(id.kind),
        }
    }

    /// The command with what was filled in.
    #[must_use]
    pub fn invocation(self, fields: String) -> Invocation {
        let (spec, subject) = self.parts();
        let subject = spec.parameters.first().map(|parameter| (parameter.name.to_owned(), subject));
        let options = subject.into_iter().chain([(FIELDS.to_owned(), fields)]).collect();
        Invocation::Options { command: spec.name.to_owned(), options }
    }

    fn parts(self) -> (&'static CommandSpec, String) {
        match self {
            Self::New(spec, form) => (spec, form.name.to_owned()),
            Self::OnRecord(spec, id) => (spec, id.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_without_fields_wants_a_form_and_the_form_gives_the_command_back() {
        let options = |command: &str, options: &[(&str, &str)]| Invocation::Options {
            command: command.to_owned(),
            options: options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        };
        for (command, name, subject, written) in
            [("add", "what", "entity", "add:entity"), ("edit", "id", "E12", "edit:E12")]
        {
            let target = FormTarget::of(&options(command, &[(name, subject)])).unwrap();
            assert_eq!(target.write(), written);
            let read = FormTarget::read(written).unwrap();
            assert_eq!(read.invocation("a: b".to_owned()), options(command, &[(name, subject), ("fields", "a: b")]));
            assert!(FormTarget::of(&options(command, &[(name, subject), ("fields", "a: b")])).is_none());
            assert!(FormTarget::of(&options(command, &[(name, "nothing of ours")])).is_none());
        }
        for other in ["amend:C1", "edit:C1", "show:E12", "add", "reason:reject C1", ""] {
            assert!(FormTarget::read(other).is_none(), "{other}");
        }
    }
}
