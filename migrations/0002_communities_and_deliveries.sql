-- What communities have set, which of the bot's own messages answer what, and long questions that
-- buttons refer to. Nothing here gives rights over the records.

-- The settings of a community: a server on Discord, a space or room elsewhere.
CREATE TABLE community (
    -- platform:id
    id         TEXT    PRIMARY KEY CHECK (id LIKE '_%:_%'),
    -- What stands before a command in the text form; NULL: as the operator has it.
    prefix     TEXT CHECK (length(prefix) BETWEEN 1 AND 5),
    -- Whether answers are shown to everyone or to the asker alone.
    visibility TEXT    NOT NULL DEFAULT 'public' CHECK (visibility IN ('public', 'private')),
    -- Who changed it last, and when.
    changed_by TEXT    NOT NULL CHECK (changed_by LIKE '_%:_%'),
    changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The channels in which questions are answered for all to see; none: everywhere.
CREATE TABLE community_channel (
    community TEXT NOT NULL REFERENCES community (id),
    channel   TEXT NOT NULL CHECK (channel <> ''),
    PRIMARY KEY (community, channel)
) STRICT, WITHOUT ROWID;

-- A message of the bot's own: what it answers, and which entries it shows. No words of anyone.
CREATE TABLE delivery (
    platform TEXT    NOT NULL,
    -- The id of the message that asked.
    question TEXT    NOT NULL,
    channel  TEXT    NOT NULL,
    -- The id of the bot's message.
    answer   TEXT    NOT NULL,
    -- The ids of the entries it shows, like S12, parted by spaces.
    entries  TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (platform, question)
) STRICT, WITHOUT ROWID;
CREATE INDEX delivery_by_time ON delivery (at);

-- A request that is too long for a button to carry. Who made it and where is not kept.
CREATE TABLE ask (
    -- The first 16 hexadecimal digits of the SHA-256 of the words.
    id    TEXT    PRIMARY KEY CHECK (length(id) = 16),
    words TEXT    NOT NULL CHECK (words <> ''),
    at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX ask_by_time ON ask (at);
