//! Tests the table of acts by stage, cell by cell.

use crate::domain::{
    ids::{CommentId, EvidenceRequestId, UserId},
    launch::{
        command::{Command, Conflict, Refusal},
        event::{
            ItemState::{Blocked, Done},
            Policy, Vote,
        },
        fixture::*,
    },
};

/// The six stages in the order of the columns below.
fn worlds_by_stage() -> [(&'static str, World); 6] {
    [
        ("preparing", furnished_world()),
        ("held", furnished_world().held()),
        ("go", world_with_go()),
        ("launched", launched_world()),
        ("closed", closed_world()),
        ("cancelled", furnished_world().cancelled()),
    ]
}

/// A launch with everything that an act in the tables needs, otherwise ready to be signed.
fn furnished_world() -> World {
    let mut world = World::new().not_applicable("critical-any");
    world.run_ok(TECH, world.agree("critical-any", true));
    furnish_phase(&mut world, "");
    world.run_ok(OWNER, Command::AddHolder { role: role(TECH_LEAD), user: BEN });
    world.run_ok(OWNER, Command::AddParticipant { user: STRANGER });
    let items: Vec<_> =
        world.state.before_items().map(|(item, definition)| (item.clone(), definition.clone())).collect();
    for (item, definition) in items.iter().filter(|(item, _)| item.last_marked.is_none()) {
        let key = definition.key.as_str();
        if definition.evidence_required && item.evidence.is_empty() {
            world.run_ok(ANA, world.attach(key));
        }
        if !key.starts_with("advisory-any") && key != "advisory-legal" {
            world.run_ok(ANA, world.mark(key, Done));
        }
    }
    for (slug, holder) in commands::SIGNERS {
        world.run_ok(holder, world.sign(slug, Vote::Go));
    }
    world
}

/// Adds evidence, a comment, a request, an approved waiver and one without an answer, on items of one phase.
fn furnish_phase(world: &mut World, phase: &str) {
    let (open, proof) = (format!("{phase}advisory-any"), format!("{phase}advisory-any-proof"));
    world.run_ok(ANA, world.attach(&proof));
    world.run_ok(ANA, world.comment(&open));
    let request =
        Command::RequestEvidence { item: world.item(&open), request: world.id(), text: world.text("show me") };
    world.run_ok(AUDITOR, request);
    world.waive(&open, "2026-12-31", TECH);
    world.run_ok(ANA, world.ask_waiver(&proof, "2026-12-31"));
}

fn world_with_go() -> World {
    let mut world = furnished_world();
    world.run_ok(OWNER, world.declare_go());
    world
}

fn launched_world() -> World {
    let mut world = world_with_go();
    world.run_ok(OWNER, Command::Launch { at: None, past: None });
    world = world.not_applicable("after-critical-any");
    world.run_ok(TECH, world.agree("after-critical-any", true));
    furnish_phase(&mut world, "after-");
    world
}

fn closed_world() -> World {
    let mut world = launched_world();
    for key in ["critical-ops", "critical-ops-proof", "critical-any-proof", "required-ops", "required-ops-proof"]
        .into_iter()
        .chain(["required-any", "required-any-proof"])
        .map(|key| format!("after-{key}"))
    {
        world.run_ok(ANA, world.attach(&key));
        world.run_ok(ANA, world.mark(&key, Done));
    }
    world.run_ok(OWNER, world.close());
    world
}

type StageCommand = fn(&World) -> (UserId, Command);

fn check_stages(table: &[(&str, StageCommand, [bool; 6])]) {
    let stages = worlds_by_stage();
    for (name, act, allowed) in table {
        for ((stage, world), allowed) in stages.iter().zip(allowed) {
            let (actor, command) = act(world);
            let result = world.clone().run(actor, command);
            match (allowed, &result) {
                (true, Ok(events)) => assert_eq!(events.len(), 1, "{name} while {stage} changes something"),
                (false, Err(Refusal::Conflict(Conflict::Stage(_)))) => {}
                _ => panic!("{name} while {stage}: {result:?}"),
            }
        }
    }
}

const YES: bool = true;
const NO: bool = false;

fn first_comment_on(world: &World, key: &str) -> CommentId {
    world.state.item(world.item(key)).unwrap().comments[0]
}

fn first_request_on(world: &World, key: &str) -> EvidenceRequestId {
    world.state.item(world.item(key)).unwrap().evidence_requests[0]
}

#[test]
fn stage_after_go_refuses_changes_of_what_was_decided_on() {
    const ROW: [bool; 6] = [YES, YES, NO, NO, NO, NO];
    check_stages(&[
        ("mark", |w| (ANA, w.mark("required-tech", Blocked)), ROW),
        ("agree", |w| (TECH, w.agree("critical-any", false)), ROW),
        ("attach", |w| (ANA, w.attach("required-tech")), ROW),
        ("use evidence again", |w| (ANA, w.reuse_evidence("advisory-any-proof", "required-tech")), ROW),
        ("ask for a waiver", |w| (ANA, w.ask_waiver("advisory-legal", "2026-12-31")), ROW),
        ("approve a waiver", |w| (TECH, w.decide_waiver("advisory-any-proof", true)), ROW),
        ("refuse a waiver", |w| (TECH, w.decide_waiver("advisory-any-proof", false)), ROW),
        ("sign go", |w| (BEN, w.sign(TECH_LEAD, Vote::Go)), ROW),
        (
            "change the name",
            |w| {
                let target = w.state.details.target.clone();
                (OWNER, Command::ChangeDetails { name: w.text("Another"), summary: None, target })
            },
            ROW,
        ),
        ("change the target", |w| (OWNER, w.change_target(local_time("2026-12-24T09:00", "UTC"))), ROW),
        (
            "change the policy",
            |w| (OWNER, Command::ChangePolicy { policy: Policy { slip_days: 1, ..w.state.policy } }),
            ROW,
        ),
        ("add a holder", |_| (OWNER, Command::AddHolder { role: role(LEGAL), user: ANA }), ROW),
        ("remove a holder", |_| (OWNER, Command::RemoveHolder { role: role(TECH_LEAD), user: TECH2 }), ROW),
    ]);
}

#[test]
fn stage_go_allows_withdrawing_support() {
    const ROW: [bool; 6] = [YES, YES, YES, NO, NO, NO];
    check_stages(&[
        ("withdraw evidence", |w| (ANA, w.withdraw_evidence("advisory-any-proof")), ROW),
        ("revoke a waiver", |w| (OWNER, w.revoke_waiver("advisory-any")), ROW),
        ("withdraw a signature", |w| (TECH, w.withdraw_signature(w.state.signatures[0].record.id)), ROW),
        ("sign no-go", |w| (TECH2, w.sign(TECH_LEAD, Vote::NoGo)), ROW),
    ]);
}

#[test]
fn stage_before_close_allows_comments_notes_and_people() {
    const ROW: [bool; 6] = [YES, YES, YES, YES, NO, NO];
    check_stages(&[
        ("comment", |w| (ANA, w.comment("required-tech")), ROW),
        (
            "edit a comment",
            |w| (ANA, Command::EditComment { comment: first_comment_on(w, "advisory-any"), body: w.text("anew") }),
            ROW,
        ),
        ("delete a comment", |w| (ANA, Command::DeleteComment { comment: first_comment_on(w, "advisory-any") }), ROW),
        ("hide a comment", |w| (OWNER, Command::HideComment { comment: first_comment_on(w, "advisory-any") }), ROW),
        ("assign", |w| (ANA, Command::Assign { item: w.item("required-tech"), assignee: Some(BEN), due: None }), ROW),
        ("assign to", |w| (ANA, Command::SetAssignee { item: w.item("required-tech"), assignee: Some(BEN) }), ROW),
        (
            "set a due day",
            |w| (ANA, Command::SetDue { item: w.item("required-tech"), due: Some(day("2026-11-20")) }),
            ROW,
        ),
        ("write notes", |w| (ANA, Command::WriteNotes { notes: Some(w.text("mind the gap")) }), ROW),
        (
            "ask for evidence",
            |w| {
                (
                    AUDITOR,
                    Command::RequestEvidence { item: w.item("required-tech"), request: w.id(), text: w.text("?") },
                )
            },
            ROW,
        ),
        (
            "answer",
            |w| (ANA, Command::AnswerRequest { request: first_request_on(w, "advisory-any"), text: w.text("here") }),
            ROW,
        ),
        ("name a participant", |_| (OWNER, Command::AddParticipant { user: BEN }), ROW),
        ("unname a participant", |_| (OWNER, Command::RemoveParticipant { user: STRANGER }), ROW),
        ("restrict", |_| (OWNER, Command::ChangeRestriction { restricted: true }), ROW),
        ("set the tags", |_| (OWNER, Command::SetTags { tags: tags(&["Payments"]) }), ROW),
        ("give it away", |_| (OWNER, Command::TransferOwnership { to: BEN, reason: None }), ROW),
    ]);
}

#[test]
fn stage_launched_allows_work_on_after_items() {
    const ROW: [bool; 6] = [NO, NO, NO, YES, NO, NO];
    check_stages(&[
        ("mark", |w| (ANA, w.mark("after-required-ops", Blocked)), ROW),
        ("attach", |w| (ANA, w.attach("after-required-ops")), ROW),
        ("use evidence again", |w| (ANA, w.reuse_evidence("advisory-any-proof", "after-required-ops")), ROW),
        ("agree", |w| (TECH, w.agree("after-critical-any", false)), ROW),
        ("ask for a waiver", |w| (ANA, w.ask_waiver("after-advisory-ops", "2027-01-31")), ROW),
        ("comment", |w| (ANA, w.comment("after-required-ops")), ROW),
        (
            "assign",
            |w| (ANA, Command::Assign { item: w.item("after-required-ops"), assignee: Some(BEN), due: None }),
            ROW,
        ),
        (
            "set a due day",
            |w| (ANA, Command::SetDue { item: w.item("after-required-ops"), due: Some(day("2027-01-20")) }),
            ROW,
        ),
        (
            "ask for evidence",
            |w| {
                (
                    AUDITOR,
                    Command::RequestEvidence { item: w.item("after-required-ops"), request: w.id(), text: w.text("?") },
                )
            },
            ROW,
        ),
    ]);
}

/// These acts need something that exists only after the launch.
#[test]
fn stage_closed_refuses_changes_of_after_items() {
    let acts: [(&str, StageCommand); 7] = [
        ("withdraw evidence", |w| (ANA, w.withdraw_evidence("after-advisory-any-proof"))),
        ("approve a waiver", |w| (TECH, w.decide_waiver("after-advisory-any-proof", true))),
        ("revoke a waiver", |w| (OWNER, w.revoke_waiver("after-advisory-any"))),
        ("edit a comment", |w| {
            (ANA, Command::EditComment { comment: first_comment_on(w, "after-advisory-any"), body: w.text("anew") })
        }),
        ("delete a comment", |w| (ANA, Command::DeleteComment { comment: first_comment_on(w, "after-advisory-any") })),
        ("hide a comment", |w| (OWNER, Command::HideComment { comment: first_comment_on(w, "after-advisory-any") })),
        ("answer", |w| {
            (ANA, Command::AnswerRequest { request: first_request_on(w, "after-advisory-any"), text: w.text("here") })
        }),
    ];
    let (launched, closed) = (launched_world(), closed_world());
    for (name, act) in acts {
        let (actor, command) = act(&launched);
        assert!(matches!(launched.dry_run(actor, command), OutcomeSummary::Recorded(_)), "{name} while launched");
        let (actor, command) = act(&closed);
        assert_eq!(closed.dry_run(actor, command), OutcomeSummary::Conflict, "{name} once closed");
    }
}

#[test]
fn stage_transitions_other_than_the_allowed_are_conflicts() {
    type LifecycleCase = (&'static str, StageCommand, [OutcomeSummary; 6]);
    use OutcomeSummary::{Conflict as No, Recorded};
    let table: [LifecycleCase; 7] = [
        ("go", |w| (OWNER, w.declare_go()), [Recorded("go_declared"), No, No, No, No, No]),
        (
            "hold",
            |w| (OWNER, Command::Hold { reason: w.text("wait") }),
            [Recorded("held"), No, Recorded("held"), No, No, No],
        ),
        ("resume", |_| (OWNER, Command::Resume { reason: None }), [No, Recorded("resumed"), No, No, No, No]),
        ("reopen", |w| (OWNER, Command::Reopen { reason: w.text("more") }), [No, No, Recorded("reopened"), No, No, No]),
        ("launch", |_| (OWNER, Command::Launch { at: None, past: None }), [No, No, Recorded("launched"), No, No, No]),
        ("close", |w| (OWNER, w.close()), [No, No, No, Recorded("closed"), No, No]),
        (
            "cancel",
            |w| (OWNER, Command::Cancel { reason: w.text("off") }),
            [Recorded("cancelled"), Recorded("cancelled"), Recorded("cancelled"), No, No, No],
        ),
    ];
    let mut stages = worlds_by_stage();
    stages[3].1 = World::new().followed_up();
    for (name, act, answers) in table {
        for ((stage, world), expected) in stages.iter().zip(answers) {
            let (actor, command) = act(world);
            assert_eq!(world.dry_run(actor, command), expected, "{name} while {stage}");
        }
    }
}

#[test]
fn decision_is_in_force_until_reopening_or_hold() {
    let mut world = world_with_go();
    let decision = world.state.stage.decision().cloned().unwrap();
    assert_eq!(decision.seq, world.state.seq);
    let mut held = world.clone().held();
    assert_eq!(held.state.stage.decision(), None);
    held.run_ok(OWNER, Command::Resume { reason: None });
    assert_eq!(held.state.stage.decision(), None);
    world.run_ok(OWNER, Command::Reopen { reason: world.text("more to do") });
    assert_eq!(world.state.stage.decision(), None);
    world.run_ok(OWNER, world.declare_go());
    assert_ne!(world.state.stage.decision(), Some(&decision));
}
