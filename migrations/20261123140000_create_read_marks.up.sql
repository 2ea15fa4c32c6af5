-- Who has opened the go/no-go page of a launch, when, and the newest event that it showed them. No part of any launch's
-- state or history: it says that the page was made for somebody with that event on it, and no more.

CREATE TABLE read_marks (
    user_id uuid NOT NULL REFERENCES users (id),
    launch_id uuid NOT NULL REFERENCES launches (id),
    seq bigint NOT NULL CHECK (seq >= 1),
    at timestamptz NOT NULL,
    PRIMARY KEY (launch_id, user_id)
);

GRANT SELECT, INSERT, UPDATE ON read_marks TO signoff_app;
