//! What waits for a person, gathered from the launches they may see. Pure: it reads states, and asks the rule of rights
//! and the stage what the person could do now.

use std::sync::Arc;

use super::items::{self, ItemLine, More};
use crate::{
    domain::{
        checklist::{Importance, RequiredRole},
        ids::LaunchId,
        launch::{
            access::{Act, Actor, Work as Kind, may, stage_allows},
            event::ItemState,
            state::{Agreement, Item, LaunchState, Stage, WaiverStatus},
        },
        readiness::{Readiness, SignatureStatus, Verdict, judge_item, readiness, status},
        time::Moment,
    },
    launch_page::words,
    record::installation::WrongPasswords,
};

/// The most launches ahead that are shown as cards.
const MOST_CARDS: usize = 12;

/// What waits for a person.
pub(super) struct Work {
    /// What only some can do, by what it is; none of the groups is empty.
    pub groups: Vec<Group>,
    /// Open items, the most urgent first.
    pub items: Vec<ItemLine>,
    /// How many of all open items are theirs, and how many more are their roles'.
    pub mine: usize,
    pub of_roles: usize,
    /// Where the items are that are not shown.
    pub more: Vec<More>,
    /// Launches ahead, the nearest first.
    pub ahead: Vec<Card>,
    /// How many launches ahead are not shown.
    pub more_ahead: usize,
}

/// Things to do of one kind.
pub(super) struct Group {
    pub id: &'static str,
    pub title: &'static str,
    pub tasks: Vec<Task>,
}

/// Something to do.
pub(super) struct Task {
    pub icon: &'static str,
    pub href: String,
    pub title: String,
    /// Of which launch, and what of it.
    pub about: String,
    /// A word that marks it out, with its icon.
    pub chip: Option<(&'static str, &'static str)>,
    /// How long is left.
    pub left: String,
}

/// A launch ahead.
pub(super) struct Card {
    pub id: LaunchId,
    pub name: String,
    pub left: String,
    pub verdict: &'static str,
    pub stage: &'static str,
    pub resolved: usize,
    pub total: usize,
}

/// A launch, as the person stands to it now.
pub(super) struct Seen<'a> {
    pub state: &'a LaunchState,
    pub actor: &'a Actor,
    pub now: Moment,
    found: Readiness,
}

impl Seen<'_> {
    /// Whether the person may do this, and the launch's stage allows that kind of work.
    fn can(&self, act: &Act, kind: Kind) -> bool {
        stage_allows(&self.state.stage, kind) && may(self.state, self.actor, act).is_ok()
    }

    /// Whether what is about an item can be worked on at this stage.
    pub(super) fn kind_of(&self, item: &Item) -> Kind {
        if self.state.definition(item).phase.is_before() { Kind::Prepare } else { Kind::Follow }
    }

    /// Whether the item is the person's: assigned to them, or to nobody and of a role of theirs.
    fn is_theirs(&self, item: &Item) -> bool {
        match &item.assignment.assignee {
            Some(assignee) => assignee.id == self.actor.id,
            None => self.state.definition(item).role.as_ref().is_some_and(|role| self.state.holds(self.actor.id, role)),
        }
    }

    fn left(&self) -> String {
        words::countdown(self.state.details.target.moment(), self.now)
    }

    /// `Payments 2.0 · asked by Bob`.
    fn about(&self, what: &str) -> String {
        format!("{} · {what}", self.state.name())
    }

    fn title(&self, item: &Item) -> String {
        self.state.definition(item).title.to_string()
    }
}

/// Gathers what waits for a person.
/// `wrong` is what the owner of a launch is warned of.
pub(super) fn gather(launches: &[Arc<LaunchState>], actor: &Actor, wrong: &[WrongPasswords], now: Moment) -> Work {
    let mut seen: Vec<Seen<'_>> =
        launches.iter().map(|state| Seen { state, actor, now, found: readiness(state, now) }).collect();
    seen.sort_by_key(|seen| (seen.state.details.target.moment(), seen.state.id));
    let of = |id, title, tasks: fn(&Seen<'_>) -> Vec<Task>| Group {
        id,
        title,
        tasks: seen.iter().flat_map(tasks).collect(),
    };
    let groups = [
        Group { id: "warnings", title: "To look into", tasks: warnings(&seen, wrong) },
        Group { id: "signatures", title: "Signatures awaited from me", tasks: signatures(&seen) },
        of("decisions", "For me to decide", decisions),
        of("waivers", "Waivers to answer", waivers),
        of("agreements", "Agreements to give", agreements),
        of("requests", "Evidence asked for", requests),
    ];
    let (items, counts) = items::open(&seen);
    let ahead: Vec<Card> = seen.iter().filter(|seen| is_ahead(&seen.state.stage)).map(card).collect();
    Work {
        groups: groups.into_iter().filter(|group| !group.tasks.is_empty()).collect(),
        items,
        mine: counts.mine,
        of_roles: counts.of_roles,
        more: counts.more,
        more_ahead: ahead.len().saturating_sub(MOST_CARDS),
        ahead: ahead.into_iter().take(MOST_CARDS).collect(),
    }
}

const fn is_ahead(stage: &Stage) -> bool {
    match stage {
        Stage::Preparing | Stage::Go(_) | Stage::Held { .. } => true,
        Stage::Launched(_) | Stage::Closed { .. } | Stage::Cancelled { .. } => false,
    }
}

fn card(seen: &Seen<'_>) -> Card {
    let state = seen.state;
    let resolved = state.before().filter(|(item, _)| state.is_resolved(item, seen.now)).count();
    Card {
        id: state.id,
        name: state.name().to_owned(),
        left: seen.left(),
        verdict: seen.found.verdict.slug(),
        stage: if matches!(state.stage, Stage::Preparing) { "" } else { state.stage.name().word() },
        resolved,
        total: state.before().count(),
    }
}

/// The signatures that wait for the person: what they were asked for first, then what has gone stale.
fn signatures(seen: &[Seen<'_>]) -> Vec<Task> {
    let mut awaited: Vec<(bool, bool, Task)> = seen
        .iter()
        .flat_map(|seen| seen.state.version.checklist.required_roles.iter().filter_map(|role| signature(seen, role)))
        .collect();
    awaited.sort_by_key(|(asked, stale, _)| (!asked, !stale));
    awaited.into_iter().map(|(_, _, task)| task).collect()
}

/// The signature in a role, if it waits for the person; whether they were asked for it, and whether theirs has gone
/// stale. It does not wait while a go of some holder counts, while their own objection stands, or where signing in
/// another role shuts them out of this one.
fn signature(seen: &Seen<'_>, required: &RequiredRole) -> Option<(bool, bool, Task)> {
    let (state, user) = (seen.state, seen.actor.id);
    let role = &required.role;
    if !seen.can(&Act::Sign(role.clone()), Kind::Prepare) {
        return None;
    }
    let digest = seen.found.digests.get(role)?;
    let of_role = || state.signatures.iter().filter(|signature| signature.record.role == *role);
    let counts = of_role().any(|signature| status(state, signature, digest) == SignatureStatus::Counts);
    let own = |wanted| {
        of_role().any(|signature| signature.record.signer.id == user && status(state, signature, digest) == wanted)
    };
    let elsewhere = state
        .signatures
        .iter()
        .any(|signature| signature.record.signer.id == user && signature.record.role != *role && signature.stands());
    if counts || own(SignatureStatus::Objects) || (elsewhere && state.policy.separation_of_duties) {
        return None;
    }
    let stale = own(SignatureStatus::Stale);
    let asked = state.asked.contains_key(role);
    let open = seen.found.reasons.iter().filter(|reason| reason.item().is_some()).count();
    let in_the_way = match open {
        0 => "no item stands in the way".to_owned(),
        1 => "1 item stands in the way".to_owned(),
        many => format!("{many} items stand in the way"),
    };
    let what = if stale { "something in its scope changed since you signed" } else { "not signed yet" };
    let task = Task {
        icon: if stale { "stale" } else { "sign" },
        href: format!("/launches/{}/go-no-go#role-{role}", state.id),
        title: if stale { format!("Look again, as {}", required.title) } else { format!("Sign as {}", required.title) },
        about: seen.about(&format!("{what}; {in_the_way}")),
        chip: match (asked, stale) {
            (true, _) => Some(("asked for", "person")),
            (false, true) => Some(("stale", "stale")),
            (false, false) => None,
        },
        left: seen.left(),
    };
    Some((asked, stale, task))
}

/// What the owner of a launch is warned of: wrong passwords, given to sign.
fn warnings(seen: &[Seen<'_>], wrong: &[WrongPasswords]) -> Vec<Task> {
    let of = |wrong: &WrongPasswords| {
        let seen = seen.iter().find(|seen| seen.state.id == wrong.launch)?;
        may(seen.state, seen.actor, &Act::Decide).ok()?;
        let what = format!("{} times in the last 24 hours, as {}", wrong.number, seen.state.person(wrong.user));
        Some(Task {
            icon: "lock",
            href: format!("/launches/{}/history?kind=refusals", wrong.launch),
            title: "Wrong passwords at signing".to_owned(),
            about: seen.about(&what),
            chip: None,
            left: String::new(),
        })
    };
    wrong.iter().filter_map(of).collect()
}

/// What waits for the owner of a launch.
fn decisions(seen: &Seen<'_>) -> Vec<Task> {
    let state = seen.state;
    let go_no_go = format!("/launches/{}/go-no-go", state.id);
    let task = |icon, href, title: &str, what: &str| {
        vec![Task { icon, href, title: title.to_owned(), about: seen.about(what), chip: None, left: seen.left() }]
    };
    let vacant = |state: &LaunchState| {
        let roles = state.version.checklist.required_roles.iter();
        roles.filter(|role| state.holders_of(&role.role).next().is_none()).count()
    };
    if may(state, seen.actor, &Act::Decide).is_err() {
        return Vec::new();
    }
    match &state.stage {
        Stage::Preparing | Stage::Held { .. } if vacant(state) > 0 => {
            let href = format!("/launches/{}/settings#holders", state.id);
            let what = format!("{} that must sign has no holder", words::count(vacant(state), "role"));
            let what = if vacant(state) == 1 { what } else { what.replace("has", "have") };
            task("people", href, "Name who signs", &what)
        }
        Stage::Preparing => match seen.found.verdict {
            Verdict::Go => task("go", go_no_go, "Declare GO", "nothing stands in the way"),
            Verdict::ConditionalGo => {
                let what = format!("with {} to acknowledge", words::count(seen.found.conditions.len(), "condition"));
                task("conditional", go_no_go, "Declare GO", &what)
            }
            Verdict::NoGo => Vec::new(),
        },
        Stage::Go(_) => task("launch", go_no_go, "Record the launch", "GO is declared; say when it happened"),
        Stage::Launched(_) => {
            let open = state.after().any(|(item, definition)| {
                let blocks = judge_item(state, item, definition, seen.now).is_some();
                blocks || !state.is_resolved(item, seen.now)
            });
            if open {
                Vec::new()
            } else {
                task("tick", go_no_go, "Close the launch", "every item after it is resolved")
            }
        }
        Stage::Held { .. } | Stage::Closed { .. } | Stage::Cancelled { .. } => Vec::new(),
    }
}

/// The waivers that wait for an answer the person may give.
fn waivers(seen: &Seen<'_>) -> Vec<Task> {
    let state = seen.state;
    let asked = state.waivers.values().filter(|waiver| waiver.status == WaiverStatus::Asked);
    asked
        .filter_map(|waiver| Some((waiver, state.item(waiver.item)?)))
        .filter(|(waiver, item)| seen.can(&Act::DecideWaiver(waiver.id), seen.kind_of(item)))
        .map(|(waiver, item)| {
            let (by, until) = (state.person(waiver.by), words::day(waiver.expires_on));
            Task {
                icon: "hold",
                href: format!("{}#waivers", words::item_href(item.id)),
                title: seen.title(item),
                about: seen.about(&format!("{by} asks to go without it until {until}")),
                chip: None,
                left: seen.left(),
            }
        })
        .collect()
}

/// The critical items said not to apply that wait for an agreement the person may give.
fn agreements(seen: &Seen<'_>) -> Vec<Task> {
    let state = seen.state;
    let waiting = state.defined().filter(|(item, definition)| {
        definition.importance == Importance::Critical
            && item.standing.state == ItemState::NotApplicable
            && matches!(item.agreement, Agreement::None)
            && seen.can(&Act::Agree(item.id), seen.kind_of(item))
    });
    waiting
        .map(|(item, _)| {
            let by = item.marked.map_or("someone", |(by, _)| state.person(by));
            Task {
                icon: "dash",
                href: format!("{}#agreement", words::item_href(item.id)),
                title: seen.title(item),
                about: seen.about(&format!("{by} says that it does not apply")),
                chip: None,
                left: seen.left(),
            }
        })
        .collect()
}

/// The requests for more evidence that nobody has answered, on items of the person's.
fn requests(seen: &Seen<'_>) -> Vec<Task> {
    let state = seen.state;
    let open = state.requests.values().filter(|request| request.answer.is_none());
    open.filter_map(|request| Some((request, state.item(request.item)?)))
        .filter(|(request, item)| seen.is_theirs(item) && seen.can(&Act::AnswerRequest(request.id), Kind::Accompany))
        .map(|(request, item)| {
            let text: String = state.text(&request.text).chars().take(140).collect();
            Task {
                icon: "clip",
                href: format!("{}#requests", words::item_href(item.id)),
                title: seen.title(item),
                about: seen.about(&format!("{} asks: {text}", state.person(request.by))),
                chip: None,
                left: String::new(),
            }
        })
        .collect()
}
