//! What changed between two states of a launch, as open pages need to know it.

use serde::Serialize;

use crate::{
    domain::{
        ids::{ItemId, LaunchId},
        launch::{
            event::Seq,
            state::{Item, LaunchState},
        },
        readiness::readiness,
        time::Moment,
    },
    launch_page::{
        head::{Head, Tab},
        item_facts::ItemFacts,
    },
    web::page::initials,
};

/// What changed of a launch.
#[derive(Debug, Serialize)]
pub(super) struct LaunchChange {
    /// The launch.
    launch: LaunchId,
    /// Its newest event.
    seq: Seq,
    /// The verdict now.
    verdict: &'static str,
    /// The verdict's summary.
    summary: String,
    /// The launch's stage.
    stage: &'static str,
    /// Whether nobody did anything: it is time that changed what is shown.
    lapsed: bool,
    /// The items that changed.
    items: Vec<ItemChange>,
}

/// An item that changed, as it is now.
#[derive(Debug, Serialize)]
struct ItemChange {
    id: ItemId,
    title: String,
    /// Whether the state changed, and not something else about the item.
    restated: bool,
    /// The initials of who marked it last.
    initials: String,
    #[serde(flatten)]
    facts: ItemFacts,
}

impl LaunchChange {
    /// What changed from one state to a later one.
    pub(super) fn between(old: &LaunchState, new: &LaunchState, now: Moment) -> Self {
        let found = readiness(new, now);
        let head = Head::with(new, &found, now, Tab::Checklist);
        let pairs = old.items.iter().zip(&new.items);
        let changed = pairs.filter(|(before, after)| before != after || differ(old, new, after));
        // A launch that goes on to another stage unlocks other items; a page that shows them is made anew.
        Self {
            launch: new.id,
            seq: new.seq,
            verdict: head.verdict.slug(),
            summary: head.summary_of_verdict,
            stage: new.stage.name().slug(),
            lapsed: false,
            items: changed.map(|(before, after)| ItemChange::of(new, before, after, now)).collect(),
        }
    }

    /// What time alone changed of a launch since a page was told of it: waivers and evidence that lapsed, days that
    /// are over, and the verdict with them.
    pub(super) fn by_time(state: &LaunchState, then: Moment, now: Moment) -> Self {
        let lapsed = |item: &&Item| ItemFacts::of(state, item, then) != ItemFacts::of(state, item, now);
        let items = state.items.iter().filter(lapsed).map(|item| ItemChange::of(state, item, item, now)).collect();
        Self { lapsed: true, items, ..Self::between(state, state, now) }
    }
}

/// Whether something that an item has is not what it was: evidence withdrawn, a waiver decided, a comment rewritten, a
/// request answered.
fn differ(old: &LaunchState, new: &LaunchState, item: &Item) -> bool {
    item.evidence.iter().any(|id| old.evidence.get(id) != new.evidence.get(id))
        || item.waivers.iter().any(|id| old.waivers.get(id) != new.waivers.get(id))
        || item.comments.iter().any(|id| old.comments.get(id) != new.comments.get(id))
        || item.requests.iter().any(|id| old.requests.get(id) != new.requests.get(id))
}

impl ItemChange {
    fn of(state: &LaunchState, before: &Item, item: &Item, now: Moment) -> Self {
        Self {
            id: item.id,
            title: state.definition(item).title.to_string(),
            restated: before.standing != item.standing,
            initials: item.marked.map_or_else(String::new, |(by, _)| initials(state.person(by))),
            facts: ItemFacts::of(state, item, now),
        }
    }
}
