//! The program's parts, put together: the store, filled if it is empty, search on it, and the desk.

use std::sync::Arc;

use jiff::Timestamp;

use crate::{
    config::DataConfig,
    desk::Desk,
    exchange::{Attribution, ImportError, PackError, SHIPPED_SUMMARY, import, shipped_pack},
    model::{Identity, IdentityError, LineError, Platform},
    search::{Search, SearchError},
    store::{OpenError, Store, StoreError},
};

/// The parts that everything else works with.
#[derive(Debug)]
pub struct App {
    /// The records.
    pub store: Arc<Store>,
    /// The index on them.
    pub search: Arc<Search>,
    /// Who answers.
    pub desk: Arc<Desk>,
}

/// Why the program can't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database can't be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The index failed.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// The entries that the program carries can't be taken in.
    #[error("the entries that the program carries can't be taken in: {0}")]
    Shipped(String),
}

impl App {
    /// Opens the database and the index; fills an empty database with what the program carries.
    ///
    /// # Errors
    /// When one of them can't be opened or filled.
    pub fn open(config: &DataConfig) -> Result<Self, StartError> {
        Self::on(open_store(config)?, config)
    }

    /// As [`App::open`], for those who only ask: a database that is there and up to date is opened
    /// for reading, beside whichever process writes it.
    ///
    /// # Errors
    /// As [`App::open`].
    pub fn open_for_reading(config: &DataConfig) -> Result<Self, StartError> {
        let ready = Store::open_for_reading(&config.database)
            .ok()
            .filter(|store| store.reader().and_then(|reader| reader.latest_sequence()).is_ok_and(|latest| latest > 0));
        match ready {
            Some(store) => Self::on(store, config),
            // Whatever is the matter with it, opening it for writing mends it or says what it is.
            None => Self::open(config),
        }
    }

    fn on(store: Store, config: &DataConfig) -> Result<Self, StartError> {
        let store = Arc::new(store);
        let search = Arc::new(Search::open(&config.index, &store)?);
        let desk = Arc::new(Desk::new(Arc::clone(&store), Arc::clone(&search)));
        Ok(Self { store, search, desk })
    }
}

/// Opens the database; fills an empty one with what the program carries.
///
/// # Errors
/// When it can't be opened or filled.
pub fn open_store(config: &DataConfig) -> Result<Store, StartError> {
    let store = Store::open(&config.database)?;
    if config.shipped_data && store.is_writable() && store.reader()?.latest_sequence()? == 0 {
        fill(&store)?;
    }
    Ok(store)
}

/// Brings in the shipped packs as one reviewed change.
fn fill(store: &Store) -> Result<(), StartError> {
    let pack = shipped_pack().map_err(|errors| {
        StartError::Shipped(errors.iter().map(PackError::to_string).collect::<Vec<_>>().join("; "))
    })?;
    let attribution = shipped_attribution().map_err(|error| StartError::Shipped(error.to_string()))?;
    match import(store, &pack, attribution) {
        Ok(_) => Ok(()),
        Err(ImportError::Store(error)) => {
            // Another process may have filled it in the meantime.
            if store.reader()?.latest_sequence()? > 0 { Ok(()) } else { Err(error.into()) }
        }
        Err(error @ ImportError::Pack(_)) => {
            if store.reader()?.latest_sequence()? > 0 {
                Ok(())
            } else {
                Err(StartError::Shipped(error.to_string()))
            }
        }
    }
}

/// In whose names the shipped packs come in: those of the project, which reviews them before a release.
///
/// # Errors
/// Never, as the texts are fixed.
pub fn shipped_attribution() -> Result<Attribution, AttributionError> {
    Ok(Attribution {
        author: Identity::new(Platform::Project, "compilers")?,
        reviewer: Identity::new(Platform::Project, "reviewers")?,
        summary: SHIPPED_SUMMARY.parse()?,
        reason: "Reviewed before the release".parse()?,
        at: Timestamp::now(),
    })
}

/// Why a change can't be attributed.
#[derive(Debug, thiserror::Error)]
pub enum AttributionError {
    /// One of those involved is no identity.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// A text is no line.
    #[error(transparent)]
    Line(#[from] LineError),
}
