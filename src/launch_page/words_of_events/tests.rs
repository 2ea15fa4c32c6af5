//! Every kind of event reads as a sentence.

use super::*;
use crate::domain::launch::{
    command::{Command, NewEvidence},
    event::{
        ItemState::{Blocked, Done, NotApplicable},
        Policy,
    },
    fixture::{ANA, AUDITOR, BEN, OWNER, SEC, SECURITY, TECH, TECH_LEAD, TECH2, World, day, local, role},
};

/// The sentence as a page without markup would have it.
fn said(words: &EventInWords) -> String {
    let vote = words.said.map(words::vote);
    let named = |link: &Option<Link>| link.as_ref().map(|link| link.text.clone());
    let joint = Some(words.joint).filter(|joint| !joint.is_empty());
    let changes = words.changes.iter().map(|change| {
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
        format!("[{} {} > {}]", change.what, value(&change.old), value(&change.new))
    });
    let parts: Vec<String> = [
        Some(words.verb.clone()),
        vote.map(str::to_owned),
        named(&words.thing),
        joint.map(str::to_owned),
        named(&words.item),
        Some(words.tail.clone()).filter(|tail| !tail.is_empty()),
    ]
    .into_iter()
    .flatten()
    .chain(changes)
    .chain(words.reason.iter().map(|reason| format!("“{reason}”")))
    .collect();
    parts.join(" ")
}

/// A launch to which something of every kind happens, or nearly: it is held, reopened, launched and closed.
fn eventful() -> World {
    let mut world = World::new();
    let key = "required-sec";
    world.does(OWNER, Command::ChangeRestriction { restricted: true });
    world.does(OWNER, Command::AddParticipant { user: ANA });
    world.does(OWNER, Command::RemoveParticipant { user: ANA });
    world.does(OWNER, Command::ChangeRestriction { restricted: false });
    world.does(OWNER, Command::ChangePolicy { policy: Policy { slip_days: 3, separation_of_duties: true } });
    world.does(OWNER, world.retarget(local("2026-12-02T10:00", "America/New_York")));
    world.does(ANA, Command::WriteNotes { notes: Some(world.text("Mind the cat.")), base: None });
    world.does(OWNER, Command::RemoveHolder { role: role(TECH_LEAD), user: TECH2 });
    world.does(ANA, world.mark(key, Blocked));
    world.does(ANA, world.mark_because(key, Blocked, Some("it is late")));
    world.does(ANA, world.mark(key, Done));
    let due = Some(day("2026-11-20"));
    world.does(ANA, Command::Assign { item: world.item(key), assignee: Some(BEN), due });
    world.does(ANA, Command::Assign { item: world.item(key), assignee: Some(BEN), due: None });
    world.does(ANA, Command::Assign { item: world.item(key), assignee: None, due: None });
    world.does(ANA, world.attach_this(key, world.file("restore.log", "all is well"), None, Some("2026-11-30")));
    world.does(ANA, world.withdraw_evidence(key));
    world.does(ANA, world.attach_this(key, NewEvidence::Link(world.text("https://example.org/")), None, None));
    world.does(ANA, world.attach(key));
    world.does(
        AUDITOR,
        Command::RequestEvidence { item: world.item(key), request: world.id(), text: world.text("Show the log.") },
    );
    let request = *world.state.requests.keys().next().unwrap();
    world.does(ANA, Command::AnswerRequest { request, text: world.text("There.") });
    world.does(ANA, world.comment(key));
    let comment = *world.state.comments.keys().next().unwrap();
    world.does(ANA, Command::EditComment { comment, body: world.text("another remark") });
    world.does(ANA, Command::DeleteComment { comment });
    world.does(ANA, world.ask_waiver("required-tech", "2026-12-24"));
    world.does(TECH, world.decide_waiver("required-tech", false));
    world.waive("required-tech", "2026-12-24", TECH);
    world.does(TECH, world.revoke_waiver("required-tech"));
    world.does(ANA, world.mark("critical-tech", NotApplicable));
    world.does(TECH, world.agree("critical-tech", false));
    world.does(TECH, world.agree("critical-tech", true));
    world.does(OWNER, Command::Transfer { to: BEN, reason: Some(world.text("holidays")) });
    world.does(BEN, Command::Transfer { to: OWNER, reason: None });
    world.does(OWNER, Command::AskSignatures);
    world.does(SEC, world.sign(SECURITY, Vote::NoGo));
    world.does(SEC, world.withdraw_signature(world.newest_signature()));
    world.does(OWNER, Command::Hold { reason: world.text("the weather") });
    world.does(OWNER, Command::Resume { reason: None });
    world.does(ANA, world.mark("critical-tech", Done));
    world
}

#[test]
fn every_kind_of_event_reads_as_a_sentence() {
    let world = eventful();
    let said: Vec<String> = world.events.iter().map(|event| said(&event_in_words(&world.state, event))).collect();
    for sentence in &said {
        println!("{sentence}");
    }
    panic!();
}
