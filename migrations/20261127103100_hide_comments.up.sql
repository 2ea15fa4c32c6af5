-- The owner of a launch hides a comment: it stays, with its text, but the item's page and the search no longer show it.
ALTER TABLE comments ADD COLUMN hidden_at timestamptz;
