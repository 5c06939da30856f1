//! Reading the settings again while the bots run (SIGHUP): what can change takes effect, the rest is named.

use std::{path::PathBuf, sync::Arc};

use tokio::sync::watch;

use crate::{
    config::{BackupConfig, Config, TakesEffect, Variables, changes},
    desk::Desk,
    health::HealthReport,
    logging::Logs,
};

/// What a running bot takes changed settings to.
pub(super) struct Reload {
    /// The file of the settings.
    pub(super) file: PathBuf,
    /// As the bot was started.
    pub(super) started: Variables,
    /// As they are in force.
    pub(super) current: Variables,
    pub(super) desk: Arc<Desk>,
    pub(super) logs: Logs,
    pub(super) backups: watch::Sender<Option<BackupConfig>>,
    pub(super) standing: HealthReport,
}

impl Reload {
    /// Reads the settings again each time the process is told to, for as long as it is polled.
    #[cfg(unix)]
    pub(super) async fn whenever_told(mut self) {
        let hangup = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup());
        let mut told = match hangup {
            Ok(told) => told,
            Err(error) => {
                tracing::warn!(%error, "the settings can't be read again while the bot runs");
                return;
            }
        };
        while told.recv().await.is_some() {
            self.standing.reloading();
            if let Err(reason) = self.read_again() {
                tracing::error!("the settings were read again and can't be used; nothing was changed: {reason}");
            }
            self.standing.reloaded();
        }
    }

    /// Takes over what can be. With an error nothing is.
    #[cfg(unix)]
    fn read_again(&mut self) -> Result<(), String> {
        let variables = Variables::load(&self.file).map_err(|error| error.to_string())?;
        let config = Config::read(&variables).map_err(|error| error.to_string())?;
        // The last that can fail.
        self.logs.change(&config.log).map_err(|error| error.to_string())?;
        self.desk.appoint(config.authority);
        self.backups.send_if_modified(|backups| {
            let modified = *backups != config.backups;
            *backups = config.backups;
            modified
        });
        for remark in &config.remarks {
            tracing::warn!("{remark}");
        }
        // Since the start: what waits for a restart is said as long as it does.
        for setting in changes(&self.started, &variables) {
            if setting.takes_effect == TakesEffect::AtTheNextStart {
                tracing::warn!("{} was changed; restart to use it", setting.name);
            }
        }
        for setting in changes(&self.current, &variables) {
            if setting.takes_effect == TakesEffect::AtOnce {
                tracing::info!("{} was changed and is in force", setting.name);
            }
        }
        tracing::info!("the settings were read again");
        self.current = variables;
        Ok(())
    }

    /// There is no such signal here.
    #[cfg(not(unix))]
    pub(super) async fn whenever_told(self) {}
}
