-- Search looks texts up where they are. Both indexes are over the value itself and nothing is copied: who deletes a
-- text takes it out of them, and nothing about it can be found any more.
--
-- The words are those of the `simple` configuration: lower case and nothing else. Launches are written about in any
-- language, and in names of systems, files and tickets. A stemmer for English would garble those, and its stop words
-- ("go", "no", "not", "up", "down", "off") are what launches are about. What stemming would find besides ("backup" in
-- "backups") is found by the trigrams, in every language; they also find parts of words and words typed wrong.
--
-- Without a list of what is still to be entered (fastupdate): texts are few and searches read that list from end to end.
--
-- The extension is a trusted one, which the owner of a database may create.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE INDEX texts_words_idx ON texts USING gin (to_tsvector('simple', value)) WITH (fastupdate = off)
    WHERE field IN ('name', 'summary', 'comment', 'file_name', 'link', 'evidence_note');
CREATE INDEX texts_parts_idx ON texts USING gin (value gin_trgm_ops) WITH (fastupdate = off)
    WHERE field IN ('name', 'summary', 'comment', 'file_name', 'link', 'evidence_note');

-- From the text to the evidence that it is of.
CREATE INDEX evidence_text_idx ON evidence (text);
