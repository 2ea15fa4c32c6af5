//! Data of the waivers on the item page.

use std::borrow::Cow;

use super::super::{
    availability::{approving_role, is_available},
    form_input::ItemPageForm,
};
use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        ids::WaiverId,
        launch::{
            access::{Act, ActGroup},
            event::ItemState,
            state::{Attribution, Item, LaunchState, Waiver, WaiverStatus},
        },
        time::{Day, Moment},
    },
    presentation::formatting,
    texts::{self, Markup},
    web::chrome::Chrome,
};

pub(in crate::items) struct WaiverBlock {
    /// The item's waivers, the newest first.
    pub list: Vec<WaiverView>,
    pub can_ask: bool,
    /// The role of which a holder can approve; `None` for any signing role.
    pub role: Option<String>,
    /// Hint at the field of the last day: the launch's target, since a waiver that ends before it is of little use.
    pub hint: String,
}

pub(in crate::items) struct WaiverView {
    pub id: WaiverId,
    pub by: String,
    pub at: Moment,
    pub reason: String,
    pub control: String,
    pub expires_on: String,
    status: WaiverLabel,
    /// Name, time and reason of the approval, refusal or revocation.
    decided: Option<(String, Moment, String)>,
    /// Whether the waiver was refused or revoked, or has expired.
    pub over: bool,
    /// Whether the waiver ends before the launch's target.
    pub too_short: bool,
    pub can_decide: bool,
    pub can_revoke: bool,
}

/// The status of a waiver, as its chip says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WaiverLabel {
    Awaiting,
    Approved,
    Expired,
    Refused,
    Revoked,
}

impl WaiverView {
    pub(in crate::items) fn status_label(&self) -> Cow<'static, str> {
        match self.status {
            WaiverLabel::Awaiting => texts::waiver_awaits_approval(),
            WaiverLabel::Approved => texts::waiver_is_approved(),
            WaiverLabel::Expired => texts::waiver_is_expired(),
            WaiverLabel::Refused => texts::waiver_is_refused(),
            WaiverLabel::Revoked => texts::waiver_is_revoked(),
        }
    }

    pub(in crate::items) const fn status_style(&self) -> &'static str {
        match self.status {
            WaiverLabel::Awaiting => "cond",
            WaiverLabel::Approved => "waived",
            WaiverLabel::Expired => "",
            WaiverLabel::Refused | WaiverLabel::Revoked => "nogo",
        }
    }

    pub(in crate::items) fn is_awaiting_approval(&self) -> bool {
        self.status == WaiverLabel::Awaiting
    }

    /// Who approved, refused or revoked it, when and why.
    pub(in crate::items) fn describe_decision(&self, chrome: &Chrome) -> Option<Markup> {
        let (by, at, reason) = self.decided.as_ref()?;
        let (by, at) = (chrome.person(by), chrome.time(at));
        match (self.status, reason.as_str()) {
            (WaiverLabel::Awaiting, _) => None,
            (WaiverLabel::Approved | WaiverLabel::Expired, "") => Some(texts::waiver_approved_by(by, at)),
            (WaiverLabel::Approved | WaiverLabel::Expired, reason) => {
                Some(texts::waiver_approved_by_because(by, at, reason))
            }
            (WaiverLabel::Refused, reason) => Some(texts::waiver_refused_by(by, at, reason)),
            (WaiverLabel::Revoked, reason) => Some(texts::waiver_revoked_by(by, at, reason)),
        }
    }

    pub(in crate::items) const fn decision(&self) -> ItemPageForm {
        ItemPageForm::DecideWaiver(self.id)
    }

    pub(in crate::items) const fn revocation(&self) -> ItemPageForm {
        ItemPageForm::RevokeWaiver(self.id)
    }
}

impl WaiverBlock {
    pub(in crate::items) fn new(access: &LaunchAccess, item: &Item) -> Self {
        let (state, now) = (&*access.launch, access.now);
        let waivable = matches!(item.status.state, ItemState::Open | ItemState::Blocked);
        let in_the_way =
            |waiver: &Waiver| matches!(waiver.status, WaiverStatus::Asked) || waiver.is_in_force(state.zone(), now);
        let free = waivable && !state.waivers_of(item).any(in_the_way);
        Self {
            list: state.waivers_of(item).rev().map(|waiver| build_waiver_view(access, item, waiver)).collect(),
            can_ask: free && is_available(access, item, &Act::AskWaiver(item.id), ActGroup::Prepare),
            role: approving_role(state, item),
            hint: texts::target_of_launch_is(formatting::format_day(Day::from_moment(
                state.details.target.to_moment(),
                state.zone(),
            )))
            .into_owned(),
        }
    }

    pub(in crate::items) fn is_empty(&self) -> bool {
        self.list.is_empty() && !self.can_ask
    }
}

fn build_waiver_view(access: &LaunchAccess, item: &Item, waiver: &Waiver) -> WaiverView {
    let (state, now) = (&*access.launch, access.now);
    let expired = waiver.is_expired(state.zone(), now);
    let status = match waiver.status {
        WaiverStatus::Asked => WaiverLabel::Awaiting,
        WaiverStatus::Approved { .. } if expired => WaiverLabel::Expired,
        WaiverStatus::Approved { .. } => WaiverLabel::Approved,
        WaiverStatus::Refused(_) => WaiverLabel::Refused,
        WaiverStatus::Revoked(_) => WaiverLabel::Revoked,
    };
    let is_asked = matches!(waiver.status, WaiverStatus::Asked);
    WaiverView {
        id: waiver.id,
        by: state.person_name(waiver.by).to_owned(),
        at: waiver.at,
        reason: state.text(&waiver.reason).to_owned(),
        control: state.text(&waiver.control).to_owned(),
        expires_on: formatting::format_day(waiver.expires_on),
        status,
        decided: find_decision(state, &waiver.status),
        over: !is_asked && !waiver.is_in_force(state.zone(), now),
        too_short: waiver.expires_on.end(state.zone()) <= state.details.target.to_moment(),
        can_decide: is_asked && is_available(access, item, &Act::DecideWaiver(waiver.id), ActGroup::Prepare),
        can_revoke: waiver.is_approved()
            && is_available(access, item, &Act::RevokeWaiver(waiver.id), ActGroup::WithdrawSupport),
    }
}

/// Name, time and reason of the approval, refusal or revocation.
fn find_decision(state: &LaunchState, status: &WaiverStatus) -> Option<(String, Moment, String)> {
    let ended =
        |ended: &Attribution| (state.person_name(ended.by).to_owned(), ended.at, state.text(&ended.reason).to_owned());
    match status {
        WaiverStatus::Asked => None,
        WaiverStatus::Approved { by, at, reason } => {
            let reason = reason.map_or_else(String::new, |reason| state.text(&reason).to_owned());
            Some((state.person_name(*by).to_owned(), *at, reason))
        }
        WaiverStatus::Refused(why) | WaiverStatus::Revoked(why) => Some(ended(why)),
    }
}
