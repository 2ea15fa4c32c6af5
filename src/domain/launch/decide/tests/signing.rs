//! Tests signing and withdrawing.

use SignatureStatus::{Counts, NotHolder, Objects, Stale, Superseded, Withdrawn};

use crate::domain::{
    digest::digest,
    launch::{
        command::{Command, Conflict, NewSignature, Refusal},
        event::{
            Change,
            ItemState::{Blocked, Done, Open},
            Policy, ProofMethod, SignatureMeaning,
            Vote::{Go, NoGo},
        },
        fixture::*,
    },
    readiness::{SignatureStatus, signature_status},
    text::PersonName,
};

/// The status of every signature, in order.
fn signature_statuses(world: &World) -> Vec<SignatureStatus> {
    let of = |signature: &crate::domain::launch::state::Signature| {
        signature_status(&world.state, signature, &digest(&world.state, &signature.record.role))
    };
    world.state.signatures.iter().map(of).collect()
}

/// Tess, who holds `tech_lead`, also holds another role.
fn world_with_holder_of_two_roles() -> World {
    let mut world = World::new();
    world.run_ok(OWNER, Command::AddHolder { role: role(OPERATIONS), user: TECH });
    world
}

#[test]
fn signature_records_signer_scope_and_proof() {
    let mut world = World::new();
    world.set_time("2026-11-03T09:00:00.123456Z");
    let new = NewSignature { comment: Some(world.text("well done")), saw: None, ..world.signature(SECURITY, Go) };
    let Change::Signed(record) = world.run_ok(SEC, Command::Sign(Box::new(new.clone()))).clone() else { panic!() };
    assert_eq!((record.id, record.signer.id, record.signer.name.as_str()), (new.id, SEC, "Sia Security"));
    assert_eq!(record.email.as_str(), "sia.security@example.org");
    assert_eq!((record.role.as_str(), record.role_title.as_str()), (SECURITY, SECURITY));
    assert_eq!((record.verdict, record.meaning), (Go, new.meaning));
    assert_eq!((record.statement_version, &record.statement), (1, &new.statement));
    assert_eq!(record.comment.map(|comment| world.state.text(&comment).to_owned()).as_deref(), Some("well done"));
    assert_eq!(record.zone.name(), "Europe/Lisbon", "the signer's own");
    assert_eq!((record.proof, record.proved_at), (ProofMethod::Password, moment("2026-11-03T09:00:00.123456Z")));
    assert_eq!((world.state.text(&record.address), world.state.text(&record.user_agent)), ("192.0.2.1", "a browser"));
    assert_eq!(record.saw, world.state.seq - 1, "when the page did not say, the newest event there was");
    assert_eq!(record.digest, digest(&world.state, &role(SECURITY)));
    let Change::Signed(record) = world.run_ok(OPS, world.sign(OPERATIONS, Go)).clone() else { panic!() };
    assert_eq!(record.zone.name(), "America/New_York", "the launch's, where the signer has set none");
}

#[test]
fn signature_keeps_the_name_its_signer_had() {
    let mut world = World::new();
    world.run_ok(TECH, world.sign(TECH_LEAD, Go));
    world.people.get_mut(&TECH).unwrap().name = PersonName::new("Tess Wed").unwrap();
    world.run_ok(TECH, world.comment("required-tech"));
    assert_eq!(world.state.signatures[0].record.signer.name.as_str(), "Tess Lead");
    assert_eq!(world.state.person_name(TECH), "Tess Wed");
}

#[test]
fn signature_no_go_without_a_comment_is_refused() {
    let world = World::new();
    for (verdict, comment, expected) in [
        (Go, None, OutcomeSummary::Recorded("signed")),
        (Go, Some("fine"), OutcomeSummary::Recorded("signed")),
        (NoGo, None, OutcomeSummary::InvalidField("comment")),
        (NoGo, Some("it burns"), OutcomeSummary::Recorded("signed")),
    ] {
        let comment = comment.map(|comment| world.text(comment));
        let new = NewSignature { comment, ..world.signature(TECH_LEAD, verdict) };
        assert_eq!(world.dry_run(TECH, Command::Sign(Box::new(new))), expected, "{verdict:?}");
    }
}

#[test]
fn signature_on_an_outdated_scope_is_a_conflict() {
    let mut world = World::new();
    let shown = |world: &World, verdict| (world.sign(TECH_LEAD, verdict), world.sign(SECURITY, verdict));
    let (go, others) = shown(&world, Go);
    let (no_go, _) = shown(&world, NoGo);
    world.run_ok(ANA, world.mark("required-tech", Done));
    for stale in [&go, &no_go] {
        let refused = Err(Refusal::Conflict(Conflict::StaleScope(role(TECH_LEAD))));
        assert_eq!(world.run(TECH, stale.clone()), refused);
    }
    assert_eq!(
        world.dry_run(SEC, others),
        OutcomeSummary::Recorded("signed"),
        "another role's item is not in this scope"
    );
    world.run_ok(BEN, world.mark("required-tech", Open));
    assert_eq!(world.dry_run(TECH, go), OutcomeSummary::Recorded("signed"), "undone, it is what was shown");
}

#[test]
fn signature_repeated_makes_no_event() {
    let mut world = World::new();
    let first = world.signature(TECH_LEAD, Go);
    let command = |new: &NewSignature| Command::Sign(Box::new(new.clone()));
    world.run_ok(TECH, command(&first));
    let again = NewSignature { comment: Some(world.text("again")), ..world.signature(TECH_LEAD, Go) };
    assert_eq!(world.dry_run(TECH, command(&first)), OutcomeSummary::NoChange, "a second click");
    assert_eq!(
        world.dry_run(TECH, world.sign(TECH_LEAD, Go)),
        OutcomeSummary::NoChange,
        "all that it says is the same"
    );
    assert_eq!(world.dry_run(TECH2, command(&again)), OutcomeSummary::Recorded("signed"), "another's is another");
    assert_eq!(world.dry_run(TECH, world.sign(TECH_LEAD, NoGo)), OutcomeSummary::Recorded("signed"));
    world.run_ok(ANA, world.mark("required-tech", Done));
    assert_eq!(
        world.dry_run(TECH, command(&first)),
        OutcomeSummary::NoChange,
        "what was signed stays signed, stale or not"
    );
    assert_eq!(world.dry_run(TECH, world.sign(TECH_LEAD, Go)), OutcomeSummary::Recorded("signed"));
    world.run_ok(TECH, world.withdraw_signature(first.id));
    let second = NewSignature { id: world.signature(TECH_LEAD, Go).id, ..first };
    assert_eq!(world.dry_run(TECH, command(&second)), OutcomeSummary::Conflict, "withdrawn, it is a new one and stale");
}

#[test]
fn signature_again_with_another_comment_or_meaning_replaces_the_one_before() {
    for verdict in [Go, NoGo] {
        let mut world = World::new();
        world.run_ok(TECH, world.sign(TECH_LEAD, verdict));
        let with = |world: &World, comment: &str| NewSignature {
            comment: Some(world.text(comment)),
            ..world.signature(TECH_LEAD, verdict)
        };
        let command = |new: NewSignature| Command::Sign(Box::new(new));
        let first = world.newest_signature();
        world.run_ok(TECH, command(with(&world, "and mind the queue")));
        assert!(!world.state.signature(first).unwrap().is_in_effect(), "{verdict:?}");
        assert_eq!(
            world.dry_run(TECH, command(with(&world, "and mind the queue"))),
            OutcomeSummary::NoChange,
            "{verdict:?}"
        );
        let witnessed = NewSignature { meaning: SignatureMeaning::Review, ..with(&world, "and mind the queue") };
        assert_eq!(world.dry_run(TECH, command(witnessed)), OutcomeSummary::Recorded("signed"), "{verdict:?}");
        if verdict == Go {
            let late = world.clone().with_go();
            assert_eq!(
                late.dry_run(TECH, command(with(&late, "too late"))),
                OutcomeSummary::Conflict,
                "nothing is lost silently"
            );
        }
    }
}

#[test]
fn signature_repeated_from_an_outdated_page_is_a_conflict() {
    for verdict in [Go, NoGo] {
        let mut world = World::new();
        let first = world.signature(TECH_LEAD, verdict);
        world.run_ok(TECH, Command::Sign(Box::new(first.clone())));
        world.run_ok(ANA, world.mark("required-tech", Done));
        let id = world.signature(TECH_LEAD, verdict).id;
        let again = NewSignature { id, ..first };
        let refused = Err(Refusal::Conflict(Conflict::StaleScope(role(TECH_LEAD))));
        assert_eq!(world.run(TECH, Command::Sign(Box::new(again.clone()))), refused, "{verdict:?}");
        world.run_ok(BEN, world.mark("required-tech", Open));
        assert_eq!(
            world.dry_run(TECH, Command::Sign(Box::new(again))),
            OutcomeSummary::NoChange,
            "undone, it is current again"
        );
    }
}

#[test]
fn signature_repeated_succeeds_in_any_stage() {
    for world in [World::new().with_go(), World::new().launched()] {
        assert_eq!(world.dry_run(TECH, world.sign(TECH_LEAD, Go)), OutcomeSummary::NoChange);
        assert_eq!(world.dry_run(TECH2, world.sign(TECH_LEAD, Go)), OutcomeSummary::Conflict, "another's would be new");
    }
}

#[test]
fn signature_in_the_same_role_supersedes_ones_earlier() {
    for (first, second, expected) in [(Go, NoGo, [Superseded, Objects]), (NoGo, Go, [Superseded, Counts])] {
        let mut world = World::new();
        world.run_ok(TECH, world.sign(TECH_LEAD, first));
        world.run_ok(TECH, world.sign(TECH_LEAD, second));
        assert_eq!(signature_statuses(&world), expected, "{first:?}, then {second:?}");
        world.run_ok(TECH, world.withdraw_signature(world.newest_signature()));
        assert_eq!(signature_statuses(&world), [Superseded, Withdrawn], "the earlier does not come back");
    }
    let mut world = World::new();
    world.run_ok(TECH, world.sign(TECH_LEAD, NoGo));
    world.run_ok(TECH2, world.sign(TECH_LEAD, Go));
    assert_eq!(signature_statuses(&world), [Objects, Counts], "another's stands beside it");
}

#[test]
fn signature_go_becomes_stale_and_no_go_never() {
    let mut world = World::new();
    world.run_ok(TECH, world.sign(TECH_LEAD, Go));
    world.run_ok(TECH2, world.sign(TECH_LEAD, NoGo));
    world.run_ok(SEC, world.sign(SECURITY, Go));
    world.run_ok(ANA, world.mark("required-tech", Blocked));
    assert_eq!(signature_statuses(&world), [Stale, Objects, Counts]);
    world.run_ok(ANA, world.mark("required-tech", Open));
    assert_eq!(signature_statuses(&world), [Counts, Objects, Counts]);
}

#[test]
fn signature_in_a_second_role_is_a_conflict() {
    use OutcomeSummary::{Conflict as Refused, Recorded};
    type SigningStep = fn(&mut World);
    let table: [(&str, SigningStep, OutcomeSummary); 9] = [
        ("nothing", |_| {}, Recorded("signed")),
        ("a go", |w| drop(w.run_ok(TECH, w.sign(TECH_LEAD, Go)).clone()), Refused),
        ("a no-go", |w| drop(w.run_ok(TECH, w.sign(TECH_LEAD, NoGo)).clone()), Refused),
        (
            "a stale go",
            |w| {
                w.run_ok(TECH, w.sign(TECH_LEAD, Go));
                w.run_ok(ANA, w.mark("required-tech", Done));
            },
            Refused,
        ),
        (
            "one withdrawn",
            |w| {
                w.run_ok(TECH, w.sign(TECH_LEAD, Go));
                w.run_ok(TECH, w.withdraw_signature(w.newest_signature()));
            },
            Recorded("signed"),
        ),
        (
            "one replaced, its successor withdrawn",
            |w| {
                w.run_ok(TECH, w.sign(TECH_LEAD, NoGo));
                w.run_ok(TECH, w.sign(TECH_LEAD, Go));
                w.run_ok(TECH, w.withdraw_signature(w.newest_signature()));
            },
            Recorded("signed"),
        ),
        (
            "an objection that another lifted",
            |w| {
                w.run_ok(TECH, w.sign(TECH_LEAD, NoGo));
                w.run_ok(TECH2, w.lift_objection(TECH_LEAD, w.newest_signature()));
            },
            Refused,
        ),
        (
            "one in a role no longer held",
            |w| {
                w.run_ok(TECH, w.sign(TECH_LEAD, Go));
                w.run_ok(OWNER, Command::RemoveHolder { role: role(TECH_LEAD), user: TECH });
            },
            Refused,
        ),
        (
            "one, where the policy does not mind",
            |w| {
                w.run_ok(TECH, w.sign(TECH_LEAD, Go));
                let policy = Policy { separation_of_duties: false, ..w.state.policy };
                w.run_ok(OWNER, Command::ChangePolicy { policy });
            },
            Recorded("signed"),
        ),
    ];
    for (has, step, expected) in table {
        let mut world = world_with_holder_of_two_roles();
        step(&mut world);
        for verdict in [Go, NoGo] {
            assert_eq!(world.dry_run(TECH, world.sign(OPERATIONS, verdict)), expected, "who has {has}, {verdict:?}");
        }
    }
}

#[test]
fn signature_of_a_removed_holder_go_stops_counting_and_no_go_stays() {
    let mut world = World::new();
    world.run_ok(TECH, world.sign(TECH_LEAD, Go));
    world.run_ok(TECH2, world.sign(TECH_LEAD, NoGo));
    for user in [TECH, TECH2] {
        world.run_ok(OWNER, Command::RemoveHolder { role: role(TECH_LEAD), user });
    }
    assert_eq!(signature_statuses(&world), [NotHolder, Objects]);
    world.run_ok(OWNER, Command::AddHolder { role: role(TECH_LEAD), user: TECH });
    assert_eq!(signature_statuses(&world), [Counts, Objects]);
    world.people.get_mut(&TECH).unwrap().actor.active = false;
    assert_eq!(signature_statuses(&world), [Counts, Objects], "deactivation alone changes no signature");
}

#[test]
fn signature_is_withdrawn_only_by_its_signer_and_only_once() {
    let mut world = World::new();
    world.run_ok(TECH, world.sign(TECH_LEAD, NoGo));
    let first = world.newest_signature();
    assert_eq!(world.dry_run(TECH2, world.withdraw_signature(first)), OutcomeSummary::Forbidden);
    assert_eq!(world.dry_run(OWNER, world.withdraw_signature(first)), OutcomeSummary::Forbidden);
    // A person who was removed from the role can still withdraw their signature.
    world.run_ok(OWNER, Command::RemoveHolder { role: role(TECH_LEAD), user: TECH });
    world.run_ok(TECH, world.withdraw_signature(first));
    assert_eq!(signature_statuses(&world), [Withdrawn]);
    assert_eq!(world.dry_run(TECH, world.withdraw_signature(first)), OutcomeSummary::Conflict);
    world.run_ok(TECH2, world.sign(TECH_LEAD, NoGo));
    let replaced = world.newest_signature();
    world.run_ok(TECH2, world.sign(TECH_LEAD, Go));
    assert_eq!(world.dry_run(TECH2, world.withdraw_signature(replaced)), OutcomeSummary::Conflict);
}

#[test]
fn signatures_are_asked_for_roles_without_current_go() {
    let mut world = World::new();
    let requested_roles =
        |world: &World| world.state.signature_requests.keys().map(|role| role.as_str().to_owned()).collect::<Vec<_>>();
    world.run_ok(TECH, world.sign(TECH_LEAD, Go));
    world.run_ok(SEC, world.sign(SECURITY, NoGo));
    world.run_ok(OWNER, Command::AskSignatures);
    assert_eq!(requested_roles(&world), [OPERATIONS, PRODUCT, SECURITY]);
    world.run_ok(SEC, world.sign(SECURITY, Go));
    world.run_ok(OPS, world.sign(OPERATIONS, Go));
    assert_eq!(requested_roles(&world), [PRODUCT], "a signature answers");
    world.run_ok(PROD, world.sign(PRODUCT, Go));
    assert_eq!(world.dry_run(OWNER, Command::AskSignatures), OutcomeSummary::Conflict);
}

#[test]
fn signature_form_repeated_after_withdrawal_is_a_conflict() {
    let mut world = World::new();
    let new = world.signature(TECH_LEAD, Go);
    world.run_ok(TECH, Command::Sign(Box::new(new.clone())));
    let again = || Command::Sign(Box::new(new.clone()));
    assert_eq!(world.dry_run(TECH, again()), OutcomeSummary::NoChange);
    world.run_ok(TECH, Command::WithdrawSignature { signature: new.id, comment: world.text("too soon") });
    assert_eq!(world.dry_run(TECH, again()), OutcomeSummary::Conflict, "withdrawn, it is neither there nor comes back");
    assert_eq!(world.dry_run(TECH2, again()), OutcomeSummary::Conflict, "it is another's");
    let objection = world.signature(TECH_LEAD, NoGo);
    let again_objecting = Command::Sign(Box::new(objection.clone()));
    world.run_ok(TECH, again_objecting.clone());
    world.run_ok(TECH, world.sign(TECH_LEAD, Go));
    assert_eq!(world.dry_run(TECH, again_objecting), OutcomeSummary::Conflict, "replaced, it does not stand either");
    world.proof_case = ProofCase::Missing;
    assert_eq!(world.dry_run(TECH, again()), OutcomeSummary::Unproven);
}
