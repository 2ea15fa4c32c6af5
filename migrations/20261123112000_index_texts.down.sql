DROP INDEX evidence_text_idx, texts_parts_idx, texts_words_idx;
DROP EXTENSION pg_trgm;
