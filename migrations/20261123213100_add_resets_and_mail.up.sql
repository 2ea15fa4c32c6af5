-- A forgotten password's way back, and letters on their way.

CREATE TABLE password_resets (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    -- Of a link only the hash is kept.
    token_hash bytea NOT NULL CHECK (length(token_hash) = 32),
    -- The admin who made it; nobody, when the person asked for it themselves.
    made_by uuid REFERENCES users (id),
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    -- Replaced by a newer one, or of no more use since the password was changed otherwise.
    superseded_at timestamptz,
    CONSTRAINT password_resets_token_hash_key UNIQUE (token_hash),
    CONSTRAINT password_resets_ended_once CHECK (used_at IS NULL OR superseded_at IS NULL)
);

-- One open reset to an account.
CREATE UNIQUE INDEX password_resets_open_key ON password_resets (user_id)
    WHERE used_at IS NULL AND superseded_at IS NULL;

-- Mail is written in the transaction that it tells of, and sent later by whichever server takes it. A row is gone once
-- it was sent.
CREATE TABLE outbox (
    id uuid PRIMARY KEY,
    -- To whom, and what: encrypted with the key of the configuration, since it may hold a link that lets somebody in.
    letter bytea NOT NULL,
    written_at timestamptz NOT NULL,
    next_try_at timestamptz NOT NULL,
    tries integer NOT NULL DEFAULT 0,
    -- After this it is of no use any more.
    expires_at timestamptz NOT NULL
);

CREATE INDEX outbox_due_idx ON outbox (next_try_at, id);

GRANT SELECT, INSERT, UPDATE ON password_resets TO signoff_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON outbox TO signoff_app;
