//! When a mail about a notification is due.

use super::MailDelivery;
use crate::domain::time::{LocalTime, Moment, Zone};

/// How long a mail "at once" waits for more of the same.
const AT_ONCE_SECONDS: i64 = 60;

/// When a person gets mails, by the hours of their zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailSchedule {
    /// The hour of the daily mail, from 0 to 23.
    pub daily_hour: u8,
    pub quiet: Option<QuietHours>,
}

/// The hours in which no mail is sent: from the start of one hour to the start of another, past midnight if that is earlier. The
/// same hour twice means none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    pub from: u8,
    pub until: u8,
}

impl Default for MailSchedule {
    fn default() -> Self {
        Self { daily_hour: 8, quiet: None }
    }
}

impl QuietHours {
    const fn contains(self, hour: u8) -> bool {
        if self.from <= self.until {
            self.from <= hour && hour < self.until
        } else {
            self.from <= hour || hour < self.until
        }
    }
}

/// When a mail is due about what happened at `at`; `None` if none is.
#[must_use]
pub fn mail_due_at(delivery: MailDelivery, schedule: MailSchedule, zone: &Zone, at: Moment) -> Option<Moment> {
    let due = match delivery {
        MailDelivery::Never => return None,
        MailDelivery::AtOnce => at.plus_seconds(AT_ONCE_SECONDS),
        MailDelivery::Hourly => {
            let passed = at.to_local(zone).time();
            at.plus_seconds(3_600 - i64::from(passed.minute()) * 60 - i64::from(passed.second()))
        }
        MailDelivery::Daily => next_hour_of_day(schedule.daily_hour, zone, at),
    };
    let hour = u8::try_from(due.to_local(zone).hour()).unwrap_or(0);
    match schedule.quiet {
        Some(quiet) if quiet.contains(hour) => Some(next_hour_of_day(quiet.until, zone, due)),
        _ => Some(due),
    }
}

/// The next start of this hour of the day.
fn next_hour_of_day(hour: u8, zone: &Zone, after: Moment) -> Moment {
    let today = after.to_local(zone).date();
    let at = |date: jiff::civil::Date| {
        let local = date.at(i8::try_from(hour).unwrap_or(0), 0, 0, 0);
        LocalTime { local, zone: zone.clone() }.to_moment()
    };
    let today_at = at(today);
    if today_at > after { today_at } else { today.tomorrow().map_or(today_at, at) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Moment {
        text.parse().unwrap()
    }

    #[test]
    fn mail_is_due_by_the_hours_of_the_persons_zone() {
        let berlin: Zone = "Europe/Berlin".parse().unwrap();
        let calm = MailSchedule { daily_hour: 9, quiet: Some(QuietHours { from: 20, until: 7 }) };
        let plain = MailSchedule { daily_hour: 9, quiet: None };
        for (delivery, schedule, at, due) in [
            (MailDelivery::AtOnce, plain, "2026-11-23T22:00:00Z", Some("2026-11-23T22:01:00Z")),
            (MailDelivery::AtOnce, calm, "2026-11-23T12:00:00Z", Some("2026-11-23T12:01:00Z")),
            // 23:00 in Berlin: at seven.
            (MailDelivery::AtOnce, calm, "2026-11-23T22:00:00Z", Some("2026-11-24T06:00:00Z")),
            // 05:00 in Berlin: at seven of the same day.
            (MailDelivery::AtOnce, calm, "2026-11-23T04:00:00Z", Some("2026-11-23T06:00:00Z")),
            (MailDelivery::Hourly, plain, "2026-11-23T10:20:30Z", Some("2026-11-23T11:00:00Z")),
            (MailDelivery::Daily, plain, "2026-11-23T07:59:59Z", Some("2026-11-23T08:00:00Z")),
            (MailDelivery::Daily, plain, "2026-11-23T08:00:00Z", Some("2026-11-24T08:00:00Z")),
            // Clocks go back on this day, and forward on that.
            (MailDelivery::Daily, plain, "2026-10-24T12:00:00Z", Some("2026-10-25T08:00:00Z")),
            (MailDelivery::Daily, plain, "2026-03-28T12:00:00Z", Some("2026-03-29T07:00:00Z")),
            (MailDelivery::Never, plain, "2026-11-23T12:00:00Z", None),
        ] {
            assert_eq!(mail_due_at(delivery, schedule, &berlin, moment(at)), due.map(moment), "{delivery:?} {at}");
        }
    }
}
