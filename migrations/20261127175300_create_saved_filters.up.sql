-- Filters of the list of launches that people saved under a name, each for themselves. No part of any history.
CREATE TABLE saved_filters (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    -- The query of the list's address, as the program writes it: `show=held&tag=payments`.
    query text NOT NULL CHECK (length(query) <= 8000),
    created_at timestamptz NOT NULL
);

CREATE INDEX saved_filters_user_idx ON saved_filters (user_id, created_at, id);

GRANT SELECT, INSERT, UPDATE, DELETE ON saved_filters TO signoff_app;
