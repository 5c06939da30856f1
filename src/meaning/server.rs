//! A model that a server runs, asked over HTTP in the form of OpenAI's embeddings API, which Ollama, llama.cpp and others
//! speak. What it is asked leaves this program: docs/operating.md says so.

use std::{fmt, time::Duration};

use reqwest::{Client, redirect::Policy};
use serde::{Deserialize, Serialize};
use tokio::runtime::{Builder, Runtime};
use url::Url;

use super::{
    Embed, MeaningError, ModelId,
    embed::unit,
    http::{reason, shown},
};

/// How long a server may take for what someone wrote, who waits, and for what is on record, which is placed behind the
/// answers. A question is given up after two seconds.
const PATIENCE_WITH_A_MESSAGE: Duration = Duration::from_millis(1500);
const PATIENCE_WITH_AN_ENTRY: Duration = Duration::from_secs(30);

/// How much of a text is sent, in characters: as much as models take at least (512 tokens).
const LONGEST_TEXT: usize = 2000;

/// The longest answer that is read, in bytes: a vector of some thousand numbers has fewer.
const LONGEST_ANSWER: usize = 1024 * 1024;

/// The most numbers that a vector may have.
const MOST_DIMENSIONS: usize = 16_384;

/// What is asked at the start, to see that there is an answer and how many numbers it has.
const TRIAL: &str = "Who said that?";

/// A model behind an address.
pub struct ServedModel {
    id: ModelId,
    address: Url,
    name: String,
    key: Option<String>,
    dimensions: usize,
    /// What stands before a text that someone wrote and before one on record, for models that were trained so.
    before: (&'static str, &'static str),
    client: Client,
    /// `None` only while it goes.
    runtime: Option<Runtime>,
}

#[derive(Serialize)]
struct Question<'a> {
    model: &'a str,
    input: &'a str,
    encoding_format: &'static str,
}

#[derive(Deserialize)]
struct Answered {
    data: Vec<Placed>,
}

#[derive(Deserialize)]
struct Placed {
    embedding: Vec<f32>,
}

impl fmt::Debug for ServedModel {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("ServedModel").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Drop for ServedModel {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // It may go where nothing may be waited for.
            runtime.shutdown_background();
        }
    }
}

impl ServedModel {
    /// The model of this name at a server whose API begins at this address, like `http://127.0.0.1:11434/v1`. It is asked
    /// once.
    ///
    /// # Errors
    /// When it doesn't answer, or not with a vector.
    pub fn open(address: &Url, name: &str, key: Option<&str>) -> Result<Self, MeaningError> {
        let place = shown(address);
        let fail = |error: &dyn std::error::Error| MeaningError::Server { address: place.clone(), what: failed(error) };
        // Where a redirection leads nobody has looked at, and a key would go with it.
        let client = Client::builder().redirect(Policy::none()).build().map_err(|error| fail(&error))?;
        let runtime = Builder::new_multi_thread().worker_threads(1).thread_name("embeddings").enable_all().build();
        let mut questions = address.clone();
        questions.set_path(&format!("{}/embeddings", address.path().trim_end_matches('/')));
        let is_e5 = name.to_lowercase().contains("e5");
        let mut model = Self {
            id: ModelId::new(name, place.clone()),
            address: questions,
            name: name.to_owned(),
            key: key.map(str::to_owned),
            dimensions: 0,
            before: if is_e5 { ("query: ", "passage: ") } else { ("", "") },
            client,
            runtime: Some(runtime.map_err(|error| fail(&error))?),
        };
        model.dimensions = model.ask(TRIAL, PATIENCE_WITH_AN_ENTRY)?.len();
        Ok(model)
    }

    fn placed(&self, before: &str, text: &str, patience: Duration) -> Result<Vec<f32>, MeaningError> {
        let text: String = before.chars().chain(text.chars()).take(LONGEST_TEXT).collect();
        let vector = self.ask(&text, patience)?;
        if vector.len() == self.dimensions {
            return Ok(vector);
        }
        Err(self.wrong(format!(
            "gives vectors of {} numbers, and gave some of {} before",
            vector.len(),
            self.dimensions
        )))
    }

    fn ask(&self, text: &str, patience: Duration) -> Result<Vec<f32>, MeaningError> {
        let Some(runtime) = &self.runtime else { return Err(self.wrong("is asked no more".to_owned())) };
        // On a thread of its own: this one may be of another runtime, where waiting is forbidden.
        std::thread::scope(|scope| {
            let asked =
                scope.spawn(|| runtime.block_on(async { tokio::time::timeout(patience, self.answer(text)).await }));
            match asked.join() {
                Ok(Ok(answer)) => answer,
                Ok(Err(_)) => Err(self.wrong(format!("gave no answer in {} s", patience.as_secs_f32()))),
                Err(_) => Err(self.wrong("can't be asked".to_owned())),
            }
        })
    }

    async fn answer(&self, text: &str) -> Result<Vec<f32>, MeaningError> {
        let question = Question { model: &self.name, input: text, encoding_format: "float" };
        let question = serde_json::to_vec(&question).map_err(|error| self.wrong(failed(&error)))?;
        let mut request = self
            .client
            .post(self.address.clone())
            .header(reqwest::header::CONTENT_TYPE, "application/json")
            .body(question);
        if let Some(key) = &self.key {
            request = request.bearer_auth(key);
        }
        let mut response = request.send().await.map_err(|error| self.wrong(failed(&error)))?;
        if !response.status().is_success() {
            return Err(self.wrong(format!("answers with the status {}", response.status())));
        }
        let mut text = Vec::new();
        while let Some(part) = response.chunk().await.map_err(|error| self.wrong(failed(&error)))? {
            text.extend_from_slice(&part);
            if text.len() > LONGEST_ANSWER {
                return Err(self.wrong(format!("answers with more than {LONGEST_ANSWER} bytes")));
            }
        }
        let answered: Option<Answered> = serde_json::from_slice(&text).ok();
        let vector = answered.and_then(|answered| answered.data.into_iter().next()).map(|placed| placed.embedding);
        let vector = vector.filter(|vector| vector.len() <= MOST_DIMENSIONS).and_then(unit);
        vector.ok_or_else(|| self.wrong("answers with no vector (data[0].embedding)".to_owned()))
    }

    fn wrong(&self, what: String) -> MeaningError {
        MeaningError::Server { address: self.id.mark().to_owned(), what }
    }
}

impl Embed for ServedModel {
    fn model(&self) -> &ModelId {
        &self.id
    }

    fn dimensions(&self) -> usize {
        self.dimensions
    }

    fn message(&self, text: &str) -> Result<Vec<f32>, MeaningError> {
        self.placed(self.before.0, text, PATIENCE_WITH_A_MESSAGE)
    }

    fn entry(&self, text: &str) -> Result<Vec<f32>, MeaningError> {
        self.placed(self.before.1, text, PATIENCE_WITH_AN_ENTRY)
    }
}

fn failed(error: &dyn std::error::Error) -> String {
    format!("can't be asked: {}", reason(error))
}
