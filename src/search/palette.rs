//! GET: the command palette, which goes to a page, a launch, an item or a person. The script shows the same results in a
//! dialog, together with the links and buttons of the open page.

use std::borrow::Cow;

use askama::Template;
use axum::{extract::State, response::Response};
use serde::Deserialize;

use super::{
    near::rank_title,
    query::SearchTerms,
    store::{self, SearchHit, SearchKind, SearchSelection},
};
use crate::{
    access::{
        CurrentUser,
        rate_limit::{Bucket, charge_with_fallback},
    },
    domain::{role::InstallationRole, text::SearchText},
    state::AppState,
    texts,
    web::{
        Error,
        chrome::{Chrome, Nav, PageContext},
        form::Query,
        response::render,
    },
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PaletteQuery {
    q: String,
}

#[derive(Template)]
#[template(path = "search/palette.html")]
struct PalettePage {
    chrome: Chrome,
    query: String,
    /// Why the query is not searched for.
    error: Option<Cow<'static, str>>,
    groups: Vec<PaletteGroup>,
}

struct PaletteGroup {
    slug: &'static str,
    title: Cow<'static, str>,
    links: Vec<PaletteLink>,
}

struct PaletteLink {
    icon: &'static str,
    href: String,
    title: String,
    /// Where it is, or whose: an item's launch, a person's address. Empty for others.
    place: String,
}

/// `GET /go`: at most four database queries. Without a query, the pages and the launches that changed last.
pub(super) async fn show(
    State(state): State<AppState>,
    user: CurrentUser,
    Query(palette_query): Query<PaletteQuery>,
    page: PageContext,
) -> Result<Response, Error> {
    charge_with_fallback(&state.redis, &Bucket::palette(user.id), state.clock.now()).await?;
    let query: String = palette_query.q.split_whitespace().collect::<Vec<_>>().join(" ");
    let error = (query.chars().count() > SearchText::MAX).then(|| texts::text_is_too_long(SearchText::MAX));
    let mut groups = Vec::new();
    if error.is_none() {
        groups.push(PaletteGroup { slug: "pages", title: texts::pages(), links: find_pages(&user, &query) });
        groups.extend(find_results(&state, &user, &query).await?);
        groups.retain(|group| !group.links.is_empty());
    }
    let chrome = page.chrome(&state, texts::go_to(), Nav::None);
    render(&PalettePage { chrome, query: palette_query.q, error, groups })
}

/// The pages whose titles match, best first.
fn find_pages(user: &CurrentUser, query: &str) -> Vec<PaletteLink> {
    let mut ranked: Vec<(u8, PaletteLink)> = list_pages(user)
        .into_iter()
        .filter_map(|(icon, href, title)| {
            let rank = rank_title(&title, query)?;
            let (href, title) = (href.to_owned(), title.into_owned());
            Some((rank, PaletteLink { icon, href, title, place: String::new() }))
        })
        .collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, link)| link).collect()
}

/// The pages that a person may open: icon, address and title.
fn list_pages(user: &CurrentUser) -> Vec<(&'static str, &'static str, Cow<'static, str>)> {
    let is_admin = user.has_role(InstallationRole::Admin);
    let mut pages = vec![
        ("work", "/", texts::my_work()),
        ("launch", "/launches", texts::launches()),
        ("calendar", "/launches/calendar", texts::calendar()),
        ("figures", "/figures", texts::figures()),
    ];
    if user.has_role(InstallationRole::Member) {
        pages.push(("plus", "/launches/new", texts::make_a_launch()));
    }
    pages.extend([
        ("checklist", "/checklists", texts::checklists()),
        ("search", "/search", texts::search()),
        ("person", "/account", texts::account()),
        ("lock", "/account/second-factor", texts::second_factor()),
        ("help", "/help", texts::help()),
    ]);
    if is_admin || user.has_role(InstallationRole::Auditor) {
        pages.extend([("anchor", "/audit", texts::audit()), ("people", "/audit/rights", texts::rights_of_people())]);
    }
    if is_admin {
        pages.extend([
            ("people", "/admin", texts::people()),
            ("sign", "/admin/statements", texts::statements()),
            ("verify", "/admin/security", texts::security()),
        ]);
    }
    pages
}

/// Launches, items and people.
async fn find_results(state: &AppState, user: &CurrentUser, query: &str) -> Result<Vec<PaletteGroup>, Error> {
    let reads_all = user.reads_all();
    let group = |slug, title, links| PaletteGroup { slug, title, links };
    let Ok(terms) = SearchTerms::parse(query) else {
        let recent = if query.is_empty() {
            store::find_recent_launches(&state.db, user.id, reads_all).await?
        } else {
            Vec::new()
        };
        let links = recent.into_iter().map(|(id, name)| PaletteLink {
            icon: "launch",
            href: format!("/launches/{id}"),
            title: name,
            place: String::new(),
        });
        return Ok(vec![group("launches", texts::launches(), links.collect())]);
    };
    let hits = store::find_hits(&state.db, user.id, reads_all, &terms, SearchSelection::All).await?;
    let hits = hits.map(|results| results.hits).unwrap_or_default();
    let links = |kind: SearchKind| hits.iter().filter(move |hit| hit.kind == kind).map(link_to_hit).collect();
    let mut groups = vec![
        group("launches", texts::launches(), links(SearchKind::Launches)),
        group("items", texts::results_items(), links(SearchKind::Items)),
    ];
    if reads_all {
        let people = store::find_people(&state.db, query).await?.into_iter().map(|(id, title, place)| PaletteLink {
            icon: "person",
            href: format!("/audit/rights/{id}"),
            title,
            place,
        });
        groups.push(group("people", texts::people(), people.collect()));
    }
    Ok(groups)
}

fn link_to_hit(hit: &SearchHit) -> PaletteLink {
    let name = hit.name.clone().unwrap_or_else(|| "[redacted]".to_owned());
    match hit.item {
        Some(item) => PaletteLink {
            icon: "checklist",
            href: format!("/items/{item}"),
            title: hit.title.clone().unwrap_or_default(),
            place: name,
        },
        None => {
            PaletteLink { icon: "launch", href: format!("/launches/{}", hit.launch), title: name, place: String::new() }
        }
    }
}
