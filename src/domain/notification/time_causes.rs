//! What time alone brings: what is due, late or near, once each.
//!
//! What belongs to a day comes at eight in the morning of the launch's zone. Each cause has its moment, and a look at a launch
//! finds those between the last look and now; so nothing is missed while no server runs, and nothing comes twice.

use std::collections::BTreeSet;

use super::{
    Cause, NotificationReason,
    cause::{Audience, people},
    changes::{list_own_people, list_responsible_people},
};
use crate::domain::{
    checklist::{ChecklistItem, Phase, Window},
    ids::UserId,
    launch::{
        event::ItemState,
        state::{Evidence, Item, LaunchState, Stage},
    },
    readiness::compute_readiness,
    time::{DAY_SECONDS, Day, LocalTime, Moment},
};

/// The hour of the launch's zone at which causes of a day come.
const MORNING_HOUR: i8 = 8;

/// How many seconds before its end an item with a window of a day is announced.
const DAY_WINDOW_LEAD_SECONDS: i64 = 4 * 3_600;

/// Finds what time alone brought after `since` until `now`.
#[must_use]
pub fn find_time_causes(state: &LaunchState, since: Moment, now: Moment) -> Vec<Cause> {
    let look = Look { state, since, now };
    let mut causes = Vec::new();
    match &state.stage {
        Stage::Preparing | Stage::Held { .. } | Stage::Go(_) => {
            look.add_target(&mut causes);
            for (item, definition) in state.before_items() {
                look.add_item(item, definition, &mut causes);
            }
        }
        Stage::Launched(_) => {
            for (item, definition) in state.after_items() {
                look.add_item(item, definition, &mut causes);
                look.add_after_item(item, definition, &mut causes);
            }
        }
        Stage::Closed { .. } | Stage::Cancelled { .. } => {}
    }
    causes
}

struct Look<'a> {
    state: &'a LaunchState,
    since: Moment,
    now: Moment,
}

impl Look<'_> {
    fn is_new(&self, at: Moment) -> bool {
        self.since < at && at <= self.now
    }

    /// The morning of a day that is this many days later, if it has come since the last look.
    fn new_morning(&self, day: Day, later: i64) -> Option<Moment> {
        let day = day.0.checked_add(jiff::Span::new().days(later)).ok()?;
        let morning = LocalTime { local: day.at(MORNING_HOUR, 0, 0, 0), zone: self.state.zone().clone() };
        Some(morning.to_moment()).filter(|at| self.is_new(*at))
    }

    fn add_target(&self, causes: &mut Vec<Cause>) {
        let target = self.state.details.target.to_moment();
        let day = Day::from_moment(target, self.state.zone());
        for days in [7_u8, 1] {
            let at = target.plus_seconds(-i64::from(days) * DAY_SECONDS);
            if self.is_new(at) {
                let occasion = format!("target_near:{}:{target}:{days}", self.state.id);
                let mut cause = Cause::of_time(NotificationReason::TargetNear, at, occasion, Audience::Involved);
                cause.facts.missing = Some(compute_readiness(self.state, self.now).reasons.len());
                causes.push(cause.with_day(day, days));
            }
        }
        let slip = i64::from(self.state.policy.slip_days);
        let end = target.plus_seconds(slip * DAY_SECONDS);
        let at = end.plus_seconds(-DAY_SECONDS);
        if slip > 1 && self.is_new(at) {
            let occasion = format!("window_closing:{}:{end}", self.state.id);
            let owner = people([self.state.owner]);
            let cause = Cause::of_time(NotificationReason::WindowClosing, at, occasion, owner);
            causes.push(cause.with_day(Day::from_moment(end, self.state.zone()), 1));
        }
    }

    fn add_item(&self, item: &Item, definition: &ChecklistItem, causes: &mut Vec<Cause>) {
        if let Some(due) = item.assignment.due
            && !self.state.is_resolved(item, self.now)
        {
            let cases = [(NotificationReason::DueTomorrow, -1, 1), (NotificationReason::Overdue, 1, 0)];
            for (reason, later, days_left) in cases {
                if let Some(at) = self.new_morning(due, later) {
                    let occasion = format!("{}:{}:{due}", reason.name(), self.state.id);
                    let own = Audience::People(list_responsible_people(self.state, item));
                    causes.push(Cause::of_time(reason, at, occasion, own).about_item(item.id).with_day(due, days_left));
                }
            }
        }
        if let Some(waiver) = self.state.waiver_in_force(item, self.now) {
            let concerned = list_own_people(self.state, item).into_iter().chain([waiver.by]);
            self.add_last_day(
                NotificationReason::WaiverLapsing,
                waiver.expires_on,
                (item, waiver.id.uuid()),
                concerned,
                causes,
            );
        }
        if item.status.state == ItemState::Done
            && definition.evidence_required
            && let Some((evidence, day)) = self.find_lasting_evidence(item)
        {
            let concerned = list_own_people(self.state, item).into_iter().chain([evidence.by]);
            self.add_last_day(NotificationReason::EvidenceLapsing, day, (item, evidence.id.uuid()), concerned, causes);
        }
    }

    /// The evidence that lapses last; `None` if some has no last day.
    fn find_lasting_evidence(&self, item: &Item) -> Option<(&Evidence, Day)> {
        let mut valid =
            self.state.unwithdrawn_evidence_of(item).map(|evidence| Some((evidence, evidence.valid_until?)));
        valid.try_fold(None, |last: Option<(&Evidence, Day)>, next| {
            let next = next?;
            Some(Some(last.filter(|(_, day)| *day >= next.1).unwrap_or(next)))
        })?
    }

    /// Adds a last day that is in seven days, or today.
    fn add_last_day(
        &self,
        reason: NotificationReason,
        day: Day,
        (item, thing): (&Item, uuid::Uuid),
        concerned: impl Iterator<Item = UserId>,
        causes: &mut Vec<Cause>,
    ) {
        let concerned: BTreeSet<UserId> = concerned.collect();
        for days in [7_u8, 0] {
            if let Some(at) = self.new_morning(day, -i64::from(days)) {
                let occasion = format!("{}:{}:{day}:{days}", reason.name(), self.state.id);
                let cause = Cause::of_time(reason, at, occasion, Audience::People(concerned.clone()));
                causes.push(cause.about_item(item.id).about_thing(thing).with_day(day, days));
            }
        }
    }

    /// Adds an item after the launch whose window ends soon, or has ended.
    fn add_after_item(&self, item: &Item, definition: &ChecklistItem, causes: &mut Vec<Cause>) {
        let (Phase::After(window), Some(due)) = (definition.phase, self.state.due_at(definition)) else { return };
        if item.assignment.due.is_some() || self.state.is_resolved(item, self.now) {
            return;
        }
        let lead = if window == Window::Day { DAY_WINDOW_LEAD_SECONDS } else { DAY_SECONDS };
        for (at, days_left) in [(due.plus_seconds(-lead), 1), (due, 0)] {
            if self.is_new(at) {
                let occasion = format!("after_items_due:{}:{due}:{days_left}", self.state.id);
                let own = Audience::People(list_responsible_people(self.state, item));
                let cause = Cause::of_time(NotificationReason::AfterItemsDue, at, occasion, own);
                let day = Day::from_moment(due, self.state.zone());
                causes.push(cause.about_item(item.id).with_day(day, days_left));
            }
        }
    }
}

impl Cause {
    fn with_day(mut self, day: Day, days_left: u8) -> Self {
        self.facts.day = Some(day);
        self.facts.days_left = Some(days_left);
        self
    }
}
