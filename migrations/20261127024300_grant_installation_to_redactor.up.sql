-- Whoever destroys a file has to know that the evidence store belongs to the installation whose the database is.
GRANT SELECT (number, installation_id) ON keys TO signoff_redactor;
