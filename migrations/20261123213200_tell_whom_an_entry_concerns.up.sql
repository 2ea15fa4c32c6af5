-- Whom an entry of the installation's log concerns, as a column, so that a person's entries are found by an index.
-- Like the others it is a copy, for looking up, of what the bytes say.

ALTER TABLE installation_events ADD COLUMN subject_id uuid;

-- Nothing of what is hashed changes, so the rule that nothing is rewritten rests for this one statement.
ALTER TABLE installation_events DISABLE TRIGGER installation_events_append_only;

UPDATE installation_events SET subject_id = (convert_from(bytes, 'UTF8')::jsonb #>> '{event,user}')::uuid;

ALTER TABLE installation_events ENABLE TRIGGER installation_events_append_only;

CREATE INDEX installation_events_kind_idx ON installation_events (kind, index);
CREATE INDEX installation_events_actor_idx ON installation_events (actor_id, index) WHERE actor_id IS NOT NULL;
CREATE INDEX installation_events_subject_idx ON installation_events (subject_id, index) WHERE subject_id IS NOT NULL;
