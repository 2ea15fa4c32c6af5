//! Two launches side by side, item by item.
//!
//! Items are compared by their key, so that launches from different versions of a checklist can be compared. Only those
//! who may see both launches see the comparison.

use std::borrow::Cow;

use askama::Template;
use axum::{extract::State, response::Response};
use serde::Deserialize;

use super::store::{self, ComparableLaunch};
use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        checklist::ItemKey,
        ids::{ItemId, LaunchId},
        launch::state::{Item, LaunchState, WaiverStatus},
        time::Moment,
    },
    presentation::{
        formatting,
        head::{LaunchHead, Tab},
        item_facts::ItemFacts,
    },
    state::AppState,
    texts,
    web::{
        Error,
        chrome::{Chrome, Nav, PageContext},
        form::Query,
        request::RequestNumber,
        response::render,
    },
};

/// How many launches are offered.
const MOST_OFFERED: i64 = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CompareWithQuery {
    other: String,
    /// `all` also shows the items that do not differ.
    show: String,
}

#[derive(Template)]
#[template(path = "launches/compare_with.html")]
struct CompareWithPage {
    chrome: Chrome,
    head: LaunchHead,
    offered: Vec<ComparableLaunch>,
    comparison: Option<LaunchComparison>,
    shows_all: bool,
}

/// Two launches, side by side.
struct LaunchComparison {
    id: LaunchId,
    name: String,
    /// The rows that are shown, in the order of the checklist.
    rows: Vec<ItemComparison>,
    /// Titles of items that only this launch has.
    only_here: Vec<String>,
    only_there: Vec<String>,
    /// The number of items that both launches have.
    common: usize,
    /// How many of those differ.
    differing: usize,
}

/// An item that both launches have.
#[derive(Debug, PartialEq)]
struct ItemComparison {
    title: String,
    place: String,
    sides: [ItemSide; 2],
}

/// An item in one of the launches.
#[derive(Debug, PartialEq)]
struct ItemSide {
    href: String,
    importance: &'static str,
    facts: ItemFacts,
    /// Waivers that are asked for or approved.
    waivers: usize,
}

impl ItemSide {
    fn new(launch: &LaunchState, item: &Item, now: Moment) -> Self {
        let waivers = launch
            .waivers_of(item)
            .filter(|waiver| matches!(waiver.status, WaiverStatus::Asked | WaiverStatus::Approved { .. }));
        Self {
            href: formatting::item_href(item.id),
            importance: launch.definition(item).importance.slug(),
            waivers: waivers.count(),
            facts: ItemFacts::from_item(launch, item, now),
        }
    }

    /// What is compared. Ids, and when somebody did something, differ in any two launches.
    fn compared(&self) -> (&'static str, &'static str, usize, usize, Option<&str>) {
        let assignee = self.facts.assignee.as_ref().map(|(name, _)| name.as_str());
        (self.facts.state.slug(), self.importance, self.facts.evidence, self.waivers, assignee)
    }

    fn is_critical(&self) -> bool {
        self.importance == "critical"
    }
}

impl ItemComparison {
    fn differs(&self) -> bool {
        self.sides[0].compared() != self.sides[1].compared()
    }
}

impl LaunchComparison {
    fn new(this_launch: &LaunchState, other_launch: &LaunchState, now: Moment, shows_all: bool) -> Self {
        let find = |launch: &LaunchState, key: &ItemKey| launch.item(ItemId::from_key(launch.id, key)).cloned();
        let (mut rows, mut only_here, mut common) = (Vec::new(), Vec::new(), 0);
        for (item, definition) in this_launch.items_with_definitions() {
            let Some(other) = find(other_launch, &definition.key) else {
                only_here.push(definition.title.to_string());
                continue;
            };
            common += 1;
            let sides = [ItemSide::new(this_launch, item, now), ItemSide::new(other_launch, &other, now)];
            let place = formatting::describe_place(this_launch, item);
            rows.push(ItemComparison { title: definition.title.to_string(), place, sides });
        }
        let gone = other_launch
            .items_with_definitions()
            .filter(|(_, definition)| find(this_launch, &definition.key).is_none());
        let only_there = gone.map(|(_, definition)| definition.title.to_string()).collect();
        let differing = rows.iter().filter(|row| row.differs()).count();
        rows.retain(|row| shows_all || row.differs());
        Self {
            id: other_launch.id,
            name: other_launch.name().to_owned(),
            rows,
            only_here,
            only_there,
            common,
            differing,
        }
    }
}

impl LaunchComparison {
    /// The items that only one of the launches has: their titles, the launch's name, and an anchor.
    fn lists_of_one_launch<'a>(&'a self, this_launch: &'a LaunchHead) -> [(&'a [String], &'a str, &'static str); 2] {
        [(&self.only_here, &this_launch.name, "here"), (&self.only_there, &self.name, "there")]
    }
}

pub(super) async fn show(
    State(state): State<AppState>,
    access: LaunchAccess,
    Query(query): Query<CompareWithQuery>,
    request: RequestNumber,
    page: PageContext,
) -> Result<Response, Error> {
    let (user, launch) = (&access.user, &access.launch);
    let reads_all = user.reads_all();
    let checklist = launch.version.checklist_id;
    let offered =
        store::list_comparable_launches(&state.db, user.id, reads_all, launch.id, checklist, MOST_OFFERED).await?;
    let shows_all = query.show == "all";
    let comparison = if query.other.is_empty() {
        None
    } else {
        let other: LaunchId = query.other.parse().map_err(|_| Error::NotFound)?;
        let other_launch = LaunchAccess::for_launch(user.clone(), request, &state, other).await?;
        Some(LaunchComparison::new(launch, &other_launch.launch, access.now, shows_all))
    };
    let title = match &comparison {
        Some(comparison) => texts::launches_compared(launch.name(), &comparison.name),
        None => texts::compare_launch_with_another(launch.name()),
    };
    render(&CompareWithPage {
        chrome: page.chrome(&state, title, Nav::Launches),
        head: LaunchHead::new(&access, Tab::Settings),
        offered,
        comparison,
        shows_all,
    })
}

impl CompareWithPage {
    /// The text of a launch to choose: its name and the day of its target.
    fn label(&self, launch: &ComparableLaunch) -> Cow<'static, str> {
        let day = crate::domain::time::Day::from_moment(launch.target, &self.chrome.zone);
        texts::launch_and_target_day(&launch.name, formatting::format_day(day))
    }

    fn is_chosen(&self, launch: &ComparableLaunch) -> bool {
        self.comparison.as_ref().is_some_and(|comparison| comparison.id == launch.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        ids::EvidenceId,
        launch::{
            command::{Command, NewEvidence},
            event::ItemState,
            fixture::{ANA, OWNER, World, checklist},
        },
    };

    /// The keys of the rows that differ, and the titles that are only here and only there.
    fn compare(this_launch: &World, other_launch: &World, shows_all: bool) -> LaunchComparison {
        LaunchComparison::new(&this_launch.state, &other_launch.state, this_launch.now, shows_all)
    }

    #[test]
    fn launches_differ_in_states_evidence_waivers_importance_and_assignees() {
        let this_launch = World::new();
        let same = compare(&this_launch, &World::new(), false);
        assert_eq!((same.rows.len(), same.differing, same.common), (0, 0, this_launch.state.items.len()));
        let changes: [fn(&mut World, ItemId) -> Command; 3] = [
            |_, item| Command::Mark { item, state: ItemState::Done, reason: None, version: 1 },
            |_, item| Command::SetAssignee { item, assignee: Some(ANA) },
            |world, item| Command::AttachEvidence {
                item,
                evidence: world.id::<EvidenceId>(),
                content: NewEvidence::Note(world.text("Log")),
                observed_on: None,
                valid_until: None,
            },
        ];
        for change in changes {
            let mut other_launch = World::new();
            let item = other_launch.item("required-any");
            let command = change(&mut other_launch, item);
            other_launch.run(OWNER, command).unwrap();
            let found = compare(&this_launch, &other_launch, false);
            let titles: Vec<&str> = found.rows.iter().map(|row| row.title.as_str()).collect();
            assert_eq!(titles, ["required-any"]);
            assert_eq!((found.differing, compare(&this_launch, &other_launch, true).rows.len()), (1, found.common));
        }
    }

    #[test]
    fn items_that_only_one_launch_has_are_listed_apart() {
        let this_launch = World::new();
        let mut version = checklist::every_kind_of_item();
        for section in version.checklist.parts.iter_mut().flat_map(|part| &mut part.sections) {
            section.items.retain(|item| item.key.as_str() != "required-any");
        }
        let other_launch = World::from_version(version, false);
        let found = compare(&this_launch, &other_launch, false);
        assert_eq!((found.only_here.as_slice(), found.only_there.len()), (&["required-any".to_owned()][..], 0));
        let found = compare(&other_launch, &this_launch, false);
        assert_eq!((found.only_there.as_slice(), found.only_here.len()), (&["required-any".to_owned()][..], 0));
    }
}
