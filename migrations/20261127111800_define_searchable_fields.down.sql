DROP INDEX texts_words_idx, texts_parts_idx, texts_reasons_parts_idx;

CREATE INDEX texts_words_idx ON texts USING gin (to_tsvector('simple', value)) WITH (fastupdate = off)
    WHERE field IN ('name', 'summary', 'comment', 'file_name', 'link', 'evidence_note');
CREATE INDEX texts_parts_idx ON texts USING gin (value gin_trgm_ops) WITH (fastupdate = off)
    WHERE field IN ('name', 'summary', 'comment', 'file_name', 'link', 'evidence_note');
CREATE INDEX texts_reasons_parts_idx ON texts USING gin (value gin_trgm_ops) WITH (fastupdate = off)
    WHERE field IN ('notes', 'reason', 'settlement', 'item_reason', 'agreement_reason', 'evidence_withdrawal',
                    'evidence_request', 'waiver_reason', 'waiver_control', 'waiver_decision', 'signature_comment',
                    'signature_withdrawal');

DROP FUNCTION is_searchable_in_history_only(text);
DROP FUNCTION is_searchable(text);
