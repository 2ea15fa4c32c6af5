//! A second, naive telling of what stands in the way of a launch, for property tests: written from the rules as
//! `docs/launches.md` states them, out of the events alone, and with nothing of the code that it checks.
//!
//! It keeps a flat copy of what matters, compares whole scopes as text where the product compares digests, and asks
//! every question by looking through everything.

use std::collections::{BTreeMap, BTreeSet};

use super::event::{Change, Event, EvidenceContent, ItemState, SignatureRecord, Vote};
use crate::domain::{
    checklist::{Checklist, ChecklistItem, Importance, Phase},
    ids::{EvidenceId, ItemId, LaunchId, SignatureId, UserId, WaiverId},
    role::RoleSlug,
    time::{Day, LocalTime, Moment},
};

/// What the model makes of a launch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Judgement {
    /// Whether something stands in the way.
    pub(super) blocked: bool,
    /// The ids of the conditions.
    pub(super) conditions: BTreeSet<String>,
}

/// What matters of a launch.
#[derive(Debug, Clone)]
pub(super) struct Model {
    checklist: Checklist,
    launch: LaunchId,
    name: String,
    target: LocalTime,
    slip_days: i64,
    separated: bool,
    holders: BTreeSet<(RoleSlug, UserId)>,
    items: BTreeMap<ItemId, Item>,
    signatures: Vec<Signature>,
}

#[derive(Debug, Clone)]
struct Item {
    definition: ChecklistItem,
    state: ItemState,
    reason: String,
    agreed: Option<UserId>,
    /// What stands unwithdrawn: what it says, and until when it holds.
    evidence: BTreeMap<EvidenceId, (String, Option<Day>)>,
    /// In the order asked for.
    waivers: Vec<Waiver>,
}

#[derive(Debug, Clone)]
struct Waiver {
    id: WaiverId,
    fields: String,
    expires_on: Day,
    approved: Option<String>,
}

#[derive(Debug, Clone)]
struct Signature {
    record: SignatureRecord,
    /// The scope as it was signed.
    scope: String,
    /// Not withdrawn, not replaced by a later one of its signer, not lifted.
    stands: bool,
}

impl Model {
    /// The model of a launch just made.
    pub(super) fn new(checklist: &Checklist, first: &Event) -> Self {
        let Change::LaunchCreated { details, policy, .. } = &first.change else { panic!("not a first event") };
        let item = |definition: &ChecklistItem| Item {
            definition: definition.clone(),
            state: ItemState::Open,
            reason: String::new(),
            agreed: None,
            evidence: BTreeMap::new(),
            waivers: Vec::new(),
        };
        Self {
            checklist: checklist.clone(),
            launch: first.launch,
            name: details.name.to_string(),
            target: details.target.clone(),
            slip_days: i64::from(policy.slip_days),
            separated: policy.separation_of_duties,
            holders: BTreeSet::new(),
            items: checklist.items().map(|(_, _, d)| (ItemId::of(first.launch, &d.key), item(d))).collect(),
            signatures: Vec::new(),
        }
    }

    fn on(&mut self, item: ItemId) -> &mut Item {
        self.items.get_mut(&item).unwrap()
    }

    /// Takes one more event.
    pub(super) fn take(&mut self, event: &Event) {
        let by = event.actor.id;
        match &event.change {
            Change::DetailsChanged { new, .. } => {
                (self.name, self.target) = (new.name.to_string(), new.target.clone());
            }
            Change::PolicyChanged { new, .. } => {
                (self.slip_days, self.separated) = (i64::from(new.slip_days), new.separation_of_duties);
            }
            Change::HolderAdded { role, person } => drop(self.holders.insert((role.clone(), person.id))),
            Change::HolderRemoved { role, person } => drop(self.holders.remove(&(role.clone(), person.id))),
            Change::ItemMarked { item, new, .. } => {
                let item = self.on(*item);
                (item.state, item.reason, item.agreed) = (new.state, format!("{:?}", new.reason), None);
            }
            Change::AgreementGiven { item, .. } => self.on(*item).agreed = Some(by),
            Change::AgreementRefused { item, .. } => self.on(*item).agreed = None,
            Change::EvidenceAttached { item, evidence, content, observed_on, valid_until, .. } => {
                let says = match content {
                    EvidenceContent::File { sha256, .. } => format!("file {sha256}"),
                    EvidenceContent::Link { url } => format!("link {url}"),
                    EvidenceContent::Note { body } => format!("note {body}"),
                };
                let says = format!("{says} {observed_on} {valid_until:?}");
                self.on(*item).evidence.insert(*evidence, (says, *valid_until));
            }
            Change::EvidenceWithdrawn { item, evidence, .. } => drop(self.on(*item).evidence.remove(evidence)),
            Change::WaiverAsked { item, waiver, reason, control, expires_on } => {
                let fields = format!("{waiver} {by} {reason} {control} {expires_on}");
                let (id, expires_on) = (*waiver, *expires_on);
                self.on(*item).waivers.push(Waiver { id, fields, expires_on, approved: None });
            }
            Change::WaiverApproved { item, waiver, reason } => {
                let mut waivers = self.on(*item).waivers.iter_mut();
                waivers.find(|w| w.id == *waiver).unwrap().approved = Some(format!("{by} {reason:?}"));
            }
            Change::WaiverRefused { item, waiver, .. } | Change::WaiverRevoked { item, waiver, .. } => {
                self.on(*item).waivers.retain(|w| w.id != *waiver);
            }
            Change::Signed(record) => {
                let (scope, record) = (self.scope(&record.role), (**record).clone());
                for earlier in &mut self.signatures {
                    let own = earlier.record.signer.id == record.signer.id && earlier.record.role == record.role;
                    earlier.stands &= !own && record.lifts != Some(earlier.record.id);
                }
                self.signatures.push(Signature { record, scope, stands: true });
            }
            Change::SignatureWithdrawn { signature, .. } => self.fell(*signature),
            _ => {}
        }
    }

    fn fell(&mut self, signature: SignatureId) {
        self.signatures.iter_mut().find(|s| s.record.id == signature).unwrap().stands = false;
    }

    /// Everything that a signature in a role is bound to, as text.
    fn scope(&self, role: &RoleSlug) -> String {
        let signs = |role: &RoleSlug| self.checklist.required_roles.iter().any(|required| required.role == *role);
        let mut text = format!(
            "{} {role} {} {} {} {} {:?}",
            self.launch, self.name, self.target.local, self.target.zone, self.separated, self.checklist.required_roles
        );
        for (_, _, definition) in self.checklist.items() {
            let elsewhere = definition.role.as_ref().is_some_and(|own| own != role && signs(own));
            if definition.phase != Phase::Before || elsewhere {
                continue;
            }
            let item = &self.items[&ItemId::of(self.launch, &definition.key)];
            let mut evidence: Vec<_> = item.evidence.values().map(|(says, _)| says).collect();
            evidence.sort();
            let approved = item.waivers.iter().rfind(|waiver| waiver.approved.is_some());
            let waiver = approved.map(|waiver| (&waiver.fields, &waiver.approved));
            text += &format!("\n{:?} {} {:?} {evidence:?} {waiver:?}", item.state, item.reason, item.agreed);
        }
        text
    }

    fn day_is_over(&self, day: Day, now: Moment) -> bool {
        now.local(&self.target.zone).date() > day.0
    }

    fn has_evidence(&self, item: &Item, now: Moment) -> bool {
        item.evidence.values().any(|(_, until)| !until.is_some_and(|day| self.day_is_over(day, now)))
    }

    fn waiver<'a>(&self, item: &'a Item, now: Moment) -> Option<&'a Waiver> {
        let holding = |waiver: &&Waiver| waiver.approved.is_some() && !self.day_is_over(waiver.expires_on, now);
        item.waivers.iter().rfind(|waiver| waiver.approved.is_some()).filter(holding)
    }

    /// What stands in the way, and what is a condition.
    pub(super) fn judge(&self, now: Moment) -> Judgement {
        let mut blocked = false;
        let mut conditions = BTreeSet::new();
        for (id, item) in self.items.iter().filter(|(_, item)| item.definition.phase == Phase::Before) {
            let advisory = item.definition.importance == Importance::Advisory;
            let unproven = item.definition.evidence_required && !self.has_evidence(item, now);
            let lack = match (item.state, self.waiver(item, now)) {
                (ItemState::Open | ItemState::Blocked, Some(waiver)) => {
                    conditions.insert(format!("waiver:{}", waiver.id));
                    None
                }
                (ItemState::Open, None) => Some("open"),
                (ItemState::Blocked, None) => Some("blocked"),
                (ItemState::Done, _) if unproven => Some("no_evidence"),
                (ItemState::Done, _) => None,
                (ItemState::NotApplicable, _) => {
                    blocked |= item.definition.importance == Importance::Critical && item.agreed.is_none();
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
            blocked |= !self.signatures.iter().any(|s| s.record.role == required.role && self.counts(s));
        }
        blocked |= self.signatures.iter().any(|s| s.stands && s.record.verdict == Vote::NoGo);
        blocked |= now > self.target.moment().plus_seconds(self.slip_days * 24 * 60 * 60);
        Judgement { blocked, conditions }
    }

    fn counts(&self, signature: &Signature) -> bool {
        let SignatureRecord { role, signer, verdict, .. } = &signature.record;
        let holds = self.holders.contains(&(role.clone(), signer.id));
        signature.stands && *verdict == Vote::Go && holds && signature.scope == self.scope(role)
    }
}
