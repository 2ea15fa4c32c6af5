DROP INDEX evidence_requests_unanswered_idx;
DROP TABLE desk_visits;
