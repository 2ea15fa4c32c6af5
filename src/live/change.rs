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
    launch_page::head::{Head, Tab},
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
    /// The items that changed.
    items: Vec<ItemChange>,
}

/// An item that changed, as it is now.
#[derive(Debug, Serialize)]
struct ItemChange {
    id: ItemId,
    title: String,
    /// The state as it is drawn: the stored one, or `waived`.
    state: &'static str,
    /// The state that is stored.
    stored: &'static str,
    version: i64,
    reason: String,
    evidence: usize,
    /// Whether the state changed, and not something else about the item.
    marked: bool,
    /// Who marked it last.
    who: String,
    initials: String,
    /// When.
    at: Option<Moment>,
}

impl LaunchChange {
    /// What changed from one state to a later one.
    pub(super) fn between(old: &LaunchState, new: &LaunchState, now: Moment) -> Self {
        let found = readiness(new, now);
        let head = Head::with(new, &found, now, Tab::Checklist);
        let changed = old.items.iter().zip(&new.items).filter(|(before, after)| before != after);
        // A launch that goes on to another stage unlocks other items; a page that shows them is made anew.
        Self {
            launch: new.id,
            seq: new.seq,
            verdict: head.verdict.slug(),
            summary: head.summary_of_verdict,
            stage: new.stage.name().slug(),
            items: changed.map(|(before, after)| ItemChange::of(new, before, after, now)).collect(),
        }
    }
}

impl ItemChange {
    fn of(state: &LaunchState, before: &Item, item: &Item, now: Moment) -> Self {
        let who = item.marked.map_or("", |(by, _)| state.person(by));
        Self {
            id: item.id,
            title: state.definition(item).title.to_string(),
            state: if state.waived_by(item, now).is_some() { "waived" } else { item.standing.state.slug() },
            stored: item.standing.state.slug(),
            version: item.version,
            reason: item.standing.reason.map_or_else(String::new, |reason| state.text(&reason).to_owned()),
            evidence: state.evidence_of(item).filter(|evidence| evidence.withdrawn.is_none()).count(),
            marked: before.standing != item.standing,
            who: who.to_owned(),
            initials: initials(who),
            at: item.marked.map(|(_, at)| at),
        }
    }
}
