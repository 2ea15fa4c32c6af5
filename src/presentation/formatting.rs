//! Describes a launch's facts, with the address where each can be fixed: the same on pages and in JSON.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::{
    access::launch_access::PastLaunch,
    domain::{
        checklist::Importance,
        ids::{ItemId, UserId},
        launch::{
            event::{ItemState, Vote},
            state::{Item, LaunchState},
        },
        readiness::{
            AdvisoryProblem, Condition, ConditionKind, ReadinessRule, Reason, SignatureProblem, WaiverProblem,
        },
        role::RoleSlug,
        time::{Day, Moment},
    },
    record::checkpoints::Witness,
};

pub use crate::domain::plural::count_with_noun;

/// A reason why a launch is not ready, as text.
#[derive(Debug, Clone, Serialize)]
pub struct ReasonRow {
    pub rule: ReadinessRule,
    pub role: Option<RoleSlug>,
    pub item: Option<ItemId>,
    /// What is wrong, as a sentence.
    pub text: String,
    /// Where it can be fixed.
    pub href: String,
    /// What to do there: the label of the link.
    #[serde(skip)]
    pub action_label: &'static str,
    /// The item's title, or whatever else the sentence is about.
    #[serde(skip)]
    pub subject: String,
    /// What is wrong, without the subject.
    #[serde(skip)]
    pub what: String,
    /// Part and section of the item.
    #[serde(skip)]
    pub place: String,
    /// Whether it is about a critical item.
    #[serde(skip)]
    pub critical: bool,
    /// The item's stored state; empty if it is about no item.
    #[serde(skip)]
    pub state: &'static str,
}

#[derive(Debug, Clone, Serialize)]
pub struct ConditionRow {
    pub id: String,
    /// `waiver` or `advisory`.
    pub kind: &'static str,
    pub item: ItemId,
    /// Name of the responsible person, else the title of the item's role, else `nobody`.
    pub owner: String,
    /// Last day of a waiver.
    pub expires_on: Option<Day>,
    /// The condition as a sentence.
    pub text: String,
    /// Title of the item.
    #[serde(skip)]
    pub title: String,
    /// The sentence without the title.
    #[serde(skip)]
    pub what: String,
    /// Page of the item.
    #[serde(skip)]
    pub href: String,
}

/// Formats a day: `23 Nov 2026`.
#[must_use]
pub fn format_day(day: Day) -> String {
    day.0.strftime("%-d %b %Y").to_string()
}

/// Part and section of an item.
#[must_use]
pub fn describe_place(state: &LaunchState, item: &Item) -> String {
    let (part, section) = state.part_and_section(item);
    let titles = [part.title.as_ref(), section.title.as_ref()];
    titles.into_iter().flatten().map(ToString::to_string).collect::<Vec<_>>().join(" › ")
}

#[must_use]
pub fn item_href(item: ItemId) -> String {
    format!("/items/{item}")
}

/// Where a reader of a launch finds an item: on its own page or, on a page of the past, in the checklist of that time.
#[must_use]
pub fn item_href_at(past: Option<PastLaunch>, item: ItemId) -> String {
    past.map_or_else(|| item_href(item), |past| format!("{}#item-{item}", past.address()))
}

/// Describes a reason. The state at the time of an event has what the reason names; if the state is of another time and
/// lacks it, the text is general.
#[must_use]
pub fn describe_reason(state: &LaunchState, reason: &Reason) -> ReasonRow {
    let go_no_go = format!("/launches/{}/go-no-go", state.id);
    let (what, href, mend) = match reason {
        Reason::Items { item, state: stored, waiver } => {
            (describe_item_state(*stored, waiver.map(|(_, trouble)| trouble)), item_href(*item), "Open")
        }
        Reason::Evidence { item, lapsed_on } => {
            let what = lapsed_on.map_or_else(
                || "is done, but has none of the evidence it requires".to_owned(),
                |on| format!("is done, but its evidence lapsed on {}", format_day(on)),
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
            let what = describe_missing_signature(*lack, signer.as_deref());
            if state.holders_of(role).next().is_none() {
                (describe_nobody_can_sign(what, *lack, NO_HOLDER), holders_href(state), "Name a holder")
            } else {
                (what, format!("{go_no_go}#role-{role}"), "See")
            }
        }
        Reason::Objection { role, signature } => {
            let signer = state.signature(*signature).map_or_else(String::new, |s| s.record.signer.name.to_string());
            (format!("{signer} signed no-go, and the objection stands"), format!("{go_no_go}#role-{role}"), "Read why")
        }
        Reason::Window { .. } => {
            let days = count_with_noun(state.policy.slip_days, "day");
            let what = format!("passed more than the allowed {days} ago without being moved");
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
    ReasonRow {
        rule: reason.rule(),
        role: reason.role().cloned().or_else(|| found.and_then(|item| state.definition(item).role.clone())),
        item: reason.item(),
        text: format!("{subject}{colon} {what}."),
        href,
        action_label: mend,
        subject,
        what,
        place: found.map_or_else(String::new, |item| describe_place(state, item)),
        critical: found.is_some_and(|item| state.definition(item).importance == Importance::Critical),
        state: found.map_or("", |item| item.status.state.slug()),
    }
}

fn describe_item_state(stored: ItemState, waiver: Option<WaiverProblem>) -> String {
    let waiver = match waiver {
        None => "",
        Some(WaiverProblem::Asked) => "; a waiver is asked for and not yet answered",
        Some(WaiverProblem::Refused) => "; its waiver was refused",
        Some(WaiverProblem::Revoked) => "; its waiver was revoked",
        Some(WaiverProblem::Expired) => "; its waiver has expired",
    };
    format!("is {}{waiver}", stored.label())
}

fn describe_missing_signature(lack: SignatureProblem, signer: Option<&str>) -> String {
    let signer = signer.unwrap_or("someone");
    match lack {
        SignatureProblem::NotSigned => "nobody has signed yet".to_owned(),
        SignatureProblem::Withdrawn => format!("{signer} withdrew their signature"),
        SignatureProblem::Stale => format!("{signer} signed before something in this role's scope changed"),
        SignatureProblem::NotHolder => format!("{signer} signed, but no longer holds the role"),
        SignatureProblem::Objects => format!("{signer} signed no-go, so there is no go"),
    }
}

const NO_HOLDER: &str = "nobody holds the role";

const ALL_DEACTIVATED: &str = "everybody who holds the role is deactivated";

fn holders_href(state: &LaunchState) -> String {
    format!("/launches/{}/settings#holders", state.id)
}

/// Describes the missing signature of a role for which nobody can sign at the moment.
fn describe_nobody_can_sign(lack: String, kind: SignatureProblem, why: &str) -> String {
    match kind {
        SignatureProblem::NotSigned => why.to_owned(),
        SignatureProblem::Withdrawn
        | SignatureProblem::Stale
        | SignatureProblem::NotHolder
        | SignatureProblem::Objects => {
            format!("{lack}, and {why}")
        }
    }
}

/// The holders of roles that lack a signature: only their accounts show whether any of them can still sign.
pub fn possible_signers<'a>(state: &'a LaunchState, reasons: &'a [Reason]) -> impl Iterator<Item = UserId> + 'a {
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

/// Like [`describe_reason`], but knows the deactivated accounts: if all holders of a role are deactivated, nobody can
/// sign for it.
#[must_use]
pub fn describe_reason_with_accounts(state: &LaunchState, given: &Reason, deactivated: &BTreeSet<UserId>) -> ReasonRow {
    let line = describe_reason(state, given);
    let Reason::Signatures { role, lack, .. } = given else { return line };
    let mut holders = state.holders_of(role).peekable();
    if holders.peek().is_none() || !holders.all(|holder| deactivated.contains(&holder)) {
        return line;
    }
    let what = describe_nobody_can_sign(line.what, *lack, ALL_DEACTIVATED);
    let text = format!("{}: {what}.", line.subject);
    ReasonRow { what, text, href: holders_href(state), action_label: "Name a holder", ..line }
}

#[must_use]
pub fn describe_condition(state: &LaunchState, condition: &Condition) -> ConditionRow {
    let item = state.item(condition.item);
    let title = item.map_or_else(|| "An item".to_owned(), |item| state.definition(item).title.to_string());
    let role = item.and_then(|item| state.definition(item).role.as_ref()).map(|role| state.role_title(role));
    let owner = condition.owner.map(|owner| state.person_name(owner)).or(role).unwrap_or("nobody").to_owned();
    let (kind, expires_on, what) = match condition.kind {
        ConditionKind::Waiver { expires_on, .. } => {
            ("waiver", Some(expires_on), format!("is waived until the end of {}", format_day(expires_on)))
        }
        ConditionKind::Advisory { lack } => ("advisory", None, describe_advisory(lack).to_owned()),
    };
    ConditionRow {
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

const fn describe_advisory(lack: AdvisoryProblem) -> &'static str {
    match lack {
        AdvisoryProblem::Open => "is advisory and open",
        AdvisoryProblem::Blocked => "is advisory and blocked",
        AdvisoryProblem::NoEvidence => "is advisory and done, without the evidence it requires",
    }
}

#[must_use]
pub const fn vote_label(vote: Vote) -> &'static str {
    match vote {
        Vote::Go => "go",
        Vote::NoGo => "no-go",
    }
}

/// Time to or since the target, for the head of a launch: `T−7 d 21 h` before, `T+3 d 2 h` after.
#[must_use]
pub fn format_countdown(target: Moment, now: Moment) -> String {
    let seconds = target.seconds_since(now);
    let sign = if seconds >= 0 { '−' } else { '+' };
    let minutes = seconds.abs() / 60;
    let (days, hours, minutes) = (minutes / 1_440, minutes / 60 % 24, minutes % 60);
    if days > 0 { format!("T{sign}{days} d {hours} h") } else { format!("T{sign}{hours} h {minutes} min") }
}

/// The witnesses of a checkpoint: `Mei Sato`, `Mei Sato and 2 others`; empty if there are none.
#[must_use]
pub fn describe_witnesses(witnesses: &[Witness]) -> String {
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
    fn countdown_counts_down_and_then_up() {
        let now: Moment = "2026-11-23T12:00:00Z".parse().unwrap();
        for (target, text) in [
            ("2026-12-01T09:00:00Z", "T−7 d 21 h"),
            ("2026-11-23T13:05:00Z", "T−1 h 5 min"),
            ("2026-11-23T12:00:00Z", "T−0 h 0 min"),
            ("2026-11-20T10:00:00Z", "T+3 d 2 h"),
        ] {
            assert_eq!(format_countdown(target.parse().unwrap(), now), text);
        }
    }
}
