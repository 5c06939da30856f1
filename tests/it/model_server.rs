//! A model that a server runs: it is asked in OpenAI's form, its key goes to it alone, and whatever it does instead of
//! answering is a sentence.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use onrecord::meaning::{Embed, ServedModel};
use url::Url;

/// What the server answers with.
#[derive(Clone)]
enum Says {
    Vector(Vec<f32>),
    Text(&'static str),
    Status(u16),
    NothingFor(Duration),
}

#[derive(Clone)]
struct Shared {
    says: Arc<Mutex<Says>>,
    asked: Arc<Mutex<Vec<(serde_json::Value, String)>>>,
}

struct Server {
    address: Url,
    shared: Shared,
    _runtime: tokio::runtime::Runtime,
}

impl Server {
    fn that(says: Says) -> Self {
        let shared = Shared { says: Arc::new(Mutex::new(says)), asked: Arc::default() };
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = format!("http://{}/v1/", listener.local_addr().unwrap()).parse().unwrap();
        let router = Router::new().route("/v1/embeddings", post(answer)).with_state(shared.clone());
        runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, router).await.unwrap();
        });
        Self { address, shared, _runtime: runtime }
    }

    fn now(&self, says: Says) {
        *self.shared.says.lock().unwrap() = says;
    }

    fn asked(&self) -> Vec<(serde_json::Value, String)> {
        std::mem::take(&mut *self.shared.asked.lock().unwrap())
    }
}

async fn answer(State(shared): State<Shared>, headers: HeaderMap, body: String) -> Response {
    let key = headers.get(header::AUTHORIZATION).map_or(String::new(), |key| key.to_str().unwrap().to_owned());
    shared.asked.lock().unwrap().push((serde_json::from_str(&body).unwrap(), key));
    let says = shared.says.lock().unwrap().clone();
    match says {
        Says::Vector(vector) => serde_json::json!({"object": "list", "data": [{"index": 0, "embedding": vector}]})
            .to_string()
            .into_response(),
        Says::Text(text) => text.into_response(),
        Says::Status(status) => (StatusCode::from_u16(status).unwrap(), "Xq7secret is wrong").into_response(),
        Says::NothingFor(time) => {
            tokio::time::sleep(time).await;
            StatusCode::OK.into_response()
        }
    }
}

#[test]
fn it_is_asked_in_openai_s_form_and_gives_vectors_of_length_one() {
    let server = Server::that(Says::Vector(vec![3.0, 0.0, 4.0]));
    let model = ServedModel::open(&server.address, "multilingual-e5-large", Some("Xq7secret")).unwrap();
    assert_eq!(model.dimensions(), 3);
    assert_eq!(model.model().name(), "multilingual-e5-large");
    assert!(model.model().mark().starts_with("http://127.0.0.1:"), "{}", model.model());
    assert!(!format!("{model:?}").contains("Xq7secret"));
    server.asked();
    assert_eq!(model.message("who said it").unwrap(), [0.6, 0.0, 0.8]);
    model.entry(&"long ".repeat(1000)).unwrap();
    let asked = server.asked();
    assert_eq!(asked[0].0["input"], "query: who said it");
    assert_eq!(asked[0].0["model"], "multilingual-e5-large");
    assert_eq!(asked[1].0["input"].as_str().unwrap().chars().count(), 2000);
    assert!(asked[1].0["input"].as_str().unwrap().starts_with("passage: long"));
    assert!(asked.iter().all(|(_, key)| key == "Bearer Xq7secret"));
    // Other models were trained without anything before a text; and where no key is set none is sent.
    let other = ServedModel::open(&server.address, "bge-m3", None).unwrap();
    server.asked();
    other.message("who said it").unwrap();
    assert_eq!(
        server.asked(),
        [(serde_json::json!({"model": "bge-m3", "input": "who said it", "encoding_format": "float"}), String::new())]
    );
}

#[test]
fn whatever_it_does_instead_of_answering_is_a_sentence() {
    let server = Server::that(Says::Vector(vec![1.0, 0.0]));
    let model = ServedModel::open(&server.address, "bge-m3", Some("Xq7secret")).unwrap();
    let said = |says| {
        server.now(says);
        let said = model.message("who said it").unwrap_err().to_string();
        assert!(said.ends_with(
            "answers go by words alone until it answers again. Look whether it runs, and at ONRECORD_EMBEDDINGS"
        ));
        assert!(!said.contains("Xq7secret") && !said.contains("who said it"), "{said}");
        said
    };
    assert!(said(Says::Status(401)).contains("/v1/ answers with the status 401 Unauthorized; "));
    assert!(said(Says::Status(307)).contains("answers with the status 307"));
    for text in
        ["", "{}", "{\"data\":[]}", "{\"data\":[{\"embedding\":[]}]}", "{\"data\":[{\"embedding\":[0,0]}]}", "[[["]
    {
        assert!(said(Says::Text(text)).contains("answers with no vector"), "{text}");
    }
    assert!(said(Says::Vector(vec![1.0; 3])).contains("gives vectors of 3 numbers, and gave some of 2 before"));
    let begun = Instant::now();
    assert!(said(Says::NothingFor(Duration::from_secs(20))).contains("gave no answer in 1.5 s"));
    assert!(begun.elapsed() < Duration::from_secs(10));
    server.now(Says::Vector(vec![1.0, 1.0]));
    assert!(model.message("who said it").is_ok(), "it answers again");
    drop(server);
    let said = model.message("who said it").unwrap_err().to_string();
    assert!(said.contains("can't be asked: "), "{said}");
}

#[test]
fn it_can_be_asked_and_let_go_where_waiting_is_forbidden() {
    let server = Server::that(Says::Vector(vec![1.0, 0.0]));
    let model = ServedModel::open(&server.address, "bge-m3", None).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async move {
        assert!(model.message("who said it").is_ok());
        drop(model);
    });
}
