//! Tests the order of refusals: 404, 403, 422 at a field, 422 at the password, 409.

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

/// Makes a command with an invalid field (`true`) or without one, on a launch whose stage refuses it.
type CommandBuilder = fn(&World, bool) -> Command;

/// Name, a person with the right, a person who may only see the launch, the command, the field that can be invalid,
/// whether a proof of identity is needed.
type RefusalOrderCase = (&'static str, UserId, UserId, CommandBuilder, Option<&'static str>, bool);

fn text_unless_wrong(world: &World, wrong: bool) -> Option<crate::domain::launch::texts::NewText> {
    (!wrong).then(|| world.text("why"))
}

#[test]
fn refusals_of_several_faults_come_in_one_order() {
    let table: [RefusalOrderCase; 27] = [
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
                reason: text_unless_wrong(w, wrong),
                version: None,
            },
            Some("reason"),
            false,
        ),
        (
            "attach",
            ANA,
            ADMIN,
            |w, wrong| w.attach_content("required-tech", w.file_content("a", "a"), wrong.then_some("2999-01-01"), None),
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
            |w, wrong| Command::ReuseEvidence {
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
                assignee: Some(if wrong { DEACTIVATED } else { ANA }),
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
                waiver: w.newest_waiver("advisory-sec"),
                approve: false,
                reason: text_unless_wrong(w, wrong),
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
                    comment: text_unless_wrong(w, wrong),
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
            |w, wrong| Command::TransferOwnership { to: ANA, reason: text_unless_wrong(w, wrong) },
            Some("reason"),
            false,
        ),
    ];
    let mut world = World::restricted().not_applicable("critical-tech");
    world.run_ok(TECH2, world.agree("critical-tech", true));
    world.run_ok(ANA, world.ask_waiver("advisory-sec", "2026-12-31"));
    for (key, proof) in [("required-tech-proof", true), ("required-tech", false)] {
        if proof {
            world.run_ok(ANA, world.attach(key));
        }
        world.run_ok(ANA, world.mark(key, Done));
    }
    world.run_ok(TECH, world.sign(TECH_LEAD, Vote::Go));
    let world = world.cancelled();
    for (name, entitled, barred, make, field, proof) in table {
        let mut unproven = world.clone();
        unproven.proof_case = ProofCase::Missing;
        let wrong = || make(&world, true);
        assert_eq!(unproven.dry_run(STRANGER, wrong()), OutcomeSummary::NotFound, "{name}");
        assert_eq!(unproven.dry_run(barred, wrong()), OutcomeSummary::Forbidden, "{name}");
        let first = field.map_or(
            if proof { OutcomeSummary::Unproven } else { OutcomeSummary::Conflict },
            OutcomeSummary::InvalidField,
        );
        assert_eq!(unproven.dry_run(entitled, wrong()), first, "{name}");
        let right = || make(&world, false);
        let next = if proof { OutcomeSummary::Unproven } else { OutcomeSummary::Conflict };
        assert_eq!(unproven.dry_run(entitled, right()), next, "{name}");
        assert_eq!(world.dry_run(entitled, right()), OutcomeSummary::Conflict, "{name}");
    }
}

#[test]
fn proof_of_another_person_or_old_credentials_is_refused() {
    let mut world = World::new().all_done();
    world.run_ok(TECH2, world.sign(TECH_LEAD, Vote::NoGo));
    world.run_ok(TECH, world.sign(TECH_LEAD, Vote::Go));
    let signed = world.newest_signature();
    type CommandOf = fn(&World) -> Command;
    let acts: [(UserId, CommandOf); 2] = [(SEC, |w| w.sign(SECURITY, Vote::Go)), (OWNER, |w| w.declare_go())];
    for (proving, expected) in [
        (ProofCase::Missing, OutcomeSummary::Unproven),
        (ProofCase::Stale, OutcomeSummary::Unproven),
        (ProofCase::OtherPerson, OutcomeSummary::Unproven),
    ] {
        world.proof_case = proving;
        for (actor, act) in acts {
            assert_eq!(world.dry_run(actor, act(&world)), expected, "{proving:?}");
        }
        assert_eq!(world.dry_run(TECH, world.withdraw_signature(signed)), expected, "{proving:?}");
    }
    world.proof_case = ProofCase::Valid;
    assert_eq!(world.dry_run(SEC, world.sign(SECURITY, Vote::Go)), OutcomeSummary::Recorded("signed"));
    assert_eq!(world.dry_run(TECH, world.withdraw_signature(signed)), OutcomeSummary::Recorded("signature_withdrawn"));
}

#[test]
fn mark_without_the_required_reason_is_refused() {
    let world = World::new();
    for (state, reason, expected) in [
        (Done, None, OutcomeSummary::Recorded("item_marked")),
        (Done, Some("seen it"), OutcomeSummary::Recorded("item_marked")),
        (NotApplicable, None, OutcomeSummary::InvalidField("reason")),
        (NotApplicable, Some("no such thing here"), OutcomeSummary::Recorded("item_marked")),
        (Blocked, None, OutcomeSummary::InvalidField("reason")),
        (Blocked, Some("no access"), OutcomeSummary::Recorded("item_marked")),
    ] {
        assert_eq!(
            world.dry_run(ANA, world.mark_because("required-tech", state, reason)),
            expected,
            "{state:?} {reason:?}"
        );
    }
}
