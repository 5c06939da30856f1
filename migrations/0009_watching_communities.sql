-- The community of the channel that is told, as it is named elsewhere (platform:id), so that nothing is posted in one
-- that is blocked. Of watches from before this, and of what is told in private, it is not known.
ALTER TABLE watch ADD COLUMN community TEXT CHECK (community LIKE '_%:_%');
ALTER TABLE post ADD COLUMN community TEXT CHECK (community LIKE '_%:_%');
