//! Describes a launch's facts, with the address where each can be fixed: the same on pages and in JSON.

use std::borrow::Cow;

use serde::Serialize;

use crate::{
    access::{launch_access::PastLaunch, store::FormerMembers},
    domain::{
        checklist::{ChecklistItem, Importance},
        ids::{ItemId, SignatureId, UserId},
        launch::{
            event::{ItemState, Vote},
            state::{Item, LaunchState},
        },
        readiness::{
            AdvisoryProblem, Condition, ConditionKind, ReadinessRule, Reason, SignatureProblem, Verdict, WaiverProblem,
        },
        role::RoleSlug,
        text::Tag,
        time::{Day, Moment},
    },
    record::checkpoints::Witness,
    texts::{self, PersonLabel},
    web::time::format_date,
};

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
    pub action_label: Cow<'static, str>,
    /// The item's title, or whatever else the sentence is about.
    #[serde(skip)]
    pub subject: String,
    /// What is wrong, without the subject.
    #[serde(skip)]
    pub detail: String,
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
    /// The kind for programs: `waiver` or `advisory`.
    pub kind: &'static str,
    pub item: ItemId,
    /// Name of the responsible person, else the title of the item's role, else `nobody`.
    pub owner: String,
    /// Last day of a waiver.
    pub expires_on: Option<Day>,
    /// The condition as a sentence.
    pub text: String,
    #[serde(skip)]
    pub title: String,
    /// The sentence without the title.
    #[serde(skip)]
    pub detail: String,
    /// Page of the item.
    #[serde(skip)]
    pub href: String,
}

/// Formats a day: `23 Nov 2026`.
#[must_use]
pub fn format_day(day: Day) -> String {
    format_date(day.0)
}

/// Part and section of an item.
#[must_use]
pub fn describe_place(state: &LaunchState, item: &Item) -> String {
    let (part, section) = state.part_and_section(item);
    let titles = [part.title.as_ref(), section.title.as_ref()];
    titles.into_iter().flatten().map(ToString::to_string).collect::<Vec<_>>().join(" › ")
}

/// The tags of a launch in one line: `Payments, Team Blue`. `None` if there is none.
#[must_use]
pub fn join_tags(tags: &[Tag]) -> Option<String> {
    (!tags.is_empty()).then(|| tags.iter().map(Tag::as_str).collect::<Vec<_>>().join(", "))
}

/// The title of an item's role; of a role that the checklist does not require, a name made from its slug. Empty for an
/// item without a role.
#[must_use]
pub fn role_of_item(state: &LaunchState, definition: &ChecklistItem) -> String {
    let Some(role) = &definition.role else { return String::new() };
    state.role_title(role).into_owned()
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
    let (detail, href, action_label) = match reason {
        Reason::Items { item, state: stored, waiver } => {
            let detail = describe_item_state(*stored, waiver.map(|(_, problem)| problem));
            (detail, item_href(*item), texts::open_item())
        }
        Reason::Evidence { item, lapsed_on } => {
            let detail = lapsed_on
                .map_or_else(texts::done_without_evidence, |on| texts::done_with_lapsed_evidence(format_day(on)));
            (detail, format!("{}#evidence", item_href(*item)), texts::attach_evidence())
        }
        Reason::Justification { item, refused } => {
            let detail = if *refused {
                texts::not_applicable_agreement_refused()
            } else {
                texts::not_applicable_without_agreement()
            };
            (detail, format!("{}#agreement", item_href(*item)), texts::see_agreement())
        }
        Reason::Signatures { role, lack, signature } => {
            if state.holders_of(role).next().is_none() {
                let detail = describe_missing_signature(state, *lack, *signature, CanSign::NoHolder);
                (detail, holders_href(state), texts::name_a_holder())
            } else {
                let detail = describe_missing_signature(state, *lack, *signature, CanSign::Somebody);
                (detail, format!("{go_no_go}#role-{role}"), texts::see_signatures())
            }
        }
        Reason::Objection { role, signature } => {
            let detail = texts::objection_stands(signer_name(state, Some(*signature)));
            (detail, format!("{go_no_go}#role-{role}"), texts::read_why())
        }
        Reason::Window { .. } => {
            let detail = texts::target_passed_too_long_ago(state.policy.slip_days);
            (detail, format!("/launches/{}/settings#details", state.id), texts::move_the_target())
        }
    };
    let item = reason.item().and_then(|id| state.item(id));
    let subject = match (reason, item) {
        (_, Some(item)) => state.definition(item).shown_title().into(),
        (Reason::Window { .. }, None) => texts::launch_target(),
        (Reason::Signatures { role, .. } | Reason::Objection { role, .. }, None) => state.role_title(role),
        (Reason::Items { .. } | Reason::Evidence { .. } | Reason::Justification { .. }, None) => texts::item(),
    };
    ReasonRow {
        rule: reason.rule(),
        role: reason.role().cloned().or_else(|| item.and_then(|item| state.definition(item).role.clone())),
        item: reason.item(),
        text: texts::reason_with_subject(&subject, &detail).into_owned(),
        href,
        action_label,
        subject: subject.into_owned(),
        detail: detail.into_owned(),
        place: item.map_or_else(String::new, |item| describe_place(state, item)),
        critical: item.is_some_and(|item| state.definition(item).importance == Importance::Critical),
        state: item.map_or("", |item| item.status.state.slug()),
    }
}

fn describe_item_state(stored: ItemState, waiver: Option<WaiverProblem>) -> Cow<'static, str> {
    match (stored, waiver) {
        (ItemState::Open, None) => texts::state_word_open(),
        (ItemState::Open, Some(WaiverProblem::Asked)) => texts::open_waiver_not_answered(),
        (ItemState::Open, Some(WaiverProblem::Refused)) => texts::open_waiver_refused(),
        (ItemState::Open, Some(WaiverProblem::Revoked)) => texts::open_waiver_revoked(),
        (ItemState::Open, Some(WaiverProblem::Expired)) => texts::open_waiver_expired(),
        (ItemState::Blocked, Some(WaiverProblem::Asked)) => texts::blocked_waiver_not_answered(),
        (ItemState::Blocked, Some(WaiverProblem::Refused)) => texts::blocked_waiver_refused(),
        (ItemState::Blocked, Some(WaiverProblem::Revoked)) => texts::blocked_waiver_revoked(),
        (ItemState::Blocked, Some(WaiverProblem::Expired)) => texts::blocked_waiver_expired(),
        // What is done or not applicable needs no waiver.
        (ItemState::Blocked, None) | (ItemState::Done | ItemState::NotApplicable, _) => stored.label(),
    }
}

/// Whether anybody can sign for a role at the moment.
#[derive(Debug, Clone, Copy)]
enum CanSign {
    Somebody,
    NoHolder,
    AllDeactivated,
    /// Each holder is deactivated, or no longer a member.
    NoActiveMember,
}

fn describe_missing_signature(
    state: &LaunchState,
    lack: SignatureProblem,
    signature: Option<SignatureId>,
    who: CanSign,
) -> Cow<'static, str> {
    let signer = signer_name(state, signature);
    match (lack, who) {
        (SignatureProblem::NotSigned, CanSign::Somebody) => texts::nobody_has_signed_yet(),
        (SignatureProblem::NotSigned, CanSign::NoHolder) => texts::nobody_holds_the_role(),
        (SignatureProblem::NotSigned, CanSign::AllDeactivated) => texts::all_holders_are_deactivated(),
        (SignatureProblem::NotSigned, CanSign::NoActiveMember) => texts::no_holder_is_a_member(),
        (SignatureProblem::Withdrawn, CanSign::Somebody) => texts::signature_withdrawn(signer),
        (SignatureProblem::Withdrawn, CanSign::NoHolder) => texts::signature_withdrawn_nobody_holds(signer),
        (SignatureProblem::Withdrawn, CanSign::AllDeactivated) => texts::signature_withdrawn_all_deactivated(signer),
        (SignatureProblem::Withdrawn, CanSign::NoActiveMember) => texts::signature_withdrawn_no_member(signer),
        (SignatureProblem::Stale, CanSign::Somebody) => texts::signature_stale(signer),
        (SignatureProblem::Stale, CanSign::NoHolder) => texts::signature_stale_nobody_holds(signer),
        (SignatureProblem::Stale, CanSign::AllDeactivated) => texts::signature_stale_all_deactivated(signer),
        (SignatureProblem::Stale, CanSign::NoActiveMember) => texts::signature_stale_no_member(signer),
        (SignatureProblem::NotHolder, CanSign::Somebody) => texts::signer_is_no_holder(signer),
        (SignatureProblem::NotHolder, CanSign::NoHolder) => texts::signer_is_no_holder_nobody_holds(signer),
        (SignatureProblem::NotHolder, CanSign::AllDeactivated) => texts::signer_is_no_holder_all_deactivated(signer),
        (SignatureProblem::NotHolder, CanSign::NoActiveMember) => texts::signer_is_no_holder_no_member(signer),
        (SignatureProblem::Objects, CanSign::Somebody) => texts::signed_no_go(signer),
        (SignatureProblem::Objects, CanSign::NoHolder) => texts::signed_no_go_nobody_holds(signer),
        (SignatureProblem::Objects, CanSign::AllDeactivated) => texts::signed_no_go_all_deactivated(signer),
        (SignatureProblem::Objects, CanSign::NoActiveMember) => texts::signed_no_go_no_member(signer),
    }
}

fn signer_name(state: &LaunchState, signature: Option<SignatureId>) -> String {
    match signature.and_then(|id| state.signature(id)) {
        Some(signature) => PersonLabel::of_member(signature.record.signer.name.as_str()).to_string(),
        None => texts::somebody().into_owned(),
    }
}

fn holders_href(state: &LaunchState) -> String {
    format!("/launches/{}/settings#holders", state.id)
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

/// Like [`describe_reason`], but knows the former members: if all holders of a role are such, nobody can sign for it.
#[must_use]
pub fn describe_reason_with_accounts(state: &LaunchState, given: &Reason, former: &FormerMembers) -> ReasonRow {
    let line = describe_reason(state, given);
    let Reason::Signatures { role, lack, signature } = given else { return line };
    let holders: Vec<UserId> = state.holders_of(role).collect();
    if holders.is_empty() || !holders.iter().all(|holder| former.contains(*holder)) {
        return line;
    }
    let all_deactivated = holders.iter().all(|holder| former.deactivated.contains(holder));
    let who = if all_deactivated { CanSign::AllDeactivated } else { CanSign::NoActiveMember };
    let detail = describe_missing_signature(state, *lack, *signature, who);
    let text = texts::reason_with_subject(&line.subject, &detail).into_owned();
    ReasonRow {
        detail: detail.into_owned(),
        text,
        href: holders_href(state),
        action_label: texts::name_a_holder(),
        ..line
    }
}

#[must_use]
pub fn describe_condition(state: &LaunchState, condition: &Condition) -> ConditionRow {
    let item = state.item(condition.item);
    let title = item.map_or_else(|| texts::item().into_owned(), |item| state.definition(item).shown_title());
    let role = item.and_then(|item| state.definition(item).role.as_ref()).map(|role| state.role_title(role));
    let owner = condition.owner.map(|owner| state.member_label(owner).to_string()).or(role.map(Cow::into_owned));
    let (kind, expires_on, what) = match condition.kind {
        ConditionKind::Waiver { expires_on, .. } => {
            ("waiver", Some(expires_on), texts::waived_until_the_end_of(format_day(expires_on)))
        }
        ConditionKind::Advisory { lack: AdvisoryProblem::Open } => ("advisory", None, texts::advisory_and_open()),
        ConditionKind::Advisory { lack: AdvisoryProblem::Blocked } => ("advisory", None, texts::advisory_and_blocked()),
        ConditionKind::Advisory { lack: AdvisoryProblem::NoEvidence } => {
            ("advisory", None, texts::advisory_and_done_without_evidence())
        }
    };
    ConditionRow {
        id: condition.id.to_string(),
        kind,
        item: condition.item,
        owner: owner.unwrap_or_else(|| texts::nobody().into_owned()),
        expires_on,
        text: texts::reason_with_subject(&title, &what).into_owned(),
        title,
        detail: what.into_owned(),
        href: item_href(condition.item),
    }
}

#[must_use]
pub fn vote_label(vote: Vote) -> Cow<'static, str> {
    match vote {
        Vote::Go => texts::vote_go(),
        Vote::NoGo => texts::vote_no_go(),
    }
}

/// A verdict, with the number of what it is due to.
#[must_use]
pub fn verdict_with_counts(verdict: Verdict, reasons: usize, conditions: usize) -> Cow<'static, str> {
    match verdict {
        Verdict::ConditionalGo if conditions > 0 => texts::ready_with_counted_conditions(conditions),
        Verdict::NoGo if reasons > 0 => texts::not_ready_for_reasons(reasons),
        Verdict::Go | Verdict::ConditionalGo | Verdict::NoGo => verdict.label(),
    }
}

#[must_use]
pub fn yes_or_no(yes: bool) -> Cow<'static, str> {
    if yes { texts::rule_is_on() } else { texts::rule_is_off() }
}

/// Time to or since the target, for the head of a launch: `T−7 d 21 h` before, `T+3 d 2 h` after.
#[must_use]
pub fn format_countdown(target: Moment, now: Moment) -> String {
    let seconds = target.seconds_since(now);
    let sign = if seconds >= 0 { '−' } else { '+' };
    let minutes = seconds.abs() / 60;
    let (days, hours, minutes) = (minutes / 1_440, minutes / 60 % 24, minutes % 60);
    let text = match days {
        0 => texts::countdown_in_hours(sign, hours, minutes),
        _ => texts::countdown_in_days(sign, days, hours),
    };
    text.into_owned()
}

/// The witnesses of a checkpoint: `Mei Sato`, `Mei Sato and 2 others`; empty if there are none.
#[must_use]
pub fn describe_witnesses(witnesses: &[Witness]) -> String {
    match witnesses {
        [] => String::new(),
        [one] => one.name.clone(),
        [one, other] => texts::two_people(&one.name, &other.name).into_owned(),
        [one, others @ ..] => texts::person_and_others(&one.name, others.len()).into_owned(),
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
