-- What happened to the installation, as opposed to a launch: accounts, rights, refusals that matter. Append-only
-- twice over: the application is never granted more than SELECT and INSERT, and the triggers refuse everybody.

CREATE TABLE installation_events (
    -- Dense, from 1.
    index bigint PRIMARY KEY CHECK (index >= 1),
    at timestamptz NOT NULL,
    kind text NOT NULL,
    actor_id uuid REFERENCES users (id),
    -- What of it concerns a launch, and how long that launch's history was then.
    launch_id uuid,
    launch_seq bigint,
    -- Canonical JSON (RFC 8785). The columns above are copies for lookup; these bytes are what is hashed.
    bytes bytea NOT NULL,
    CONSTRAINT installation_events_launch CHECK ((launch_id IS NULL) = (launch_seq IS NULL))
);

CREATE INDEX installation_events_launch_idx ON installation_events (launch_id, launch_seq, index)
    WHERE launch_id IS NOT NULL;

-- How long the log is. Its one row is locked by whoever appends, so that the index has no gap and no twin.
CREATE TABLE installation_log (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    size bigint NOT NULL CHECK (size >= 0)
);

INSERT INTO installation_log (size) VALUES (0);

CREATE FUNCTION refuse_to_rewrite_history() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: history is only ever added to', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER installation_events_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON installation_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite_history();

GRANT SELECT, INSERT ON installation_events TO signoff_app;
GRANT SELECT ON installation_log TO signoff_app;
GRANT UPDATE (size) ON installation_log TO signoff_app;
