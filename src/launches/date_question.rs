//! The question about a date that is unusual: a form with a page asks before it takes it, and a program may send it.

use crate::{
    domain::time::{LocalTime, Moment},
    texts,
    web::form::FieldErrors,
};

/// The question of a form, by its fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DateQuestion {
    /// Whether the form can ask: its field `asks_about_dates`, which a program does not send.
    pub can_ask: bool,
    /// Whether its field `date_is_meant` is ticked.
    pub is_answered: bool,
}

impl DateQuestion {
    pub(super) fn from_fields(asks_about_dates: &str, date_is_meant: &str) -> Self {
        Self { can_ask: !asks_about_dates.is_empty(), is_answered: !date_is_meant.is_empty() }
    }

    /// Adds the question where a launch's target is in the past and nobody has said that this is meant.
    pub(super) fn check(self, target: &LocalTime, now: Moment, errors: &mut FieldErrors) {
        if self.can_ask && !self.is_answered && target.to_moment() < now {
            errors.add("date_is_meant", texts::target_is_in_the_past());
        }
    }

    /// Whether the form shows the question.
    pub(super) fn is_shown(self, errors: &FieldErrors) -> bool {
        self.is_answered || errors.has("date_is_meant")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn past_target_is_asked_about_only_by_a_form_that_can_ask() {
        let now = "2026-11-02T15:00:00Z".parse().unwrap();
        let ask = |target: &str, asks: &str, meant: &str| {
            let target = LocalTime::parse(target, "Europe/Lisbon".parse().unwrap()).unwrap();
            let question = DateQuestion::from_fields(asks, meant);
            let mut errors = FieldErrors::new();
            question.check(&target, now, &mut errors);
            (errors.has("date_is_meant"), question.is_shown(&errors))
        };
        assert_eq!(ask("2026-11-02T14:59", "on", ""), (true, true));
        assert_eq!(ask("2026-11-02T14:59", "on", "on"), (false, true));
        assert_eq!(ask("2026-11-02T14:59", "", ""), (false, false));
        assert_eq!(ask("2026-11-02T15:00", "on", ""), (false, false));
    }
}
