//! Tests agreement to a critical "not applicable".

use crate::domain::launch::{
    command::Command,
    event::ItemState::{Blocked, Done, NotApplicable, Open},
    fixture::*,
    state::Agreement,
};

fn agreement_state(world: &World, key: &str) -> &'static str {
    match world.state.item(world.item(key)).unwrap().agreement {
        Agreement::None => "none",
        Agreement::Given { .. } => "given",
        Agreement::Refused { .. } => "refused",
    }
}

#[test]
fn agreement_to_anything_but_critical_not_applicable_is_a_conflict() {
    for (key, state, expected) in [
        ("critical-tech", NotApplicable, OutcomeSummary::Recorded("agreement_given")),
        ("critical-tech", Open, OutcomeSummary::Conflict),
        ("critical-tech", Done, OutcomeSummary::Conflict),
        ("critical-tech", Blocked, OutcomeSummary::Conflict),
        ("required-tech", NotApplicable, OutcomeSummary::Conflict),
        ("advisory-tech", NotApplicable, OutcomeSummary::Conflict),
    ] {
        let mut world = World::new();
        world.run(ANA, world.mark(key, state)).unwrap();
        assert_eq!(world.dry_run(TECH, world.agree(key, true)), expected, "{key} {state:?}");
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
            let answer = world.dry_run(TECH, world.agree("critical-tech", agree));
            assert_eq!(answer, OutcomeSummary::Conflict, "{state:?} {agree}");
            // A person without the right is refused for that, whatever the state.
            assert_eq!(
                world.dry_run(BEN, world.agree("critical-tech", agree)),
                OutcomeSummary::Forbidden,
                "{state:?} {agree}"
            );
        }
    }
}

#[test]
fn agreement_by_who_marked_the_item_is_forbidden() {
    let mut world = World::new();
    world.run_ok(TECH, world.mark("critical-tech", NotApplicable));
    assert_eq!(world.dry_run(TECH, world.agree("critical-tech", true)), OutcomeSummary::Forbidden);
    assert_eq!(world.dry_run(TECH, world.agree("critical-tech", false)), OutcomeSummary::Forbidden);
    assert_eq!(world.dry_run(TECH2, world.agree("critical-tech", true)), OutcomeSummary::Recorded("agreement_given"));
    // Changing the reason counts as marking: now the first person may agree, and the second may not.
    world.run_ok(TECH2, world.mark_because("critical-tech", NotApplicable, Some("for another reason")));
    assert_eq!(world.dry_run(TECH2, world.agree("critical-tech", true)), OutcomeSummary::Forbidden);
    assert_eq!(world.dry_run(TECH, world.agree("critical-tech", true)), OutcomeSummary::Recorded("agreement_given"));
}

#[test]
fn agreement_ends_with_any_change_of_the_item() {
    let mut world = World::new();
    for (state, reason) in
        [(Open, None), (Done, None), (Blocked, Some("no access")), (NotApplicable, Some("another justification"))]
    {
        world.run(ANA, world.mark("critical-tech", NotApplicable)).unwrap();
        world.run_ok(TECH, world.agree("critical-tech", true));
        assert_eq!(agreement_state(&world, "critical-tech"), "given");
        world.run_ok(BEN, world.mark_because("critical-tech", state, reason));
        assert_eq!(agreement_state(&world, "critical-tech"), "none", "{state:?}");
        world.run(ANA, world.mark("critical-tech", NotApplicable)).unwrap();
        assert_eq!(agreement_state(&world, "critical-tech"), "none", "and it does not come back with the state");
    }
}

#[test]
fn agreement_survives_the_same_mark_and_other_work() {
    let mut world = World::new();
    world.run_ok(ANA, world.mark("critical-tech", NotApplicable));
    world.run_ok(TECH, world.agree("critical-tech", true));
    assert_eq!(world.dry_run(ANA, world.mark("critical-tech", NotApplicable)), OutcomeSummary::NoChange);
    world.run_ok(ANA, world.comment("critical-tech"));
    world.run_ok(ANA, world.attach("critical-tech"));
    world.run_ok(OWNER, Command::RemoveHolder { role: role(TECH_LEAD), user: TECH });
    assert_eq!(agreement_state(&world, "critical-tech"), "given");
}

#[test]
fn agreement_given_refused_or_taken_back_raises_the_version() {
    let mut world = World::new().not_applicable("critical-tech");
    let item = world.item("critical-tech");
    let agree = |world: &World, agree, reason: Option<&str>| Command::Agree {
        item,
        agree,
        reason: reason.map(|reason| world.text(reason)),
        version: None,
    };
    for (who, yes, reason, expected, agreement) in [
        (TECH, false, None, OutcomeSummary::InvalidField("reason"), "none"),
        (TECH, false, Some("it does"), OutcomeSummary::Recorded("agreement_refused"), "refused"),
        (TECH, false, Some("it does"), OutcomeSummary::NoChange, "refused"),
        (TECH, false, Some("it really does"), OutcomeSummary::Recorded("agreement_refused"), "refused"),
        (TECH2, false, Some("it really does"), OutcomeSummary::Recorded("agreement_refused"), "refused"),
        (TECH, true, None, OutcomeSummary::Recorded("agreement_given"), "given"),
        (TECH, true, Some("fine"), OutcomeSummary::Recorded("agreement_given"), "given"),
        (TECH, true, Some("fine"), OutcomeSummary::NoChange, "given"),
        (TECH, true, Some("fine, for now"), OutcomeSummary::Recorded("agreement_given"), "given"),
        (TECH, true, None, OutcomeSummary::NoChange, "given"),
        (TECH2, true, None, OutcomeSummary::NoChange, "given"),
        (TECH2, true, Some("fine by me as well"), OutcomeSummary::Conflict, "given"),
        (TECH2, false, Some("on reflection"), OutcomeSummary::Recorded("agreement_refused"), "refused"),
    ] {
        let before = world.state.item(item).unwrap().version;
        let answer = OutcomeSummary::from(world.run(who, agree(&world, yes, reason)));
        assert_eq!((answer, agreement_state(&world, "critical-tech")), (expected, agreement));
        let raised = i64::from(matches!(answer, OutcomeSummary::Recorded(_)));
        assert_eq!(world.state.item(item).unwrap().version, before + raised);
    }
}
