//! The table of acts by stage, cell by cell.

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
fn stages() -> [(&'static str, World); 6] {
    [
        ("preparing", furnished()),
        ("held", furnished().held()),
        ("go", declared()),
        ("launched", launched()),
        ("closed", closed()),
        ("cancelled", furnished().cancelled()),
    ]
}

/// Everything that an act in the tables works on, and otherwise ready to be signed.
fn furnished() -> World {
    let mut world = World::new().not_applicable("critical-any");
    world.does(TECH, world.agree("critical-any", true));
    furnish(&mut world, "");
    world.does(OWNER, Command::AddHolder { role: role(TECH_LEAD), user: BEN });
    world.does(OWNER, Command::AddParticipant { user: STRANGER });
    let items: Vec<_> = world.state.before().map(|(item, definition)| (item.clone(), definition.clone())).collect();
    for (item, definition) in items.iter().filter(|(item, _)| item.marked.is_none()) {
        let key = definition.key.as_str();
        if definition.evidence_required && item.evidence.is_empty() {
            world.does(ANA, world.attach(key));
        }
        if !key.starts_with("advisory-any") && key != "advisory-legal" {
            world.does(ANA, world.mark(key, Done));
        }
    }
    for (slug, holder) in commands::SIGNERS {
        world.does(holder, world.sign(slug, Vote::Go));
    }
    world
}

/// Evidence, a comment, a request, a waiver in force and one asked for, on items of one phase.
fn furnish(world: &mut World, phase: &str) {
    let (open, proof) = (format!("{phase}advisory-any"), format!("{phase}advisory-any-proof"));
    world.does(ANA, world.attach(&proof));
    world.does(ANA, world.comment(&open));
    let request =
        Command::RequestEvidence { item: world.item(&open), request: world.id(), text: world.text("show me") };
    world.does(AUDITOR, request);
    world.waive(&open, "2026-12-31", TECH);
    world.does(ANA, world.ask_waiver(&proof, "2026-12-31"));
}

fn declared() -> World {
    let mut world = furnished();
    world.does(OWNER, world.declare_go());
    world
}

fn launched() -> World {
    let mut world = declared();
    world.does(OWNER, Command::Launch { at: None, past: None });
    world = world.not_applicable("after-critical-any");
    world.does(TECH, world.agree("after-critical-any", true));
    furnish(&mut world, "after-");
    world
}

fn closed() -> World {
    let mut world = launched();
    for key in ["critical-ops", "critical-ops-proof", "critical-any-proof", "required-ops", "required-ops-proof"]
        .into_iter()
        .chain(["required-any", "required-any-proof"])
        .map(|key| format!("after-{key}"))
    {
        world.does(ANA, world.attach(&key));
        world.does(ANA, world.mark(&key, Done));
    }
    world.does(OWNER, world.close());
    world
}

type Act = fn(&World) -> (UserId, Command);

fn check(table: &[(&str, Act, [bool; 6])]) {
    let stages = stages();
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

fn comment_on(world: &World, key: &str) -> CommentId {
    world.state.item(world.item(key)).unwrap().comments[0]
}

fn request_on(world: &World, key: &str) -> EvidenceRequestId {
    world.state.item(world.item(key)).unwrap().requests[0]
}

#[test]
fn preparing_and_holding_allow_what_changes_the_ground_of_the_decision() {
    const ROW: [bool; 6] = [YES, YES, NO, NO, NO, NO];
    check(&[
        ("mark", |w| (ANA, w.mark("required-tech", Blocked)), ROW),
        ("agree", |w| (TECH, w.agree("critical-any", false)), ROW),
        ("attach", |w| (ANA, w.attach("required-tech")), ROW),
        ("use evidence again", |w| (ANA, w.use_again("advisory-any-proof", "required-tech")), ROW),
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
        ("change the target", |w| (OWNER, w.retarget(local("2026-12-24T09:00", "UTC"))), ROW),
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
fn go_still_allows_what_takes_support_from_the_decision() {
    const ROW: [bool; 6] = [YES, YES, YES, NO, NO, NO];
    check(&[
        ("withdraw evidence", |w| (ANA, w.withdraw_evidence("advisory-any-proof")), ROW),
        ("revoke a waiver", |w| (OWNER, w.revoke_waiver("advisory-any")), ROW),
        ("withdraw a signature", |w| (TECH, w.withdraw_signature(w.state.signatures[0].record.id)), ROW),
        ("sign no-go", |w| (TECH2, w.sign(TECH_LEAD, Vote::NoGo)), ROW),
    ]);
}

#[test]
fn what_goes_beside_the_decision_is_allowed_until_the_launch_is_over() {
    const ROW: [bool; 6] = [YES, YES, YES, YES, NO, NO];
    check(&[
        ("comment", |w| (ANA, w.comment("required-tech")), ROW),
        (
            "edit a comment",
            |w| (ANA, Command::EditComment { comment: comment_on(w, "advisory-any"), body: w.text("anew") }),
            ROW,
        ),
        ("delete a comment", |w| (ANA, Command::DeleteComment { comment: comment_on(w, "advisory-any") }), ROW),
        ("hide a comment", |w| (OWNER, Command::HideComment { comment: comment_on(w, "advisory-any") }), ROW),
        ("assign", |w| (ANA, Command::Assign { item: w.item("required-tech"), assignee: Some(BEN), due: None }), ROW),
        ("assign to", |w| (ANA, Command::AssignTo { item: w.item("required-tech"), assignee: Some(BEN) }), ROW),
        (
            "set a due day",
            |w| (ANA, Command::SetDue { item: w.item("required-tech"), due: Some(day("2026-11-20")) }),
            ROW,
        ),
        ("write notes", |w| (ANA, Command::WriteNotes { notes: Some(w.text("mind the gap")), base: None }), ROW),
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
            |w| (ANA, Command::AnswerRequest { request: request_on(w, "advisory-any"), text: w.text("here") }),
            ROW,
        ),
        ("name a participant", |_| (OWNER, Command::AddParticipant { user: BEN }), ROW),
        ("unname a participant", |_| (OWNER, Command::RemoveParticipant { user: STRANGER }), ROW),
        ("restrict", |_| (OWNER, Command::ChangeRestriction { restricted: true }), ROW),
        ("give it away", |_| (OWNER, Command::Transfer { to: BEN, reason: None }), ROW),
    ]);
}

#[test]
fn after_items_are_worked_on_between_launch_and_close() {
    const ROW: [bool; 6] = [NO, NO, NO, YES, NO, NO];
    check(&[
        ("mark", |w| (ANA, w.mark("after-required-ops", Blocked)), ROW),
        ("attach", |w| (ANA, w.attach("after-required-ops")), ROW),
        ("use evidence again", |w| (ANA, w.use_again("advisory-any-proof", "after-required-ops")), ROW),
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

/// What takes something that only a launched launch has.
#[test]
fn what_stands_on_after_items_is_frozen_with_the_close() {
    let acts: [(&str, Act); 7] = [
        ("withdraw evidence", |w| (ANA, w.withdraw_evidence("after-advisory-any-proof"))),
        ("approve a waiver", |w| (TECH, w.decide_waiver("after-advisory-any-proof", true))),
        ("revoke a waiver", |w| (OWNER, w.revoke_waiver("after-advisory-any"))),
        ("edit a comment", |w| {
            (ANA, Command::EditComment { comment: comment_on(w, "after-advisory-any"), body: w.text("anew") })
        }),
        ("delete a comment", |w| (ANA, Command::DeleteComment { comment: comment_on(w, "after-advisory-any") })),
        ("hide a comment", |w| (OWNER, Command::HideComment { comment: comment_on(w, "after-advisory-any") })),
        ("answer", |w| {
            (ANA, Command::AnswerRequest { request: request_on(w, "after-advisory-any"), text: w.text("here") })
        }),
    ];
    let (launched, closed) = (launched(), closed());
    for (name, act) in acts {
        let (actor, command) = act(&launched);
        assert!(matches!(launched.answer(actor, command), Answer::Did(_)), "{name} while launched");
        let (actor, command) = act(&closed);
        assert_eq!(closed.answer(actor, command), Answer::Conflict, "{name} once closed");
    }
}

#[test]
fn the_life_of_a_launch_takes_only_its_own_steps() {
    type Row = (&'static str, Act, [Answer; 6]);
    use Answer::{Conflict as No, Did};
    let table: [Row; 7] = [
        ("go", |w| (OWNER, w.declare_go()), [Did("go_declared"), No, No, No, No, No]),
        ("hold", |w| (OWNER, Command::Hold { reason: w.text("wait") }), [Did("held"), No, Did("held"), No, No, No]),
        ("resume", |_| (OWNER, Command::Resume { reason: None }), [No, Did("resumed"), No, No, No, No]),
        ("reopen", |w| (OWNER, Command::Reopen { reason: w.text("more") }), [No, No, Did("reopened"), No, No, No]),
        ("launch", |_| (OWNER, Command::Launch { at: None, past: None }), [No, No, Did("launched"), No, No, No]),
        ("close", |w| (OWNER, w.close()), [No, No, No, Did("closed"), No, No]),
        (
            "cancel",
            |w| (OWNER, Command::Cancel { reason: w.text("off") }),
            [Did("cancelled"), Did("cancelled"), Did("cancelled"), No, No, No],
        ),
    ];
    let mut stages = stages();
    stages[3].1 = World::new().followed_up();
    for (name, act, answers) in table {
        for ((stage, world), expected) in stages.iter().zip(answers) {
            let (actor, command) = act(world);
            assert_eq!(world.answer(actor, command), expected, "{name} while {stage}");
        }
    }
}

#[test]
fn the_decision_lives_from_go_to_reopening_or_hold() {
    let mut world = declared();
    let decision = world.state.stage.decision().cloned().unwrap();
    assert_eq!(decision.seq, world.state.seq);
    let mut held = world.clone().held();
    assert_eq!(held.state.stage.decision(), None);
    held.does(OWNER, Command::Resume { reason: None });
    assert_eq!(held.state.stage.decision(), None);
    world.does(OWNER, Command::Reopen { reason: world.text("more to do") });
    assert_eq!(world.state.stage.decision(), None);
    world.does(OWNER, world.declare_go());
    assert_ne!(world.state.stage.decision(), Some(&decision));
}
