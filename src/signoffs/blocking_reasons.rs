//! The reasons that keep a launch from being ready, as the go/no-go page lists them.

use std::collections::BTreeMap;

use super::{shown_readiness::shown_readiness, sign_form::SignFormView};
use crate::{
    access::{
        launch_access::{LaunchAccess, PastLaunch},
        store::FormerMembers,
    },
    domain::{
        launch::{access::Act, state::LaunchState},
        readiness::{Readiness, ReadinessRule, Reason, SignatureProblem},
    },
    presentation::formatting::{self, ReasonRow},
    texts,
};

/// Reasons in the order in which to fix them: objections; a target that has to be moved; the items, critical ones
/// first; and signatures last, since fixing the others may change what they cover.
pub(super) fn sorted_reasons(launch: &LaunchState, reasons: &[Reason], former: &FormerMembers) -> Vec<ReasonRow> {
    let mut lines: Vec<_> =
        reasons.iter().map(|reason| formatting::describe_reason_with_accounts(launch, reason, former)).collect();
    lines.sort_by_key(|line| match line.rule {
        ReadinessRule::Objection => 0,
        ReadinessRule::Window => 1,
        ReadinessRule::Signatures => 4,
        ReadinessRule::Items | ReadinessRule::Evidence | ReadinessRule::Justification => 3 - u8::from(line.critical),
    });
    lines
}

/// The reasons as this page shows them: a reason that can be fixed on this page links to the place on it.
pub(super) fn build_reasons(
    access: &LaunchAccess,
    readiness: &Readiness,
    signing: &[SignFormView],
    former: &FormerMembers,
) -> BlockingReasons {
    let shown_reasons = shown_readiness(&access.launch, readiness).reasons;
    let mut lines = sorted_reasons(&access.launch, shown_reasons, former);
    let stale = |role| {
        shown_reasons.iter().find_map(|reason| match reason {
            Reason::Signatures { role: of, lack: SignatureProblem::Stale, signature: Some(id) } if of == role => {
                Some(*id)
            }
            _ => None,
        })
    };
    // A NO-GO is one obstacle, though two rules are broken by it.
    lines.retain(|line| line.rule != ReadinessRule::Signatures || !is_objected_to(shown_reasons, line));
    for line in lines.iter_mut().filter(|line| line.rule == ReadinessRule::Signatures) {
        let Some(role) = &line.role else { continue };
        if line.href.ends_with("#holders") {
            if !access.is_allowed(&Act::ManageHolders) {
                line.action_label = texts::see_who_holds_the_role();
            }
        } else if let Some(id) = stale(role) {
            (line.href, line.action_label) = (format!("#difference-{id}"), texts::see_the_difference());
        } else if signing.iter().any(|form| form.can_go && form.role == *role) {
            (line.href, line.action_label) = (format!("#sign-{role}"), texts::sign_for_role());
        }
    }
    if let Some(past) = access.past() {
        for line in &mut lines {
            link_to_past(line, past);
        }
    }
    BlockingReasons::new(access, lines)
}

/// Whether the role has no GO because of an objection, which is a reason of its own.
fn is_objected_to(reasons: &[Reason], line: &ReasonRow) -> bool {
    let objected =
        |reason: &Reason| matches!(reason, Reason::Objection { role, .. } if Some(role) == line.role.as_ref());
    let lacks = |reason: &Reason| matches!(reason, Reason::Signatures { role, lack: SignatureProblem::Objects, .. } if Some(role) == line.role.as_ref());
    reasons.iter().any(objected) && reasons.iter().any(lacks)
}

/// What blocks the launch: for somebody who signs, the items of their roles; the other items by part.
pub(super) struct BlockingReasons {
    pub count: usize,
    pub shown: Vec<ReasonRow>,
    pub folded: Vec<BlockedPart>,
}

/// Items of a part that block the launch.
pub(super) struct BlockedPart {
    pub title: String,
    /// Address of the part in the checklist, filtered to what is open.
    pub href: String,
    pub lines: Vec<ReasonRow>,
}

impl BlockingReasons {
    /// Number of items that are not folded away.
    const MAX_SHOWN_ITEMS: usize = 20;

    fn new(access: &LaunchAccess, lines: Vec<ReasonRow>) -> Self {
        let launch = &*access.launch;
        let is_signer = launch.assignable_roles().iter().any(|(role, _)| launch.holds_role(access.user.id, role));
        let concerns = |line: &ReasonRow| match &line.role {
            Some(role) => launch.holds_role(access.user.id, role),
            None => is_signer,
        };
        let (count, items) = (lines.len(), lines.iter().filter(|line| line.item.is_some()).count());
        let is_short = !is_signer && items <= Self::MAX_SHOWN_ITEMS;
        let mut shown = Vec::new();
        let mut parts: BTreeMap<usize, Vec<ReasonRow>> = BTreeMap::new();
        for line in lines {
            let part = line.item.and_then(|item| launch.item(item)).map(|item| item.position.0);
            match part {
                Some(part) if !is_short && (!concerns(&line) || shown.len() >= Self::MAX_SHOWN_ITEMS) => {
                    parts.entry(part).or_default().push(line);
                }
                _ => shown.push(line),
            }
        }
        let checklist = &launch.version.checklist;
        let checklist_page = access.past().map_or_else(|| format!("/launches/{}", launch.id), PastLaunch::address);
        let folded = parts.into_iter().map(|(part, lines)| BlockedPart {
            title: checklist.parts[part].title.as_ref().unwrap_or(&checklist.name).to_string(),
            href: format!("{checklist_page}?show=open#part-{}", part + 1),
            lines,
        });
        Self { count, shown, folded: folded.collect() }
    }
}

/// In the past nothing can be fixed, so the row links to where the reason can be seen.
fn link_to_past(line: &mut ReasonRow, past: PastLaunch) {
    if let Some(item) = line.item {
        line.href = formatting::item_href_at(Some(past), item);
    } else if !line.href.starts_with('#') {
        line.href = line.role.as_ref().map_or_else(|| past.address(), |role| format!("#role-{role}"));
    }
    line.action_label = texts::see_reason();
}
