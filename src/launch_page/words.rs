//! A launch's facts in words, with the address where each can be mended: the same on pages and in JSON.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::{
    access::past::Past,
    domain::{
        checklist::Importance,
        ids::{ItemId, UserId},
        launch::{
            event::{ItemState, Vote},
            state::{Item, LaunchState},
        },
        readiness::{AdvisoryLack, Condition, ConditionKind, Reason, SignatureLack, WaiverTrouble},
        role::RoleSlug,
        time::{Day, Moment},
    },
    record::checkpoints::Witness,
};

/// Something that stands in the way, in words.
#[derive(Debug, Clone, Serialize)]
pub struct ReasonLine {
    /// The rule's name.
    pub rule: &'static str,
    /// The role it is about.
    pub role: Option<RoleSlug>,
    /// The item it is about.
    pub item: Option<ItemId>,
    /// What is wrong, as a sentence.
    pub text: String,
    /// Where it can be mended.
    pub href: String,
    /// What one does there.
    #[serde(skip)]
    pub mend: &'static str,
    /// The item's title, or whatever else the sentence is about; empty where there is none.
    #[serde(skip)]
    pub subject: String,
    /// What is wrong, without the subject.
    #[serde(skip)]
    pub what: String,
    /// Where the item stands.
    #[serde(skip)]
    pub place: String,
    /// Whether it is about a critical item.
    #[serde(skip)]
    pub critical: bool,
    /// The item's stored state, for its mark; empty where it is about none.
    #[serde(skip)]
    pub state: &'static str,
}

/// A condition, in words.
#[derive(Debug, Clone, Serialize)]
pub struct ConditionLine {
    /// Its name.
    pub id: String,
    /// `waiver` or `advisory`.
    pub kind: &'static str,
    /// The item.
    pub item: ItemId,
    /// Who sees to it.
    pub owner: String,
    /// Its last day, where it has one.
    pub expires_on: Option<Day>,
    /// What it is, as a sentence.
    pub text: String,
    /// The item's title.
    #[serde(skip)]
    pub title: String,
    /// What it is, without the title.
    #[serde(skip)]
    pub what: String,
    /// Where it is seen to.
    #[serde(skip)]
    pub href: String,
}

/// A day as people read it: `23 Nov 2026`.
#[must_use]
pub fn day(day: Day) -> String {
    day.0.strftime("%-d %b %Y").to_string()
}

/// Where an item stands: part and section.
#[must_use]
pub fn place(state: &LaunchState, item: &Item) -> String {
    let (part, section) = state.place(item);
    let titles = [part.title.as_ref(), section.title.as_ref()];
    titles.into_iter().flatten().map(ToString::to_string).collect::<Vec<_>>().join(" › ")
}

/// An item's page.
#[must_use]
pub fn item_href(item: ItemId) -> String {
    format!("/items/{item}")
}

/// Where an item is to be read by somebody who looks at its launch: on its own page, or, where the launch is looked at
/// as it stood, in the checklist of then.
#[must_use]
pub fn item_href_at(past: Option<Past>, item: ItemId) -> String {
    past.map_or_else(|| item_href(item), |past| format!("{}#item-{item}", past.address()))
}

/// A reason in words. At the time of an event, what it names is in the state; a reason that names what is not
/// there (the state is of another time) says so.
#[must_use]
pub fn reason(state: &LaunchState, reason: &Reason) -> ReasonLine {
    let go_no_go = format!("/launches/{}/go-no-go", state.id);
    let (what, href, mend) = match reason {
        Reason::Items { item, state: stored, waiver } => {
            (items(*stored, waiver.map(|(_, trouble)| trouble)), item_href(*item), "Open")
        }
        Reason::Evidence { item, lapsed_on } => {
            let what = lapsed_on.map_or_else(
                || "is done, but has none of the evidence it requires".to_owned(),
                |on| format!("is done, but its evidence lapsed on {}", day(on)),
            );
            (what, format!("{}#evidence", item_href(*item)), "Attach")
        }
        Reason::Justification { item, refused } => {
            let what = if *refused {
                "is critical and marked not applicable; agreement was refused"
            } else {
                "is critical and marked not applicable, and nobody has agreed yet"
            };
            (what.to_owned(), format!("{}#agreement", item_href(*item)), "Look")
        }
        Reason::Signatures { role, lack, signature } => {
            let signer = signature.and_then(|id| state.signature(id)).map(|s| s.record.signer.name.to_string());
            let what = lack_of_signature(*lack, signer.as_deref());
            if state.holders_of(role).next().is_none() {
                (nobody_signs(what, *lack, NO_HOLDER), holders_href(state), "Name a holder")
            } else {
                (what, format!("{go_no_go}#role-{role}"), "See")
            }
        }
        Reason::Objection { role, signature } => {
            let signer = state.signature(*signature).map_or_else(String::new, |s| s.record.signer.name.to_string());
            (format!("{signer} signed no-go, and the objection stands"), format!("{go_no_go}#role-{role}"), "Read why")
        }
        Reason::Window { .. } => {
            let days = state.policy.slip_days;
            let what = format!("passed more than the allowed {days} days ago without being moved");
            (what, format!("/launches/{}/settings#details", state.id), "Move the target")
        }
    };
    let found = reason.item().and_then(|id| state.item(id));
    let subject = match (reason, found) {
        (_, Some(item)) => state.definition(item).title.to_string(),
        (Reason::Window { .. }, None) => "The target".to_owned(),
        (Reason::Signatures { role, .. } | Reason::Objection { role, .. }, None) => state.role_title(role).to_owned(),
        (Reason::Items { .. } | Reason::Evidence { .. } | Reason::Justification { .. }, None) => "An item".to_owned(),
    };
    let colon = if matches!(reason, Reason::Signatures { .. } | Reason::Objection { .. }) { ":" } else { "" };
    ReasonLine {
        rule: reason.rule(),
        role: reason.role().cloned().or_else(|| found.and_then(|item| state.definition(item).role.clone())),
        item: reason.item(),
        text: format!("{subject}{colon} {what}."),
        href,
        mend,
        subject,
        what,
        place: found.map_or_else(String::new, |item| place(state, item)),
        critical: found.is_some_and(|item| state.definition(item).importance == Importance::Critical),
        state: found.map_or("", |item| item.standing.state.slug()),
    }
}

fn items(stored: ItemState, waiver: Option<WaiverTrouble>) -> String {
    let waiver = match waiver {
        None => "",
        Some(WaiverTrouble::Asked) => "; a waiver is asked for and not yet answered",
        Some(WaiverTrouble::Refused) => "; its waiver was refused",
        Some(WaiverTrouble::Revoked) => "; its waiver was revoked",
        Some(WaiverTrouble::Expired) => "; its waiver has expired",
    };
    format!("is {}{waiver}", stored.word())
}

fn lack_of_signature(lack: SignatureLack, signer: Option<&str>) -> String {
    let signer = signer.unwrap_or("someone");
    match lack {
        SignatureLack::NotSigned => "nobody has signed yet".to_owned(),
        SignatureLack::Withdrawn => format!("{signer} withdrew their signature"),
        SignatureLack::Stale => format!("{signer} signed before something in this role's scope changed"),
        SignatureLack::NotHolder => format!("{signer} signed, but no longer holds the role"),
        SignatureLack::Objects => format!("{signer} signed no-go, so there is no go"),
    }
}

/// What is said of a role that has no holder.
const NO_HOLDER: &str = "nobody holds the role";

/// What is said of a role all of whose holders are deactivated.
const ALL_DEACTIVATED: &str = "everybody who holds the role is deactivated";

/// Where holders are named.
fn holders_href(state: &LaunchState) -> String {
    format!("/launches/{}/settings#holders", state.id)
}

/// Why a role has no signature, where nobody can give one as things stand.
fn nobody_signs(lack: String, kind: SignatureLack, why: &str) -> String {
    match kind {
        SignatureLack::NotSigned => why.to_owned(),
        SignatureLack::Withdrawn | SignatureLack::Stale | SignatureLack::NotHolder | SignatureLack::Objects => {
            format!("{lack}, and {why}")
        }
    }
}

/// The holders of roles that lack a signature: whether any of them can still sign is known from their accounts alone.
pub fn who_could_sign<'a>(state: &'a LaunchState, reasons: &'a [Reason]) -> impl Iterator<Item = UserId> + 'a {
    let roles = reasons.iter().filter_map(|reason| match reason {
        Reason::Signatures { role, .. } => Some(role),
        Reason::Items { .. }
        | Reason::Evidence { .. }
        | Reason::Justification { .. }
        | Reason::Objection { .. }
        | Reason::Window { .. } => None,
    });
    roles.flat_map(|role| state.holders_of(role))
}

/// As [`reason`], which knows of accounts that are deactivated: where all who hold a role are, nobody can sign for it.
#[must_use]
pub fn reason_given(state: &LaunchState, given: &Reason, deactivated: &BTreeSet<UserId>) -> ReasonLine {
    let line = reason(state, given);
    let Reason::Signatures { role, lack, .. } = given else { return line };
    let mut holders = state.holders_of(role).peekable();
    if holders.peek().is_none() || !holders.all(|holder| deactivated.contains(&holder)) {
        return line;
    }
    let what = nobody_signs(line.what, *lack, ALL_DEACTIVATED);
    let text = format!("{}: {what}.", line.subject);
    ReasonLine { what, text, href: holders_href(state), mend: "Name a holder", ..line }
}

/// A condition in words.
#[must_use]
pub fn condition(state: &LaunchState, condition: &Condition) -> ConditionLine {
    let item = state.item(condition.item);
    let title = item.map_or_else(|| "An item".to_owned(), |item| state.definition(item).title.to_string());
    let role = item.and_then(|item| state.definition(item).role.as_ref()).map(|role| state.role_title(role));
    let owner = condition.owner.map(|owner| state.person(owner)).or(role).unwrap_or("nobody").to_owned();
    let (kind, expires_on, what) = match condition.kind {
        ConditionKind::Waiver { expires_on, .. } => {
            ("waiver", Some(expires_on), format!("is waived until the end of {}", day(expires_on)))
        }
        ConditionKind::Advisory { lack } => ("advisory", None, advisory(lack).to_owned()),
    };
    ConditionLine {
        id: condition.id.to_string(),
        kind,
        item: condition.item,
        owner,
        expires_on,
        text: format!("{title} {what}."),
        title,
        what,
        href: item_href(condition.item),
    }
}

const fn advisory(lack: AdvisoryLack) -> &'static str {
    match lack {
        AdvisoryLack::Open => "is advisory and open",
        AdvisoryLack::Blocked => "is advisory and blocked",
        AdvisoryLack::NoEvidence => "is advisory and done, without the evidence it requires",
    }
}

/// Go or no-go, as people read it.
#[must_use]
pub const fn vote(vote: Vote) -> &'static str {
    match vote {
        Vote::Go => "go",
        Vote::NoGo => "no-go",
    }
}

/// How far off a moment is, for the head of a launch: `T−7 d 21 h` before, `T+3 d 2 h` after.
#[must_use]
pub fn countdown(target: Moment, now: Moment) -> String {
    let seconds = target.seconds_since(now);
    let sign = if seconds >= 0 { '−' } else { '+' };
    let minutes = seconds.abs() / 60;
    let (days, hours, minutes) = (minutes / 1_440, minutes / 60 % 24, minutes % 60);
    if days > 0 { format!("T{sign}{days} d {hours} h") } else { format!("T{sign}{hours} h {minutes} min") }
}

/// A number with its noun: `1 item`, `3 items`.
#[must_use]
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// Who has a checkpoint outside of here: `Mei Sato`, `Mei Sato and 2 others`; nothing, when nobody has.
#[must_use]
pub fn witnesses_in_words(witnesses: &[Witness]) -> String {
    match witnesses {
        [] => String::new(),
        [one] => one.name.clone(),
        [one, other] => format!("{} and {}", one.name, other.name),
        [one, others @ ..] => format!("{} and {} others", one.name, others.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_countdown_counts_down_and_then_up() {
        let now: Moment = "2026-11-23T12:00:00Z".parse().unwrap();
        for (target, text) in [
            ("2026-12-01T09:00:00Z", "T−7 d 21 h"),
            ("2026-11-23T13:05:00Z", "T−1 h 5 min"),
            ("2026-11-23T12:00:00Z", "T−0 h 0 min"),
            ("2026-11-20T10:00:00Z", "T+3 d 2 h"),
        ] {
            assert_eq!(countdown(target.parse().unwrap(), now), text);
        }
    }
}
