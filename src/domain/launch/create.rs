//! How the first event makes a launch from a version of a checklist.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    apply::ApplyError,
    current::{Current, CurrentOfItem},
    event::{Assignment, Change, Event, StateWithReason},
    resolution_change::{ResolutionChange, ResolutionChangeKind},
    state::{Agreement, ChecklistVersion, Item, LaunchState, Stage},
    texts::Texts,
};
use crate::domain::{
    checklist::Checklist,
    ids::{ItemId, LaunchId},
};

impl LaunchState {
    /// Creates the launch from its first event and the checklist version that the event names.
    pub fn create(event: &Event, version: Arc<ChecklistVersion>) -> Result<Self, ApplyError> {
        let Change::LaunchCreated { checklist, checklist_hash, details, policy, owner, restricted } = &event.change
        else {
            return Err(ApplyError::NotThisLaunch(event.seq));
        };
        if event.seq != 1 {
            return Err(ApplyError::NotThisLaunch(event.seq));
        }
        if version.id != *checklist {
            return Err(ApplyError::OtherVersion { named: *checklist, found: version.id });
        }
        if version.hash != *checklist_hash {
            return Err(ApplyError::VersionAltered {
                version: version.id,
                named: *checklist_hash,
                found: version.hash,
            });
        }
        let items = open_items(event.launch, &version.checklist);
        let item_positions = items.iter().enumerate().map(|(position, item)| (item.id, position)).collect();
        let mut state = Self {
            id: event.launch,
            seq: 1,
            last_at: event.at,
            created_at: event.at,
            details: details.clone(),
            policy: *policy,
            notes: None,
            restricted: *restricted,
            tags: Vec::new(),
            owner: owner.id,
            participants: Default::default(),
            holders: BTreeMap::new(),
            stage: Stage::Preparing,
            revoked_go: None,
            version,
            items,
            item_positions: Arc::new(item_positions),
            evidence: BTreeMap::new(),
            waivers: BTreeMap::new(),
            comments: BTreeMap::new(),
            evidence_requests: BTreeMap::new(),
            signatures: Vec::new(),
            signature_requests: BTreeMap::new(),
            redactions: Vec::new(),
            resolution_changes: vec![ResolutionChange {
                at: event.at,
                kind: ResolutionChangeKind::ZoneChanged(details.target.zone.clone()),
            }],
            last_changes: BTreeMap::new(),
            people: BTreeMap::new(),
            texts: Texts::default(),
            current: Current::default(),
        };
        state.record_person_name(&event.actor);
        state.record_person_name(owner);
        Ok(state)
    }
}

/// The items of a new launch, in the checklist's order.
fn open_items(launch: LaunchId, checklist: &Checklist) -> Vec<Item> {
    let mut items = Vec::new();
    for (p, part) in checklist.parts.iter().enumerate() {
        for (s, section) in part.sections.iter().enumerate() {
            for (i, definition) in section.items.iter().enumerate() {
                items.push(Item {
                    id: ItemId::from_key(launch, &definition.key),
                    position: (p, s, i),
                    status: StateWithReason::OPEN,
                    last_marked: None,
                    marked_seq: 0,
                    changed_seq: 0,
                    agreement: Agreement::None,
                    version: 1,
                    assignment: Assignment::default(),
                    evidence: Vec::new(),
                    waivers: Vec::new(),
                    comments: Vec::new(),
                    evidence_requests: Vec::new(),
                    current: CurrentOfItem::default(),
                });
            }
        }
    }
    items
}
