//! The settings of a launch: what it is called, when, how it is signed, and who takes part.

use std::collections::BTreeSet;

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use serde::Deserialize;

use super::{
    actions::run,
    view::{Choice, RoleView, Settings},
};
use crate::{
    access::{
        launch_access::LaunchAccess,
        store::{deactivated, members},
    },
    domain::{
        ids::UserId,
        launch::{
            access::{Act, Work, stage_allows},
            command::Command,
            event::{Policy, Seq},
            last_changes::ChangedThing,
            state::LaunchState,
        },
        role::{NotARole, RoleSlug},
        text::{Prose, Title},
        time::{LocalTime, Zone},
    },
    launch_page::{
        head::{Head, Tab},
        outcome::{Refused, refused},
        texts::new_text,
    },
    state::AppState,
    web::{
        Error,
        form::{FieldErrors, NOT_A_NUMBER, Sent, Sometimes, Toggle},
        page::{Nav, Page, SeeOther, html, html_with},
    },
};

/// Name, summary and target, as they were sent. A form without a summary leaves it as it is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct DetailsForm {
    pub name: String,
    pub summary: Sometimes,
    pub target: String,
    pub zone: String,
    seq: Sometimes,
}

/// The rules, as they were sent.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct PolicyForm {
    pub slip_days: String,
    pub separation_of_duties: Toggle,
    seq: Sometimes,
}

impl PolicyForm {
    pub(super) fn separates(&self) -> bool {
        self.separation_of_duties.is_on()
    }

    pub(super) fn word(&self) -> &'static str {
        if self.separates() { "yes" } else { "no" }
    }
}

/// What of the page differs from the launch as it is: what was typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    details: Option<DetailsForm>,
    policy: Option<PolicyForm>,
    transfer: Option<TransferForm>,
    errors: FieldErrors,
    problem: Option<String>,
}

/// `GET /launches/{id}/settings`.
pub(super) async fn show(State(state): State<AppState>, access: LaunchAccess, page: Page) -> Result<Response, Error> {
    html(&settings(&state, &access, &page, Typed::default()).await?)
}

async fn settings(state: &AppState, access: &LaunchAccess, page: &Page, typed: Typed) -> Result<Settings, Error> {
    let launch = &*access.launch;
    let target = &launch.details.target;
    let named = |id: UserId| (id, launch.person(id).to_owned());
    let transfer = typed.transfer.unwrap_or_default();
    let members = members(&state.db).await?;
    let holders = launch.roles().into_iter().flat_map(|(role, _)| launch.holders_of(&role).collect::<Vec<_>>());
    let people: BTreeSet<UserId> = holders.chain(launch.participants.iter().copied()).chain([launch.owner]).collect();
    // Whoever is a member is active.
    let others = people.into_iter().filter(|id| !members.iter().any(|(member, _)| member == id));
    let deactivated = deactivated(&state.db, others).await?;
    Ok(Settings {
        chrome: page.chrome(state, format!("Settings · {}", launch.name()), Nav::Launches),
        head: Head::new(access, Tab::Settings),
        details: typed.details.unwrap_or_else(|| DetailsForm {
            name: launch.name().to_owned(),
            summary: Sometimes::new(summary(launch)),
            target: target.local.strftime("%Y-%m-%dT%H:%M").to_string(),
            zone: target.zone.to_string(),
            seq: Sometimes::default(),
        }),
        policy: typed.policy.unwrap_or_else(|| PolicyForm {
            slip_days: launch.policy.slip_days.to_string(),
            separation_of_duties: Toggle::new(launch.policy.separation_of_duties),
            seq: Sometimes::default(),
        }),
        restricted: launch.restricted,
        roles: launch
            .roles()
            .into_iter()
            .map(|(role, title)| RoleView {
                required: launch.version.checklist.requires(&role),
                holders: launch.holders_of(&role).map(named).collect(),
                slug: role.to_string(),
                title: title.to_string(),
            })
            .collect(),
        participants: launch.participants.iter().copied().map(named).collect(),
        owner: launch.owner,
        shown: Shown::new(launch),
        deactivated,
        members: members.into_iter().map(|(id, name)| Choice { id, name }).collect(),
        zones: Zone::names(),
        errors: typed.errors,
        problem: typed.problem,
        transfer_to: transfer.owner,
        transfer_reason: transfer.reason,
        can_change: access.can(&Act::ChangeSettings),
        can_prepare: stage_allows(&launch.stage, Work::Prepare),
        can_accompany: stage_allows(&launch.stage, Work::Accompany),
        can_transfer: access.can(&Act::Transfer),
        ambiguous: target.is_ambiguous(),
    })
}

/// The newest event that changed what each form replaces.
pub(super) struct Shown {
    pub details: Seq,
    pub policy: Seq,
    pub restriction: Seq,
    pub owner: Seq,
}

impl Shown {
    fn new(launch: &LaunchState) -> Self {
        use ChangedThing::{Name, Owner, Restriction, SeparationOfDuties, SlipDays, Summary, Target};
        Self {
            details: launch.newest_change(&[Name, Summary, Target]),
            policy: launch.newest_change(&[SlipDays, SeparationOfDuties]),
            restriction: launch.newest_change(&[Restriction]),
            owner: launch.newest_change(&[Owner]),
        }
    }
}

/// What is launched, as the launch says it now.
fn summary(launch: &LaunchState) -> String {
    launch.details.summary.map_or_else(String::new, |summary| launch.text(&summary).to_owned())
}

/// Does a command of a form on this page; what was typed comes back with what is wrong.
async fn submit(
    state: &AppState,
    access: &LaunchAccess,
    page: &Page,
    command: Option<Command>,
    mut typed: Typed,
    told: &str,
) -> Result<Response, Error> {
    let mut access = access.clone();
    let status = match command {
        None => StatusCode::UNPROCESSABLE_ENTITY,
        Some(command) => {
            let launch = access.launch.id;
            match state.record.execute(&state.db, access.asker(None), launch, vec![command]).await {
                Ok(_) => return Ok(SeeOther::to(format!("/launches/{launch}/settings")).good(told).into_response()),
                Err(not_done) => {
                    access = access.again(state).await?;
                    match refused(&access.launch, not_done)? {
                        Refused::Fields(errors) => {
                            typed.errors = errors;
                            StatusCode::UNPROCESSABLE_ENTITY
                        }
                        Refused::Conflict(sentence, _) => {
                            typed.problem = Some(sentence);
                            StatusCode::CONFLICT
                        }
                    }
                }
            }
        }
    };
    html_with(status, &settings(state, &access, page, typed).await?)
}

/// A form's command, refused where something that it replaces was changed after the event that the form names; with a
/// sentence instead, where that is no number.
fn unless_changed(command: Option<Command>, sent: &Sometimes) -> (Option<Command>, Option<String>) {
    match sent.number() {
        Some(seq) => (command.map(|command| command.unless_changed_since(seq)), None),
        None => (None, Some(NOT_A_NUMBER.to_owned())),
    }
}

/// `POST /launches/{id}/details`.
pub(super) async fn change_details(
    State(state): State<AppState>,
    access: LaunchAccess,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    access.may(&Act::ChangeSettings)?;
    let form: DetailsForm = sent.form().await?;
    let mut errors = FieldErrors::new();
    let name = errors.take("name", Title::new(&form.name));
    let kept = summary(&access.launch);
    let summary = errors.take("summary", Prose::optional(form.summary.sent().unwrap_or(&kept)));
    let zone: Option<Zone> = errors.take("zone", form.zone.parse());
    let target = zone.and_then(|zone| errors.take("target", LocalTime::parse(&form.target, zone)));
    let command = match (name, summary, target) {
        (Some(name), Some(summary), Some(target)) => {
            Some(Command::ChangeDetails { name: new_text(name), summary: summary.map(new_text), target })
        }
        _ => None,
    };
    let (command, problem) = unless_changed(command, &form.seq);
    let typed = Typed { details: Some(form), errors, problem, ..Typed::default() };
    submit(&state, &access, &page, command, typed, "Saved.").await
}

/// `POST /launches/{id}/policy`.
pub(super) async fn change_policy(
    State(state): State<AppState>,
    access: LaunchAccess,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    access.may(&Act::ChangeSettings)?;
    let form: PolicyForm = sent.form().await?;
    let mut errors = FieldErrors::new();
    let days = form.slip_days.trim().parse::<u16>().ok().filter(|days| *days <= Policy::MAX_SLIP_DAYS);
    let days = errors.take("slip_days", days.ok_or("A number of days from 0 to 365."));
    let separation = errors.take("separation_of_duties", form.separation_of_duties.required());
    let command = days.zip(separation).map(|(slip_days, separation_of_duties)| Command::ChangePolicy {
        policy: Policy { slip_days, separation_of_duties },
    });
    let (command, problem) = unless_changed(command, &form.seq);
    let typed = Typed { policy: Some(form), errors, problem, ..Typed::default() };
    submit(&state, &access, &page, command, typed, "Saved.").await
}

/// Whether the launch is restricted, as it was sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RestrictionForm {
    restricted: Toggle,
    seq: Sometimes,
}

/// `POST /launches/{id}/restriction`.
pub(super) async fn change_restriction(
    State(state): State<AppState>,
    access: LaunchAccess,
    sent: Sent,
) -> Result<Response, Error> {
    access.may(&Act::ManageParticipants)?;
    let form: RestrictionForm = sent.form().await?;
    let restricted =
        form.restricted.required().map_err(|_| Error::Unprocessable("A launch is either restricted or not.".into()))?;
    let seq = form.seq.number().ok_or(Error::Unprocessable(NOT_A_NUMBER.into()))?;
    let command = Command::ChangeRestriction { restricted }.unless_changed_since(seq);
    run(&state, &access, command, format!("/launches/{}/settings#people", access.launch.id), "Saved.").await
}

/// Someone to add or remove, as it was sent; `role` where it is a holder.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PersonForm {
    role: String,
    user: String,
    action: String,
}

impl PersonForm {
    /// Whether to add (or to remove) whom.
    fn read(&self, errors: &mut FieldErrors) -> Option<(bool, UserId)> {
        let add = match self.action.as_str() {
            "add" => Ok(true),
            "remove" => Ok(false),
            _ => Err("Either add or remove."),
        };
        let add = errors.take("action", add);
        let user = errors.take("user", self.user.parse::<UserId>().map_err(|_| "Choose an active member."));
        add.zip(user)
    }
}

/// `POST /launches/{id}/holders`.
pub(super) async fn change_holder(
    State(state): State<AppState>,
    access: LaunchAccess,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    access.may(&Act::ManageHolders)?;
    let form: PersonForm = sent.form().await?;
    let mut errors = FieldErrors::new();
    let role = form.role.parse::<RoleSlug>().map_err(|NotARole| "This launch's checklist has no such role.");
    let role = errors.take("role", role);
    let command = match (role, form.read(&mut errors)) {
        (Some(role), Some((true, user))) => Some(Command::AddHolder { role, user }),
        (Some(role), Some((false, user))) => Some(Command::RemoveHolder { role, user }),
        _ => None,
    };
    submit(&state, &access, &page, command, Typed { errors, ..Typed::default() }, "Saved.").await
}

/// `POST /launches/{id}/participants`.
pub(super) async fn change_participant(
    State(state): State<AppState>,
    access: LaunchAccess,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    access.may(&Act::ManageParticipants)?;
    let form: PersonForm = sent.form().await?;
    let mut errors = FieldErrors::new();
    let command = form
        .read(&mut errors)
        .map(|(add, user)| if add { Command::AddParticipant { user } } else { Command::RemoveParticipant { user } });
    submit(&state, &access, &page, command, Typed { errors, ..Typed::default() }, "Saved.").await
}

/// The new owner, as it was sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TransferForm {
    owner: String,
    reason: String,
    seq: Sometimes,
}

/// `POST /launches/{id}/owner`.
pub(super) async fn transfer(
    State(state): State<AppState>,
    access: LaunchAccess,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    access.may(&Act::Transfer)?;
    let form: TransferForm = sent.form().await?;
    let mut errors = FieldErrors::new();
    let to = errors.take("owner", form.owner.parse::<UserId>().map_err(|_| "Choose an active member."));
    let reason = errors.take("transfer_reason", Prose::optional(&form.reason));
    let command = to.zip(reason).map(|(to, reason)| Command::Transfer { to, reason: reason.map(new_text) });
    let (command, problem) = unless_changed(command, &form.seq);
    let typed = Typed { transfer: Some(form), errors, problem, ..Typed::default() };
    submit(&state, &access, &page, command, typed, "The launch has a new owner.").await
}
