-- A person may take another name: the log and the histories keep the earlier ones, which nobody else may take.
ALTER TABLE users ADD COLUMN former_names text[] NOT NULL DEFAULT '{}';

-- The colours of the pages; without a choice, those of the system.
ALTER TABLE users ADD COLUMN scheme text CONSTRAINT users_scheme_known CHECK (scheme IN ('light', 'dark'));

-- Requests of people to sign in with another address. The link is sent to the new address; where the server sends no
-- mail there is no link, and an admin confirms the request.
CREATE TABLE address_changes (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    email text NOT NULL CONSTRAINT address_changes_email_lower CHECK (email = lower(email)),
    token_hash bytea CONSTRAINT address_changes_token_hash_key UNIQUE,
    requested_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    -- Replaced by a newer one, or ended by a change of the person's credentials.
    superseded_at timestamptz,
    CONSTRAINT address_changes_ended_once CHECK (used_at IS NULL OR superseded_at IS NULL)
);

-- One open request of a person.
CREATE UNIQUE INDEX address_changes_open_key ON address_changes (user_id)
    WHERE used_at IS NULL AND superseded_at IS NULL;

GRANT SELECT, INSERT, UPDATE ON address_changes TO signoff_app;
