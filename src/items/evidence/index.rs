//! GET: all evidence of a launch, grouped by item.

use std::borrow::Cow;

use askama::Template;
use axum::{extract::State, response::Response};
use serde::Deserialize;

use super::{
    status::EvidenceStatus,
    view::{EvidenceView, build_evidence_view},
};
use crate::{
    access::{launch_access::LaunchAccess, past_launch::PastLaunchAccess},
    domain::{ids::ItemId, launch::state::Item},
    presentation::{
        formatting,
        head::{LaunchHead, Tab},
    },
    state::AppState,
    texts,
    web::{
        Error,
        chrome::{Chrome, Nav, PageContext},
        form::Query,
        query::build_address,
        response::render,
    },
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct EvidenceQuery {
    kind: String,
    standing: String,
}

#[derive(Template)]
#[template(path = "items/evidence.html")]
struct EvidencePage {
    chrome: Chrome,
    head: LaunchHead,
    /// What the address asks for and the page does not know.
    problem: Option<Cow<'static, str>>,
    groups: Vec<EvidenceGroup>,
    shown_count: usize,
    total: usize,
    kinds: Vec<EvidenceFilterLink>,
    standings: Vec<EvidenceFilterLink>,
}

struct EvidenceGroup {
    item: ItemId,
    title: String,
    place: String,
    list: Vec<EvidenceView>,
}

/// A filter option, with the number of pieces that match it.
struct EvidenceFilterLink {
    word: Cow<'static, str>,
    count: usize,
    href: String,
    chosen: bool,
}

/// Filter by kind and status; an empty value matches everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct EvidenceFilter {
    kind: &'static str,
    status: &'static str,
}

/// The choices of a filter: each value with its label.
type FilterChoices = [(&'static str, Cow<'static, str>); 4];

fn kind_choices() -> FilterChoices {
    [
        ("", texts::evidence_of_every_kind()),
        ("file", texts::only_files()),
        ("link", texts::only_links()),
        ("note", texts::only_notes()),
    ]
}

fn status_choices() -> FilterChoices {
    [
        ("", texts::valid_or_not()),
        (EvidenceStatus::Valid.slug(), texts::only_valid()),
        (EvidenceStatus::Lapsed.slug(), texts::only_lapsed()),
        (EvidenceStatus::Withdrawn.slug(), texts::only_withdrawn()),
    ]
}

impl EvidenceFilter {
    /// Filter from an address; unknown values are ignored.
    fn from_query(query: &EvidenceQuery) -> Self {
        let find = |choices: FilterChoices, slug: &str| {
            choices.into_iter().map(|(value, _)| value).find(|value| *value == slug).unwrap_or_default()
        };
        Self { kind: find(kind_choices(), &query.kind), status: find(status_choices(), &query.standing) }
    }

    fn matches(self, evidence: &EvidenceView) -> bool {
        (self.kind.is_empty() || evidence.kind == self.kind)
            && (self.status.is_empty() || evidence.standing.slug() == self.status)
    }

    fn count_matches(self, groups: &[EvidenceGroup]) -> usize {
        groups.iter().flat_map(|group| &group.list).filter(|evidence| self.matches(evidence)).count()
    }

    fn to_query_string(self) -> String {
        build_address("", &[("kind", self.kind), ("standing", self.status)])
    }
}

pub(super) async fn show(
    State(state): State<AppState>,
    access: LaunchAccess,
    Query(query): Query<EvidenceQuery>,
    page: PageContext,
) -> Result<Response, Error> {
    render(&build_page(&state, &access, &query, &page))
}

pub(super) async fn show_past(
    State(state): State<AppState>,
    PastLaunchAccess(access): PastLaunchAccess,
    Query(query): Query<EvidenceQuery>,
    page: PageContext,
) -> Result<Response, Error> {
    render(&build_page(&state, &access, &query, &page))
}

fn build_page(state: &AppState, access: &LaunchAccess, query: &EvidenceQuery, page: &PageContext) -> EvidencePage {
    let filter = EvidenceFilter::from_query(query);
    let mut groups = build_groups(access);
    let head = LaunchHead::new(access, Tab::Evidence);
    let path = head.page_href("evidence");
    let choice = |word, to: EvidenceFilter| EvidenceFilterLink {
        word,
        count: to.count_matches(&groups),
        href: format!("{path}{}", to.to_query_string()),
        chosen: to == filter,
    };
    let kinds =
        kind_choices().into_iter().map(|(kind, word)| choice(word, EvidenceFilter { kind, ..filter })).collect();
    let standings = status_choices()
        .into_iter()
        .map(|(standing, word)| choice(word, EvidenceFilter { status: standing, ..filter }))
        .collect();
    let total = groups.iter().map(|group| group.list.len()).sum();
    let shown_count = filter.count_matches(&groups);
    for group in &mut groups {
        group.list.retain(|evidence| filter.matches(evidence));
    }
    groups.retain(|group| !group.list.is_empty());
    let chrome = page.chrome(state, texts::evidence_title(access.launch.name()), Nav::Launches);
    let is_known = query.kind == filter.kind && query.standing == filter.status;
    EvidencePage {
        problem: (!is_known).then(texts::no_such_filter_of_evidence),
        chrome: chrome.as_of(access.past().map(|past| past.seq)),
        head,
        groups,
        shown_count,
        total,
        kinds,
        standings,
    }
}

/// All evidence, grouped by item in the checklist's order.
fn build_groups(access: &LaunchAccess) -> Vec<EvidenceGroup> {
    let launch = &*access.launch;
    let group = |item: &Item| EvidenceGroup {
        item: item.id,
        title: launch.definition(item).shown_title(),
        place: formatting::describe_place(launch, item),
        list: launch.evidence_of(item).map(|evidence| build_evidence_view(access, item, evidence)).collect(),
    };
    launch.items.iter().filter(|item| !item.evidence.is_empty()).map(group).collect()
}
