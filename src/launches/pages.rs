//! GET: the checklist page.

use axum::{extract::State, response::Response};
use http::StatusCode;
use serde::Deserialize;

use super::{
    burn_up::{BurnUpView, burn_up_view},
    checklist_page::{ChecklistPage, NotesView, SectionFolds, build_parts},
    item_filter::{ChecklistItemFilter, filter_links},
    selection,
    selection::{BulkSelection, Selection},
    title_search::TitleSearch,
};
use crate::{
    access::{launch_access::LaunchAccess, past_launch::PastLaunchAccess, store::load_members},
    domain::{checklist::ChecklistItem, launch::state::Item, text::Title},
    presentation::head::{LaunchHead, Tab},
    state::AppState,
    texts,
    web::{
        Error,
        chrome::{Nav, PageContext},
        form::{FieldErrors, Query},
        query::check_filter_text,
        response::render_with_status,
    },
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ChecklistPageQuery {
    show: String,
    q: String,
    select: String,
}

impl ChecklistPageQuery {
    /// Filters from an address of the checklist page, without the selection.
    pub(super) fn from_path(path: &str) -> Self {
        let query = path.split_once('?').map_or("", |(_, query)| query);
        let pairs = || url::form_urlencoded::parse(query.as_bytes());
        let value = |field| pairs().find(|(name, _)| name == field).map(|(_, value)| value.into_owned());
        Self { show: value("show").unwrap_or_default(), q: value("q").unwrap_or_default(), select: String::new() }
    }
}

/// `GET /launches/{id}`: the checklist page of a launch, with selection and filter from the address.
pub(super) async fn show(
    State(state): State<AppState>,
    access: LaunchAccess,
    Query(query): Query<ChecklistPageQuery>,
    page: PageContext,
) -> Result<Response, Error> {
    let selecting = match Selection::parse(&query.select, &access.launch.items) {
        Some(selection) if selection::can_change_items(&access) => {
            Some(BulkSelection::new(selection, load_members(&state.db).await?))
        }
        Some(_) | None => None,
    };
    render_checklist_page(&checklist_page(&state, &access, &page, &query, NotesView::new(&access).await?, selecting))
}

pub(super) async fn show_past(
    State(state): State<AppState>,
    PastLaunchAccess(access): PastLaunchAccess,
    Query(query): Query<ChecklistPageQuery>,
    page: PageContext,
) -> Result<Response, Error> {
    render_checklist_page(&checklist_page(&state, &access, &page, &query, NotesView::new(&access).await?, None))
}

fn render_checklist_page(page: &ChecklistPage) -> Result<Response, Error> {
    let status = if page.errors.has("q") { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    render_with_status(status, page)
}

/// The sentences for what the address asks for and the page does not know: `q` is the text to look for.
fn check_query(query: &ChecklistPageQuery) -> FieldErrors {
    let mut errors = FieldErrors::new();
    errors.check("q", check_filter_text(&query.q, Title::MAX));
    if !query.show.is_empty() && query.show.parse::<ChecklistItemFilter>().is_err() {
        errors.add("address", texts::no_such_filter_of_items());
    }
    errors
}

/// Builds the checklist page, with the stored notes or somebody's input for them, and with the selection.
pub(super) fn checklist_page(
    state: &AppState,
    access: &LaunchAccess,
    page: &PageContext,
    page_query: &ChecklistPageQuery,
    notes: NotesView,
    selecting: Option<BulkSelection>,
) -> ChecklistPage {
    let filter = page_query.show.parse().unwrap_or(ChecklistItemFilter::All);
    let query = page_query.q.trim();
    let errors = check_query(page_query);
    let mut address = url::form_urlencoded::Serializer::new(String::new());
    if filter != ChecklistItemFilter::All {
        address.append_pair("show", filter.slug());
    }
    if !query.is_empty() && !errors.has("q") {
        address.append_pair("q", query);
    }
    let address = address.finish();
    let id = access.launch.id;
    let nothing = Selection::default();
    let selection = selecting.as_ref().map_or(&nothing, |selecting| &selecting.selection);
    let search = TitleSearch::new(&access.launch, query);
    let has_row = |item: &Item, definition: &ChecklistItem| {
        search.matches(definition.title.as_str())
            && filter.matches(&access.launch, access.user.id, item, definition, access.now)
    };
    let shows_all = filter == ChecklistItemFilter::All && query.is_empty() && selecting.is_none();
    let folds = if shows_all { SectionFolds::Settled } else { SectionFolds::None };
    let mut parts = build_parts(access, selection, folds, has_row);
    if errors.has("q") {
        // A text that is too long is looked for nowhere.
        parts.iter_mut().for_each(|part| part.sections.clear());
    }
    let burn_up = burn_up_view(access);
    ChecklistPage {
        chrome: page.chrome(state, access.launch.name(), Nav::Launches).as_of(access.past().map(|past| past.seq)),
        head: LaunchHead {
            pace: burn_up.as_ref().and_then(BurnUpView::pace),
            ..LaunchHead::new(access, Tab::Checklist)
        },
        parts,
        errors,
        filters: filter_links(&access.launch, access.user.id, access.now, filter),
        filter,
        query: query.to_owned(),
        only_similar: search.is_similar(),
        current_href: if address.is_empty() { format!("/launches/{id}") } else { format!("/launches/{id}?{address}") },
        burn_up,
        notes,
        can_select: selection::can_change_items(access),
        selecting,
    }
}
