-- How far a chat was worked through, and which page each of the bot's answers shows. Both are there so
-- that a restart neither loses a question nor answers one twice, and pages go on turning.

-- The place in a platform's stream of events up to which everything is done. The bot keeps it itself:
-- matrix-sdk notes its own place before the events are worked on.
CREATE TABLE chat_position (
    platform TEXT    NOT NULL,
    -- The bot's own account.
    account  TEXT    NOT NULL,
    -- As the platform gave it: on Matrix the token that sync goes on from.
    position TEXT    NOT NULL CHECK (position <> ''),
    at       INTEGER NOT NULL,
    PRIMARY KEY (platform, account)
) STRICT, WITHOUT ROWID;

-- The page that an answer shows. Only answers that have more than one are here.
CREATE TABLE answer_page (
    platform TEXT    NOT NULL,
    -- The id of the bot's message.
    answer   TEXT    NOT NULL,
    channel  TEXT    NOT NULL,
    -- Who may turn it.
    asker    TEXT    NOT NULL,
    -- The request for the page, as in the table ask.
    ask      TEXT    NOT NULL CHECK (length(ask) = 16),
    -- Which part of a page that doesn't fit in one message, from 0.
    part     INTEGER NOT NULL CHECK (part >= 0),
    at       INTEGER NOT NULL,
    PRIMARY KEY (platform, answer)
) STRICT, WITHOUT ROWID;
CREATE INDEX answer_page_by_asker ON answer_page (platform, channel, asker, at);
CREATE INDEX answer_page_by_time ON answer_page (at);
