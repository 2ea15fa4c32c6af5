DROP TABLE checklist_drafts;
ALTER TABLE checklists DROP COLUMN draft_version;
