//! Evidence: its days, its withdrawal, and requests for more.

use crate::domain::{
    digest::digest,
    ids::EvidenceId,
    launch::{
        command::{Command, NewEvidence},
        event::Change,
        fixture::*,
    },
};

/// Whether the evidence of an item stands at a moment.
fn stands(world: &World, at: &str) -> bool {
    let item = world.state.item(world.item("required-tech")).unwrap();
    world.state.has_standing_evidence(item, moment(at))
}

#[test]
fn evidence_holds_through_the_end_of_its_last_day_in_the_launchs_zone() {
    for (zone, until, last, over) in [
        ("America/New_York", "2025-11-23", "2025-11-24T04:59:59.999999Z", "2025-11-24T05:00:00Z"),
        ("UTC", "2025-11-23", "2025-11-23T23:59:59.999999Z", "2025-11-24T00:00:00Z"),
        ("Asia/Kolkata", "2025-11-23", "2025-11-23T18:29:59.999999Z", "2025-11-23T18:30:00Z"),
        // The day on which clocks go back has 25 hours.
        ("Europe/Lisbon", "2025-10-26", "2025-10-26T23:59:59.999999Z", "2025-10-27T00:00:00Z"),
        // Clocks in Havana skip the hour after midnight: the day before ends at the first moment after it.
        ("America/Havana", "2025-03-08", "2025-03-09T04:59:59.999999Z", "2025-03-09T05:00:00Z"),
    ] {
        let mut world = World::new();
        world.does(OWNER, world.retarget(local("2026-12-01T09:30", zone)));
        let note = NewEvidence::Note(world.text("seen"));
        world.does(ANA, world.attach_this("required-tech", note, Some("2025-01-01"), Some(until)));
        assert!(stands(&world, last), "{zone}");
        assert!(!stands(&world, over), "{zone}");
    }
}

#[test]
fn one_piece_that_stands_is_enough_and_a_withdrawn_one_never_does() {
    let mut world = World::new();
    world.does(ANA, world.attach_until("required-tech", Some("2026-11-05")));
    world.does(ANA, world.attach("required-tech"));
    assert!(stands(&world, "2027-01-01T00:00:00Z"));
    world.does(ANA, world.withdraw_evidence("required-tech"));
    assert!(stands(&world, "2026-11-05T12:00:00Z"));
    assert!(!stands(&world, "2027-01-01T00:00:00Z"));
    assert_eq!(world.answer(OWNER, world.withdraw_evidence("required-tech")), Answer::Conflict, "withdrawn already");
}

#[test]
fn the_days_of_evidence_are_days_that_were_seen() {
    // It is 2 November 2026 in New York; at 03:00 UTC of the 3rd it still is.
    for (now, seen, until, expected) in [
        ("2026-11-02T15:00:00Z", None, None, Answer::Did("evidence_attached")),
        ("2026-11-02T15:00:00Z", Some("2026-11-02"), Some("2026-11-02"), Answer::Did("evidence_attached")),
        ("2026-11-02T15:00:00Z", Some("2026-11-03"), None, Answer::Field("observed_on")),
        ("2026-11-03T03:00:00Z", Some("2026-11-03"), None, Answer::Field("observed_on")),
        ("2026-11-03T05:00:00Z", Some("2026-11-03"), None, Answer::Did("evidence_attached")),
        ("2026-11-02T15:00:00Z", Some("2026-10-01"), Some("2026-09-30"), Answer::Field("valid_until")),
        ("2026-11-02T15:00:00Z", Some("2026-10-01"), Some("2026-10-01"), Answer::Did("evidence_attached")),
        ("2026-11-02T15:00:00Z", None, Some("2026-11-01"), Answer::Field("valid_until")),
    ] {
        let mut world = World::new();
        let answer = {
            let world = world.at(now);
            world.answer(ANA, world.attach_this("required-tech", world.file("a", "a"), seen, until))
        };
        assert_eq!(answer, expected, "{now} {seen:?} {until:?}");
    }
}

#[test]
fn evidence_without_a_day_was_observed_today_in_the_launchs_zone() {
    let mut world = World::new();
    world.at("2026-11-03T03:00:00Z");
    world.does(ANA, world.attach("required-tech"));
    assert_eq!(world.state.evidence[&world.newest_evidence("required-tech")].observed_on, day("2026-11-02"));
}

#[test]
fn the_same_evidence_attached_again_after_a_withdrawal_gives_the_digest_back() {
    let contents: [fn(&World) -> NewEvidence; 3] = [
        |w| w.file("report.txt", "all well"),
        |w| NewEvidence::Link(w.text("https://example.org/report")),
        |w| NewEvidence::Note(w.text("seen with my own eyes")),
    ];
    for content in contents {
        let mut world = World::new();
        let now = |world: &World| digest(&world.state, &role(TECH_LEAD));
        let without = now(&world);
        world.does(ANA, world.attach_this("required-tech", content(&world), None, None));
        let with = now(&world);
        assert_ne!(with, without);
        world.does(OWNER, world.withdraw_evidence("required-tech"));
        assert_eq!(now(&world), without);
        world.does(BEN, world.attach_this("required-tech", content(&world), None, None));
        assert_eq!(now(&world), with, "whoever attaches it");
    }
}

/// A launch in which one item has evidence with days of its own.
fn with_evidence() -> World {
    let mut world = World::new();
    let file = world.file("report.txt", "all well");
    world.does(ANA, world.attach_this("required-tech", file, Some("2026-10-01"), Some("2026-12-24")));
    world
}

#[test]
fn evidence_used_again_is_the_same_content_on_another_item() {
    let mut world = with_evidence();
    let source = world.newest_evidence("required-tech");
    let Change::EvidenceAttached { source: named, .. } =
        world.does(BEN, world.use_again("required-tech", "required-sec"))
    else {
        panic!("not attached")
    };
    assert_eq!(*named, Some(source));
    let (first, again) =
        (&world.state.evidence[&source], &world.state.evidence[&world.newest_evidence("required-sec")]);
    assert_eq!((&again.content, again.by, again.item), (&first.content, BEN, world.item("required-sec")));
    assert_eq!((again.observed_on, again.valid_until), (first.observed_on, first.valid_until));
    assert_eq!((first.origin(), again.origin()), (source, source));
    // A use of a use rests on what was attached first, so that bytes are always one step away.
    world.does(ANA, world.use_again("required-sec", "required-legal"));
    assert_eq!(world.state.evidence[&world.newest_evidence("required-legal")].source, Some(source));
}

#[test]
fn evidence_used_again_may_have_days_of_its_own() {
    for (seen, until, expected) in [
        (Some("2026-10-15"), None, Ok(("2026-10-15", "2026-12-24"))),
        (None, Some("2026-11-30"), Ok(("2026-10-01", "2026-11-30"))),
        (Some("2026-11-03"), None, Err("observed_on")),
        (None, Some("2026-09-30"), Err("valid_until")),
    ] {
        let mut world = with_evidence();
        let Command::UseAgain { item, evidence, source, .. } = world.use_again("required-tech", "required-sec") else {
            unreachable!()
        };
        let (observed_on, valid_until) = (seen.map(day), until.map(day));
        let command = Command::UseAgain { item, evidence, source, observed_on, valid_until };
        match expected {
            Err(field) => assert_eq!(world.answer(ANA, command), Answer::Field(field)),
            Ok((seen, until)) => {
                world.does(ANA, command);
                let again = &world.state.evidence[&evidence];
                assert_eq!((again.observed_on, again.valid_until), (day(seen), Some(day(until))));
            }
        }
    }
}

#[test]
fn evidence_is_used_again_once_while_it_stands_and_in_its_own_launch() {
    let mut world = with_evidence();
    assert_eq!(world.answer(ANA, world.use_again("required-tech", "required-tech")), Answer::Conflict, "it is there");
    world.does(ANA, world.use_again("required-tech", "required-sec"));
    assert_eq!(world.answer(ANA, world.use_again("required-tech", "required-sec")), Answer::Conflict, "it is there");
    // Each stands for itself: withdrawn on one item, it holds on the other, and may come back.
    world.does(ANA, world.withdraw_evidence("required-sec"));
    let item = world.state.item(world.item("required-tech")).unwrap();
    assert!(world.state.has_standing_evidence(item, world.now));
    assert_eq!(world.answer(ANA, world.use_again("required-sec", "required-legal")), Answer::Conflict, "withdrawn");
    world.does(ANA, world.use_again("required-tech", "required-sec"));
    world.does(OWNER, world.withdraw_evidence("required-tech"));
    assert_eq!(world.answer(ANA, world.use_again("required-tech", "required-legal")), Answer::Conflict, "withdrawn");

    let Command::UseAgain { item, evidence, .. } = world.use_again("required-sec", "required-legal") else {
        unreachable!()
    };
    let source: EvidenceId = world.id();
    let elsewhere = Command::UseAgain { item, evidence, source, observed_on: None, valid_until: None };
    assert_eq!(world.answer(ANA, elsewhere), Answer::NotFound);
}

#[test]
fn the_digest_knows_what_is_used_again_by_its_content_and_days() {
    let mut world = with_evidence();
    let now = |world: &World| digest(&world.state, &role(SECURITY));
    let without = now(&world);
    world.does(ANA, world.use_again("required-tech", "required-sec"));
    let with = now(&world);
    assert_ne!(with, without);
    world.does(ANA, world.withdraw_evidence("required-sec"));
    assert_eq!(now(&world), without);
    world.does(BEN, world.use_again("required-tech", "required-sec"));
    assert_eq!(now(&world), with);
}

#[test]
fn a_request_is_answered_once() {
    let mut world = World::new();
    let item = world.item("required-tech");
    world.does(AUDITOR, Command::RequestEvidence { item, request: world.id(), text: world.text("show me") });
    let request = world.state.item(item).unwrap().requests[0];
    let answer = |world: &World| Command::AnswerRequest { request, text: world.text("here") };
    assert_eq!(world.answer(AUDITOR, answer(&world)), Answer::Forbidden);
    world.does(ANA, answer(&world));
    assert_eq!(world.answer(ANA, answer(&world)), Answer::Conflict);
    assert_eq!(world.state.requests[&request].answer.map(|answer| answer.by), Some(ANA));
}
