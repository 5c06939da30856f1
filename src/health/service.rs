//! What a service manager is told, where one started the process (systemd, sd_notify(3)): that the bot is
//! ready, how it stands, that it still moves, that it reads its settings again, that it ends.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
    time::{Duration, Instant},
};

use super::liveness::Liveness;

/// How often it is looked at whether there is something to tell.
const BETWEEN: Duration = Duration::from_millis(500);

/// While the bot is not connected yet, the service manager is asked that often for more time.
const MORE_TIME: Duration = Duration::from_secs(10);

/// How much more time that is, from then on.
#[cfg(unix)]
const TIME: Duration = Duration::from_secs(30);

/// A service manager, where there is one.
#[derive(Debug)]
pub(super) struct Service {
    ready: AtomicBool,
    /// What is told is told on a thread of its own, as it waits until the service manager listens. `None` without
    /// one.
    messages: Option<Sender<Message>>,
    /// How often it must be told that the bot moves.
    watchdog: Option<Duration>,
}

/// One thing to tell.
#[derive(Debug)]
enum Message {
    Ready,
    Status(String),
    Moving,
    MoreTime,
    Reloading,
    Stopping,
}

impl Service {
    /// The one that started the process, by the environment.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn of_environment() -> std::io::Result<Self> {
        #[cfg(unix)]
        let watchdog = sd_notify::watchdog_enabled().map(|every| every / 2);
        #[cfg(not(unix))]
        let watchdog = None;
        let messages = if std::env::var_os("NOTIFY_SOCKET").is_some() {
            let (messages, queue) = channel();
            std::thread::Builder::new().name("notify".to_owned()).spawn(move || tell_all(&queue))?;
            Some(messages)
        } else {
            None
        };
        Ok(Self { ready: AtomicBool::new(false), messages, watchdog })
    }

    pub(super) fn stopping(&self) {
        self.tell(Message::Stopping);
    }

    pub(super) fn reloading(&self) {
        if self.ready.load(Ordering::Relaxed) {
            self.tell(Message::Reloading);
        }
    }

    pub(super) fn reloaded(&self) {
        // Whoever isn't ready yet will say so when it is.
        if self.ready.load(Ordering::Relaxed) {
            self.tell(Message::Ready);
        }
    }

    fn tell(&self, message: Message) {
        if let Some(messages) = &self.messages {
            // The thread is there for as long as anybody would tell something. One message each minute or so may
            // wait for a service manager that doesn't listen.
            let _ = messages.send(message);
        }
    }
}

/// Tells the service manager how the bot stands, for as long as it is polled. That the bot moves is told only
/// while the writer and the desk do.
pub(super) async fn keep_told(service: Arc<Service>, liveness: Arc<Liveness>) {
    let mut said = String::new();
    // A line break would begin another message.
    let standing = || liveness.in_one_line().replace(['\n', '\r'], " ");
    let (mut moved, mut asked) = (None::<Instant>, None::<Instant>);
    let due = |last: Option<Instant>, every: Duration| last.is_none_or(|last| last.elapsed() >= every);
    let between = service.watchdog.map_or(BETWEEN, |watchdog| BETWEEN.min(watchdog / 2));
    loop {
        let now = standing();
        if said != now {
            said = now;
            service.tell(Message::Status(said.clone()));
        }
        if !service.ready.load(Ordering::Relaxed) {
            if liveness.is_connected() {
                service.ready.store(true, Ordering::Relaxed);
                service.tell(Message::Ready);
            } else if due(asked, MORE_TIME) {
                service.tell(Message::MoreTime);
                asked = Some(Instant::now());
            }
        }
        if let Some(every) = service.watchdog
            && due(moved, every)
            && liveness.stalled().is_empty()
        {
            service.tell(Message::Moving);
            moved = Some(Instant::now());
        }
        tokio::time::sleep(between).await;
    }
}

/// Tells what comes in, one after the other, until nobody is left who would tell anything.
fn tell_all(queue: &Receiver<Message>) {
    for message in queue {
        #[cfg(unix)]
        if let Err(error) = tell(&message) {
            tracing::debug!(%error, "the service manager could not be told");
        }
        #[cfg(not(unix))]
        drop(message);
    }
}

#[cfg(unix)]
fn tell(message: &Message) -> std::io::Result<()> {
    use sd_notify::NotifyState;
    let time = u32::try_from(TIME.as_micros()).unwrap_or(u32::MAX);
    match message {
        Message::Ready => sd_notify::notify(&[NotifyState::Ready]),
        Message::Status(status) => sd_notify::notify(&[NotifyState::Status(status)]),
        Message::Moving => sd_notify::notify(&[NotifyState::Watchdog]),
        Message::MoreTime => sd_notify::notify(&[NotifyState::ExtendTimeoutUsec(time)]),
        // A service of the type notify-reload says when it began, by the clock that the service manager compares
        // with (systemd.service(5)).
        Message::Reloading => sd_notify::notify(&[NotifyState::Reloading, NotifyState::monotonic_usec_now()?]),
        Message::Stopping => sd_notify::notify(&[NotifyState::Stopping]),
    }
}
