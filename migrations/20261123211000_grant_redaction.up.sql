-- What it takes to redact besides deleting from texts: to read the launch, and to append the event that says so. The
-- login that does it is a member of this role alone, so that the application's can destroy nothing.
GRANT SELECT ON launches, events, tree_nodes, checklist_versions, evidence TO signoff_redactor;
GRANT SELECT (id, email, name, active) ON users TO signoff_redactor;
GRANT INSERT ON events, tree_nodes, texts TO signoff_redactor;
GRANT UPDATE (seq, changed_at) ON launches TO signoff_redactor;
