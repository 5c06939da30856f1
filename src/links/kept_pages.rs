//! Copies of pages of one's own: fetched, and written into one file.

use std::{
    io::{self, Read, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use url::Url;

use super::{LinksError, hosts::ByHost, warc::WarcWriter};
use crate::{
    fetch::{FetchError, Fetched, Fetcher},
    files::{Audience, Existing, Unfinished, open_regular},
    model::SourceId,
    store::SourceLink,
};

/// What was written.
#[derive(Debug)]
pub struct KeptPages {
    /// The file; `None` where no page was fetched.
    pub file: Option<PathBuf>,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: String,
    /// The sources whose pages are in it, with the statuses of these.
    pub kept: Vec<(SourceId, u16)>,
    /// The sources whose pages were not fetched, with why.
    pub failed: Vec<(SourceId, FetchError)>,
}

type FetchedPage = (SourceId, Result<Fetched, FetchError>);

/// Fetches pages and writes them into a new file of a folder. `told` hears how many were asked for by now.
///
/// # Errors
/// When nothing can be fetched, or the file can't be written.
pub async fn keep_pages(
    fetcher: Arc<Fetcher>,
    links: Vec<SourceLink>,
    folder: &Path,
    clock: impl Fn() -> Timestamp,
    told: &mut (dyn FnMut(usize) + Send),
) -> Result<KeptPages, LinksError> {
    let path = folder.join(clock().strftime("onrecord-%Y%m%dT%H%M%SZ.warc.gz").to_string());
    let unwritable = |source: io::Error| LinksError::Unwritable { path: path.clone(), source };
    std::fs::create_dir_all(folder).map_err(unwritable)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let out = Unfinished::beside(&path, Audience::Public).map_err(unwritable)?;
    let mut warc = WarcWriter::begin(out, &name, &fetcher.agent(), clock()).map_err(unwritable)?;
    let mut pages = KeptPages { file: None, sha256: String::new(), kept: Vec::new(), failed: Vec::new() };
    let mut fetching = ByHost::start(links, move |link| fetch(Arc::clone(&fetcher), link));
    let mut asked = 0;
    while let Some((source, fetched)) = fetching.next().await? {
        match fetched {
            Ok(fetched) => {
                warc.page(&fetched, clock()).map_err(unwritable)?;
                pages.kept.push((source, fetched.exchanges.last().map_or(0, |last| last.status)));
            }
            Err(error @ (FetchError::Off | FetchError::Client { .. } | FetchError::Proxy { .. })) => {
                return Err(error.into());
            }
            Err(error) => pages.failed.push((source, error)),
        }
        asked += 1;
        told(asked);
    }
    pages.kept.sort_unstable_by_key(|(source, _)| *source);
    pages.failed.sort_unstable_by_key(|(source, _)| *source);
    if pages.kept.is_empty() {
        return Ok(pages);
    }
    let mut out = warc.into_inner();
    out.flush().map_err(unwritable)?;
    out.finish(&path, Existing::Refuse).map_err(unwritable)?;
    pages.sha256 = sum_of(&path).map_err(unwritable)?;
    pages.file = Some(path);
    Ok(pages)
}

async fn fetch(fetcher: Arc<Fetcher>, link: SourceLink) -> FetchedPage {
    let url = Url::parse(link.address.as_str());
    let fetched = match url {
        Ok(url) => fetcher.get(&url).await,
        Err(_) => Err(FetchError::LeadsNowhere { host: link.address.host().to_owned() }),
    };
    (link.source, fetched)
}

/// The sum of what stands in a file: of what was written, and not of what was meant to be.
fn sum_of(path: &Path) -> io::Result<String> {
    let mut file = open_regular(path).map_err(|error| io::Error::other(error.to_string()))?;
    let (mut hasher, mut piece) = (Sha256::new(), vec![0; 64 * 1024]);
    loop {
        match file.read(&mut piece)? {
            0 => break,
            read => hasher.update(&piece[..read]),
        }
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
