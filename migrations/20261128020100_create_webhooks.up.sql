-- Where chats and other programs hear of what happens in launches, and what was sent to them. No part of any history.
CREATE TABLE webhooks (
    id uuid PRIMARY KEY,
    name text NOT NULL CONSTRAINT webhooks_name CHECK (length(name) BETWEEN 1 AND 300),
    -- In which form messages are sent.
    form text NOT NULL CONSTRAINT webhooks_form CHECK (form ~ '^[a-z_]{1,40}$'),
    -- Of which launches: of this one, of those with this tag (in lower case), or of all that are not restricted.
    launch_id uuid REFERENCES launches (id),
    tag text,
    -- What it hears of.
    topics text[] NOT NULL,
    -- The language of its messages.
    language text NOT NULL,
    -- The address, encrypted with the key of the configuration, since whoever has it can write there.
    address bytea NOT NULL,
    -- The host of the address.
    host text NOT NULL,
    -- The secret that signs messages of the generic form, encrypted.
    secret bytea,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL REFERENCES users (id),
    -- Nothing is sent to it any more. Its row stays as long as its deliveries.
    removed_at timestamptz,
    CONSTRAINT webhooks_one_scope CHECK (launch_id IS NULL OR tag IS NULL)
);

-- A message to a webhook: written in the transaction of the events that it is about, and sent by a job.
CREATE TABLE webhook_deliveries (
    id uuid PRIMARY KEY,
    webhook_id uuid NOT NULL REFERENCES webhooks (id),
    -- None for a test.
    launch_id uuid REFERENCES launches (id),
    first_seq bigint,
    last_seq bigint,
    made_at timestamptz NOT NULL,
    -- When it is tried next; none once it was sent or given up.
    due_at timestamptz,
    -- A server works on it until then.
    leased_until timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    -- Why the last attempt failed: for admins, in English.
    error text CONSTRAINT webhook_deliveries_error CHECK (length(error) <= 300),
    sent_at timestamptz,
    dead_at timestamptz
);

CREATE INDEX webhook_deliveries_due_idx ON webhook_deliveries (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX webhook_deliveries_newest_idx ON webhook_deliveries (webhook_id, made_at DESC);

GRANT SELECT, INSERT, UPDATE ON webhooks TO signoff_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_deliveries TO signoff_app;
