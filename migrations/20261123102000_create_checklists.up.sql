-- Checklists and their published versions. A version never changes and is named by the hash of its content.

CREATE TABLE checklists (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL,
    archived_at timestamptz
);

CREATE TABLE checklist_versions (
    id uuid PRIMARY KEY,
    checklist_id uuid NOT NULL REFERENCES checklists (id),
    number integer NOT NULL CHECK (number >= 1),
    -- The checklist's name in this version, for lists.
    name text NOT NULL,
    items integer NOT NULL CHECK (items >= 1),
    -- SHA-256 of the content.
    hash bytea NOT NULL CHECK (length(hash) = 32),
    -- Canonical JSON (RFC 8785).
    content bytea NOT NULL,
    published_at timestamptz NOT NULL,
    published_by uuid REFERENCES users (id),
    CONSTRAINT checklist_versions_number_key UNIQUE (checklist_id, number),
    CONSTRAINT checklist_versions_hash_key UNIQUE (checklist_id, hash)
);

CREATE TRIGGER checklist_versions_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON checklist_versions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite_history();

GRANT SELECT, INSERT ON checklists, checklist_versions TO signoff_app;
GRANT UPDATE (archived_at) ON checklists TO signoff_app;
