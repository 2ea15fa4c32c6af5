-- People, how they come in, and the roles that sign. The rows here may change, so each change is told in the
-- installation's log.

CREATE TABLE users (
    id uuid PRIMARY KEY,
    email text NOT NULL,
    name text NOT NULL,
    -- A PHC string; its parameters travel with it.
    password_hash text NOT NULL,
    -- Rises with every change of what proves who they are: a proof given before does not hold after.
    credential_version integer NOT NULL DEFAULT 1,
    -- Rises to end every session at once, whatever Redis still holds.
    session_epoch integer NOT NULL DEFAULT 1,
    roles text[] NOT NULL,
    -- The zone they read times in, where they have chosen one.
    zone text,
    active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    CONSTRAINT users_email_key UNIQUE (email),
    CONSTRAINT users_email_lower CHECK (email = lower(email)),
    CONSTRAINT users_roles_known CHECK (roles <@ ARRAY['admin', 'member', 'auditor'] AND cardinality(roles) > 0),
    CONSTRAINT users_auditor_alone CHECK (NOT 'auditor' = ANY (roles) OR cardinality(roles) = 1)
);

-- Of a link only the hash is kept: who reads the table can't come in by it.
CREATE TABLE invitations (
    id uuid PRIMARY KEY,
    token_hash bytea NOT NULL,
    email text NOT NULL,
    name text NOT NULL,
    roles text[] NOT NULL,
    invited_by uuid NOT NULL REFERENCES users (id),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    -- Withdrawn, or replaced by a newer one to the same address.
    superseded_at timestamptz,
    CONSTRAINT invitations_token_hash_key UNIQUE (token_hash),
    CONSTRAINT invitations_ended_once CHECK (used_at IS NULL OR superseded_at IS NULL)
);

-- One open invitation to an address.
CREATE UNIQUE INDEX invitations_open_email_key ON invitations (email)
    WHERE used_at IS NULL AND superseded_at IS NULL;

-- The one-time address at which the first admin is made: no row, or one.
CREATE TABLE setup_token (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    token_hash bytea NOT NULL,
    created_at timestamptz NOT NULL
);

-- Browsers that have signed in as someone before: their attempts are counted apart from everybody else's, so that
-- nobody can lock the true owner out.
CREATE TABLE known_browsers (
    user_id uuid NOT NULL REFERENCES users (id),
    browser_hash bytea NOT NULL,
    signed_in_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, browser_hash)
);

-- The roles that sign launches. They are rows, so that a team can add Legal or Support.
CREATE TABLE roles (
    slug text PRIMARY KEY CHECK (slug ~ '^[a-z][a-z0-9_]{0,39}$'),
    title text NOT NULL,
    position integer NOT NULL
);

INSERT INTO roles (slug, title, position) VALUES
    ('tech_lead', 'Tech lead', 1),
    ('operations', 'Operations', 2),
    ('security', 'Security', 3),
    ('product', 'Product', 4);

GRANT SELECT, INSERT, UPDATE ON users, invitations TO signoff_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON setup_token, known_browsers TO signoff_app;
GRANT SELECT ON roles TO signoff_app;
