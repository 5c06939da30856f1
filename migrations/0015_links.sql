-- What became of the addresses of sources when they were asked: knowledge about the outside, which no change of the
-- records brings and no pack holds. It goes with the address that it is about.
CREATE TABLE link (
    source        INTEGER PRIMARY KEY REFERENCES source (id) DEFERRABLE INITIALLY DEFERRED,
    -- The address that was asked: where the source has another one by now, nothing is known of that.
    address       TEXT    NOT NULL CHECK (address LIKE 'http%://_%'),
    asked_at      INTEGER NOT NULL,
    outcome       TEXT    NOT NULL CHECK (outcome IN ('alive', 'gone', 'no_such_name', 'connection_refused', 'front_page',
                                                      'guarded', 'asked_too_often', 'server_error', 'timed_out', 'robots',
                                                      'not_asked', 'unclear')),
    -- The status of the answer, where there was one.
    status        INTEGER CHECK (status BETWEEN 100 AND 999),
    -- On how many different days it failed since it was seen to lead to a page, and the last of them.
    failures      INTEGER NOT NULL CHECK (failures >= 0),
    failed_on     TEXT,
    dead_since    TEXT,
    -- The address that answered, where it was another one.
    final_address TEXT CHECK (final_address LIKE 'http%://_%'),
    CHECK ((failures = 0) = (failed_on IS NULL)),
    CHECK (dead_since IS NULL OR failures >= 3)
) STRICT;

-- How often an address was found dead or alive again, once any was: entries that are held in memory are read anew when it
-- grows.
CREATE TABLE link_turns (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    number INTEGER NOT NULL CHECK (number > 0)
) STRICT;
