-- What lists show, filter and sort by that only a launch's state tells: its verdict, its progress and its signatures, as
-- they were at `computed_at`, and the moment from which they may be different without an event. A projection, as the
-- tables of `create_launches`, but of history and time: a row whose moment has passed is computed again by a job and
-- before it is used. Nothing is decided from it.
CREATE TABLE launch_summaries (
    launch_id uuid PRIMARY KEY REFERENCES launches (id),
    -- The newest event that is in it; 0 if it was not computed yet.
    seq bigint NOT NULL CHECK (seq >= 0),
    -- As in `launches`, for indexes.
    stage text NOT NULL,
    target_at timestamptz NOT NULL,
    computed_at timestamptz NOT NULL DEFAULT '-infinity',
    -- Null if only an event changes it; '-infinity' if an event did.
    holds_until timestamptz DEFAULT '-infinity',
    -- Null if the launch was cancelled.
    verdict text CHECK (verdict IN ('no_go', 'conditional_go', 'go')),
    resolved integer NOT NULL DEFAULT 0 CHECK (resolved BETWEEN 0 AND total),
    total integer NOT NULL DEFAULT 0,
    -- Of each role that has to sign: {"role", "title", "status"}.
    signatures jsonb NOT NULL DEFAULT '[]'
);

-- The order in which lists are sorted by verdict: the least ready first.
CREATE FUNCTION verdict_order(verdict text) RETURNS smallint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE verdict WHEN 'no_go' THEN 0 WHEN 'conditional_go' THEN 1 WHEN 'go' THEN 2 ELSE 3 END::smallint
    $$;

-- The resolved share in millionths.
CREATE FUNCTION share_resolved(resolved integer, total integer) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT resolved::bigint * 1000000 / greatest(total, 1)
    $$;

CREATE INDEX launch_summaries_holds_until_idx ON launch_summaries (holds_until, launch_id) WHERE holds_until IS NOT NULL;
CREATE INDEX launch_summaries_verdict_idx ON launch_summaries (stage, verdict_order(verdict), target_at, launch_id);
CREATE INDEX launch_summaries_progress_idx
    ON launch_summaries (stage, share_resolved(resolved, total), target_at, launch_id);
CREATE INDEX launches_changed_idx ON launches (stage, changed_at, id);

GRANT SELECT, INSERT, UPDATE ON launch_summaries TO signoff_app;
GRANT SELECT (launch_id, seq), UPDATE (stage, target_at, holds_until) ON launch_summaries TO signoff_redactor;

INSERT INTO launch_summaries (launch_id, seq, stage, target_at) SELECT id, 0, stage, target_at FROM launches;

-- Whoever changes a launch without writing its summary (a redaction, a server of the release before) leaves a summary
-- that is known to be out of date. A server that does write it, writes it before the launch's row.
CREATE FUNCTION outdate_launch_summary() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO launch_summaries (launch_id, seq, stage, target_at) VALUES (NEW.id, 0, NEW.stage, NEW.target_at);
    ELSE
        UPDATE launch_summaries SET stage = NEW.stage, target_at = NEW.target_at, holds_until = '-infinity'
        WHERE launch_id = NEW.id AND seq <> NEW.seq;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER launches_outdate_summary AFTER INSERT OR UPDATE ON launches
    FOR EACH ROW EXECUTE FUNCTION outdate_launch_summary();

ALTER TABLE jobs DROP CONSTRAINT jobs_kind;
ALTER TABLE jobs ADD CONSTRAINT jobs_kind
    CHECK (kind IN ('mail', 'checkpoint', 'sweep', 'verification', 'summaries'));
