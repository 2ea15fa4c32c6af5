-- The last run of each of an operator's tasks, for the monitoring and the admins' page. A row for each task; no part of
-- any history.
CREATE TABLE operations_status (
    -- The task: backup, verification or restore.
    name text PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 60),
    -- When the last run ended, and whether it succeeded.
    at timestamptz NOT NULL,
    ok boolean NOT NULL,
    -- One line about it, for people.
    detail text NOT NULL CHECK (length(detail) <= 2000),
    -- When a run last succeeded; NULL if none has.
    succeeded_at timestamptz
);

GRANT SELECT, INSERT, UPDATE ON operations_status TO signoff_app;

-- The database in which this installation is served. A copy of it, made by a dump or by a backup, is another database
-- with the same content: a server refuses it until the copy is taken over deliberately. At most one row.
CREATE TABLE served_database (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    -- PostgreSQL's identifier of the cluster, which a replica shares, and the database's number in it.
    cluster text NOT NULL,
    database_oid bigint NOT NULL,
    -- The hash of a checkpoint file that contradicts this database, and was set aside when it was taken over.
    set_aside_checkpoint bytea CHECK (length(set_aside_checkpoint) = 32),
    since timestamptz NOT NULL
);

GRANT SELECT, INSERT, UPDATE ON served_database TO signoff_app;
