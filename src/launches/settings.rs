//! The settings of a launch: its details, its policy, and the people who take part.

use std::borrow::Cow;

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use serde::Deserialize;

use super::{
    forms::{LaunchDetailsForm, LaunchPolicyForm, ShownEvents},
    people_form::{LaunchPeopleForm, PeopleSection},
    tags::TagsFormView,
    view::{LaunchSettingsPage, MemberOption, RoleHoldersView},
};
use crate::{
    access::{launch_access::LaunchAccess, store::load_members},
    domain::{
        ids::UserId,
        launch::{
            access::{Act, ActGroup, stage_allows},
            command::Command,
            event::Policy,
            state::{LaunchState, StageName},
        },
        role::InstallationRole,
        text::{Prose, Title},
        time::{LocalTime, Zone},
    },
    presentation::{
        head::{LaunchHead, Tab},
        refusal::{FormRefusal, to_form_refusal},
    },
    state::AppState,
    texts,
    web::{
        Error,
        chrome::{Nav, PageContext},
        form::{FieldErrors, OptionalText, Toggle, UnreadForm},
        form_base::FormBase,
        idempotency::new_text,
        response::{SeeOther, render, render_with_status},
        time::format_local_time,
    },
};

/// Input and errors that the page shows instead of the stored values.
#[derive(Default)]
struct SettingsInput {
    details: Option<LaunchDetailsForm>,
    policy: Option<LaunchPolicyForm>,
    restriction: Option<LaunchRestrictionForm>,
    transfer: Option<OwnerTransferForm>,
    /// The choice of holders or participants that comes back.
    people: Option<(PeopleSection, LaunchPeopleForm)>,
    errors: FieldErrors,
    problem: Option<String>,
}

impl SettingsInput {
    /// Renews the base of the form that comes back, since the page says what was changed meanwhile.
    fn forget_base(&mut self) {
        let Self { details, policy, restriction, transfer, .. } = self;
        let bases = [
            details.as_mut().map(|form| &mut form.seq),
            policy.as_mut().map(|form| &mut form.seq),
            restriction.as_mut().map(|form| &mut form.seq),
            transfer.as_mut().map(|form| &mut form.seq),
        ];
        bases.into_iter().flatten().for_each(FormBase::forget);
    }
}

/// `GET /launches/{id}/settings`.
pub(super) async fn show(
    State(state): State<AppState>,
    access: LaunchAccess,
    page: PageContext,
) -> Result<Response, Error> {
    render(&build_page(&state, &access, &page, SettingsInput::default()).await?)
}

async fn build_page(
    state: &AppState,
    access: &LaunchAccess,
    page: &PageContext,
    input: SettingsInput,
) -> Result<LaunchSettingsPage, Error> {
    let launch = &*access.launch;
    let target = &launch.details.target;
    let named = |id: UserId| (id, launch.person_name(id).to_owned());
    let details = input.details.unwrap_or_else(|| LaunchDetailsForm {
        name: launch.name().to_owned(),
        summary: OptionalText::new(current_summary(launch)),
        target: target.local.strftime("%Y-%m-%dT%H:%M").to_string(),
        zone: target.zone.to_string(),
        ..LaunchDetailsForm::default()
    });
    let policy = input.policy.unwrap_or_else(|| LaunchPolicyForm {
        slip_days: launch.policy.slip_days.to_string(),
        separation_of_duties: Toggle::new(launch.policy.separation_of_duties),
        seq: FormBase::default(),
    });
    let (restriction, transfer) = (input.restriction.unwrap_or_default(), input.transfer.unwrap_or_default());
    let newest = ShownEvents::new(launch);
    let (can_change, can_transfer) = (access.is_allowed(&Act::ChangeSettings), access.is_allowed(&Act::Transfer));
    let can_prepare = stage_allows(&launch.stage, ActGroup::Prepare);
    let can_accompany = stage_allows(&launch.stage, ActGroup::Collaborate);
    let is_role = |slug: &str| launch.assignable_roles().iter().any(|(role, _)| role.as_str() == slug);
    let (section, people) = input.people.map_or((None, None), |(section, form)| (Some(section), Some(form)));
    // Where the error of whom the form adds is shown: beside a role, or with an empty one beside the participants.
    let adding_to = match (section, people.as_ref().and_then(LaunchPeopleForm::adds_to)) {
        (Some(PeopleSection::Participants), Some(_)) => Some(String::new()),
        (Some(PeopleSection::Holders), Some(role)) if !role.is_empty() => Some(role.to_owned()),
        _ => None,
    };
    let has_field = |field| match (field, section) {
        ("name" | "summary" | "target" | "zone" | "date_is_meant" | "slip_days" | "separation_of_duties", _) => {
            can_change && can_prepare
        }
        ("restricted", _) => can_change && can_accompany,
        ("owner" | "transfer_reason" | "reason", _) => can_transfer && can_accompany,
        ("user", Some(PeopleSection::Participants)) => can_change && can_accompany && adding_to.is_some(),
        ("user", Some(PeopleSection::Holders)) => {
            can_change && can_prepare && adding_to.as_deref().is_some_and(is_role)
        }
        _ => false,
    };
    // What is wrong in a field that this page does not have is said at its top.
    let elsewhere = input.errors.iter().filter(|(field, _)| !has_field(*field)).map(|(_, sentence)| sentence);
    let elsewhere: Vec<_> = elsewhere.collect();
    let problem = input.problem.or_else(|| (!elsewhere.is_empty()).then(|| elsewhere.join(" ")));
    let members = load_members(&state.db).await?;
    Ok(LaunchSettingsPage {
        chrome: page.chrome(state, texts::settings_of_launch(launch.name()), Nav::Launches),
        head: LaunchHead::new(access, Tab::Settings),
        restricted: launch.restricted,
        tags: TagsFormView::new(launch),
        roles: launch
            .assignable_roles()
            .into_iter()
            .map(|(role, title)| RoleHoldersView {
                required: launch.version.checklist.requires(&role),
                holders: launch.holders_of(&role).map(named).collect(),
                slug: role.to_string(),
                title: title.to_string(),
            })
            .collect(),
        participants: launch.participants.iter().copied().map(named).collect(),
        owner: launch.owner,
        shown_events: ShownEvents {
            details: details.seq.or(newest.details),
            policy: policy.seq.or(newest.policy),
            restriction: restriction.seq.or(newest.restriction),
            owner: transfer.seq.or(newest.owner),
        },
        details,
        policy,
        members: members.into_iter().map(|(id, name)| MemberOption { id, name }).collect(),
        zones: Zone::all_names(),
        errors: input.errors,
        is_over: matches!(launch.stage.name(), StageName::Closed | StageName::Cancelled),
        adding_to,
        people,
        problem,
        transfer_to: transfer.owner,
        transfer_reason: transfer.reason,
        can_change,
        can_prepare,
        can_accompany,
        can_transfer,
        can_make: access.user.has_role(InstallationRole::Member),
        ambiguous: target.is_ambiguous(),
    })
}

/// What is launched, as the launch says it now.
fn current_summary(launch: &LaunchState) -> String {
    launch.details.summary.map_or_else(String::new, |summary| launch.text(&summary).to_owned())
}

/// Executes the commands of a form on this page, or shows the page with the input and its errors. `section` is where the
/// form is on the page, to which it leads back.
async fn submit_commands(
    state: &AppState,
    access: &LaunchAccess,
    page: &PageContext,
    commands: Option<Vec<Command>>,
    mut input: SettingsInput,
    (section, success): (&str, Cow<'static, str>),
) -> Result<Response, Error> {
    let mut access = access.clone();
    let status = match commands {
        None => StatusCode::UNPROCESSABLE_ENTITY,
        Some(commands) => {
            let launch = access.launch.id;
            match state.record.execute(&state.db, access.requester(None), launch, commands).await {
                Ok(done) => {
                    // Who gave a restricted launch to another owner may not see it afterwards.
                    access.launch = done.state;
                    let is_visible = access.is_allowed(&Act::View);
                    let to = match is_visible {
                        true => format!("/launches/{launch}/settings#{section}"),
                        false => "/launches".to_owned(),
                    };
                    return Ok(SeeOther::to(to).with_success(success).into_response());
                }
                Err(not_done) => {
                    access = access.reload(state).await?;
                    match to_form_refusal(&access.launch, not_done)? {
                        FormRefusal::Fields(errors) => {
                            input.errors = errors;
                            StatusCode::UNPROCESSABLE_ENTITY
                        }
                        FormRefusal::Conflict(sentence, conflict) => {
                            input.problem = Some(sentence);
                            if conflict.says_what_changed() {
                                input.forget_base();
                            }
                            StatusCode::CONFLICT
                        }
                    }
                }
            }
        }
    };
    render_with_status(status, &build_page(state, &access, page, input).await?)
}

/// A form's command, refused where something that it replaces was changed after the event that the form names; with a
/// sentence instead, where that is no number.
fn unless_changed(command: Option<Command>, base: &mut FormBase) -> (Option<Command>, Option<String>) {
    let Some(seq) = base.number() else {
        base.forget();
        return (None, Some(texts::form_has_no_base().into_owned()));
    };
    (command.map(|command| command.unless_changed_since(seq)), None)
}

/// `POST /launches/{id}/details`.
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
    let (command, problem) = unless_changed(command, &mut form.seq);
    let input = SettingsInput { details: Some(form), errors, problem, ..SettingsInput::default() };
    submit_commands(&state, &access, &page, command.map(|it| vec![it]), input, ("details", saved)).await
}

/// `POST /launches/{id}/policy`.
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
    let (command, problem) = unless_changed(command, &mut form.seq);
    let input = SettingsInput { policy: Some(form), errors, problem, ..SettingsInput::default() };
    let saved = ("policy", texts::settings_are_saved());
    submit_commands(&state, &access, &page, command.map(|it| vec![it]), input, saved).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LaunchRestrictionForm {
    restricted: Toggle,
    seq: FormBase,
}

/// `POST /launches/{id}/restriction`.
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
    let (command, no_number) = unless_changed(command, &mut form.seq);
    let problem = restricted.err().map(|_| texts::choose_restricted_or_not().into_owned());
    let problem = problem.or(no_number);
    let input = SettingsInput { restriction: Some(form), problem, ..SettingsInput::default() };
    let saved = ("restriction", texts::settings_are_saved());
    submit_commands(&state, &access, &page, command.map(|it| vec![it]), input, saved).await
}

/// `POST /launches/{id}/holders`.
pub(super) async fn change_holders(
    State(state): State<AppState>,
    access: LaunchAccess,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    access.check_permission(&Act::ManageHolders)?;
    let form: LaunchPeopleForm = sent.read_form().await?;
    let mut errors = FieldErrors::new();
    let commands = form.read_holders(&mut errors);
    let people = Some((PeopleSection::Holders, form));
    let input = SettingsInput { people, errors, ..SettingsInput::default() };
    submit_commands(&state, &access, &page, commands, input, ("holders", texts::settings_are_saved())).await
}

/// `POST /launches/{id}/participants`.
pub(super) async fn change_participants(
    State(state): State<AppState>,
    access: LaunchAccess,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    access.check_permission(&Act::ManageParticipants)?;
    let form: LaunchPeopleForm = sent.read_form().await?;
    let mut errors = FieldErrors::new();
    let commands = form.read_participants(&mut errors);
    let people = Some((PeopleSection::Participants, form));
    let input = SettingsInput { people, errors, ..SettingsInput::default() };
    submit_commands(&state, &access, &page, commands, input, ("participants", texts::settings_are_saved())).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct OwnerTransferForm {
    owner: String,
    reason: String,
    seq: FormBase,
}

/// `POST /launches/{id}/owner`.
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
    let (command, problem) = unless_changed(command, &mut form.seq);
    let input = SettingsInput { transfer: Some(form), errors, problem, ..SettingsInput::default() };
    let saved = ("owner", texts::launch_has_a_new_owner());
    submit_commands(&state, &access, &page, command.map(|it| vec![it]), input, saved).await
}
