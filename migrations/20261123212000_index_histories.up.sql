-- Histories are looked through by what was written in them, and all of them together.

-- What stands for texts in an event's bytes: SHA-256 as 64 hexadecimal digits, commitments and the hashes of files alike.
-- Over the bytes themselves, so that nothing has to be kept in step with them. It is dear, which the planner should know.
CREATE FUNCTION commitments_in(bytes bytea) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 5000
    RETURN ARRAY(SELECT found[1] FROM regexp_matches(encode(bytes, 'escape'), '"([0-9a-f]{64})"', 'g') AS found);

CREATE INDEX events_commitments_idx ON events USING gin (commitments_in(bytes)) WITH (fastupdate = off);

-- Parts of words in the texts that search does not look through. Addresses and browsers are in neither: nobody finds out
-- by searching where a signature came from.
CREATE INDEX texts_reasons_parts_idx ON texts USING gin (value gin_trgm_ops) WITH (fastupdate = off)
    WHERE field IN ('notes', 'reason', 'settlement', 'item_reason', 'agreement_reason', 'evidence_withdrawal',
                    'evidence_request', 'waiver_reason', 'waiver_control', 'waiver_decision', 'signature_comment',
                    'signature_withdrawal');

-- Across launches: by time, and by time of one kind or one person.
CREATE INDEX events_across_idx ON events (at, launch_id, seq);
CREATE INDEX events_across_kind_idx ON events (kind, at, launch_id, seq);
CREATE INDEX events_across_actor_idx ON events (actor_id, at, launch_id, seq);
CREATE INDEX installation_events_across_idx ON installation_events (at, index);
CREATE INDEX installation_events_across_kind_idx ON installation_events (kind, at, index);
CREATE INDEX installation_events_across_actor_idx ON installation_events (actor_id, at, index) WHERE actor_id IS NOT NULL;
