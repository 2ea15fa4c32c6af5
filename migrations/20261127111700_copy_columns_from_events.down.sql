DROP INDEX events_redacted_file_idx;
ALTER TABLE installation_events DROP COLUMN refusal_count;
ALTER TABLE events DROP COLUMN redacted_file, DROP COLUMN role, DROP COLUMN person_id;
DROP FUNCTION count_in_entry(bytea);
DROP FUNCTION redacted_file_in_event(bytea);
DROP FUNCTION role_in_event(bytea);
DROP FUNCTION person_in_event(bytea);
