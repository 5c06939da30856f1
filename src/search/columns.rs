//! The columns of the index that ranking reads, kept open.
//!
//! Opening a column looks its name up in the segment's file and takes some ten microseconds; an answer reads eleven
//! of them in every segment. A segment never changes, so its columns are opened once.

use std::{collections::HashMap, sync::Arc};

use tantivy::{Searcher, SegmentOrdinal, SegmentReader, columnar::Column, index::SegmentId};

use super::fields::{
    ABOUT, CENTRALITY, FIRST_DAY, ID, LAST_DAY, RESPONDER, RESPONSE, RETRACTED, SEQUENCE, SOURCE, SPEAKER,
};

/// The columns of one segment, by document.
pub(super) struct SegmentColumns {
    pub(super) id: Column<u64>,
    pub(super) about: Column<u64>,
    pub(super) speaker: Column<u64>,
    pub(super) responder: Column<u64>,
    pub(super) response: Column<u64>,
    pub(super) source: Column<u64>,
    pub(super) retracted: Column<u64>,
    pub(super) centrality: Column<u64>,
    pub(super) sequence: Column<u64>,
    pub(super) first_day: Column<i64>,
    pub(super) last_day: Column<i64>,
}

impl SegmentColumns {
    fn open(segment: &SegmentReader) -> tantivy::Result<Self> {
        let fast = segment.fast_fields();
        Ok(Self {
            id: fast.u64(ID)?,
            about: fast.u64(ABOUT)?,
            speaker: fast.u64(SPEAKER)?,
            responder: fast.u64(RESPONDER)?,
            response: fast.u64(RESPONSE)?,
            source: fast.u64(SOURCE)?,
            retracted: fast.u64(RETRACTED)?,
            centrality: fast.u64(CENTRALITY)?,
            sequence: fast.u64(SEQUENCE)?,
            first_day: fast.i64(FIRST_DAY)?,
            last_day: fast.i64(LAST_DAY)?,
        })
    }
}

/// The columns of all segments of one searcher; clones share them.
#[derive(Clone)]
pub(super) struct Columns(Arc<Vec<(SegmentId, Arc<SegmentColumns>)>>);

impl Columns {
    /// Opens the columns of a searcher's segments, but for those that `earlier` has open.
    pub(super) fn open(searcher: &Searcher, earlier: Option<&Self>) -> tantivy::Result<Self> {
        let known: HashMap<SegmentId, &Arc<SegmentColumns>> =
            earlier.iter().flat_map(|earlier| earlier.0.iter()).map(|(id, columns)| (*id, columns)).collect();
        let opened = searcher.segment_readers().iter().map(|segment| {
            let id = segment.segment_id();
            let columns = match known.get(&id) {
                Some(columns) => Arc::clone(columns),
                None => Arc::new(SegmentColumns::open(segment)?),
            };
            Ok((id, columns))
        });
        Ok(Self(Arc::new(opened.collect::<tantivy::Result<_>>()?)))
    }

    /// Those of the segment at this place in the searcher that they were opened for.
    pub(super) fn of(&self, segment: SegmentOrdinal) -> Option<&Arc<SegmentColumns>> {
        self.0.get(segment as usize).map(|(_, columns)| columns)
    }
}
