//! Data of the waivers on the item page.

use super::super::{
    availability::{describe_approvers, is_available},
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
};

pub(in crate::items) struct WaiverBlock {
    /// Newest first.
    pub list: Vec<WaiverView>,
    pub can_ask: bool,
    /// Description of who can approve.
    pub who: String,
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
    /// Label of the status, and the style of its chip.
    pub status: (&'static str, &'static str),
    /// Verb, name, time and reason of the approval, refusal or revocation.
    pub decided: Option<(&'static str, String, Moment, String)>,
    /// Whether the waiver was refused or revoked, or has expired.
    pub over: bool,
    /// Whether the waiver ends before the launch's target.
    pub too_short: bool,
    pub can_decide: bool,
    pub can_revoke: bool,
}

impl WaiverView {
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
            who: describe_approvers(state, item),
            hint: format!(
                "The target is {}.",
                formatting::format_day(Day::from_moment(state.details.target.to_moment(), state.zone()))
            ),
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
        WaiverStatus::Asked => ("awaiting approval", "cond"),
        WaiverStatus::Approved { .. } if expired => ("expired", ""),
        WaiverStatus::Approved { .. } => ("approved", "waived"),
        WaiverStatus::Refused(_) => ("refused", "nogo"),
        WaiverStatus::Revoked(_) => ("revoked", "nogo"),
    };
    let asked = matches!(waiver.status, WaiverStatus::Asked);
    WaiverView {
        id: waiver.id,
        by: state.person_name(waiver.by).to_owned(),
        at: waiver.at,
        reason: state.text(&waiver.reason).to_owned(),
        control: state.text(&waiver.control).to_owned(),
        expires_on: formatting::format_day(waiver.expires_on),
        status,
        decided: describe_decision(state, &waiver.status),
        over: !asked && !waiver.is_in_force(state.zone(), now),
        too_short: waiver.expires_on.end(state.zone()) <= state.details.target.to_moment(),
        can_decide: asked && is_available(access, item, &Act::DecideWaiver(waiver.id), ActGroup::Prepare),
        can_revoke: waiver.is_approved()
            && is_available(access, item, &Act::RevokeWaiver(waiver.id), ActGroup::WithdrawSupport),
    }
}

fn describe_decision(state: &LaunchState, status: &WaiverStatus) -> Option<(&'static str, String, Moment, String)> {
    let ended = |verb, ended: &Attribution| {
        (verb, state.person_name(ended.by).to_owned(), ended.at, state.text(&ended.reason).to_owned())
    };
    match status {
        WaiverStatus::Asked => None,
        WaiverStatus::Approved { by, at, reason } => {
            let reason = reason.map_or_else(String::new, |reason| state.text(&reason).to_owned());
            Some(("Approved by", state.person_name(*by).to_owned(), *at, reason))
        }
        WaiverStatus::Refused(why) => Some(ended("Refused by", why)),
        WaiverStatus::Revoked(why) => Some(ended("Revoked by", why)),
    }
}
