//! What the owner may decide at this stage, and why not the rest; and what they are warned of.

use super::forms::{Entered, Returned, Which};
use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        launch::{
            access::{Act, Work, stage_allows},
            state::{LaunchState, Stage},
        },
        readiness::{Readiness, Reason, Verdict, judge_item},
        text::isolate_direction,
        time::Moment,
    },
    launch_page::{
        way_in,
        words::{self, ConditionLine, ReasonLine},
    },
    record::installation::WrongPasswords,
};

/// The owner's panel: a form for each thing that can be done now.
pub(super) struct Owner {
    /// Whether the person is the owner.
    pub is_owner: bool,
    /// Who is.
    pub name: String,
    pub declare: Option<Entered>,
    pub hold: Option<Entered>,
    pub resume: Option<Entered>,
    pub reopen: Option<Entered>,
    pub launch: Option<Recording>,
    pub close: Option<Closing>,
    pub cancel: Option<Entered>,
    /// The roles whose holders can be asked to sign.
    pub ask: Vec<String>,
    /// Why what one might look for is not there.
    pub why_not: String,
}

/// The form that records the launch.
pub(super) struct Recording {
    pub entered: Entered,
    pub zone: String,
}

/// The form that closes the launch.
pub(super) struct Closing {
    pub entered: Entered,
    pub conditions: Vec<ConditionLine>,
    /// What after-items still stand in the way.
    pub open: Vec<ReasonLine>,
}

impl Owner {
    pub(super) fn new(access: &LaunchAccess, found: &Readiness, returned: Option<&Returned>) -> Self {
        let launch = &*access.launch;
        let (is_owner, waiting) = (access.can(&Act::Decide), access.waiting());
        let form = |which: Which, offered: bool| {
            let entered = returned.filter(|returned| returned.which == which).map(|returned| returned.entered.clone());
            (is_owner && offered && waiting.is_none()).then(|| entered.unwrap_or_default())
        };
        let ready = found.verdict != Verdict::NoGo;
        let (preparing, held) = (matches!(launch.stage, Stage::Preparing), matches!(launch.stage, Stage::Held { .. }));
        let go = matches!(launch.stage, Stage::Go(_));
        let launched = matches!(launch.stage, Stage::Launched(_));
        let recording = |entered| Recording { entered, zone: launch.zone().to_string() };
        Self {
            is_owner,
            name: launch.person(launch.owner).to_owned(),
            declare: form(Which::Go, preparing && ready),
            hold: form(Which::Hold, preparing || go),
            resume: form(Which::Resume, held),
            reopen: form(Which::Reopen, go),
            launch: form(Which::Launch, go).map(recording),
            close: form(Which::Close, launched).map(|entered| closing(launch, access.now, entered)),
            cancel: form(Which::Cancel, preparing || held || go),
            ask: if is_owner && stage_allows(&launch.stage, Work::Prepare) {
                lacking(launch, found)
            } else {
                Vec::new()
            },
            why_not: match &waiting {
                Some(waiting) => way_in::waiting(waiting, &access.user.zone()),
                None => why_not(launch, found),
            },
        }
    }
}

/// What the owner is warned of: sessions in which wrong passwords were given to sign, a sentence each.
pub(super) fn alarms(launch: &LaunchState, wrong: &[WrongPasswords]) -> Vec<String> {
    let sentence = |wrong: &WrongPasswords| {
        let name = launch.person(wrong.user);
        format!(
            "{} wrong passwords were given to sign here as {name} in the last 24 hours. Ask them whether it was they; if \
             not, they should change their password and end their other sessions.",
            wrong.number
        )
    };
    wrong.iter().map(sentence).collect()
}

/// The required roles that have no go that counts.
fn lacking(launch: &LaunchState, found: &Readiness) -> Vec<String> {
    let lacks = found.reasons.iter().filter_map(|reason| match reason {
        Reason::Signatures { role, .. } => Some(isolate_direction(launch.role_title(role)).into_owned()),
        _ => None,
    });
    lacks.collect()
}

fn closing(launch: &LaunchState, now: Moment, entered: Entered) -> Closing {
    let conditions = launch.stage.launched().map_or(&[][..], |launched| &launched.found.conditions);
    let open = launch.after().filter_map(|(item, definition)| judge_item(launch, item, definition, now));
    Closing {
        entered,
        conditions: conditions.iter().map(|condition| words::condition(launch, condition)).collect(),
        open: open.map(|reason| words::reason(launch, &reason)).collect(),
    }
}

fn why_not(launch: &LaunchState, found: &Readiness) -> String {
    match &launch.stage {
        Stage::Preparing if found.verdict == Verdict::NoGo => {
            let number = found.reasons.len();
            let stand = if number == 1 { "stands" } else { "stand" };
            format!(
                "GO can be declared once nothing stands in the way; {} {stand} in it now.",
                words::count(number, "thing")
            )
        }
        Stage::Preparing => String::new(),
        Stage::Held { .. } => "GO can be declared once the launch is taken up again.".to_owned(),
        Stage::Go(_) => {
            "While GO is declared, everything it rests on is frozen. Reopening takes the decision back.".to_owned()
        }
        Stage::Launched(_) => {
            "The launch has happened. What is left is to see to what follows it, and to close it.".to_owned()
        }
        Stage::Closed { .. } => "This launch is closed; it is read-only.".to_owned(),
        Stage::Cancelled { .. } => "This launch is cancelled; it is read-only.".to_owned(),
    }
}
