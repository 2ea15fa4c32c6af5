//! Describes what changed between two moments, item by item: in the scope of a role, and in a whole launch.

mod launch_difference;

#[cfg(test)]
mod tests;

pub use launch_difference::{DifferenceSection, LaunchDifference, compare_launches};

use std::borrow::Cow;

use crate::{
    access::launch_access::PastLaunch,
    domain::{
        digest::{Scope, ScopeChange, ScopeEvidence, ScopeItem, ScopeWaiver, compare_scopes},
        ids::{ItemId, UserId},
        launch::{
            changed_thing::ChangedThing,
            event::{EvidenceContent, ItemState},
            state::{Agreement, Evidence, Item, LaunchState, Waiver, WaiverStatus},
            texts::Commitment,
        },
        time::Moment,
    },
    presentation::formatting,
    texts,
    web::time::format_local_time,
};

/// One change, with the old and the new value. Without an old value something was added; without a new one, removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffLine {
    /// What it is about: an item's title, or a fact of the launch.
    pub subject: String,
    pub item: Option<ItemId>,
    /// Where the subject can be seen; empty if there is no link.
    pub href: String,
    /// The aspect of the subject, if it has to be named.
    pub aspect: Cow<'static, str>,
    pub old: Option<String>,
    pub new: Option<String>,
    /// The old and the new state, if the values are states of an item.
    pub states: Option<(ItemState, ItemState)>,
    /// Who made the change and when, if a state has it.
    pub by: Option<(String, Moment)>,
}

impl DiffLine {
    /// Adapts the link to a page that may be of the past: from there, nothing links to where the present is changed.
    #[must_use]
    pub fn for_page_at(self, past: Option<PastLaunch>) -> Self {
        match past {
            Some(_) => {
                Self { href: self.item.map_or_else(String::new, |item| formatting::item_href_at(past, item)), ..self }
            }
            None => self,
        }
    }
}

/// Describes what changed from one scope of a role to a later one of the same launch. The texts come from `state`, so a
/// text that was redacted since reads as redacted.
#[must_use]
pub fn describe_scope_difference(state: &LaunchState, old: &Scope, new: &Scope) -> Vec<DiffLine> {
    describe_scope_changes(state, compare_scopes(old, new))
}

#[must_use]
pub fn describe_scope_changes(state: &LaunchState, changes: Vec<ScopeChange>) -> Vec<DiffLine> {
    let settings = format!("/launches/{}/settings", state.id);
    let fact = |subject: Cow<'static, str>, at: &str, old: String, new: String, thing: ChangedThing| DiffLine {
        subject: subject.into_owned(),
        item: None,
        href: format!("{settings}#{at}"),
        aspect: "".into(),
        old: Some(old),
        new: Some(new),
        states: None,
        by: named(state, state.last_change(&thing)),
    };
    let text = |commitment: &Commitment| state.text(commitment).to_owned();
    let mut lines = Vec::new();
    for change in changes {
        match change {
            ScopeChange::Name { old, new } => {
                lines.push(fact(texts::launch_name(), "details", text(&old), text(&new), ChangedThing::Name));
            }
            ScopeChange::Target { old, new } => {
                let (old, new) = (format_local_time(&old), format_local_time(&new));
                lines.push(fact(texts::launch_target(), "details", old, new, ChangedThing::Target));
            }
            ScopeChange::Policy { old, new } => {
                let [old, new] =
                    [old, new].map(|policy| formatting::yes_or_no(policy.separation_of_duties).into_owned());
                let subject = texts::one_person_signs_in_one_role();
                lines.push(fact(subject, "policy", old, new, ChangedThing::SeparationOfDuties));
            }
            ScopeChange::Item { old, new } => push_item_changes(state, &old, &new, &mut lines),
        }
    }
    lines
}

fn push_item_changes(state: &LaunchState, old: &ScopeItem, new: &ScopeItem, lines: &mut Vec<DiffLine>) {
    let current = state.item(new.id);
    let subject = current.map_or_else(|| texts::item().into_owned(), |item| state.definition(item).shown_title());
    let (href, new_id) = (formatting::item_href(new.id), new.id);
    let states = (old.state != new.state).then_some((old.state, new.state));
    let mut push = |aspect: Cow<'static, str>, old, new, by: Option<(UserId, Moment)>| {
        let by = named(state, by);
        // The item's state is the value that needs no name.
        let states = states.filter(|_| aspect.is_empty());
        lines.push(DiffLine {
            subject: subject.clone(),
            item: Some(new_id),
            href: href.clone(),
            aspect,
            old,
            new,
            states,
            by,
        });
    };
    let marked = current.and_then(|item| item.last_marked);
    if (old.state, old.reason) != (new.state, new.reason) {
        push(
            "".into(),
            Some(describe_item_state(state, old.state, old.reason)),
            Some(describe_item_state(state, new.state, new.reason)),
            marked,
        );
    }
    if old.agreement != new.agreement {
        let who =
            |item: &ScopeItem| item.agreement.map(|by| texts::diff_agreed_to_by(state.member_label(by)).into_owned());
        // Marking an item again ends its agreement.
        push(texts::diff_of_agreement(), who(old), who(new), current.and_then(agreement_author).or(marked));
    }
    if old.waiver != new.waiver {
        let until = |waiver: &Option<ScopeWaiver>| waiver.as_ref().map(|w| formatting::format_day(w.expires_on));
        let (before, now) = (until(&old.waiver), until(&new.waiver));
        let is_another = before == now;
        let before = before.map(|day| texts::diff_waiver_until(day).into_owned());
        let now = now
            .map(|day| if is_another { texts::diff_another_waiver_until(day) } else { texts::diff_waiver_until(day) });
        let now = now.map(Cow::into_owned);
        let decided =
            current.and_then(|item| state.waivers_of(item).filter_map(waiver_decider).max_by_key(|(_, at)| *at));
        push(texts::diff_of_waiver(), before, now, decided);
    }
    for gone in missing_from(&old.evidence, &new.evidence) {
        let withdrawn = matching_evidence(state, current, gone).filter_map(|it| it.withdrawn.as_ref());
        let by = withdrawn.map(|ended| (ended.by, ended.at)).max_by_key(|(_, at)| *at);
        push(texts::diff_of_evidence(), Some(describe_scope_evidence(state, current, gone)), None, by);
    }
    for come in missing_from(&new.evidence, &old.evidence) {
        let unwithdrawn = matching_evidence(state, current, come).filter(|it| it.withdrawn.is_none());
        let by = unwithdrawn.map(|it| (it.by, it.at)).max_by_key(|(_, at)| *at);
        push(texts::diff_of_evidence(), None, Some(describe_scope_evidence(state, current, come)), by);
    }
}

/// Who did something and when, with the name that the launch has for them.
fn named(state: &LaunchState, by: Option<(UserId, Moment)>) -> Option<(String, Moment)> {
    by.map(|(who, at)| (state.person_name(who).to_owned(), at))
}

/// Who agreed to an item's state, or refused to, and when.
const fn agreement_author(item: &Item) -> Option<(UserId, Moment)> {
    match item.agreement {
        Agreement::None => None,
        Agreement::Given { by, at, .. } | Agreement::Refused { by, at, .. } => Some((by, at)),
    }
}

/// Who approved, refused or revoked a waiver, and when.
const fn waiver_decider(waiver: &Waiver) -> Option<(UserId, Moment)> {
    match &waiver.status {
        WaiverStatus::Asked => None,
        WaiverStatus::Approved { by, at, .. } => Some((*by, *at)),
        WaiverStatus::Refused(ended) | WaiverStatus::Revoked(ended) => Some((ended.by, ended.at)),
    }
}

/// The elements of `these` that `those` lacks; each element of `those` accounts for one duplicate only.
fn missing_from<'a>(these: &'a [ScopeEvidence], those: &[ScopeEvidence]) -> Vec<&'a ScopeEvidence> {
    let mut those: Vec<_> = those.iter().collect();
    let is_beyond = |evidence: &&ScopeEvidence| match those.iter().position(|other| other == evidence) {
        Some(at) => {
            those.swap_remove(at);
            false
        }
        None => true,
    };
    these.iter().filter(is_beyond).collect()
}

fn describe_item_state(state: &LaunchState, stored: ItemState, reason: Option<Commitment>) -> String {
    let word = stored.label();
    reason.map_or_else(|| word.clone(), |reason| texts::diff_state_with_reason(&word, state.text(&reason))).into_owned()
}

/// The name of evidence: a file's name, a link's address, a note's text.
fn content_name<'a>(state: &'a LaunchState, content: &EvidenceContent) -> &'a str {
    match content {
        EvidenceContent::File { name, .. } => state.text(name),
        EvidenceContent::Link { url } => state.text(url),
        EvidenceContent::Note { body } => state.text(body),
    }
}

/// The pieces of evidence that a scope may mean: it has only their hash and their days.
fn matching_evidence<'a>(
    state: &'a LaunchState,
    item: Option<&'a Item>,
    scoped: &'a ScopeEvidence,
) -> impl Iterator<Item = &'a Evidence> + 'a {
    let is_it = move |evidence: &&Evidence| {
        let hash = match &evidence.content {
            EvidenceContent::File { sha256, .. } => sha256,
            EvidenceContent::Link { url: Commitment(hash) } | EvidenceContent::Note { body: Commitment(hash) } => hash,
        };
        *hash == scoped.hash && evidence.observed_on == scoped.observed_on && evidence.valid_until == scoped.valid_until
    };
    item.into_iter().flat_map(|item| state.evidence_of(item)).filter(is_it)
}

/// Describes a piece of evidence, by the name that the launch has for it.
fn describe_scope_evidence(state: &LaunchState, item: Option<&Item>, scoped: &ScopeEvidence) -> String {
    let evidence = matching_evidence(state, item, scoped).next();
    let name = match evidence {
        Some(evidence) => content_name(state, &evidence.content).to_owned(),
        None => texts::diff_evidence_unnamed().into_owned(),
    };
    let observed = formatting::format_day(scoped.observed_on);
    match scoped.valid_until {
        Some(day) => texts::diff_evidence_observed_and_valid(name, observed, formatting::format_day(day)),
        None => texts::diff_evidence_observed(name, observed),
    }
    .into_owned()
}
