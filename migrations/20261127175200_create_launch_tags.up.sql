-- The tags of the launches: a projection, as the tables of `create_launches`. Lists filter by `folded`, the tag in lower
-- case, and show `tag`.
CREATE TABLE launch_tags (
    launch_id uuid NOT NULL REFERENCES launches (id),
    position bigint NOT NULL CHECK (position BETWEEN 1 AND 10),
    tag text NOT NULL,
    folded text NOT NULL,
    PRIMARY KEY (launch_id, position),
    CONSTRAINT launch_tags_folded_key UNIQUE (launch_id, folded)
);

CREATE INDEX launch_tags_folded_idx ON launch_tags (folded, launch_id);

GRANT SELECT, INSERT, DELETE ON launch_tags TO signoff_app;
