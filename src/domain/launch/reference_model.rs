//! A naive second implementation of readiness, as a reference for property tests. It is written from the rules in
//! `docs/launches.md`, uses only the events, and shares no code with the implementation that it checks.
//!
//! It keeps a flat copy of the relevant state, compares whole scopes as text where the product compares digests, and
//! answers every question by a linear search.

use std::collections::{BTreeMap, BTreeSet};

use super::event::{Change, Event, EvidenceContent, ItemState, SignatureRecord, Vote};
use crate::domain::{
    checklist::{Checklist, ChecklistItem, Importance, Phase},
    ids::{EvidenceId, ItemId, LaunchId, SignatureId, UserId, WaiverId},
    role::RoleSlug,
    time::{Day, LocalTime, Moment},
};

/// The readiness that the model computes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ModelJudgement {
    /// Whether there is any reason against GO.
    pub(super) blocked: bool,
    pub(super) conditions: BTreeSet<String>,
}

/// The relevant part of a launch.
#[derive(Debug, Clone)]
pub(super) struct LaunchModel {
    checklist: Checklist,
    launch: LaunchId,
    name: String,
    target: LocalTime,
    slip_days: i64,
    separation_of_duties: bool,
    holders: BTreeSet<(RoleSlug, UserId)>,
    items: BTreeMap<ItemId, ModelItem>,
    signatures: Vec<ModelSignature>,
}

#[derive(Debug, Clone)]
struct ModelItem {
    definition: ChecklistItem,
    state: ItemState,
    reason: String,
    agreed_by: Option<UserId>,
    /// Evidence that was not withdrawn: its content as text, and its last day.
    evidence: BTreeMap<EvidenceId, (String, Option<Day>)>,
    /// In the order of asking.
    waivers: Vec<ModelWaiver>,
}

#[derive(Debug, Clone)]
struct ModelWaiver {
    id: WaiverId,
    fields: String,
    expires_on: Day,
    approval: Option<String>,
}

#[derive(Debug, Clone)]
struct ModelSignature {
    record: SignatureRecord,
    /// The scope at the time of signing.
    scope: String,
    /// Not withdrawn, not superseded by its signer, and not lifted.
    is_in_effect: bool,
}

impl LaunchModel {
    /// The model of a newly created launch.
    pub(super) fn new(checklist: &Checklist, first: &Event) -> Self {
        let Change::LaunchCreated { details, policy, .. } = &first.change else { panic!("not a first event") };
        let item = |definition: &ChecklistItem| ModelItem {
            definition: definition.clone(),
            state: ItemState::Open,
            reason: "None".to_owned(),
            agreed_by: None,
            evidence: BTreeMap::new(),
            waivers: Vec::new(),
        };
        Self {
            checklist: checklist.clone(),
            launch: first.launch,
            name: details.name.to_string(),
            target: details.target.clone(),
            slip_days: i64::from(policy.slip_days),
            separation_of_duties: policy.separation_of_duties,
            holders: BTreeSet::new(),
            items: checklist.items().map(|(_, _, d)| (ItemId::from_key(first.launch, &d.key), item(d))).collect(),
            signatures: Vec::new(),
        }
    }

    fn item_mut(&mut self, item: ItemId) -> &mut ModelItem {
        self.items.get_mut(&item).unwrap()
    }

    pub(super) fn apply_event(&mut self, event: &Event) {
        let by = event.actor.id;
        match &event.change {
            Change::DetailsChanged { new, .. } => {
                (self.name, self.target) = (new.name.to_string(), new.target.clone());
            }
            Change::PolicyChanged { new, .. } => {
                (self.slip_days, self.separation_of_duties) = (i64::from(new.slip_days), new.separation_of_duties);
            }
            Change::HolderAdded { role, person } => drop(self.holders.insert((role.clone(), person.id))),
            Change::HolderRemoved { role, person } => drop(self.holders.remove(&(role.clone(), person.id))),
            Change::ItemMarked { item, new, .. } => {
                let item = self.item_mut(*item);
                (item.state, item.reason, item.agreed_by) = (new.state, format!("{:?}", new.reason), None);
            }
            Change::AgreementGiven { item, .. } => self.item_mut(*item).agreed_by = Some(by),
            Change::AgreementRefused { item, .. } => self.item_mut(*item).agreed_by = None,
            Change::EvidenceAttached { item, evidence, content, observed_on, valid_until, .. } => {
                let content_text = match content {
                    EvidenceContent::File { sha256, .. } => format!("file {sha256}"),
                    EvidenceContent::Link { url } => format!("link {url}"),
                    EvidenceContent::Note { body } => format!("note {body}"),
                };
                let content_text = format!("{content_text} {observed_on} {valid_until:?}");
                self.item_mut(*item).evidence.insert(*evidence, (content_text, *valid_until));
            }
            Change::EvidenceWithdrawn { item, evidence, .. } => drop(self.item_mut(*item).evidence.remove(evidence)),
            Change::WaiverAsked { item, waiver, reason, control, expires_on } => {
                let fields = format!("{waiver} {by} {reason} {control} {expires_on}");
                let (id, expires_on) = (*waiver, *expires_on);
                self.item_mut(*item).waivers.push(ModelWaiver { id, fields, expires_on, approval: None });
            }
            Change::WaiverApproved { item, waiver, reason } => {
                let mut waivers = self.item_mut(*item).waivers.iter_mut();
                waivers.find(|w| w.id == *waiver).unwrap().approval = Some(format!("{by} {reason:?}"));
            }
            Change::WaiverRefused { item, waiver, .. } | Change::WaiverRevoked { item, waiver, .. } => {
                self.item_mut(*item).waivers.retain(|w| w.id != *waiver);
            }
            Change::Signed(record) => {
                let (scope, record) = (self.scope_text(&record.role), (**record).clone());
                for earlier in &mut self.signatures {
                    let own = earlier.record.signer.id == record.signer.id && earlier.record.role == record.role;
                    earlier.is_in_effect &= !own && record.lifts != Some(earlier.record.id);
                }
                self.signatures.push(ModelSignature { record, scope, is_in_effect: true });
            }
            Change::SignatureWithdrawn { signature, .. } => self.end_signature(*signature),
            _ => {}
        }
    }

    fn end_signature(&mut self, signature: SignatureId) {
        self.signatures.iter_mut().find(|s| s.record.id == signature).unwrap().is_in_effect = false;
    }

    /// Everything that a signature in a role is bound to, as text.
    fn scope_text(&self, role: &RoleSlug) -> String {
        let signs = |role: &RoleSlug| self.checklist.required_roles.iter().any(|required| required.role == *role);
        let mut text = format!(
            "{} {role} {} {} {} {} {:?}",
            self.launch,
            self.name,
            self.target.local,
            self.target.zone,
            self.separation_of_duties,
            self.checklist.required_roles
        );
        for (_, _, definition) in self.checklist.items() {
            let elsewhere = definition.role.as_ref().is_some_and(|own| own != role && signs(own));
            if definition.phase != Phase::Before || elsewhere {
                continue;
            }
            let item = &self.items[&ItemId::from_key(self.launch, &definition.key)];
            let mut evidence: Vec<_> = item.evidence.values().map(|(content_text, _)| content_text).collect();
            evidence.sort();
            let approved = item.waivers.iter().rfind(|waiver| waiver.approval.is_some());
            let waiver = approved.map(|waiver| (&waiver.fields, &waiver.approval));
            text += &format!("\n{:?} {} {:?} {evidence:?} {waiver:?}", item.state, item.reason, item.agreed_by);
        }
        text
    }

    fn is_day_over(&self, day: Day, now: Moment) -> bool {
        now.to_local(&self.target.zone).date() > day.0
    }

    fn has_evidence(&self, item: &ModelItem, now: Moment) -> bool {
        item.evidence.values().any(|(_, until)| !until.is_some_and(|day| self.is_day_over(day, now)))
    }

    fn waiver_in_force<'a>(&self, item: &'a ModelItem, now: Moment) -> Option<&'a ModelWaiver> {
        let holding = |waiver: &&ModelWaiver| waiver.approval.is_some() && !self.is_day_over(waiver.expires_on, now);
        item.waivers.iter().rfind(|waiver| waiver.approval.is_some()).filter(holding)
    }

    pub(super) fn compute_judgement(&self, now: Moment) -> ModelJudgement {
        let mut blocked = false;
        let mut conditions = BTreeSet::new();
        for (id, item) in self.items.iter().filter(|(_, item)| item.definition.phase == Phase::Before) {
            let advisory = item.definition.importance == Importance::Advisory;
            let unproven = item.definition.evidence_required && !self.has_evidence(item, now);
            let lack = match (item.state, self.waiver_in_force(item, now)) {
                (ItemState::Open | ItemState::Blocked, Some(waiver)) => {
                    conditions.insert(format!("waiver:{}", waiver.id));
                    None
                }
                (ItemState::Open, None) => Some("open"),
                (ItemState::Blocked, None) => Some("blocked"),
                (ItemState::Done, _) if unproven => Some("no_evidence"),
                (ItemState::Done, _) => None,
                (ItemState::NotApplicable, _) => {
                    blocked |= item.definition.importance == Importance::Critical && item.agreed_by.is_none();
                    None
                }
            };
            match lack {
                Some(lack) if advisory => drop(conditions.insert(format!("advisory:{id}:{lack}"))),
                Some(_) => blocked = true,
                None => {}
            }
        }
        for required in &self.checklist.required_roles {
            blocked |= !self.signatures.iter().any(|s| s.record.role == required.role && self.is_current_go(s));
        }
        blocked |= self.signatures.iter().any(|s| s.is_in_effect && s.record.verdict == Vote::NoGo);
        blocked |= now > self.target.to_moment().plus_seconds(self.slip_days * 24 * 60 * 60);
        ModelJudgement { blocked, conditions }
    }

    fn is_current_go(&self, signature: &ModelSignature) -> bool {
        let SignatureRecord { role, signer, verdict, .. } = &signature.record;
        let holds = self.holders.contains(&(role.clone(), signer.id));
        signature.is_in_effect && *verdict == Vote::Go && holds && signature.scope == self.scope_text(role)
    }
}
