REVOKE UPDATE (seq, changed_at) ON launches FROM signoff_redactor;
REVOKE INSERT ON events, tree_nodes, texts FROM signoff_redactor;
REVOKE SELECT (id, email, name, active) ON users FROM signoff_redactor;
REVOKE SELECT ON launches, events, tree_nodes, checklist_versions, evidence FROM signoff_redactor;
