//! The step of the migration from acts that were sentences alone to acts as data.

use rusqlite::Transaction;

use crate::store::{
    acts::block_list::precise_end,
    acts::communities::channels_as_set,
    acts::deeds::{ActKind, Channels, Deed},
    failure::Failure,
    records::load::rows,
};

/// Takes the acts of a version of the program that knew them as sentences alone over as data. What a sentence leaves out
/// is taken from where it is held, as far as that is what the sentence says: which channels, and a block's end to the
/// millisecond.
pub(in crate::store) fn take_over(transaction: &Transaction<'_>) -> Result<(), Failure> {
    let acts = rows(transaction, "SELECT * FROM act ORDER BY id", [], |row| {
        let told: String = row.get("what")?;
        let kind = ActKind::of(&row.get::<_, String>("kind")?);
        let deed = kind.map_or(Deed::Told {}, |kind| Deed::of_sentence(kind, &told));
        let (at, by): (i64, String) = (row.get("at")?, row.get("actor")?);
        Ok((row.get::<_, i64>("id")?, at, by, row.get::<_, String>("subject")?, told, deed))
    })?;
    for (id, at, by, subject, told, mut deed) in acts {
        match &mut deed {
            Deed::Setting { channels: channels @ Channels::Counted(_), .. } => {
                if let Some(named) = channels_as_set(transaction, &subject, &by, at, &told)? {
                    *channels = Channels::Named(named);
                }
            }
            Deed::Block { until: until @ Some(_), .. } => {
                let precise = precise_end(transaction, &subject, &by, at)?;
                let deed = Deed::Block { until: precise, reason: None };
                if told.starts_with(&deed.sentence(None)) {
                    *until = precise;
                }
            }
            _ => {}
        }
        transaction.execute("UPDATE act SET data = ?2 WHERE id = ?1", (id, deed.written()?))?;
    }
    Ok(())
}
