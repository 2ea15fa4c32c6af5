//! The rules of background jobs: which kinds there are, when each is done, and when one is tried again or given up.

use super::time::{DAY_SECONDS, Moment};

/// What a job does.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, strum::IntoStaticStr, strum::EnumString, sqlx::Type,
)]
#[strum(serialize_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum JobKind {
    /// Sends one mail, which is encrypted in the job.
    Mail,
    /// Makes the daily checkpoint.
    Checkpoint,
    /// Sweeps the evidence store.
    Sweep,
    /// Verifies a share of all logs.
    Verification,
    /// Computes the summaries of launches again that are out of date.
    Summaries,
    /// Notifies people of what time alone brings, and deletes old notifications.
    Notifications,
    /// Puts the mails about notifications that are due into the queue.
    NotificationMails,
    /// Sends the messages to webhooks that are due.
    Webhooks,
}

/// The checkpoint's job looks this often whether the day's file is there.
const CHECKPOINT_INTERVAL_SECONDS: i64 = 600;

const SWEEP_INTERVAL_SECONDS: i64 = 6 * 3_600;

const SUMMARIES_INTERVAL_SECONDS: i64 = 60;
/// How often it is looked at what time brings.
const NOTIFICATION_INTERVAL_SECONDS: i64 = 300;

/// How often mails about notifications are looked for.
const NOTIFICATION_MAIL_INTERVAL_SECONDS: i64 = 20;

/// How often messages to webhooks are looked for.
const WEBHOOK_INTERVAL_SECONDS: i64 = 5;

/// The time of day (UTC) of the verification, in seconds: half past one, when few people work.
const VERIFICATION_TIME_SECONDS: i64 = 90 * 60;

/// Seconds before the second attempt; each delay after it is twice as long, up to an hour.
const FIRST_RETRY_SECONDS: i64 = 30;
const MAX_RETRY_SECONDS: i64 = 3_600;

/// How often a mail is tried: for two days.
pub const MAX_MAIL_ATTEMPTS: i32 = 54;

impl JobKind {
    pub const ALL: [Self; 8] = [
        Self::Mail,
        Self::Checkpoint,
        Self::Sweep,
        Self::Verification,
        Self::Summaries,
        Self::Notifications,
        Self::Webhooks,
        Self::NotificationMails,
    ];

    /// The name in the database, the metrics and the log.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// When a regular job that ended now is done next; `None` for a mail, which is sent once.
    #[must_use]
    pub fn next_time(self, now: Moment) -> Option<Moment> {
        match self {
            Self::Mail => None,
            Self::Checkpoint => Some(now.plus_seconds(CHECKPOINT_INTERVAL_SECONDS)),
            Self::Sweep => Some(now.plus_seconds(SWEEP_INTERVAL_SECONDS)),
            Self::NotificationMails => Some(now.plus_seconds(NOTIFICATION_MAIL_INTERVAL_SECONDS)),
            Self::Webhooks => Some(now.plus_seconds(WEBHOOK_INTERVAL_SECONDS)),
            Self::Verification => Some(next_time_of_day(now, VERIFICATION_TIME_SECONDS)),
            Self::Summaries => Some(now.plus_seconds(SUMMARIES_INTERVAL_SECONDS)),
            Self::Notifications => Some(now.plus_seconds(NOTIFICATION_INTERVAL_SECONDS)),
        }
    }

    /// Whether the start of a server makes the job due: a restored file is looked for at once, a missing checkpoint made,
    /// and what a migration has left out of date computed.
    #[must_use]
    pub const fn is_due_at_start(self) -> bool {
        matches!(self, Self::Checkpoint | Self::Sweep | Self::Summaries)
    }

    /// Whether a job is given up after this number of failed attempts. A regular job is tried for ever.
    #[must_use]
    pub const fn is_given_up(self, attempts: i32) -> bool {
        matches!(self, Self::Mail) && attempts >= MAX_MAIL_ATTEMPTS
    }
}

/// The next moment at this time of day (UTC).
fn next_time_of_day(now: Moment, seconds: i64) -> Moment {
    let passed = now.timestamp().as_second().rem_euclid(DAY_SECONDS);
    let until = (seconds - passed).rem_euclid(DAY_SECONDS);
    now.plus_seconds(if until == 0 { DAY_SECONDS } else { until })
}

/// Seconds until the next attempt, after this number of failed ones.
#[must_use]
pub fn retry_delay_seconds(attempts: i32) -> i64 {
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(20);
    FIRST_RETRY_SECONDS.checked_shl(doublings).unwrap_or(MAX_RETRY_SECONDS).min(MAX_RETRY_SECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_delay_grows_to_an_hour() {
        assert_eq!([1, 2, 3, 7, 8, 1_000].map(retry_delay_seconds), [30, 60, 120, 1_920, 3_600, 3_600]);
    }

    #[test]
    fn mail_is_tried_for_two_days_and_a_regular_job_for_ever() {
        let tried: i64 = (1..MAX_MAIL_ATTEMPTS).map(retry_delay_seconds).sum();
        assert!((47 * 3_600..=49 * 3_600).contains(&tried), "{tried}");
        assert!(JobKind::Mail.is_given_up(MAX_MAIL_ATTEMPTS) && !JobKind::Mail.is_given_up(MAX_MAIL_ATTEMPTS - 1));
        assert!(!JobKind::Sweep.is_given_up(i32::MAX));
    }

    #[test]
    fn verification_is_done_in_the_next_night() {
        let at = |time: &str| Moment::new(time.parse().unwrap());
        for (now, next) in [
            ("2026-11-23T00:00:00Z", "2026-11-23T01:30:00Z"),
            ("2026-11-23T01:30:00Z", "2026-11-24T01:30:00Z"),
            ("2026-11-23T23:00:00Z", "2026-11-24T01:30:00Z"),
        ] {
            assert_eq!(JobKind::Verification.next_time(at(now)), Some(at(next)), "{now}");
        }
        assert_eq!(JobKind::Mail.next_time(at("2026-11-23T00:00:00Z")), None);
    }
}
