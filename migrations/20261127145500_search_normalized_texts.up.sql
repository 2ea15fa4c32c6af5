-- Searches find a text whichever Unicode form it is stored in: new texts are stored in the form NFC, older ones may be in NFD,
-- in which a letter and its accent are two characters. `normalize` makes NFC, and is what the queries ask for.

DROP INDEX texts_words_idx, texts_parts_idx, texts_reasons_parts_idx, checklist_items_words_idx, checklist_items_parts_idx;

CREATE INDEX texts_words_idx ON texts USING gin (to_tsvector('simple', normalize(value))) WITH (fastupdate = off)
    WHERE is_searchable(field);
CREATE INDEX texts_parts_idx ON texts USING gin (normalize(value) gin_trgm_ops) WITH (fastupdate = off)
    WHERE is_searchable(field);
CREATE INDEX texts_reasons_parts_idx ON texts USING gin (normalize(value) gin_trgm_ops) WITH (fastupdate = off)
    WHERE is_searchable_in_history_only(field);
CREATE INDEX checklist_items_words_idx ON checklist_items USING gin (to_tsvector('simple', normalize(said))) WITH (fastupdate = off);
CREATE INDEX checklist_items_parts_idx ON checklist_items USING gin (normalize(said) gin_trgm_ops) WITH (fastupdate = off);
