DROP TABLE address_changes;
ALTER TABLE users DROP COLUMN scheme, DROP COLUMN former_names;
