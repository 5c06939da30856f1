//! Running the bots: until the process is told to stop.

use std::{io::Write, path::PathBuf, sync::Arc, time::Duration};

use tokio::sync::watch;

use super::{CliError, Exit, core_dumps, print, reload::Reload};
use crate::{
    app::{App, check_keys, standing_of_model},
    backups,
    config::{Config, Variables},
    desk::{Desk, worker_pool::DeskHandle},
    health::{Health, HealthReport},
    logging::Logs,
    model::Platform,
};

/// Where the settings come from, for reading them again.
pub(super) struct BotSettings {
    pub(super) file: PathBuf,
    pub(super) variables: Variables,
    pub(super) logs: Logs,
}

/// How long the desk may take at the end to finish what is queued. A question takes two seconds at most.
const DESK: Duration = Duration::from_secs(10);

/// Whether there is a bot to run.
pub(super) const fn configured(config: &Config) -> bool {
    (cfg!(feature = "discord") && config.discord.is_some()) || (cfg!(feature = "matrix") && config.matrix.is_some())
}

/// Runs the bots until Ctrl-C or SIGTERM, or until one of them can't go on; then finishes what is in flight. Told a
/// second time it doesn't.
pub(super) fn run(mut config: Config, settings: BotSettings) -> Result<Exit, CliError> {
    core_dumps::forbid();
    check_keys(&config)?;
    let app = App::open_for_bot(&config.data)?;
    print::begun(&app, &config);
    for remark in super::leftovers::remarks(&config) {
        print::remark(&remark);
    }
    app.desk.load_communities()?;
    app.desk.appoint(config.authority.clone());
    let chats: Vec<Platform> = [
        (cfg!(feature = "discord") && config.discord.is_some()).then_some(Platform::Discord),
        (cfg!(feature = "matrix") && config.matrix.is_some()).then_some(Platform::Matrix),
    ]
    .into_iter()
    .flatten()
    .collect();
    let metrics = Arc::clone(app.desk.metrics());
    for platform in &chats {
        metrics.expect(*platform);
    }
    writeln!(
        std::io::stderr(),
        "The bot runs on {}; Ctrl-C ends it. With ONRECORD_LOG=info it says what it does.",
        chats.iter().map(|platform| platform.name()).collect::<Vec<_>>().join(" and ")
    )?;
    let standing = standing_of_model(&config.meaning);
    writeln!(std::io::stderr(), "Found by meaning: {standing}.")?;
    metrics.tell_of_meaning(standing);
    let _meaning = app.keep_meaning(&config.meaning)?;
    let (handle, staff) = DeskHandle::open(Arc::clone(&app.desk))?;
    let health = Health::start(config.health.clone(), handle.clone())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    app.desk.tell_of_backups(config.backups.as_ref().map(|backups| {
        let (kept, hours) = (backups.kept, backups.every.as_hours());
        format!(
            "The backups that the bot has made hold it until {kept} newer ones are made, at one every {hours} hours."
        )
    }));
    let (backups, configured) = watch::channel(config.backups.take());
    #[cfg(feature = "links")]
    if config.links.check && config.fetch.on {
        runtime.spawn(crate::links::run(config.fetch.clone(), Arc::clone(&app.store)));
    }
    runtime.spawn(backups::run(configured, app.store, metrics));
    let reload = Reload {
        file: settings.file,
        started: settings.variables.clone(),
        current: settings.variables,
        desk: app.desk,
        logs: settings.logs,
        backups,
        standing: health.standing(),
    };
    runtime.spawn(reload.whenever_told());
    let ended = runtime.block_on(run_all(config, handle, &health.standing()));
    // Whatever is left ends here, and with it the last handle on the desk. What doesn't end is not
    // waited for.
    runtime.shutdown_timeout(Duration::from_secs(5));
    health.stop();
    if !staff.finish(DESK) {
        tracing::warn!("the desk was not finished in time; what it had not answered by then is dropped");
    }
    ended?;
    Ok(Exit::Answered)
}

/// Runs them beside each other. When one can't go on, the other ends in good order, too: an operator sees
/// a program that has stopped sooner than half a program.
async fn run_all(config: Config, handle: DeskHandle, standing: &HealthReport) -> Result<(), CliError> {
    let (stop, _) = watch::channel(false);
    let stopped = || {
        let mut told = stop.subscribe();
        async move {
            // The channel is open for as long as the bots run.
            let _ = told.wait_for(|stop| *stop).await;
        }
    };
    let mut bots = tokio::task::JoinSet::new();
    #[cfg(feature = "discord")]
    if let Some(discord) = config.discord {
        let (handle, stopped) = (handle.clone(), stopped());
        bots.spawn(async move { Ok(crate::chat::discord::run(discord, handle, stopped).await?) });
    }
    #[cfg(feature = "matrix")]
    if let Some(matrix) = config.matrix {
        let (handle, stopped) = (handle.clone(), stopped());
        bots.spawn(async move { Ok(crate::chat::matrix::run(matrix, handle, stopped).await?) });
    }
    let mut told = std::pin::pin!(told_to_stop());
    let mut ended: Result<(), CliError> = Ok(());
    loop {
        let bot = tokio::select! {
            bot = bots.join_next() => bot,
            () = &mut told => {
                if *stop.borrow() {
                    return Err(CliError::Hurried);
                }
                told.set(told_to_stop());
                standing.stopping();
                stop.send_replace(true);
                continue;
            }
        };
        match bot {
            None => break,
            Some(Ok(Ok(()))) => {}
            Some(Ok(Err(error))) => ended = ended.and(Err(error)),
            Some(Err(error)) => ended = ended.and(Err(CliError::Output(std::io::Error::other(error)))),
        }
        standing.stopping();
        stop.send_replace(true);
    }
    // What could not be written down until now has its last chance.
    if let Ok(Err(error)) = handle.run(Desk::write_held).await {
        tracing::warn!(%error, "answers were not remembered");
    }
    ended
}

async fn told_to_stop() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let Ok(mut terminated) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else {
            let _ = interrupted.await;
            return;
        };
        tokio::select! {
            _ = interrupted => {}
            _ = terminated.recv() => {}
        }
    }
    #[cfg(not(unix))]
    let _ = interrupted.await;
}

/// Makes a recovery key for the Matrix account and prints it, and it alone.
#[cfg(feature = "matrix")]
pub(super) fn recovery_key(config: Config) -> Result<Exit, CliError> {
    let Some(matrix) = config.matrix else {
        return Err(CliError::Usage(
            "no Matrix account is configured; set MATRIX_HOMESERVER and MATRIX_USER".to_owned(),
        ));
    };
    core_dumps::forbid();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let key = runtime.block_on(crate::chat::matrix::recovery_key(matrix))?;
    writeln!(
        std::io::stderr(),
        "The account's new recovery key; earlier ones are no longer valid. Keep it where the bot's machine is not."
    )?;
    writeln!(std::io::stdout(), "{key}")?;
    Ok(Exit::Answered)
}
