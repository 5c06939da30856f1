//! Finding what a form names: entities by name or id, sources by address or id. What isn't on record may
//! be new in the same change.

use super::{context::UnknownName, duplicates::LookError, fill::FieldReader};
use crate::model::{EntityId, EntityKind, Key, RecordKind, Reference, WebAddress, same_page};
use crate::search::SourceAt;

impl FieldReader<'_> {
    /// The key of an entity by name or id, on record or new in the same change.
    pub(super) fn find_entity(
        &mut self,
        field: &'static str,
        text: &str,
        allowed: &[EntityKind],
    ) -> Result<Result<Key, String>, LookError> {
        if let Ok(Reference::Record(id)) = text.parse::<Reference>()
            && id.kind == RecordKind::Entity
        {
            let name = self.ground.records.name_of(id)?;
            return Ok(name.map(|name| name.key).ok_or_else(|| format!("there is no {id}")));
        }
        let folded = self.ground.folded(text);
        let new = self.newcomers.iter().find(|new| {
            new.entity_kind.is_some_and(|kind| allowed.contains(&kind))
                && new.names.iter().any(|name| self.ground.folded(name) == folded)
        });
        if let Some(new) = new {
            return Ok(Ok(new.key.clone()));
        }
        let names = self.ground.search.names();
        let fits = |id: &EntityId| names.entity(*id).is_some_and(|entity| allowed.contains(&entity.kind));
        let found: Vec<EntityId> = names.exactly(text).into_iter().filter(fits).collect();
        let described = |id: &EntityId| {
            names.entity(*id).map(|entity| {
                let wholes: Vec<&str> = names.wholes(*id).iter().map(|whole| whole.name.as_str()).collect();
                let place = if wholes.is_empty() { String::new() } else { format!(", {}", wholes.join(", ")) };
                format!("{id} {}{place} ({})", entity.name, entity.kind)
            })
        };
        match found.as_slice() {
            [id] => {
                let name = self.ground.records.name_of((*id).into())?;
                Ok(name.map(|name| name.key).ok_or_else(|| format!("there is no {id}")))
            }
            [] => {
                let kinds: Vec<&str> = allowed.iter().map(|kind| kind.word()).collect();
                let near: Vec<String> =
                    names.suggestions(text, 5).iter().filter(|id| fits(id)).filter_map(described).collect();
                let near = if near.is_empty() { String::new() } else { format!(" Near: {}.", near.join("; ")) };
                let said = format!("“{text}” is not on record.{near}");
                self.unknown.push(UnknownName {
                    block: self.number,
                    field,
                    text: text.to_owned(),
                    kinds: allowed.to_vec(),
                    said: said.clone(),
                });
                let kind = if kinds.len() == 1 { kinds.join("") } else { format!("KIND ({})", kinds.join(", ")) };
                Ok(Err(format!(
                    "{said} To add it in the same change, write below: + entity, then name: \
                     {text}, then kind: {kind}"
                )))
            }
            several => {
                let several: Vec<String> = several.iter().filter_map(described).collect();
                Ok(Err(format!("“{text}” may be {}; write the id", several.join(" or "))))
            }
        }
    }

    /// The key of a source by address or id, on record or new in the same change.
    pub(super) fn source(&mut self, field: &'static str, text: &str) -> Result<Result<Key, String>, LookError> {
        if let Ok(reference) = text.parse::<Reference>() {
            return Ok(match reference {
                Reference::Record(id) if id.kind == RecordKind::Source => {
                    self.ground.records.name_of(id)?.map(|name| name.key).ok_or_else(|| format!("there is no {id}"))
                }
                _ => Err(format!("{reference} is no source; sources have ids like D3")),
            });
        }
        let address: WebAddress = match text.parse() {
            Ok(address) => address,
            Err(error) => return Ok(Err(format!("{error}"))),
        };
        let known = self.ground.source_at(&address)?;
        let new = |name: &str| self.newcomers.iter().find(|new| new.names.iter().any(|other| other == name));
        // The very address is meant before another one of the same page.
        let new = match known {
            Some(SourceAt { exactly: true, .. }) => new(address.as_str()),
            Some(_) | None => new(address.as_str()).or_else(|| new(&same_page(&address))),
        };
        if let Some(new) = new {
            return Ok(Ok(new.key.clone()));
        }
        if let Some(source) = known
            && let Some(name) = self.ground.records.name_of(source.id.into())?
        {
            return Ok(Ok(name.key));
        }
        let said = format!("no source on record has the address {text}.");
        self.unknown.push(UnknownName {
            block: self.number,
            field,
            text: text.to_owned(),
            kinds: Vec::new(),
            said: said.clone(),
        });
        Ok(Err(format!(
            "{said} To add it in the same change, write below: + source, then url: {text}, then publisher:, title:, published: and language:"
        )))
    }
}
