//! Tests marking: every change of state, versions, and what a new mark resets.

use crate::domain::{
    digest::digest,
    launch::{
        command::{Command, Conflict, Refusal},
        event::{
            Change,
            ItemState::{self, Blocked, Done, Open},
        },
        fixture::*,
    },
};

#[test]
fn mark_to_any_other_state_raises_the_version() {
    for from in ItemState::ALL {
        for to in ItemState::ALL {
            let mut world = World::new();
            if from != Open {
                world.run_ok(ANA, world.mark("required-tech", from));
            }
            let before = world.state.item(world.item("required-tech")).unwrap().clone();
            let events = world.run(BEN, world.mark("required-tech", to)).unwrap();
            let after = world.state.item(before.id).unwrap();
            assert_eq!(after.status.state, to, "{from:?} → {to:?}");
            if from == to {
                assert!(events.is_empty(), "{from:?} again is no event");
                assert_eq!(after, &before);
            } else {
                let Change::ItemMarked { item, old, new } = &events[0].change else { panic!("{events:?}") };
                assert_eq!((*item, *old, *new), (before.id, before.status, after.status));
                assert_eq!(after.version, before.version + 1);
                assert_eq!(after.last_marked, Some((BEN, events[0].at)));
                assert_eq!(
                    after.status.reason.map(|reason| world.state.text(&reason)),
                    to.needs_reason().then_some("because")
                );
            }
        }
    }
}

#[test]
fn mark_with_a_stale_version_is_a_conflict_unless_it_repeats_ones_own() {
    struct StaleMarkCase(&'static str, MarkingUser, ItemState, Option<&'static str>, i64, OutcomeSummary);
    enum MarkingUser {
        Same,
        Other,
    }
    use MarkingUser::{Other, Same};
    // Ana blocked it "because", so its version is 2.
    for StaleMarkCase(case, user, state, reason, version, expected) in [
        StaleMarkCase("the same again on the old page", Same, Blocked, Some("because"), 1, OutcomeSummary::NoChange),
        StaleMarkCase("the same again on the new page", Same, Blocked, Some("because"), 2, OutcomeSummary::NoChange),
        StaleMarkCase(
            "another on the old page, though the same",
            Other,
            Blocked,
            Some("because"),
            1,
            OutcomeSummary::Conflict,
        ),
        StaleMarkCase(
            "another on the new page, the same",
            Other,
            Blocked,
            Some("because"),
            2,
            OutcomeSummary::NoChange,
        ),
        StaleMarkCase("another reason on the old page", Same, Blocked, Some("another"), 1, OutcomeSummary::Conflict),
        StaleMarkCase(
            "another reason on the new page",
            Same,
            Blocked,
            Some("another"),
            2,
            OutcomeSummary::Recorded("item_marked"),
        ),
        StaleMarkCase("another state on the old page", Same, Done, None, 1, OutcomeSummary::Conflict),
        StaleMarkCase("another state on the new page", Other, Done, None, 2, OutcomeSummary::Recorded("item_marked")),
        StaleMarkCase("a version that never was", Other, Done, None, 3, OutcomeSummary::Conflict),
        StaleMarkCase("a version that can't be", Other, Done, None, i64::MIN, OutcomeSummary::Conflict),
    ] {
        let mut world = World::new();
        world.run_ok(ANA, world.mark("required-tech", Blocked));
        let user = match user {
            Same => ANA,
            Other => BEN,
        };
        let item = world.item("required-tech");
        let reason = reason.map(|reason| world.text(reason));
        assert_eq!(world.dry_run(user, Command::Mark { item, state, reason, version }), expected, "{case}");
    }
}

#[test]
fn mark_that_loses_a_race_is_refused_with_the_item() {
    let mut world = World::new();
    let late = world.mark("required-tech", Blocked);
    world.run_ok(ANA, world.mark("required-tech", Done));
    let item = world.item("required-tech");
    assert_eq!(world.run(BEN, late), Err(Refusal::Conflict(Conflict::StaleItem(item))));
}

#[test]
fn mark_back_to_an_earlier_state_restores_the_digest() {
    let mut world = World::new();
    let now = |world: &World| digest(&world.state, &role(TECH_LEAD));
    let open = now(&world);
    world.run_ok(ANA, world.mark_because("required-tech", Blocked, Some("no access")));
    let blocked = now(&world);
    world.run_ok(BEN, world.mark("required-tech", Done));
    world.run_ok(BEN, world.mark_because("required-tech", Blocked, Some("no access")));
    assert_eq!(now(&world), blocked, "the same reason, typed again by another, is the same state");
    world.run_ok(BEN, world.mark_because("required-tech", Blocked, Some("no access yet")));
    assert_ne!(now(&world), blocked);
    world.run_ok(ANA, world.mark("required-tech", Open));
    assert_eq!(now(&world), open);
}

#[test]
fn mark_with_the_same_reason_on_another_item_makes_another_text() {
    let mut world = World::new();
    world.run_ok(ANA, world.mark("required-tech", Blocked));
    world.run_ok(ANA, world.mark("required-sec", Blocked));
    let reason = |key: &str| world.state.item(world.item(key)).unwrap().status.reason;
    assert_ne!(reason("required-tech"), reason("required-sec"));
}
