//! What a form makes is made once, however often the form is sent.

use crate::domain::launch::{
    command::{Command, Refusal},
    event::ItemState::Done,
    fixture::*,
};

const KEY: &str = "required-sec";

/// With evidence to use again.
fn world() -> World {
    let mut world = World::new();
    world.does(ANA, world.attach("required-any-proof"));
    world
}

fn makers(world: &World) -> Vec<Command> {
    vec![
        world.comment(KEY),
        world.attach(KEY),
        world.ask_waiver(KEY, "2026-12-24"),
        world.use_again("required-any-proof", KEY),
        Command::RequestEvidence { item: world.item(KEY), request: world.id(), text: world.text("more") },
    ]
}

#[test]
fn the_same_thing_again_is_success_without_an_event() {
    let mut world = world();
    for command in makers(&world) {
        world.does(ANA, command.clone());
        // As the first time, though the item could not be waived any more, or the launch is over.
        let mut later = world.clone();
        later.does(ANA, later.mark(KEY, Done));
        assert_eq!(later.run(ANA, command.clone()), Ok(Vec::new()), "{command:?}");
        assert_eq!(later.cancelled().run(ANA, command.clone()), Ok(Vec::new()), "{command:?}");
    }
}

#[test]
fn what_was_taken_back_since_is_not_reported_as_made() {
    let mut world = world();
    let comment = world.comment(KEY);
    let Command::Comment { comment: id, .. } = comment else { panic!("{comment:?}") };
    world.does(ANA, comment.clone());
    world.does(ANA, Command::DeleteComment { comment: id });
    assert_eq!(world.answer(ANA, comment), Answer::Conflict, "a deleted comment");
    for attach in [world.attach(KEY), world.use_again("required-any-proof", KEY)] {
        world.does(ANA, attach.clone());
        world.does(ANA, world.withdraw_evidence(KEY));
        assert_eq!(world.answer(ANA, attach), Answer::Conflict, "withdrawn evidence");
    }
    let asked = world.ask_waiver(KEY, "2026-12-24");
    world.does(ANA, asked.clone());
    world.does(SEC, world.decide_waiver(KEY, false));
    assert_eq!(world.answer(ANA, asked), Answer::Conflict, "a refused waiver");
    let asked = world.ask_waiver(KEY, "2026-12-24");
    world.does(ANA, asked.clone());
    world.does(SEC, world.decide_waiver(KEY, true));
    assert_eq!(world.answer(ANA, asked.clone()), Answer::Nothing, "an approved one is there");
    world.does(SEC, world.revoke_waiver(KEY));
    assert_eq!(world.answer(ANA, asked), Answer::Conflict, "a revoked one is not");
}

#[test]
fn for_anybody_else_and_on_another_item_it_is_not_there() {
    let mut world = world();
    for command in makers(&world) {
        world.does(ANA, command.clone());
        assert_eq!(world.run(BEN, command.clone()), Err(Refusal::NotFound), "{command:?}");
        let other = world.item("required-tech");
        let moved = match command {
            Command::Comment { comment, body, .. } => Command::Comment { item: other, comment, body },
            Command::Attach { evidence, content, observed_on, valid_until, .. } => {
                Command::Attach { item: other, evidence, content, observed_on, valid_until }
            }
            Command::UseAgain { evidence, source, observed_on, valid_until, .. } => {
                Command::UseAgain { item: other, evidence, source, observed_on, valid_until }
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
