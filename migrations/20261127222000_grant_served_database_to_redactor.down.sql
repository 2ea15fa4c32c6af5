REVOKE SELECT (size) ON installation_log FROM signoff_redactor;
REVOKE SELECT ON served_database FROM signoff_redactor;
