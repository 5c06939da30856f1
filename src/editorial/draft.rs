//! A draft: forms as they are filled in, read from and written as text.
//!
//! The text has a line for each field, `speaker: Ana Silva`; lines that begin no field go on with the
//! one before. A line `+ source` or `+ entity` begins another record of the same change.

use std::collections::BTreeMap;

use super::forms::{Field, Form};

/// One form as it is filled in: what was given for each field, as typed.
#[derive(Debug, Clone)]
pub struct Block {
    /// The form.
    pub form: &'static Form,
    values: BTreeMap<&'static str, String>,
}

/// Forms as they are filled in, for one change; the first is what the change is about.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The forms.
    pub blocks: Vec<Block>,
}

/// What is wrong in a draft, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The form, counted from 0.
    pub block: usize,
    /// The field; `None` where it is none in particular.
    pub field: Option<&'static str>,
    /// What is wrong, and how to put it right.
    pub message: String,
}

impl Block {
    /// A form with nothing in it.
    #[must_use]
    pub const fn new(form: &'static Form) -> Self {
        Self { form, values: BTreeMap::new() }
    }

    /// What was given for a field, as typed but without white space at its ends.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// Fills in a field; empty text takes out what was there. Names that the form doesn't have are
    /// left alone.
    pub fn set(&mut self, name: &str, text: &str) {
        let Some(field) = self.form.field(name) else { return };
        let text = text.trim();
        if text.is_empty() {
            self.values.remove(field.name);
        } else {
            self.values.insert(field.name, text.to_owned());
        }
    }

    /// What was given for a field, each value on its own: the lines of a field that takes several,
    /// else all as one line.
    #[must_use]
    pub fn items(&self, field: &Field) -> Vec<String> {
        let Some(text) = self.get(field.name) else { return Vec::new() };
        let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        if !field.several {
            return vec![one_line(text)];
        }
        // A list on one line is parted by semicolons; commas stand in names.
        text.lines()
            .flat_map(|line| line.split(';'))
            .map(one_line)
            .map(|item| item.trim_start_matches("- ").to_owned())
            .filter(|item| !item.is_empty())
            .collect()
    }
}

impl Draft {
    /// A draft of one empty form.
    #[must_use]
    pub fn new(form: &'static Form) -> Self {
        Self { blocks: vec![Block::new(form)] }
    }

    /// Reads a draft whose first form is this one.
    ///
    /// # Errors
    /// Everything that is no field, or is given twice.
    pub fn read(form: &'static Form, text: &str) -> Result<Self, Vec<Problem>> {
        let mut draft = Self::new(form);
        let mut problems = Vec::new();
        let mut open: Option<&'static Field> = None;
        for line in text.lines() {
            let at = draft.blocks.len() - 1;
            if let Some(name) = line.trim().strip_prefix('+') {
                match Form::named(name.trim()) {
                    Some(form) => draft.blocks.push(Block::new(form)),
                    None => problems.push(Problem {
                        block: at,
                        field: None,
                        message: format!("“{}” begins no form; write + entity or + source", line.trim()),
                    }),
                }
                open = None;
                continue;
            }
            let Some(block) = draft.blocks.last_mut() else { continue };
            if let Some((field, value)) = field_of(block.form, line) {
                let before = block.get(field.name).map(str::to_owned);
                match before {
                    Some(before) if field.several => block.set(field.name, &format!("{before}\n{value}")),
                    Some(_) => problems.push(Problem {
                        block: at,
                        field: Some(field.name),
                        message: "it is given twice".to_owned(),
                    }),
                    None => block.set(field.name, value),
                }
                open = Some(field);
            } else if let Some(field) = open {
                let before = block.get(field.name).unwrap_or_default().to_owned();
                block.set(field.name, &format!("{before}\n{line}"));
            } else if !line.trim().is_empty() {
                let names: Vec<&str> = block.form.fields.iter().map(|field| field.name).collect();
                problems.push(Problem {
                    block: at,
                    field: None,
                    message: format!(
                        "“{}” is no field; fields are {}",
                        line.trim().chars().take(60).collect::<String>(),
                        names.join(", ")
                    ),
                });
            }
        }
        if problems.is_empty() { Ok(draft) } else { Err(problems) }
    }

    /// The draft as text that reads back to the same.
    #[must_use]
    pub fn write(&self) -> String {
        let mut text = String::new();
        for (at, block) in self.blocks.iter().enumerate() {
            if at > 0 {
                text.push_str(&format!("+ {}\n", block.form.name));
            }
            for field in block.form.fields {
                for line in block.get(field.name).into_iter().flat_map(|value| lines_of(field, value)) {
                    text.push_str(&format!("{}: {line}\n", field.name));
                }
            }
        }
        text
    }
}

/// A value as the lines that give it: one for each value of a field that takes several.
fn lines_of(field: &Field, value: &str) -> Vec<String> {
    let joined = || value.split_whitespace().collect::<Vec<_>>().join(" ");
    if field.several {
        value.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    } else {
        vec![joined()]
    }
}

/// The field that a line begins, with what stands after it.
fn field_of<'a>(form: &'static Form, line: &'a str) -> Option<(&'static Field, &'a str)> {
    let (name, value) = line.split_once([':', '：'])?;
    let name = name.trim().trim_start_matches("- ").replace([' ', '_'], "-");
    form.field(&name).map(|field| (field, value.trim()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::forms::FORMS;
    use super::*;

    #[test]
    fn a_draft_is_read_from_lines_and_says_what_is_no_field() {
        let text = "Speaker: Ana Silva\ntext: It was said\nthat it rained.\nsources: https://example.org/a\n  D3 cites p. 4\nquote language: nl\n+ source\nurl: https://example.org/a?b: c";
        let draft = Draft::read(&FORMS[0], text).unwrap();
        let [statement, source] = draft.blocks.as_slice() else { panic!("{draft:?}") };
        assert_eq!(statement.items(FORMS[0].field("text").unwrap()), ["It was said that it rained."]);
        assert_eq!(statement.items(FORMS[0].field("source").unwrap()), ["https://example.org/a", "D3 cites p. 4"]);
        assert_eq!(statement.get("quote-language"), Some("nl"));
        assert_eq!(source.get("url"), Some("https://example.org/a?b: c"));
        let problems = Draft::read(&FORMS[0], "nonsense\nsaid: 2022\nsaid: 2023\n+ cake").unwrap_err();
        assert_eq!(problems.len(), 3);
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_to_the_same(values in prop::collection::vec((0_usize..12, "[a-z悉:;+ ]{1,20}"), 0..8)) {
            let mut draft = Draft::new(&FORMS[0]);
            for (number, value) in &values {
                let field = &FORMS[0].fields[*number];
                draft.blocks[0].set(field.name, value);
            }
            let again = Draft::read(&FORMS[0], &draft.write()).unwrap();
            prop_assert_eq!(again.write(), draft.write());
            for field in FORMS[0].fields {
                prop_assert_eq!(again.blocks[0].items(field), draft.blocks[0].items(field));
            }
        }
    }
}
