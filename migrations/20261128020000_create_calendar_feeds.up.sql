-- The secret address at which a person's calendar program reads the dates of their launches: one for each person, and of
-- its token only the hash. A renewed address replaces it; the earlier one is then at no address.
CREATE TABLE calendar_feeds (
    user_id uuid PRIMARY KEY REFERENCES users (id),
    token_hash bytea NOT NULL CONSTRAINT calendar_feeds_token_hash CHECK (length(token_hash) = 32),
    made_at timestamptz NOT NULL,
    CONSTRAINT calendar_feeds_token_hash_key UNIQUE (token_hash)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON calendar_feeds TO signoff_app;
