-- The whole history under seals: what waits for review, what was rejected, what stands around the operations, and the
-- administrative acts as data.

-- A seal is laid whenever a change or an act is written, in one chain of all of them. Nothing is ever deleted from here.
CREATE TABLE seal (
    -- 1, 2, 3 without gaps.
    id      INTEGER PRIMARY KEY CHECK (id > 0),
    -- What is sealed. The settings of a community are sealed only where they are older than the record of acts.
    kind    TEXT    NOT NULL CHECK (kind IN ('change', 'act', 'community')),
    -- The number of the change or of the act, or the community's id.
    subject TEXT    NOT NULL CHECK (subject <> ''),
    -- NULL once a later seal of the same takes its place: what it was over is gone.
    salt    TEXT,
    -- SHA-256 in hexadecimal of the salt and what is sealed.
    digest  TEXT    NOT NULL,
    -- SHA-256 in hexadecimal of the hash before, and the number, the kind, the subject and the digest of this one.
    hash    TEXT    NOT NULL
) STRICT;
CREATE INDEX seal_by_subject ON seal (kind, subject);

-- Acts as data, from which the sentence is made that people read. SQLite lifts no NOT NULL in place.
CREATE TABLE act_with_data (
    id      INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    -- Who did it.
    actor   TEXT    NOT NULL CHECK (actor LIKE '_%:_%'),
    kind    TEXT    NOT NULL CHECK (kind IN ('role', 'link', 'setting', 'purge', 'import', 'block')),
    -- Whom or what it concerns.
    subject TEXT    NOT NULL,
    -- The sentence that an act from before this was sealed with, as its hash is over it.
    what    TEXT    CHECK (what <> ''),
    -- What was done: the version of the form, and the deed, as JSON. The hash of an act without a sentence is over it.
    data    TEXT    NOT NULL CHECK (json_valid(data)),
    -- SHA-256 in hexadecimal of the hash of the act before and of this one.
    hash    TEXT
) STRICT;
INSERT INTO act_with_data (id, at, actor, kind, subject, what, data, hash)
    SELECT id, at, actor, kind, subject, what, 'null', hash FROM act;
DROP TABLE act;
ALTER TABLE act_with_data RENAME TO act;

-- Of each table that no history says anything of: the sum of its rows, modulo 2 to the power of 256, each row as the
-- SHA-256 of the table's name and its values. The program keeps it in step with each write; nobody else does.
CREATE TABLE tally (
    name TEXT PRIMARY KEY,
    sum  TEXT NOT NULL CHECK (length(sum) = 64)
) STRICT, WITHOUT ROWID;
