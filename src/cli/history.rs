//! `verify` and `changes export`: the audit trail.

use std::io::Write;

use super::{CliError, Exit, anchor, args::Export, leftovers, print, write::output};
use crate::{
    app::{StartError, open_read_only},
    commands::count,
    config::Config,
    files::Audience,
    store::{OpenError, Store},
};

/// Recomputes the chain of approved changes, and what they add up to. Nothing is written: what is missing in a history
/// must not come into being by looking for it.
pub(super) fn verify(config: &Config) -> Result<Exit, CliError> {
    let store = Store::open_read_only(&config.data.database).map_err(|error| match error {
        OpenError::Outdated { path } => StartError::from(OpenError::Earlier { path }),
        error => error.into(),
    })?;
    for remark in leftovers::remarks(config) {
        print::remark(&remark);
    }
    let records = store.reader()?.without_deadline();
    let verified = records.verify()?;
    let mut out = std::io::stdout().lock();
    for problem in &verified.problems {
        writeln!(out, "{problem}")?;
    }
    if verified.problems.is_empty() {
        writeln!(
            out,
            "The history holds: {} to {}.",
            count(verified.changes, "approved change adds up", "approved changes add up"),
            count(verified.records, "record", "records"),
        )?;
        writeln!(
            out,
            "Its last hash is {}. Keep it elsewhere to tell later that nothing before was altered.",
            verified.hash
        )?;
        if verified.acts > 0 {
            writeln!(
                out,
                "Roles, links, blocks and settings hold, too: they follow from {}, the hash of the last being {}.",
                count(verified.acts, "administrative act", "administrative acts"),
                verified.acts_hash
            )?;
        }
        if verified.seals > 0 {
            writeln!(
                out,
                "All of it, and what waits for review or was rejected, is under {}; keep the hash of the last, too: {}.",
                count(verified.seals, "seal", "seals"),
                verified.seal
            )?;
        }
    }
    let is_anchored = anchor::report(config, &records, &mut out)?;
    if verified.problems.is_empty() && is_anchored {
        return Ok(Exit::Answered);
    }
    if verified.problems.is_empty() {
        return Ok(Exit::Failed);
    }
    writeln!(
        out,
        "The history does not hold. Put a backup in the database's place, and keep this file for whoever asks."
    )?;
    Ok(Exit::Failed)
}

/// Writes every change as a line of JSON, and the last hashes as the last line.
pub(super) fn export(config: &Config, arguments: &Export) -> Result<Exit, CliError> {
    // The trail holds the ids of people.
    let check = |file: &std::path::PathBuf| output(config, file, arguments.force.existing(), Audience::Owner);
    let output = arguments.file.as_ref().map(check).transpose()?;
    let store = open_read_only(&config.data)?;
    let reader = store.reader()?.without_deadline();
    let mut text = String::new();
    for id in reader.all_changes()? {
        let line = serde_json::to_string(&reader.audit_line(id)?).map_err(std::io::Error::from)?;
        text.push_str(&line);
        text.push('\n');
    }
    // The ends of the chains, to tell later that nothing before was altered or cut off.
    let heads = reader.heads()?.into_iter().map(|head| {
        let end = serde_json::json!({ "place": head.place, "hash": head.hash });
        (head.chain.word().to_owned(), end)
    });
    let heads: serde_json::Map<String, serde_json::Value> = heads.collect();
    text.push_str(&serde_json::json!({ "heads": heads }).to_string());
    text.push('\n');
    match output {
        Some(output) => output.write(text.as_bytes())?,
        None => std::io::stdout().lock().write_all(text.as_bytes())?,
    }
    Ok(Exit::Answered)
}
