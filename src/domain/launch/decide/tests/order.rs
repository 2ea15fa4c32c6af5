//! Refusals come in one order, whatever is wrong at once: 404, 403, 422 at a field, 422 at the password, 409.

use crate::domain::{
    ids::UserId,
    launch::{
        command::{Command, LaunchMoment, NewSignature},
        event::{
            ItemState::{Blocked, Done, NotApplicable},
            Policy, Vote,
        },
        fixture::*,
    },
};

/// A command that is wrong in a field, or right in all of them, on a launch whose stage refuses it.
type Make = fn(&World, bool) -> Command;

/// Name, who is entitled, who sees and is not, the command, the field that can be wrong, whether proof is asked for.
type Row = (&'static str, UserId, UserId, Make, Option<&'static str>, bool);

fn text_unless(world: &World, wrong: bool) -> Option<crate::domain::launch::texts::NewText> {
    (!wrong).then(|| world.text("why"))
}

#[test]
fn refusals_come_in_one_order() {
    let table: [Row; 27] = [
        (
            "mark",
            ANA,
            AUDITOR,
            |w, wrong| w.mark_because("required-tech", Blocked, (!wrong).then_some("x")),
            Some("reason"),
            false,
        ),
        (
            "agree",
            TECH,
            SEC,
            |w, wrong| Command::Agree {
                item: w.item("critical-tech"),
                agree: false,
                reason: text_unless(w, wrong),
                version: None,
            },
            Some("reason"),
            false,
        ),
        (
            "attach",
            ANA,
            ADMIN,
            |w, wrong| w.attach_this("required-tech", w.file("a", "a"), wrong.then_some("2999-01-01"), None),
            Some("observed_on"),
            false,
        ),
        (
            "attach validity",
            ANA,
            ADMIN,
            |w, wrong| w.attach_until("required-tech", wrong.then_some("2020-01-01")),
            Some("valid_until"),
            false,
        ),
        (
            "use evidence again",
            ANA,
            ADMIN,
            |w, wrong| Command::UseAgain {
                item: w.item("required-tech"),
                evidence: w.id(),
                source: w.newest_evidence("required-tech-proof"),
                observed_on: wrong.then(|| day("2999-01-01")),
                valid_until: None,
            },
            Some("observed_on"),
            false,
        ),
        ("withdraw evidence", OWNER, SEC, |w, _| w.withdraw_evidence("required-tech-proof"), None, false),
        (
            "request",
            AUDITOR,
            ADMIN,
            |w, _| Command::RequestEvidence { item: w.item("required-any"), request: w.id(), text: w.text("?") },
            None,
            false,
        ),
        ("comment", ANA, AUDITOR, |w, _| w.comment("required-any"), None, false),
        (
            "assign",
            ANA,
            AUDITOR,
            |w, wrong| Command::Assign {
                item: w.item("required-any"),
                assignee: Some(if wrong { GONE } else { ANA }),
                due: None,
            },
            Some("assignee"),
            false,
        ),
        (
            "ask for a waiver",
            ANA,
            AUDITOR,
            |w, wrong| w.ask_waiver("required-any", if wrong { "2020-01-01" } else { "2999-01-01" }),
            Some("expires_on"),
            false,
        ),
        (
            "decide a waiver",
            SEC,
            ANA,
            |w, wrong| Command::DecideWaiver {
                waiver: w.waiver("advisory-sec"),
                approve: false,
                reason: text_unless(w, wrong),
            },
            Some("reason"),
            false,
        ),
        ("revoke a waiver", OWNER, TECH, |w, _| w.revoke_waiver("advisory-sec"), None, false),
        (
            "sign no-go",
            TECH,
            OWNER,
            |w, wrong| {
                Command::Sign(Box::new(NewSignature {
                    comment: text_unless(w, wrong),
                    ..w.signature(TECH_LEAD, Vote::NoGo)
                }))
            },
            Some("comment"),
            true,
        ),
        (
            "sign unseen",
            TECH2,
            OWNER,
            |w, wrong| {
                Command::Sign(Box::new(NewSignature {
                    saw: Some(if wrong { 9_999 } else { 1 }),
                    ..w.signature(TECH_LEAD, Vote::Go)
                }))
            },
            Some("seq"),
            true,
        ),
        ("withdraw a signature", TECH, TECH2, |w, _| w.withdraw_signature(w.state.signatures[0].record.id), None, true),
        ("ask for signatures", OWNER, TECH, |_, _| Command::AskSignatures, None, false),
        (
            "declare GO",
            OWNER,
            TECH,
            |_, wrong| Command::DeclareGo { acknowledged: vec![], saw: wrong.then_some(0) },
            Some("seq"),
            true,
        ),
        ("hold", OWNER, TECH, |w, _| Command::Hold { reason: w.text("x") }, None, false),
        ("resume", OWNER, TECH, |_, _| Command::Resume { reason: None }, None, false),
        ("reopen", OWNER, TECH, |w, _| Command::Reopen { reason: w.text("x") }, None, false),
        (
            "launch",
            OWNER,
            TECH,
            |w, wrong| Command::Launch {
                at: wrong.then(|| LaunchMoment { at: w.now.plus_seconds(60), to_the_minute: false }),
                past: None,
            },
            Some("at"),
            false,
        ),
        ("close", OWNER, TECH, |w, _| w.close(), None, false),
        ("cancel", OWNER, TECH, |w, _| Command::Cancel { reason: w.text("x") }, None, false),
        (
            "policy",
            OWNER,
            TECH,
            |w, wrong| Command::ChangePolicy {
                policy: Policy { slip_days: if wrong { 366 } else { 365 }, ..w.state.policy },
            },
            Some("slip_days"),
            false,
        ),
        (
            "holder",
            OWNER,
            TECH,
            |_, wrong| Command::AddHolder { role: role(if wrong { "nobody" } else { LEGAL }), user: BEN },
            Some("role"),
            false,
        ),
        (
            "participant",
            OWNER,
            TECH,
            |_, wrong| Command::AddParticipant { user: if wrong { AUDITOR } else { PROD } },
            Some("user"),
            false,
        ),
        (
            "transfer",
            ADMIN,
            TECH,
            |w, wrong| Command::Transfer { to: ANA, reason: text_unless(w, wrong) },
            Some("reason"),
            false,
        ),
    ];
    let mut world = World::restricted().not_applicable("critical-tech");
    world.does(TECH2, world.agree("critical-tech", true));
    world.does(ANA, world.ask_waiver("advisory-sec", "2026-12-31"));
    for (key, proof) in [("required-tech-proof", true), ("required-tech", false)] {
        if proof {
            world.does(ANA, world.attach(key));
        }
        world.does(ANA, world.mark(key, Done));
    }
    world.does(TECH, world.sign(TECH_LEAD, Vote::Go));
    let world = world.cancelled();
    for (name, entitled, barred, make, field, proof) in table {
        let mut unproven = world.clone();
        unproven.proving = Proving::Nothing;
        let wrong = || make(&world, true);
        assert_eq!(unproven.answer(STRANGER, wrong()), Answer::NotFound, "{name}");
        assert_eq!(unproven.answer(barred, wrong()), Answer::Forbidden, "{name}");
        let first = field.map_or(if proof { Answer::Unproven } else { Answer::Conflict }, Answer::Field);
        assert_eq!(unproven.answer(entitled, wrong()), first, "{name}");
        let right = || make(&world, false);
        let next = if proof { Answer::Unproven } else { Answer::Conflict };
        assert_eq!(unproven.answer(entitled, right()), next, "{name}");
        assert_eq!(world.answer(entitled, right()), Answer::Conflict, "{name}");
    }
}

#[test]
fn proof_is_ones_own_and_of_credentials_that_still_hold() {
    let mut world = World::new().all_done();
    world.does(TECH2, world.sign(TECH_LEAD, Vote::NoGo));
    world.does(TECH, world.sign(TECH_LEAD, Vote::Go));
    let signed = world.newest_signature();
    type Act = fn(&World) -> Command;
    let acts: [(UserId, Act); 2] = [(SEC, |w| w.sign(SECURITY, Vote::Go)), (OWNER, |w| w.declare_go())];
    for (proving, expected) in
        [(Proving::Nothing, Answer::Unproven), (Proving::Stale, Answer::Unproven), (Proving::Another, Answer::Unproven)]
    {
        world.proving = proving;
        for (actor, act) in acts {
            assert_eq!(world.answer(actor, act(&world)), expected, "{proving:?}");
        }
        assert_eq!(world.answer(TECH, world.withdraw_signature(signed)), expected, "{proving:?}");
    }
    world.proving = Proving::Well;
    assert_eq!(world.answer(SEC, world.sign(SECURITY, Vote::Go)), Answer::Did("signed"));
    assert_eq!(world.answer(TECH, world.withdraw_signature(signed)), Answer::Did("signature_withdrawn"));
}

#[test]
fn a_reason_is_wanted_for_what_stops_an_item() {
    let world = World::new();
    for (state, reason, expected) in [
        (Done, None, Answer::Did("item_marked")),
        (Done, Some("seen it"), Answer::Did("item_marked")),
        (NotApplicable, None, Answer::Field("reason")),
        (NotApplicable, Some("no such thing here"), Answer::Did("item_marked")),
        (Blocked, None, Answer::Field("reason")),
        (Blocked, Some("no access"), Answer::Did("item_marked")),
    ] {
        assert_eq!(
            world.answer(ANA, world.mark_because("required-tech", state, reason)),
            expected,
            "{state:?} {reason:?}"
        );
    }
}
