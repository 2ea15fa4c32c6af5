//! Waivers, as the item page shows them.

use super::super::{
    typed::At,
    view::{offers, who_excepts},
};
use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        ids::WaiverId,
        launch::{
            access::{Act, Work},
            event::ItemState,
            state::{Ended, Item, LaunchState, Waiver, WaiverStatus},
        },
        time::{Day, Moment},
    },
    launch_page::words,
};

/// An item's waivers, and what the reader may do about them.
pub(in crate::items) struct WaiverBlock {
    /// The newest first.
    pub list: Vec<WaiverView>,
    pub can_ask: bool,
    /// Who approves, in words.
    pub who: String,
    /// Said at the field of the last day: a waiver that ends before the target is of little use.
    pub hint: String,
}

/// A waiver.
pub(in crate::items) struct WaiverView {
    pub id: WaiverId,
    pub by: String,
    pub at: Moment,
    pub reason: String,
    pub control: String,
    pub expires_on: String,
    /// The word for what became of it, and the kind of its chip.
    pub status: (&'static str, &'static str),
    /// Who approved, refused or revoked it, when and why.
    pub decided: Option<(&'static str, String, Moment, String)>,
    /// Whether it is past: refused, revoked or expired.
    pub over: bool,
    /// Whether it ends before the launch's target.
    pub too_short: bool,
    pub can_decide: bool,
    pub can_revoke: bool,
}

impl WaiverView {
    /// The form that approves or refuses it.
    pub(in crate::items) const fn decision(&self) -> At {
        At::Decision(self.id)
    }

    /// The form that revokes it.
    pub(in crate::items) const fn revocation(&self) -> At {
        At::Revocation(self.id)
    }
}

impl WaiverBlock {
    pub(in crate::items) fn new(access: &LaunchAccess, item: &Item) -> Self {
        let (state, now) = (&*access.launch, access.now);
        let waivable = matches!(item.standing.state, ItemState::Open | ItemState::Blocked);
        let in_the_way =
            |waiver: &Waiver| matches!(waiver.status, WaiverStatus::Asked) || waiver.holds(state.zone(), now);
        let free = waivable && !state.waivers_of(item).any(in_the_way);
        Self {
            list: state.waivers_of(item).rev().map(|waiver| view(access, item, waiver)).collect(),
            can_ask: free && offers(access, item, &Act::AskWaiver(item.id), Work::Prepare),
            who: who_excepts(state, item),
            hint: format!("The target is {}.", words::day(Day::of(state.details.target.moment(), state.zone()))),
        }
    }

    /// Whether there is anything to show.
    pub(in crate::items) fn is_empty(&self) -> bool {
        self.list.is_empty() && !self.can_ask
    }
}

fn view(access: &LaunchAccess, item: &Item, waiver: &Waiver) -> WaiverView {
    let (state, now) = (&*access.launch, access.now);
    let expired = waiver.expired(state.zone(), now);
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
        by: state.person(waiver.by).to_owned(),
        at: waiver.at,
        reason: state.text(&waiver.reason).to_owned(),
        control: state.text(&waiver.control).to_owned(),
        expires_on: words::day(waiver.expires_on),
        status,
        decided: decided(state, &waiver.status),
        over: !asked && !waiver.holds(state.zone(), now),
        too_short: waiver.expires_on.end(state.zone()) <= state.details.target.moment(),
        can_decide: asked && offers(access, item, &Act::DecideWaiver(waiver.id), Work::Prepare),
        can_revoke: waiver.is_approved() && offers(access, item, &Act::RevokeWaiver(waiver.id), Work::Object),
    }
}

fn decided(state: &LaunchState, status: &WaiverStatus) -> Option<(&'static str, String, Moment, String)> {
    let ended =
        |verb, ended: &Ended| (verb, state.person(ended.by).to_owned(), ended.at, state.text(&ended.reason).to_owned());
    match status {
        WaiverStatus::Asked => None,
        WaiverStatus::Approved { by, at, reason } => {
            let reason = reason.map_or_else(String::new, |reason| state.text(&reason).to_owned());
            Some(("Approved by", state.person(*by).to_owned(), *at, reason))
        }
        WaiverStatus::Refused(why) => Some(ended("Refused by", why)),
        WaiverStatus::Revoked(why) => Some(ended("Revoked by", why)),
    }
}
