//! How the desk stands: what it counts, and what those look at who watch over it.

use std::sync::Arc;

use super::Desk;
use crate::{
    commands::{self, CommandError},
    metrics::{Metrics, Sample},
    store::{Failure, Store},
};

impl Desk {
    /// What this process counts.
    #[must_use]
    pub fn metrics(&self) -> &Arc<Metrics> {
        &self.metrics
    }

    /// Where the records are.
    #[must_use]
    pub fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// Reads how the records stand, and puts it among what is counted.
    ///
    /// # Errors
    /// When the records can't be read.
    pub fn take_sample(&self) -> Result<Sample, Failure> {
        let records = self.store.reader()?;
        let sample = commands::sample(&records, &self.store, self.search.reached(), self.clock.now())?;
        self.metrics.sampled(&sample);
        Ok(sample)
    }

    /// Brings search to the end of the history, as an answer would. Says how many changes it is short of it
    /// afterwards: 0, unless more were approved meanwhile.
    ///
    /// # Errors
    /// When the records can't be read or the index can't be brought to their end.
    pub fn catch_up(&self) -> Result<i64, CommandError> {
        let (records, _) = self.up_to_date()?;
        Ok(records.latest_sequence()?.changes_since(self.search.reached()))
    }
}
