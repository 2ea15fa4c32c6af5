DROP TABLE checklist_versions, checklists;
