//! Tests settings and people.

use std::sync::Arc;

use crate::domain::{
    checklist::MAX_ITEMS,
    launch::{
        command::{Command, NewLaunch},
        decide::decide_creation,
        event::{Change, ItemState::Done, Policy},
        fixture::*,
        state::{LaunchState, Stage},
    },
};

#[test]
fn launch_creation_by_an_active_member_makes_them_owner() {
    let world = World::new();
    for (who, slip_days, expected) in [
        (ANA, 7, OutcomeSummary::Recorded("launch_created")),
        (ADMIN_MEMBER, 365, OutcomeSummary::Recorded("launch_created")),
        (ANA, 366, OutcomeSummary::InvalidField("slip_days")),
        (ADMIN, 366, OutcomeSummary::Forbidden),
        (AUDITOR, 7, OutcomeSummary::Forbidden),
        (DEACTIVATED, 7, OutcomeSummary::Forbidden),
    ] {
        let new = NewLaunch {
            id: world.id(),
            name: world.text("Another"),
            summary: None,
            target: local_time("2026-12-01T09:00", "UTC"),
            policy: Policy { slip_days, ..Policy::default() },
            restricted: false,
            version: Arc::clone(&world.state.version),
        };
        let made = decide_creation(new, &world.context(who, &Command::AskSignatures)).map(|decided| decided.events);
        if let Ok([event]) = made.as_deref() {
            let state = LaunchState::create(event, Arc::clone(&world.state.version)).unwrap();
            assert_eq!((state.owner, state.seq, &state.stage), (who, 1, &Stage::Preparing));
            assert_eq!(state.items.len(), world.state.items.len());
        }
        assert_eq!(OutcomeSummary::from(made), expected, "{who}");
    }
}

#[test]
fn launch_with_the_largest_checklist_works() {
    let mut world = World::from_version(checklist::large_version(MAX_ITEMS), false);
    assert_eq!(world.readiness().reasons.len(), MAX_ITEMS + REQUIRED_ROLES.len());
    world.run_ok(ANA, world.mark("item-4999", Done));
    assert_eq!(world.readiness().reasons.len(), MAX_ITEMS - 1 + REQUIRED_ROLES.len());
}

#[test]
fn settings_changed_to_what_they_are_make_no_event() {
    let mut world = World::restricted();
    world.run_ok(ANA, Command::WriteNotes { notes: Some(world.text("mind the gap")) });
    world.run_ok(OWNER, Command::SetTags { tags: tags(&["Payments", "Team Blue"]) });
    let item = world.item("required-tech");
    world.run_ok(ANA, Command::Assign { item, assignee: Some(BEN), due: Some(day("2026-11-20")) });
    for (case, command) in [
        ("details", world.change_target(local_time("2026-12-01T09:00", "America/New_York"))),
        ("policy", Command::ChangePolicy { policy: Policy::default() }),
        ("restriction", Command::ChangeRestriction { restricted: true }),
        ("tags", Command::SetTags { tags: tags(&["Payments", "Team Blue"]) }),
        ("notes", Command::WriteNotes { notes: Some(world.text("mind the gap")) }.unless_changed_since(Some(1))),
        ("owner", Command::TransferOwnership { to: OWNER, reason: None }),
        ("holder", Command::AddHolder { role: role(TECH_LEAD), user: TECH }),
        ("no holder", Command::RemoveHolder { role: role(TECH_LEAD), user: BEN }),
        ("participant", Command::AddParticipant { user: ANA }),
        ("no participant", Command::RemoveParticipant { user: BEN }),
        ("assignment", Command::Assign { item, assignee: Some(BEN), due: Some(day("2026-11-20")) }),
    ] {
        assert_eq!(world.dry_run(OWNER, command), OutcomeSummary::NoChange, "{case}");
    }
    // A reason that nobody has read yet is not answered as if it were recorded.
    let give = |world: &World, reason: &str| Command::TransferOwnership { to: ANA, reason: Some(world.text(reason)) };
    world.run_ok(ADMIN, give(&world, "she knows it best"));
    assert_eq!(world.dry_run(ADMIN, give(&world, "she knows it best")), OutcomeSummary::NoChange);
    assert_eq!(world.dry_run(ADMIN, give(&world, "he is ill")), OutcomeSummary::Conflict);
}

#[test]
fn tags_are_at_most_ten_and_none_is_there_twice() {
    let mut world = World::new();
    let ten: Vec<String> = (1..=10).map(|number| format!("tag {number}")).collect();
    let ten: Vec<&str> = ten.iter().map(String::as_str).collect();
    let eleven = [ten.as_slice(), &["tag 11"]].concat();
    for (case, given, expected) in [
        ("ten", ten.as_slice(), OutcomeSummary::Recorded("tags_changed")),
        ("eleven", &eleven, OutcomeSummary::InvalidField("tags")),
        ("one twice", &["Payments", "Payments"], OutcomeSummary::InvalidField("tags")),
        ("one twice in other letters", &["Ärger", "äRGER"], OutcomeSummary::InvalidField("tags")),
        ("none, as before", &[], OutcomeSummary::NoChange),
    ] {
        assert_eq!(world.dry_run(OWNER, Command::SetTags { tags: tags(given) }), expected, "{case}");
    }
    world.run_ok(OWNER, Command::SetTags { tags: tags(&["Payments"]) });
    // Only the case of letters, and only the order, are changes too.
    world.run_ok(OWNER, Command::SetTags { tags: tags(&["payments", "Blue"]) });
    world.run_ok(OWNER, Command::SetTags { tags: tags(&["Blue", "payments"]) });
    assert_eq!(world.state.tags, tags(&["Blue", "payments"]));
    assert_eq!(world.dry_run(ANA, Command::SetTags { tags: Vec::new() }), OutcomeSummary::Forbidden);
}

#[test]
fn settings_naming_a_person_who_is_no_active_member_is_refused() {
    let world = World::new();
    let item = world.item("required-tech");
    for (who, fine) in [(BEN, true), (ADMIN_MEMBER, true), (ADMIN, false), (AUDITOR, false), (DEACTIVATED, false)] {
        for (field, command) in [
            ("user", Command::AddHolder { role: role(LEGAL), user: who }),
            ("user", Command::AddParticipant { user: who }),
            ("owner", Command::TransferOwnership { to: who, reason: None }),
            ("assignee", Command::Assign { item, assignee: Some(who), due: None }),
        ] {
            let answer = world.dry_run(OWNER, command);
            let expected = if fine {
                matches!(answer, OutcomeSummary::Recorded(_))
            } else {
                answer == OutcomeSummary::InvalidField(field)
            };
            assert!(expected, "{field} {who}: {answer:?}");
        }
    }
}

#[test]
fn settings_removal_of_a_deactivated_person_is_allowed() {
    let mut world = World::new();
    let item = world.item("required-tech");
    world.run_ok(OWNER, Command::AddParticipant { user: BEN });
    world.run_ok(OWNER, Command::AddHolder { role: role(LEGAL), user: BEN });
    world.run_ok(OWNER, Command::Assign { item, assignee: Some(BEN), due: None });
    world.people.get_mut(&BEN).unwrap().actor.active = false;
    for command in [
        Command::RemoveParticipant { user: BEN },
        Command::RemoveHolder { role: role(LEGAL), user: BEN },
        Command::Assign { item, assignee: Some(BEN), due: Some(day("2026-11-20")) },
        Command::Assign { item, assignee: None, due: None },
    ] {
        assert!(matches!(world.dry_run(OWNER, command), OutcomeSummary::Recorded(_)));
    }
}

#[test]
fn ownership_is_transferred_by_owner_or_by_admin_with_a_reason() {
    let mut world = World::new();
    let give = |world: &World, reason: Option<&str>| Command::TransferOwnership {
        to: BEN,
        reason: reason.map(|reason| world.text(reason)),
    };
    for (who, reason, expected) in [
        (OWNER, None, OutcomeSummary::Recorded("owner_changed")),
        (ADMIN, None, OutcomeSummary::InvalidField("reason")),
        (ADMIN, Some("the owner has left"), OutcomeSummary::Recorded("owner_changed")),
        (ADMIN_MEMBER, None, OutcomeSummary::InvalidField("reason")),
        (TECH, Some("mine now"), OutcomeSummary::Forbidden),
    ] {
        assert_eq!(world.dry_run(who, give(&world, reason)), expected, "{reason:?}");
    }
    world.run_ok(OWNER, give(&world, None));
    assert_eq!(world.dry_run(OWNER, Command::Hold { reason: world.text("x") }), OutcomeSummary::Forbidden);
    assert_eq!(world.dry_run(BEN, Command::Hold { reason: world.text("x") }), OutcomeSummary::Recorded("held"));
}

#[test]
fn holder_of_a_role_not_in_the_checklist_is_refused() {
    let world = World::new();
    for (slug, expected) in [
        (PRODUCT, OutcomeSummary::Recorded("holder_added")),
        (LEGAL, OutcomeSummary::Recorded("holder_added")),
        ("marketing", OutcomeSummary::InvalidField("role")),
    ] {
        assert_eq!(world.dry_run(OWNER, Command::AddHolder { role: role(slug), user: BEN }), expected, "{slug}");
    }
}

#[test]
fn assignment_of_the_same_person_keeps_their_recorded_name() {
    let mut world = World::new();
    let item = world.item("required-tech");
    world.run_ok(ANA, Command::Assign { item, assignee: Some(BEN), due: None });
    let change = world.run_ok(ANA, Command::Assign { item, assignee: Some(BEN), due: Some(day("2026-11-20")) }).clone();
    let Change::ItemAssigned { old, new, .. } = change else { panic!("assigned") };
    assert_eq!(old.assignee, new.assignee);
    assert_eq!((old.due, new.due), (None, Some(day("2026-11-20"))));
    assert_eq!(world.state.item(item).unwrap().version, 1, "the version is of state, reason and agreement");
}

#[test]
fn comment_edited_by_anybody_but_its_author_is_forbidden() {
    let mut world = World::new();
    world.run_ok(ANA, world.comment("required-tech"));
    let comment = world.state.item(world.item("required-tech")).unwrap().comments[0];
    let edit = |world: &World, body: &str| Command::EditComment { comment, body: world.text(body) };
    assert_eq!(world.dry_run(OWNER, edit(&world, "no")), OutcomeSummary::Forbidden);
    assert_eq!(world.dry_run(ANA, edit(&world, "a remark")), OutcomeSummary::NoChange);
    world.run_ok(ANA, edit(&world, "another remark"));
    assert!(world.state.comments[&comment].edited_at.is_some());
    world.run_ok(ANA, Command::DeleteComment { comment });
    assert_eq!(world.dry_run(ANA, edit(&world, "too late")), OutcomeSummary::NotFound);
}

#[test]
fn comment_hidden_by_anybody_but_the_owner_is_forbidden() {
    let mut world = World::new();
    world.run_ok(ANA, world.comment("required-tech"));
    let comment = world.state.item(world.item("required-tech")).unwrap().comments[0];
    let (hide, show) = (Command::HideComment { comment }, Command::ShowComment { comment });
    for other in [ANA, BEN, TECH, AUDITOR, ADMIN, ADMIN_MEMBER] {
        assert_eq!(world.dry_run(other, hide.clone()), OutcomeSummary::Forbidden);
    }
    assert_eq!(world.dry_run(OWNER, show.clone()), OutcomeSummary::NoChange);
    world.run_ok(OWNER, hide.clone());
    assert_eq!(world.state.comments[&comment].hidden.map(|(by, _)| by), Some(OWNER));
    assert_eq!(world.dry_run(OWNER, hide.clone()), OutcomeSummary::NoChange);
    // The author can still edit a hidden comment. It stays hidden, and the events still have its commitment.
    world.run_ok(ANA, Command::EditComment { comment, body: world.text("milder words") });
    assert!(world.state.comments[&comment].hidden.is_some());
    world.run_ok(OWNER, show);
    assert_eq!(world.state.comments[&comment].hidden, None);
    world.run_ok(ANA, Command::DeleteComment { comment });
    assert_eq!(world.dry_run(OWNER, hide), OutcomeSummary::NotFound);
}
