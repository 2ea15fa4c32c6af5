-- The work that is done without anybody asking for it: a row for each job. A server leases a job that is due, works on
-- it, and removes the row, or gives it its next time. A server that dies leaves its lease to end, and another takes over.
-- contracts: the table outbox becomes a view, through which the servers of the release before go on.
CREATE TABLE jobs (
    id uuid PRIMARY KEY,
    -- The default is for the view `outbox` below.
    kind text NOT NULL DEFAULT 'mail' CONSTRAINT jobs_kind CHECK (kind IN ('mail', 'checkpoint', 'sweep', 'verification')),
    -- A mail: to whom, and what, encrypted with the key of the configuration, since it may hold a link that lets somebody in.
    payload bytea,
    -- Since when it is to be done.
    due_at timestamptz NOT NULL,
    -- When it is tried: later than due_at, once it has failed.
    run_at timestamptz NOT NULL,
    -- After this it is of no use any more.
    expires_at timestamptz,
    -- How often it was begun.
    attempts integer NOT NULL DEFAULT 0 CONSTRAINT jobs_attempts CHECK (attempts >= 0),
    -- Why the last attempt failed: for operators, in English.
    error text CONSTRAINT jobs_error CHECK (length(error) <= 1000),
    -- When it was given up. It stays until an admin tries it again or discards it, or for 30 days.
    dead_at timestamptz,
    -- The server that works on it made this number up, and has until then to end or to extend it. The time is PostgreSQL's,
    -- one for all servers.
    lease uuid,
    lease_until timestamptz,
    CONSTRAINT jobs_leased_until CHECK ((lease IS NULL) = (lease_until IS NULL)),
    CONSTRAINT jobs_mail_payload CHECK ((kind = 'mail') = (payload IS NOT NULL))
);

-- Of every other kind there is one job, which is done again and again.
CREATE UNIQUE INDEX jobs_regular_key ON jobs (kind) WHERE kind <> 'mail';

CREATE INDEX jobs_due_idx ON jobs (kind, run_at, id) WHERE dead_at IS NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON jobs TO signoff_app;

INSERT INTO jobs (id, payload, due_at, run_at, expires_at, attempts)
SELECT id, letter, written_at, next_try_at, expires_at, tries FROM outbox;

DROP TABLE outbox;

-- For servers of the release before, which may still run while a new one starts: they find their table of mails.
CREATE VIEW outbox AS
SELECT id, payload AS letter, due_at AS written_at, run_at AS next_try_at, attempts AS tries, expires_at
FROM jobs
WHERE kind = 'mail' AND dead_at IS NULL AND lease IS NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON outbox TO signoff_app;

-- When each log was last verified by the nightly job, and what contradicted it: sentences in English. No part of any
-- history: a row that is lost is a log that is verified again.
CREATE TABLE verified_logs (
    -- As in tree_nodes: the launch's id, or the nil UUID for the installation's log.
    log uuid PRIMARY KEY,
    verified_at timestamptz NOT NULL,
    problems text[] NOT NULL
);

CREATE INDEX verified_logs_oldest_idx ON verified_logs (verified_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON verified_logs TO signoff_app;
