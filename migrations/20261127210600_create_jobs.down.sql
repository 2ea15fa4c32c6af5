-- Loses the jobs other than mails, and the mails that were given up.
DROP TABLE verified_logs;
DROP VIEW outbox;

CREATE TABLE outbox (
    id uuid PRIMARY KEY,
    letter bytea NOT NULL,
    written_at timestamptz NOT NULL,
    next_try_at timestamptz NOT NULL,
    tries integer NOT NULL DEFAULT 0,
    expires_at timestamptz NOT NULL
);

CREATE INDEX outbox_due_idx ON outbox (next_try_at, id);

INSERT INTO outbox (id, letter, written_at, next_try_at, expires_at, tries)
SELECT id, payload, due_at, run_at, coalesce(expires_at, due_at + interval '2 days'), attempts
FROM jobs WHERE kind = 'mail' AND dead_at IS NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON outbox TO signoff_app;

DROP TABLE jobs;
