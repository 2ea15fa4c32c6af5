ALTER TABLE evidence DROP COLUMN source_id;
