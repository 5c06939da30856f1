-- Reviewing by reactions, and what keeps the desk quick where much waits.

-- The messages of the bot under which a reaction or an answer decides on a change, on platforms without buttons.
CREATE TABLE review_message (
    platform TEXT    NOT NULL,
    channel  TEXT    NOT NULL,
    -- The id of the bot's message.
    message  TEXT    NOT NULL,
    change   INTEGER NOT NULL REFERENCES change (id),
    -- The version that the message shows: when it was proposed, in milliseconds.
    seen     INTEGER NOT NULL,
    -- NULL under a review that anyone may react to; else who is asked here for the reason of a rejection.
    asked    TEXT,
    at       INTEGER NOT NULL,
    PRIMARY KEY (platform, message)
) STRICT, WITHOUT ROWID;
CREATE INDEX review_message_by_time ON review_message (at);

-- What one person has handed in.
CREATE INDEX suggestion_by_author ON suggestion (author, at);

-- Which of the bot's messages show an entry: from the entry to the messages, as a correction goes. Kept in step with
-- delivery by the triggers below. An entry's id has neither quotation marks nor backslashes in it.
CREATE TABLE delivery_entry (
    entry    TEXT NOT NULL,
    platform TEXT NOT NULL,
    question TEXT NOT NULL,
    PRIMARY KEY (entry, platform, question)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO delivery_entry (entry, platform, question)
    SELECT value, platform, question FROM delivery, json_each('["' || replace(entries, ' ', '","') || '"]')
    WHERE value <> '';
CREATE TRIGGER delivery_made AFTER INSERT ON delivery BEGIN
    INSERT OR IGNORE INTO delivery_entry (entry, platform, question)
        SELECT value, NEW.platform, NEW.question FROM json_each('["' || replace(NEW.entries, ' ', '","') || '"]')
        WHERE value <> '';
END;
CREATE TRIGGER delivery_changed AFTER UPDATE OF entries ON delivery WHEN OLD.entries <> NEW.entries BEGIN
    DELETE FROM delivery_entry WHERE platform = OLD.platform AND question = OLD.question
        AND entry IN (SELECT value FROM json_each('["' || replace(OLD.entries, ' ', '","') || '"]'));
    INSERT OR IGNORE INTO delivery_entry (entry, platform, question)
        SELECT value, NEW.platform, NEW.question FROM json_each('["' || replace(NEW.entries, ' ', '","') || '"]')
        WHERE value <> '';
END;
CREATE TRIGGER delivery_gone AFTER DELETE ON delivery BEGIN
    DELETE FROM delivery_entry WHERE platform = OLD.platform AND question = OLD.question
        AND entry IN (SELECT value FROM json_each('["' || replace(OLD.entries, ' ', '","') || '"]'));
END;
