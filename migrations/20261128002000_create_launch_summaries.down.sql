DELETE FROM jobs WHERE kind = 'summaries';
ALTER TABLE jobs DROP CONSTRAINT jobs_kind;
ALTER TABLE jobs ADD CONSTRAINT jobs_kind CHECK (kind IN ('mail', 'checkpoint', 'sweep', 'verification'));
DROP TRIGGER launches_outdate_summary ON launches;
DROP FUNCTION outdate_launch_summary();
DROP INDEX launches_changed_idx;
DROP TABLE launch_summaries;
DROP FUNCTION share_resolved(integer, integer);
DROP FUNCTION verdict_order(text);
