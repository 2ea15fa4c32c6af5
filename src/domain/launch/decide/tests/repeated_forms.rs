//! Tests that a form creates a thing only once, however often it is sent.

use crate::domain::launch::{
    command::{Command, NewSignature, Refusal},
    decide::{decide_repeated_creation, decide_replayed},
    event::{
        EvidenceContent,
        ItemState::Done,
        Vote::{Go, NoGo},
    },
    fixture::*,
};

const ITEM_KEY: &str = "required-sec";

fn world_with_evidence() -> World {
    let mut world = World::new();
    world.run_ok(ANA, world.attach("required-any-proof"));
    world
}

fn creating_commands(world: &World) -> Vec<Command> {
    vec![
        world.comment(ITEM_KEY),
        world.attach(ITEM_KEY),
        world.ask_waiver(ITEM_KEY, "2026-12-24"),
        world.reuse_evidence("required-any-proof", ITEM_KEY),
        Command::RequestEvidence { item: world.item(ITEM_KEY), request: world.id(), text: world.text("more") },
    ]
}

#[test]
fn repeated_form_succeeds_without_an_event() {
    let mut world = world_with_evidence();
    for command in creating_commands(&world) {
        world.run_ok(ANA, command.clone());
        // The answer is the same as the first time, even if the item can no longer be waived or the launch is over.
        let mut later = world.clone();
        later.run_ok(ANA, later.mark(ITEM_KEY, Done));
        assert_eq!(later.run(ANA, command.clone()), Ok(Vec::new()), "{command:?}");
        assert_eq!(later.cancelled().run(ANA, command.clone()), Ok(Vec::new()), "{command:?}");
    }
}

#[test]
fn repeated_form_of_something_withdrawn_since_is_a_conflict() {
    let mut world = world_with_evidence();
    let comment = world.comment(ITEM_KEY);
    let Command::AddComment { comment: id, .. } = comment else { panic!("{comment:?}") };
    world.run_ok(ANA, comment.clone());
    world.run_ok(ANA, Command::DeleteComment { comment: id });
    assert_eq!(world.dry_run(ANA, comment), OutcomeSummary::Conflict, "a deleted comment");
    for attach in [world.attach(ITEM_KEY), world.reuse_evidence("required-any-proof", ITEM_KEY)] {
        world.run_ok(ANA, attach.clone());
        world.run_ok(ANA, world.withdraw_evidence(ITEM_KEY));
        assert_eq!(world.dry_run(ANA, attach), OutcomeSummary::Conflict, "withdrawn evidence");
    }
    let command = world.ask_waiver(ITEM_KEY, "2026-12-24");
    world.run_ok(ANA, command.clone());
    world.run_ok(SEC, world.decide_waiver(ITEM_KEY, false));
    assert_eq!(world.dry_run(ANA, command), OutcomeSummary::Conflict, "a refused waiver");
    let command = world.ask_waiver(ITEM_KEY, "2026-12-24");
    world.run_ok(ANA, command.clone());
    world.run_ok(SEC, world.decide_waiver(ITEM_KEY, true));
    assert_eq!(world.dry_run(ANA, command.clone()), OutcomeSummary::NoChange, "an approved one is there");
    world.run_ok(SEC, world.revoke_waiver(ITEM_KEY));
    assert_eq!(world.dry_run(ANA, command), OutcomeSummary::Conflict, "a revoked one is not");
}

#[test]
fn repeated_form_of_something_that_is_no_longer_as_it_was_sent_is_a_conflict() {
    let mut world = world_with_evidence();
    let comment = world.comment(ITEM_KEY);
    let Command::AddComment { comment: id, .. } = comment else { panic!("{comment:?}") };
    world.run_ok(ANA, comment.clone());
    let mut hidden = world.clone();
    hidden.run_ok(OWNER, Command::HideComment { comment: id });
    assert_eq!(hidden.dry_run(ANA, comment.clone()), OutcomeSummary::Conflict, "a hidden comment");
    hidden.run_ok(OWNER, Command::ShowComment { comment: id });
    assert_eq!(hidden.dry_run(ANA, comment.clone()), OutcomeSummary::NoChange, "shown again");
    let mut edited = world.clone();
    edited.run_ok(ANA, Command::EditComment { comment: id, body: world.text("something else") });
    assert_eq!(edited.dry_run(ANA, comment.clone()), OutcomeSummary::Conflict, "an edited comment");

    let request = world.id();
    let ask = Command::RequestEvidence { item: world.item(ITEM_KEY), request, text: world.text("more") };
    world.run_ok(ANA, ask.clone());
    let mut answered = world.clone();
    answered.run_ok(BEN, Command::AnswerRequest { request, text: world.text("here") });
    assert_eq!(answered.dry_run(ANA, ask.clone()), OutcomeSummary::Conflict, "an answered request");

    let waiver = world.ask_waiver(ITEM_KEY, "2026-12-24");
    world.run_ok(ANA, waiver.clone());
    let mut later = world.clone();
    later.now = moment("2026-12-26T00:00:00.000000Z");
    assert_eq!(later.dry_run(ANA, waiver.clone()), OutcomeSummary::Conflict, "a waiver whose last day is over");

    let note = world.attach(ITEM_KEY);
    world.run_ok(ANA, note.clone());
    // The first text of each is redacted.
    for command in [comment, ask, waiver, note] {
        let mut redacted = world.clone();
        assert_eq!(redacted.dry_run(ANA, command.clone()), OutcomeSummary::NoChange, "{command:?}");
        let known: Vec<_> = redacted.state.comments.values().map(|comment| comment.body).collect();
        let texts = known
            .into_iter()
            .chain(redacted.state.evidence_requests.values().map(|request| request.text))
            .chain(redacted.state.waivers.values().map(|waiver| waiver.reason))
            .chain(redacted.state.evidence.values().filter_map(|evidence| match evidence.content {
                EvidenceContent::Note { body } => Some(body),
                _ => None,
            }))
            .collect::<Vec<_>>();
        for text in texts {
            redacted.state.current.destroy_text(text);
        }
        assert_eq!(redacted.dry_run(ANA, command.clone()), OutcomeSummary::Conflict, "redacted: {command:?}");
    }
}

#[test]
fn repeated_form_of_a_lifted_objection_is_a_conflict() {
    let mut world = World::new();
    let objection = world.signature(TECH_LEAD, NoGo);
    let sign = |new: &NewSignature| Command::Sign(Box::new(new.clone()));
    world.run_ok(TECH, sign(&objection));
    world.run_ok(ANA, world.mark("required-tech", Done));
    assert_eq!(world.dry_run(TECH, sign(&objection)), OutcomeSummary::NoChange, "it still objects");
    let lifting = NewSignature {
        lifts: Some(objection.id),
        comment: Some(world.text("settled")),
        ..world.signature(TECH_LEAD, Go)
    };
    world.run_ok(TECH2, sign(&lifting));
    assert_eq!(world.dry_run(TECH, sign(&objection)), OutcomeSummary::Conflict, "lifted");
}

#[test]
fn repeated_form_of_a_launch_succeeds_while_it_is_as_it_was_made() {
    let created = World::new();
    let again = |now: &World, actor| decide_repeated_creation(&created.state, &now.state, actor);
    assert_eq!(again(&created, OWNER), Ok(()));
    assert_eq!(again(&created, ANA), Err(Refusal::NotFound));
    let mut marked = created.clone();
    marked.run_ok(ANA, marked.mark(ITEM_KEY, Done));
    assert_eq!(again(&marked, OWNER), Ok(()), "work on it changes nothing that was sent");
    let mut renamed = created.clone();
    renamed.run_ok(OWNER, renamed.change_target(local_time("2026-12-05T09:00", "UTC")));
    let mut given = created.clone();
    given.run_ok(OWNER, Command::TransferOwnership { to: ANA, reason: None });
    for (what, now) in [("cancelled", &created.clone().cancelled()), ("changed", &renamed), ("transferred", &given)] {
        assert!(matches!(again(now, OWNER), Err(Refusal::Conflict(_))), "{what}");
    }
}

#[test]
fn repeated_form_by_another_person_or_on_another_item_is_not_found() {
    let mut world = world_with_evidence();
    for command in creating_commands(&world) {
        world.run_ok(ANA, command.clone());
        assert_eq!(world.run(BEN, command.clone()), Err(Refusal::NotFound), "{command:?}");
        let other = world.item("required-tech");
        let moved = match command {
            Command::AddComment { comment, body, .. } => Command::AddComment { item: other, comment, body },
            Command::AttachEvidence { evidence, content, observed_on, valid_until, .. } => {
                Command::AttachEvidence { item: other, evidence, content, observed_on, valid_until }
            }
            Command::ReuseEvidence { evidence, source, observed_on, valid_until, .. } => {
                Command::ReuseEvidence { item: other, evidence, source, observed_on, valid_until }
            }
            Command::AskWaiver { waiver, reason, control, expires_on, .. } => {
                Command::AskWaiver { item: other, waiver, reason, control, expires_on }
            }
            Command::RequestEvidence { request, text, .. } => Command::RequestEvidence { item: other, request, text },
            other => panic!("{other:?}"),
        };
        assert_eq!(world.run(ANA, moved.clone()), Err(Refusal::NotFound), "{moved:?}");
    }
}

#[test]
fn request_repeated_while_open_is_no_event_but_stays_one_in_old_histories() {
    let mut world = World::new();
    let ask = |world: &World| Command::RequestEvidence {
        item: world.item(ITEM_KEY),
        request: world.id(),
        text: world.text("more"),
    };
    world.run_ok(ANA, ask(&world));
    assert_eq!(world.dry_run(ANA, ask(&world)), OutcomeSummary::NoChange);
    assert_eq!(world.dry_run(BEN, ask(&world)), OutcomeSummary::NoChange, "whoever asks");
    world.run_ok(OWNER, Command::AskSignatures);
    assert_eq!(world.dry_run(OWNER, Command::AskSignatures), OutcomeSummary::NoChange);
    // Before this rule, both were events.
    for (actor, command) in [(BEN, ask(&world)), (OWNER, Command::AskSignatures)] {
        let replayed = decide_replayed(&world.state, command.clone(), &world.context(actor, &command));
        assert_eq!(replayed.map(|decided| decided.events.len()), Ok(1), "{command:?}");
    }
}
