-- Keys that follow one another: each after the first has the statement that joins it to the one before.
ALTER TABLE keys
    -- The signed note.
    ADD COLUMN statement text,
    ADD CONSTRAINT keys_statement_check CHECK ((number = 1) = (statement IS NULL));

-- A server that still runs with an earlier key must not sign with it. The lock makes a checkpoint wait for a rotation that
-- is under way, and the rotation for checkpoints that are.
CREATE FUNCTION refuse_checkpoint_of_earlier_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(20261127, 2101);
    IF NEW.public_key IS DISTINCT FROM (SELECT public_key FROM keys ORDER BY number DESC LIMIT 1) THEN
        RAISE EXCEPTION 'the key of this installation was changed, and this server runs with the one before: restart it with '
            'the new key file';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER checkpoints_of_newest_key
    BEFORE INSERT ON checkpoints
    FOR EACH ROW EXECUTE FUNCTION refuse_checkpoint_of_earlier_key();
