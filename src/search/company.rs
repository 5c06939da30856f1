//! Names that several go by, told apart by the company they keep: of the broadcasters called ABC, "ABC Sydney" means the
//! one that is on record with Sydney.

use super::{
    SearchError, Snapshot,
    understanding::{Named, Relation, Several, Understanding},
};
use crate::model::EntityId;

/// Up to how many bearers of a name are tried.
const TRIED: usize = 8;

impl Snapshot {
    /// Leaves of each name in a question the bearers that are on record together with what else it names, where some are
    /// and some aren't.
    ///
    /// # Errors
    /// When the index can't be read.
    pub fn keep_company(&self, meaning: &mut Understanding) -> Result<(), SearchError> {
        for named in meaning.named.iter_mut().filter(|named| named.relation == Relation::Any && !named.excluded) {
            named.entities = self.names.abbreviated(&named.typed, &named.entities);
        }
        let is_free =
            |named: &Named| named.relation == Relation::Any && !named.excluded && named.several == Several::OneOfThem;
        for at in 0..meaning.named.len() {
            let Some(named) = meaning.named.get(at).filter(|named| is_free(named)) else { continue };
            let several = (2..=TRIED).contains(&named.entities.len());
            let company: Vec<Named> =
                meaning.named.iter().filter(|other| other.entities.len() == 1 && !other.excluded).cloned().collect();
            if !several || company.is_empty() {
                continue;
            }
            let mut kept = Vec::new();
            for &entity in &named.entities {
                let alone = Named { entities: vec![entity], ..named.clone() };
                let together = Understanding {
                    named: company.iter().cloned().chain(std::iter::once(alone)).collect(),
                    ..Understanding::default()
                };
                if self.find(&together, 0, 1)?.counts.statements > 0 {
                    kept.push(entity);
                }
            }
            if let Some(named) = meaning.named.get_mut(at).filter(|_| !kept.is_empty()) {
                named.entities = kept;
            }
        }
        Ok(())
    }

    /// How many statements concern an entity.
    ///
    /// # Errors
    /// When the index can't be read.
    pub fn statements_on(&self, entity: EntityId) -> Result<usize, SearchError> {
        let named = Named::any(String::new(), vec![entity]);
        let meaning = Understanding { named: vec![named], ..Understanding::default() };
        Ok(self.find(&meaning, 0, 1)?.counts.statements)
    }
}
