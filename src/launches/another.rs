//! Another launch like an earlier one: the same checklist in its newest version, the same people, and where wanted the
//! same assignments and due days.

use std::borrow::Cow;

use askama::Template;
use axum::{extract::State, response::Response};
use serde::Deserialize;

use super::{
    date_question::DateQuestion,
    new_launch::{NewLaunchValues, NotMade, check_maker, make_launch, not_made_status},
    store,
};
use crate::{
    access::{CurrentUser, launch_access::LaunchAccess, store::load_members},
    domain::{
        ids::{LaunchId, UserId},
        launch::{
            another::{AnotherLaunch, CarriedOver, plan_another_launch},
            command::NewLaunch,
            state::{ChecklistVersion, LaunchState},
        },
        text::Title,
        time::{LocalTime, Moment, Zone},
    },
    presentation::head::{LaunchHead, Tab},
    state::AppState,
    texts,
    web::{
        Error,
        chrome::{Chrome, Nav, PageContext},
        form::{FieldErrors, Toggle, UnreadForm},
        idempotency::{IdempotencyKey, SentIdempotencyKey, idempotent_id, new_text},
        response::{render, render_with_status},
    },
};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct AnotherLaunchForm {
    name: String,
    target: String,
    zone: String,
    assignments: Toggle,
    dues: Toggle,
    asks_about_dates: String,
    date_is_meant: String,
    once: SentIdempotencyKey,
}

impl AnotherLaunchForm {
    fn date_question(&self) -> DateQuestion {
        DateQuestion::from_fields(&self.asks_about_dates, &self.date_is_meant)
    }

    /// The id of the new launch: the form sent twice makes one.
    fn launch_id(&self, maker: UserId, earlier: LaunchId, key: IdempotencyKey, carried: CarriedOver) -> LaunchId {
        let carried = [carried.assignments, carried.dues].map(|carried| if carried { "on" } else { "" });
        let fields = [&*self.name, &*self.target, &*self.zone, carried[0], carried[1]];
        idempotent_id(maker, earlier.uuid(), key, &fields.map(|text| text.trim().as_bytes()))
    }
}

#[derive(Template)]
#[template(path = "launches/another.html")]
struct AnotherLaunchPage {
    chrome: Chrome,
    head: LaunchHead,
    form: AnotherLaunchForm,
    errors: FieldErrors,
    problem: Option<Cow<'static, str>>,
    zones: Vec<String>,
    /// The version that is used, such as `Production readiness v4`.
    checklist: String,
    /// Whether the earlier launch has an older version.
    newer_version: bool,
    /// The names of the people who hold roles in the new launch too, by role.
    signers: Vec<(String, Vec<String>)>,
    restricted: bool,
}

pub(super) async fn show_form(
    State(state): State<AppState>,
    access: LaunchAccess,
    page: PageContext,
) -> Result<Response, Error> {
    check_maker(&access.user)?;
    let form = AnotherLaunchForm {
        zone: access.launch.zone().to_string(),
        assignments: Toggle::new(true),
        dues: Toggle::new(true),
        once: SentIdempotencyKey::generate(),
        ..AnotherLaunchForm::default()
    };
    render(&build_page(&state, &access, &page, form, FieldErrors::new(), None).await?)
}

async fn build_page(
    state: &AppState,
    access: &LaunchAccess,
    page: &PageContext,
    mut form: AnotherLaunchForm,
    errors: FieldErrors,
    conflict: Option<Cow<'static, str>>,
) -> Result<AnotherLaunchPage, Error> {
    let launch = &*access.launch;
    let version = load_newest_version(state, launch).await?;
    let members = load_members(&state.db).await?;
    let signers = version.assignable_roles().into_iter().map(|(role, title)| {
        let holders = launch.holders_of(&role).filter(|holder| members.iter().any(|(member, _)| member == holder));
        (title.to_string(), holders.map(|holder| launch.person_name(holder).to_owned()).collect())
    });
    form.once = form.once.for_next_attempt(conflict.is_some());
    let invalid = errors.get("once").or(errors.get("checklist"));
    let problem = conflict.or_else(|| invalid.map(|sentence| sentence.to_owned().into()));
    Ok(AnotherLaunchPage {
        chrome: page.chrome(state, texts::another_launch_like(launch.name()), Nav::Launches),
        head: LaunchHead::new(access, Tab::Settings),
        signers: signers.collect(),
        checklist: texts::checklist_and_version(&version.checklist.name, version.number).into_owned(),
        newer_version: version.number != launch.version.number,
        restricted: launch.restricted,
        zones: Zone::all_names(),
        problem,
        form,
        errors,
    })
}

/// The newest version of the launch's checklist.
async fn load_newest_version(
    state: &AppState,
    launch: &LaunchState,
) -> Result<std::sync::Arc<ChecklistVersion>, Error> {
    let newest = store::find_newest_version(&state.db, launch.version.checklist_id).await?;
    let newest = newest.unwrap_or(launch.version.id);
    state.record.load_version(&state.db, newest).await?.ok_or(Error::NotFound)
}

/// `POST /launches/{id}/another`: makes a launch like this one, owned by the person who sends the form.
pub(super) async fn create_another(
    State(state): State<AppState>,
    access: LaunchAccess,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    check_maker(&access.user)?;
    let form: AnotherLaunchForm = sent.read_form().await?;
    let mut errors = FieldErrors::new();
    let mut conflict = None;
    if store::is_archived(&state.db, access.launch.version.checklist_id).await? {
        errors.add("checklist", texts::checklist_is_archived_no_other_launch());
    }
    if let Some(values) = read_values(&state, &access, &form, &mut errors).await? {
        match make_launch(&state, &access.user, access.requester(None), values).await? {
            Ok(made) => return Ok(made),
            Err(NotMade::Conflict(sentence) | NotMade::Invalid(_, sentence)) => conflict = Some(sentence),
        }
    }
    let status = not_made_status(conflict.as_ref());
    render_with_status(status, &build_page(&state, &access, &page, form, errors, conflict).await?)
}

async fn read_values(
    state: &AppState,
    access: &LaunchAccess,
    form: &AnotherLaunchForm,
    errors: &mut FieldErrors,
) -> Result<Option<NewLaunchValues>, Error> {
    let (launch, user, now): (&LaunchState, &CurrentUser, Moment) = (&access.launch, &access.user, access.now);
    let key = errors.check("once", form.once.parse());
    let name = errors.check("name", Title::new(&form.name));
    let zone: Option<Zone> = errors.check("zone", form.zone.parse());
    let target = zone.and_then(|zone| errors.check("target", LocalTime::parse(&form.target, zone)));
    let assignments = errors.check("assignments", form.assignments.parse()).flatten().unwrap_or(false);
    let dues = errors.check("dues", form.dues.parse()).flatten().unwrap_or(false);
    if let Some(target) = &target {
        form.date_question().check(target, now, errors);
    }
    let (Some(key), Some(name), Some(target), true) = (key, name, target, errors.is_empty()) else { return Ok(None) };
    let version = load_newest_version(state, launch).await?;
    let carried = CarriedOver { assignments, dues };
    let id = form.launch_id(user.id, launch.id, key, carried);
    let members = load_members(&state.db).await?;
    let is_member = |id: UserId| members.iter().any(|(member, _)| *member == id);
    let another = AnotherLaunch { id, version: &version, target: &target, maker: user.id };
    let commands = plan_another_launch(launch, another, carried, is_member);
    let summary = launch.details.summary.and_then(|summary| launch.texts.get(&summary).map(new_text));
    let (policy, restricted) = (launch.policy, launch.restricted);
    let new = NewLaunch { id, name: new_text(name), summary, target, policy, restricted, version };
    Ok(Some(NewLaunchValues { new, commands }))
}
