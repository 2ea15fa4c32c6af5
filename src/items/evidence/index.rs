//! GET: all evidence of a launch, by item: what backs it.

use askama::Template;
use axum::{extract::State, response::Response};
use serde::Deserialize;
use strum::IntoEnumIterator as _;

use super::view::{EvidenceView, Standing, view};
use crate::{
    access::launch_access::LaunchAccess,
    domain::ids::ItemId,
    launch_page::{
        head::{Head, Tab},
        words,
    },
    state::AppState,
    web::{
        Error,
        form::Query,
        page::{Chrome, Nav, Page, html},
    },
};

/// What of it is wanted.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    kind: String,
    standing: String,
}

/// The index.
#[derive(Template)]
#[template(path = "items/evidence.html")]
struct Index {
    chrome: Chrome,
    head: Head,
    groups: Vec<Group>,
    shown: usize,
    total: usize,
    kind: &'static str,
    kinds: Vec<Choice>,
    standing: &'static str,
    standings: Vec<Choice>,
}

/// An item with its evidence.
struct Group {
    item: ItemId,
    title: String,
    place: String,
    list: Vec<EvidenceView>,
}

/// One way to filter, with how much it lets through.
struct Choice {
    slug: &'static str,
    word: &'static str,
    count: usize,
    href: String,
}

/// `GET /launches/{id}/evidence`.
pub(super) async fn show(
    State(state): State<AppState>,
    access: LaunchAccess,
    Query(wanted): Query<Wanted>,
    page: Page,
) -> Result<Response, Error> {
    let launch = &*access.launch;
    let kinds = [("", "All"), ("file", "Files"), ("link", "Links"), ("note", "Notes")];
    let standings = Standing::iter().map(|standing| {
        let word = match standing {
            Standing::Stands => "Standing",
            Standing::Lapsed => "Lapsed",
            Standing::Withdrawn => "Withdrawn",
        };
        (standing.slug(), word)
    });
    let standings: Vec<_> = [("", "All")].into_iter().chain(standings).collect();
    let known = |choices: &[(&'static str, &'static str)], slug: &str| {
        choices.iter().find(|(known, _)| *known == slug).map_or("", |(known, _)| known)
    };
    let (kind, standing) = (known(&kinds, &wanted.kind), known(&standings, &wanted.standing));
    let lets_through = |evidence: &EvidenceView, kind: &str, standing: &str| {
        (kind.is_empty() || evidence.kind == kind) && (standing.is_empty() || evidence.standing.slug() == standing)
    };
    let all: Vec<_> = launch
        .items
        .iter()
        .map(|item| (item, launch.evidence_of(item).map(|evidence| view(&access, item, evidence)).collect::<Vec<_>>()))
        .collect();
    let count = |kind: &str, standing: &str| {
        all.iter().flat_map(|(_, list)| list).filter(|evidence| lets_through(evidence, kind, standing)).count()
    };
    let href = |kind: &str, standing: &str| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("kind", kind), ("standing", standing)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        let query = query.finish();
        let path = format!("/launches/{}/evidence", launch.id);
        if query.is_empty() { path } else { format!("{path}?{query}") }
    };
    let choice = |slug: &'static str, word, kind: &str, standing: &str| Choice {
        slug,
        word,
        count: count(kind, standing),
        href: href(kind, standing),
    };
    let index = Index {
        chrome: page.chrome(&state, format!("Evidence · {}", launch.name()), Nav::Launches),
        head: Head::new(&access, Tab::Evidence),
        shown: count(kind, standing),
        total: count("", ""),
        kind,
        kinds: kinds.iter().map(|(slug, word)| choice(slug, word, slug, standing)).collect(),
        standing,
        standings: standings.iter().map(|(slug, word)| choice(slug, word, kind, slug)).collect(),
        groups: all
            .into_iter()
            .map(|(item, list)| Group {
                item: item.id,
                title: launch.definition(item).title.to_string(),
                place: words::place(launch, item),
                list: list.into_iter().filter(|evidence| lets_through(evidence, kind, standing)).collect(),
            })
            .filter(|group: &Group| !group.list.is_empty())
            .collect(),
    };
    html(&index)
}
