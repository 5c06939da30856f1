-- Whom the bot doesn't hear, and what tells how much one person has open.

-- Blocks, also those that were lifted or have run out. Nothing is ever deleted from here.
CREATE TABLE block (
    id         INTEGER PRIMARY KEY,
    -- A person's identity, or a community as it is named elsewhere: platform:id. Ids of the two never meet.
    subject    TEXT    NOT NULL CHECK (subject LIKE '_%:_%'),
    blocked_by TEXT    NOT NULL CHECK (blocked_by LIKE '_%:_%'),
    blocked_at INTEGER NOT NULL,
    -- When it ends by itself; NULL where it doesn't.
    until      INTEGER CHECK (until > blocked_at),
    reason     TEXT    CHECK (reason <> ''),
    lifted_by  TEXT    CHECK (lifted_by LIKE '_%:_%'),
    lifted_at  INTEGER,
    CHECK ((lifted_by IS NULL) = (lifted_at IS NULL))
) STRICT;
-- One at a time: a new one takes the place of the one before.
CREATE UNIQUE INDEX block_in_force ON block (subject) WHERE lifted_at IS NULL;

-- A form belongs to a person, wherever it is filled in. Of forms from before this is not known; they go after 30 days.
ALTER TABLE dialogue ADD COLUMN person TEXT CHECK (person LIKE '_%:_%');
CREATE INDEX dialogue_by_person ON dialogue (person);

-- What one person has proposed and nobody has decided on.
CREATE INDEX change_pending_by_author ON change (author) WHERE state = 'pending';

-- A block is an administrative act, too. SQLite changes no CHECK in place.
CREATE TABLE act_with_blocks (
    id      INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    -- Who did it.
    actor   TEXT    NOT NULL CHECK (actor LIKE '_%:_%'),
    kind    TEXT    NOT NULL CHECK (kind IN ('role', 'link', 'setting', 'purge', 'import', 'block')),
    -- Whom or what it concerns, and what was done, in words.
    subject TEXT    NOT NULL,
    what    TEXT    NOT NULL CHECK (what <> '')
) STRICT;
INSERT INTO act_with_blocks (id, at, actor, kind, subject, what) SELECT id, at, actor, kind, subject, what FROM act;
DROP TABLE act;
ALTER TABLE act_with_blocks RENAME TO act;
