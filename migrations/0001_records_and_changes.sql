-- The records, the changes that they are the sum of, and how each record stands.

-- A proposal to change records, and what became of it. Nothing is ever deleted from here.
CREATE TABLE change (
    id          INTEGER PRIMARY KEY,
    summary     TEXT    NOT NULL CHECK (summary <> ''),
    -- An identity: platform:account.
    author      TEXT    NOT NULL CHECK (author LIKE '_%:_%'),
    -- Milliseconds since 1970-01-01T00:00:00Z, as every time here.
    proposed_at INTEGER NOT NULL,
    state       TEXT    NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'approved', 'rejected')),
    -- The place among the approved changes: 1, 2, 3 without gaps. The records are the changes applied in this order.
    sequence    INTEGER UNIQUE CHECK (sequence > 0),
    reviewer    TEXT CHECK (reviewer LIKE '_%:_%'),
    reviewed_at INTEGER,
    reason      TEXT CHECK (reason <> ''),
    -- Only a decided change has a reviewer, a time and a reason; only an approved one has a place.
    CHECK ((state = 'pending') = (reviewer IS NULL)),
    CHECK ((reviewer IS NULL) = (reviewed_at IS NULL) AND (reviewer IS NULL) = (reason IS NULL)),
    CHECK ((state = 'approved') = (sequence IS NOT NULL))
) STRICT;

-- The operations of a change, in order.
CREATE TABLE operation (
    change     INTEGER NOT NULL REFERENCES change (id),
    position   INTEGER NOT NULL CHECK (position >= 0),
    -- What it is about; of a merge, the entity that goes.
    record_kind TEXT   NOT NULL CHECK (record_kind IN ('entity', 'source', 'statement', 'response')),
    record_key  TEXT   NOT NULL,
    -- The operation whole, as JSON.
    content    TEXT    NOT NULL CHECK (json_valid(content)),
    PRIMARY KEY (change, position)
) STRICT, WITHOUT ROWID;

-- Which records a change touched when it was applied: its targets, and what referred to a merged entity.
CREATE TABLE touched (
    kind   TEXT    NOT NULL,
    id     INTEGER NOT NULL,
    change INTEGER NOT NULL REFERENCES change (id),
    PRIMARY KEY (kind, id, change),
    FOREIGN KEY (kind, id) REFERENCES record (kind, id) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
CREATE INDEX touched_by_change ON touched (change);

-- What every record has, whatever its kind.
CREATE TABLE record (
    kind             TEXT    NOT NULL CHECK (kind IN ('entity', 'source', 'statement', 'response')),
    -- The number in the record's id (S12), given in order of creation, never reused.
    id               INTEGER NOT NULL CHECK (id > 0),
    key              TEXT    NOT NULL CHECK (key NOT GLOB '*[^a-z0-9-]*' AND key <> ''),
    revision         INTEGER NOT NULL CHECK (revision > 0),
    retracted_on     TEXT,
    retracted_reason TEXT,
    -- The approved change that touched it last: its time is when the record was last vetted.
    changed_in       INTEGER NOT NULL REFERENCES change (id),
    PRIMARY KEY (kind, id),
    UNIQUE (kind, key),
    CHECK ((retracted_on IS NULL) = (retracted_reason IS NULL))
) STRICT, WITHOUT ROWID;

-- What readers of earlier versions of a record must be told.
CREATE TABLE correction (
    kind       TEXT    NOT NULL,
    id         INTEGER NOT NULL,
    position   INTEGER NOT NULL CHECK (position >= 0),
    decided_on TEXT    NOT NULL,
    reason     TEXT    NOT NULL CHECK (reason <> ''),
    PRIMARY KEY (kind, id, position),
    FOREIGN KEY (kind, id) REFERENCES record (kind, id) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;

CREATE TABLE entity (
    id          INTEGER PRIMARY KEY,
    record_kind TEXT NOT NULL DEFAULT 'entity' CHECK (record_kind = 'entity'),
    kind        TEXT NOT NULL CHECK (kind IN ('place', 'organisation', 'person', 'topic')),
    name        TEXT NOT NULL CHECK (name <> ''),
    description TEXT CHECK (description <> ''),
    part_of     INTEGER REFERENCES entity (id) DEFERRABLE INITIALLY DEFERRED CHECK (part_of <> id),
    -- The office and the organisation of a person.
    role        TEXT CHECK (role <> ''),
    affiliation INTEGER REFERENCES entity (id) DEFERRABLE INITIALLY DEFERRED,
    merged_into INTEGER REFERENCES entity (id) DEFERRABLE INITIALLY DEFERRED CHECK (merged_into <> id),
    CHECK (kind = 'person' OR (role IS NULL AND affiliation IS NULL)),
    FOREIGN KEY (record_kind, id) REFERENCES record (kind, id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX entity_by_part_of ON entity (part_of) WHERE part_of IS NOT NULL;
CREATE INDEX entity_by_affiliation ON entity (affiliation) WHERE affiliation IS NOT NULL;
CREATE INDEX entity_by_kind_and_name ON entity (kind, name);

-- Other names of an entity, in the order in which they are shown.
CREATE TABLE alias (
    entity   INTEGER NOT NULL REFERENCES entity (id) DEFERRABLE INITIALLY DEFERRED,
    position INTEGER NOT NULL CHECK (position >= 0),
    name     TEXT    NOT NULL CHECK (name <> ''),
    language TEXT    NOT NULL CHECK (language <> ''),
    PRIMARY KEY (entity, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE source (
    id          INTEGER PRIMARY KEY,
    record_kind TEXT NOT NULL DEFAULT 'source' CHECK (record_kind = 'source'),
    kind        TEXT NOT NULL,
    -- The headline as published; a source whose headline was not seen has a description of ours instead.
    title       TEXT CHECK (title <> ''),
    description TEXT CHECK (description <> ''),
    -- Absent where the address is not on record.
    url         TEXT CHECK (url LIKE 'http%://_%'),
    archive_url TEXT CHECK (archive_url LIKE 'http%://_%'),
    publisher   INTEGER NOT NULL REFERENCES entity (id) DEFERRABLE INITIALLY DEFERRED,
    published   TEXT,
    language    TEXT NOT NULL CHECK (language <> ''),
    accessed    TEXT,
    seen        TEXT NOT NULL CHECK (seen IN ('full', 'excerpt', 'cited')),
    note        TEXT CHECK (note <> ''),
    CHECK ((title IS NULL) <> (description IS NULL)),
    FOREIGN KEY (record_kind, id) REFERENCES record (kind, id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX source_by_publisher ON source (publisher);

CREATE TABLE source_author (
    source   INTEGER NOT NULL REFERENCES source (id) DEFERRABLE INITIALLY DEFERRED,
    position INTEGER NOT NULL CHECK (position >= 0),
    name     TEXT    NOT NULL CHECK (name <> ''),
    PRIMARY KEY (source, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE statement (
    id             INTEGER PRIMARY KEY,
    record_kind    TEXT    NOT NULL DEFAULT 'statement' CHECK (record_kind = 'statement'),
    speaker        INTEGER NOT NULL REFERENCES entity (id) DEFERRABLE INITIALLY DEFERRED,
    -- The role that the speaker held at the time.
    speaker_role   TEXT CHECK (speaker_role <> ''),
    text           TEXT    NOT NULL CHECK (text <> ''),
    quote          TEXT CHECK (quote <> ''),
    quote_language TEXT CHECK (quote IS NOT NULL OR quote_language IS NULL),
    -- A year, a month or a day; absent where it is not known.
    said           TEXT,
    FOREIGN KEY (record_kind, id) REFERENCES record (kind, id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX statement_by_speaker ON statement (speaker);

CREATE TABLE statement_about (
    statement INTEGER NOT NULL REFERENCES statement (id) DEFERRABLE INITIALLY DEFERRED,
    entity    INTEGER NOT NULL REFERENCES entity (id) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (statement, entity)
) STRICT, WITHOUT ROWID;
CREATE INDEX statement_about_by_entity ON statement_about (entity, statement);

CREATE TABLE response (
    id             INTEGER PRIMARY KEY,
    record_kind    TEXT    NOT NULL DEFAULT 'response' CHECK (record_kind = 'response'),
    responder      INTEGER NOT NULL REFERENCES entity (id) DEFERRABLE INITIALLY DEFERRED,
    kind           TEXT    NOT NULL,
    text           TEXT    NOT NULL CHECK (text <> ''),
    quote          TEXT CHECK (quote <> ''),
    quote_language TEXT CHECK (quote IS NOT NULL OR quote_language IS NULL),
    said           TEXT,
    FOREIGN KEY (record_kind, id) REFERENCES record (kind, id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX response_by_responder ON response (responder);

CREATE TABLE response_to (
    response  INTEGER NOT NULL REFERENCES response (id) DEFERRABLE INITIALLY DEFERRED,
    statement INTEGER NOT NULL REFERENCES statement (id) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (response, statement)
) STRICT, WITHOUT ROWID;
CREATE INDEX response_to_by_statement ON response_to (statement, response);

-- What ties a statement or a response to a source.
CREATE TABLE citation (
    entry_kind TEXT    NOT NULL CHECK (entry_kind IN ('statement', 'response')),
    entry_id   INTEGER NOT NULL,
    position   INTEGER NOT NULL CHECK (position >= 0),
    source     INTEGER NOT NULL REFERENCES source (id) DEFERRABLE INITIALLY DEFERRED,
    role       TEXT    NOT NULL CHECK (role IN ('original', 'republication', 'cites')),
    -- A page, a paragraph, a timecode.
    locator    TEXT CHECK (locator <> ''),
    PRIMARY KEY (entry_kind, entry_id, position),
    UNIQUE (entry_kind, entry_id, source),
    FOREIGN KEY (entry_kind, entry_id) REFERENCES record (kind, id) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
CREATE INDEX citation_by_source ON citation (source, entry_kind, entry_id);
