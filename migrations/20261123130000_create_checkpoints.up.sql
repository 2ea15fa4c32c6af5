-- Signed statements of how long each log is and what it hashes to, the key they are signed with, and who has one outside
-- of here. Only ever added to, as histories are.

-- The keys that the installation has had: the one with the highest number signs. It is only one so far; the private half
-- is in a file, never here.
CREATE TABLE keys (
    public_key bytea PRIMARY KEY CHECK (length(public_key) = 32),
    number integer NOT NULL CHECK (number >= 1),
    installation_id uuid NOT NULL,
    -- As it is written for others: name, hash and key.
    vkey text NOT NULL,
    registered_at timestamptz NOT NULL,
    CONSTRAINT keys_number_key UNIQUE (number)
);

CREATE TABLE checkpoints (
    -- As in tree_nodes: the launch's id, or the nil UUID for the installation's log.
    log uuid NOT NULL,
    size bigint NOT NULL CHECK (size >= 1),
    root bytea NOT NULL CHECK (length(root) = 32),
    -- The signed note. The columns beside it are copies for lookup.
    text text NOT NULL,
    public_key bytea NOT NULL REFERENCES keys (public_key),
    cause text NOT NULL CHECK (cause IN ('signature', 'decision', 'export', 'daily')),
    at timestamptz NOT NULL,
    -- What a log of one size hashes to is one thing, so there is one statement of it.
    PRIMARY KEY (log, size)
);

-- To whom a checkpoint was delivered: then somebody outside can tell whether what it covers was altered.
CREATE TABLE checkpoint_witnesses (
    log uuid NOT NULL,
    size bigint NOT NULL,
    user_id uuid NOT NULL REFERENCES users (id),
    -- Their name then.
    name text NOT NULL,
    -- In what it was delivered.
    delivery text NOT NULL CHECK (delivery IN ('receipt', 'export')),
    at timestamptz NOT NULL,
    -- The first time counts.
    PRIMARY KEY (log, size, user_id),
    FOREIGN KEY (log, size) REFERENCES checkpoints (log, size)
);

CREATE TRIGGER keys_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON keys
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite_history();

CREATE TRIGGER checkpoints_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite_history();

CREATE TRIGGER checkpoint_witnesses_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoint_witnesses
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite_history();

GRANT SELECT, INSERT ON keys, checkpoints, checkpoint_witnesses TO signoff_app;
