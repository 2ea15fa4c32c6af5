//! Marking: every change of state, versions, and what is undone.

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
fn every_state_leads_to_every_other_and_raises_the_version() {
    for from in ItemState::ALL {
        for to in ItemState::ALL {
            let mut world = World::new();
            if from != Open {
                world.does(ANA, world.mark("required-tech", from));
            }
            let before = world.state.item(world.item("required-tech")).unwrap().clone();
            let events = world.run(BEN, world.mark("required-tech", to)).unwrap();
            let after = world.state.item(before.id).unwrap();
            assert_eq!(after.standing.state, to, "{from:?} → {to:?}");
            if from == to {
                assert!(events.is_empty(), "{from:?} again is no event");
                assert_eq!(after, &before);
            } else {
                let Change::ItemMarked { item, old, new } = &events[0].change else { panic!("{events:?}") };
                assert_eq!((*item, *old, *new), (before.id, before.standing, after.standing));
                assert_eq!(after.version, before.version + 1);
                assert_eq!(after.marked, Some((BEN, events[0].at)));
                assert_eq!(
                    after.standing.reason.map(|reason| world.state.text(&reason)),
                    to.needs_reason().then_some("because")
                );
            }
        }
    }
}

#[test]
fn a_stale_version_is_a_conflict_unless_one_asks_again_for_what_one_did() {
    struct Row(&'static str, UserIs, ItemState, Option<&'static str>, i64, Answer);
    enum UserIs {
        Same,
        Other,
    }
    use UserIs::{Other, Same};
    // Ana blocked it "because", so its version is 2.
    for Row(what, user, state, reason, version, expected) in [
        Row("the same again on the old page", Same, Blocked, Some("because"), 1, Answer::Nothing),
        Row("the same again on the new page", Same, Blocked, Some("because"), 2, Answer::Nothing),
        Row("another on the old page, though the same", Other, Blocked, Some("because"), 1, Answer::Conflict),
        Row("another on the new page, the same", Other, Blocked, Some("because"), 2, Answer::Nothing),
        Row("another reason on the old page", Same, Blocked, Some("another"), 1, Answer::Conflict),
        Row("another reason on the new page", Same, Blocked, Some("another"), 2, Answer::Did("item_marked")),
        Row("another state on the old page", Same, Done, None, 1, Answer::Conflict),
        Row("another state on the new page", Other, Done, None, 2, Answer::Did("item_marked")),
        Row("a version that never was", Other, Done, None, 3, Answer::Conflict),
        Row("a version that can't be", Other, Done, None, i64::MIN, Answer::Conflict),
    ] {
        let mut world = World::new();
        world.does(ANA, world.mark("required-tech", Blocked));
        let user = match user {
            Same => ANA,
            Other => BEN,
        };
        let item = world.item("required-tech");
        let reason = reason.map(|reason| world.text(reason));
        assert_eq!(world.answer(user, Command::Mark { item, state, reason, version }), expected, "{what}");
    }
}

#[test]
fn the_loser_of_a_race_is_told_which_item() {
    let mut world = World::new();
    let late = world.mark("required-tech", Blocked);
    world.does(ANA, world.mark("required-tech", Done));
    let item = world.item("required-tech");
    assert_eq!(world.run(BEN, late), Err(Refusal::Conflict(Conflict::StaleItem(item))));
}

#[test]
fn undoing_gives_the_digest_back() {
    let mut world = World::new();
    let now = |world: &World| digest(&world.state, &role(TECH_LEAD));
    let open = now(&world);
    world.does(ANA, world.mark_because("required-tech", Blocked, Some("no access")));
    let blocked = now(&world);
    world.does(BEN, world.mark("required-tech", Done));
    world.does(BEN, world.mark_because("required-tech", Blocked, Some("no access")));
    assert_eq!(now(&world), blocked, "the same reason, typed again by another, is the same state");
    world.does(BEN, world.mark_because("required-tech", Blocked, Some("no access yet")));
    assert_ne!(now(&world), blocked);
    world.does(ANA, world.mark("required-tech", Open));
    assert_eq!(now(&world), open);
}

#[test]
fn the_same_reason_on_another_item_is_another_text() {
    let mut world = World::new();
    world.does(ANA, world.mark("required-tech", Blocked));
    world.does(ANA, world.mark("required-sec", Blocked));
    let reason = |key: &str| world.state.item(world.item(key)).unwrap().standing.reason;
    assert_ne!(reason("required-tech"), reason("required-sec"));
}
