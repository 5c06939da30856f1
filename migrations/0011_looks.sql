-- What each reviewer was shown of a change that waits, so that they decide on that and on nothing else. It goes as soon
-- as the change is decided.
CREATE TABLE look (
    -- Who looked.
    viewer  TEXT    NOT NULL CHECK (viewer LIKE '_%:_%'),
    change  INTEGER NOT NULL REFERENCES change (id),
    -- Which version they were shown last: the beginning of a SHA-256 of all that it would do.
    version TEXT    NOT NULL CHECK (length(version) = 32),
    -- How many of its operations they were shown, from the first on without a gap.
    shown   INTEGER NOT NULL CHECK (shown >= 0),
    at      INTEGER NOT NULL,
    PRIMARY KEY (viewer, change)
) STRICT, WITHOUT ROWID;
CREATE INDEX look_by_change ON look (change);

-- Reviews on platforms without buttons carry such a version, too, and no time: two may be proposed in one moment. Those
-- of before carry one that no change has any more, so that reacting to them says to look again.
CREATE TABLE review_message_with_version (
    platform TEXT    NOT NULL,
    channel  TEXT    NOT NULL,
    -- The id of the bot's message.
    message  TEXT    NOT NULL,
    change   INTEGER NOT NULL REFERENCES change (id),
    -- The version that the message shows.
    seen     TEXT    NOT NULL CHECK (seen <> ''),
    -- NULL under a review that anyone may react to; else who is asked here for the reason of a rejection.
    asked    TEXT,
    at       INTEGER NOT NULL,
    PRIMARY KEY (platform, message)
) STRICT, WITHOUT ROWID;
INSERT INTO review_message_with_version (platform, channel, message, change, seen, asked, at)
    SELECT platform, channel, message, change, CAST(seen AS TEXT), asked, at FROM review_message;
DROP TABLE review_message;
ALTER TABLE review_message_with_version RENAME TO review_message;
CREATE INDEX review_message_by_time ON review_message (at);
