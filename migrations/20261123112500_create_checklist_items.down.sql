DROP INDEX launches_version_idx;
DROP TRIGGER checklist_versions_list_items ON checklist_versions;
DROP FUNCTION list_items_of_new_version(), list_checklist_items(uuid, bytea);
DROP TABLE checklist_items;
