//! Verifying the history: every page of the file, the chains and seals, and what the approved changes and the
//! administrative acts add up to.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Sequence, ledger::Ledger};
use crate::store::{
    Reader,
    acts::journal,
    acts::replay as administration,
    backup::copies,
    failure::Failure,
    history::chain::{Sealed, decision, link, operations_of, seals_of},
    history::derived,
    history::hash::BEGINNING,
    history::purge,
    history::seals,
    records::load::load,
    schema::comparison,
    schema::tally,
};

/// What verifying the history found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// How many approved changes there are.
    pub changes: usize,
    /// How many records they add up to.
    pub records: usize,
    /// The hash of the last change. Whoever keeps it elsewhere can tell later that nothing before it
    /// was altered.
    pub hash: String,
    /// How many administrative acts there are.
    pub acts: usize,
    /// The hash of the last act, as of the last change.
    pub acts_hash: String,
    /// How many seals there are.
    pub seals: usize,
    /// The hash of the last seal, which is over all changes, those that wait and those that were rejected, and over all
    /// administrative acts.
    pub seal: String,
    /// What is wrong, if anything.
    pub problems: Vec<String>,
}

impl Reader<'_> {
    /// Reads every page, and does all of [`Reader::verify_history`]. What can't be read is a problem like any
    /// other; then it may be that nothing more is said of the history.
    ///
    /// # Errors
    /// When the disk fails, or it takes longer than the reader has.
    pub fn verify(&self) -> Result<Verified, Failure> {
        // SQLite's own complaints are of what stands in the file, too: text that is no JSON any more.
        let found =
            |error: &Failure| matches!(error, Failure::Damaged(_) | Failure::Unreadable(_) | Failure::Sqlite(_));
        let pages = self.checking().and_then(|connection| {
            Ok([comparison::differences(&connection)?, copies::integrity(&connection)?].concat())
        });
        let mut problems = match pages {
            Ok(problems) => problems,
            Err(error) if found(&error) => vec![error.to_string()],
            Err(error) => return Err(error),
        };
        match self.verify_history() {
            Ok(verified) => {
                problems.extend(verified.problems);
                Ok(Verified { problems, ..verified })
            }
            Err(error) if found(&error) => {
                problems.push(error.to_string());
                let hash = || BEGINNING.to_owned();
                Ok(Verified {
                    changes: 0,
                    records: 0,
                    hash: hash(),
                    acts: 0,
                    acts_hash: hash(),
                    seals: 0,
                    seal: hash(),
                    problems,
                })
            }
            Err(error) => Err(error),
        }
    }

    /// Recomputes the chains, and what the approved changes and the administrative acts add up to.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn verify_history(&self) -> Result<Verified, Failure> {
        let connection = self.connection()?;
        let mut problems = Vec::new();
        let mut previous = BEGINNING.to_owned();
        let changes = self.approved_after(Sequence::BEGINNING)?;
        let purges = purge::approved(connection)?;
        let mut purged = BTreeSet::new();
        for (id, place) in changes.iter().zip((1_i64..).map(Sequence)) {
            let (sequence, decision) = decision(connection, id.0)?;
            if sequence != place {
                problems.push(format!("{id} stands at place {sequence} of the history, not {place}"));
            }
            let (salt, digest, hash) = seals_of(connection, id.0)?;
            let decided =
                Sealed { content: salt.is_some().then_some(decision), salt, digest: digest.unwrap_or_default() };
            let operations = operations_of(connection, id.0)?;
            let gone = purge::without_salt(connection, *id, &purges)?;
            problems.extend(gone.problems);
            if gone.decision {
                purged.insert(*id);
            }
            if !decided.holds() {
                problems.push(format!("{id}: who decided it, when or why was altered"));
            }
            for (_, number) in operations.iter().zip(1..).filter(|(operation, _)| !operation.holds()) {
                problems.push(format!("{id}: operation {number} was altered"));
            }
            let digests: Vec<String> = operations.into_iter().map(|operation| operation.digest).collect();
            let computed = link(&previous, sequence, &decided.digest, &digests);
            if hash.as_deref() != Some(computed.as_str()) {
                problems.push(format!("{id} is not the change that followed here"));
            }
            previous = hash.unwrap_or(computed);
        }
        let derived = derived::verify(connection)?;
        problems.extend(derived.problems);
        let mut tables = Vec::new();
        for id in self.all_ids()? {
            tables.push(load(connection, id)?);
        }
        let records = tables.len();
        let tables: Ledger = tables.into_iter().collect();
        problems.extend(differences(&derived.records, &tables));
        let acts = journal::verify(connection, &purged)?;
        problems.extend(acts.problems);
        let seals = seals::verify(connection)?;
        problems.extend(seals.problems);
        problems.extend(administration::differences(connection, &acts.acts, &seals.communities)?);
        problems.extend(tally::verify(connection)?);
        Ok(Verified {
            changes: changes.len(),
            records,
            hash: previous,
            acts: acts.acts.len(),
            acts_hash: acts.hash,
            seals: seals.seals,
            seal: seals.hash,
            problems,
        })
    }
}

/// How many differences between the fold and the tables are named.
const NAMED: usize = 20;

fn differences(folded: &Ledger, tables: &Ledger) -> Vec<String> {
    let by_name = |ledger: &Ledger| {
        ledger.iter().map(|held| (held.record.record_key(), held.clone())).collect::<BTreeMap<_, _>>()
    };
    let (folded, tables) = (by_name(folded), by_name(tables));
    let mut found = Vec::new();
    for (name, held) in &folded {
        match tables.get(name) {
            None => found.push(format!("the {name} is in the history but not on record")),
            Some(other) if other != held => found.push(format!("the {name} is not what the history says")),
            Some(_) => {}
        }
    }
    found.extend(
        tables.keys().filter(|name| !folded.contains_key(name)).map(|name| format!("the {name} is not in the history")),
    );
    found.truncate(NAMED);
    found
}
