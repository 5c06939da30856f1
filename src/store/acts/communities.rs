//! What communities have set.

use std::collections::HashMap;

use jiff::Timestamp;
use rusqlite::Connection;

use crate::model::Identity;
use crate::store::{
    Reader, Store,
    acts::community_settings::{CommunitySettings, ToldSettings},
    acts::deeds::{ActKind, Deed},
    acts::journal::note_act,
    database::values::unknown,
    failure::Failure,
    records::load::rows,
};

/// The channels of a community, if its settings are those that someone made at this moment (in milliseconds) and that
/// are told so.
pub(in crate::store) fn channels_as_set(
    connection: &Connection,
    id: &str,
    by: &str,
    at: i64,
    told: &str,
) -> Result<Option<Vec<String>>, Failure> {
    let found = rows(
        connection,
        "SELECT prefix, visibility, suggestions FROM community WHERE id = ?1 AND changed_by = ?2 AND changed_at = ?3",
        (id, by, at),
        |row| Ok((row.get::<_, Option<String>>(0)?, row.get::<_, String>(1)?, row.get::<_, bool>(2)?)),
    )?;
    let channels =
        rows(connection, "SELECT channel FROM community_channel WHERE community = ?1 ORDER BY channel", [id], |row| {
            row.get::<_, String>(0)
        })?;
    let are_these = |(prefix, visibility, suggestions): &(Option<String>, String, bool)| {
        let (prefix, private, suggestions) = (prefix.as_deref(), visibility == "private", *suggestions);
        ToldSettings { prefix, private, channels: channels.len(), suggestions }.to_string() == told
    };
    Ok(found.first().is_some_and(are_these).then_some(channels))
}

impl Reader<'_> {
    /// The settings of every community that has any.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn communities(&self) -> Result<HashMap<String, CommunitySettings>, Failure> {
        settings_of_all(self.connection()?)
    }
}

/// As [`Reader::communities`].
pub(in crate::store) fn settings_of_all(
    connection: &Connection,
) -> Result<HashMap<String, CommunitySettings>, Failure> {
    let mut all = HashMap::new();
    let mut statement = connection.prepare_cached("SELECT id, prefix, visibility, suggestions FROM community")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let settings = CommunitySettings {
            prefix: row.get(1)?,
            private: match row.get::<_, String>(2)?.as_str() {
                "private" => true,
                "public" => false,
                other => return Err(unknown("the visibility of a community", other).into()),
            },
            channels: Vec::new(),
            no_suggestions: !row.get::<_, bool>(3)?,
        };
        all.insert(row.get::<_, String>(0)?, settings);
    }
    let mut statement =
        connection.prepare_cached("SELECT community, channel FROM community_channel ORDER BY channel")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if let Some(settings) = all.get_mut(&row.get::<_, String>(0)?) {
            settings.channels.push(row.get(1)?);
        }
    }
    Ok(all)
}

impl Store {
    /// Replaces the settings of a community.
    ///
    /// # Errors
    /// When they can't be written; then they are as before.
    pub fn set_community(
        &self,
        id: &str,
        settings: &CommunitySettings,
        by: &Identity,
        at: Timestamp,
    ) -> Result<(), Failure> {
        let (id, settings, by, actor) = (id.to_owned(), settings.clone(), by.to_string(), by.clone());
        self.writer()?.write(move |transaction| {
            let visibility = if settings.private { "private" } else { "public" };
            transaction.execute(
                "INSERT INTO community (id, prefix, visibility, changed_by, changed_at, suggestions)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (id) DO UPDATE SET prefix = excluded.prefix, visibility = excluded.visibility,
                     suggestions = excluded.suggestions,
                     changed_by = excluded.changed_by, changed_at = excluded.changed_at",
                (&id, &settings.prefix, visibility, &by, at.as_millisecond(), !settings.no_suggestions),
            )?;
            transaction.execute("DELETE FROM community_channel WHERE community = ?1", [&id])?;
            note_act(transaction, ActKind::Setting, &actor, at, &id, &Deed::setting(&settings))?;
            for channel in &settings.channels {
                transaction.execute(
                    "INSERT OR IGNORE INTO community_channel (community, channel) VALUES (?1, ?2)",
                    (&id, channel),
                )?;
            }
            Ok(())
        })
    }
}
