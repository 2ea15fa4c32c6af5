//! What changed from one moment to another, item by item, in words: in what a role signs, and in a whole launch.

mod whole;

#[cfg(test)]
mod tests;

pub use whole::{Compared, Section, compare};

use crate::{
    access::past::Past,
    domain::{
        digest::{Scope, ScopeChange, ScopeEvidence, ScopeItem, ScopeWaiver, SigningPolicy, difference},
        ids::{ItemId, UserId},
        launch::{
            event::{EvidenceContent, ItemState},
            last_changes::ChangedThing,
            state::{Agreement, Evidence, Item, LaunchState, Waiver, WaiverStatus},
            texts::Commitment,
        },
        time::{LocalTime, Moment},
    },
    launch_page::words,
};

/// One thing that changed: what it was, what it is. Without an old value it came, without a new one it went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffLine {
    /// What it is about: an item's title, or a fact of the launch.
    pub subject: String,
    /// The item, where it is one.
    pub item: Option<ItemId>,
    /// Where that stands; empty where it is only said.
    pub href: String,
    /// Which side of it, where that has to be said.
    pub what: &'static str,
    /// What it was.
    pub old: Option<String>,
    /// What it is.
    pub new: Option<String>,
    /// Who made it what it is, and when, where a state says so.
    pub by: Option<(String, Moment)>,
}

impl DiffLine {
    /// The same on a page that may be of the past, from which nothing leads to where the present is changed.
    #[must_use]
    pub fn at(self, past: Option<Past>) -> Self {
        match past {
            Some(_) => {
                Self { href: self.item.map_or_else(String::new, |item| words::item_href_at(past, item)), ..self }
            }
            None => self,
        }
    }
}

/// What changed from one scope of a role to a later one of the same launch. `state` has the words: texts that were
/// redacted since read so.
#[must_use]
pub fn lines(state: &LaunchState, old: &Scope, new: &Scope) -> Vec<DiffLine> {
    of_changes(state, difference(old, new))
}

/// Changes of scopes, in words.
#[must_use]
pub fn of_changes(state: &LaunchState, changes: Vec<ScopeChange>) -> Vec<DiffLine> {
    let settings = format!("/launches/{}/settings", state.id);
    let fact = |subject: &str, at: &str, old: String, new: String, thing: ChangedThing| DiffLine {
        subject: subject.to_owned(),
        item: None,
        href: format!("{settings}#{at}"),
        what: "",
        old: Some(old),
        new: Some(new),
        by: named(state, state.last_change(&thing)),
    };
    let text = |commitment: &Commitment| state.text(commitment).to_owned();
    let mut lines = Vec::new();
    for change in changes {
        match change {
            ScopeChange::Name { old, new } => {
                lines.push(fact("Name", "details", text(&old), text(&new), ChangedThing::Name))
            }
            ScopeChange::Target { old, new } => {
                lines.push(fact("Target", "details", local(&old), local(&new), ChangedThing::Target))
            }
            ScopeChange::Policy { old, new } => {
                lines.push(fact(
                    "One role a person",
                    "policy",
                    policy(old).to_owned(),
                    policy(new).to_owned(),
                    ChangedThing::SeparationOfDuties,
                ));
            }
            ScopeChange::Item { old, new } => item(state, &old, &new, &mut lines),
        }
    }
    lines
}

fn local(time: &LocalTime) -> String {
    format!("{} {}", time.local.strftime("%-d %b %Y, %H:%M"), time.zone)
}

const fn policy(policy: SigningPolicy) -> &'static str {
    if policy.separation_of_duties { "yes" } else { "no" }
}

fn item(state: &LaunchState, old: &ScopeItem, new: &ScopeItem, lines: &mut Vec<DiffLine>) {
    let found = state.item(new.id);
    let subject = found.map_or("An item", |item| state.definition(item).title.as_str()).to_owned();
    let (href, new_id) = (words::item_href(new.id), new.id);
    let mut push = |what, old, new, by: Option<(UserId, Moment)>| {
        let by = named(state, by);
        lines.push(DiffLine { subject: subject.clone(), item: Some(new_id), href: href.clone(), what, old, new, by })
    };
    let marked = found.and_then(|item| item.marked);
    if (old.state, old.reason) != (new.state, new.reason) {
        push("", Some(standing(state, old.state, old.reason)), Some(standing(state, new.state, new.reason)), marked);
    }
    if old.agreement != new.agreement {
        let who = |item: &ScopeItem| item.agreement.map(|by| format!("agreed to by {}", state.person(by)));
        // Marking an item anew ends its agreement.
        push("agreement", who(old), who(new), found.and_then(agreed).or(marked));
    }
    if old.waiver != new.waiver {
        let until =
            |waiver: &Option<ScopeWaiver>| waiver.as_ref().map(|w| format!("until {}", words::day(w.expires_on)));
        let (before, now) = (until(&old.waiver), until(&new.waiver));
        let now = if before == now { now.map(|until| format!("another, {until}")) } else { now };
        let decided = found.and_then(|item| state.waivers_of(item).filter_map(answered).max_by_key(|(_, at)| *at));
        push("waiver", before, now, decided);
    }
    for gone in beyond(&old.evidence, &new.evidence) {
        let withdrawn = known(state, found, gone).filter_map(|it| it.withdrawn.as_ref());
        let by = withdrawn.map(|ended| (ended.by, ended.at)).max_by_key(|(_, at)| *at);
        push("evidence", Some(evidence(state, found, gone)), None, by);
    }
    for come in beyond(&new.evidence, &old.evidence) {
        let standing = known(state, found, come).filter(|it| it.withdrawn.is_none());
        let by = standing.map(|it| (it.by, it.at)).max_by_key(|(_, at)| *at);
        push("evidence", None, Some(evidence(state, found, come)), by);
    }
}

/// Who did something and when, with the name that the launch has for them.
fn named(state: &LaunchState, by: Option<(UserId, Moment)>) -> Option<(String, Moment)> {
    by.map(|(who, at)| (state.person(who).to_owned(), at))
}

/// Who agreed to an item's state, or refused to, and when.
const fn agreed(item: &Item) -> Option<(UserId, Moment)> {
    match item.agreement {
        Agreement::None => None,
        Agreement::Given { by, at, .. } | Agreement::Refused { by, at, .. } => Some((by, at)),
    }
}

/// Who answered a waiver, and when.
const fn answered(waiver: &Waiver) -> Option<(UserId, Moment)> {
    match &waiver.status {
        WaiverStatus::Asked => None,
        WaiverStatus::Approved { by, at, .. } => Some((*by, *at)),
        WaiverStatus::Refused(ended) | WaiverStatus::Revoked(ended) => Some((ended.by, ended.at)),
    }
}

/// What these have that those have not; of the same twice, one for each that is missing there.
fn beyond<'a>(these: &'a [ScopeEvidence], those: &[ScopeEvidence]) -> Vec<&'a ScopeEvidence> {
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

fn standing(state: &LaunchState, stored: ItemState, reason: Option<Commitment>) -> String {
    let word = stored.word();
    reason.map_or_else(|| word.to_owned(), |reason| format!("{word}: {}", state.text(&reason)))
}

/// What evidence is called: a file's name, a link's address, a note's text.
fn content_named<'a>(state: &'a LaunchState, content: &EvidenceContent) -> &'a str {
    match content {
        EvidenceContent::File { name, .. } => state.text(name),
        EvidenceContent::Link { url } => state.text(url),
        EvidenceContent::Note { body } => state.text(body),
    }
}

/// The pieces of evidence that a scope may mean: it holds their hash and their days alone.
fn known<'a>(
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

/// A piece of evidence, named as the launch knows it.
fn evidence(state: &LaunchState, item: Option<&Item>, scoped: &ScopeEvidence) -> String {
    let found = known(state, item, scoped).next();
    let name = found.map_or(scoped.kind, |evidence| content_named(state, &evidence.content));
    let valid = scoped.valid_until.map_or_else(String::new, |day| format!(", valid until {}", words::day(day)));
    format!("{name}, observed {}{valid}", words::day(scoped.observed_on))
}
