-- The addresses that refused attempts to sign in came from. The installation's log has a commitment to each, so that
-- the address can be forgotten and the entry stays.
CREATE TABLE refusal_addresses (
    commitment bytea PRIMARY KEY,
    salt bytea NOT NULL,
    value text NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT refusal_addresses_commitment_length CHECK (octet_length(commitment) = 32),
    CONSTRAINT refusal_addresses_salt_length CHECK (octet_length(salt) = 32)
);
CREATE INDEX refusal_addresses_at ON refusal_addresses (at);
GRANT SELECT, INSERT, DELETE ON refusal_addresses TO signoff_app;

-- The same address, typed with its accents apart, is the same person: from now on addresses are kept in the normal form
-- NFC. One that would then be somebody else's stays as it is, for an admin to look at.
UPDATE users u SET email = normalize(u.email, NFC)
WHERE u.email IS NOT NFC NORMALIZED
  AND NOT EXISTS (SELECT FROM users o WHERE o.id <> u.id AND normalize(o.email, NFC) = normalize(u.email, NFC));
UPDATE invitations i SET email = normalize(i.email, NFC)
WHERE i.email IS NOT NFC NORMALIZED AND i.used_at IS NULL AND i.superseded_at IS NULL
  AND NOT EXISTS (SELECT FROM invitations o WHERE o.id <> i.id AND o.used_at IS NULL AND o.superseded_at IS NULL
                  AND normalize(o.email, NFC) = normalize(i.email, NFC));
