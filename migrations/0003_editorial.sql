-- The editorial desk: who may do what, what waits for review, what was decided by whom, and what
-- has to be told to those who saw an earlier version.

-- Roles that admins gave. Who has none may ask. Those of ONRECORD_ADMINS are not kept here.
CREATE TABLE role (
    identity TEXT    PRIMARY KEY CHECK (identity LIKE '_%:_%'),
    role     TEXT    NOT NULL CHECK (role IN ('contributor', 'reviewer', 'admin')),
    given_by TEXT    NOT NULL CHECK (given_by LIKE '_%:_%'),
    given_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Identities that belong to one person: all those with the same word in `person`, which is one of them.
CREATE TABLE person (
    identity TEXT PRIMARY KEY CHECK (identity LIKE '_%:_%'),
    person   TEXT NOT NULL CHECK (person LIKE '_%:_%')
) STRICT, WITHOUT ROWID;
CREATE INDEX person_by_person ON person (person);

-- Every administrative act. Nothing is ever deleted from here.
CREATE TABLE act (
    id      INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    -- Who did it.
    actor   TEXT    NOT NULL CHECK (actor LIKE '_%:_%'),
    kind    TEXT    NOT NULL CHECK (kind IN ('role', 'link', 'setting', 'purge', 'import')),
    -- Whom or what it concerns, and what was done, in words.
    subject TEXT    NOT NULL,
    what    TEXT    NOT NULL CHECK (what <> '')
) STRICT;

-- The place in the history that the proposer saw: what others changed after it is told apart by it.
ALTER TABLE change ADD COLUMN based_on INTEGER NOT NULL DEFAULT 0;
-- What the proposer has to say to the reviewer.
ALTER TABLE change ADD COLUMN note TEXT CHECK (note <> '');
-- Of a pending change: NULL while it waits for a reviewer, 'author' while its author is asked to change it. Of a
-- rejected one: 'withdrawn' where it was its author who took it back.
ALTER TABLE change ADD COLUMN stage TEXT CHECK (stage IN ('author', 'withdrawn'));
-- What a reviewer asks the author to change.
ALTER TABLE change ADD COLUMN request TEXT CHECK (request <> '');
-- The reviewer who works on it, and until when nobody else need.
ALTER TABLE change ADD COLUMN claimed_by TEXT CHECK (claimed_by LIKE '_%:_%');
ALTER TABLE change ADD COLUMN claimed_until INTEGER;
-- Whether its author approved it, there being no other reviewer.
ALTER TABLE change ADD COLUMN solo INTEGER NOT NULL DEFAULT 0 CHECK (solo IN (0, 1));
-- The chain: SHA-256 in hexadecimal of what was decided (with the salt), and of that, the operations' digests and the
-- hash of the approved change before it. A change whose words were purged keeps both and has no salt.
ALTER TABLE change ADD COLUMN salt TEXT;
ALTER TABLE change ADD COLUMN digest TEXT;
ALTER TABLE change ADD COLUMN hash TEXT;
UPDATE change SET based_on = (SELECT coalesce(max(sequence), 0) FROM change) WHERE state = 'pending';
CREATE INDEX change_pending ON change (id) WHERE state = 'pending';

ALTER TABLE operation ADD COLUMN salt TEXT;
ALTER TABLE operation ADD COLUMN digest TEXT;
-- The operation as it was proposed, where it was fitted to what others had changed in the meantime.
ALTER TABLE operation ADD COLUMN proposed TEXT CHECK (json_valid(proposed));
CREATE INDEX operation_by_record ON operation (record_kind, record_key);
CREATE INDEX operation_of_merge ON operation (change) WHERE json_extract(content, '$.operation') = 'merge';

-- What stands in place of a record whose content was purged.
ALTER TABLE record ADD COLUMN purged_on TEXT;
ALTER TABLE record ADD COLUMN purged_reason TEXT CHECK ((purged_on IS NULL) = (purged_reason IS NULL));
CREATE INDEX record_purged ON record (changed_in) WHERE purged_on IS NOT NULL;

-- Links that anyone may hand in.
CREATE TABLE suggestion (
    id        INTEGER PRIMARY KEY,
    url       TEXT    NOT NULL,
    note      TEXT    NOT NULL,
    author    TEXT    NOT NULL CHECK (author LIKE '_%:_%'),
    at        INTEGER NOT NULL,
    -- What became of it: the change that took it up, or why it was put aside; neither while it waits.
    change    INTEGER REFERENCES change (id),
    dismissed TEXT,
    decided_by TEXT
) STRICT;
ALTER TABLE community ADD COLUMN suggestions INTEGER NOT NULL DEFAULT 1 CHECK (suggestions IN (0, 1));

-- A form that is being filled in, question by question.
CREATE TABLE dialogue (
    -- platform:place:person
    conversation TEXT    PRIMARY KEY,
    -- As JSON.
    state        TEXT    NOT NULL CHECK (json_valid(state)),
    at           INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The messages of the bot that show what has changed since, each to be edited once.
CREATE TABLE amendment (
    id       INTEGER PRIMARY KEY,
    platform TEXT    NOT NULL,
    channel  TEXT    NOT NULL,
    message  TEXT    NOT NULL,
    -- The ids of all entries that the message shows, and of those that changed, parted by spaces.
    entries  TEXT    NOT NULL,
    changed  TEXT    NOT NULL,
    -- The last change that made it necessary.
    change   INTEGER NOT NULL REFERENCES change (id),
    done_at  INTEGER
) STRICT;
CREATE UNIQUE INDEX amendment_waiting ON amendment (platform, channel, message) WHERE done_at IS NULL;

-- What places want to be told of.
CREATE TABLE watch (
    id       INTEGER PRIMARY KEY,
    platform TEXT    NOT NULL,
    -- A channel, or a person who is told in private.
    channel  TEXT,
    person   TEXT,
    entity   INTEGER NOT NULL REFERENCES entity (id) DEFERRABLE INITIALLY DEFERRED,
    -- 'none', 'daily' or 'weekly'.
    digest   TEXT    NOT NULL CHECK (digest IN ('none', 'daily', 'weekly')),
    set_by   TEXT    NOT NULL CHECK (set_by LIKE '_%:_%'),
    set_at   INTEGER NOT NULL,
    CHECK ((channel IS NULL) <> (person IS NULL))
) STRICT;
CREATE UNIQUE INDEX watch_once ON watch (platform, coalesce(channel, ''), coalesce(person, ''), entity);

-- What is to be posted: an entry that is new or has changed, or a change that waits for review.
CREATE TABLE post (
    id       INTEGER PRIMARY KEY,
    platform TEXT    NOT NULL,
    channel  TEXT,
    person   TEXT,
    change   INTEGER NOT NULL REFERENCES change (id),
    -- The id of the entry, like S12; NULL where the change itself is announced.
    entry    TEXT,
    due_at   INTEGER NOT NULL,
    done_at  INTEGER,
    CHECK ((channel IS NULL) <> (person IS NULL))
) STRICT;
CREATE INDEX post_due ON post (platform, due_at) WHERE done_at IS NULL;
