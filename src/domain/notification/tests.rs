//! Who is notified of what: a table of changes, of what people watch, and of what time brings.

use std::collections::BTreeMap;

use super::{NotificationReason as Reason, *};
use crate::domain::{
    ids::UserId,
    launch::{
        command::Command,
        event::{
            Event,
            ItemState::{Blocked, Done, NotApplicable, Open},
            Vote,
        },
        fixture::*,
        state::LaunchState,
    },
    time::Moment,
};

/// Who is notified of what, in order, with the number of things.
type Notified = Vec<(Reason, UserId, usize)>;

fn list(notifications: Vec<Notification>) -> Notified {
    let mut all: Notified = notifications.into_iter().map(|it| (it.reason, it.user, it.things)).collect();
    all.sort();
    all
}

/// What commands bring that are executed as one change.
fn notify(world: &mut World, actor: UserId, commands: Vec<Command>, watches: &[Watch]) -> Notified {
    let (before, begun) = (world.state.clone(), world.events.len());
    for command in commands {
        world.run(actor, command).unwrap();
    }
    let events = world.events[begun..].to_vec();
    list(address_causes(&find_causes(Some(&before), &events, &world.state, &[]), &world.state, watches))
}

fn each(reason: Reason, users: &[UserId]) -> Notified {
    users.iter().map(|user| (reason, *user, 1)).collect()
}

fn join(parts: impl IntoIterator<Item = Notified>) -> Notified {
    let mut all: Notified = parts.into_iter().flatten().collect();
    all.sort();
    all
}

const HOLDERS: [UserId; 5] = [TECH, TECH2, OPS, SEC, PROD];

/// A case: a world, who does what in it, and who is notified.
type Case = (&'static str, World, UserId, fn(&World) -> Command, Notified);

fn assign(world: &World, key: &str, to: Option<UserId>) -> Command {
    Command::SetAssignee { item: world.item(key), assignee: to }
}

fn assigned_to(user: UserId) -> World {
    let mut world = World::new();
    world.run_ok(OWNER, assign(&world, "critical-any", Some(user)));
    world
}

fn people_cases() -> Vec<Case> {
    vec![
        (
            "assign",
            World::new(),
            OWNER,
            |world| assign(world, "critical-any", Some(BEN)),
            each(Reason::Assigned, &[BEN]),
        ),
        ("assign to oneself", World::new(), BEN, |world| assign(world, "critical-any", Some(BEN)), vec![]),
        (
            "give to another",
            assigned_to(BEN),
            OWNER,
            |world| assign(world, "critical-any", Some(ANA)),
            join([each(Reason::Assigned, &[ANA]), each(Reason::Unassigned, &[BEN])]),
        ),
        (
            "take",
            assigned_to(BEN),
            OWNER,
            |world| assign(world, "critical-any", None),
            each(Reason::Unassigned, &[BEN]),
        ),
        (
            "add a holder",
            World::new(),
            OWNER,
            |_| Command::AddHolder { role: role(SECURITY), user: BEN },
            each(Reason::RoleAdded, &[BEN]),
        ),
        (
            "remove a holder",
            World::new(),
            OWNER,
            |_| Command::RemoveHolder { role: role(SECURITY), user: SEC },
            each(Reason::RoleRemoved, &[SEC]),
        ),
        (
            "transfer",
            World::new(),
            OWNER,
            |world| Command::TransferOwnership { to: BEN, reason: Some(world.text("busy")) },
            each(Reason::OwnershipGiven, &[BEN]),
        ),
        (
            "transfer by an admin",
            World::new(),
            ADMIN_MEMBER,
            |world| Command::TransferOwnership { to: BEN, reason: Some(world.text("busy")) },
            join([each(Reason::OwnershipGiven, &[BEN]), each(Reason::OwnershipTaken, &[OWNER])]),
        ),
        (
            "add a participant",
            World::restricted(),
            OWNER,
            |_| Command::AddParticipant { user: BEN },
            each(Reason::ParticipantAdded, &[BEN]),
        ),
        (
            "remove a participant",
            World::restricted(),
            OWNER,
            |_| Command::RemoveParticipant { user: ANA },
            each(Reason::ParticipantRemoved, &[ANA]),
        ),
    ]
}

fn item_cases() -> Vec<Case> {
    let blocked = || {
        let mut world = assigned_to(BEN);
        world.run_ok(ANA, world.mark("critical-any", Blocked));
        world
    };
    let evidence_requested = || {
        let mut world = assigned_to(BEN);
        let item = world.item("critical-any");
        world.run_ok(AUDITOR, Command::RequestEvidence { item, request: world.id(), text: world.text("show it") });
        world
    };
    vec![
        // The owner watches everything, a holder the items of the role, an assignee the item.
        ("mark", World::new(), ANA, |world| world.mark("critical-sec", Done), each(Reason::Marked, &[OWNER, SEC])),
        ("mark one's own", World::new(), SEC, |world| world.mark("critical-sec", Done), each(Reason::Marked, &[OWNER])),
        (
            "block",
            assigned_to(BEN),
            ANA,
            |world| world.mark("critical-any", Blocked),
            each(Reason::Blocked, &[OWNER, BEN]),
        ),
        (
            "block a role's",
            World::new(),
            ANA,
            |world| world.mark("critical-tech", Blocked),
            each(Reason::Blocked, &[OWNER, TECH, TECH2]),
        ),
        ("unblock", blocked(), ANA, |world| world.mark("critical-any", Open), each(Reason::Unblocked, &[OWNER, BEN])),
        (
            "not applicable",
            World::new(),
            ANA,
            |world| world.mark("critical-sec", NotApplicable),
            join([each(Reason::AgreementAsked, &[SEC]), each(Reason::Marked, &[OWNER, SEC])]),
        ),
        (
            "agree",
            World::new().not_applicable("critical-sec"),
            SEC,
            |world| world.agree("critical-sec", true),
            each(Reason::AgreementGiven, &[ANA]),
        ),
        (
            "refuse to agree",
            World::new().not_applicable("critical-sec"),
            SEC,
            |world| world.agree("critical-sec", false),
            each(Reason::AgreementRefused, &[ANA]),
        ),
        (
            "comment",
            assigned_to(BEN),
            ANA,
            |world| world.comment("critical-any"),
            each(Reason::Commented, &[OWNER, BEN]),
        ),
        (
            "ask for evidence",
            assigned_to(BEN),
            AUDITOR,
            |world| Command::RequestEvidence {
                item: world.item("critical-any"),
                request: world.id(),
                text: world.text("show it"),
            },
            each(Reason::EvidenceAsked, &[BEN]),
        ),
        (
            "ask for evidence of nobody's item",
            World::new(),
            AUDITOR,
            |world| Command::RequestEvidence {
                item: world.item("critical-any"),
                request: world.id(),
                text: world.text("show it"),
            },
            each(Reason::EvidenceAsked, &[OWNER]),
        ),
        (
            "answer",
            evidence_requested(),
            BEN,
            |world| Command::AnswerRequest {
                request: *world.state.evidence_requests.keys().next().unwrap(),
                text: world.text("here"),
            },
            each(Reason::EvidenceAnswered, &[AUDITOR]),
        ),
    ]
}

fn exception_cases() -> Vec<Case> {
    let evidence_requested = || {
        let mut world = World::new();
        world.run_ok(ANA, world.ask_waiver("critical-sec", "2026-12-24"));
        world
    };
    let approved = || {
        let mut world = evidence_requested();
        world.run_ok(SEC, world.decide_waiver("critical-sec", true));
        world
    };
    vec![
        (
            "ask for a waiver",
            World::new(),
            ANA,
            |world| world.ask_waiver("critical-sec", "2026-12-24"),
            each(Reason::WaiverAsked, &[SEC]),
        ),
        (
            "approve",
            evidence_requested(),
            SEC,
            |world| world.decide_waiver("critical-sec", true),
            each(Reason::WaiverApproved, &[ANA]),
        ),
        (
            "refuse",
            evidence_requested(),
            SEC,
            |world| world.decide_waiver("critical-sec", false),
            each(Reason::WaiverRefused, &[ANA]),
        ),
        (
            "revoke",
            approved(),
            OWNER,
            |world| world.revoke_waiver("critical-sec"),
            each(Reason::WaiverRevoked, &[ANA, SEC]),
        ),
    ]
}

fn decision_cases() -> Vec<Case> {
    let all = |reason| each(reason, &HOLDERS);
    vec![
        ("ask for signatures", World::new(), OWNER, |_| Command::AskSignatures, each(Reason::SignatureAsked, &HOLDERS)),
        (
            "object",
            World::new(),
            SEC,
            |world| world.sign(SECURITY, Vote::NoGo),
            each(Reason::Objected, &[OWNER, TECH, TECH2, OPS, PROD]),
        ),
        ("sign", World::new(), SEC, |world| world.sign(SECURITY, Vote::Go), vec![]),
        ("declare GO", World::new().signed(), OWNER, World::declare_go, all(Reason::GoDeclared)),
        ("hold", World::new(), OWNER, |world| Command::Hold { reason: world.text("rain") }, all(Reason::Held)),
        ("resume", World::new().held(), OWNER, |_| Command::Resume { reason: None }, all(Reason::Resumed)),
        (
            "reopen",
            World::new().with_go(),
            OWNER,
            |world| Command::Reopen { reason: world.text("rain") },
            all(Reason::Reopened),
        ),
        ("launch", World::new().with_go(), OWNER, |_| Command::Launch { at: None, past: None }, all(Reason::Launched)),
        ("close", World::new().followed_up(), OWNER, World::close, all(Reason::Closed)),
        ("cancel", World::new(), OWNER, |world| Command::Cancel { reason: world.text("no") }, all(Reason::Cancelled)),
    ]
}

#[test]
fn each_change_notifies_whom_it_concerns_and_not_its_author() {
    let cases = [people_cases(), item_cases(), exception_cases(), decision_cases()];
    for (name, mut world, actor, command, expected) in cases.into_iter().flatten() {
        let command = command(&world);
        let mut expected = expected;
        expected.sort();
        assert_eq!(notify(&mut world, actor, vec![command], &[]), expected, "{name}");
    }
}

#[test]
fn change_of_what_was_signed_notifies_the_signer_with_the_resolved_role() {
    let mut world = World::new().signed();
    let command = world.mark("critical-sec", Open);
    assert_eq!(
        notify(&mut world, ANA, vec![command], &[]),
        join([each(Reason::Marked, &[OWNER, SEC]), each(Reason::SignatureStale, &[SEC])])
    );
    let command = world.mark("critical-sec", Done);
    // The same state as signed: the signature counts again, and all items of the role are resolved again.
    let notified = notify(&mut world, ANA, vec![command], &[]);
    assert_eq!(notified, join([each(Reason::Marked, &[OWNER, SEC]), each(Reason::RoleResolved, &[SEC])]));
}

#[test]
fn bulk_change_is_one_notification_of_each_person() {
    let mut world = World::new();
    let commands = ["critical-any", "required-any", "advisory-any"].map(|key| assign(&world, key, Some(BEN)));
    assert_eq!(notify(&mut world, OWNER, commands.to_vec(), &[]), vec![(Reason::Assigned, BEN, 3)]);
    let commands = ["critical-any", "required-sec", "advisory-sec"].map(|key| world.mark(key, Done));
    let expected = vec![(Reason::Marked, OWNER, 3), (Reason::Marked, BEN, 1), (Reason::Marked, SEC, 2)];
    assert_eq!(notify(&mut world, ANA, commands.to_vec(), &[]), expected);
}

#[test]
fn change_that_is_undone_in_itself_notifies_nobody() {
    let mut world = World::new();
    let first = vec![assign(&world, "critical-any", Some(BEN)), assign(&world, "critical-any", None)];
    assert_eq!(notify(&mut world, OWNER, first, &[]), vec![]);
}

#[test]
fn narrowest_choice_decides_who_watches() {
    let watch = |user, place, muted| Watch { user, place, muted };
    let marked = |watches: &[Watch]| {
        let mut world = World::new();
        let command = world.mark("critical-sec", Done);
        notify(&mut world, ANA, vec![command], watches)
    };
    let item = World::new().item("critical-sec");
    for (watches, users) in [
        (vec![watch(STRANGER, WatchPlace::Launch, false)], vec![OWNER, SEC, STRANGER]),
        (vec![watch(STRANGER, WatchPlace::Part(0), false)], vec![OWNER, SEC, STRANGER]),
        (vec![watch(STRANGER, WatchPlace::Part(1), false)], vec![OWNER, SEC]),
        (vec![watch(STRANGER, WatchPlace::Item(item), false)], vec![OWNER, SEC, STRANGER]),
        (vec![watch(OWNER, WatchPlace::Launch, true)], vec![SEC]),
        (vec![watch(OWNER, WatchPlace::Launch, true), watch(OWNER, WatchPlace::Item(item), false)], vec![OWNER, SEC]),
        (vec![watch(OWNER, WatchPlace::Part(0), true)], vec![SEC]),
        (vec![watch(SEC, WatchPlace::Item(item), true)], vec![OWNER]),
        // Nobody is notified of their own act, whatever they watch.
        (vec![watch(ANA, WatchPlace::Launch, false)], vec![OWNER, SEC]),
    ] {
        assert_eq!(marked(&watches), each(Reason::Marked, &users), "{watches:?}");
    }
    // What is addressed to a person comes although they mute the launch.
    let mut world = World::new();
    let command = assign(&world, "critical-any", Some(BEN));
    let muted = [watch(BEN, WatchPlace::Launch, true)];
    assert_eq!(notify(&mut world, OWNER, vec![command], &muted), each(Reason::Assigned, &[BEN]));
    let command = Command::Hold { reason: world.text("rain") };
    let notified = notify(&mut world, OWNER, vec![command], &muted);
    assert_eq!(notified, each(Reason::Held, &HOLDERS));
}

#[test]
fn mention_replaces_the_notification_of_the_same_comment() {
    let mut world = World::new();
    let before = world.state.clone();
    world.run_ok(ANA, world.comment("critical-sec"));
    let event: Event = world.events.last().unwrap().clone();
    let mentions = [SEC, STRANGER, ANA].map(|user| Mention { user, seq: event.seq, comment: None });
    let causes = find_causes(Some(&before), &[event], &world.state, &mentions);
    let notified = list(address_causes(&causes, &world.state, &[]));
    assert_eq!(notified, join([each(Reason::Mentioned, &[SEC, STRANGER]), each(Reason::Commented, &[OWNER])]));
}

/// Looks at a launch every seven hours for some days, and lists what came on which moment.
fn notify_of_time(state: &LaunchState, from: &str, days: i64) -> BTreeMap<String, Notified> {
    let mut all = BTreeMap::new();
    let mut since: Moment = moment(from);
    let end = since.plus_seconds(days * 86_400);
    while since < end {
        let now = since.plus_seconds(7 * 3_600);
        for notification in address_causes(&find_time_causes(state, since, now), state, &[]) {
            assert!(notification.occasion.is_some(), "{notification:?}");
            let (at, it) = (notification.at.to_string(), &notification);
            all.entry(at[..16].to_owned()).or_insert_with(Notified::new).push((it.reason, it.user, it.things));
        }
        since = now;
    }
    all
}

fn expect(rows: Vec<(&str, Notified)>) -> BTreeMap<String, Notified> {
    rows.into_iter().map(|(at, notified)| (at.to_owned(), notified)).collect()
}

#[test]
fn due_items_come_in_the_morning_before_and_after_their_day() {
    let mut world = assigned_to(BEN);
    for (key, due) in [("critical-any", "2026-11-10"), ("critical-sec", "2026-11-10"), ("required-any", "2026-11-10")] {
        world.run_ok(OWNER, Command::SetDue { item: world.item(key), due: Some(day(due)) });
    }
    world.run_ok(ANA, world.mark("required-any", Done));
    // Eight in the morning in New York.
    let expected = expect(vec![
        ("2026-11-09T13:00", vec![(Reason::DueTomorrow, BEN, 1), (Reason::DueTomorrow, SEC, 1)]),
        ("2026-11-11T13:00", vec![(Reason::Overdue, BEN, 1), (Reason::Overdue, SEC, 1)]),
    ]);
    assert_eq!(notify_of_time(&world.state, "2026-11-03T00:00:00Z", 14), expected);
    assert_eq!(notify_of_time(&world.held().state, "2026-11-03T00:00:00Z", 14), expected);
}

#[test]
fn waiver_and_evidence_lapse_in_seven_days_and_today() {
    let mut world = World::new();
    world.waive("critical-sec", "2026-11-20", SEC);
    world.run_ok(ANA, world.attach_until("critical-tech-proof", Some("2026-11-21")));
    world.run_ok(BEN, world.attach_until("critical-tech-proof", Some("2026-11-12")));
    world.run_ok(ANA, world.mark("critical-tech-proof", Done));
    let waiver = vec![(Reason::WaiverLapsing, ANA, 1), (Reason::WaiverLapsing, SEC, 1)];
    let evidence = vec![
        (Reason::EvidenceLapsing, ANA, 1),
        (Reason::EvidenceLapsing, TECH, 1),
        (Reason::EvidenceLapsing, TECH2, 1),
    ];
    let expected = expect(vec![
        ("2026-11-13T13:00", waiver.clone()),
        ("2026-11-14T13:00", evidence.clone()),
        ("2026-11-20T13:00", waiver),
        ("2026-11-21T13:00", evidence),
    ]);
    assert_eq!(notify_of_time(&world.state, "2026-11-03T00:00:00Z", 20), expected);
}

#[test]
fn target_comes_in_seven_days_and_one_and_the_end_of_its_window_to_the_owner() {
    let world = World::new();
    let all =
        |reason| [&[OWNER][..], &HOLDERS].concat().into_iter().map(|user| (reason, user, 1)).collect::<Notified>();
    let expected = expect(vec![
        ("2026-11-24T14:00", all(Reason::TargetNear)),
        ("2026-11-30T14:00", all(Reason::TargetNear)),
        ("2026-12-07T14:00", vec![(Reason::WindowClosing, OWNER, 1)]),
    ]);
    assert_eq!(notify_of_time(&world.state, "2026-11-03T00:00:00Z", 40), expected);
    assert_eq!(notify_of_time(&world.cancelled().state, "2026-11-03T00:00:00Z", 40), expect(vec![]));
}

#[test]
fn items_after_the_launch_come_before_their_window_ends_and_then() {
    let world = World::new().launched();
    let launched = world.state.stage.launched().unwrap().at;
    let notified = notify_of_time(&world.state, "2026-11-01T00:00:00Z", 40);
    let at = |seconds: i64| launched.plus_seconds(seconds).to_string()[..16].to_owned();
    // Of each importance: of operations within a day, of nobody within a week, and proofs of both within a month.
    let expected = BTreeMap::from([
        (at(20 * 3_600), vec![(Reason::AfterItemsDue, OPS, 3)]),
        (at(24 * 3_600), vec![(Reason::AfterItemsDue, OPS, 3)]),
        (at(6 * 86_400), vec![(Reason::AfterItemsDue, OWNER, 3)]),
        (at(7 * 86_400), vec![(Reason::AfterItemsDue, OWNER, 3)]),
        (at(29 * 86_400), vec![(Reason::AfterItemsDue, OWNER, 3), (Reason::AfterItemsDue, OPS, 3)]),
        (at(30 * 86_400), vec![(Reason::AfterItemsDue, OWNER, 3), (Reason::AfterItemsDue, OPS, 3)]),
    ]);
    assert_eq!(notified, expected);
}
