//! Tests lifting an objection: another holder of the role signs go, names the objection and gives a reason.

use crate::domain::{
    digest::digest,
    ids::SignatureId,
    launch::{
        command::{Command, NewSignature},
        event::{
            ItemState::Done,
            Vote::{Go, NoGo},
        },
        fixture::*,
    },
    readiness::{SignatureStatus, is_open_objection, signature_status},
};

/// Tess objects as `tech_lead`, Sia as `security`. Returns Tess's signature.
fn world_with_two_objections() -> (World, SignatureId) {
    let mut world = World::new();
    world.run_ok(TECH, world.sign(TECH_LEAD, NoGo));
    let objection = world.newest_signature();
    world.run_ok(SEC, world.sign(SECURITY, NoGo));
    (world, objection)
}

#[test]
fn objection_is_lifted_by_another_holders_go_with_a_reason() {
    let (mut world, objection) = world_with_two_objections();
    world.run_ok(TECH2, world.lift_objection(TECH_LEAD, objection));
    let lifted = world.state.signature(objection).unwrap();
    assert_eq!(lifted.lifted_by, Some(world.newest_signature()));
    assert!(!is_open_objection(lifted));
    assert_eq!(
        signature_status(&world.state, lifted, &digest(&world.state, &role(TECH_LEAD))),
        SignatureStatus::Lifted
    );
    assert_eq!(
        world.dry_run(TECH2, world.lift_objection(TECH_LEAD, objection)),
        OutcomeSummary::InvalidField("lifts"),
        "it is lifted already"
    );
    // The person whose objection was lifted may object again, or withdraw.
    assert_eq!(world.dry_run(TECH, world.sign(TECH_LEAD, NoGo)), OutcomeSummary::Recorded("signed"));
    assert_eq!(
        world.dry_run(TECH, world.withdraw_signature(objection)),
        OutcomeSummary::Recorded("signature_withdrawn")
    );
}

#[test]
fn objection_lifted_in_any_other_way_is_refused() {
    let (mut world, objection) = world_with_two_objections();
    let others = world.newest_signature();
    world.run_ok(TECH2, world.sign(TECH_LEAD, Go));
    let go = world.newest_signature();
    world.run_ok(OWNER, Command::AddHolder { role: role(TECH_LEAD), user: BEN });
    let lift = |who, verdict, comment: Option<&str>, lifts| {
        let comment = comment.map(|comment| world.text(comment));
        let new = NewSignature { verdict, comment, lifts: Some(lifts), ..world.signature(TECH_LEAD, Go) };
        world.dry_run(who, Command::Sign(Box::new(new)))
    };
    for (case, expected, answer) in [
        ("without a reason", OutcomeSummary::InvalidField("comment"), lift(TECH2, Go, None, objection)),
        ("with a no-go", OutcomeSummary::InvalidField("lifts"), lift(TECH2, NoGo, Some("x"), objection)),
        ("one's own", OutcomeSummary::InvalidField("lifts"), lift(TECH, Go, Some("x"), objection)),
        ("in another role", OutcomeSummary::InvalidField("lifts"), lift(TECH2, Go, Some("x"), others)),
        ("a go", OutcomeSummary::InvalidField("lifts"), lift(BEN, Go, Some("x"), go)),
        ("what is not there", OutcomeSummary::InvalidField("lifts"), lift(TECH2, Go, Some("x"), world.id())),
        ("by who does not hold the role", OutcomeSummary::Forbidden, lift(OPS, Go, Some("x"), objection)),
        ("by the owner", OutcomeSummary::Forbidden, lift(OWNER, Go, Some("x"), objection)),
        (
            "though one has signed the same go before",
            OutcomeSummary::Recorded("signed"),
            lift(TECH2, Go, Some("x"), objection),
        ),
    ] {
        assert_eq!(answer, expected, "{case}");
    }
}

#[test]
fn objection_withdrawn_or_replaced_is_not_lifted() {
    for step in [World::withdraw_signature as fn(&World, SignatureId) -> Command, |w, _| w.sign(TECH_LEAD, Go)] {
        let (mut world, objection) = world_with_two_objections();
        world.run_ok(TECH, step(&world, objection));
        assert_eq!(
            world.dry_run(TECH2, world.lift_objection(TECH_LEAD, objection)),
            OutcomeSummary::InvalidField("lifts")
        );
    }
}

#[test]
fn objection_of_a_former_holder_is_lifted_on_the_current_scope() {
    let (mut world, objection) = world_with_two_objections();
    world.run_ok(OWNER, Command::RemoveHolder { role: role(TECH_LEAD), user: TECH });
    let stale = world.lift_objection(TECH_LEAD, objection);
    world.run_ok(ANA, world.mark("required-tech", Done));
    assert_eq!(world.dry_run(TECH2, stale), OutcomeSummary::Conflict, "the scope has changed since it was shown");
    assert_eq!(world.dry_run(TECH2, world.lift_objection(TECH_LEAD, objection)), OutcomeSummary::Recorded("signed"));
}

#[test]
fn objection_is_not_lifted_by_a_plain_go_of_another_holder() {
    let (mut world, objection) = world_with_two_objections();
    world.run_ok(TECH2, world.sign(TECH_LEAD, Go));
    assert!(is_open_objection(world.state.signature(objection).unwrap()));
}
