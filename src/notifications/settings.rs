//! `/account/notifications`: how a person hears of what, and what would have come last week.

use std::collections::BTreeSet;

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use serde::Deserialize;
use strum::IntoEnumIterator as _;

use super::{
    labels,
    settings_store::{self as store, NotificationChoices},
};
use crate::{
    access::CurrentUser,
    domain::{
        notification::{
            MailDelivery, NotificationReason, ReasonGroup,
            schedule::{QuietHours, mail_due_at},
        },
        time::{DAY_SECONDS, Moment, Zone},
    },
    presentation::notifications::describe_reason_group,
    record::notifications::reschedule_mails,
    state::AppState,
    texts,
    web::{
        Error,
        chrome::{Chrome, Nav, PageContext},
        form::{FieldErrors, Form},
        response::{SeeOther, render_with_status},
    },
};

/// How far back the preview looks: a week.
const PREVIEW_SECONDS: i64 = 7 * DAY_SECONDS;

/// The sent form: a field with the name of each group, and the hours.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ChoicesForm {
    assignments: String,
    mentions: String,
    comments: String,
    items: String,
    signatures: String,
    exceptions: String,
    evidence: String,
    decisions: String,
    dates: String,
    daily_hour: String,
    /// Empty for no quiet hours.
    quiet_from: String,
    quiet_until: String,
}

impl ChoicesForm {
    fn group(&self, group: ReasonGroup) -> &str {
        match group {
            ReasonGroup::Assignments => &self.assignments,
            ReasonGroup::Mentions => &self.mentions,
            ReasonGroup::Comments => &self.comments,
            ReasonGroup::Items => &self.items,
            ReasonGroup::Signatures => &self.signatures,
            ReasonGroup::Exceptions => &self.exceptions,
            ReasonGroup::Evidence => &self.evidence,
            ReasonGroup::Decisions => &self.decisions,
            ReasonGroup::Dates => &self.dates,
        }
    }

    /// The choices; a group that was not sent stays as it is. The hour of the daily mail is always sent.
    fn parse(&self, old: &NotificationChoices) -> Result<NotificationChoices, FieldErrors> {
        let mut errors = FieldErrors::new();
        let mut new = old.clone();
        for group in ReasonGroup::iter().filter(|group| !self.group(*group).is_empty()) {
            match self.group(group).parse() {
                Ok(delivery) => {
                    new.deliveries.insert(group, delivery);
                }
                Err(_) => errors.add(group.name(), texts::not_one_of_the_choices()),
            }
        }
        match parse_hour(&self.daily_hour) {
            Some(hour) => new.schedule.daily_hour = hour,
            None => errors.add("daily_hour", texts::not_an_hour()),
        }
        match (self.quiet_from.as_str(), self.quiet_until.as_str()) {
            ("", "") => new.schedule.quiet = None,
            (from, until) => match (parse_hour(from), parse_hour(until)) {
                (Some(from), Some(until)) => new.schedule.quiet = Some(QuietHours { from, until }),
                (None, _) => errors.add("quiet_from", texts::not_an_hour()),
                (_, None) => errors.add("quiet_until", texts::not_an_hour()),
            },
        }
        if errors.is_empty() { Ok(new) } else { Err(errors) }
    }
}

fn parse_hour(text: &str) -> Option<u8> {
    text.trim().parse().ok().filter(|hour| *hour < 24)
}

#[derive(Template)]
#[template(path = "notifications/settings.html")]
struct NotificationSettingsPage {
    chrome: Chrome,
    errors: FieldErrors,
    groups: Vec<GroupRow>,
    daily_hour: String,
    quiet_from: String,
    quiet_until: String,
    zone: String,
    /// Whether this installation sends mails at all.
    sends_mail: bool,
    preview: WeekPreview,
}

struct GroupRow {
    group: ReasonGroup,
    title: std::borrow::Cow<'static, str>,
    hint: std::borrow::Cow<'static, str>,
    chosen: String,
    /// Notifications of the group in the last week.
    last_week: usize,
}

/// What would have come last week with these choices.
#[derive(Debug, Default, PartialEq, Eq)]
struct WeekPreview {
    notifications: usize,
    mails: usize,
}

impl NotificationSettingsPage {
    fn deliveries(&self) -> impl Iterator<Item = (&'static str, std::borrow::Cow<'static, str>)> {
        MailDelivery::iter().map(|delivery| (delivery.name(), labels::delivery(delivery)))
    }

    /// The hours of the day: `8` as `08:00`.
    fn hours(&self) -> impl Iterator<Item = (String, String)> {
        (0..24).map(|hour| (hour.to_string(), format!("{hour:02}:00")))
    }
}

/// The mails that notifications would have come in: those that are due at the same time are one.
fn preview_week(last_week: &[(NotificationReason, Moment)], choices: &NotificationChoices, zone: &Zone) -> WeekPreview {
    let due = |(reason, at): &(NotificationReason, Moment)| {
        let delivery = choices.deliveries.get(&reason.group()).copied();
        let delivery = delivery.unwrap_or_else(|| reason.group().default_delivery());
        mail_due_at(delivery, choices.schedule, zone, *at)
    };
    let mails: BTreeSet<Moment> = last_week.iter().filter_map(due).collect();
    WeekPreview { notifications: last_week.len(), mails: mails.len() }
}

pub(super) async fn show(
    State(state): State<AppState>,
    user: CurrentUser,
    page: PageContext,
) -> Result<Response, Error> {
    let choices = store::load_choices(&state.db, user.id).await?;
    show_page(&state, &user, &page, &choices, None).await
}

async fn show_page(
    state: &AppState,
    user: &CurrentUser,
    page: &PageContext,
    choices: &NotificationChoices,
    refused: Option<(FieldErrors, ChoicesForm)>,
) -> Result<Response, Error> {
    let since = state.clock.now().plus_seconds(-PREVIEW_SECONDS);
    let last_week = store::load_reasons_since(&state.db, user.id, since).await?;
    let quiet = |hour: fn(QuietHours) -> u8| choices.schedule.quiet.map(|quiet| hour(quiet).to_string());
    let (errors, form) = refused.map_or_else(|| (FieldErrors::new(), None), |(errors, form)| (errors, Some(form)));
    let status = if form.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let sent =
        |field: fn(&ChoicesForm) -> &String, stored: String| form.as_ref().map_or(stored, |form| field(form).clone());
    let groups = ReasonGroup::iter().map(|group| {
        let stored = choices.deliveries.get(&group).copied().unwrap_or_else(|| group.default_delivery());
        GroupRow {
            group,
            title: describe_reason_group(group),
            hint: labels::group_hint(group),
            chosen: stored.name().to_owned(),
            last_week: last_week.iter().filter(|(reason, _)| reason.group() == group).count(),
        }
    });
    render_with_status(
        status,
        &NotificationSettingsPage {
            groups: groups.collect(),
            daily_hour: sent(|form| &form.daily_hour, choices.schedule.daily_hour.to_string()),
            quiet_from: sent(|form| &form.quiet_from, quiet(|quiet| quiet.from).unwrap_or_default()),
            quiet_until: sent(|form| &form.quiet_until, quiet(|quiet| quiet.until).unwrap_or_default()),
            zone: user.zone().name().to_owned(),
            sends_mail: state.config.mail.is_some(),
            preview: preview_week(&last_week, choices, &user.zone()),
            chrome: page.chrome(state, texts::notification_settings(), Nav::Account),
            errors,
        },
    )
}

/// `POST /account/notifications`: saves the choices, and gives the mails that wait their new time.
pub(super) async fn save(
    State(state): State<AppState>,
    user: CurrentUser,
    page: PageContext,
    Form(form): Form<ChoicesForm>,
) -> Result<Response, Error> {
    let old = store::load_choices(&state.db, user.id).await?;
    match form.parse(&old) {
        Ok(new) => {
            let mut transaction = state.db.begin().await?;
            store::save_choices(&mut transaction, user.id, &new).await?;
            reschedule_mails(&mut transaction, user.id).await?;
            transaction.commit().await?;
            Ok(SeeOther::to("/account/notifications")
                .with_success(texts::notification_settings_saved())
                .into_response())
        }
        Err(errors) => show_page(&state, &user, &page, &old, Some((errors, form))).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choices(delivery: MailDelivery) -> NotificationChoices {
        NotificationChoices {
            deliveries: ReasonGroup::iter().map(|group| (group, delivery)).collect(),
            schedule: crate::domain::notification::schedule::MailSchedule::default(),
        }
    }

    #[test]
    fn preview_counts_mails_that_are_due_together_as_one() {
        let at = |text: &str| text.parse::<Moment>().unwrap();
        let last_week = [
            (NotificationReason::Assigned, at("2026-11-23T10:05:00Z")),
            (NotificationReason::Commented, at("2026-11-23T10:50:00Z")),
            (NotificationReason::Held, at("2026-11-23T12:00:00Z")),
        ];
        for (delivery, mails) in
            [(MailDelivery::AtOnce, 3), (MailDelivery::Hourly, 2), (MailDelivery::Daily, 1), (MailDelivery::Never, 0)]
        {
            let preview = preview_week(&last_week, &choices(delivery), &Zone::UTC);
            assert_eq!(preview, WeekPreview { notifications: 3, mails }, "{delivery:?}");
        }
    }

    #[test]
    fn form_refuses_what_is_no_choice_and_keeps_what_is_not_sent() {
        let old = choices(MailDelivery::Daily);
        let form = ChoicesForm {
            items: "hourly".into(),
            daily_hour: "8".into(),
            quiet_from: "22".into(),
            quiet_until: "6".into(),
            ..Default::default()
        };
        let new = form.parse(&old).unwrap();
        assert_eq!(new.deliveries[&ReasonGroup::Items], MailDelivery::Hourly);
        assert_eq!(new.deliveries[&ReasonGroup::Dates], MailDelivery::Daily);
        assert_eq!(new.schedule.quiet, Some(QuietHours { from: 22, until: 6 }));
        let sent = || ChoicesForm { daily_hour: "8".into(), ..Default::default() };
        for form in [
            ChoicesForm::default(),
            ChoicesForm { items: "often".into(), ..sent() },
            ChoicesForm { daily_hour: "24".into(), ..Default::default() },
            ChoicesForm { daily_hour: "-1".into(), ..Default::default() },
            ChoicesForm { quiet_from: "22".into(), ..sent() },
            ChoicesForm { quiet_until: "x".into(), quiet_from: "1".into(), ..sent() },
        ] {
            assert!(form.parse(&old).is_err(), "{form:?}");
        }
    }
}
