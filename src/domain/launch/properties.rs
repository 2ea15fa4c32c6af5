//! What holds of any launch, whatever is asked of it, by whom, and in which order.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use proptest::prelude::*;

use super::{
    command::{Command, LaunchMoment, NewEvidence, NewSignature, Refusal},
    event::{Change, Event, EvidenceContent, ItemState, PersonRef, Policy, Redaction, Vote},
    fixture::*,
    model::Model,
    redaction::redact,
    replay::Replay,
    state::{Stage, StageName, WaiverStatus},
    texts::{Commitment, Texts},
};
use crate::domain::{
    burn_up::burn_up,
    canonical::Sha256Hash,
    ids::{ItemId, UserId},
    readiness::{Verdict, readiness},
    time::{Day, Moment},
};

/// One thing that somebody tries, as numbers that are read on the launch as it stands then.
#[derive(Debug, Clone, Copy)]
struct Try {
    who: u8,
    what: u8,
    which: u8,
    how: u8,
    /// How far the clock goes before it; a little back, sometimes.
    minutes: i32,
}

fn tries(count: usize) -> impl Strategy<Value = Vec<Try>> {
    let minutes = prop_oneof![6 => -2..90_i32, 1 => 1_000..10_000_i32];
    let one = (any::<u8>(), 0..36_u8, any::<u8>(), any::<u8>(), minutes)
        .prop_map(|(who, what, which, how, minutes)| Try { who, what, which, how, minutes });
    prop::collection::vec(one, count / 2..count)
}

/// Where a launch is when the trying begins.
fn beginnings() -> impl Strategy<Value = World> {
    let fresh = || World::of(checklist::small(), false);
    prop_oneof![
        Just(fresh()),
        Just(World::of(checklist::small(), true)),
        Just(fresh().all_done()),
        Just(fresh().signed()),
        Just(fresh().signed()),
        Just(conditional()),
        Just(conditional()),
        Just(fresh().declared()),
        Just(fresh().launched()),
        Just(fresh().followed_up()),
    ]
}

/// A launch signed on an agreed exception, a waiver and evidence that both lapse soon.
fn conditional() -> World {
    let mut world = World::of(checklist::small(), false).not_applicable("critical-tech");
    world.does(TECH, world.agree("critical-tech", true));
    world.waive("required-any-proof", "2026-11-08", SEC);
    world.does(ANA, world.attach_until("advisory-sec-proof", Some("2026-11-06")));
    world.does(ANA, world.mark("advisory-sec-proof", ItemState::Done));
    world.does(TECH, world.sign(TECH_LEAD, Vote::Go));
    world.does(SEC, world.sign(SECURITY, Vote::Go));
    world
}

/// Who tries: mostly somebody whom it might be allowed, at times anybody.
fn actor(world: &World, who: u8, command: &Command) -> UserId {
    let state = &world.state;
    if who.is_multiple_of(6) {
        return EVERYONE[usize::from(who / 6) % EVERYONE.len()].1;
    }
    let holder = || [TECH, TECH2, SEC][usize::from(who) % 3];
    match command {
        Command::Sign(new) => pick(state.holders_of(&new.role), who).unwrap_or(OWNER),
        Command::WithdrawSignature { signature, .. } => {
            state.signature(*signature).map_or(OWNER, |s| s.record.signer.id)
        }
        Command::Agree { .. } | Command::DecideWaiver { .. } | Command::RevokeWaiver { .. } => holder(),
        Command::Mark { .. }
        | Command::Attach { .. }
        | Command::UseAgain { .. }
        | Command::AskWaiver { .. }
        | Command::Assign { .. } => ANA,
        Command::Undo { .. } => ANA,
        Command::Comment { .. } | Command::EditComment { .. } | Command::DeleteComment { .. } => ANA,
        Command::AnswerRequest { .. } | Command::WriteNotes { .. } => ANA,
        Command::RequestEvidence { .. } => AUDITOR,
        _ => state.owner,
    }
}

fn pick<T: Copy>(from: impl IntoIterator<Item = T>, which: u8) -> Option<T> {
    let all: Vec<T> = from.into_iter().collect();
    all.get(usize::from(which) % all.len().max(1)).copied()
}

fn item_of(world: &World, which: u8) -> ItemId {
    world.state.items[usize::from(which) % world.state.items.len()].id
}

/// Some day around now, in the launch's zone.
fn some_day(world: &World, how: u8) -> Day {
    let days = i64::from(how % 40) - 4;
    Day::of(world.now.plus_seconds(days * 86_400), world.state.zone())
}

/// What a try comes to on a world.
fn command(world: &World, Try { what, which, how, .. }: Try) -> Command {
    let (state, item) = (&world.state, item_of(world, which));
    let user = EVERYONE[usize::from(how) % EVERYONE.len()].1;
    let slug = role([TECH_LEAD, SECURITY, OPERATIONS][usize::from(which) % 3]);
    let text = |value: &str| world.text(value);
    let words = ["one", "two"][usize::from(how) % 2];
    let maybe = (how % 3 > 0).then(|| text(words));
    let yes = how % 4 > 0;
    match what {
        0..=3 => {
            let to = ItemState::ALL[usize::from(how) % 4];
            let version = state.item(item).map_or(0, |item| item.version) - i64::from(how % 16 == 15);
            Command::Mark { item, state: to, reason: maybe.or_else(|| yes.then(|| text("why"))), version }
        }
        4 => Command::Agree { item: world.item("critical-tech"), agree: yes, reason: maybe, version: None },
        5 | 6 => attach(world, item, how),
        7 => {
            let evidence = pick(state.evidence.keys().copied(), how).unwrap_or_else(|| world.id());
            Command::WithdrawEvidence { evidence, reason: text(words) }
        }
        8 | 9 => {
            let unresolved = state.items.iter().filter(|item| !state.is_resolved(item, world.now)).map(|item| item.id);
            let item = pick(unresolved, which).unwrap_or(item);
            let (reason, control, expires_on) = (text(words), text("control"), some_day(world, how));
            Command::AskWaiver { item, waiver: world.id(), reason, control, expires_on }
        }
        10 | 11 => {
            let asked = state.waivers.values().filter(|waiver| waiver.status == WaiverStatus::Asked || !yes);
            let waiver = pick(asked.map(|waiver| waiver.id), which).unwrap_or_else(|| world.id());
            Command::DecideWaiver { waiver, approve: yes, reason: maybe }
        }
        12 => {
            let waiver = pick(state.waivers.keys().copied(), which).unwrap_or_else(|| world.id());
            Command::RevokeWaiver { waiver, reason: text(words) }
        }
        13..=17 => sign(world, which, how),
        18 => {
            let signature = pick(state.signatures.iter().map(|s| s.record.id), which).unwrap_or_else(|| world.id());
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
        28 if how % 4 == 0 => world.retarget(local("2026-12-01T09:00", "Asia/Kolkata")),
        28 => world.retarget(local("2026-12-01T09:00", "America/New_York")),
        29 => {
            let slip_days = u16::from(how) * 2;
            Command::ChangePolicy { policy: Policy { slip_days, separation_of_duties: yes } }
        }
        30 => Command::AddHolder { role: slug, user },
        31 => Command::RemoveHolder { role: slug, user: [TECH, TECH2, SEC][usize::from(how) % 3] },
        32 if yes => Command::AddParticipant { user },
        32 => Command::RemoveParticipant { user },
        33 if yes => Command::WriteNotes { notes: maybe, base: Some(i64::from(which)) },
        33 => Command::ChangeRestriction { restricted: how % 8 == 0 },
        34 if how % 16 == 0 => Command::Transfer { to: user, reason: maybe },
        34 if how % 3 == 0 => undo(world, which),
        34 => Command::Assign { item, assignee: yes.then_some(user), due: None },
        _ => talk(world, item, how),
    }
}

/// Takes back one of Ana's own changes to items, or somebody else's.
fn undo(world: &World, which: u8) -> Command {
    let undone = |event: &&Event| matches!(event.change, Change::ItemMarked { .. } | Change::ItemAssigned { .. });
    let events: Vec<&Event> = world.events.iter().filter(undone).collect();
    let event = events.get(usize::from(which) % events.len().max(1)).copied().unwrap_or(&world.events[0]);
    Command::Undo { event: Box::new(event.clone()) }
}

fn attach(world: &World, item: ItemId, how: u8) -> Command {
    if let Some(source) = pick(world.state.evidence.keys().copied(), how / 8).filter(|_| how % 8 == 7) {
        return Command::UseAgain { item, evidence: world.id(), source, observed_on: None, valid_until: None };
    }
    let content = match how % 3 {
        0 => world.file("report.txt", ["well", "not well"][usize::from(how / 3) % 2]),
        1 => NewEvidence::Link(world.text("https://example.org/")),
        _ => NewEvidence::Note(world.text("seen")),
    };
    let valid_until = (how % 4 > 1).then(|| some_day(world, how));
    Command::Attach { item, evidence: world.id(), content, observed_on: None, valid_until }
}

fn sign(world: &World, which: u8, how: u8) -> Command {
    let slug = [TECH_LEAD, SECURITY][usize::from(which) % 2];
    let verdict = if how.is_multiple_of(5) { Vote::NoGo } else { Vote::Go };
    let new = world.signature(slug, verdict);
    let mut objections = world.state.signatures.iter().filter(|s| s.record.verdict == Vote::NoGo);
    let lifts = objections.next_back().filter(|_| how.is_multiple_of(3)).map(|s| s.record.id);
    let digest = if how % 16 == 15 { Sha256Hash::of(b"what was") } else { new.digest };
    let comment = Some(world.text("signed"));
    Command::Sign(Box::new(NewSignature { lifts, digest, comment, ..new }))
}

fn talk(world: &World, item: ItemId, how: u8) -> Command {
    let comment = pick(world.state.comments.keys().copied(), how).unwrap_or_else(|| world.id());
    let request = pick(world.state.requests.keys().copied(), how).unwrap_or_else(|| world.id());
    match how % 7 {
        0 => Command::Comment { item, comment: world.id(), body: world.text("a remark") },
        1 => Command::EditComment { comment, body: world.text("another") },
        2 => Command::DeleteComment { comment },
        3 => Command::HideComment { comment },
        4 => Command::ShowComment { comment },
        5 => Command::RequestEvidence { item, request: world.id(), text: world.text("show me") },
        _ => Command::AnswerRequest { request, text: world.text("here") },
    }
}

/// Lets time pass, and somebody try something.
fn attempt(world: &mut World, one: Try) -> Result<Vec<Event>, Refusal> {
    world.now = world.now.plus_seconds(i64::from(one.minutes) * 60);
    let command = command(world, one);
    world.run(actor(world, one.who, &command), command)
}

/// Destroys a text or a file that the launch has, if it may be.
fn destroy(world: &mut World, which: usize) {
    let files = world.state.evidence.values().filter_map(|evidence| match evidence.content {
        EvidenceContent::File { sha256, .. } => Some(Redaction::File { sha256 }),
        EvidenceContent::Link { .. } | EvidenceContent::Note { .. } => None,
    });
    let texts = world.texts.iter().map(|text| (text.commitment, text.place.field));
    let texts = texts.map(|(commitment, field)| Redaction::Text { commitment, field });
    let all: Vec<Redaction> = files.chain(texts).collect();
    let what = all[all.len() - 1 - which % all.len()];
    let actor = PersonRef { id: ANA, name: world.people[&ANA].name.clone() };
    let (reason, request, now) = (world.text("a name"), world.id(), world.now);
    if let Ok((event, text)) = redact(&world.state, what, reason, actor, request, now) {
        world.state.texts.insert(text.clone());
        world.state.apply(&event).unwrap();
        world.texts.push(text);
        world.events.push(event);
    }
}

/// The model of a world after so many of its events.
fn model(world: &World, count: usize) -> Model {
    let mut model = Model::new(&world.state.version.checklist, &world.events[0]);
    world.events[1..count].iter().for_each(|event| model.take(event));
    model
}

fn conditions(world: &World, now: Moment) -> Vec<String> {
    readiness(&world.state, now).conditions.into_iter().map(|condition| condition.id.0).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn the_events_alone_make_the_launch(mut world in beginnings(), tries in tries(40)) {
        for one in tries {
            let before = world.clone();
            if let Err(refusal) = attempt(&mut world, one) {
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
            let bytes = event.bytes();
            let read = Event::read(&bytes);
            prop_assert_eq!(read.as_ref().ok(), Some(event));
            prop_assert_eq!(read.map(|event| event.bytes()).ok(), Some(bytes));
        }
    }

    /// Texts and files are destroyed in between, and with them what some rules compare.
    #[test]
    fn a_history_that_the_rules_made_is_accepted_when_it_is_replayed(
        mut world in beginnings(), tries in tries(60), destroyed in prop::collection::vec(any::<u8>(), 60),
    ) {
        for (one, which) in tries.into_iter().zip(destroyed) {
            if which % 8 == 0 {
                destroy(&mut world, usize::from(which / 8));
            }
            let _ = attempt(&mut world, one);
        }
        let mut replay = Replay::begin(&world.events[0], Arc::clone(&world.state.version)).unwrap();
        for event in &world.events[1..] {
            let taken = replay.take(event);
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

    #[test]
    fn go_is_possible_exactly_when_the_rules_say_so(mut world in beginnings(), tries in tries(40)) {
        let mut model = model(&world, world.events.len());
        for one in tries {
            for event in attempt(&mut world, one).unwrap_or_default() {
                model.take(&event);
            }
            world.now = world.now.max(world.state.last_at);
            let (found, expected) = (world.readiness(), model.judge(world.now));
            let ids = found.conditions.iter().map(|condition| condition.id.0.clone()).collect();
            let verdict = match (expected.blocked, expected.conditions.is_empty()) {
                (true, _) => Verdict::NoGo,
                (false, false) => Verdict::ConditionalGo,
                (false, true) => Verdict::Go,
            };
            prop_assert_eq!((found.verdict, &ids), (verdict, &expected.conditions), "{:?}", found.reasons);
            let owner = world.state.owner;
            let may = world.people[&owner].actor.active;
            let declared = world.answer(owner, world.declare_go());
            let possible = !expected.blocked && world.state.stage == Stage::Preparing && may;
            prop_assert_eq!(declared == Answer::Did("go_declared"), possible, "{:?}", declared);
            if let Stage::Go(decision) = &world.state.stage {
                let known = decision.found.conditions.iter().map(|condition| condition.id.0.clone()).collect();
                let launch = world.answer(owner, Command::Launch { at: None, past: None });
                let possible = !expected.blocked && expected.conditions.is_subset(&known);
                prop_assert_eq!(launch == Answer::Did("launched"), possible && may, "{:?}", launch);
            }
        }
    }

    #[test]
    fn a_judgement_holds_as_long_as_it_says(mut world in beginnings(), tries in tries(25), later in 0..5_000_000_i64) {
        for one in tries {
            let _ = attempt(&mut world, one);
        }
        let now = world.now.max(world.state.last_at);
        let found = readiness(&world.state, now);
        let inside = found.holds_until.map_or(now.plus_seconds(later), |until| now.plus_seconds(later).min(until.plus_seconds(-1)).max(now));
        let then = readiness(&world.state, inside);
        prop_assert_eq!((found.verdict, &found.reasons, &found.conditions), (then.verdict, &then.reasons, &then.conditions));
        prop_assert_eq!(&conditions(&world, inside), &conditions(&world, now));
        prop_assert!(found.holds_until.is_none_or(|until| until > now));
    }

    /// The burn-up is what one finds by asking the launch as it was when each day ended.
    #[test]
    fn each_day_of_the_burn_up_is_as_it_ended(mut world in beginnings(), tries in tries(40), later in 0..3_000_000_i64) {
        for one in tries {
            let _ = attempt(&mut world, one);
        }
        let now = world.now.max(world.state.last_at).plus_seconds(later);
        let zone = world.state.zone().clone();
        let end = match &world.state.stage {
            Stage::Launched(launched) | Stage::Closed { launched, .. } => launched.at,
            Stage::Cancelled { at, .. } => *at,
            Stage::Preparing | Stage::Go(_) | Stage::Held { .. } => now,
        };
        let mut day = Day::of(world.events[0].at, &zone);
        let found = burn_up(&world.state, now);
        for point in &found.points {
            prop_assert_eq!(point.day, day);
            let last = Moment::new(day.end(&zone).timestamp() - jiff::SignedDuration::from_micros(1)).min(end);
            let then = world.past(last);
            let resolved = then.before().filter(|(item, _)| then.is_resolved(item, last)).count();
            prop_assert_eq!(point.resolved, resolved, "{}", day);
            day = Day(day.0.tomorrow().unwrap());
        }
        prop_assert_eq!(found.points.last().map(|point| point.day), Some(Day::of(end, &zone)));
        prop_assert_eq!(found.total, world.state.before().count());
    }

    #[test]
    fn a_launch_of_the_past_is_judged_by_that_past_alone(mut world in beginnings(), tries in tries(25), back in 0..4_000_i64) {
        for one in tries {
            let _ = attempt(&mut world, one);
        }
        world.now = world.now.max(world.state.last_at);
        if let Stage::Go(decision) = &world.state.stage {
            let at = world.now.plus_seconds(-back);
            let meant = LaunchMoment { at, to_the_minute: back % 2 == 0 }.meant(decision.at);
            let answer = world.answer(world.state.owner, world.launch_at(at, back % 2 == 0));
            if meant < decision.at {
                prop_assert_eq!(answer, Answer::Field("at"));
            } else {
                let past = model(&world, world.count_until(meant)).judge(meant);
                let known = decision.found.conditions.iter().map(|condition| condition.id.0.clone()).collect();
                let possible = !past.blocked && past.conditions.is_subset(&known);
                prop_assert_eq!(answer == Answer::Did("launched"), possible, "{:?}", answer);
            }
        }
    }
}

/// The tries above are worth something only if they come to all kinds of things.
#[test]
fn chance_reaches_every_stage_and_most_kinds() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let mut stages: BTreeMap<StageName, usize> = BTreeMap::new();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut refused, mut total) = (0, 0);
    for _ in 0..96 {
        let mut world = beginnings().new_tree(&mut runner).unwrap().current();
        for one in tries(40).new_tree(&mut runner).unwrap().current() {
            total += 1;
            match attempt(&mut world, one) {
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
