//! Reading a draft from the text of one message.
//!
//! A pasted text may have lines of its own that look like fields ("Note: …"). Where a value ends can be made to be
//! seen: between fences of three backticks, on lines that begin with `>`, and in quotation marks everything belongs to
//! it. Elsewhere a line that may be either, because it is written otherwise than the form's own fields, is asked about.

use levenshtein_automata::{Distance, LevenshteinAutomatonBuilder};

use super::{
    draft::{Draft, DraftBlock, Problem},
    forms::{Field, FieldKind, Form},
    pasted,
};
use crate::{
    model::without_invisible,
    search::{opens_a_quotation, quoted},
};

impl Draft {
    /// Reads a draft whose first form is this one.
    ///
    /// # Errors
    /// Everything that is no field, is given twice, or may belong to the value above it.
    pub fn read(form: &'static Form, text: &str) -> Result<Self, Vec<Problem>> {
        let text = without_invisible(text);
        let mut reading = Reading::new(form);
        let mut lines = text.lines().peekable();
        while let Some(line) = lines.next() {
            reading.line(line, lines.peek().copied());
        }
        reading.finish()
    }
}

/// A line that begins a field.
struct Begun<'a> {
    field: &'static Field,
    /// The field's name, as it is written there.
    written: &'a str,
    value: &'a str,
}

/// The field that a line begins.
fn field_of<'a>(form: &'static Form, line: &'a str) -> Option<Begun<'a>> {
    let (written, value) = pasted::name_and_value(line)?;
    let field = form.field(&written.replace([' ', '_'], "-"))?;
    Some(Begun { field, written, value })
}

/// The field whose name a line begins with, but for a letter or two: one word, long enough not to be another.
fn misspelt(form: &'static Form, line: &str) -> Option<&'static str> {
    let (written, _) = pasted::name_and_value(line)?;
    let written = written.replace([' ', '_'], "-").to_lowercase();
    let edits = match written.chars().count() {
        4..=5 => 1,
        6..=30 => 2,
        _ => return None,
    };
    let near = LevenshteinAutomatonBuilder::new(edits, true).build_dfa(&written);
    let names = form
        .fields()
        .iter()
        .flat_map(|field| field.aliases.iter().chain([&field.name]).map(move |name| (*name, field)));
    let found = names.filter_map(|(name, field)| match near.eval(name) {
        Distance::Exact(edits) => Some((edits, field.name)),
        Distance::AtLeast(_) => None,
    });
    found.min_by_key(|(edits, _)| *edits).map(|(_, name)| name)
}

/// How the name of a field is written. A line of prose begins with a capital.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Manner {
    Small,
    Capital,
    Capitals,
}

impl Manner {
    fn of(written: &str) -> Self {
        let mut letters = written.chars().filter(|character| character.is_alphabetic());
        match (letters.next().is_some_and(char::is_uppercase), letters.any(char::is_uppercase)) {
            (true, true) => Self::Capitals,
            (true, false) => Self::Capital,
            (false, _) => Self::Small,
        }
    }
}

/// What makes the lines that follow a part of one value, whatever they look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Enclosed {
    None,
    /// Up to the next line of ```.
    Fence,
    /// Up to the quotation mark that closes the first.
    Quotation,
}

/// A draft that is being read, line by line.
struct Reading {
    draft: Draft,
    problems: Vec<Problem>,
    /// The field that lines go to, and what they gave so far.
    open: Option<(&'static Field, String)>,
    within: Enclosed,
    /// How the first field of the text is written.
    manner: Option<Manner>,
}

impl Reading {
    fn new(form: &'static Form) -> Self {
        Self { draft: Draft::new(form), problems: Vec::new(), open: None, within: Enclosed::None, manner: None }
    }

    fn line(&mut self, line: &str, next: Option<&str>) {
        let is_fence = line.trim_start().starts_with("```");
        match (self.within, &mut self.open) {
            (Enclosed::Fence, Some((_, value))) => {
                // The end of the fence may stand behind the last words.
                let (words, is_last) =
                    line.trim_end().strip_suffix("```").map_or((line, is_fence), |words| (words, true));
                go_on(value, if is_fence { "" } else { words });
                if is_last {
                    self.within = Enclosed::None;
                }
            }
            (Enclosed::Quotation, Some((_, value))) => {
                go_on(value, line);
                if line.contains(CLOSING)
                    && let Some((inner, end)) = quoted(value)
                {
                    // Marks around all of it only say where it ends.
                    if value.get(end..).is_some_and(|after| after.trim().is_empty()) {
                        *value = inner.to_owned();
                    }
                    self.within = Enclosed::None;
                }
            }
            _ if is_fence => self.fence(line, next),
            (_, open) => match (line.trim_start().strip_prefix('>'), open) {
                (Some(quoted), Some((_, value))) => go_on(value, quoted),
                _ => self.plain(line, next),
            },
        }
    }

    /// A line of ```: around the whole form it is nothing; where a value is to come it begins the value.
    fn fence(&mut self, line: &str, next: Option<&str>) {
        let behind = line.trim_start().trim_start_matches('`').trim();
        match &self.open {
            Some((_, value)) if value.trim().is_empty() && next.is_some() => self.within = Enclosed::Fence,
            // The word behind it names a language, unless it begins the first field.
            None if self.form().is_some_and(|form| field_of(form, behind).is_some()) => self.plain(behind, next),
            _ => {}
        }
    }

    fn plain(&mut self, line: &str, next: Option<&str>) {
        let at = self.draft.blocks.len() - 1;
        if let Some(name) = line.trim().strip_prefix('+') {
            self.close();
            match Form::named(name.trim()) {
                Some(form) => self.draft.blocks.push(DraftBlock::new(form)),
                None => self.problems.push(Problem {
                    block: at,
                    field: None,
                    message: format!("“{}” begins no form; write + entity or + source", line.trim()),
                }),
            }
            return;
        }
        let Some(form) = self.form() else { return };
        if let Some(begun) = field_of(form, line) {
            self.begin(at, line, &begun, next);
        } else if let Some((above, value)) = &mut self.open {
            if let Some(near) = misspelt(form, line) {
                self.problems.push(Problem {
                    block: at,
                    field: Some(above.name),
                    message: format!(
                        "does “{}” belong to it? If so, put all of it in quotation marks, or > before each of its lines; \
                         if it is another field, write {near}:",
                        shortened(line),
                    ),
                });
            }
            go_on(value, line);
        } else if !line.trim().is_empty() {
            let names: Vec<&str> = form.fields().iter().map(|field| field.name).collect();
            self.problems.push(Problem {
                block: at,
                field: None,
                message: format!("“{}” is no field; fields are {}", shortened(line), names.join(", ")),
            });
        }
    }

    fn begin(&mut self, at: usize, line: &str, begun: &Begun<'_>, next: Option<&str>) {
        let field = begun.field;
        let manner = Manner::of(begun.written);
        let above = self.open.as_ref().filter(|(above, value)| above.kind.is_prose() && !value.trim().is_empty());
        let above = above.map(|(above, _)| *above);
        let usual = *self.manner.get_or_insert(manner);
        // What is no words is looked at when it is read: a date, a name, an address. Words would be taken in silence.
        if let Some(above) = above.filter(|_| manner > usual && field.kind.is_prose()) {
            self.problems.push(Problem {
                block: at,
                field: Some(above.name),
                message: format!(
                    "does “{}” belong to it? If so, put all of it in quotation marks, or > before each of its lines; if \
                     it is another field, write {}: in small letters",
                    shortened(line),
                    field.name,
                ),
            });
        }
        self.close();
        let is_given = self.draft.blocks.last().is_some_and(|block| block.get(field.name).is_some());
        if is_given && !field.several {
            let belongs = above.map(|above| {
                format!(
                    ". If “{}” belongs to the {} above it, put all of that in quotation marks, or > before each of its \
                     lines",
                    shortened(line),
                    above.name
                )
            });
            let message = format!("it is given twice{}", belongs.unwrap_or_default());
            self.problems.push(Problem { block: at, field: Some(field.name), message });
        }
        self.open = Some((field, begun.value.to_owned()));
        // A quotation that is left open goes on, unless another field follows at once as this form writes them.
        let is_ended = next.is_none_or(|next| {
            let begun = self.form().and_then(|form| field_of(form, next));
            next.trim_start().starts_with('+') || begun.is_some_and(|begun| Manner::of(begun.written) == usual)
        });
        let is_fenced = begun.value.starts_with("```") && !begun.value.trim_start_matches('`').contains("```");
        self.within = match field.kind {
            FieldKind::Words | FieldKind::Quote if is_fenced && next.is_some() => Enclosed::Fence,
            FieldKind::Words | FieldKind::Quote
                if !is_ended && opens_a_quotation(begun.value) && quoted(begun.value).is_none() =>
            {
                Enclosed::Quotation
            }
            _ => Enclosed::None,
        };
    }

    /// Fills in the field that lines went to.
    fn close(&mut self) {
        let (Some((field, value)), Some(block)) = (self.open.take(), self.draft.blocks.last_mut()) else { return };
        let whole = match block.get(field.name) {
            Some(before) => format!("{before}\n{value}"),
            None => value,
        };
        block.set(field.name, &whole);
    }

    fn form(&self) -> Option<&'static Form> {
        self.draft.blocks.last().map(|block| block.form)
    }

    fn finish(mut self) -> Result<Draft, Vec<Problem>> {
        if let (Enclosed::Quotation | Enclosed::Fence, Some((field, _))) = (self.within, &self.open) {
            self.problems.push(Problem {
                block: self.draft.blocks.len() - 1,
                field: Some(field.name),
                message: format!(
                    "what begins its value, {}, is never closed, so that all below belongs to it; close it, or leave it \
                     out",
                    if self.within == Enclosed::Fence { "```" } else { "a quotation mark" }
                ),
            });
        }
        self.close();
        if self.problems.is_empty() { Ok(self.draft) } else { Err(self.problems) }
    }
}

/// Marks that close a quotation.
const CLOSING: [char; 5] = ['"', '”', '“', '»', '」'];

/// Adds a line to a value.
fn go_on(value: &mut String, line: &str) {
    value.push('\n');
    value.push_str(line);
}

/// The beginning of a line, as it is quoted in a message.
fn shortened(line: &str) -> String {
    line.trim().chars().take(60).collect()
}
