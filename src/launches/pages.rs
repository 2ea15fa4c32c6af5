//! GET: the form for a new launch, the checklist page.

use axum::{extract::State, response::Response};
use serde::Deserialize;

use super::{
    actions::NewForm,
    burn_up,
    filter::{Filter, filters},
    selection,
    selection::{Selecting, Selection},
    show::{NotesView, Show, parts},
    store,
    view::New,
};
use crate::{
    access::{CurrentUser, launch_access::LaunchAccess, past::AsItStood, store::members},
    ambient,
    domain::{role::InstallationRole, time::Zone},
    launch_page::head::{Head, Tab},
    state::AppState,
    web::{
        Error,
        form::{FieldErrors, Query},
        page::{Nav, Page, html},
    },
};

/// What a new launch is to be made from.
#[derive(Debug, Default, Deserialize)]
pub(super) struct WantedChecklist {
    #[serde(default)]
    checklist: String,
}

/// `GET /launches/new`.
pub(super) async fn new(
    State(state): State<AppState>,
    user: CurrentUser,
    Query(wanted): Query<WantedChecklist>,
    page: Page,
) -> Result<Response, Error> {
    if !user.is(InstallationRole::Member) {
        return Err(Error::Forbidden("Only members make launches.".into()));
    }
    html(&New {
        chrome: page.chrome(&state, "New launch", Nav::Launches),
        form: NewForm {
            checklist: wanted.checklist,
            zone: user.zone().to_string(),
            once: ambient::opaque_id::<uuid::Uuid>().to_string(),
            ..NewForm::default()
        },
        errors: FieldErrors::new(),
        offered: store::offered(&state.db).await?,
        zones: Zone::names(),
    })
}

/// What of the checklist is wanted.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WantedItems {
    show: String,
    q: String,
    select: String,
}

impl WantedItems {
    /// What an address of the checklist page asks for, but for the selection.
    pub(super) fn of(path: &str) -> Self {
        let query = path.split_once('?').map_or("", |(_, query)| query);
        let pairs = || url::form_urlencoded::parse(query.as_bytes());
        let value = |wanted| pairs().find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned());
        Self { show: value("show").unwrap_or_default(), q: value("q").unwrap_or_default(), select: String::new() }
    }
}

/// `GET /launches/{id}`.
pub(super) async fn show(
    State(state): State<AppState>,
    access: LaunchAccess,
    Query(wanted): Query<WantedItems>,
    page: Page,
) -> Result<Response, Error> {
    let selecting = match Selection::wanted(&wanted.select) {
        Some(selection) if selection::can_select(&access) => Some(Selecting::new(selection, members(&state.db).await?)),
        Some(_) | None => None,
    };
    html(&checklist(&state, &access, &page, &wanted, NotesView::new(&access).await?, selecting))
}

/// `GET /launches/{id}/as-of/{seq}`.
pub(super) async fn as_it_stood(
    State(state): State<AppState>,
    AsItStood(access): AsItStood,
    Query(wanted): Query<WantedItems>,
    page: Page,
) -> Result<Response, Error> {
    html(&checklist(&state, &access, &page, &wanted, NotesView::new(&access).await?, None))
}

/// The checklist page, with the notes as they are or as somebody tried to write them, and with what is selected.
pub(super) fn checklist(
    state: &AppState,
    access: &LaunchAccess,
    page: &Page,
    wanted: &WantedItems,
    notes: NotesView,
    selecting: Option<Selecting>,
) -> Show {
    let filter = wanted.show.parse().unwrap_or(Filter::All);
    let query = wanted.q.trim();
    let mut address = url::form_urlencoded::Serializer::new(String::new());
    if filter != Filter::All {
        address.append_pair("show", filter.slug());
    }
    if !query.is_empty() {
        address.append_pair("q", query);
    }
    let address = address.finish();
    let id = access.launch.id;
    let nothing = Selection::default();
    let selection = selecting.as_ref().map_or(&nothing, |selecting| &selecting.selection);
    Show {
        chrome: page.chrome(state, access.launch.name(), Nav::Launches).as_of(access.past().map(|past| past.seq)),
        head: Head::new(access, Tab::Checklist),
        parts: parts(access, filter, query, selection),
        filters: filters(&access.launch, access.user.id, access.now),
        filter,
        query: query.to_owned(),
        here: if address.is_empty() { format!("/launches/{id}") } else { format!("/launches/{id}?{address}") },
        burn_up: burn_up::view(access),
        notes,
        can_select: selection::can_select(access),
        selecting,
    }
}
