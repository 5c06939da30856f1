//! An entity as other records name it.

use rusqlite::Row;

use crate::model::{EntityId, EntityKind, SingleLine};
use crate::store::database::values::get;

/// An entity's id, name and kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntityRef {
    /// Its id.
    pub id: EntityId,
    /// Its name.
    pub name: SingleLine,
    /// What kind of entity it is.
    pub kind: EntityKind,
}

impl EntityRef {
    /// Of a row that has `id`, `name` and `kind` of the entity.
    pub(in crate::store) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self { id: row.get("id")?, name: get(row, "name")?, kind: get(row, "kind")? })
    }

    /// Of a row of another record that has the same as `entity_id`, `entity_name` and `entity_kind`.
    pub(in crate::store) fn read_joined(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self { id: row.get("entity_id")?, name: get(row, "entity_name")?, kind: get(row, "entity_kind")? })
    }
}
