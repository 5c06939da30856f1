//! The program's parts, put together: the store, filled if it is empty, search on it, and the desk.

use std::{
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::Timestamp;

use crate::{
    config::{Config, DataConfig, MeaningConfig, without_credentials},
    desk::Desk,
    import_export::{Attribution, ImportError, PackError, SHIPPED_SUMMARY, import, shipped_pack},
    meaning::{Embed, MeaningError, standing},
    model::{Identity, IdentityError, LineError, Platform, Sequence},
    search::{FollowError, MeaningKeeper, MeaningProgress, Search, SearchError},
    store::{Failure, LogKeeper, OpenError, Store, StoreError},
};
#[cfg(feature = "semantic")]
use crate::{
    config::{EmbeddingsConfig, Secret},
    meaning::{LocalModel, ServedModel},
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
    /// Whether there was no database and one was begun.
    pub begun: bool,
}

/// Why the program can't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database can't be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// There is no database where there was one: a new one would hide that.
    #[error(
        "there is no database at {}, but {} shows that there was one; bring its disk back or put a backup in its place: onrecord restore FILE. To begin anew on purpose, move {} away first", .database.display(), .sign.display(), .sign.display()
    )]
    Vanished {
        /// Where it should be.
        database: PathBuf,
        /// What shows it.
        sign: PathBuf,
    },
    /// A bot can't be told from a second one.
    #[error(
        "the lock beside {} can't be opened for writing; give it and the database to the user that the bot runs as", .database.display()
    )]
    NoLock {
        /// The database.
        database: PathBuf,
    },
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

impl From<Failure> for StartError {
    fn from(failure: Failure) -> Self {
        Self::Store(failure.into())
    }
}

impl App {
    /// Opens the database and the index; begins a database where there is none and nothing shows that there was one, and
    /// fills an empty one with what the program carries.
    ///
    /// # Errors
    /// When one of them can't be opened or filled; when a database was here.
    pub fn open(config: &DataConfig) -> Result<Self, StartError> {
        // Before a database is begun.
        Search::check_folder(&config.index, &config.database)?;
        let begun = begins(config)?;
        let store = Store::open(&config.database)?;
        fill_if_empty(&store, config)?;
        Ok(Self { begun, ..Self::on(store, config)? })
    }

    /// As [`App::open`], for a bot: alone on its database, and the one that keeps the database's log.
    ///
    /// # Errors
    /// As [`App::open`], and when another bot runs on the database.
    pub fn open_for_bot(config: &DataConfig) -> Result<Self, StartError> {
        // Before a database is begun.
        Search::check_folder(&config.index, &config.database)?;
        let begun = begins(config)?;
        let keeper = LogKeeper::take(&config.database)?;
        let is_alone = keeper.is_some();
        let store = Store::open_as_keeper(&config.database, keeper)?;
        if store.is_writable() && !is_alone {
            return Err(StartError::NoLock { database: config.database.clone() });
        }
        fill_if_empty(&store, config)?;
        Ok(Self { begun, ..Self::on(store, config)? })
    }

    /// As [`App::open`], for those who only ask: a database that is there and up to date is opened
    /// for reading, beside whichever process writes it.
    ///
    /// # Errors
    /// As [`App::open`].
    pub fn open_for_reading(config: &DataConfig) -> Result<Self, StartError> {
        let ready = Store::open_for_reading(&config.database).ok().filter(Store::is_writable).filter(|store| {
            store.reader().and_then(|reader| reader.latest_sequence()).is_ok_and(|latest| latest > Sequence::BEGINNING)
        });
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
        Ok(Self { store, search, desk, begun: false })
    }
}

impl App {
    /// Has messages found by meaning from soon on, where there is a model: a thread opens it, makes what vectors are
    /// missing, and keeps them in step with the history until the keeper is dropped.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn keep_meaning(&self, config: &MeaningConfig) -> std::io::Result<MeaningKeeper> {
        let config = config.clone();
        MeaningKeeper::start(Arc::clone(&self.search), Arc::clone(&self.store), move || open_model(&config))
    }

    /// The same at once, for those who ask a single question: it takes as long as the vectors that are missing. `told`
    /// hears how far it is.
    ///
    /// # Errors
    /// Why messages are checked by their words alone.
    pub fn load_meaning(
        &self,
        config: &MeaningConfig,
        told: &mut dyn FnMut(MeaningProgress) -> ControlFlow<()>,
    ) -> Result<(), MeaningUnavailable> {
        if let Some(model) = open_model(config)? {
            self.search.use_model(model, &self.store)?;
            self.search.follow_meaning(&self.store, told)?;
        }
        Ok(())
    }
}

/// Why messages are checked by their words alone though there is a model.
#[derive(Debug, thiserror::Error)]
pub enum MeaningUnavailable {
    /// The model can't be opened.
    #[error(transparent)]
    Model(#[from] MeaningError),
    /// The records can't be read.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// Vectors can't be made.
    #[error(transparent)]
    Vectors(#[from] FollowError),
}

/// Opens the model that texts are placed by: the server's that is configured, or the one whose file is there. It takes
/// half a second, or as long as the server takes. `None` where there is neither.
///
/// # Errors
/// When the server doesn't answer, or the file is none of the model that is known.
#[cfg(feature = "semantic")]
pub fn open_model(config: &MeaningConfig) -> Result<Option<Arc<dyn Embed>>, MeaningError> {
    if let Some(EmbeddingsConfig { address, model, key }) = &config.server {
        let model = ServedModel::open(address, model, key.as_ref().map(Secret::reveal))?;
        return Ok(Some(Arc::new(model)));
    }
    if !config.model.exists() {
        return Ok(None);
    }
    Ok(Some(Arc::new(LocalModel::open(&config.model)?)))
}

/// This program was built without what runs models.
///
/// # Errors
/// None.
#[cfg(not(feature = "semantic"))]
pub fn open_model(_: &MeaningConfig) -> Result<Option<Arc<dyn Embed>>, MeaningError> {
    Ok(None)
}

/// How the model stands that is configured, before it is opened, in words that follow "Found by meaning:".
#[must_use]
pub fn standing_of_model(config: &MeaningConfig) -> String {
    match &config.server {
        Some(server) if cfg!(feature = "semantic") => {
            let address = without_credentials(server.address.as_str()).into_owned();
            format!("yes, by {} at {address}, to which what is checked is sent", server.model)
        }
        _ => standing(&config.model),
    }
}

/// Opens a database that is there, for those who begin none: whoever mistypes a path, or hasn't mounted a disk, is told
/// so. Fills an empty one with what the program carries.
///
/// # Errors
/// When there is none, or it can't be opened or filled.
pub fn open_store(config: &DataConfig) -> Result<Store, StartError> {
    let store = Store::open_existing(&config.database)?;
    fill_if_empty(&store, config)?;
    Ok(store)
}

/// As [`open_store`], for those who write nothing. A database of an earlier version is not brought up to date.
///
/// # Errors
/// When there is none, or it can't be opened.
pub fn open_read_only(config: &DataConfig) -> Result<Store, StartError> {
    Ok(Store::open_read_only(&config.database)?)
}

/// Whether a database is to be begun.
fn begins(config: &DataConfig) -> Result<bool, StartError> {
    if Store::is_there(&config.database) {
        return Ok(false);
    }
    let sign =
        former(config).map_or(Ok(()), |sign| Err(StartError::Vanished { database: config.database.clone(), sign }));
    sign.map(|()| true)
}

/// Refuses to begin a database where the bot's keys, wherever they are kept, show that there was one.
///
/// # Errors
/// When there is none and should be.
pub fn check_keys(config: &Config) -> Result<(), StartError> {
    let keys = config.matrix.as_ref().map(|matrix| &matrix.store).filter(|folder| is_filled(&folder.join("store")));
    match keys {
        Some(keys) if !Store::is_there(&config.data.database) => {
            Err(StartError::Vanished { database: config.data.database.clone(), sign: keys.clone() })
        }
        _ => Ok(()),
    }
}

/// What is left of a database that was here: its index, its bot's keys, time stamps of it, what wasn't yet
/// folded in, its replica.
fn former(config: &DataConfig) -> Option<PathBuf> {
    let of_matrix = config.database.with_added_extension("matrix");
    let has_index = std::fs::read_dir(&config.index)
        .is_ok_and(|entries| entries.flatten().any(|entry| entry.path().join("meta.json").is_file()));
    if has_index {
        return Some(config.index.clone());
    }
    if is_filled(&of_matrix.join("store")) {
        return Some(of_matrix);
    }
    let anchors = config.database.with_added_extension("anchors");
    if is_filled(&anchors) {
        return Some(anchors);
    }
    Store::left_of(&config.database)
}

fn is_filled(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())
}

/// Fills an empty database, where that is wanted.
fn fill_if_empty(store: &Store, config: &DataConfig) -> Result<(), StartError> {
    if config.shipped_data && store.is_writable() && store.reader()?.latest_sequence()? == Sequence::BEGINNING {
        fill(store)?;
    }
    Ok(())
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
            if store.reader()?.latest_sequence()? > Sequence::BEGINNING { Ok(()) } else { Err(error.into()) }
        }
        Err(error @ ImportError::Pack(_)) => {
            if store.reader()?.latest_sequence()? > Sequence::BEGINNING {
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
    SingleLine(#[from] LineError),
}
