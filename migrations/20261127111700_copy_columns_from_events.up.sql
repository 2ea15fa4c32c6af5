-- Queries need a few more members of events and of the audit log's entries. They become columns like the others: copies for
-- lookup, made by the database from the bytes, so that they can't say anything else. Nothing that is hashed changes, and
-- no append-only trigger has to rest: adding a generated column writes the table anew without updating a row.
--
-- Bytes that are damaged give NULL instead of an error, so that a damaged database can still be dumped and restored.
-- Verification reports the damage.

CREATE FUNCTION person_in_event(bytes bytea) RETURNS uuid
    LANGUAGE plpgsql IMMUTABLE STRICT AS $$
    BEGIN
        RETURN (convert_from(bytes, 'UTF8')::jsonb #>> '{data,person,id}')::uuid;
    EXCEPTION WHEN data_exception OR statement_too_complex THEN
        RETURN NULL;
    END
    $$;

CREATE FUNCTION role_in_event(bytes bytea) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT AS $$
    BEGIN
        RETURN convert_from(bytes, 'UTF8')::jsonb #>> '{data,role}';
    EXCEPTION WHEN data_exception OR statement_too_complex THEN
        RETURN NULL;
    END
    $$;

CREATE FUNCTION redacted_file_in_event(bytes bytea) RETURNS bytea
    LANGUAGE plpgsql IMMUTABLE STRICT AS $$
    BEGIN
        RETURN decode(convert_from(bytes, 'UTF8')::jsonb #>> '{data,what,sha256}', 'hex');
    EXCEPTION WHEN data_exception OR statement_too_complex THEN
        RETURN NULL;
    END
    $$;

CREATE FUNCTION count_in_entry(bytes bytea) RETURNS bigint
    LANGUAGE plpgsql IMMUTABLE STRICT AS $$
    BEGIN
        RETURN (convert_from(bytes, 'UTF8')::jsonb #>> '{event,count}')::bigint;
    EXCEPTION WHEN data_exception OR statement_too_complex THEN
        RETURN NULL;
    END
    $$;

ALTER TABLE events
    -- Who was made, or is no longer, a holder or a participant.
    ADD COLUMN person_id uuid GENERATED ALWAYS AS (person_in_event(bytes)) STORED,
    -- The role of a holder or of a signature.
    ADD COLUMN role text GENERATED ALWAYS AS (role_in_event(bytes)) STORED,
    -- The SHA-256 of a file that was redacted.
    ADD COLUMN redacted_file bytea GENERATED ALWAYS AS (redacted_file_in_event(bytes)) STORED;

ALTER TABLE installation_events
    -- How many refusals an entry stands for.
    ADD COLUMN refusal_count bigint GENERATED ALWAYS AS (count_in_entry(bytes)) STORED;

CREATE INDEX events_redacted_file_idx ON events (launch_id, redacted_file, seq) WHERE redacted_file IS NOT NULL;
