//! A TCP proxy between the bot and the homeserver, that cuts, slows, holds, swallows and limits.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{Notify, watch},
    task::JoinHandle,
};

/// What the proxy does to what passes.
#[derive(Debug, Default)]
struct Rules {
    /// Connections are closed and not taken.
    cut: AtomicBool,
    /// How long each piece of data is held, in milliseconds.
    delay: AtomicU64,
    /// What sends a message doesn't reach the homeserver.
    hold_sending: AtomicBool,
    /// What sends a message reaches the homeserver, and its answer doesn't come back.
    swallow_answer: AtomicBool,
    /// What sends a message to this room is answered with "too many requests".
    limited: Mutex<Option<String>>,
    /// Told when a message was held or refused, or its answer swallowed.
    caught: Notify,
}

/// The answer of a homeserver to one who sends too much (Matrix specification, "Rate limiting").
const LIMITED: &str = r#"{"errcode":"M_LIMIT_EXCEEDED","error":"Too many requests","retry_after_ms":500}"#;

pub(crate) struct Proxy {
    pub(crate) address: String,
    rules: Arc<Rules>,
    connections: watch::Sender<u64>,
    running: JoinHandle<()>,
}

impl Proxy {
    /// A proxy before the homeserver at this address.
    pub(crate) async fn before(homeserver: &str) -> Self {
        let to: SocketAddr = homeserver.strip_prefix("http://").unwrap().parse().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let rules = Arc::new(Rules::default());
        let (connections, _) = watch::channel(0);
        let running = {
            let (rules, connections) = (Arc::clone(&rules), connections.clone());
            tokio::spawn(async move {
                while let Ok((client, _)) = listener.accept().await {
                    if rules.cut.load(Ordering::SeqCst) {
                        continue;
                    }
                    tokio::spawn(pass(client, to, Arc::clone(&rules), connections.subscribe()));
                }
            })
        };
        Self { address, rules, connections, running }
    }

    /// Closes all connections, and takes none until [`Self::mend`].
    pub(crate) fn cut(&self) {
        self.rules.cut.store(true, Ordering::SeqCst);
        self.connections.send_modify(|cut| *cut += 1);
    }

    pub(crate) fn mend(&self) {
        self.rules.cut.store(false, Ordering::SeqCst);
        self.rules.hold_sending.store(false, Ordering::SeqCst);
        self.rules.swallow_answer.store(false, Ordering::SeqCst);
        self.rules.delay.store(0, Ordering::SeqCst);
        *self.rules.limited.lock().unwrap() = None;
    }

    pub(crate) fn slow(&self, delay: Duration) {
        self.rules.delay.store(u64::try_from(delay.as_millis()).unwrap(), Ordering::SeqCst);
    }

    /// Keeps the next messages from the homeserver.
    pub(crate) fn hold_sending(&self) {
        self.rules.hold_sending.store(true, Ordering::SeqCst);
    }

    /// Lets the next messages through, and their answers not back.
    pub(crate) fn swallow_answer(&self) {
        self.rules.swallow_answer.store(true, Ordering::SeqCst);
    }

    /// Lets nobody write in a room.
    pub(crate) fn limit(&self, room: &str) {
        *self.rules.limited.lock().unwrap() = Some(room.to_owned());
    }

    /// Waits until a message was held or refused, or its answer swallowed.
    pub(crate) async fn caught(&self) {
        let caught = tokio::time::timeout(crate::homeserver::TIMEOUT, self.rules.caught.notified()).await;
        assert!(caught.is_ok(), "no message was sent");
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.running.abort();
    }
}

impl Rules {
    /// Whether the head of a request sends a message to the room that is limited.
    fn limits(&self, head: &str) -> bool {
        let room = self.limited.lock().unwrap();
        // In a path the signs of a room's id may be written as they are or by their numbers.
        let local = |id: &str| id.trim_start_matches('!').split(':').next().unwrap_or_default().to_owned();
        room.as_deref().is_some_and(|room| head.lines().next().is_some_and(|line| line.contains(&local(room))))
    }
}

async fn pass(client: TcpStream, to: SocketAddr, rules: Arc<Rules>, mut cut: watch::Receiver<u64>) {
    let Ok(server) = TcpStream::connect(to).await else { return };
    let (mut from_client, to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let to_client = tokio::sync::Mutex::new(to_client);
    let sending = AtomicBool::new(false);
    let up = async {
        let mut buffer = vec![0; 16_384];
        while let Ok(count @ 1..) = from_client.read(&mut buffer).await {
            let head = String::from_utf8_lossy(&buffer[..count.min(400)]);
            let sends = head.starts_with("PUT ") && head.contains("/send/m.room.");
            if sends && rules.hold_sending.load(Ordering::SeqCst) {
                rules.caught.notify_one();
                std::future::pending::<()>().await;
            }
            if sends && rules.limits(&head) {
                let length = LIMITED.len();
                let answer = format!(
                    "HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\n\
                     Content-Length: {length}\r\nConnection: close\r\n\r\n{LIMITED}"
                );
                let _ = to_client.lock().await.write_all(answer.as_bytes()).await;
                rules.caught.notify_one();
                return;
            }
            sending.store(sends || (sending.load(Ordering::SeqCst) && !head.contains(" HTTP/1.1")), Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(rules.delay.load(Ordering::SeqCst))).await;
            if to_server.write_all(&buffer[..count]).await.is_err() {
                return;
            }
        }
    };
    let down = async {
        let mut buffer = vec![0; 16_384];
        while let Ok(count @ 1..) = from_server.read(&mut buffer).await {
            if sending.load(Ordering::SeqCst) && rules.swallow_answer.load(Ordering::SeqCst) {
                rules.caught.notify_one();
                std::future::pending::<()>().await;
            }
            tokio::time::sleep(Duration::from_millis(rules.delay.load(Ordering::SeqCst))).await;
            if to_client.lock().await.write_all(&buffer[..count]).await.is_err() {
                return;
            }
        }
    };
    tokio::select! {
        () = up => {}
        () = down => {}
        _ = cut.changed() => {}
    }
}
