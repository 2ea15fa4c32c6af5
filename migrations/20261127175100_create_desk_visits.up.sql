-- Up to when an auditor has seen, on their desk, what happened in the launches: they say so themselves, by a button. No
-- part of any history, as `read_marks`.
CREATE TABLE desk_visits (
    user_id uuid PRIMARY KEY REFERENCES users (id),
    seen_until timestamptz NOT NULL
);

GRANT SELECT, INSERT, UPDATE ON desk_visits TO signoff_app;

-- The desk lists the unanswered requests of all launches, the oldest first.
CREATE INDEX evidence_requests_unanswered_idx ON evidence_requests (requested_at, id) WHERE answered_at IS NULL;
