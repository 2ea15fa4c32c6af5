-- Evidence of one item used again on another: the evidence that was attached first. A file's bytes are kept under that
-- id alone.
ALTER TABLE evidence ADD COLUMN source_id uuid REFERENCES evidence (id),
    ADD CONSTRAINT evidence_source CHECK (source_id <> id);
