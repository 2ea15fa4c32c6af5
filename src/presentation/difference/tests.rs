//! Tests that a difference names who changed each thing.

use super::*;
use crate::domain::launch::{
    command::Command,
    event::{ItemState::Done, Policy},
    fixture::{ANA, BEN, OWNER, TECH, TECH_LEAD, TECH2, World, day, local_time, role, tags},
};

#[test]
fn difference_names_who_changed_each_thing() {
    let mut world = World::new();
    let mut does = |actor, command: fn(&World) -> Command| {
        let command = command(&world);
        let events = world.run(actor, command).unwrap();
        assert!(!events.is_empty());
    };
    does(OWNER, |_| Command::ChangeRestriction { restricted: true });
    does(OWNER, |_| Command::AddParticipant { user: ANA });
    does(OWNER, |_| Command::AddParticipant { user: BEN });
    does(OWNER, |_| Command::RemoveParticipant { user: BEN });
    does(OWNER, |_| Command::ChangePolicy { policy: Policy { slip_days: 3, separation_of_duties: true } });
    does(OWNER, |_| Command::ChangePolicy { policy: Policy { slip_days: 3, separation_of_duties: false } });
    does(OWNER, |world| world.change_target(local_time("2026-12-02T10:00", "America/New_York")));
    does(ANA, |world| Command::WriteNotes { notes: Some(world.text("Mind the cat.")) });
    does(OWNER, |_| Command::SetTags { tags: tags(&["Payments"]) });
    does(OWNER, |_| Command::RemoveHolder { role: role(TECH_LEAD), user: TECH2 });
    does(OWNER, |_| Command::AddHolder { role: role(TECH_LEAD), user: TECH2 });
    does(OWNER, |_| Command::AskSignatures);
    does(ANA, |world| Command::Assign { item: world.item("required-tech"), assignee: Some(ANA), due: None });
    does(TECH, |world| Command::Assign {
        item: world.item("required-tech"),
        assignee: Some(ANA),
        due: Some(day("2026-11-20")),
    });
    does(ANA, |world| world.attach("required-tech"));
    does(ANA, |world| world.comment("required-tech"));
    does(TECH, |world| world.mark("required-tech", Done));
    does(ANA, |world| world.ask_waiver("required-sec", "2026-12-24"));
    does(OWNER, |world| Command::Hold { reason: world.text("a storm") });
    for (count, event) in world.events.iter().enumerate().skip(1) {
        let compared = compare_launches(&world.replay(count), &world.replay(count + 1));
        let sections = compared.sections.iter().flat_map(|section| &section.lines);
        let lines: Vec<_> = compared.launch.iter().chain(&compared.signatures).chain(sections).collect();
        assert!(!lines.is_empty(), "{}", event.change.kind());
        for line in lines.iter().filter(|line| line.subject != "Readiness") {
            let by = Some((event.actor.name.to_string(), event.at));
            assert_eq!(line.by, by, "{}: {line:?}", event.change.kind());
        }
    }
}
