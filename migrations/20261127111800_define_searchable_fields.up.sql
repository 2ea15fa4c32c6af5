-- Which texts are searched, once for the indexes and the queries: `TextField::search_scope` in SQL, with which a test
-- compares them. PostgreSQL puts the body of the function where it is used, so that an index serves the queries that ask the
-- same. An index remembers what the function said when it was made: whoever changes the function makes the indexes anew.

-- What the search page finds.
CREATE FUNCTION is_searchable(field text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN field IN ('name', 'summary', 'comment', 'file_name', 'link', 'evidence_note');

-- What besides is found in histories. Addresses and browsers are not: nobody finds out by searching where a signature came
-- from.
CREATE FUNCTION is_searchable_in_history_only(field text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN field IN ('notes', 'reason', 'settlement', 'item_reason', 'agreement_reason', 'evidence_withdrawal',
                     'evidence_request', 'waiver_reason', 'waiver_control', 'waiver_decision', 'signature_comment',
                     'signature_withdrawal');

DROP INDEX texts_words_idx, texts_parts_idx, texts_reasons_parts_idx;

CREATE INDEX texts_words_idx ON texts USING gin (to_tsvector('simple', value)) WITH (fastupdate = off)
    WHERE is_searchable(field);
CREATE INDEX texts_parts_idx ON texts USING gin (value gin_trgm_ops) WITH (fastupdate = off)
    WHERE is_searchable(field);
CREATE INDEX texts_reasons_parts_idx ON texts USING gin (value gin_trgm_ops) WITH (fastupdate = off)
    WHERE is_searchable_in_history_only(field);
