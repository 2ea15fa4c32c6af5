REVOKE SELECT (number, installation_id) ON keys FROM signoff_redactor;
