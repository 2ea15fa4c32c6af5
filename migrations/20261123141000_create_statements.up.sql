-- What signers declare, word for word, in every version after the first, which is part of the program. A version that was
-- published never changes; a signature keeps the whole text it was given under besides.

CREATE TABLE statements (
    version integer PRIMARY KEY CHECK (version >= 2),
    go_approval text NOT NULL,
    go_review text NOT NULL,
    go_responsibility text NOT NULL,
    no_go_approval text NOT NULL,
    no_go_review text NOT NULL,
    no_go_responsibility text NOT NULL,
    published_at timestamptz NOT NULL,
    published_by uuid NOT NULL REFERENCES users (id)
);

CREATE TRIGGER statements_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON statements
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite_history();

GRANT SELECT, INSERT ON statements TO signoff_app;
