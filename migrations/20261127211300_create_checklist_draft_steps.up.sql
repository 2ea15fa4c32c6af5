-- What undo leads back to, and redo leads to again: the contents that a draft had.
CREATE TABLE checklist_draft_steps (
    checklist_id uuid NOT NULL REFERENCES checklists (id),
    -- The version of the draft that the change made, or that undoing it made. The one with the highest is the next step.
    version bigint NOT NULL,
    is_undone boolean NOT NULL,
    -- The draft before the change; if it is undone, after it.
    content bytea NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by uuid NOT NULL REFERENCES users (id),
    PRIMARY KEY (checklist_id, version)
);

GRANT SELECT, INSERT, DELETE ON checklist_draft_steps TO signoff_app;
