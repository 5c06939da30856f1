-- The administrative acts in a chain, as the approved changes are: SHA-256 in hexadecimal of the hash of the act
-- before and of this one. Acts from before this get theirs when the database is opened.
ALTER TABLE act ADD COLUMN hash TEXT;
