DROP TABLE evidence_bytes;
