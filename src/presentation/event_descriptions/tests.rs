//! Tests that every kind of event reads as a sentence.

use super::*;
use crate::domain::launch::{
    command::{Command, NewEvidence},
    event::{
        ItemState::{Blocked, Done, NotApplicable},
        Policy, Vote,
    },
    fixture::{
        ANA, AUDITOR, BEN, OWNER, SEC, SECURITY, TECH, TECH_LEAD, TECH2, World, checklist, day, local_time, role, tags,
    },
    texts::Texts,
};

/// The sentence as a page without markup would show it.
fn to_line(words: &EventDescription) -> String {
    let changes = words.changes.iter().map(|change| {
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
        format!("[{} {} > {}]", change.label, value(&change.old), value(&change.new))
    });
    let reason = words.reason.iter().map(|reason| format!("“{reason}”"));
    [words.sentence()].into_iter().chain(changes).chain(reason).collect::<Vec<_>>().join(" ")
}

/// A launch with events of nearly every kind before the decision.
fn eventful_world() -> World {
    let mut world = World::new();
    let key = "required-sec";
    world.run_ok(OWNER, Command::ChangeRestriction { restricted: true });
    world.run_ok(OWNER, Command::AddParticipant { user: ANA });
    world.run_ok(OWNER, Command::RemoveParticipant { user: ANA });
    world.run_ok(OWNER, Command::ChangeRestriction { restricted: false });
    world.run_ok(OWNER, Command::ChangePolicy { policy: Policy { slip_days: 3, separation_of_duties: true } });
    world.run_ok(OWNER, world.change_target(local_time("2026-12-02T10:00", "America/New_York")));
    world.run_ok(ANA, Command::WriteNotes { notes: Some(world.text("Mind the cat.")) });
    world.run_ok(OWNER, Command::SetTags { tags: tags(&["Payments", "Team Blue"]) });
    world.run_ok(OWNER, Command::SetTags { tags: Vec::new() });
    world.run_ok(OWNER, Command::RemoveHolder { role: role(TECH_LEAD), user: TECH2 });
    world.run_ok(ANA, world.mark(key, Blocked));
    world.run_ok(ANA, world.mark_because(key, Blocked, Some("it is late")));
    world.run_ok(ANA, world.mark(key, Done));
    let due = Some(day("2026-11-20"));
    world.run_ok(ANA, Command::Assign { item: world.item(key), assignee: Some(BEN), due });
    world.run_ok(ANA, Command::Assign { item: world.item(key), assignee: Some(BEN), due: None });
    world.run_ok(ANA, Command::Assign { item: world.item(key), assignee: None, due: None });
    world.run_ok(
        ANA,
        world.attach_content(key, world.file_content("restore.log", "all is well"), None, Some("2026-11-30")),
    );
    world.run_ok(ANA, world.withdraw_evidence(key));
    world.run_ok(ANA, world.attach_content(key, NewEvidence::Link(world.text("https://example.org/")), None, None));
    world.run_ok(ANA, world.attach(key));
    world.run_ok(ANA, world.reuse_evidence(key, "required-tech"));
    world.run_ok(
        AUDITOR,
        Command::RequestEvidence { item: world.item(key), request: world.id(), text: world.text("Show the log.") },
    );
    let request = *world.state.evidence_requests.keys().next().unwrap();
    world.run_ok(ANA, Command::AnswerRequest { request, text: world.text("There.") });
    world.run_ok(ANA, world.comment(key));
    let comment = *world.state.comments.keys().next().unwrap();
    world.run_ok(ANA, Command::EditComment { comment, body: world.text("another remark") });
    world.run_ok(ANA, Command::DeleteComment { comment });
    world.run_ok(ANA, world.ask_waiver("required-tech", "2026-12-24"));
    world.run_ok(TECH, world.decide_waiver("required-tech", false));
    world.waive("required-tech", "2026-12-24", TECH);
    world.run_ok(TECH, world.revoke_waiver("required-tech"));
    world.run_ok(ANA, world.mark("critical-tech", NotApplicable));
    world.run_ok(TECH, world.agree("critical-tech", false));
    world.run_ok(TECH, world.agree("critical-tech", true));
    world.run_ok(OWNER, Command::TransferOwnership { to: BEN, reason: Some(world.text("holidays")) });
    world.run_ok(BEN, Command::TransferOwnership { to: OWNER, reason: None });
    world.run_ok(OWNER, Command::AskSignatures);
    world.run_ok(SEC, world.sign(SECURITY, Vote::NoGo));
    world.run_ok(SEC, world.withdraw_signature(world.newest_signature()));
    world.run_ok(OWNER, Command::Hold { reason: world.text("the weather") });
    world.run_ok(OWNER, Command::Resume { reason: None });
    world.run_ok(ANA, world.mark("critical-tech", Done));
    world
}

fn all_lines(world: &World) -> Vec<String> {
    world.events.iter().map(|event| to_line(&describe_event(&world.state, event))).collect()
}

#[test]
fn event_descriptions_of_preparing_read_as_sentences() {
    let expected = [
        "restricted the launch to the people named on it",
        "added Ana as a participant",
        "removed Ana as a participant",
        "opened the launch to everyone",
        "changed the rules [Grace period after the target (days) 7 > 3]",
        "changed the target [Target 1 Dec 2026, 09:00 America/New_York > 2 Dec 2026, 10:00 America/New_York]",
        "edited the notes [ - > Mind the cat.]",
        "changed the tags [Tags - > Payments, Team Blue]",
        "removed all tags [Tags Payments, Team Blue > -]",
        "removed Tom Lead as a holder of tech_lead",
        "marked required-sec [ open > blocked] “because”",
        "changed the reason why required-sec is blocked [ because > it is late]",
        "marked required-sec [ blocked > done] [Reason before it is late > -]",
        "assigned required-sec to Ben [Due - > 20 Nov 2026]",
        "set the due date of required-sec [ 20 Nov 2026 > -]",
        "unassigned required-sec [ Ben > -]",
        "attached restore.log to required-sec [Observed on - > 2 Nov 2026] [Valid until - > 30 Nov 2026]",
        "withdrew restore.log from required-sec “mistaken”",
        "attached https://example.org/ to required-sec [Observed on - > 2 Nov 2026]",
        "attached a note to required-sec [Observed on - > 2 Nov 2026] “seen”",
        "attached a note to required-tech [Reused from - > required-sec] [Observed on - > 2 Nov 2026] “seen”",
        "asked for more evidence on required-sec “Show the log.”",
        "answered a request for evidence on required-sec “There.”",
        "commented on required-sec",
        "edited a comment on required-sec",
        "deleted a comment on required-sec",
        "asked for a waiver of required-tech until 24 Dec 2026 [Compensating control - > watched by hand] “no time”",
        "refused the waiver of required-tech that Ana asked for, until 24 Dec 2026 “on balance”",
        "asked for a waiver of required-tech until 24 Dec 2026 [Compensating control - > watched by hand] “no time”",
        "approved the waiver of required-tech that Ana asked for, until 24 Dec 2026 “on balance”",
        "revoked the waiver of required-tech that Ana asked for, until 24 Dec 2026 “no longer”",
        "marked critical-tech [ open > not applicable] “because”",
        "refused to agree that critical-tech is not applicable “as I see it”",
        "agreed that critical-tech is not applicable “as I see it”",
        "transferred ownership [Owner Olga Owner > Ben] “holidays”",
        "transferred ownership [Owner Ben > Olga Owner]",
        "asked for the signatures of tech_lead, operations, security, product",
        "signed NO-GO as security [Meaning - > approval] “I object”",
        "withdrew their NO-GO as security “I have my doubts”",
        "put the launch on hold “the weather”",
        "resumed preparation",
        "marked critical-tech [ not applicable > done] [Reason before because > -]",
    ];
    assert_eq!(all_lines(&eventful_world())[6..], expected);
}

#[test]
fn event_descriptions_of_deciding_and_launching_read_as_sentences() {
    let mut world = World::from_version(checklist::small_version(), false).signed();
    world.run_ok(OWNER, world.declare_go());
    world.run_ok(OWNER, Command::Reopen { reason: world.text("a doubt") });
    world.run_ok(OWNER, world.declare_go());
    world.run_ok(OWNER, Command::Launch { at: None, past: None });
    world.run_ok(ANA, world.mark("after-critical-any", Done));
    world.run_ok(OWNER, world.close());
    let lines = all_lines(&world);
    assert!(lines[0].starts_with("made the launch from "), "{}", lines[0]);
    assert!(lines[0].contains("[Name - > Payments, second generation]"), "{}", lines[0]);
    let declared = "declared GO [Readiness at that moment - > Ready]";
    let last: Vec<&str> = lines[lines.len() - 6..].iter().map(String::as_str).collect();
    assert_eq!(last[..3], [declared, "withdrew the decision and reopened the launch “a doubt”", declared]);
    assert!(last[3].starts_with("recorded the launch at 2 Nov 2026, "), "{}", last[3]);
    assert_eq!(last[4..], ["marked after-critical-any [ open > done]", "closed the launch"]);
    assert_eq!(
        all_lines(&World::new().cancelled()).last().map(String::as_str),
        Some("cancelled the launch “no budget”")
    );
}

#[test]
fn event_descriptions_show_redactions_and_loaded_comment_bodies() {
    let mut world = eventful_world();
    world.state.texts = Texts::default();
    let lines = all_lines(&world);
    assert!(lines.contains(&"marked required-sec [ open > blocked] “[redacted]”".to_owned()), "{lines:#?}");
    assert!(lines.contains(&"withdrew [redacted] from required-sec “[redacted]”".to_owned()));
    // Two different texts are described as a change, though both read the same now.
    let changed = "changed the reason why required-sec is blocked [ [redacted] > [redacted]]".to_owned();
    assert!(lines.contains(&changed));

    let edited = world.events.iter().find(|event| event.change.kind() == "comment_edited").unwrap();
    let commitment = named_comment_bodies(edited).next().unwrap();
    let bodies = LoadedTexts::from([(commitment, "a remark".to_owned())]);
    let words = describe_event_with_bodies(&world.state, edited, &bodies);
    assert_eq!(to_line(&words), "edited a comment on required-sec [ a remark > [redacted]]");
}
