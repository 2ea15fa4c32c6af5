//! Commands from a page that shows what was changed since.

use super::super::super::{
    changed_thing::ChangedThing,
    command::{Command, Conflict, Refusal},
    event::{ItemState::NotApplicable, Policy},
    fixture::*,
};

fn changed(thing: ChangedThing, by: crate::domain::ids::UserId) -> Refusal {
    Refusal::Conflict(Conflict::ChangedSince(vec![(thing, by)]))
}

#[test]
fn command_that_replaces_what_changed_since_is_refused_with_who_changed_what() {
    type Make = fn(&World) -> Command;
    type Name = fn(&World) -> ChangedThing;
    let rows: [(&str, Make, Make, Name); 9] = [
        (
            "target",
            |w| w.change_target(local_time("2026-12-09T09:00", "America/New_York")),
            |w| w.change_target(local_time("2026-12-05T09:00", "America/New_York")),
            |_| ChangedThing::Target,
        ),
        (
            "rules",
            |w| Command::ChangePolicy { policy: Policy { slip_days: 30, ..w.state.policy } },
            |w| Command::ChangePolicy { policy: Policy { slip_days: 3, ..w.state.policy } },
            |_| ChangedThing::SlipDays,
        ),
        (
            "restriction",
            |w| Command::ChangeRestriction { restricted: !w.state.restricted },
            |w| Command::ChangeRestriction { restricted: !w.state.restricted },
            |_| ChangedThing::Restriction,
        ),
        (
            "tags",
            |_| Command::SetTags { tags: tags(&["theirs"]) },
            |_| Command::SetTags { tags: tags(&["mine"]) },
            |_| ChangedThing::Tags,
        ),
        (
            "notes",
            |w| Command::WriteNotes { notes: Some(w.text("theirs")) },
            |w| Command::WriteNotes { notes: Some(w.text("mine")) },
            |_| ChangedThing::Notes,
        ),
        (
            "notes that are erased",
            |w| Command::WriteNotes { notes: Some(w.text("theirs")) },
            |_| Command::WriteNotes { notes: None },
            |_| ChangedThing::Notes,
        ),
        (
            "assignee",
            |w| Command::Assign { item: w.item("required-tech"), assignee: Some(BEN), due: None },
            |w| Command::Assign { item: w.item("required-tech"), assignee: None, due: Some(day("2026-11-20")) },
            |w| ChangedThing::Assignee(w.item("required-tech")),
        ),
        (
            "due day",
            |w| Command::SetDue { item: w.item("required-tech"), due: Some(day("2026-11-20")) },
            |w| Command::SetDue { item: w.item("required-tech"), due: Some(day("2026-11-21")) },
            |w| ChangedThing::DueDay(w.item("required-tech")),
        ),
        (
            "assignee alone",
            |w| Command::SetAssignee { item: w.item("required-tech"), assignee: Some(BEN) },
            |w| Command::SetAssignee { item: w.item("required-tech"), assignee: Some(ANA) },
            |w| ChangedThing::Assignee(w.item("required-tech")),
        ),
    ];
    for (case, theirs, own, thing) in rows {
        let mut world = World::new();
        let seen_seq = world.state.seq;
        world.run_ok(OWNER, theirs(&world));
        let stale = own(&world).unless_changed_since(Some(seen_seq));
        assert_eq!(world.run(OWNER, stale).unwrap_err(), changed(thing(&world), OWNER), "{case}");
        let seen = world.state.seq;
        let current = own(&world).unless_changed_since(Some(seen));
        assert!(matches!(world.dry_run(OWNER, current), OutcomeSummary::Recorded(_)), "{case}, seen");
        let mut world = World::new();
        world.run_ok(OWNER, theirs(&world));
        assert!(
            matches!(world.dry_run(OWNER, own(&world).unless_changed_since(None)), OutcomeSummary::Recorded(_)),
            "{case}, unsaid"
        );
    }
}

#[test]
fn command_from_an_older_page_passes_where_it_replaces_nothing_that_changed() {
    let mut world = World::new();
    let seen_version = world.state.seq;
    world.run_ok(OWNER, Command::ChangePolicy { policy: Policy { slip_days: 30, ..world.state.policy } });
    let target = world.change_target(local_time("2026-12-05T09:00", "America/New_York"));
    let again = world.change_target(local_time("2026-12-05T09:00", "America/New_York"));
    world.run_ok(OWNER, target.unless_changed_since(Some(seen_version)));
    assert_eq!(
        world.dry_run(OWNER, again.unless_changed_since(Some(seen_version))),
        OutcomeSummary::NoChange,
        "sent twice"
    );
    for no_event in [-1, 0, world.state.seq + 1, i64::MAX] {
        let command = world.change_target(local_time("2026-12-06T09:00", "America/New_York"));
        let refused = world.run(OWNER, command.unless_changed_since(Some(no_event)));
        assert!(matches!(refused, Err(Refusal::Conflict(Conflict::Other(_)))), "{no_event}");
    }
}

#[test]
fn agreement_to_an_older_version_is_refused_unless_it_was_given_by_the_same_person() {
    let mut world = World::new().not_applicable("critical-tech");
    let item = world.item("critical-tech");
    let shown = world.state.item(item).unwrap().version;
    let agree = |agree, world: &World, version| Command::Agree {
        item,
        agree,
        reason: Some(world.text("as I see it")),
        version: Some(version),
    };
    let other =
        Command::Mark { item, state: NotApplicable, reason: Some(world.text("for another reason")), version: shown };
    world.run_ok(ANA, other);
    let stale = Refusal::Conflict(Conflict::StaleItem(item));
    for answer in [true, false] {
        assert_eq!(world.run(TECH, agree(answer, &world, shown)).unwrap_err(), stale);
    }
    let now = world.state.item(item).unwrap().version;
    world.run_ok(TECH, agree(true, &world, now));
    assert_eq!(world.dry_run(TECH, agree(true, &world, now)), OutcomeSummary::NoChange, "sent twice");
    assert_eq!(world.run(TECH2, agree(true, &world, now)).unwrap_err(), stale, "of another, who agreed meanwhile");
    assert_eq!(world.run(TECH, agree(false, &world, now)).unwrap_err(), stale);
}
