-- How many bytes of evidence each person has attached on each day (UTC): what the ceilings for each person are held
-- against. It is no part of the record: whoever is refused by it has attached nothing.
CREATE TABLE evidence_bytes (
    user_id uuid NOT NULL REFERENCES users (id),
    day date NOT NULL,
    bytes bigint NOT NULL CHECK (bytes >= 0),
    PRIMARY KEY (user_id, day)
);

INSERT INTO evidence_bytes (user_id, day, bytes)
SELECT attached_by, (attached_at AT TIME ZONE 'UTC')::date, sum(size)
FROM evidence
WHERE kind = 'file' AND source_id IS NULL
GROUP BY 1, 2;

GRANT SELECT, INSERT, UPDATE ON evidence_bytes TO signoff_app;
