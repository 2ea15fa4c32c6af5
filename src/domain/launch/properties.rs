//! Properties that hold for every launch, for any commands by any people in any order.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use proptest::prelude::*;

use super::{
    command::{Command, LaunchMoment, NewEvidence, NewSignature, Refusal},
    event::{Change, Event, EvidenceContent, ItemState, PersonRef, Policy, Redaction, Vote},
    fixture::*,
    redaction::decide_redaction,
    reference_model::LaunchModel,
    replay::LaunchReplay,
    state::{Comment, Evidence, EvidenceRequest, Item, LaunchState, Stage, StageName, Waiver, WaiverStatus},
    texts::{Commitment, Texts},
};
use crate::domain::{
    burn_up::compute_burn_up,
    canonical::Sha256Hash,
    ids::{ItemId, UserId},
    launch_summary::{LaunchSummary, RoleSignature, summarize_launch},
    readiness::{Reason, SignatureStatus, Verdict, compute_readiness, has_go_that_counts},
    time::{Day, Moment},
};

/// One random attempt. The numbers choose among what the launch has at the time of the attempt.
#[derive(Debug, Clone, Copy)]
struct RandomAttempt {
    who: u8,
    attempt_kind: u8,
    which: u8,
    how: u8,
    /// How far the clock moves before the attempt; sometimes slightly backwards.
    minutes: i32,
}

fn attempts(count: usize) -> impl Strategy<Value = Vec<RandomAttempt>> {
    let minutes = prop_oneof![6 => -2..90_i32, 1 => 1_000..10_000_i32];
    let one = (any::<u8>(), 0..36_u8, any::<u8>(), any::<u8>(), minutes)
        .prop_map(|(who, attempt_kind, which, how, minutes)| RandomAttempt { who, attempt_kind, which, how, minutes });
    prop::collection::vec(one, count / 2..count)
}

/// The launches with which the attempts start.
fn starting_worlds() -> impl Strategy<Value = World> {
    let fresh = || World::from_version(checklist::small_version(), false);
    prop_oneof![
        Just(fresh()),
        Just(World::from_version(checklist::small_version(), true)),
        Just(fresh().all_done()),
        Just(fresh().signed()),
        Just(fresh().signed()),
        Just(conditionally_signed_world()),
        Just(conditionally_signed_world()),
        Just(fresh().with_go()),
        Just(fresh().launched()),
        Just(fresh().followed_up()),
    ]
}

/// A launch signed with an accepted exception, and with a waiver and evidence that both lapse soon.
fn conditionally_signed_world() -> World {
    let mut world = World::from_version(checklist::small_version(), false).not_applicable("critical-tech");
    world.run_ok(TECH, world.agree("critical-tech", true));
    world.waive("required-any-proof", "2026-11-08", SEC);
    world.run_ok(ANA, world.attach_until("advisory-sec-proof", Some("2026-11-06")));
    world.run_ok(ANA, world.mark("advisory-sec-proof", ItemState::Done));
    world.run_ok(TECH, world.sign(TECH_LEAD, Vote::Go));
    world.run_ok(SEC, world.sign(SECURITY, Vote::Go));
    world
}

/// Usually somebody who might have the right, sometimes anybody.
fn choose_actor(world: &World, who: u8, command: &Command) -> UserId {
    let state = &world.state;
    if who.is_multiple_of(6) {
        return EVERYONE[usize::from(who / 6) % EVERYONE.len()].1;
    }
    let holder = || [TECH, TECH2, SEC][usize::from(who) % 3];
    match command {
        Command::Sign(new) => pick_one(state.holders_of(&new.role), who).unwrap_or(OWNER),
        Command::WithdrawSignature { signature, .. } => {
            state.signature(*signature).map_or(OWNER, |s| s.record.signer.id)
        }
        Command::Agree { .. } | Command::DecideWaiver { .. } | Command::RevokeWaiver { .. } => holder(),
        Command::Mark { .. }
        | Command::AttachEvidence { .. }
        | Command::ReuseEvidence { .. }
        | Command::AskWaiver { .. }
        | Command::Assign { .. } => ANA,
        Command::UndoItemChange { .. } => ANA,
        Command::AddComment { .. } | Command::EditComment { .. } | Command::DeleteComment { .. } => ANA,
        Command::AnswerRequest { .. } | Command::WriteNotes { .. } => ANA,
        Command::RequestEvidence { .. } => AUDITOR,
        _ => state.owner,
    }
}

fn pick_one<T: Copy>(from: impl IntoIterator<Item = T>, which: u8) -> Option<T> {
    let all: Vec<T> = from.into_iter().collect();
    all.get(usize::from(which) % all.len().max(1)).copied()
}

fn choose_item(world: &World, which: u8) -> ItemId {
    world.state.items[usize::from(which) % world.state.items.len()].id
}

/// A day around today, in the launch's zone.
fn choose_day(world: &World, how: u8) -> Day {
    let days = i64::from(how % 40) - 4;
    Day::from_moment(world.now.plus_seconds(days * 86_400), world.state.zone())
}

fn to_command(world: &World, RandomAttempt { attempt_kind, which, how, .. }: RandomAttempt) -> Command {
    let (state, item) = (&world.state, choose_item(world, which));
    let user = EVERYONE[usize::from(how) % EVERYONE.len()].1;
    let slug = role([TECH_LEAD, SECURITY, OPERATIONS][usize::from(which) % 3]);
    let text = |value: &str| world.text(value);
    let words = ["one", "two"][usize::from(how) % 2];
    let maybe = (how % 3 > 0).then(|| text(words));
    let yes = how % 4 > 0;
    match attempt_kind {
        0..=3 => {
            let to = ItemState::ALL[usize::from(how) % 4];
            let version = state.item(item).map_or(0, |item| item.version) - i64::from(how % 16 == 15);
            Command::Mark { item, state: to, reason: maybe.or_else(|| yes.then(|| text("why"))), version }
        }
        4 => Command::Agree { item: world.item("critical-tech"), agree: yes, reason: maybe, version: None },
        5 | 6 => attach_command(world, item, how),
        7 => {
            let evidence = pick_one(state.evidence.keys().copied(), how).unwrap_or_else(|| world.id());
            Command::WithdrawEvidence { evidence, reason: text(words) }
        }
        8 | 9 => {
            let unresolved = state.items.iter().filter(|item| !state.is_resolved(item, world.now)).map(|item| item.id);
            let item = pick_one(unresolved, which).unwrap_or(item);
            let (reason, control, expires_on) = (text(words), text("control"), choose_day(world, how));
            Command::AskWaiver { item, waiver: world.id(), reason, control, expires_on }
        }
        10 | 11 => {
            let waivers = state.waivers.values().filter(|waiver| waiver.status == WaiverStatus::Asked || !yes);
            let waiver = pick_one(waivers.map(|waiver| waiver.id), which).unwrap_or_else(|| world.id());
            Command::DecideWaiver { waiver, approve: yes, reason: maybe }
        }
        12 => {
            let waiver = pick_one(state.waivers.keys().copied(), which).unwrap_or_else(|| world.id());
            Command::RevokeWaiver { waiver, reason: text(words) }
        }
        13..=17 => sign_command(world, which, how),
        18 => {
            let signature = pick_one(state.signatures.iter().map(|s| s.record.id), which).unwrap_or_else(|| world.id());
            Command::WithdrawSignature { signature, comment: text(words) }
        }
        19 | 20 => match (yes, world.declare_go()) {
            (false, Command::DeclareGo { .. }) => Command::DeclareGo { acknowledged: vec![], saw: None },
            (_, declare) => declare,
        },
        21 => Command::Hold { reason: text(words) },
        22 => Command::Resume { reason: maybe },
        23 => Command::Reopen { reason: text(words) },
        24 if yes => Command::Launch { at: None, past: None },
        24 => world.launch_at(world.now.plus_seconds(-60 * i64::from(which)), how % 8 == 0),
        25 => world.close(),
        26 if how % 16 == 0 => Command::Cancel { reason: text(words) },
        26 | 27 => Command::AskSignatures,
        28 if how % 4 == 0 => world.change_target(local_time("2026-12-01T09:00", "Asia/Kolkata")),
        28 => world.change_target(local_time("2026-12-01T09:00", "America/New_York")),
        29 => {
            let slip_days = u16::from(how) * 2;
            Command::ChangePolicy { policy: Policy { slip_days, separation_of_duties: yes } }
        }
        30 => Command::AddHolder { role: slug, user },
        31 => Command::RemoveHolder { role: slug, user: [TECH, TECH2, SEC][usize::from(how) % 3] },
        32 if yes => Command::AddParticipant { user },
        32 => Command::RemoveParticipant { user },
        33 if yes => Command::WriteNotes { notes: maybe }.unless_changed_since(Some(i64::from(which))),
        33 if how % 4 == 1 => Command::SetTags { tags: tags(&[words]) },
        33 => Command::ChangeRestriction { restricted: how % 8 == 0 },
        34 if how % 16 == 0 => Command::TransferOwnership { to: user, reason: maybe },
        34 if how % 3 == 0 => undo_command(world, which),
        34 => Command::Assign { item, assignee: yes.then_some(user), due: None },
        _ => talk_command(world, item, how),
    }
}

/// Undoes one of Ana's own changes of items, or somebody else's.
fn undo_command(world: &World, which: u8) -> Command {
    let undone = |event: &&Event| matches!(event.change, Change::ItemMarked { .. } | Change::ItemAssigned { .. });
    let events: Vec<&Event> = world.events.iter().filter(undone).collect();
    let event = events.get(usize::from(which) % events.len().max(1)).copied().unwrap_or(&world.events[0]);
    Command::UndoItemChange { event: Box::new(event.clone()) }
}

fn attach_command(world: &World, item: ItemId, how: u8) -> Command {
    if let Some(source) = pick_one(world.state.evidence.keys().copied(), how / 8).filter(|_| how % 8 == 7) {
        return Command::ReuseEvidence { item, evidence: world.id(), source, observed_on: None, valid_until: None };
    }
    let content = match how % 3 {
        0 => world.file_content("report.txt", ["well", "not well"][usize::from(how / 3) % 2]),
        1 => NewEvidence::Link(world.text("https://example.org/")),
        _ => NewEvidence::Note(world.text("seen")),
    };
    let valid_until = (how % 4 > 1).then(|| choose_day(world, how));
    Command::AttachEvidence { item, evidence: world.id(), content, observed_on: None, valid_until }
}

fn sign_command(world: &World, which: u8, how: u8) -> Command {
    let slug = [TECH_LEAD, SECURITY][usize::from(which) % 2];
    let verdict = if how.is_multiple_of(5) { Vote::NoGo } else { Vote::Go };
    let new = world.signature(slug, verdict);
    let mut objections = world.state.signatures.iter().filter(|s| s.record.verdict == Vote::NoGo);
    let lifts = objections.next_back().filter(|_| how.is_multiple_of(3)).map(|s| s.record.id);
    let digest = if how % 16 == 15 { Sha256Hash::compute(b"what was") } else { new.digest };
    let comment = Some(world.text("signed"));
    Command::Sign(Box::new(NewSignature { lifts, digest, comment, ..new }))
}

fn talk_command(world: &World, item: ItemId, how: u8) -> Command {
    let comment = pick_one(world.state.comments.keys().copied(), how).unwrap_or_else(|| world.id());
    let request = pick_one(world.state.evidence_requests.keys().copied(), how).unwrap_or_else(|| world.id());
    match how % 7 {
        0 => Command::AddComment { item, comment: world.id(), body: world.text("a remark") },
        1 => Command::EditComment { comment, body: world.text("another") },
        2 => Command::DeleteComment { comment },
        3 => Command::HideComment { comment },
        4 => Command::ShowComment { comment },
        5 => Command::RequestEvidence { item, request: world.id(), text: world.text("show me") },
        _ => Command::AnswerRequest { request, text: world.text("here") },
    }
}

/// Moves the clock and runs the attempt.
fn run_attempt(world: &mut World, one: RandomAttempt) -> Result<Vec<Event>, Refusal> {
    world.now = world.now.plus_seconds(i64::from(one.minutes) * 60);
    let command = to_command(world, one);
    world.run(choose_actor(world, one.who, &command), command)
}

/// Redacts a text or a file of the launch, if this is allowed.
fn redact_something(world: &mut World, which: usize) {
    let files = world.state.evidence.values().filter_map(|evidence| match evidence.content {
        EvidenceContent::File { sha256, .. } => Some(Redaction::File { sha256 }),
        EvidenceContent::Link { .. } | EvidenceContent::Note { .. } => None,
    });
    let texts = world.texts.iter().map(|text| (text.commitment, text.location.field));
    let texts = texts.map(|(commitment, field)| Redaction::Text { commitment, field });
    let all: Vec<Redaction> = files.chain(texts).collect();
    let redaction = all[all.len() - 1 - which % all.len()];
    let actor = PersonRef { id: ANA, name: world.people[&ANA].name.clone() };
    let (reason, request, now) = (world.text("a name"), world.id(), world.now);
    if let Ok((event, text)) = decide_redaction(&world.state, redaction, reason, actor, request, now) {
        world.state.texts.insert(text.clone());
        world.state.apply(&event).unwrap();
        world.texts.push(text);
        world.events.push(event);
    }
}

/// The model of a world after its first `count` events.
fn replay_model(world: &World, count: usize) -> LaunchModel {
    let mut model = LaunchModel::new(&world.state.version.checklist, &world.events[0]);
    world.events[1..count].iter().for_each(|event| model.apply_event(event));
    model
}

/// What belongs to an item.
fn things_of<'a>(
    state: &'a LaunchState,
    item: &Item,
) -> (Vec<&'a Evidence>, Vec<&'a Waiver>, Vec<&'a Comment>, Vec<&'a EvidenceRequest>) {
    (
        state.evidence.values().filter(|thing| thing.item == item.id).collect(),
        state.waivers.values().filter(|thing| thing.item == item.id).collect(),
        state.comments.values().filter(|thing| thing.item == item.id).collect(),
        state.evidence_requests.values().filter(|thing| thing.item == item.id).collect(),
    )
}

fn condition_ids(world: &World, now: Moment) -> Vec<String> {
    compute_readiness(&world.state, now).conditions.into_iter().map(|condition| condition.id.0).collect()
}

/// What must not change while a summary holds: everything but the moment until which it does.
fn comparable(summary: &LaunchSummary) -> (Option<Verdict>, usize, usize, &[RoleSignature]) {
    (summary.verdict, summary.resolved, summary.total, &summary.signatures)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn launch_state_is_made_by_its_events_alone(mut world in starting_worlds(), tries in attempts(40)) {
        for one in tries {
            let before = world.clone();
            if let Err(refusal) = run_attempt(&mut world, one) {
                prop_assert_eq!(&world.state, &before.state, "{:?}", refusal);
                prop_assert_eq!(world.events.len(), before.events.len());
                prop_assert_eq!(world.texts.len(), before.texts.len());
            }
        }
        prop_assert_eq!(&world.replay(world.events.len()), &world.state);
        let mut last = world.events[0].at;
        for (n, event) in (1_i64..).zip(&world.events) {
            prop_assert_eq!(event.seq, n);
            prop_assert!(event.at >= last, "event {} goes back in time", n);
            last = event.at;
            let bytes = event.to_bytes();
            let read = Event::from_bytes(&bytes);
            prop_assert_eq!(read.as_ref().ok(), Some(event));
            prop_assert_eq!(read.map(|event| event.to_bytes()).ok(), Some(bytes));
        }
    }

    /// Texts and files are redacted in between, including values that some rules compare.
    #[test]
    fn replay_of_a_history_made_by_the_rules_is_accepted(
        mut world in starting_worlds(), tries in attempts(60), destroyed in prop::collection::vec(any::<u8>(), 60),
    ) {
        for (one, which) in tries.into_iter().zip(destroyed) {
            if which % 8 == 0 {
                redact_something(&mut world, usize::from(which / 8));
            }
            let _ = run_attempt(&mut world, one);
        }
        let mut replay = LaunchReplay::begin(&world.events[0], Arc::clone(&world.state.version)).unwrap();
        for event in &world.events[1..] {
            let taken = replay.apply_event(event);
            prop_assert!(taken.is_ok(), "{}: {:?}", taken.unwrap_err(), event);
        }
        let named: BTreeSet<Commitment> = world.events.iter().flat_map(|event| event.change.commitments()).collect();
        for text in &world.texts {
            prop_assert!(named.contains(&text.commitment), "a text that no event names: {:?}", text);
        }
        let mut state = world.state.clone();
        state.texts = Texts::default();
        prop_assert_eq!(replay.state(), &state);
    }

    /// An item names the last event that changed it or what belongs to it, and the last that marked it.
    #[test]
    fn items_name_the_events_that_changed_them_last(
        mut world in starting_worlds(), tries in attempts(40), destroyed in prop::collection::vec(any::<u8>(), 40),
    ) {
        for (one, which) in tries.into_iter().zip(destroyed) {
            let (before, events) = (world.state.clone(), world.events.len());
            if which % 4 == 0 {
                redact_something(&mut world, usize::from(which / 4));
            } else {
                let _ = run_attempt(&mut world, one);
            }
            let new = &world.events[events..];
            for (old, item) in before.items.iter().zip(&world.state.items) {
                let last = |is_about: &dyn Fn(&Change) -> bool| new.iter().rfind(|event| is_about(&event.change));
                let marked = last(&|change| matches!(change, Change::ItemMarked { item: id, .. } if *id == item.id));
                prop_assert_eq!(item.marked_seq, marked.map_or(old.marked_seq, |event| event.seq));
                let redacted = |change: &Change| {
                    matches!(change, Change::Redacted { what: Redaction::File { .. }, .. })
                        && things_of(&before, old) != things_of(&world.state, item)
                };
                let changed = last(&|change| change.item() == Some(item.id) || redacted(change));
                prop_assert_eq!(item.changed_seq, changed.map_or(old.changed_seq, |event| event.seq));
                if changed.is_none() {
                    prop_assert_eq!(old, item);
                    prop_assert_eq!(things_of(&before, old), things_of(&world.state, item));
                }
            }
        }
    }

    #[test]
    fn go_is_possible_exactly_when_the_model_agrees(mut world in starting_worlds(), tries in attempts(40)) {
        let mut model = replay_model(&world, world.events.len());
        for one in tries {
            for event in run_attempt(&mut world, one).unwrap_or_default() {
                model.apply_event(&event);
            }
            world.now = world.now.max(world.state.last_at);
            let (readiness, expected) = (world.readiness(), model.compute_judgement(world.now));
            let ids = readiness.conditions.iter().map(|condition| condition.id.0.clone()).collect();
            let verdict = match (expected.blocked, expected.conditions.is_empty()) {
                (true, _) => Verdict::NoGo,
                (false, false) => Verdict::ConditionalGo,
                (false, true) => Verdict::Go,
            };
            prop_assert_eq!((readiness.verdict, &ids), (verdict, &expected.conditions), "{:?}", readiness.reasons);
            let owner = world.state.owner;
            let may = world.people[&owner].actor.active;
            let declared = world.dry_run(owner, world.declare_go());
            let possible = !expected.blocked && world.state.stage == Stage::Preparing && may;
            prop_assert_eq!(declared == OutcomeSummary::Recorded("go_declared"), possible, "{:?}", declared);
            if let Stage::Go(decision) = &world.state.stage {
                let known_ids = decision.readiness.conditions.iter().map(|condition| condition.id.0.clone()).collect();
                let launch = world.dry_run(owner, Command::Launch { at: None, past: None });
                let possible = !expected.blocked && expected.conditions.is_subset(&known_ids);
                prop_assert_eq!(launch == OutcomeSummary::Recorded("launched"), possible && may, "{:?}", launch);
            }
        }
    }

    #[test]
    fn readiness_does_not_change_before_its_valid_until(mut world in starting_worlds(), tries in attempts(25), later in 0..5_000_000_i64) {
        for one in tries {
            let _ = run_attempt(&mut world, one);
        }
        let now = world.now.max(world.state.last_at);
        let readiness = compute_readiness(&world.state, now);
        let inside = readiness.valid_until.map_or(now.plus_seconds(later), |until| now.plus_seconds(later).min(until.plus_seconds(-1)).max(now));
        let then = compute_readiness(&world.state, inside);
        prop_assert_eq!((readiness.verdict, &readiness.reasons, &readiness.conditions), (then.verdict, &then.reasons, &then.conditions));
        prop_assert_eq!(&condition_ids(&world, inside), &condition_ids(&world, now));
        prop_assert!(readiness.valid_until.is_none_or(|until| until > now));
    }

    /// What lists show without the launch's history equals readiness and the items as long as it holds, and then is
    /// known not to hold.
    #[test]
    fn summary_equals_readiness_until_it_does_not_hold(mut world in starting_worlds(), tries in attempts(30), clocks in prop::collection::vec(0..8_000_000_i64, 6)) {
        let mut summary = summarize_launch(&world.state, world.state.last_at);
        for one in tries {
            if run_attempt(&mut world, one).is_ok_and(|events| !events.is_empty()) {
                summary = summarize_launch(&world.state, world.state.last_at);
            }
        }
        let state = &world.state;
        for later in clocks {
            let now = state.last_at.plus_seconds(later);
            if summary.holds_until.is_some_and(|until| until <= now) {
                continue;
            }
            let readiness = compute_readiness(state, now);
            let (verdict, items): (_, Vec<&Item>) = match &state.stage {
                Stage::Cancelled { .. } => (None, state.before_items().map(|(item, _)| item).collect()),
                Stage::Launched(launched) | Stage::Closed { launch_record: launched, .. } => {
                    (Some(launched.readiness.verdict), state.items.iter().collect())
                }
                Stage::Preparing | Stage::Go(_) | Stage::Held { .. } => {
                    (Some(readiness.verdict), state.before_items().map(|(item, _)| item).collect())
                }
            };
            let resolved = items.iter().filter(|item| state.is_resolved(item, now)).count();
            prop_assert_eq!((summary.verdict, summary.resolved, summary.total), (verdict, resolved, items.len()));
            for signature in &summary.signatures {
                let counts = has_go_that_counts(state, &signature.role, &readiness.digests[&signature.role]);
                let objects = readiness.reasons.iter().any(|reason| matches!(reason, Reason::Objection { role, .. } if *role == signature.role));
                let expected = if objects { Some(SignatureStatus::Objects) } else { counts.then_some(SignatureStatus::Counts) };
                let shown = signature.status.filter(|status| matches!(status, SignatureStatus::Objects | SignatureStatus::Counts));
                prop_assert_eq!(shown, expected, "{}", signature.role);
            }
            let current = summarize_launch(state, now);
            prop_assert_eq!(comparable(&summary), comparable(&current));
        }
    }

    /// The burn-up equals the numbers computed from the state at the end of each day.
    #[test]
    fn burn_up_of_each_day_matches_the_state_at_its_end(mut world in starting_worlds(), tries in attempts(40), later in 0..3_000_000_i64) {
        for one in tries {
            let _ = run_attempt(&mut world, one);
        }
        let now = world.now.max(world.state.last_at).plus_seconds(later);
        let zone = world.state.zone().clone();
        let end = match &world.state.stage {
            Stage::Launched(launched) | Stage::Closed { launch_record: launched, .. } => launched.at,
            Stage::Cancelled { at, .. } => *at,
            Stage::Preparing | Stage::Go(_) | Stage::Held { .. } => now,
        };
        let mut day = Day::from_moment(world.events[0].at, &zone);
        let burn_up = compute_burn_up(&world.state, now);
        for point in &burn_up.points {
            prop_assert_eq!(point.day, day);
            let last = Moment::new(day.end(&zone).timestamp() - jiff::SignedDuration::from_micros(1)).min(end);
            let then = world.state_at(last);
            let resolved = then.before_items().filter(|(item, _)| then.is_resolved(item, last)).count();
            prop_assert_eq!(point.resolved, resolved, "{}", day);
            day = Day(day.0.tomorrow().unwrap());
        }
        prop_assert_eq!(burn_up.points.last().map(|point| point.day), Some(Day::from_moment(end, &zone)));
        prop_assert_eq!(burn_up.total, world.state.before_items().count());
    }

    #[test]
    fn launch_in_the_past_is_possible_exactly_when_the_model_agrees(mut world in starting_worlds(), tries in attempts(25), back in 0..4_000_i64) {
        for one in tries {
            let _ = run_attempt(&mut world, one);
        }
        world.now = world.now.max(world.state.last_at);
        if let Stage::Go(decision) = &world.state.stage {
            let at = world.now.plus_seconds(-back);
            let meant = LaunchMoment { at, to_the_minute: back % 2 == 0 }.resolve(decision.at);
            let answer = world.dry_run(world.state.owner, world.launch_at(at, back % 2 == 0));
            if meant < decision.at {
                prop_assert_eq!(answer, OutcomeSummary::InvalidField("at"));
            } else {
                let past = replay_model(&world, world.count_events_until(meant)).compute_judgement(meant);
                let known_ids = decision.readiness.conditions.iter().map(|condition| condition.id.0.clone()).collect();
                let possible = !past.blocked && past.conditions.is_subset(&known_ids);
                prop_assert_eq!(answer == OutcomeSummary::Recorded("launched"), possible, "{:?}", answer);
            }
        }
    }
}

/// The attempts are only useful if they lead to all kinds of events.
#[test]
fn property_attempts_reach_every_stage_and_most_kinds() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let mut stages: BTreeMap<StageName, usize> = BTreeMap::new();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut refused, mut total) = (0, 0);
    for _ in 0..96 {
        let mut world = starting_worlds().new_tree(&mut runner).unwrap().current();
        for one in attempts(40).new_tree(&mut runner).unwrap().current() {
            total += 1;
            match run_attempt(&mut world, one) {
                Ok(events) => events.iter().for_each(|event| *kinds.entry(event.change.kind()).or_default() += 1),
                Err(_) => refused += 1,
            }
            *stages.entry(world.state.stage.name()).or_default() += 1;
        }
    }
    assert_eq!(stages.len(), 6, "{stages:?}");
    assert!(kinds.len() >= 30, "{} kinds: {kinds:?}", kinds.len());
    assert!(refused * 5 > total && refused * 5 < total * 4, "{refused} of {total} refused");
}
