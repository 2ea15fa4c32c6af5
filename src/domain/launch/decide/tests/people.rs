//! Settings and people.

use std::sync::Arc;

use crate::domain::{
    checklist::MAX_ITEMS,
    launch::{
        command::{Command, NewLaunch},
        decide::create,
        event::{Change, ItemState::Done, Policy},
        fixture::*,
        state::{LaunchState, Stage},
    },
};

#[test]
fn active_members_make_launches_and_own_them() {
    let world = World::new();
    for (who, slip_days, expected) in [
        (ANA, 7, Answer::Did("launch_created")),
        (ADMIN_MEMBER, 365, Answer::Did("launch_created")),
        (ANA, 366, Answer::Field("slip_days")),
        (ADMIN, 366, Answer::Forbidden),
        (AUDITOR, 7, Answer::Forbidden),
        (GONE, 7, Answer::Forbidden),
    ] {
        let new = NewLaunch {
            id: world.id(),
            name: world.text("Another"),
            summary: None,
            target: local("2026-12-01T09:00", "UTC"),
            policy: Policy { slip_days, ..Policy::default() },
            restricted: false,
            version: Arc::clone(&world.state.version),
        };
        let made = create(new, &world.context(who, &Command::AskSignatures)).map(|decided| decided.events);
        if let Ok([event]) = made.as_deref() {
            let state = LaunchState::create(event, Arc::clone(&world.state.version)).unwrap();
            assert_eq!((state.owner, state.seq, &state.stage), (who, 1, &Stage::Preparing));
            assert_eq!(state.items.len(), world.state.items.len());
        }
        assert_eq!(Answer::from(made), expected, "{who}");
    }
}

#[test]
fn the_largest_checklist_is_no_trouble() {
    let mut world = World::of(checklist::large(MAX_ITEMS), false);
    assert_eq!(world.readiness().reasons.len(), MAX_ITEMS + REQUIRED.len());
    world.does(ANA, world.mark("item-4999", Done));
    assert_eq!(world.readiness().reasons.len(), MAX_ITEMS - 1 + REQUIRED.len());
}

#[test]
fn asking_for_what_is_there_already_changes_nothing() {
    let mut world = World::restricted();
    world.does(ANA, Command::WriteNotes { notes: Some(world.text("mind the gap")), base: None });
    let item = world.item("required-tech");
    world.does(ANA, Command::Assign { item, assignee: Some(BEN), due: Some(day("2026-11-20")) });
    for (what, command) in [
        ("details", world.retarget(local("2026-12-01T09:00", "America/New_York"))),
        ("policy", Command::ChangePolicy { policy: Policy::default() }),
        ("restriction", Command::ChangeRestriction { restricted: true }),
        ("notes", Command::WriteNotes { notes: Some(world.text("mind the gap")), base: Some(1) }),
        ("owner", Command::Transfer { to: OWNER, reason: None }),
        ("holder", Command::AddHolder { role: role(TECH_LEAD), user: TECH }),
        ("no holder", Command::RemoveHolder { role: role(TECH_LEAD), user: BEN }),
        ("participant", Command::AddParticipant { user: ANA }),
        ("no participant", Command::RemoveParticipant { user: BEN }),
        ("assignment", Command::Assign { item, assignee: Some(BEN), due: Some(day("2026-11-20")) }),
    ] {
        assert_eq!(world.answer(OWNER, command), Answer::Nothing, "{what}");
    }
    // A reason that nobody has read yet is not answered as if it were recorded.
    let give = |world: &World, reason: &str| Command::Transfer { to: ANA, reason: Some(world.text(reason)) };
    world.does(ADMIN, give(&world, "she knows it best"));
    assert_eq!(world.answer(ADMIN, give(&world, "she knows it best")), Answer::Nothing);
    assert_eq!(world.answer(ADMIN, give(&world, "he is ill")), Answer::Conflict);
}

#[test]
fn people_named_are_active_members() {
    let world = World::new();
    let item = world.item("required-tech");
    for (who, fine) in [(BEN, true), (ADMIN_MEMBER, true), (ADMIN, false), (AUDITOR, false), (GONE, false)] {
        for (field, command) in [
            ("user", Command::AddHolder { role: role(LEGAL), user: who }),
            ("user", Command::AddParticipant { user: who }),
            ("owner", Command::Transfer { to: who, reason: None }),
            ("assignee", Command::Assign { item, assignee: Some(who), due: None }),
        ] {
            let answer = world.answer(OWNER, command);
            let expected = if fine { matches!(answer, Answer::Did(_)) } else { answer == Answer::Field(field) };
            assert!(expected, "{field} {who}: {answer:?}");
        }
    }
}

#[test]
fn who_was_named_and_left_can_still_be_taken_off() {
    let mut world = World::new();
    let item = world.item("required-tech");
    world.does(OWNER, Command::AddParticipant { user: BEN });
    world.does(OWNER, Command::AddHolder { role: role(LEGAL), user: BEN });
    world.does(OWNER, Command::Assign { item, assignee: Some(BEN), due: None });
    world.people.get_mut(&BEN).unwrap().actor.active = false;
    for command in [
        Command::RemoveParticipant { user: BEN },
        Command::RemoveHolder { role: role(LEGAL), user: BEN },
        Command::Assign { item, assignee: Some(BEN), due: Some(day("2026-11-20")) },
        Command::Assign { item, assignee: None, due: None },
    ] {
        assert!(matches!(world.answer(OWNER, command), Answer::Did(_)));
    }
}

#[test]
fn a_launch_is_given_away_by_its_owner_or_by_an_admin_with_a_reason() {
    let mut world = World::new();
    let give = |world: &World, reason: Option<&str>| Command::Transfer {
        to: BEN,
        reason: reason.map(|reason| world.text(reason)),
    };
    for (who, reason, expected) in [
        (OWNER, None, Answer::Did("owner_changed")),
        (ADMIN, None, Answer::Field("reason")),
        (ADMIN, Some("the owner has left"), Answer::Did("owner_changed")),
        (ADMIN_MEMBER, None, Answer::Field("reason")),
        (TECH, Some("mine now"), Answer::Forbidden),
    ] {
        assert_eq!(world.answer(who, give(&world, reason)), expected, "{reason:?}");
    }
    world.does(OWNER, give(&world, None));
    assert_eq!(world.answer(OWNER, Command::Hold { reason: world.text("x") }), Answer::Forbidden);
    assert_eq!(world.answer(BEN, Command::Hold { reason: world.text("x") }), Answer::Did("held"));
}

#[test]
fn notes_that_were_rewritten_since_the_page_was_made_are_not_overwritten() {
    let mut world = World::new();
    let write = |world: &World, notes: Option<&str>, base| Command::WriteNotes {
        notes: notes.map(|notes| world.text(notes)),
        base,
    };
    let page = world.state.seq;
    world.does(ANA, write(&world, Some("one"), Some(page)));
    world.does(ANA, world.comment("required-tech"));
    for (notes, base, expected) in [
        (Some("two"), Some(page), Answer::Conflict),
        (None, Some(page), Answer::Conflict),
        (Some("one"), Some(page), Answer::Nothing),
        (Some("two"), Some(page + 1), Answer::Did("notes_changed")),
        (None, Some(page + 2), Answer::Did("notes_changed")),
        (Some("two"), None, Answer::Did("notes_changed")),
    ] {
        assert_eq!(world.answer(BEN, write(&world, notes, base)), expected, "{notes:?} on {base:?}");
    }
}

#[test]
fn roles_that_sign_or_own_an_item_have_holders_and_no_others() {
    let world = World::new();
    for (slug, expected) in [
        (PRODUCT, Answer::Did("holder_added")),
        (LEGAL, Answer::Did("holder_added")),
        ("marketing", Answer::Field("role")),
    ] {
        assert_eq!(world.answer(OWNER, Command::AddHolder { role: role(slug), user: BEN }), expected, "{slug}");
    }
}

#[test]
fn assigning_changes_person_and_day_and_keeps_the_name_of_who_stays() {
    let mut world = World::new();
    let item = world.item("required-tech");
    world.does(ANA, Command::Assign { item, assignee: Some(BEN), due: None });
    let change = world.does(ANA, Command::Assign { item, assignee: Some(BEN), due: Some(day("2026-11-20")) }).clone();
    let Change::ItemAssigned { old, new, .. } = change else { panic!("assigned") };
    assert_eq!(old.assignee, new.assignee);
    assert_eq!((old.due, new.due), (None, Some(day("2026-11-20"))));
    assert_eq!(world.state.item(item).unwrap().version, 1, "the version is of state, reason and agreement");
}

#[test]
fn a_comment_is_its_authors() {
    let mut world = World::new();
    world.does(ANA, world.comment("required-tech"));
    let comment = world.state.item(world.item("required-tech")).unwrap().comments[0];
    let edit = |world: &World, body: &str| Command::EditComment { comment, body: world.text(body) };
    assert_eq!(world.answer(OWNER, edit(&world, "no")), Answer::Forbidden);
    assert_eq!(world.answer(ANA, edit(&world, "a remark")), Answer::Nothing);
    world.does(ANA, edit(&world, "another remark"));
    assert!(world.state.comments[&comment].edited_at.is_some());
    world.does(ANA, Command::DeleteComment { comment });
    assert_eq!(world.answer(ANA, edit(&world, "too late")), Answer::NotFound);
}

#[test]
fn a_comment_is_hidden_and_shown_again_by_the_owner_alone() {
    let mut world = World::new();
    world.does(ANA, world.comment("required-tech"));
    let comment = world.state.item(world.item("required-tech")).unwrap().comments[0];
    let (hide, show) = (Command::HideComment { comment }, Command::ShowComment { comment });
    for other in [ANA, BEN, TECH, AUDITOR, ADMIN, ADMIN_MEMBER] {
        assert_eq!(world.answer(other, hide.clone()), Answer::Forbidden);
    }
    assert_eq!(world.answer(OWNER, show.clone()), Answer::Nothing);
    world.does(OWNER, hide.clone());
    assert_eq!(world.state.comments[&comment].hidden.map(|(by, _)| by), Some(OWNER));
    assert_eq!(world.answer(OWNER, hide.clone()), Answer::Nothing);
    // Its author still rewrites it; it stays hidden, and its text committed to.
    world.does(ANA, Command::EditComment { comment, body: world.text("milder words") });
    assert!(world.state.comments[&comment].hidden.is_some());
    world.does(OWNER, show);
    assert_eq!(world.state.comments[&comment].hidden, None);
    world.does(ANA, Command::DeleteComment { comment });
    assert_eq!(world.answer(OWNER, hide), Answer::NotFound);
}
