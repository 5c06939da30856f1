//! Running the bots: until the process is told to stop.

use std::io::Write;

use super::{CliError, Exit};
use crate::{app::App, chat::discord, config::Config, desk::front::Front};

/// Runs the Discord bot until Ctrl-C or SIGTERM, then finishes what is in flight.
pub(super) fn run(config: Config) -> Result<Exit, CliError> {
    let Some(discord) = config.discord else { return Ok(Exit::Answered) };
    let app = App::open(&config.data)?;
    app.desk.load_communities()?;
    app.desk.appoint(config.authority);
    writeln!(std::io::stderr(), "The Discord bot runs; Ctrl-C ends it. With ONRECORD_LOG=info it says what it does.")?;
    let (front, staff) = Front::open(app.desk)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let ended = runtime.block_on(discord::run(discord, front, told_to_stop()));
    // Whatever is left ends here, and with it the last handle on the desk. What doesn't end is not
    // waited for.
    runtime.shutdown_timeout(std::time::Duration::from_secs(5));
    staff.finish();
    ended?;
    Ok(Exit::Answered)
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
