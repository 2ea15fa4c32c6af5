-- Drafts: what the next version of a checklist is to say, until it is published or discarded.

-- Rises with every edit of a draft, and with what ends one, so that a form from an earlier draft is never taken for one
-- from this.
ALTER TABLE checklists ADD COLUMN draft_version bigint NOT NULL DEFAULT 0;

CREATE TABLE checklist_drafts (
    checklist_id uuid PRIMARY KEY REFERENCES checklists (id),
    -- JSON. It is read whole and written whole, and nothing in it is asked for by itself.
    content bytea NOT NULL,
    edited_at timestamptz NOT NULL,
    edited_by uuid NOT NULL REFERENCES users (id)
);

GRANT UPDATE (draft_version) ON checklists TO signoff_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON checklist_drafts TO signoff_app;
