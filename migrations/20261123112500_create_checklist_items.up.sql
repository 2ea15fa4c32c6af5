-- The items of published checklists, one row each, so that search finds what they say. A version never changes, nor
-- do these rows; they are made from its content by the database itself, so that they can't say anything else.
CREATE TABLE checklist_items (
    version_id uuid NOT NULL REFERENCES checklist_versions (id),
    key text NOT NULL,
    -- The title, and below it the guidance.
    said text NOT NULL,
    PRIMARY KEY (version_id, key)
);

CREATE FUNCTION list_checklist_items(version uuid, content bytea) RETURNS void
    LANGUAGE sql
    BEGIN ATOMIC
        INSERT INTO checklist_items (version_id, key, said)
        SELECT version, item ->> 'key', concat_ws(E'\n', item ->> 'title', item ->> 'guidance')
        FROM jsonb_path_query(convert_from(content, 'UTF8')::jsonb, '$.parts[*].sections[*].items[*]') AS item;
    END;

SELECT list_checklist_items(id, content) FROM checklist_versions;

CREATE FUNCTION list_items_of_new_version() RETURNS trigger
    LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM list_checklist_items(NEW.id, NEW.content);
        RETURN NULL;
    END
    $$;

CREATE TRIGGER checklist_versions_list_items
    AFTER INSERT ON checklist_versions
    FOR EACH ROW EXECUTE FUNCTION list_items_of_new_version();

CREATE TRIGGER checklist_items_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON checklist_items
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite_history();

CREATE INDEX checklist_items_words_idx ON checklist_items USING gin (to_tsvector('simple', said)) WITH (fastupdate = off);
CREATE INDEX checklist_items_parts_idx ON checklist_items USING gin (said gin_trgm_ops) WITH (fastupdate = off);

-- From a version to the launches that were made from it.
CREATE INDEX launches_version_idx ON launches (version_id);

GRANT SELECT, INSERT ON checklist_items TO signoff_app;
