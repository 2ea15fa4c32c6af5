//! A new launch: one form for what, when, from which checklist, who signs and who takes part.
//!
//! The roles of a checklist are known once it is chosen: without script, a button shows them on the same page. A program
//! may send the fields of the launch alone; people are then named in its settings.

use std::{borrow::Cow, sync::Arc};

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use serde::Deserialize;

use super::{
    forms::NewLaunchForm,
    people_choice::{self, OfferedPerson, parse_signer},
    store,
    view::NewLaunchPage,
};
use crate::{
    access::{CurrentUser, store::load_members},
    domain::{
        ids::{ChecklistVersionId, UserId},
        launch::{
            command::{Command, Conflict, NewLaunch, Refusal},
            event::Policy,
            state::{ChecklistVersion, LaunchState},
        },
        role::InstallationRole,
        text::{Prose, Title},
        time::{LocalTime, Moment, Zone},
    },
    presentation::renewals,
    record::{ExecuteError, execute::Requester},
    state::AppState,
    texts,
    web::{
        Error,
        chrome::{Nav, PageContext},
        form::{FieldErrors, Query, UnreadForm},
        idempotency::{SentIdempotencyKey, new_text},
        response::{SeeOther, render, render_with_status},
        time::format_local_time,
    },
};

/// The checklist version to select in the form.
#[derive(Debug, Default, Deserialize)]
pub(super) struct NewLaunchQuery {
    #[serde(default)]
    checklist: String,
}

/// Only members make launches.
pub(super) fn check_maker(user: &CurrentUser) -> Result<(), Error> {
    if user.has_role(InstallationRole::Member) {
        Ok(())
    } else {
        Err(Error::Forbidden(texts::only_members_make_launches()))
    }
}

/// `GET /launches/new`: the form for a new launch, with the checklist chosen that the query names.
pub(super) async fn show_form(
    State(state): State<AppState>,
    user: CurrentUser,
    Query(query): Query<NewLaunchQuery>,
    page: PageContext,
) -> Result<Response, Error> {
    check_maker(&user)?;
    let form = NewLaunchForm {
        checklist: query.checklist,
        zone: user.zone().to_string(),
        once: SentIdempotencyKey::generate(),
        ..NewLaunchForm::default()
    };
    render(&build_page(&state, &user, &page, form, FieldErrors::new(), None).await?)
}

/// The page with the form as it was sent, or as it is at first. `conflict` is why the launch of a correct form was not
/// made: to send it again makes another launch.
async fn build_page(
    state: &AppState,
    user: &CurrentUser,
    page: &PageContext,
    mut form: NewLaunchForm,
    mut errors: FieldErrors,
    conflict: Option<Cow<'static, str>>,
) -> Result<NewLaunchPage, Error> {
    let offered = store::load_offered_versions(&state.db).await?;
    if let ([only], true) = (offered.as_slice(), form.checklist.is_empty()) {
        form.checklist = only.id.to_string();
    }
    let chosen = offered.iter().find(|version| version.id.to_string() == form.checklist);
    if chosen.is_none() && !form.checklist.is_empty() {
        errors.add("checklist", texts::version_is_not_offered());
    }
    let version = match chosen {
        Some(chosen) => state.record.load_version(&state.db, chosen.id).await?,
        None => None,
    };
    let members = load_members(&state.db).await?;
    let mut signers = Vec::new();
    if let Some(version) = &version {
        let last = find_last_launch(state, user, version).await?;
        // The choice is that of the roles which the form showed.
        let sent = (form.roles_of == form.checklist).then_some(form.holder.as_slice());
        signers = people_choice::build_signer_choices(version, last.as_deref(), &members, sent);
    }
    form.roles_of = version.map_or_else(String::new, |version| version.id.to_string());
    let to_option = |(id, name): (UserId, String)| {
        let value = id.to_string();
        OfferedPerson { chosen: form.participant.contains(&value), name, value }
    };
    let participants = members.into_iter().filter(|(id, _)| *id != user.id).map(to_option).collect();
    form.once = form.once.for_next_attempt(conflict.is_some());
    let problem = conflict.or_else(|| errors.get("once").map(|sentence| sentence.to_owned().into()));
    Ok(NewLaunchPage {
        chrome: page.chrome(state, texts::make_a_launch(), Nav::Launches),
        form,
        errors,
        problem,
        offered,
        signers,
        participants,
        zones: Zone::all_names(),
    })
}

/// The newest launch from any version of the same checklist that the person may see.
async fn find_last_launch(
    state: &AppState,
    user: &CurrentUser,
    version: &ChecklistVersion,
) -> Result<Option<Arc<LaunchState>>, Error> {
    let reads_all = user.reads_all();
    match store::find_newest_launch_of(&state.db, user.id, reads_all, version.checklist_id).await? {
        Some(id) => Ok(state.record.load(&state.db, id).await?),
        None => Ok(None),
    }
}

/// The values of a form without errors.
pub(super) struct NewLaunchValues {
    pub new: NewLaunch,
    pub commands: Vec<Command>,
}

/// `POST /launches`: makes a launch from a checklist version, owned by the person who sends the form.
pub(super) async fn create_launch(
    State(state): State<AppState>,
    user: CurrentUser,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    check_maker(&user)?;
    let form: NewLaunchForm = sent.read_form().await?;
    if form.step == "roles" {
        return render(&build_page(&state, &user, &page, form, FieldErrors::new(), None).await?);
    }
    let now = state.clock.now();
    let mut errors = FieldErrors::new();
    let mut conflict = None;
    if let Some(values) = read_values(&state, &user, &form, now, &mut errors).await? {
        let asker = Requester { user: user.id, request: page.request_id, now, proof: None };
        match make_launch(&state, &user, asker, values).await? {
            Ok(made) => return Ok(made),
            Err(NotMade::Conflict(sentence)) => conflict = Some(sentence),
            Err(NotMade::Invalid(field, sentence)) => errors.add(field, sentence),
        }
    }
    let status = not_made_status(conflict.as_ref());
    render_with_status(status, &build_page(&state, &user, &page, form, errors, conflict).await?)
}

/// Why a launch was not made.
pub(super) enum NotMade {
    Conflict(Cow<'static, str>),
    /// The name of the form's field, and the sentence at it.
    Invalid(&'static str, Cow<'static, str>),
}

/// Makes a launch: the answer that leads to it.
pub(super) async fn make_launch(
    state: &AppState,
    user: &CurrentUser,
    asker: Requester,
    NewLaunchValues { new, commands }: NewLaunchValues,
) -> Result<Result<Response, NotMade>, Error> {
    let now = asker.now;
    match state.record.create_with(&state.db, asker, new, commands).await {
        Ok(done) => {
            let to = format!("/launches/{}", done.state.id);
            Ok(Ok(SeeOther::to(to).with_success(describe_made_launch(&done.state, now)).into_response()))
        }
        Err(not_done) => Ok(Err(to_not_made(user, not_done)?)),
    }
}

pub(super) const fn not_made_status(conflict: Option<&Cow<'static, str>>) -> StatusCode {
    if conflict.is_some() { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY }
}

async fn read_values(
    state: &AppState,
    user: &CurrentUser,
    form: &NewLaunchForm,
    now: Moment,
    errors: &mut FieldErrors,
) -> Result<Option<NewLaunchValues>, Error> {
    let key = errors.check("once", form.once.parse());
    let name = errors.check("name", Title::new(&form.name));
    let summary = errors.check("summary", Prose::optional(&form.summary));
    let zone: Option<Zone> = errors.check("zone", form.zone.parse());
    let target = zone.and_then(|zone| errors.check("target", LocalTime::parse(&form.target, zone)));
    let version = match form.checklist.parse::<ChecklistVersionId>() {
        Ok(id) => state.record.load_version(&state.db, id).await?,
        Err(_) => None,
    };
    match &version {
        None => errors.add("checklist", texts::choose_a_checklist()),
        Some(version) if store::is_archived(&state.db, version.checklist_id).await? => {
            errors.add("checklist", texts::checklist_is_archived_choose_another());
        }
        Some(_) => {}
    }
    let restricted = errors.check("restricted", form.restricted.parse()).map(|chosen| chosen.unwrap_or(false));
    let commands = read_people(form, errors);
    if let Some(target) = &target {
        form.date_question().check(target, now, errors);
    }
    let (Some(name), Some(summary), Some(target), Some(version), Some(restricted), Some(key), true) =
        (name, summary, target, version, restricted, key, errors.is_empty())
    else {
        return Ok(None);
    };
    let new = NewLaunch {
        id: form.launch_id(user.id, key, restricted),
        name: new_text(name),
        summary: summary.map(new_text),
        target,
        policy: Policy::default(),
        restricted,
        version,
    };
    Ok(Some(NewLaunchValues { new, commands }))
}

/// The people that a form names, as commands on the launch.
fn read_people(form: &NewLaunchForm, errors: &mut FieldErrors) -> Vec<Command> {
    if !form.roles_of.is_empty() && form.roles_of != form.checklist {
        errors.add("holder", texts::roles_are_of_the_chosen_checklist());
    }
    let mut commands = Vec::new();
    for sent in form.holder.iter().filter(|sent| !sent.is_empty()) {
        match parse_signer(sent) {
            Some((role, user)) => commands.push(Command::AddHolder { role, user }),
            None => errors.add("holder", texts::choose_an_active_member()),
        }
    }
    for sent in form.participant.iter().filter(|sent| !sent.is_empty()) {
        match sent.parse() {
            Ok(user) => commands.push(Command::AddParticipant { user }),
            Err(_) => errors.add("participant", texts::choose_an_active_member()),
        }
    }
    commands
}

fn to_not_made(user: &CurrentUser, not_done: ExecuteError) -> Result<NotMade, Error> {
    let refusals = match not_done {
        ExecuteError::Failed(fault) => return Err(fault.into()),
        ExecuteError::Refused(refusals) => refusals,
    };
    match refusals.into_first() {
        Refusal::Conflict(Conflict::Other(why) | Conflict::Stage(why)) => Ok(NotMade::Conflict(why)),
        Refusal::Conflict(Conflict::Waiting(waiting)) => {
            let wait = renewals::explain_waiting_period(&waiting, &user.zone());
            Ok(NotMade::Conflict(texts::people_not_yet_named(wait)))
        }
        Refusal::Invalid(_, message) => Ok(NotMade::Invalid("holder", message)),
        Refusal::Forbidden(why) => Err(Error::Forbidden(why)),
        Refusal::NotFound | Refusal::Unproven | Refusal::Conflict(_) => Err(Error::NotFound),
    }
}

/// What was made, and what is next.
fn describe_made_launch(launch: &LaunchState, now: Moment) -> Cow<'static, str> {
    let target = &launch.details.target;
    let required = &launch.version.checklist.required_roles;
    let vacant: Vec<_> = required
        .iter()
        .filter(|required| launch.holders_of(&required.role).next().is_none())
        .map(|required| required.title.as_str())
        .collect();
    if target.to_moment() < now {
        texts::launch_is_made_in_the_past(format_local_time(target))
    } else if target.is_ambiguous() {
        texts::launch_is_made_at_ambiguous_time()
    } else if vacant.is_empty() {
        texts::launch_is_made_and_ready()
    } else {
        texts::launch_is_made_without_signers(vacant.len(), vacant.join(", "))
    }
}
