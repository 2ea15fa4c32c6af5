//! `/launches/{id}/watch`: what of a launch a person watches or mutes.
//!
//! A choice is a row of the person alone and no part of the launch's history. It is made for the launch, for each part of its
//! checklist and for single items; the narrowest one decides.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;

use super::watch_store::{self as store, WatchChoice};
use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        ids::ItemId,
        launch::state::LaunchState,
        notification::{WatchPlace, audience::WatchList},
    },
    state::AppState,
    texts,
    web::{
        Error,
        chrome::{Chrome, Nav, PageContext},
        form::{Form, Query},
        response::{SeeOther, render},
    },
};

#[derive(Template)]
#[template(path = "notifications/watch.html")]
struct WatchPage {
    chrome: Chrome,
    launch: String,
    href: String,
    /// Whether the person's part in the launch makes them watch it without a choice.
    by_part_in_it: bool,
    places: Vec<PlaceRow>,
}

/// The launch, a part or an item, with the person's choice.
struct PlaceRow {
    /// The name in the form: `launch`, `part-0` or an item's id.
    name: String,
    title: String,
    kind: PlaceKind,
    choice: WatchChoice,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PlaceKind {
    Launch,
    Part,
    Item,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WatchQuery {
    /// An item to choose for; something that is none is left out.
    item: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WatchForm {
    /// `launch`, `part-0` or an item's id.
    place: String,
    choice: String,
}

/// The name of a place in the form.
fn place_name(place: WatchPlace) -> String {
    match place {
        WatchPlace::Launch => "launch".to_owned(),
        WatchPlace::Part(part) => format!("part-{part}"),
        WatchPlace::Item(item) => item.to_string(),
    }
}

/// The place with this name, if the launch has it.
fn parse_place(name: &str, state: &LaunchState) -> Option<WatchPlace> {
    if name == "launch" {
        return Some(WatchPlace::Launch);
    }
    if let Some(part) = name.strip_prefix("part-") {
        let part: usize = part.parse().ok()?;
        return (part < state.version.checklist.parts.len()).then_some(WatchPlace::Part(part));
    }
    let item: ItemId = name.parse().ok()?;
    state.item(item).map(|item| WatchPlace::Item(item.id))
}

pub(super) async fn show(
    State(state): State<AppState>,
    access: LaunchAccess,
    Query(query): Query<WatchQuery>,
    page: PageContext,
) -> Result<Response, Error> {
    let launch = &access.launch;
    let chosen = store::load_choices(&state.db, access.user.id, launch.id).await?;
    let choice =
        |place| chosen.iter().find(|(other, _)| *other == place).map_or(WatchChoice::Usual, |(_, choice)| *choice);
    let row = |place, kind, title: String| PlaceRow { name: place_name(place), title, kind, choice: choice(place) };
    let mut places = vec![row(WatchPlace::Launch, PlaceKind::Launch, launch.name().to_owned())];
    let parts = launch.version.checklist.parts.iter().enumerate();
    if launch.version.checklist.parts.len() > 1 {
        let title = |part: &crate::domain::checklist::ChecklistPart| part.title.as_ref().map(ToString::to_string);
        places.extend(parts.filter_map(|(at, part)| Some(row(WatchPlace::Part(at), PlaceKind::Part, title(part)?))));
    }
    let named = query.item.parse().ok().map(WatchPlace::Item);
    let items = chosen.iter().map(|(place, _)| *place).filter(|place| Some(*place) != named);
    for place in named.into_iter().chain(items) {
        if let WatchPlace::Item(id) = place
            && let Some(item) = launch.item(id)
        {
            places.push(row(place, PlaceKind::Item, launch.definition(item).shown_title()));
        }
    }
    render(&WatchPage {
        launch: launch.name().to_owned(),
        href: format!("/launches/{}", launch.id),
        by_part_in_it: WatchList::new(launch, &[]).watches_launch(access.user.id),
        places,
        chrome: page.chrome(&state, texts::watching(), Nav::Launches),
    })
}

pub(super) async fn choose(
    State(state): State<AppState>,
    access: LaunchAccess,
    Form(form): Form<WatchForm>,
) -> Result<Response, Error> {
    let launch = &access.launch;
    let place = parse_place(&form.place, launch).ok_or_else(|| Error::BadRequest(texts::not_one_of_the_choices()))?;
    let choice = form.choice.parse().map_err(|_| Error::BadRequest(texts::not_one_of_the_choices()))?;
    store::set_choice(&state.db, access.user.id, launch.id, place, choice).await?;
    let to = match place {
        WatchPlace::Item(item) => format!("/launches/{}/watch?item={item}", launch.id),
        WatchPlace::Launch | WatchPlace::Part(_) => format!("/launches/{}/watch", launch.id),
    };
    let message = match choice {
        WatchChoice::Watch => texts::now_watched(),
        WatchChoice::Mute => texts::now_muted(),
        WatchChoice::Usual => texts::now_watched_as_usual(),
    };
    Ok(SeeOther::to(to).with_success(message).into_response())
}
