//! A draft: forms as they are filled in, read from and written as text.
//!
//! The text has a line for each field, `speaker: Ana Silva`; lines that begin no field go on with the
//! one before. A line `+ source` or `+ entity` begins another record of the same change.

use std::collections::BTreeMap;

use super::{
    forms::{Field, Form},
    pasted,
};

/// One form as it is filled in: what was given for each field, as typed.
#[derive(Debug, Clone)]
pub struct DraftBlock {
    /// The form.
    pub form: &'static Form,
    values: BTreeMap<&'static str, String>,
}

/// Forms as they are filled in, for one change; the first is what the change is about.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The forms.
    pub blocks: Vec<DraftBlock>,
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

impl DraftBlock {
    /// A form with nothing in it.
    #[must_use]
    pub const fn new(form: &'static Form) -> Self {
        Self { form, values: BTreeMap::new() }
    }

    /// What was given for a field, without white space at its ends and the markup of chats around it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// Fills in a field; empty text takes out what was there. Names that the form doesn't have are
    /// left alone.
    pub fn set(&mut self, name: &str, text: &str) {
        let Some(field) = self.form.field(name) else { return };
        let text = pasted::value(field, text);
        if text.is_empty() {
            self.values.remove(field.name);
        } else {
            self.values.insert(field.name, text);
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
            .flat_map(|line| pasted::parts(field.kind, line))
            .map(|part| one_line(&pasted::item(field, part)))
            .filter(|item| !item.is_empty())
            .collect()
    }
}

impl Draft {
    /// A draft of one empty form.
    #[must_use]
    pub fn new(form: &'static Form) -> Self {
        Self { blocks: vec![DraftBlock::new(form)] }
    }

    /// The draft as text that reads back to the same.
    #[must_use]
    pub fn write(&self) -> String {
        let mut text = String::new();
        for (at, block) in self.blocks.iter().enumerate() {
            if at > 0 {
                text.push_str(&format!("+ {}\n", block.form.name));
            }
            for field in block.form.fields() {
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

    fn one(text: &str) -> Result<DraftBlock, Vec<String>> {
        match Draft::read(&FORMS[0], text) {
            Ok(mut draft) => Ok(draft.blocks.remove(0)),
            Err(problems) => Err(problems.into_iter().map(|problem| problem.message).collect()),
        }
    }

    #[test]
    fn a_line_that_may_belong_to_the_words_above_it_is_asked_about() {
        let form = "speaker: Ana\nquote: We found more of them.\nNote: two are in Asia.\nquote-language: en";
        let said = one(form).unwrap_err().join("\n");
        assert!(said.contains("does “Note: two are in Asia.” belong to it?"), "{said}");
        for (written, name) in [("Why", "note"), ("Role", "speaker-role"), ("REASON", "note"), ("Wording", "text")] {
            let said = one(&form.replace("Note", written)).unwrap_err().join("\n");
            assert!(said.contains(&format!("write {name}: in small letters")), "{said}");
        }
        let block = one(&form.replace("Note", "note")).unwrap();
        assert_eq!((block.get("quote"), block.get("note")), (Some("We found more of them."), Some("two are in Asia.")));
        // Whoever writes all of them with a capital means them all.
        assert!(one("Speaker: Ana\nQuote: We found more.\nNote: Page 2.").is_ok());
        let said = one("speaker: Ana\ntext: It was said:\nspeaker: nobody").unwrap_err().join("\n");
        assert!(said.contains("given twice. If “speaker: nobody” belongs to the text above it"), "{said}");
    }

    #[test]
    fn what_can_be_seen_to_belong_to_a_value_is_never_cut() {
        let wanted = "We found more.\nNote: two are in Asia.\nsaid: yes\n+ source";
        for form in [
            "speaker: Ana\nquote: \"We found more.\nNote: two are in Asia.\nsaid: yes\n+ source\"\nsaid: 2022",
            "speaker: Ana\nquote: “We found more.\nNote: two are in Asia.\nsaid: yes\n+ source”\nsaid: 2022",
            "speaker: Ana\nquote:\n> We found more.\n> Note: two are in Asia.\n> said: yes\n> + source\nsaid: 2022",
            "speaker: Ana\nquote:\n```\nWe found more.\nNote: two are in Asia.\nsaid: yes\n+ source\n```\nsaid: 2022",
            "speaker: Ana\nquote: ```We found more.\nNote: two are in Asia.\nsaid: yes\n+ source```\nsaid: 2022",
        ] {
            let block = one(form).unwrap();
            let lines: Vec<&str> = block.get("quote").unwrap().lines().map(str::trim).collect();
            assert_eq!((lines.join("\n").as_str(), block.get("said")), (wanted, Some("2022")), "{form}");
        }
        let said = one("speaker: Ana\nquote: \"We found\nmore.\nsaid: 2022").unwrap_err().join("\n");
        assert!(said.contains("never closed"), "{said}");
        // A mark that is only left open takes nothing of what follows.
        assert_eq!(one("quote: \"We found\nsaid: 2022").unwrap().get("said"), Some("2022"));
    }

    #[test]
    fn the_markup_of_chats_and_what_cannot_be_seen_are_no_part_of_a_form() {
        let form = "```yaml\n**speaker:** <Ana>\n- *text*: It was\u{200b} said.\n• sources: <https://a.example/b> original\n* [c](https://a.example/c), p. 4\n\u{feff}said: `2022`\n```";
        let block = one(form).unwrap();
        let of = |name: &str| block.get(name).unwrap();
        assert_eq!((of("speaker"), of("text"), of("said")), ("<Ana>", "It was said.", "2022"));
        let sources = block.items(FORMS[0].field("source").unwrap());
        assert_eq!(sources, ["https://a.example/b original", "https://a.example/c p. 4"]);
        assert_eq!(one("```speaker: Ana\nsaid: 2022```").unwrap().get("said"), Some("2022"));
    }

    proptest! {
        #[test]
        fn one_value_is_one_value_however_it_looks(text in r#"[a-c:"“”`>+*_;Notesaid \n]{1,40}"#) {
            let mut draft = Draft::new(&FORMS[0]);
            draft.blocks[0].set("quote", &text);
            draft.blocks[0].set("note", "the note");
            let again = Draft::read(&FORMS[0], &draft.write()).unwrap();
            let quote = FORMS[0].field("quote").unwrap();
            prop_assert_eq!(again.blocks[0].items(quote), draft.blocks[0].items(quote));
            prop_assert_eq!(again.blocks[0].get("note"), Some("the note"));
            prop_assert_eq!(again.blocks.len(), 1);
        }

        #[test]
        fn what_is_written_reads_back_to_the_same(values in prop::collection::vec((0_usize..12, "[a-z悉:;+ ]{1,20}"), 0..8)) {
            let mut draft = Draft::new(&FORMS[0]);
            for (number, value) in &values {
                let field = &FORMS[0].fields()[*number];
                draft.blocks[0].set(field.name, value);
            }
            let again = Draft::read(&FORMS[0], &draft.write()).unwrap();
            prop_assert_eq!(again.write(), draft.write());
            for field in FORMS[0].fields() {
                prop_assert_eq!(again.blocks[0].items(field), draft.blocks[0].items(field));
            }
        }
    }
}
