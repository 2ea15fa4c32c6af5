-- The extension stays: the operator may have had it before, or use it for something else.
DROP INDEX evidence_text_idx, texts_parts_idx, texts_words_idx;
