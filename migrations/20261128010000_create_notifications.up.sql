-- What concerns a person reaches that person: notifications, what people watch, and how they want to hear of it. No part of
-- any history: a notification has ids and days, and what it says is made when it is shown, from the launch as it is then.
CREATE TABLE notifications (
    -- UUIDv7.
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    launch_id uuid NOT NULL REFERENCES launches (id),
    -- Why the person is notified: a name of the enumeration NotificationReason.
    reason text NOT NULL CHECK (reason ~ '^[a-z_]{1,40}$'),
    -- Whether the person is asked to do something.
    must_act boolean NOT NULL,
    -- Who caused it; none where time alone did.
    actor_id uuid REFERENCES users (id),
    -- The newest event that it is about; none where time alone caused it.
    seq bigint CHECK (seq >= 1),
    -- The only item that it is about; none if it is about several, or about none.
    item_id uuid,
    -- The role that it is about, by its slug.
    role text,
    -- How many things it is about, such as items or comments: 1 if it is about the launch.
    things integer NOT NULL CHECK (things >= 1),
    -- The other facts: ids and days, no text.
    facts jsonb NOT NULL DEFAULT '{}',
    -- What happens once only: a second notification of the same occasion is not written, whichever server writes it.
    occasion text CHECK (length(occasion) <= 200),
    -- Notifications with the same key are one until the person has read it or a mail has it.
    merge_key text CHECK (length(merge_key) <= 200),
    -- When the newest thing happened that it is about.
    at timestamptz NOT NULL,
    read_at timestamptz,
    -- When a mail is to say so; none if none is.
    mail_due_at timestamptz,
    -- When a mail that says so was put into the queue.
    mailed_at timestamptz
);

CREATE UNIQUE INDEX notifications_occasion_key ON notifications (user_id, occasion) WHERE occasion IS NOT NULL;
CREATE UNIQUE INDEX notifications_merge_key ON notifications (user_id, merge_key)
    WHERE merge_key IS NOT NULL AND read_at IS NULL AND mailed_at IS NULL;
CREATE INDEX notifications_inbox_idx ON notifications (user_id, at DESC, id DESC);
CREATE INDEX notifications_unread_idx ON notifications (user_id, launch_id) WHERE read_at IS NULL;
CREATE INDEX notifications_mail_idx ON notifications (mail_due_at, user_id) WHERE mail_due_at IS NOT NULL AND mailed_at IS NULL;
CREATE INDEX notifications_at_idx ON notifications (at);

-- How a person hears of a group of reasons, where they chose it themselves.
CREATE TABLE notification_settings (
    user_id uuid NOT NULL REFERENCES users (id),
    reason_group text NOT NULL CHECK (reason_group ~ '^[a-z_]{1,40}$'),
    mail_delivery text NOT NULL CHECK (mail_delivery IN ('at_once', 'hourly', 'daily', 'never')),
    PRIMARY KEY (user_id, reason_group)
);

-- How everybody hears of a group of reasons who did not choose, where an admin chose it.
CREATE TABLE notification_defaults (
    reason_group text PRIMARY KEY CHECK (reason_group ~ '^[a-z_]{1,40}$'),
    mail_delivery text NOT NULL CHECK (mail_delivery IN ('at_once', 'hourly', 'daily', 'never'))
);

-- When a person gets mails about notifications, where they chose it themselves: hours of the day in their zone.
CREATE TABLE notification_schedules (
    user_id uuid PRIMARY KEY REFERENCES users (id),
    daily_hour smallint NOT NULL CHECK (daily_hour BETWEEN 0 AND 23),
    -- No mail from this hour until that one; it may pass midnight.
    quiet_from smallint CHECK (quiet_from BETWEEN 0 AND 23),
    quiet_until smallint CHECK (quiet_until BETWEEN 0 AND 23),
    CONSTRAINT notification_schedules_quiet CHECK ((quiet_from IS NULL) = (quiet_until IS NULL))
);

-- What people watch, or mute, by choice. The owner, holders and assignees watch by themselves, without a row.
CREATE TABLE watches (
    user_id uuid NOT NULL REFERENCES users (id),
    launch_id uuid NOT NULL REFERENCES launches (id),
    -- The position of a part of the launch's checklist, from 0; none if it is the whole launch or an item.
    part smallint CHECK (part >= 0),
    item_id uuid REFERENCES items (id),
    muted boolean NOT NULL,
    CONSTRAINT watches_key UNIQUE NULLS NOT DISTINCT (launch_id, user_id, part, item_id),
    CONSTRAINT watches_one_place CHECK (part IS NULL OR item_id IS NULL)
);

CREATE INDEX watches_user_idx ON watches (user_id);

-- Until when it was looked at what time alone brings.
CREATE TABLE notification_clock (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    checked_until timestamptz NOT NULL
);

GRANT SELECT, INSERT, UPDATE, DELETE ON
    notifications, notification_settings, notification_defaults, notification_schedules, watches, notification_clock
    TO signoff_app;

-- Which kinds of jobs there are is in the program (domain::job_rules::JobKind).
ALTER TABLE jobs DROP CONSTRAINT jobs_kind, ADD CONSTRAINT jobs_kind CHECK (kind ~ '^[a-z_]{1,40}$');
