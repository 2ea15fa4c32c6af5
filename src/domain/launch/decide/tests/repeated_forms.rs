//! Tests that a form creates a thing only once, however often it is sent.

use crate::domain::launch::{
    command::{Command, Refusal},
    decide::decide_replayed,
    event::ItemState::Done,
    fixture::*,
};

const ITEM_KEY: &str = "required-sec";

/// A world with evidence to reuse.
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
    let asked = world.ask_waiver(ITEM_KEY, "2026-12-24");
    world.run_ok(ANA, asked.clone());
    world.run_ok(SEC, world.decide_waiver(ITEM_KEY, false));
    assert_eq!(world.dry_run(ANA, asked), OutcomeSummary::Conflict, "a refused waiver");
    let asked = world.ask_waiver(ITEM_KEY, "2026-12-24");
    world.run_ok(ANA, asked.clone());
    world.run_ok(SEC, world.decide_waiver(ITEM_KEY, true));
    assert_eq!(world.dry_run(ANA, asked.clone()), OutcomeSummary::NoChange, "an approved one is there");
    world.run_ok(SEC, world.revoke_waiver(ITEM_KEY));
    assert_eq!(world.dry_run(ANA, asked), OutcomeSummary::Conflict, "a revoked one is not");
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
