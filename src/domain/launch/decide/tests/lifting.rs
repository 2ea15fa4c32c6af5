//! Lifting an objection: another holder of the role signs go, naming it and saying why.

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
    readiness::{SignatureStatus, objects, status},
};

/// Tess objects as `tech_lead`, Sia as `security`; the first is the signature given.
fn objected() -> (World, SignatureId) {
    let mut world = World::new();
    world.does(TECH, world.sign(TECH_LEAD, NoGo));
    let objection = world.newest_signature();
    world.does(SEC, world.sign(SECURITY, NoGo));
    (world, objection)
}

#[test]
fn another_holder_lifts_it_with_a_go_and_a_reason() {
    let (mut world, objection) = objected();
    world.does(TECH2, world.lift(TECH_LEAD, objection));
    let lifted = world.state.signature(objection).unwrap();
    assert_eq!(lifted.lifted_by, Some(world.newest_signature()));
    assert!(!objects(lifted));
    assert_eq!(status(&world.state, lifted, &digest(&world.state, &role(TECH_LEAD))), SignatureStatus::Lifted);
    assert_eq!(world.answer(TECH2, world.lift(TECH_LEAD, objection)), Answer::Field("lifts"), "it is lifted already");
    // Who was lifted may object anew, or withdraw.
    assert_eq!(world.answer(TECH, world.sign(TECH_LEAD, NoGo)), Answer::Did("signed"));
    assert_eq!(world.answer(TECH, world.withdraw_signature(objection)), Answer::Did("signature_withdrawn"));
}

#[test]
fn it_is_refused_to_anything_else() {
    let (mut world, objection) = objected();
    let others = world.newest_signature();
    world.does(TECH2, world.sign(TECH_LEAD, Go));
    let go = world.newest_signature();
    world.does(OWNER, Command::AddHolder { role: role(TECH_LEAD), user: BEN });
    let lift = |who, verdict, comment: Option<&str>, lifts| {
        let comment = comment.map(|comment| world.text(comment));
        let new = NewSignature { verdict, comment, lifts: Some(lifts), ..world.signature(TECH_LEAD, Go) };
        world.answer(who, Command::Sign(Box::new(new)))
    };
    for (what, expected, answer) in [
        ("without a reason", Answer::Field("comment"), lift(TECH2, Go, None, objection)),
        ("with a no-go", Answer::Field("lifts"), lift(TECH2, NoGo, Some("x"), objection)),
        ("one's own", Answer::Field("lifts"), lift(TECH, Go, Some("x"), objection)),
        ("in another role", Answer::Field("lifts"), lift(TECH2, Go, Some("x"), others)),
        ("a go", Answer::Field("lifts"), lift(BEN, Go, Some("x"), go)),
        ("what is not there", Answer::Field("lifts"), lift(TECH2, Go, Some("x"), world.id())),
        ("by who does not hold the role", Answer::Forbidden, lift(OPS, Go, Some("x"), objection)),
        ("by the owner", Answer::Forbidden, lift(OWNER, Go, Some("x"), objection)),
        ("though one has signed the same go before", Answer::Did("signed"), lift(TECH2, Go, Some("x"), objection)),
    ] {
        assert_eq!(answer, expected, "{what}");
    }
}

#[test]
fn what_no_longer_objects_is_not_lifted() {
    for step in [World::withdraw_signature as fn(&World, SignatureId) -> Command, |w, _| w.sign(TECH_LEAD, Go)] {
        let (mut world, objection) = objected();
        world.does(TECH, step(&world, objection));
        assert_eq!(world.answer(TECH2, world.lift(TECH_LEAD, objection)), Answer::Field("lifts"));
    }
}

#[test]
fn it_can_be_lifted_after_its_signer_left_and_on_what_is_there_now() {
    let (mut world, objection) = objected();
    world.does(OWNER, Command::RemoveHolder { role: role(TECH_LEAD), user: TECH });
    let stale = world.lift(TECH_LEAD, objection);
    world.does(ANA, world.mark("required-tech", Done));
    assert_eq!(world.answer(TECH2, stale), Answer::Conflict, "the scope has changed since it was shown");
    assert_eq!(world.answer(TECH2, world.lift(TECH_LEAD, objection)), Answer::Did("signed"));
}

#[test]
fn a_plain_go_of_another_holder_lifts_nothing() {
    let (mut world, objection) = objected();
    world.does(TECH2, world.sign(TECH_LEAD, Go));
    assert!(objects(world.state.signature(objection).unwrap()));
}
