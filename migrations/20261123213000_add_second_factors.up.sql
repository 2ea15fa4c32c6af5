-- The second thing that proves who somebody is, and what the installation asks of whom.

CREATE TABLE second_factors (
    user_id uuid PRIMARY KEY REFERENCES users (id),
    -- Encrypted with the key of the configuration and bound to the account: who reads or moves the row has nothing.
    secret bytea NOT NULL,
    -- The newest step whose code was used. No code of it or of an earlier one is ever taken again.
    last_step bigint NOT NULL,
    set_up_at timestamptz NOT NULL
);

-- What stands in for it when it is lost, each once. Of each only the hash is kept.
CREATE TABLE recovery_codes (
    user_id uuid NOT NULL REFERENCES second_factors (user_id) ON DELETE CASCADE,
    code_hash bytea NOT NULL CHECK (length(code_hash) = 32),
    PRIMARY KEY (user_id, code_hash)
);

-- What an admin has decided for the whole installation: one row.
CREATE TABLE settings (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    second_factor text NOT NULL CHECK (second_factor IN ('optional', 'leads_and_admins'))
);

INSERT INTO settings (second_factor) VALUES ('optional');

CREATE INDEX launches_owner_idx ON launches (owner_id);

-- Whether somebody must set up a second factor before anything else: the installation demands it of admins and of
-- those who sign or decide on a launch that is not over, and they have none.
CREATE FUNCTION owes_second_factor(person uuid, roles text[]) RETURNS boolean
    LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM settings WHERE second_factor = 'leads_and_admins')
       AND NOT EXISTS (SELECT FROM second_factors f WHERE f.user_id = person)
       AND ('admin' = ANY (roles)
            OR EXISTS (SELECT FROM launches l WHERE l.owner_id = person AND l.stage NOT IN ('closed', 'cancelled'))
            OR EXISTS (SELECT FROM launch_holders h JOIN launches l ON l.id = h.launch_id
                       WHERE h.user_id = person AND l.stage NOT IN ('closed', 'cancelled')))
    $$;

GRANT SELECT, INSERT, UPDATE, DELETE ON second_factors TO signoff_app;
GRANT SELECT, INSERT, DELETE ON recovery_codes TO signoff_app;
GRANT SELECT, UPDATE ON settings TO signoff_app;
