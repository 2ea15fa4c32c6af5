-- Projections of the launches' histories: for lists, search and constraints. Nothing is decided from them, and
-- checklist version, events and texts alone rebuild every row. Texts that may have to be forgotten stand here as
-- their commitments, as they do in the events.

CREATE TABLE launches (
    id uuid PRIMARY KEY,
    version_id uuid NOT NULL REFERENCES checklist_versions (id),
    -- The number of the newest event; locked by whoever changes the launch.
    seq bigint NOT NULL CHECK (seq >= 1),
    stage text NOT NULL CHECK (stage IN ('preparing', 'go', 'held', 'launched', 'closed', 'cancelled')),
    owner_id uuid NOT NULL REFERENCES users (id),
    restricted boolean NOT NULL,
    name bytea NOT NULL,
    summary bytea,
    notes bytea,
    target_local timestamp NOT NULL,
    zone text NOT NULL,
    target_at timestamptz NOT NULL,
    slip_days integer NOT NULL CHECK (slip_days BETWEEN 0 AND 365),
    separation_of_duties boolean NOT NULL,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    launched_at timestamptz
);

CREATE INDEX launches_stage_idx ON launches (stage, target_at);

CREATE TABLE launch_holders (
    launch_id uuid NOT NULL REFERENCES launches (id),
    role text NOT NULL,
    user_id uuid NOT NULL REFERENCES users (id),
    PRIMARY KEY (launch_id, role, user_id)
);

CREATE INDEX launch_holders_user_idx ON launch_holders (user_id);

CREATE TABLE launch_participants (
    launch_id uuid NOT NULL REFERENCES launches (id),
    user_id uuid NOT NULL REFERENCES users (id),
    PRIMARY KEY (launch_id, user_id)
);

CREATE INDEX launch_participants_user_idx ON launch_participants (user_id);

CREATE TABLE items (
    -- UUIDv5(launch, key).
    id uuid PRIMARY KEY,
    launch_id uuid NOT NULL REFERENCES launches (id),
    position integer NOT NULL,
    key text NOT NULL,
    title text NOT NULL,
    importance text NOT NULL CHECK (importance IN ('critical', 'required', 'advisory')),
    phase text NOT NULL CHECK (phase IN ('before', '24h', '7d', '30d')),
    role text,
    evidence_required boolean NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'done', 'not_applicable', 'blocked')),
    reason bytea,
    agreement text NOT NULL CHECK (agreement IN ('none', 'given', 'refused')),
    version bigint NOT NULL CHECK (version >= 1),
    marked_by uuid REFERENCES users (id),
    marked_at timestamptz,
    assignee_id uuid REFERENCES users (id),
    due_on date,
    CONSTRAINT items_position_key UNIQUE (launch_id, position),
    CONSTRAINT items_key_key UNIQUE (launch_id, key),
    CONSTRAINT items_reason CHECK (state IN ('open', 'done') OR reason IS NOT NULL)
);

CREATE INDEX items_assignee_idx ON items (assignee_id) WHERE assignee_id IS NOT NULL;

CREATE TABLE evidence (
    id uuid PRIMARY KEY,
    launch_id uuid NOT NULL REFERENCES launches (id),
    item_id uuid NOT NULL REFERENCES items (id),
    seq bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('file', 'link', 'note')),
    -- A file's name, a link's address, a note's text.
    text bytea NOT NULL,
    sha256 bytea CHECK (length(sha256) = 32),
    size bigint,
    media_type text,
    attached_by uuid NOT NULL REFERENCES users (id),
    attached_at timestamptz NOT NULL,
    observed_on date NOT NULL,
    valid_until date CHECK (valid_until >= observed_on),
    withdrawn_by uuid REFERENCES users (id),
    withdrawn_at timestamptz,
    withdrawal_reason bytea,
    CONSTRAINT evidence_file CHECK ((kind = 'file') = (sha256 IS NOT NULL AND size IS NOT NULL AND media_type IS NOT NULL)),
    CONSTRAINT evidence_withdrawal CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL))
);

CREATE INDEX evidence_launch_idx ON evidence (launch_id, seq);

CREATE TABLE evidence_requests (
    id uuid PRIMARY KEY,
    launch_id uuid NOT NULL REFERENCES launches (id),
    item_id uuid NOT NULL REFERENCES items (id),
    requested_by uuid NOT NULL REFERENCES users (id),
    requested_at timestamptz NOT NULL,
    text bytea NOT NULL,
    answered_by uuid REFERENCES users (id),
    answered_at timestamptz,
    answer bytea
);

CREATE INDEX evidence_requests_launch_idx ON evidence_requests (launch_id);

CREATE TABLE comments (
    id uuid PRIMARY KEY,
    launch_id uuid NOT NULL REFERENCES launches (id),
    item_id uuid NOT NULL REFERENCES items (id),
    author_id uuid NOT NULL REFERENCES users (id),
    written_at timestamptz NOT NULL,
    body bytea NOT NULL,
    edited_at timestamptz,
    deleted_at timestamptz
);

CREATE INDEX comments_item_idx ON comments (item_id, written_at);
CREATE INDEX comments_launch_idx ON comments (launch_id);

CREATE TABLE waivers (
    id uuid PRIMARY KEY,
    launch_id uuid NOT NULL REFERENCES launches (id),
    item_id uuid NOT NULL REFERENCES items (id),
    asked_by uuid NOT NULL REFERENCES users (id),
    asked_at timestamptz NOT NULL,
    reason bytea NOT NULL,
    control bytea NOT NULL,
    expires_on date NOT NULL,
    status text NOT NULL CHECK (status IN ('asked', 'approved', 'refused', 'revoked')),
    decided_by uuid REFERENCES users (id),
    decided_at timestamptz,
    decision_reason bytea,
    -- Whoever asks does not approve or refuse as well. (Whoever asked may revoke, as owner.)
    CONSTRAINT waivers_two_people CHECK (status IN ('asked', 'revoked') OR decided_by <> asked_by),
    CONSTRAINT waivers_decided CHECK ((status = 'asked') = (decided_at IS NULL))
);

CREATE INDEX waivers_launch_idx ON waivers (launch_id);

-- A signature is a record: withdrawn, it stays, and the withdrawal stands beside it.
CREATE TABLE signatures (
    id uuid PRIMARY KEY,
    launch_id uuid NOT NULL REFERENCES launches (id),
    seq bigint NOT NULL,
    signer_id uuid NOT NULL REFERENCES users (id),
    signer_name text NOT NULL,
    signer_email text NOT NULL,
    role text NOT NULL,
    role_title text NOT NULL,
    verdict text NOT NULL CHECK (verdict IN ('go', 'no_go')),
    meaning text NOT NULL CHECK (meaning IN ('approval', 'review', 'responsibility')),
    statement_version integer NOT NULL,
    statement text NOT NULL,
    comment bytea,
    signed_at timestamptz NOT NULL,
    zone text NOT NULL,
    proof text NOT NULL,
    proved_at timestamptz NOT NULL,
    address bytea NOT NULL,
    user_agent bytea NOT NULL,
    saw bigint NOT NULL,
    digest bytea NOT NULL CHECK (length(digest) = 32),
    lifts uuid REFERENCES signatures (id),
    CONSTRAINT signatures_seq_key UNIQUE (launch_id, seq),
    CONSTRAINT signatures_objection CHECK (verdict = 'go' OR comment IS NOT NULL)
);

CREATE TABLE signature_withdrawals (
    signature_id uuid PRIMARY KEY REFERENCES signatures (id),
    launch_id uuid NOT NULL REFERENCES launches (id),
    withdrawn_by uuid NOT NULL REFERENCES users (id),
    withdrawn_at timestamptz NOT NULL,
    comment bytea NOT NULL
);

CREATE INDEX signature_withdrawals_launch_idx ON signature_withdrawals (launch_id);

CREATE TRIGGER signatures_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON signatures
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite_history();

CREATE TRIGGER signature_withdrawals_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON signature_withdrawals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite_history();

GRANT SELECT, INSERT, UPDATE ON launches, items, evidence, evidence_requests, comments, waivers TO signoff_app;
GRANT SELECT, INSERT, DELETE ON launch_holders, launch_participants TO signoff_app;
GRANT SELECT, INSERT ON signatures, signature_withdrawals TO signoff_app;
