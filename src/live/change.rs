//! What changed in a launch since an event, as open pages need it. It is found in the current state, which knows the last
//! event that changed each item, so that no earlier state has to be loaded.

use std::collections::HashSet;

use serde::Serialize;

use crate::{
    domain::{
        ids::{ItemId, LaunchId},
        launch::{
            event::{Redaction, Seq},
            state::{Item, LaunchState},
            texts::Commitment,
        },
        readiness::compute_readiness,
        time::Moment,
    },
    presentation::{
        head::{LaunchHead, Tab},
        item_facts::ItemFacts,
    },
    web::person_tag::initials,
};

#[derive(Debug, Serialize)]
pub(super) struct LaunchChange {
    launch: LaunchId,
    /// The launch's newest event.
    seq: Seq,
    verdict: &'static str,
    summary: String,
    stage: &'static str,
    /// Whether time alone may have changed something.
    lapsed: bool,
    items: Vec<ItemChange>,
}

/// An item that changed, in its new state.
#[derive(Debug, Serialize)]
struct ItemChange {
    id: ItemId,
    title: String,
    /// Whether the item was marked, rather than changed in something else.
    restated: bool,
    /// The initials of the last person who marked it.
    initials: String,
    #[serde(flatten)]
    facts: ItemFacts,
}

impl LaunchChange {
    /// What changed after event `since`.
    pub(super) fn since_event(state: &LaunchState, since: Seq, now: Moment) -> Self {
        Self::new(state, since, now, |_| false)
    }

    /// What changed after event `since`, which a page showed at `then`, and what time alone has changed from then on:
    /// waivers and evidence that expired, days that ended, and the verdict with them.
    pub(super) fn since_update(state: &LaunchState, since: Seq, then: Moment, now: Moment) -> Self {
        let lapsed = |item: &Item| ItemFacts::from_item(state, item, then) != ItemFacts::from_item(state, item, now);
        Self { lapsed: true, ..Self::new(state, since, now, lapsed) }
    }

    fn new(state: &LaunchState, since: Seq, now: Moment, has_lapsed: impl Fn(&Item) -> bool) -> Self {
        let readiness = compute_readiness(state, now);
        let head = LaunchHead::without_viewer(state, &readiness, now, Tab::Checklist);
        let redacted = texts_redacted_since(state, since);
        let has_changed = |item: &&Item| {
            item.changed_seq > since
                || item.status.reason.is_some_and(|reason| redacted.contains(&reason))
                || has_lapsed(item)
        };
        let changed = state.items.iter().filter(has_changed);
        // A launch in a new stage allows changes to other items, so a page that shows them is reloaded.
        Self {
            launch: state.id,
            seq: state.seq,
            verdict: head.verdict.slug(),
            summary: head.summary_of_verdict,
            stage: state.stage.name().slug(),
            lapsed: false,
            items: changed.map(|item| ItemChange::since_event(state, item, since, now)).collect(),
        }
    }
}

fn texts_redacted_since(state: &LaunchState, since: Seq) -> HashSet<Commitment> {
    let redactions = state.redactions.iter().rev().take_while(|record| record.seq > since);
    redactions
        .filter_map(|record| match record.redaction {
            Redaction::Text { commitment, .. } => Some(commitment),
            Redaction::File { .. } => None,
        })
        .collect()
}

impl ItemChange {
    fn since_event(state: &LaunchState, item: &Item, since: Seq, now: Moment) -> Self {
        Self {
            id: item.id,
            title: state.definition(item).shown_title(),
            restated: item.marked_seq > since,
            initials: item.last_marked.map_or_else(String::new, |(by, _)| initials(state.person_name(by))),
            facts: ItemFacts::from_item(state, item, now),
        }
    }
}
