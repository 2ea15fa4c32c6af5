//! Saved filters: a person saves the filter of the list of launches under a name, and finds it above the list.
//!
//! Guarantees: a saved filter is seen, renamed and deleted by the person who saved it alone; it holds only what the
//! list itself would put into an address. It is a convenience and no part of any history, so no event records it.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::{StatusCode, Uri};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    list_query::{LaunchListFilter, LaunchListQuery},
    store::{self, SavedFilter},
};
use crate::{
    access::CurrentUser,
    ambient,
    domain::text::{TextError, Title},
    state::AppState,
    texts,
    web::{
        Error,
        chrome::{Chrome, Nav, PageContext},
        form::{FieldErrors, Form, Path},
        response::{SeeOther, render_with_status},
    },
};

/// Maximum number of filters that a person saves.
pub(super) const MAX_FILTERS: i64 = 20;

/// Maximum number of characters of a name.
const MAX_NAME_CHARS: usize = 60;

impl SavedFilter {
    pub(super) fn href(&self) -> String {
        if self.query.is_empty() { "/launches".to_owned() } else { format!("/launches?{}", self.query) }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SavedFilterForm {
    name: String,
    query: String,
}

/// The page of a form that came back.
#[derive(Template)]
#[template(path = "launches/saved_filter.html")]
struct SavedFilterPage {
    chrome: Chrome,
    errors: FieldErrors,
    problem: Option<String>,
    form: SavedFilterForm,
    action: String,
}

impl SavedFilterPage {
    const fn max_name_chars(&self) -> usize {
        MAX_NAME_CHARS
    }
}

fn parse_name(name: &str) -> Result<String, TextError> {
    let name = Title::new(name)?;
    if name.as_str().chars().count() > MAX_NAME_CHARS {
        Err(TextError::TooLong(MAX_NAME_CHARS))
    } else {
        Ok(name.into())
    }
}

/// The query of an address as the list itself writes it: what it does not know is left out.
fn to_known_query(query: &str) -> String {
    let address = format!("/?{}", query.trim_start_matches('?')).parse::<Uri>();
    let sent = address.ok().and_then(|address| axum::extract::Query::<LaunchListQuery>::try_from_uri(&address).ok());
    match sent {
        Some(axum::extract::Query(sent)) if !LaunchListFilter::errors(&sent).has("q") => {
            LaunchListFilter::from_query(&sent).to_query()
        }
        _ => String::new(),
    }
}

/// `POST /saved-filters`. A filter that is saved already gets the new name.
pub(super) async fn save_filter(
    State(state): State<AppState>,
    user: CurrentUser,
    page: PageContext,
    Form(mut form): Form<SavedFilterForm>,
) -> Result<Response, Error> {
    form.query = to_known_query(&form.query);
    let mut errors = FieldErrors::new();
    let mut problem = form.query.is_empty().then(|| texts::choose_a_filter_to_save().into_owned());
    let name = errors.check("name", parse_name(&form.name));
    if let (Some(name), None) = (name, &problem) {
        let saved = SavedFilter { id: ambient::new_id(), name, query: form.query.clone() };
        if store::save_filter(&state.db, user.id, &saved, state.clock.now(), MAX_FILTERS).await? {
            return Ok(SeeOther::to(saved.href()).with_success(texts::filter_is_saved()).into_response());
        }
        problem = Some(texts::too_many_saved_filters(MAX_FILTERS).into_owned());
    }
    show_form(&state, &page, errors, problem, form, "/saved-filters".to_owned())
}

pub(super) async fn rename_filter(
    State(state): State<AppState>,
    user: CurrentUser,
    page: PageContext,
    Path(id): Path<Uuid>,
    Form(form): Form<SavedFilterForm>,
) -> Result<Response, Error> {
    let saved = store::find_saved_filter(&state.db, user.id, id).await?.ok_or(Error::NotFound)?;
    let mut errors = FieldErrors::new();
    match errors.check("name", parse_name(&form.name)) {
        Some(name) => {
            store::rename_filter(&state.db, user.id, id, &name).await?;
            Ok(SeeOther::to(saved.href()).with_success(texts::filter_is_renamed()).into_response())
        }
        None => show_form(&state, &page, errors, None, form, format!("/saved-filters/{id}/name")),
    }
}

pub(super) async fn remove_filter(
    State(state): State<AppState>,
    user: CurrentUser,
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    if !store::remove_filter(&state.db, user.id, id).await? {
        return Err(Error::NotFound);
    }
    Ok(SeeOther::to("/launches").with_success(texts::filter_is_deleted()).into_response())
}

fn show_form(
    state: &AppState,
    page: &PageContext,
    errors: FieldErrors,
    problem: Option<String>,
    form: SavedFilterForm,
    action: String,
) -> Result<Response, Error> {
    let chrome = page.chrome(state, texts::save_this_filter(), Nav::Launches);
    render_with_status(StatusCode::UNPROCESSABLE_ENTITY, &SavedFilterPage { chrome, errors, problem, form, action })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn saved_query_contains_only_what_the_list_knows() {
        for (query, known) in [
            ("", ""),
            ("show=held", "show=held"),
            ("?show=held&after=x&evil=1", "show=held"),
            ("show=nonsense&q=%20a%20", "q=a"),
            ("view=board&tag=Payments", "view=board&tag=Payments"),
            ("show=held&show=go", ""),
        ] {
            assert_eq!(to_known_query(query), known, "{query}");
        }
    }
}
