//! What an event costs to replay: no more at the end of a long history than at its beginning.
//!
//! Each history is the same few events many times over. What is measured is the processor time of this thread, of the
//! cheapest batches near the beginning and near the end; the launch as it stands is the same at both.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use uuid::Uuid;

use super::*;
use crate::domain::{
    ids::{CommentId, EvidenceId, SignatureId, UserId, WaiverId},
    launch::{
        event::{
            PersonRef, ReadinessSnapshot, SignatureRecord,
            Vote::{self, Go, NoGo},
        },
        fixture::*,
    },
    readiness::Verdict,
};

/// How often the events come, and how many of these are one batch.
const STEPS: usize = 6_000;
const BATCH: usize = 200;
/// How many times as much a batch may cost at the end.
const MOST: u32 = 2;

/// What happens in one step of a history: by whom.
type Step = fn(&World, usize) -> Vec<(UserId, Change)>;

fn id(kind: u128, step: usize) -> Uuid {
    Uuid::from_u128((kind << 64) + step as u128)
}

fn text(kind: u8, step: usize) -> Commitment {
    Commitment(Sha256Hash::compute(format!("{kind} {step}").as_bytes()))
}

fn item(w: &World, key: &str) -> crate::domain::ids::ItemId {
    w.item(key)
}

/// A signature like one that was made, by somebody else or with another verdict.
fn signed(w: &World, by: UserId, step: usize, verdict: Vote) -> (UserId, Change) {
    let record = &w.state.signatures.iter().find(|it| it.record.role == role(TECH_LEAD)).unwrap().record;
    let signer = PersonRef { id: by, name: w.people[&by].name.clone() };
    let (email, comment) = (w.people[&by].email.clone(), Some(text(1, step)));
    let id = SignatureId(id(1, step));
    (by, Change::Signed(Box::new(SignatureRecord { id, signer, email, verdict, comment, ..record.clone() })))
}

fn withdrawn(by: UserId, step: usize) -> (UserId, Change) {
    let (signature, role, comment) = (SignatureId(id(1, step)), role(TECH_LEAD), text(2, step));
    (by, Change::SignatureWithdrawn { signature, role, comment, proved_at: moment("2026-11-02T15:00:00.000000Z") })
}

fn note(w: &World, key: &str, step: usize, source: Option<EvidenceId>) -> (UserId, Change) {
    let (item, evidence) = (item(w, key), EvidenceId(id(2, step)));
    let content = EvidenceContent::Note { body: text(3, if source.is_some() { 0 } else { step }) };
    let observed_on = day("2026-11-01");
    (ANA, Change::EvidenceAttached { item, evidence, content, observed_on, valid_until: None, source })
}

fn evidence_withdrawn(w: &World, key: &str, step: usize) -> (UserId, Change) {
    (ANA, Change::EvidenceWithdrawn { item: item(w, key), evidence: EvidenceId(id(2, step)), reason: text(4, step) })
}

fn waiver_asked(w: &World, step: usize) -> (UserId, Change) {
    let (item, waiver) = (item(w, "item-0"), WaiverId(id(3, step)));
    let (reason, control, expires_on) = (text(5, step), text(6, step), day("2027-12-30"));
    (ANA, Change::WaiverAsked { item, waiver, reason, control, expires_on })
}

fn redacted(redaction: Redaction, step: usize) -> (UserId, Change) {
    (ANA, Change::Redacted { what: redaction, reason: text(9, step) })
}

const SHAPES: [(&str, Step); 10] = [
    ("signatures", |w, step| vec![signed(w, TECH, step, if step % 2 == 0 { NoGo } else { Go })]),
    ("signatures that are withdrawn", |w, step| vec![signed(w, TECH2, step, Go), withdrawn(TECH2, step)]),
    ("texts that are redacted", |w, step| {
        let (item, comment, body) = (item(w, "item-0"), CommentId(id(4, step)), text(7, step));
        let what = Redaction::Text { commitment: body, field: TextField::Comment };
        vec![(ANA, Change::CommentAdded { item, comment, body }), redacted(what, step)]
    }),
    ("files that are redacted", |w, step| {
        let (item, evidence) = (item(w, "item-0"), EvidenceId(id(2, step)));
        let sha256 = text(8, step).0;
        let media_type = "text/plain".to_owned();
        let content = EvidenceContent::File { name: text(3, step), sha256, size: 7, media_type };
        let observed_on = day("2026-11-01");
        vec![
            (ANA, Change::EvidenceAttached { item, evidence, content, observed_on, valid_until: None, source: None }),
            redacted(Redaction::File { sha256 }, step),
            evidence_withdrawn(w, "item-0", step),
        ]
    }),
    ("evidence that is withdrawn, between signatures", |w, step| {
        vec![
            note(w, "item-0", step, None),
            evidence_withdrawn(w, "item-0", step),
            signed(w, TECH, step, if step % 2 == 0 { NoGo } else { Go }),
        ]
    }),
    ("evidence that is used again and withdrawn", |w, step| match step {
        0 => vec![note(w, "item-0", 0, None)],
        _ => vec![note(w, "item-1", step, Some(EvidenceId(id(2, 0)))), evidence_withdrawn(w, "item-1", step)],
    }),
    ("waivers that are refused, between signatures", |w, step| {
        let (item, waiver, reason) = (item(w, "item-0"), WaiverId(id(3, step)), text(7, step));
        vec![
            waiver_asked(w, step),
            (TECH, Change::WaiverRefused { item, waiver, reason }),
            signed(w, TECH, step, if step % 2 == 0 { NoGo } else { Go }),
        ]
    }),
    ("waivers that are revoked, between signatures", |w, step| {
        let (item, waiver) = (item(w, "item-0"), WaiverId(id(3, step)));
        vec![
            waiver_asked(w, step),
            (TECH, Change::WaiverApproved { item, waiver, reason: None }),
            (OWNER, Change::WaiverRevoked { item, waiver, reason: text(7, step) }),
            signed(w, TECH, step, if step % 2 == 0 { NoGo } else { Go }),
        ]
    }),
    ("holders", |w, _| {
        let (role, person) = (role(TECH_LEAD), PersonRef { id: BEN, name: w.people[&BEN].name.clone() });
        let added = Change::HolderAdded { role: role.clone(), person: person.clone() };
        vec![(OWNER, added), (OWNER, Change::HolderRemoved { role, person })]
    }),
    ("decisions, between signatures", |w, step| {
        let found = ReadinessSnapshot { verdict: Verdict::Go, reasons: Vec::new(), conditions: Vec::new() };
        let proved_at = moment("2026-11-02T15:00:00.000000Z");
        vec![
            signed(w, TECH2, step, Go),
            withdrawn(TECH2, step),
            (OWNER, Change::GoDeclared { found, acknowledged: Vec::new(), saw: None, proved_at }),
            (OWNER, Change::Reopened { reason: text(7, step) }),
        ]
    }),
];

fn processor_time() -> Duration {
    clock_gettime(ClockId::ThreadCPUTime).try_into().unwrap()
}

/// The processor time of each batch of steps.
fn costs(w: &World, step: Step) -> Result<Vec<Duration>, String> {
    let mut replay = LaunchReplay::begin(&w.events[0], Arc::clone(&w.state.version)).map_err(|why| why.to_string())?;
    w.events[1..].iter().try_for_each(|event| replay.apply_event(event)).map_err(|why| why.to_string())?;
    let mut last = w.events.last().unwrap().clone();
    let mut costs = Vec::new();
    for batch in 0..STEPS / BATCH {
        let changes: Vec<_> = (batch * BATCH..(batch + 1) * BATCH).flat_map(|at| step(w, at)).collect();
        let events: Vec<Event> = changes
            .into_iter()
            .map(|(by, change)| {
                last.seq += 1;
                let actor = PersonRef { id: by, name: w.people[&by].name.clone() };
                Event { actor, change, ..last.clone() }
            })
            .collect();
        let begun = processor_time();
        events.iter().try_for_each(|event| replay.apply_event(event)).map_err(|why| why.to_string())?;
        costs.push(processor_time() - begun);
    }
    Ok(costs)
}

#[test]
fn event_costs_no_more_at_the_end_of_a_long_history() {
    for (shape, step) in SHAPES {
        let mut w = World::from_version(checklist::large_version(2), false);
        // Decisions need everything done, and waivers something that is not.
        if shape.starts_with("decisions") {
            w = w.signed();
        } else {
            w.run_ok(TECH, w.sign(TECH_LEAD, Go));
        }
        let costs = costs(&w, step).unwrap_or_else(|why| panic!("{shape}: {why}"));
        let least = |batches: &[Duration]| batches.iter().min().copied().unwrap();
        let (first, end) = (least(&costs[1..6]), least(&costs[costs.len() - 5..]));
        println!("{shape}: {first:?} at first, {end:?} at the end");
        assert!(end <= first * MOST, "{shape}: {costs:?}");
    }
}
