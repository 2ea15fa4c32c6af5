//! Tests evidence: its days, its withdrawal, and requests for more.

use crate::domain::{
    digest::digest,
    ids::EvidenceId,
    launch::{
        command::{Command, NewEvidence},
        event::Change,
        fixture::*,
    },
};

/// Whether the evidence of an item is valid at a moment.
fn has_valid_evidence_at(world: &World, at: &str) -> bool {
    let item = world.state.item(world.item("required-tech")).unwrap();
    world.state.has_valid_evidence(item, moment(at))
}

#[test]
fn evidence_is_valid_through_its_last_day_in_the_launch_zone() {
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
        world.run_ok(OWNER, world.change_target(local_time("2026-12-01T09:30", zone)));
        let note = NewEvidence::Note(world.text("seen"));
        world.run_ok(ANA, world.attach_content("required-tech", note, Some("2025-01-01"), Some(until)));
        assert!(has_valid_evidence_at(&world, last), "{zone}");
        assert!(!has_valid_evidence_at(&world, over), "{zone}");
    }
}

#[test]
fn evidence_one_valid_piece_is_enough_and_withdrawn_never_counts() {
    let mut world = World::new();
    world.run_ok(ANA, world.attach_until("required-tech", Some("2026-11-05")));
    world.run_ok(ANA, world.attach("required-tech"));
    assert!(has_valid_evidence_at(&world, "2027-01-01T00:00:00Z"));
    world.run_ok(ANA, world.withdraw_evidence("required-tech"));
    assert!(has_valid_evidence_at(&world, "2026-11-05T12:00:00Z"));
    assert!(!has_valid_evidence_at(&world, "2027-01-01T00:00:00Z"));
    assert_eq!(
        world.dry_run(OWNER, world.withdraw_evidence("required-tech")),
        OutcomeSummary::Conflict,
        "withdrawn already"
    );
}

#[test]
fn evidence_observed_in_the_future_or_ending_earlier_is_refused() {
    // It is 2 November 2026 in New York, and at 03:00 UTC of the 3rd it still is.
    for (now, seen, until, expected) in [
        ("2026-11-02T15:00:00Z", None, None, OutcomeSummary::Recorded("evidence_attached")),
        ("2026-11-02T15:00:00Z", Some("2026-11-02"), Some("2026-11-02"), OutcomeSummary::Recorded("evidence_attached")),
        ("2026-11-02T15:00:00Z", Some("2026-11-03"), None, OutcomeSummary::InvalidField("observed_on")),
        ("2026-11-03T03:00:00Z", Some("2026-11-03"), None, OutcomeSummary::InvalidField("observed_on")),
        ("2026-11-03T05:00:00Z", Some("2026-11-03"), None, OutcomeSummary::Recorded("evidence_attached")),
        ("2026-11-02T15:00:00Z", Some("2026-10-01"), Some("2026-09-30"), OutcomeSummary::InvalidField("valid_until")),
        ("2026-11-02T15:00:00Z", Some("2026-10-01"), Some("2026-10-01"), OutcomeSummary::Recorded("evidence_attached")),
        ("2026-11-02T15:00:00Z", None, Some("2026-11-01"), OutcomeSummary::InvalidField("valid_until")),
    ] {
        let mut world = World::new();
        let answer = {
            let world = world.set_time(now);
            world.dry_run(ANA, world.attach_content("required-tech", world.file_content("a", "a"), seen, until))
        };
        assert_eq!(answer, expected, "{now} {seen:?} {until:?}");
    }
}

#[test]
fn evidence_without_a_day_is_observed_today_in_the_launch_zone() {
    let mut world = World::new();
    world.set_time("2026-11-03T03:00:00Z");
    world.run_ok(ANA, world.attach("required-tech"));
    assert_eq!(world.state.evidence[&world.newest_evidence("required-tech")].observed_on, day("2026-11-02"));
}

#[test]
fn evidence_attached_again_after_withdrawal_restores_the_digest() {
    let contents: [fn(&World) -> NewEvidence; 3] = [
        |w| w.file_content("report.txt", "all well"),
        |w| NewEvidence::Link(w.text("https://example.org/report")),
        |w| NewEvidence::Note(w.text("seen with my own eyes")),
    ];
    for content in contents {
        let mut world = World::new();
        let now = |world: &World| digest(&world.state, &role(TECH_LEAD));
        let without = now(&world);
        world.run_ok(ANA, world.attach_content("required-tech", content(&world), None, None));
        let with = now(&world);
        assert_ne!(with, without);
        world.run_ok(OWNER, world.withdraw_evidence("required-tech"));
        assert_eq!(now(&world), without);
        world.run_ok(BEN, world.attach_content("required-tech", content(&world), None, None));
        assert_eq!(now(&world), with, "whoever attaches it");
    }
}

/// A launch in which one item has evidence with explicit days.
fn world_with_evidence() -> World {
    let mut world = World::new();
    let file = world.file_content("report.txt", "all well");
    world.run_ok(ANA, world.attach_content("required-tech", file, Some("2026-10-01"), Some("2026-12-24")));
    world
}

#[test]
fn evidence_reused_has_the_same_content_on_another_item() {
    let mut world = world_with_evidence();
    let source = world.newest_evidence("required-tech");
    let Change::EvidenceAttached { source: named, .. } =
        world.run_ok(BEN, world.reuse_evidence("required-tech", "required-sec"))
    else {
        panic!("not attached")
    };
    assert_eq!(*named, Some(source));
    let (first, again) =
        (&world.state.evidence[&source], &world.state.evidence[&world.newest_evidence("required-sec")]);
    assert_eq!((&again.content, again.by, again.item), (&first.content, BEN, world.item("required-sec")));
    assert_eq!((again.observed_on, again.valid_until), (first.observed_on, first.valid_until));
    assert_eq!((first.origin_id(), again.origin_id()), (source, source));
    // Reused evidence always refers to the original, so that the bytes are one look-up away.
    world.run_ok(ANA, world.reuse_evidence("required-sec", "required-legal"));
    assert_eq!(world.state.evidence[&world.newest_evidence("required-legal")].source_id, Some(source));
}

#[test]
fn evidence_reused_may_have_its_own_days() {
    for (seen, until, expected) in [
        (Some("2026-10-15"), None, Ok(("2026-10-15", "2026-12-24"))),
        (None, Some("2026-11-30"), Ok(("2026-10-01", "2026-11-30"))),
        (Some("2026-11-03"), None, Err("observed_on")),
        (None, Some("2026-09-30"), Err("valid_until")),
    ] {
        let mut world = world_with_evidence();
        let Command::ReuseEvidence { item, evidence, source, .. } =
            world.reuse_evidence("required-tech", "required-sec")
        else {
            unreachable!()
        };
        let (observed_on, valid_until) = (seen.map(day), until.map(day));
        let command = Command::ReuseEvidence { item, evidence, source, observed_on, valid_until };
        match expected {
            Err(field) => assert_eq!(world.dry_run(ANA, command), OutcomeSummary::InvalidField(field)),
            Ok((seen, until)) => {
                world.run_ok(ANA, command);
                let again = &world.state.evidence[&evidence];
                assert_eq!((again.observed_on, again.valid_until), (day(seen), Some(day(until))));
            }
        }
    }
}

#[test]
fn evidence_reused_twice_or_withdrawn_or_from_another_launch_is_refused() {
    let mut world = world_with_evidence();
    assert_eq!(
        world.dry_run(ANA, world.reuse_evidence("required-tech", "required-tech")),
        OutcomeSummary::Conflict,
        "it is there"
    );
    world.run_ok(ANA, world.reuse_evidence("required-tech", "required-sec"));
    assert_eq!(
        world.dry_run(ANA, world.reuse_evidence("required-tech", "required-sec")),
        OutcomeSummary::Conflict,
        "it is there"
    );
    // The uses are independent: withdrawn on one item, the evidence is valid on the other, and can be attached again.
    world.run_ok(ANA, world.withdraw_evidence("required-sec"));
    let item = world.state.item(world.item("required-tech")).unwrap();
    assert!(world.state.has_valid_evidence(item, world.now));
    assert_eq!(
        world.dry_run(ANA, world.reuse_evidence("required-sec", "required-legal")),
        OutcomeSummary::Conflict,
        "withdrawn"
    );
    world.run_ok(ANA, world.reuse_evidence("required-tech", "required-sec"));
    world.run_ok(OWNER, world.withdraw_evidence("required-tech"));
    assert_eq!(
        world.dry_run(ANA, world.reuse_evidence("required-tech", "required-legal")),
        OutcomeSummary::Conflict,
        "withdrawn"
    );

    let Command::ReuseEvidence { item, evidence, .. } = world.reuse_evidence("required-sec", "required-legal") else {
        unreachable!()
    };
    let source: EvidenceId = world.id();
    let elsewhere = Command::ReuseEvidence { item, evidence, source, observed_on: None, valid_until: None };
    assert_eq!(world.dry_run(ANA, elsewhere), OutcomeSummary::NotFound);
}

#[test]
fn evidence_reused_changes_the_digest_only_by_content_and_days() {
    let mut world = world_with_evidence();
    let now = |world: &World| digest(&world.state, &role(SECURITY));
    let without = now(&world);
    world.run_ok(ANA, world.reuse_evidence("required-tech", "required-sec"));
    let with = now(&world);
    assert_ne!(with, without);
    world.run_ok(ANA, world.withdraw_evidence("required-sec"));
    assert_eq!(now(&world), without);
    world.run_ok(BEN, world.reuse_evidence("required-tech", "required-sec"));
    assert_eq!(now(&world), with);
}

#[test]
fn evidence_request_answered_twice_is_a_conflict() {
    let mut world = World::new();
    let item = world.item("required-tech");
    world.run_ok(AUDITOR, Command::RequestEvidence { item, request: world.id(), text: world.text("show me") });
    let request = world.state.item(item).unwrap().evidence_requests[0];
    let answer = |world: &World| Command::AnswerRequest { request, text: world.text("here") };
    assert_eq!(world.dry_run(AUDITOR, answer(&world)), OutcomeSummary::Forbidden);
    world.run_ok(ANA, answer(&world));
    assert_eq!(world.dry_run(ANA, answer(&world)), OutcomeSummary::Conflict);
    assert_eq!(world.state.evidence_requests[&request].answer.map(|answer| answer.by), Some(ANA));
}
