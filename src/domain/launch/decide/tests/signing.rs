//! Signing and withdrawing.

use SignatureStatus::{Counts, NotHolder, Objects, Stale, Superseded, Withdrawn};

use crate::domain::{
    digest::digest,
    launch::{
        command::{Command, Conflict, NewSignature, Refusal},
        event::{
            Change,
            ItemState::{Blocked, Done, Open},
            Meaning, Policy, ProofMethod,
            Vote::{Go, NoGo},
        },
        fixture::*,
    },
    readiness::{SignatureStatus, status},
    text::PersonName,
};

/// How every signature stands, in order.
fn standings(world: &World) -> Vec<SignatureStatus> {
    let of = |signature: &crate::domain::launch::state::Signature| {
        status(&world.state, signature, &digest(&world.state, &signature.record.role))
    };
    world.state.signatures.iter().map(of).collect()
}

/// Tess, who holds `tech_lead`, holds another role too.
fn of_two_roles() -> World {
    let mut world = World::new();
    world.does(OWNER, Command::AddHolder { role: role(OPERATIONS), user: TECH });
    world
}

#[test]
fn a_signature_records_who_what_and_how() {
    let mut world = World::new();
    world.at("2026-11-03T09:00:00.123456Z");
    let new = NewSignature { comment: Some(world.text("well done")), saw: None, ..world.signature(SECURITY, Go) };
    let Change::Signed(record) = world.does(SEC, Command::Sign(Box::new(new.clone()))).clone() else { panic!() };
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
    let Change::Signed(record) = world.does(OPS, world.sign(OPERATIONS, Go)).clone() else { panic!() };
    assert_eq!(record.zone.name(), "America/New_York", "the launch's, where the signer has set none");
}

#[test]
fn a_later_name_does_not_reach_a_signature() {
    let mut world = World::new();
    world.does(TECH, world.sign(TECH_LEAD, Go));
    world.people.get_mut(&TECH).unwrap().name = PersonName::new("Tess Wed").unwrap();
    world.does(TECH, world.comment("required-tech"));
    assert_eq!(world.state.signatures[0].record.signer.name.as_str(), "Tess Lead");
    assert_eq!(world.state.person(TECH), "Tess Wed");
}

#[test]
fn a_comment_is_mandatory_for_no_go() {
    let world = World::new();
    for (verdict, comment, expected) in [
        (Go, None, Answer::Did("signed")),
        (Go, Some("fine"), Answer::Did("signed")),
        (NoGo, None, Answer::Field("comment")),
        (NoGo, Some("it burns"), Answer::Did("signed")),
    ] {
        let comment = comment.map(|comment| world.text(comment));
        let new = NewSignature { comment, ..world.signature(TECH_LEAD, verdict) };
        assert_eq!(world.answer(TECH, Command::Sign(Box::new(new))), expected, "{verdict:?}");
    }
}

#[test]
fn a_scope_that_changed_since_it_was_shown_is_not_signed() {
    let mut world = World::new();
    let shown = |world: &World, verdict| (world.sign(TECH_LEAD, verdict), world.sign(SECURITY, verdict));
    let (go, others) = shown(&world, Go);
    let (no_go, _) = shown(&world, NoGo);
    world.does(ANA, world.mark("required-tech", Done));
    for stale in [&go, &no_go] {
        let refused = Err(Refusal::Conflict(Conflict::StaleScope(role(TECH_LEAD))));
        assert_eq!(world.run(TECH, stale.clone()), refused);
    }
    assert_eq!(world.answer(SEC, others), Answer::Did("signed"), "another role's item is not in this scope");
    world.does(BEN, world.mark("required-tech", Open));
    assert_eq!(world.answer(TECH, go), Answer::Did("signed"), "undone, it is what was shown");
}

#[test]
fn the_same_signature_again_succeeds_and_changes_nothing() {
    let mut world = World::new();
    let first = world.signature(TECH_LEAD, Go);
    let command = |new: &NewSignature| Command::Sign(Box::new(new.clone()));
    world.does(TECH, command(&first));
    let again = NewSignature { comment: Some(world.text("again")), ..world.signature(TECH_LEAD, Go) };
    assert_eq!(world.answer(TECH, command(&first)), Answer::Nothing, "a second click");
    assert_eq!(world.answer(TECH, world.sign(TECH_LEAD, Go)), Answer::Nothing, "all that it says is the same");
    assert_eq!(world.answer(TECH2, command(&again)), Answer::Did("signed"), "another's is another");
    assert_eq!(world.answer(TECH, world.sign(TECH_LEAD, NoGo)), Answer::Did("signed"));
    world.does(ANA, world.mark("required-tech", Done));
    assert_eq!(world.answer(TECH, command(&first)), Answer::Nothing, "what was signed stays signed, stale or not");
    assert_eq!(world.answer(TECH, world.sign(TECH_LEAD, Go)), Answer::Did("signed"));
    world.does(TECH, world.withdraw_signature(first.id));
    let anew = NewSignature { id: world.signature(TECH_LEAD, Go).id, ..first };
    assert_eq!(world.answer(TECH, command(&anew)), Answer::Conflict, "withdrawn, it is a new one and stale");
}

#[test]
fn signature_again_with_another_comment_or_meaning_replaces_the_one_before() {
    for verdict in [Go, NoGo] {
        let mut world = World::new();
        world.does(TECH, world.sign(TECH_LEAD, verdict));
        let with = |world: &World, comment: &str| NewSignature {
            comment: Some(world.text(comment)),
            ..world.signature(TECH_LEAD, verdict)
        };
        let command = |new: NewSignature| Command::Sign(Box::new(new));
        let first = world.newest_signature();
        world.does(TECH, command(with(&world, "and mind the queue")));
        assert!(!world.state.signature(first).unwrap().stands(), "{verdict:?}");
        assert_eq!(world.answer(TECH, command(with(&world, "and mind the queue"))), Answer::Nothing, "{verdict:?}");
        let witnessed = NewSignature { meaning: Meaning::Review, ..with(&world, "and mind the queue") };
        assert_eq!(world.answer(TECH, command(witnessed)), Answer::Did("signed"), "{verdict:?}");
        if verdict == Go {
            let late = world.clone().declared();
            assert_eq!(
                late.answer(TECH, command(with(&late, "too late"))),
                Answer::Conflict,
                "nothing is lost silently"
            );
        }
    }
}

#[test]
fn signature_again_from_a_page_whose_scope_changed_is_a_conflict() {
    for verdict in [Go, NoGo] {
        let mut world = World::new();
        let first = world.signature(TECH_LEAD, verdict);
        world.does(TECH, Command::Sign(Box::new(first.clone())));
        world.does(ANA, world.mark("required-tech", Done));
        let id = world.signature(TECH_LEAD, verdict).id;
        let again = NewSignature { id, ..first };
        let refused = Err(Refusal::Conflict(Conflict::StaleScope(role(TECH_LEAD))));
        assert_eq!(world.run(TECH, Command::Sign(Box::new(again.clone()))), refused, "{verdict:?}");
        world.does(BEN, world.mark("required-tech", Open));
        assert_eq!(world.answer(TECH, Command::Sign(Box::new(again))), Answer::Nothing, "undone, it is current again");
    }
}

#[test]
fn the_same_signature_again_succeeds_whatever_the_stage() {
    for world in [World::new().declared(), World::new().launched()] {
        assert_eq!(world.answer(TECH, world.sign(TECH_LEAD, Go)), Answer::Nothing);
        assert_eq!(world.answer(TECH2, world.sign(TECH_LEAD, Go)), Answer::Conflict, "another's would be new");
    }
}

#[test]
fn a_later_signature_of_ones_own_replaces_the_earlier_in_its_role() {
    for (first, second, expected) in [(Go, NoGo, [Superseded, Objects]), (NoGo, Go, [Superseded, Counts])] {
        let mut world = World::new();
        world.does(TECH, world.sign(TECH_LEAD, first));
        world.does(TECH, world.sign(TECH_LEAD, second));
        assert_eq!(standings(&world), expected, "{first:?}, then {second:?}");
        world.does(TECH, world.withdraw_signature(world.newest_signature()));
        assert_eq!(standings(&world), [Superseded, Withdrawn], "the earlier does not come back");
    }
    let mut world = World::new();
    world.does(TECH, world.sign(TECH_LEAD, NoGo));
    world.does(TECH2, world.sign(TECH_LEAD, Go));
    assert_eq!(standings(&world), [Objects, Counts], "another's stands beside it");
}

#[test]
fn go_goes_stale_and_comes_back_and_no_go_never_does() {
    let mut world = World::new();
    world.does(TECH, world.sign(TECH_LEAD, Go));
    world.does(TECH2, world.sign(TECH_LEAD, NoGo));
    world.does(SEC, world.sign(SECURITY, Go));
    world.does(ANA, world.mark("required-tech", Blocked));
    assert_eq!(standings(&world), [Stale, Objects, Counts]);
    world.does(ANA, world.mark("required-tech", Open));
    assert_eq!(standings(&world), [Counts, Objects, Counts]);
}

#[test]
fn one_person_signs_in_one_role_only() {
    use Answer::{Conflict as Refused, Did};
    type Step = fn(&mut World);
    let table: [(&str, Step, Answer); 9] = [
        ("nothing", |_| {}, Did("signed")),
        ("a go", |w| drop(w.does(TECH, w.sign(TECH_LEAD, Go)).clone()), Refused),
        ("a no-go", |w| drop(w.does(TECH, w.sign(TECH_LEAD, NoGo)).clone()), Refused),
        (
            "a stale go",
            |w| {
                w.does(TECH, w.sign(TECH_LEAD, Go));
                w.does(ANA, w.mark("required-tech", Done));
            },
            Refused,
        ),
        (
            "one withdrawn",
            |w| {
                w.does(TECH, w.sign(TECH_LEAD, Go));
                w.does(TECH, w.withdraw_signature(w.newest_signature()));
            },
            Did("signed"),
        ),
        (
            "one replaced, its successor withdrawn",
            |w| {
                w.does(TECH, w.sign(TECH_LEAD, NoGo));
                w.does(TECH, w.sign(TECH_LEAD, Go));
                w.does(TECH, w.withdraw_signature(w.newest_signature()));
            },
            Did("signed"),
        ),
        (
            "an objection that another lifted",
            |w| {
                w.does(TECH, w.sign(TECH_LEAD, NoGo));
                w.does(TECH2, w.lift(TECH_LEAD, w.newest_signature()));
            },
            Refused,
        ),
        (
            "one in a role no longer held",
            |w| {
                w.does(TECH, w.sign(TECH_LEAD, Go));
                w.does(OWNER, Command::RemoveHolder { role: role(TECH_LEAD), user: TECH });
            },
            Refused,
        ),
        (
            "one, where the policy does not mind",
            |w| {
                w.does(TECH, w.sign(TECH_LEAD, Go));
                let policy = Policy { separation_of_duties: false, ..w.state.policy };
                w.does(OWNER, Command::ChangePolicy { policy });
            },
            Did("signed"),
        ),
    ];
    for (has, step, expected) in table {
        let mut world = of_two_roles();
        step(&mut world);
        for verdict in [Go, NoGo] {
            assert_eq!(world.answer(TECH, world.sign(OPERATIONS, verdict)), expected, "who has {has}, {verdict:?}");
        }
    }
}

#[test]
fn a_holder_taken_off_takes_their_go_along_and_leaves_their_no_go() {
    let mut world = World::new();
    world.does(TECH, world.sign(TECH_LEAD, Go));
    world.does(TECH2, world.sign(TECH_LEAD, NoGo));
    for user in [TECH, TECH2] {
        world.does(OWNER, Command::RemoveHolder { role: role(TECH_LEAD), user });
    }
    assert_eq!(standings(&world), [NotHolder, Objects]);
    world.does(OWNER, Command::AddHolder { role: role(TECH_LEAD), user: TECH });
    assert_eq!(standings(&world), [Counts, Objects]);
    world.people.get_mut(&TECH).unwrap().actor.active = false;
    assert_eq!(standings(&world), [Counts, Objects], "deactivation alone changes no signature");
}

#[test]
fn a_signature_is_withdrawn_once_by_its_signer_and_that_lifts_their_objection() {
    let mut world = World::new();
    world.does(TECH, world.sign(TECH_LEAD, NoGo));
    let first = world.newest_signature();
    assert_eq!(world.answer(TECH2, world.withdraw_signature(first)), Answer::Forbidden);
    assert_eq!(world.answer(OWNER, world.withdraw_signature(first)), Answer::Forbidden);
    // Off the role, one can still take one's own word back.
    world.does(OWNER, Command::RemoveHolder { role: role(TECH_LEAD), user: TECH });
    world.does(TECH, world.withdraw_signature(first));
    assert_eq!(standings(&world), [Withdrawn]);
    assert_eq!(world.answer(TECH, world.withdraw_signature(first)), Answer::Conflict);
    world.does(TECH2, world.sign(TECH_LEAD, NoGo));
    let replaced = world.newest_signature();
    world.does(TECH2, world.sign(TECH_LEAD, Go));
    assert_eq!(world.answer(TECH2, world.withdraw_signature(replaced)), Answer::Conflict);
}

#[test]
fn holders_are_asked_for_the_roles_that_lack_a_go() {
    let mut world = World::new();
    let asked = |world: &World| world.state.asked.keys().map(|role| role.as_str().to_owned()).collect::<Vec<_>>();
    world.does(TECH, world.sign(TECH_LEAD, Go));
    world.does(SEC, world.sign(SECURITY, NoGo));
    world.does(OWNER, Command::AskSignatures);
    assert_eq!(asked(&world), [OPERATIONS, PRODUCT, SECURITY]);
    world.does(SEC, world.sign(SECURITY, Go));
    world.does(OPS, world.sign(OPERATIONS, Go));
    assert_eq!(asked(&world), [PRODUCT], "a signature answers");
    world.does(PROD, world.sign(PRODUCT, Go));
    assert_eq!(world.answer(OWNER, Command::AskSignatures), Answer::Conflict);
}

#[test]
fn a_repeated_form_is_its_signature_as_long_as_that_stands() {
    let mut world = World::new();
    let new = world.signature(TECH_LEAD, Go);
    world.does(TECH, Command::Sign(Box::new(new.clone())));
    let again = || Command::Sign(Box::new(new.clone()));
    assert_eq!(world.answer(TECH, again()), Answer::Nothing);
    world.does(TECH, Command::WithdrawSignature { signature: new.id, comment: world.text("too soon") });
    assert_eq!(world.answer(TECH, again()), Answer::Conflict, "withdrawn, it is neither there nor comes back");
    assert_eq!(world.answer(TECH2, again()), Answer::Conflict, "it is another's");
    let objection = world.signature(TECH_LEAD, NoGo);
    let again_objecting = Command::Sign(Box::new(objection.clone()));
    world.does(TECH, again_objecting.clone());
    world.does(TECH, world.sign(TECH_LEAD, Go));
    assert_eq!(world.answer(TECH, again_objecting), Answer::Conflict, "replaced, it does not stand either");
    world.proving = Proving::Nothing;
    assert_eq!(world.answer(TECH, again()), Answer::Unproven);
}
