DROP TABLE checklist_draft_steps;
