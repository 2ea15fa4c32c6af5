-- Searches compare texts as they are stored.

DROP INDEX texts_words_idx, texts_parts_idx, texts_reasons_parts_idx, checklist_items_words_idx, checklist_items_parts_idx;

CREATE INDEX texts_words_idx ON texts USING gin (to_tsvector('simple', value)) WITH (fastupdate = off)
    WHERE is_searchable(field);
CREATE INDEX texts_parts_idx ON texts USING gin (value gin_trgm_ops) WITH (fastupdate = off)
    WHERE is_searchable(field);
CREATE INDEX texts_reasons_parts_idx ON texts USING gin (value gin_trgm_ops) WITH (fastupdate = off)
    WHERE is_searchable_in_history_only(field);
CREATE INDEX checklist_items_words_idx ON checklist_items USING gin (to_tsvector('simple', said)) WITH (fastupdate = off);
CREATE INDEX checklist_items_parts_idx ON checklist_items USING gin (said gin_trgm_ops) WITH (fastupdate = off);
