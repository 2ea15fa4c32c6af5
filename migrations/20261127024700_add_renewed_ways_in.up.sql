-- Ways in that another renewed: a link to a new password that an admin or the operator made, or the removal of a second
-- factor. The account waits afterwards before it does what others rely on, and the person is told.

CREATE TABLE way_in_renewals (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    how text NOT NULL CHECK (how IN ('reset_link', 'second_factor_removed')),
    -- The admin; nobody, at the server's command line.
    made_by uuid REFERENCES users (id),
    made_at timestamptz NOT NULL,
    -- Since when the way in is another: of a link, when it was used. NULL while it was not.
    renewed_at timestamptz,
    -- The other admin who confirmed that the person had asked for it.
    confirmed_by uuid REFERENCES users (id),
    confirmed_at timestamptz,
    -- When the person said that they have seen it. A link that is used is told of anew.
    seen_at timestamptz,
    CONSTRAINT way_in_renewals_confirmed_whole CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL)),
    CONSTRAINT way_in_renewals_confirmed_by_another
        CHECK (confirmed_by IS NULL OR (confirmed_by <> user_id AND confirmed_by IS DISTINCT FROM made_by))
);

CREATE INDEX way_in_renewals_user_idx ON way_in_renewals (user_id, made_at);

-- A link that somebody else made belongs to a renewal; one that went to the person by mail does not.
ALTER TABLE password_resets ADD COLUMN renewal_id uuid REFERENCES way_in_renewals (id);

INSERT INTO way_in_renewals (id, user_id, how, made_by, made_at, renewed_at, seen_at)
    SELECT id, user_id, 'reset_link', made_by, made_at, used_at, used_at FROM password_resets
    WHERE made_by IS NOT NULL AND superseded_at IS NULL;
UPDATE password_resets SET renewal_id = id WHERE made_by IS NOT NULL AND superseded_at IS NULL;

-- Links stand side by side, so that none is ended by who asks for another; the first that is used ends the others.
DROP INDEX password_resets_open_key;
CREATE INDEX password_resets_open_idx ON password_resets (user_id)
    WHERE used_at IS NULL AND superseded_at IS NULL;

-- Whether there are renewals to look at: new to the person, or not much older than signatures tell of them. It is asked with
-- every request, and by the database's clock: what is exact is told from the rows.
CREATE FUNCTION has_renewals(person uuid) RETURNS boolean
    LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM way_in_renewals r WHERE r.user_id = person
                   AND (r.seen_at IS NULL OR coalesce(r.renewed_at, r.made_at) > now() - interval '32 days'))
    $$;

GRANT SELECT, INSERT, UPDATE ON way_in_renewals TO signoff_app;
