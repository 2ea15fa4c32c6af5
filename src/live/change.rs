//! The changes between two states of a launch, as open pages need them.

use serde::Serialize;

use crate::{
    domain::{
        ids::{ItemId, LaunchId},
        launch::{
            event::Seq,
            state::{Item, LaunchState},
        },
        readiness::compute_readiness,
        time::Moment,
    },
    presentation::{
        head::{LaunchHead, Tab},
        item_facts::ItemFacts,
    },
    web::page::initials,
};

#[derive(Debug, Serialize)]
pub(super) struct LaunchChange {
    launch: LaunchId,
    /// The launch's newest event.
    seq: Seq,
    verdict: &'static str,
    summary: String,
    stage: &'static str,
    /// Whether the change was caused by time alone.
    lapsed: bool,
    items: Vec<ItemChange>,
}

/// An item that changed, in its new state.
#[derive(Debug, Serialize)]
struct ItemChange {
    id: ItemId,
    title: String,
    /// Whether the item's state changed, rather than something else about the item.
    restated: bool,
    /// The initials of the last person who marked it.
    initials: String,
    #[serde(flatten)]
    facts: ItemFacts,
}

impl LaunchChange {
    pub(super) fn between(old: &LaunchState, new: &LaunchState, now: Moment) -> Self {
        let found = compute_readiness(new, now);
        let head = LaunchHead::without_viewer(new, &found, now, Tab::Checklist);
        let pairs = old.items.iter().zip(&new.items);
        let changed = pairs.filter(|(before, after)| before != after || item_contents_differ(old, new, after));
        // A launch in a new stage allows changes to other items, so a page that shows them is reloaded.
        Self {
            launch: new.id,
            seq: new.seq,
            verdict: head.verdict.slug(),
            summary: head.summary_of_verdict,
            stage: new.stage.name().slug(),
            lapsed: false,
            items: changed.map(|(before, after)| ItemChange::between(new, before, after, now)).collect(),
        }
    }

    /// What time alone has changed since a page was last updated: waivers and evidence that expired, days that ended,
    /// and the verdict with them.
    pub(super) fn caused_by_time(state: &LaunchState, then: Moment, now: Moment) -> Self {
        let lapsed = |item: &&Item| ItemFacts::from_item(state, item, then) != ItemFacts::from_item(state, item, now);
        let items = state.items.iter().filter(lapsed).map(|item| ItemChange::between(state, item, item, now)).collect();
        Self { lapsed: true, items, ..Self::between(state, state, now) }
    }
}

/// Whether something that belongs to an item changed: evidence withdrawn, a waiver decided, a comment edited, a request
/// answered.
fn item_contents_differ(old: &LaunchState, new: &LaunchState, item: &Item) -> bool {
    item.evidence.iter().any(|id| old.evidence.get(id) != new.evidence.get(id))
        || item.waivers.iter().any(|id| old.waivers.get(id) != new.waivers.get(id))
        || item.comments.iter().any(|id| old.comments.get(id) != new.comments.get(id))
        || item.evidence_requests.iter().any(|id| old.evidence_requests.get(id) != new.evidence_requests.get(id))
}

impl ItemChange {
    fn between(state: &LaunchState, before: &Item, item: &Item, now: Moment) -> Self {
        Self {
            id: item.id,
            title: state.definition(item).title.to_string(),
            restated: before.status != item.status,
            initials: item.last_marked.map_or_else(String::new, |(by, _)| initials(state.person_name(by))),
            facts: ItemFacts::from_item(state, item, now),
        }
    }
}
