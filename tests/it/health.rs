//! The health listener under clients that mean it no good: real sockets, and a desk that answers nothing else.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use onrecord::{
    config::HealthConfig,
    desk::worker_pool::{DeskHandle, WorkerPool},
    health::Health,
};

use super::support::World;

/// A listener on loopback, with what it answers from.
struct Listening {
    address: SocketAddr,
    health: Option<Health>,
    _staff: WorkerPool,
    _world: World,
}

impl Drop for Listening {
    fn drop(&mut self) {
        if let Some(health) = self.health.take() {
            health.stop();
        }
    }
}

fn start(hosts: &[&str]) -> Listening {
    let world = World::empty();
    let (front, staff) = DeskHandle::open(Arc::clone(&world.app.desk)).unwrap();
    let hosts = hosts.iter().map(|&host| host.to_owned()).collect();
    let health = Health::start(Some(HealthConfig { address: "127.0.0.1:0".parse().unwrap(), hosts }), front).unwrap();
    Listening { address: health.address().unwrap(), health: Some(health), _staff: staff, _world: world }
}

fn ask(address: SocketAddr, request: &str) -> String {
    let mut answer = String::new();
    let asked = TcpStream::connect(address).and_then(|mut stream| {
        stream.write_all(request.as_bytes())?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        stream.read_to_string(&mut answer)
    });
    asked.map(|_| answer).unwrap_or_default()
}

#[test]
fn forty_of_forty_probes_are_answered_while_64_clients_send_half_a_head_and_come_again() {
    let listening = start(&[]);
    let address = listening.address;
    let over = Arc::new(AtomicBool::new(false));
    let came = Arc::new(AtomicUsize::new(0));
    let clients: Vec<_> = (0..64)
        .map(|number| {
            let (over, came) = (Arc::clone(&over), Arc::clone(&came));
            std::thread::spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    let Ok(mut stream) = TcpStream::connect(address) else { continue };
                    let _ = stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: local");
                    came.fetch_add(1, Ordering::Relaxed);
                    // Some stay until they are sent away, some leave at once.
                    if number % 2 == 0 {
                        let _ = stream.set_read_timeout(Some(Duration::from_millis(100)));
                        let _ = stream.read(&mut [0]);
                    }
                }
            })
        })
        .collect();
    while came.load(Ordering::Relaxed) < 256 {
        std::thread::yield_now();
    }
    let request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let answered = (0..40).filter(|_| ask(address, request).starts_with("HTTP/1.1 200 OK")).count();
    over.store(true, Ordering::Relaxed);
    for client in clients {
        client.join().unwrap();
    }
    assert_eq!(answered, 40, "of 40 probes, {} connections beside them", came.load(Ordering::Relaxed));
    drop(listening);
}

#[test]
fn a_connection_that_sends_nothing_is_closed_soon_and_many_of_them_keep_nobody_out() {
    let listening = start(&[]);
    let address = listening.address;
    let held: Vec<TcpStream> = (0..300).map(|_| TcpStream::connect(address).unwrap()).collect();
    let request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    assert!(ask(address, request).starts_with("HTTP/1.1 200 OK"));
    for mut stream in held {
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        assert!(!matches!(stream.read(&mut [0]), Err(error) if error.kind() == std::io::ErrorKind::WouldBlock));
    }
    drop(listening);
}

#[test]
fn a_host_that_is_not_the_listeners_is_refused() {
    let listening = start(&["onrecord", "Bot.Example.Org"]);
    let address = listening.address;
    let status = |head: &str| {
        let answer = ask(address, &format!("{head}\r\n\r\n"));
        answer.split_whitespace().nth(1).unwrap_or_default().to_owned()
    };
    for (host, wanted) in [
        (address.to_string().as_str(), "200"),
        ("127.0.0.1", "200"),
        ("localhost:1", "200"),
        ("LOCALHOST", "200"),
        ("onrecord:9464", "200"),
        ("bot.example.org", "200"),
        ("evil.example.org", "421"),
        ("192.0.2.1", "421"),
        ("localhost.evil.example.org", "421"),
        ("localhost@evil.example.org", "421"),
        ("", "421"),
    ] {
        assert_eq!(status(&format!("GET /metrics HTTP/1.1\r\nHost: {host}")), wanted, "{host:?}");
    }
    assert_eq!(status("GET /healthz HTTP/1.1"), "421", "without a host");
    assert_eq!(status("GET /healthz HTTP/1.0"), "200", "probes that are older than the header");
    assert_eq!(status("GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: evil.example.org"), "421");
    assert_eq!(status("GET http://evil.example.org/healthz HTTP/1.1\r\nHost: localhost"), "421");
    drop(listening);
}
