DROP INDEX installation_events_subject_idx;
DROP INDEX installation_events_actor_idx;
DROP INDEX installation_events_kind_idx;
ALTER TABLE installation_events DROP COLUMN subject_id;
