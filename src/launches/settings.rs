//! The page of a launch's settings, also with the form that comes back.

use std::borrow::Cow;

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;

use super::{
    forms::{
        LaunchDetailsForm, LaunchPolicyForm, LaunchRestrictionForm, LaunchTagsForm, OwnerTransferForm, ShownEvents,
    },
    people_form::{LaunchPeopleForm, PeopleSection},
    view::{LaunchSettingsPage, MemberOption, RoleHoldersView},
};
use crate::{
    access::{launch_access::LaunchAccess, store::load_members},
    domain::{
        ids::UserId,
        launch::{
            access::{Act, ActGroup, stage_allows},
            command::Command,
            state::{LaunchState, StageName},
        },
        role::InstallationRole,
        time::Zone,
    },
    presentation::{
        formatting,
        head::{LaunchHead, Tab},
        refusal::{FormRefusal, to_form_refusal},
    },
    state::AppState,
    texts,
    web::{
        Error,
        chrome::{Nav, PageContext},
        form::{FieldErrors, OptionalText, Toggle},
        form_base::FormBase,
        response::{SeeOther, render, render_with_status},
    },
};

/// Input and errors that the page shows instead of the stored values.
#[derive(Default)]
pub(super) struct SettingsInput {
    pub details: Option<LaunchDetailsForm>,
    pub policy: Option<LaunchPolicyForm>,
    pub tags: Option<LaunchTagsForm>,
    pub restriction: Option<LaunchRestrictionForm>,
    pub transfer: Option<OwnerTransferForm>,
    /// The choice of holders or participants that comes back.
    pub people: Option<(PeopleSection, LaunchPeopleForm)>,
    pub errors: FieldErrors,
    pub problem: Option<String>,
}

impl SettingsInput {
    /// Renews the base of the form that comes back, since the page says what was changed meanwhile.
    fn forget_base(&mut self) {
        let Self { details, policy, tags, restriction, transfer, .. } = self;
        let bases = [
            details.as_mut().map(|form| &mut form.seq),
            policy.as_mut().map(|form| &mut form.seq),
            tags.as_mut().map(|form| &mut form.seq),
            restriction.as_mut().map(|form| &mut form.seq),
            transfer.as_mut().map(|form| &mut form.seq),
        ];
        bases.into_iter().flatten().for_each(FormBase::forget);
    }
}

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
    let tags = input.tags.unwrap_or_default();
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
        ("tags" | "restricted", _) => can_change && can_accompany,
        ("owner" | "transfer_reason" | "reason", _) => can_transfer && can_accompany,
        ("user", Some(PeopleSection::Participants)) => can_change && can_accompany && adding_to.is_some(),
        ("user", Some(PeopleSection::Holders)) => {
            can_change && can_prepare && adding_to.as_deref().is_some_and(is_role)
        }
        _ => false,
    };
    // The errors of fields that this page does not have are shown at its top.
    let elsewhere = input.errors.iter().filter(|(field, _)| !has_field(*field)).map(|(_, sentence)| sentence);
    let elsewhere: Vec<_> = elsewhere.collect();
    let problem = input.problem.or_else(|| (!elsewhere.is_empty()).then(|| elsewhere.join(" ")));
    let members = load_members(&state.db).await?;
    Ok(LaunchSettingsPage {
        chrome: page.chrome(state, texts::settings_of_launch(launch.name()), Nav::Launches),
        head: LaunchHead::new(access, Tab::Settings),
        restricted: launch.restricted,
        tags: tags.tags.unwrap_or_else(|| formatting::join_tags(&launch.tags).unwrap_or_default()),
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
            tags: tags.seq.or(newest.tags),
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
pub(super) fn current_summary(launch: &LaunchState) -> String {
    launch.details.summary.map_or_else(String::new, |summary| launch.text(&summary).to_owned())
}

/// Executes the commands of a form on this page, or shows the page with the input and its errors. `section` is where the
/// form is on the page, to which it leads back.
pub(super) async fn submit_commands(
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
