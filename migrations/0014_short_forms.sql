-- What a compact answer shows of an entry, reviewed like its wording, and which source a source copies.
ALTER TABLE statement ADD COLUMN short TEXT CHECK (short <> '' AND length(short) <= 150);
ALTER TABLE response ADD COLUMN gist TEXT CHECK (gist <> '' AND length(gist) <= 40);
ALTER TABLE source ADD COLUMN copy_of INTEGER REFERENCES source (id) DEFERRABLE INITIALLY DEFERRED CHECK (copy_of <> id);
CREATE INDEX source_by_copy_of ON source (copy_of) WHERE copy_of IS NOT NULL;
