//! The sources of an entry: originals first and labelled as such, the others under their own label.

use std::collections::HashSet;

use super::{clean::clean, flow::Run, sheet::Sheet, style::Style};
use crate::reply::{Entry, EntryKind, NO_ADDRESS, NO_DATE, Notice, SourceLine, SourceOrigin};

/// The ids of sources that are named higher up in the same entry.
pub(super) type Shown = HashSet<String>;

/// Draws the sources of an entry.
pub(super) fn sources(sheet: &mut Sheet<'_>, entry: &Entry, indent: usize, shown: &mut Shown) {
    for origin in [SourceOrigin::Original, SourceOrigin::Carried] {
        let group: Vec<&SourceLine> = entry.sources.iter().filter(|source| source.origin == origin).collect();
        match (group.as_slice(), entry.kind) {
            ([], _) => {}
            // A source's own entry doesn't say of itself that it is the original.
            (group, EntryKind::Source) => {
                for source in group {
                    let own = source.id == entry.id && source.title.is_some();
                    let lead = if own { Lead::Own } else { Lead::Item };
                    one(sheet, source, indent, &lead, shown);
                }
            }
            ([source], EntryKind::Statement | EntryKind::Response | EntryKind::Change) => {
                one(sheet, source, indent, &Lead::Only(origin.label()), shown);
            }
            (group, EntryKind::Statement | EntryKind::Response | EntryKind::Change) => {
                sheet.words(indent, &format!("{}:", origin.label()), Style::Dim);
                for source in group {
                    one(sheet, source, indent, &Lead::Item, shown);
                }
            }
        }
    }
}

/// What a source begins with.
#[derive(Debug, PartialEq, Eq)]
enum Lead {
    /// The label, as it is the only one.
    Only(&'static str),
    /// A bullet below the label.
    Item,
    /// Nothing: publisher, date and id stand in the entry's first line.
    Own,
}

/// Draws one source: publisher, date, headline, where in it, language, id and address.
fn one(sheet: &mut Sheet<'_>, source: &SourceLine, indent: usize, lead: &Lead, shown: &mut Shown) {
    // Named once in an entry, a source isn't spelt out again for each response that cites it.
    let repeated = !shown.insert(source.id.clone());
    let follows = sheet.settings.hyperlinks;
    let hang = indent + if *lead == Lead::Own { 0 } else { 2 };
    let runs = description(sheet, source, lead, repeated);
    sheet.flow(indent, hang, &runs);
    // That it is retracted or was corrected is said wherever it is named.
    notices(sheet, &source.notices, hang);
    if !follows && !repeated {
        if let Some(address) = &source.address {
            sheet.address(hang, "", address);
        }
        if let Some(archive) = &source.archive {
            sheet.address(hang, "archived: ", archive);
        }
    }
}

fn description(sheet: &mut Sheet<'_>, source: &SourceLine, lead: &Lead, repeated: bool) -> Vec<Run> {
    let plain = |text: String| Run::new(text, Style::Plain);
    let dot = sheet.sign(" · ", " - ");
    let mut runs = Vec::new();
    match lead {
        Lead::Only(label) => runs.push(Run::new(format!("{label}: "), Style::Dim)),
        Lead::Item => runs.push(Run::new(sheet.sign("• ", "- "), Style::Dim)),
        Lead::Own => {}
    }
    let date = source.date.map_or_else(|| NO_DATE.to_owned(), |date| date.to_string());
    let name = format!("{}, {date}", clean(&source.publisher));
    // The headline leads to the source; where it isn't shown, publisher and date do.
    match source.title.as_deref().filter(|_| !repeated) {
        Some(title) => {
            if *lead != Lead::Own {
                runs.push(plain(format!("{name}, ")));
            }
            let title = format!("{}{}{}", sheet.sign("“", "\""), clean(title), sheet.sign("”", "\""));
            runs.push(source.address.as_ref().map_or_else(|| plain(title.clone()), |at| sheet.link(&title, at)));
        }
        None => runs.push(source.address.as_ref().map_or_else(|| plain(name.clone()), |at| sheet.link(&name, at))),
    }
    if let Some(locator) = &source.locator {
        runs.push(plain(format!(", {}", clean(locator))));
    }
    if let Some(language) = source.language.as_ref().filter(|_| !repeated) {
        runs.push(Run::whole(format!(" ({})", clean(language)), Style::Dim));
    }
    if *lead != Lead::Own {
        runs.push(Run::whole(dot, Style::Dim));
        runs.push(Run::whole(clean(&source.id), Style::Id));
    }
    let follows = sheet.settings.hyperlinks;
    match &source.address {
        _ if repeated => runs.push(Run::new(", see above", Style::Dim)),
        None => runs.push(Run::whole(format!("{dot}{NO_ADDRESS}"), Style::Dim)),
        Some(address) if follows => runs.push(Run::whole(format!("{dot}{}", clean(address.host())), Style::Dim)),
        Some(_) => {}
    }
    if let Some(archive) = source.archive.as_ref().filter(|_| follows && !repeated) {
        runs.push(Run::new(dot, Style::Dim));
        runs.push(sheet.link("archived copy", archive));
    }
    runs
}

/// Draws what readers must be told about a record, so that it can't be overlooked.
pub(super) fn notices(sheet: &mut Sheet<'_>, notices: &[Notice], indent: usize) {
    for notice in notices {
        let (word, style, on, reason) = match notice {
            Notice::Retracted { on, reason } => ("RETRACTED", Style::Alarm, on, reason),
            Notice::Corrected { on, reason } => ("CORRECTED", Style::Warning, on, reason),
        };
        let runs = [Run::new(format!("{word} {on}"), style), Run::new(format!(": {}", clean(reason)), Style::Plain)];
        sheet.flow(indent, indent + 2, &runs);
    }
}
