//! POST: changes of a launch's settings. Every form leads back to its place on the page of the settings, and comes back
//! there with its input and errors.

use axum::{extract::State, response::Response};

use super::{
    forms::{LaunchDetailsForm, LaunchPolicyForm, LaunchRestrictionForm, LaunchTagsForm, OwnerTransferForm},
    people_form::{LaunchPeopleForm, PeopleSection},
    settings::{SettingsInput, current_summary, submit_commands},
};
use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        ids::UserId,
        launch::{access::Act, command::Command, event::Policy},
        text::{Prose, Tag, TextError, Title},
        time::{LocalTime, Zone},
    },
    state::AppState,
    texts,
    web::{
        Error,
        chrome::PageContext,
        form::{FieldErrors, UnreadForm},
        form_base::FormBase,
        idempotency::new_text,
        time::format_local_time,
    },
};

/// Bases the command of a form on the event that the form names, so that the record refuses it if something that it
/// replaces was changed since. Without such a number there is a sentence for the form instead.
fn require_base(command: Option<Command>, base: &mut FormBase) -> (Option<Command>, Option<String>) {
    let Some(seq) = base.number() else {
        base.forget();
        return (None, Some(texts::form_has_no_base().into_owned()));
    };
    (command.map(|command| command.unless_changed_since(seq)), None)
}

pub(super) async fn change_details(
    State(state): State<AppState>,
    access: LaunchAccess,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    access.check_permission(&Act::ChangeSettings)?;
    let mut form: LaunchDetailsForm = sent.read_form().await?;
    let mut errors = FieldErrors::new();
    let name = errors.check("name", Title::new(&form.name));
    let stored = current_summary(&access.launch);
    let summary = errors.check("summary", Prose::optional(form.summary.get().unwrap_or(&stored)));
    let zone: Option<Zone> = errors.check("zone", form.zone.parse());
    let target = zone.and_then(|zone| errors.check("target", LocalTime::parse(&form.target, zone)));
    let mut saved = texts::settings_are_saved();
    if let Some(target) = target.as_ref().filter(|target| **target != access.launch.details.target) {
        form.date_question().check(target, access.now, &mut errors);
        if target.to_moment() < access.now {
            saved = texts::settings_are_saved_with_past_target(format_local_time(target));
        }
    }
    let command = match (name, summary, target) {
        (Some(name), Some(summary), Some(target)) => {
            Some(Command::ChangeDetails { name: new_text(name), summary: summary.map(new_text), target })
        }
        _ => None,
    };
    let command = command.filter(|_| errors.is_empty());
    let (command, problem) = require_base(command, &mut form.seq);
    let input = SettingsInput { details: Some(form), errors, problem, ..SettingsInput::default() };
    submit_commands(&state, &access, &page, command.map(|it| vec![it]), input, ("details", saved)).await
}

pub(super) async fn change_policy(
    State(state): State<AppState>,
    access: LaunchAccess,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    access.check_permission(&Act::ChangeSettings)?;
    let mut form: LaunchPolicyForm = sent.read_form().await?;
    let mut errors = FieldErrors::new();
    let days = form.slip_days.trim().parse::<u16>().ok().filter(|days| *days <= Policy::MAX_SLIP_DAYS);
    let days = errors.check("slip_days", days.ok_or_else(texts::write_days_from_0_to_365));
    let separation = errors.check("separation_of_duties", form.separation_of_duties.parse_required());
    let command = days.zip(separation).map(|(slip_days, separation_of_duties)| Command::ChangePolicy {
        policy: Policy { slip_days, separation_of_duties },
    });
    let (command, problem) = require_base(command, &mut form.seq);
    let input = SettingsInput { policy: Some(form), errors, problem, ..SettingsInput::default() };
    let saved = ("policy", texts::settings_are_saved());
    submit_commands(&state, &access, &page, command.map(|it| vec![it]), input, saved).await
}

/// Reads tags that are separated by commas; empty ones are left out.
fn parse_tags(text: &str) -> Result<Vec<Tag>, TextError> {
    text.split(',').filter(|tag| !tag.trim().is_empty()).map(Tag::new).collect()
}

/// `POST /launches/{id}/tags` replaces all tags.
pub(super) async fn change_tags(
    State(state): State<AppState>,
    access: LaunchAccess,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    access.check_permission(&Act::ChangeSettings)?;
    let mut form: LaunchTagsForm = sent.read_form().await?;
    let mut errors = FieldErrors::new();
    let tags = form.tags.as_deref().and_then(|tags| errors.check("tags", parse_tags(tags)));
    let (command, no_number) = require_base(tags.map(|tags| Command::SetTags { tags }), &mut form.seq);
    let problem = no_number.or_else(|| form.tags.is_none().then(|| texts::form_has_no_base().into_owned()));
    let input = SettingsInput { tags: Some(form), errors, problem, ..SettingsInput::default() };
    let saved = ("tags", texts::settings_are_saved());
    submit_commands(&state, &access, &page, command.map(|it| vec![it]), input, saved).await
}

pub(super) async fn change_restriction(
    State(state): State<AppState>,
    access: LaunchAccess,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    access.check_permission(&Act::ManageParticipants)?;
    let mut form: LaunchRestrictionForm = sent.read_form().await?;
    let restricted = form.restricted.parse_required();
    let command = restricted.ok().map(|restricted| Command::ChangeRestriction { restricted });
    let (command, no_number) = require_base(command, &mut form.seq);
    let problem = restricted.err().map(|_| texts::choose_restricted_or_not().into_owned());
    let problem = problem.or(no_number);
    let input = SettingsInput { restriction: Some(form), problem, ..SettingsInput::default() };
    let saved = ("restriction", texts::settings_are_saved());
    submit_commands(&state, &access, &page, command.map(|it| vec![it]), input, saved).await
}

pub(super) async fn change_holders(
    State(state): State<AppState>,
    access: LaunchAccess,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    access.check_permission(&Act::ManageHolders)?;
    change_people(&state, &access, &page, sent, PeopleSection::Holders).await
}

pub(super) async fn change_participants(
    State(state): State<AppState>,
    access: LaunchAccess,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    access.check_permission(&Act::ManageParticipants)?;
    change_people(&state, &access, &page, sent, PeopleSection::Participants).await
}

async fn change_people(
    state: &AppState,
    access: &LaunchAccess,
    page: &PageContext,
    sent: UnreadForm,
    section: PeopleSection,
) -> Result<Response, Error> {
    let form: LaunchPeopleForm = sent.read_form().await?;
    let mut errors = FieldErrors::new();
    let commands = form.read(section, &mut errors);
    let input = SettingsInput { people: Some((section, form)), errors, ..SettingsInput::default() };
    let saved = (section.anchor(), texts::settings_are_saved());
    submit_commands(state, access, page, commands, input, saved).await
}

pub(super) async fn transfer_ownership(
    State(state): State<AppState>,
    access: LaunchAccess,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    access.check_permission(&Act::Transfer)?;
    let mut form: OwnerTransferForm = sent.read_form().await?;
    let mut errors = FieldErrors::new();
    let to = errors.check("owner", form.owner.parse::<UserId>().map_err(|_| texts::choose_an_active_member()));
    let reason = errors.check("transfer_reason", Prose::optional(&form.reason));
    let command = to.zip(reason).map(|(to, reason)| Command::TransferOwnership { to, reason: reason.map(new_text) });
    let (command, problem) = require_base(command, &mut form.seq);
    let input = SettingsInput { transfer: Some(form), errors, problem, ..SettingsInput::default() };
    let saved = ("owner", texts::launch_has_a_new_owner());
    submit_commands(&state, &access, &page, command.map(|it| vec![it]), input, saved).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_split_at_commas() {
        let parse = |text: &str| parse_tags(text).map(|tags| tags.into_iter().map(String::from).collect::<Vec<_>>());
        assert_eq!(parse(" Payments ,Team  Blue,, "), Ok(vec!["Payments".to_owned(), "Team  Blue".to_owned()]));
        assert_eq!(parse(""), Ok(Vec::new()));
        assert_eq!(parse("Cafe\u{301}"), Ok(vec!["Caf\u{e9}".to_owned()]));
        assert_eq!(parse(&"a".repeat(41)), Err(TextError::TooLong(Tag::MAX)));
        assert_eq!(parse("\u{200B}"), Err(TextError::Empty));
        assert_eq!(parse("a\nb"), Err(TextError::Character));
    }
}
