-- When a record was reviewed, where a pack said so when it was imported; else the approval of the change that touched
-- it last was the review. As precisely as it is known: a year, a month or a day.
ALTER TABLE record ADD COLUMN vetted_on TEXT;
