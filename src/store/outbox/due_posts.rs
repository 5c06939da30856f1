//! What is to be posted: entries that someone watches for, and changes that wait for review. A list
//! that survives a crash, worked off by whoever can post.

use jiff::{SignedDuration, Timestamp};
use rusqlite::Transaction;

use crate::model::{ChangeId, Identity, Platform};
use crate::store::{Reader, Store, database::values::unknown, failure::Failure, records::load::rows};

/// For how long it is remembered that something was posted.
const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Where something is posted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum PostTarget {
    /// In a channel, for all to see.
    Channel(String),
    /// To a person, in private; the account.
    Person(String),
}

impl PostTarget {
    /// As the two columns of a table have it.
    pub(in crate::store) fn columns(&self) -> (Option<&str>, Option<&str>) {
        match self {
            Self::Channel(channel) => (Some(channel), None),
            Self::Person(person) => (None, Some(person)),
        }
    }

    pub(in crate::store) fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        match (row.get::<_, Option<String>>("channel")?, row.get::<_, Option<String>>("person")?) {
            (Some(channel), None) => Ok(Self::Channel(channel)),
            (None, Some(person)) => Ok(Self::Person(person)),
            (channel, person) => Err(unknown("the place of a post", format!("{channel:?}, {person:?}"))),
        }
    }
}

/// One message that is to be posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// The numbers under which it is reported done, together.
    pub ids: Vec<i64>,
    /// Where it goes.
    pub platform: Platform,
    /// Where it goes on that platform.
    pub place: PostTarget,
    /// The community that the channel is of, `platform:id`, where that is known.
    pub community: Option<String>,
    /// What it tells of: each change, with the id of an entry that it brought or altered; without one
    /// the change itself waits for review.
    pub items: Vec<(ChangeId, Option<String>)>,
}

/// The most items that one message tells of; the rest go into the next.
const ITEMS: usize = 10;

impl Reader<'_> {
    /// Messages that are due at a moment, the longest due first, at most `limit`. All that is due in
    /// one place goes together.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn posts_due(&self, platform: Platform, at: Timestamp, limit: usize) -> Result<Vec<Post>, Failure> {
        let due = rows(
            self.connection()?,
            "SELECT id, channel, person, community, change, entry FROM post
             WHERE platform = ?1 AND done_at IS NULL AND due_at <= ?2 ORDER BY due_at, id",
            (platform.word(), at.as_millisecond()),
            |row| {
                let place = PostTarget::read(row)?;
                let item = (ChangeId(row.get("change")?), row.get::<_, Option<String>>("entry")?);
                Ok((row.get::<_, i64>("id")?, place, row.get("community")?, item))
            },
        )?;
        let mut posts: Vec<Post> = Vec::new();
        for (id, place, community, item) in due {
            let there = posts.iter_mut().find(|post| post.place == place && post.items.len() < ITEMS);
            match there {
                Some(post) if post.items.contains(&item) => post.ids.push(id),
                Some(post) => {
                    post.ids.push(id);
                    post.items.push(item);
                }
                None => posts.push(Post { ids: vec![id], platform, place, community, items: vec![item] }),
            }
        }
        posts.truncate(limit);
        Ok(posts)
    }
}

impl Store {
    /// Notes that a message was posted, or can't be. Says `false` where it was done before.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn post_done(&self, ids: Vec<i64>, at: Timestamp) -> Result<bool, Failure> {
        self.writer()?.write(move |transaction| {
            let mut done = 0;
            for id in &ids {
                done += transaction.execute(
                    "UPDATE post SET done_at = ?2 WHERE id = ?1 AND done_at IS NULL",
                    (id, at.as_millisecond()),
                )?;
            }
            transaction.execute("DELETE FROM post WHERE done_at < ?1", [(at - KEPT).as_millisecond()])?;
            Ok(done > 0)
        })
    }
}

/// Has a change announced in the channels where reviews are announced, `platform:channel` each.
pub(in crate::store) fn announce(
    transaction: &Transaction<'_>,
    change: ChangeId,
    at: Timestamp,
    channels: &[Identity],
) -> Result<(), Failure> {
    for channel in channels {
        transaction.execute(
            "INSERT INTO post (platform, channel, change, due_at) VALUES (?1, ?2, ?3, ?4)",
            (channel.platform().word(), channel.account(), change.0, at.as_millisecond()),
        )?;
    }
    Ok(())
}
