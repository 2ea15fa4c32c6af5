//! To whom causes go: each person gets one notification of each reason, however many items a change touched.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{
    MAX_NAMED_ITEMS, Notification, NotificationFacts, NotificationReason,
    cause::{Audience, Cause},
};
use crate::domain::{
    ids::{ItemId, UserId},
    launch::state::{Item, LaunchState},
    role::RoleSlug,
};

/// What a person chose to watch, or to mute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watch {
    pub user: UserId,
    pub place: WatchPlace,
    pub muted: bool,
}

/// What can be watched. The narrowest choice decides: that of an item before that of its part, and that before the launch's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WatchPlace {
    Launch,
    /// A part of the checklist, by its position.
    Part(usize),
    Item(ItemId),
}

/// Addresses causes to people: never to who caused it, and once for each reason, role and occasion. Whether they may see
/// the launch is another question, which the caller asks.
#[must_use]
pub fn address_causes(causes: &[Cause], state: &LaunchState, watches: &[Watch]) -> Vec<Notification> {
    let watch_list = WatchList::new(state, watches);
    let mut groups: BTreeMap<GroupKey<'_>, Vec<&Cause>> = BTreeMap::new();
    for cause in causes {
        groups.entry(GroupKey::new(cause)).or_default().push(cause);
    }
    let mut all = Vec::new();
    for causes in groups.into_values() {
        match causes[0].audience {
            Audience::People(_) => {
                let mut by_person: BTreeMap<UserId, Vec<&Cause>> = BTreeMap::new();
                for cause in causes {
                    let Audience::People(people) = &cause.audience else { continue };
                    people.iter().for_each(|user| by_person.entry(*user).or_default().push(cause));
                }
                all.extend(by_person.into_iter().map(|(user, causes)| gather(user, &causes, state)));
            }
            Audience::ItemWatchers { .. } => {
                for user in watch_list.candidates(&causes) {
                    let watched = watch_list.filter_watched(user, &causes);
                    if !watched.is_empty() {
                        all.push(gather(user, &watched, state));
                    }
                }
            }
            Audience::Involved => {
                all.extend(watch_list.involved().into_iter().map(|user| gather(user, &causes, state)));
            }
        }
    }
    all.retain(|notification| notification.actor != Some(notification.user));
    all
}

/// Causes with the same key become one notification of a person.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct GroupKey<'a> {
    reason: NotificationReason,
    role: Option<&'a RoleSlug>,
    occasion: Option<&'a str>,
}

impl<'a> GroupKey<'a> {
    fn new(cause: &'a Cause) -> Self {
        Self { reason: cause.reason, role: cause.role.as_ref(), occasion: cause.occasion.as_deref() }
    }
}

/// One notification of a person about causes of the same kind.
fn gather(user: UserId, causes: &[&Cause], state: &LaunchState) -> Notification {
    let last = causes[causes.len() - 1];
    let single = causes.len() == 1;
    let items: Vec<ItemId> = causes.iter().filter_map(|cause| cause.item).take(MAX_NAMED_ITEMS).collect();
    Notification {
        user,
        reason: last.reason,
        actor: last.actor,
        seq: last.seq,
        item: last.item.filter(|_| single),
        role: last.role.clone(),
        things: causes.len(),
        facts: NotificationFacts { items, thing: last.facts.thing.filter(|_| single), ..last.facts.clone() },
        occasion: last.occasion.clone(),
        merge_key: match (last.reason, last.item.filter(|_| single)) {
            (NotificationReason::Marked, _) => Some(format!("marked:{}", state.id)),
            (NotificationReason::Commented, Some(item)) => Some(format!("commented:{item}")),
            _ => None,
        },
        at: last.at,
    }
}

/// Who watches what of a launch: by choice, or by their part in it.
pub struct WatchList<'a> {
    state: &'a LaunchState,
    chosen: HashMap<UserId, ChosenPlaces>,
}

#[derive(Default)]
struct ChosenPlaces {
    launch: Option<bool>,
    parts: BTreeMap<usize, bool>,
    items: BTreeMap<ItemId, bool>,
}

impl<'a> WatchList<'a> {
    #[must_use]
    pub fn new(state: &'a LaunchState, watches: &[Watch]) -> Self {
        let mut chosen: HashMap<UserId, ChosenPlaces> = HashMap::new();
        for watch in watches {
            let places = chosen.entry(watch.user).or_default();
            match watch.place {
                WatchPlace::Launch => places.launch = Some(!watch.muted),
                WatchPlace::Part(part) => {
                    places.parts.insert(part, !watch.muted);
                }
                WatchPlace::Item(item) => {
                    places.items.insert(item, !watch.muted);
                }
            }
        }
        Self { state, chosen }
    }

    /// Whether a person watches an item.
    #[must_use]
    pub fn watches_item(&self, user: UserId, item: &Item) -> bool {
        let chosen = self.chosen.get(&user).and_then(|places| {
            let of_part = || places.parts.get(&item.position.0).copied();
            places.items.get(&item.id).copied().or_else(of_part).or(places.launch)
        });
        chosen.unwrap_or_else(|| self.watches_by_part_in_it(user, item))
    }

    /// Whether a person is notified of decisions on the launch.
    #[must_use]
    pub fn watches_launch(&self, user: UserId) -> bool {
        self.chosen
            .get(&user)
            .and_then(|places| places.launch)
            .unwrap_or_else(|| self.involved_by_part().contains(&user))
    }

    /// The owner watches everything; others what is theirs: their role's items, what is assigned to them, and where they
    /// have commented.
    fn watches_by_part_in_it(&self, user: UserId, item: &Item) -> bool {
        let state = self.state;
        user == state.owner
            || item.assignment.assignee.as_ref().is_some_and(|person| person.id == user)
            || state.definition(item).role.as_ref().is_some_and(|role| state.holds_role(user, role))
            || self.commenters_of(item).any(|by| by == user)
    }

    fn commenters_of(&self, item: &'a Item) -> impl Iterator<Item = UserId> + '_ {
        item.comments.iter().filter_map(|id| self.state.comments.get(id)).map(|comment| comment.by)
    }

    fn involved_by_part(&self) -> HashSet<UserId> {
        let state = self.state;
        let assignees = state.items.iter().filter_map(|item| item.assignment.assignee.as_ref()).map(|person| person.id);
        let holders = state.holders.values().flatten().copied();
        assignees.chain(holders).chain(state.participants.iter().copied()).chain([state.owner]).collect()
    }

    fn involved(&self) -> BTreeSet<UserId> {
        let by_part = self.involved_by_part();
        let chosen = |user: &UserId| self.chosen.get(user).and_then(|places| places.launch);
        let by_choice = self.chosen.keys().filter(|user| chosen(user) == Some(true));
        by_part.iter().filter(|user| chosen(user) != Some(false)).chain(by_choice).copied().collect()
    }

    /// Everybody who may watch one of the items.
    fn candidates(&self, causes: &[&'a Cause]) -> BTreeSet<UserId> {
        let mut all: BTreeSet<UserId> = self.chosen.keys().copied().chain([self.state.owner]).collect();
        all.extend(self.state.holders.values().flatten());
        for item in causes.iter().filter_map(|cause| self.state.item(cause.item?)) {
            all.extend(item.assignment.assignee.as_ref().map(|person| person.id));
            all.extend(self.commenters_of(item));
        }
        all
    }

    /// Those of the causes whose item a person watches.
    fn filter_watched<'b>(&self, user: UserId, causes: &[&'b Cause]) -> Vec<&'b Cause> {
        // Of a bulk change of thousands of items with a thousand watchers, most watch the whole launch.
        let places = self.chosen.get(&user);
        let launch = places.and_then(|places| places.launch).unwrap_or(user == self.state.owner);
        let everything = launch && places.is_none_or(|places| places.parts.is_empty() && places.items.is_empty());
        let is_watched = |cause: &&&Cause| {
            let except = match &cause.audience {
                Audience::ItemWatchers { except } => except.contains(&user),
                Audience::People(_) | Audience::Involved => true,
            };
            let watched =
                || cause.item.and_then(|item| self.state.item(item)).is_some_and(|item| self.watches_item(user, item));
            !except && (everything || watched())
        };
        causes.iter().filter(is_watched).copied().collect()
    }
}
