DELETE FROM jobs WHERE kind NOT IN ('mail', 'checkpoint', 'sweep', 'verification', 'summaries');
ALTER TABLE jobs
    DROP CONSTRAINT jobs_kind,
    ADD CONSTRAINT jobs_kind CHECK (kind IN ('mail', 'checkpoint', 'sweep', 'verification', 'summaries'));
DROP TABLE notification_clock, watches, notification_schedules, notification_defaults, notification_settings, notifications;
