DROP TABLE installation_log;
DROP TABLE installation_events;
DROP FUNCTION refuse_to_rewrite_history();
