//! Agreement to a critical "not applicable".

use crate::domain::launch::{
    command::Command,
    event::ItemState::{Blocked, Done, NotApplicable, Open},
    fixture::*,
    state::Agreement,
};

fn agreement(world: &World, key: &str) -> &'static str {
    match world.state.item(world.item(key)).unwrap().agreement {
        Agreement::None => "none",
        Agreement::Given { .. } => "given",
        Agreement::Refused { .. } => "refused",
    }
}

#[test]
fn only_a_critical_not_applicable_is_agreed_to() {
    for (key, state, expected) in [
        ("critical-tech", NotApplicable, Answer::Did("agreement_given")),
        ("critical-tech", Open, Answer::Conflict),
        ("critical-tech", Done, Answer::Conflict),
        ("critical-tech", Blocked, Answer::Conflict),
        ("required-tech", NotApplicable, Answer::Conflict),
        ("advisory-tech", NotApplicable, Answer::Conflict),
    ] {
        let mut world = World::new();
        world.run(ANA, world.mark(key, state)).unwrap();
        assert_eq!(world.answer(TECH, world.agree(key, true)), expected, "{key} {state:?}");
    }
}

/// What is wrong then is the state of the item, not what its marker may do.
#[test]
fn agreement_of_the_marker_to_an_item_that_applies_is_a_conflict() {
    for state in [Open, Done, Blocked] {
        let mut world = World::new();
        world.run(TECH, world.mark("critical-tech", Blocked)).unwrap();
        world.run(TECH, world.mark("critical-tech", state)).unwrap();
        for agree in [true, false] {
            let answer = world.answer(TECH, world.agree("critical-tech", agree));
            assert_eq!(answer, Answer::Conflict, "{state:?} {agree}");
            // Who may not in any case is told that, whatever the state.
            assert_eq!(world.answer(BEN, world.agree("critical-tech", agree)), Answer::Forbidden, "{state:?} {agree}");
        }
    }
}

#[test]
fn who_marked_it_never_agrees_and_another_holder_does() {
    let mut world = World::new();
    world.does(TECH, world.mark("critical-tech", NotApplicable));
    assert_eq!(world.answer(TECH, world.agree("critical-tech", true)), Answer::Forbidden);
    assert_eq!(world.answer(TECH, world.agree("critical-tech", false)), Answer::Forbidden);
    assert_eq!(world.answer(TECH2, world.agree("critical-tech", true)), Answer::Did("agreement_given"));
    // Whoever rewrites the reason has marked it: now the first may agree, and the second may not.
    world.does(TECH2, world.mark_because("critical-tech", NotApplicable, Some("for another reason")));
    assert_eq!(world.answer(TECH2, world.agree("critical-tech", true)), Answer::Forbidden);
    assert_eq!(world.answer(TECH, world.agree("critical-tech", true)), Answer::Did("agreement_given"));
}

#[test]
fn any_change_of_the_item_ends_the_agreement() {
    let mut world = World::new();
    for (state, reason) in
        [(Open, None), (Done, None), (Blocked, Some("no access")), (NotApplicable, Some("another justification"))]
    {
        world.run(ANA, world.mark("critical-tech", NotApplicable)).unwrap();
        world.does(TECH, world.agree("critical-tech", true));
        assert_eq!(agreement(&world, "critical-tech"), "given");
        world.does(BEN, world.mark_because("critical-tech", state, reason));
        assert_eq!(agreement(&world, "critical-tech"), "none", "{state:?}");
        world.run(ANA, world.mark("critical-tech", NotApplicable)).unwrap();
        assert_eq!(agreement(&world, "critical-tech"), "none", "and it does not come back with the state");
    }
}

#[test]
fn marking_the_same_again_or_working_beside_it_leaves_the_agreement() {
    let mut world = World::new();
    world.does(ANA, world.mark("critical-tech", NotApplicable));
    world.does(TECH, world.agree("critical-tech", true));
    assert_eq!(world.answer(ANA, world.mark("critical-tech", NotApplicable)), Answer::Nothing);
    world.does(ANA, world.comment("critical-tech"));
    world.does(ANA, world.attach("critical-tech"));
    world.does(OWNER, Command::RemoveHolder { role: role(TECH_LEAD), user: TECH });
    assert_eq!(agreement(&world, "critical-tech"), "given");
}

#[test]
fn agreement_is_given_refused_and_taken_back_and_each_raises_the_version() {
    let mut world = World::new().not_applicable("critical-tech");
    let item = world.item("critical-tech");
    let agree = |world: &World, agree, reason: Option<&str>| Command::Agree {
        item,
        agree,
        reason: reason.map(|reason| world.text(reason)),
        version: None,
    };
    for (who, yes, reason, expected, stands) in [
        (TECH, false, None, Answer::Field("reason"), "none"),
        (TECH, false, Some("it does"), Answer::Did("agreement_refused"), "refused"),
        (TECH, false, Some("it does"), Answer::Nothing, "refused"),
        (TECH, false, Some("it really does"), Answer::Did("agreement_refused"), "refused"),
        (TECH2, false, Some("it really does"), Answer::Did("agreement_refused"), "refused"),
        (TECH, true, None, Answer::Did("agreement_given"), "given"),
        (TECH, true, Some("fine"), Answer::Did("agreement_given"), "given"),
        (TECH, true, Some("fine"), Answer::Nothing, "given"),
        (TECH, true, Some("fine, for now"), Answer::Did("agreement_given"), "given"),
        (TECH, true, None, Answer::Nothing, "given"),
        (TECH2, true, None, Answer::Nothing, "given"),
        (TECH2, true, Some("fine by me as well"), Answer::Conflict, "given"),
        (TECH2, false, Some("on reflection"), Answer::Did("agreement_refused"), "refused"),
    ] {
        let before = world.state.item(item).unwrap().version;
        let answer = Answer::from(world.run(who, agree(&world, yes, reason)));
        assert_eq!((answer, agreement(&world, "critical-tech")), (expected, stands));
        let raised = i64::from(matches!(answer, Answer::Did(_)));
        assert_eq!(world.state.item(item).unwrap().version, before + raised);
    }
}
