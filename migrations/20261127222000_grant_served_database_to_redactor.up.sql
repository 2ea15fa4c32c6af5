-- Whoever destroys a text or a file has to know that the database is the one that is served, and no copy of it.
GRANT SELECT ON served_database TO signoff_redactor;
GRANT SELECT (size) ON installation_log TO signoff_redactor;
