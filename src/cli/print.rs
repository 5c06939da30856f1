//! What the operator's commands print.

use std::io::Write;

use super::{CliError, Exit, args::SchemaOf};
use crate::{
    app::App,
    config::{Config, HealthConfig, SettingOrigin, without_credentials},
    import_export::pack_schema,
    model::is_invisible,
    reply::json::reply_schema,
};

/// Says on standard error what went wrong.
pub(super) fn problem(error: &CliError) {
    remark(&error.to_string());
}

/// Says on standard error what is odd. A value, a file or a server may be quoted in it: nothing of that
/// steers the terminal, and no credentials of an address are shown.
pub(super) fn remark(text: &str) {
    let text = without_credentials(text);
    let shown: String = text.chars().filter(|&character| character == '\n' || !is_invisible(character)).collect();
    // There is nowhere else to say that standard error is closed.
    let _ = writeln!(std::io::stderr(), "onrecord: {shown}");
}

/// Says on standard error that there was no database, as whoever expected one should know at once.
pub(super) fn begun(app: &App, config: &Config) {
    if app.begun {
        let content =
            if config.data.shipped_data { "with the entries that the program carries" } else { "an empty one" };
        remark(&format!("began a new database at {}, {content}", config.data.database.display()));
    }
}

/// The settings in force.
pub(super) fn config(config: &Config) -> Result<Exit, CliError> {
    let mut out = std::io::stdout().lock();
    for entry in &config.in_force {
        let origin = match entry.origin {
            SettingOrigin::Default => "default",
            SettingOrigin::Environment => "from the environment",
            SettingOrigin::File => "from .env",
        };
        writeln!(out, "{}={}  ({origin})", entry.setting.name, entry.value)?;
        writeln!(out, "    {}", entry.setting.meaning)?;
    }
    if let Some(remote) = config.health.as_ref().and_then(HealthConfig::remark) {
        remark(&remote);
    }
    Ok(Exit::Answered)
}

/// A JSON Schema.
pub(super) fn schema(of: SchemaOf) -> Result<Exit, CliError> {
    let schema = match of {
        SchemaOf::Pack => pack_schema(),
        SchemaOf::Reply => reply_schema(),
    };
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &schema).map_err(std::io::Error::from)?;
    writeln!(out)?;
    Ok(Exit::Answered)
}
