-- The histories of the launches: events as bytes, the texts they commit to, and the trees over them.

CREATE TABLE events (
    launch_id uuid NOT NULL REFERENCES launches (id),
    -- Dense, from 1.
    seq bigint NOT NULL CHECK (seq >= 1),
    at timestamptz NOT NULL,
    kind text NOT NULL,
    actor_id uuid NOT NULL REFERENCES users (id),
    item_id uuid,
    -- Canonical JSON (RFC 8785). The columns above are copies for lookup; these bytes are what is hashed.
    bytes bytea NOT NULL,
    PRIMARY KEY (launch_id, seq)
);

CREATE INDEX events_kind_idx ON events (launch_id, kind, seq);
CREATE INDEX events_actor_idx ON events (launch_id, actor_id, seq);
CREATE INDEX events_item_idx ON events (launch_id, item_id, seq) WHERE item_id IS NOT NULL;
CREATE INDEX events_at_idx ON events (launch_id, at, seq);

CREATE TRIGGER events_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite_history();

-- Value and salt of what may have to be forgotten: the only place they are in. Everything else refers to the
-- commitment, SHA-256(salt || UTF-8).
CREATE TABLE texts (
    commitment bytea PRIMARY KEY CHECK (length(commitment) = 32),
    launch_id uuid NOT NULL REFERENCES launches (id),
    -- The event that brought it.
    seq bigint NOT NULL,
    field text NOT NULL,
    -- The id of the thing it is a field of.
    thing uuid NOT NULL,
    salt bytea NOT NULL CHECK (length(salt) = 32),
    value text NOT NULL
);

CREATE INDEX texts_launch_idx ON texts (launch_id, seq);

-- Complete subtrees (RFC 6962) of each log: a launch's under the launch's id, the installation's under the nil
-- UUID. The node (level, index) covers the leaves from index * 2^level on, 2^level of them.
CREATE TABLE tree_nodes (
    log uuid NOT NULL,
    level smallint NOT NULL,
    index bigint NOT NULL,
    hash bytea NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (log, level, index)
);

CREATE TRIGGER tree_nodes_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON tree_nodes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite_history();

GRANT SELECT, INSERT ON events, texts, tree_nodes TO signoff_app;
GRANT SELECT, DELETE ON texts TO signoff_redactor;
