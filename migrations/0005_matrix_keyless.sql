-- Messages that came before their key. When it comes after a restart they are answered all the same.
CREATE TABLE keyless_message (
    platform TEXT    NOT NULL,
    -- The bot's own account.
    account  TEXT    NOT NULL,
    channel  TEXT    NOT NULL,
    -- The id of the message. What it says is kept nowhere, and could not be read.
    message  TEXT    NOT NULL,
    -- When it was written.
    at       INTEGER NOT NULL,
    PRIMARY KEY (platform, account, message)
) STRICT, WITHOUT ROWID;
