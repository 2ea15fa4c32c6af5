ALTER TABLE password_resets DROP COLUMN renewal_id;
DROP FUNCTION has_renewals;
DROP TABLE way_in_renewals;

-- Of several open links the newest stays.
UPDATE password_resets r SET superseded_at = r.made_at
    WHERE used_at IS NULL AND superseded_at IS NULL
      AND EXISTS (SELECT FROM password_resets o WHERE o.user_id = r.user_id AND o.used_at IS NULL
                  AND o.superseded_at IS NULL AND (o.made_at, o.id) > (r.made_at, r.id));
DROP INDEX password_resets_open_idx;
CREATE UNIQUE INDEX password_resets_open_key ON password_resets (user_id)
    WHERE used_at IS NULL AND superseded_at IS NULL;
