ALTER TABLE comments DROP COLUMN hidden_at;
