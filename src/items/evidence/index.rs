//! GET: all evidence of a launch, by item: what backs it.

use askama::Template;
use axum::{extract::State, response::Response};
use serde::Deserialize;

use super::view::{EvidenceView, Standing, view};
use crate::{
    access::{launch_access::LaunchAccess, past::AsItStood},
    domain::{ids::ItemId, launch::state::Item},
    launch_page::{
        head::{Head, Tab},
        words,
    },
    state::AppState,
    web::{
        Error,
        form::Query,
        page::{Chrome, Nav, Page, html},
        query::address,
    },
};

/// What of it is wanted, as the address says it.
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
    kinds: Vec<Choice>,
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
    word: &'static str,
    count: usize,
    href: String,
    chosen: bool,
}

/// Which evidence is let through; an empty word lets through all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Filter {
    kind: &'static str,
    standing: &'static str,
}

const KINDS: [(&str, &str); 4] = [("", "All"), ("file", "Files"), ("link", "Links"), ("note", "Notes")];

const STANDINGS: [(&str, &str); 4] = [
    ("", "All"),
    (Standing::Stands.slug(), "Standing"),
    (Standing::Lapsed.slug(), "Lapsed"),
    (Standing::Withdrawn.slug(), "Withdrawn"),
];

impl Filter {
    /// What an address asks for; words that mean nothing filter nothing.
    fn new(wanted: &Wanted) -> Self {
        let known = |words: &[(&'static str, &str)], slug: &str| {
            words.iter().map(|(known, _)| *known).find(|known| *known == slug).unwrap_or_default()
        };
        Self { kind: known(&KINDS, &wanted.kind), standing: known(&STANDINGS, &wanted.standing) }
    }

    fn lets_through(self, evidence: &EvidenceView) -> bool {
        (self.kind.is_empty() || evidence.kind == self.kind)
            && (self.standing.is_empty() || evidence.standing.slug() == self.standing)
    }

    fn count(self, groups: &[Group]) -> usize {
        groups.iter().flat_map(|group| &group.list).filter(|evidence| self.lets_through(evidence)).count()
    }

    /// The query of an address that asks for this.
    fn query(self) -> String {
        address("", &[("kind", self.kind), ("standing", self.standing)])
    }
}

/// `GET /launches/{id}/evidence`.
pub(super) async fn show(
    State(state): State<AppState>,
    access: LaunchAccess,
    Query(wanted): Query<Wanted>,
    page: Page,
) -> Result<Response, Error> {
    html(&index(&state, &access, &wanted, &page))
}

/// `GET /launches/{id}/as-of/{seq}/evidence`.
pub(super) async fn as_it_stood(
    State(state): State<AppState>,
    AsItStood(access): AsItStood,
    Query(wanted): Query<Wanted>,
    page: Page,
) -> Result<Response, Error> {
    html(&index(&state, &access, &wanted, &page))
}

fn index(state: &AppState, access: &LaunchAccess, wanted: &Wanted, page: &Page) -> Index {
    let filter = Filter::new(wanted);
    let mut groups = groups(access);
    let head = Head::new(access, Tab::Evidence);
    let path = head.page("evidence");
    let choice = |word, to: Filter| Choice {
        word,
        count: to.count(&groups),
        href: format!("{path}{}", to.query()),
        chosen: to == filter,
    };
    let kinds = KINDS.iter().map(|(kind, word)| choice(word, Filter { kind, ..filter })).collect();
    let standings = STANDINGS.iter().map(|(standing, word)| choice(word, Filter { standing, ..filter })).collect();
    let total = groups.iter().map(|group| group.list.len()).sum();
    let shown = filter.count(&groups);
    for group in &mut groups {
        group.list.retain(|evidence| filter.lets_through(evidence));
    }
    groups.retain(|group| !group.list.is_empty());
    let chrome = page.chrome(state, format!("Evidence · {}", access.launch.name()), Nav::Launches);
    Index { chrome: chrome.as_of(access.past().map(|past| past.seq)), head, groups, shown, total, kinds, standings }
}

/// All evidence, by item in the checklist's order.
fn groups(access: &LaunchAccess) -> Vec<Group> {
    let launch = &*access.launch;
    let group = |item: &Item| Group {
        item: item.id,
        title: launch.definition(item).title.to_string(),
        place: words::place(launch, item),
        list: launch.evidence_of(item).map(|evidence| view(access, item, evidence)).collect(),
    };
    launch.items.iter().filter(|item| !item.evidence.is_empty()).map(group).collect()
}
