//! Another launch like an earlier one: which of its values are carried over.
//!
//! People and tags, and on request the assignees and due days of items. Never states, evidence, waivers or signatures: what
//! somebody found or declared about one launch is not true of another.

use super::{
    command::Command,
    state::{ChecklistVersion, LaunchState},
};
use crate::domain::{
    checklist::Phase,
    ids::{ItemId, LaunchId, UserId},
    time::{Day, LocalTime},
};

/// What is carried over besides people and tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CarriedOver {
    /// Who each item is assigned to.
    pub assignments: bool,
    /// When each item is due, as many days before or after the target as in the earlier launch.
    pub dues: bool,
}

/// The launch that is made: its id, its checklist version, its target and who makes it.
#[derive(Debug, Clone, Copy)]
pub struct AnotherLaunch<'a> {
    pub id: LaunchId,
    pub version: &'a ChecklistVersion,
    pub target: &'a LocalTime,
    pub maker: UserId,
}

/// The commands that make a new launch like an earlier one, with those of its people who are still active members. Roles and items
/// that its version of the checklist does not have are left out; items after the launch can't be assigned before it.
#[must_use]
pub fn plan_another_launch(
    earlier: &LaunchState,
    new: AnotherLaunch<'_>,
    carried: CarriedOver,
    is_member: impl Fn(UserId) -> bool,
) -> Vec<Command> {
    let mut commands = Vec::new();
    for (role, _) in new.version.assignable_roles() {
        let holders = earlier.holders_of(&role).filter(|user| is_member(*user));
        commands.extend(holders.map(|user| Command::AddHolder { role: role.clone(), user }));
    }
    // Who owned a restricted launch still sees the next one.
    let owner = earlier.restricted.then_some(earlier.owner).filter(|owner| !earlier.participants.contains(owner));
    let participants = earlier.participants.iter().copied().chain(owner);
    let participants = participants.filter(|user| *user != new.maker && is_member(*user));
    commands.extend(participants.map(|user| Command::AddParticipant { user }));
    if !earlier.tags.is_empty() {
        commands.push(Command::SetTags { tags: earlier.tags.clone() });
    }
    let shift = earlier.details.target.local.date().until(new.target.local.date()).ok();
    let items_before = new.version.checklist.items().filter(|(_, _, item)| item.phase == Phase::Before);
    for definition in items_before.map(|(_, _, item)| item) {
        let Some(item) = earlier.item(ItemId::from_key(earlier.id, &definition.key)) else { continue };
        let assignee = item.assignment.assignee.as_ref().map(|person| person.id);
        let assignee = assignee.filter(|user| carried.assignments && is_member(*user));
        let shifted = |due: Day| due.0.checked_add(shift?).ok().map(Day);
        let due = item.assignment.due.filter(|_| carried.dues).and_then(shifted);
        if assignee.is_some() || due.is_some() {
            commands.push(Command::Assign { item: ItemId::from_key(new.id, &definition.key), assignee, due });
        }
    }
    commands
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::launch::fixture::{
        ANA, BEN, DEACTIVATED, OPERATIONS, OWNER, SECURITY, STRANGER, TECH, TECH_LEAD, World, checklist, day,
        local_time, role,
    };

    const NEW: LaunchId = LaunchId(uuid::Uuid::from_u128(0x2000));

    /// The commands as words: `holder tech_lead <user>`, `assign <key> <user> <due>`.
    fn plan(
        world: &World,
        version: &ChecklistVersion,
        target: &str,
        carried: CarriedOver,
        maker: UserId,
    ) -> Vec<String> {
        let target = local_time(target, "Europe/Lisbon");
        let new = AnotherLaunch { id: NEW, version, target: &target, maker };
        let is_member = |user: UserId| user != DEACTIVATED && user != STRANGER;
        let describe = |command: Command| match command {
            Command::AddHolder { role, user } => format!("holder {role} {user}"),
            Command::AddParticipant { user } => format!("participant {user}"),
            Command::Assign { item, assignee, due } => {
                let keys = version.checklist.items().map(|(_, _, item)| item.key.clone());
                let key = keys.into_iter().find(|key| ItemId::from_key(NEW, key) == item).unwrap();
                let assignee = assignee.map_or_else(|| "nobody".to_owned(), |user| user.to_string());
                format!("assign {key} {assignee} {}", due.map_or_else(|| "never".to_owned(), |due| due.to_string()))
            }
            other => panic!("{other:?}"),
        };
        plan_another_launch(&world.state, new, carried, is_member).into_iter().map(describe).collect()
    }

    const ALL: CarriedOver = CarriedOver { assignments: true, dues: true };
    const PEOPLE: CarriedOver = CarriedOver { assignments: false, dues: false };

    fn assigned() -> World {
        let mut world = World::new();
        let item = world.item("required-any");
        world.run(OWNER, Command::Assign { item, assignee: Some(ANA), due: Some(day("2026-11-24")) }).unwrap();
        world
    }

    #[test]
    fn holders_are_carried_over_for_the_roles_that_the_version_has() {
        let world = World::new();
        let version = checklist::every_kind_of_item();
        let planned = plan(&world, &version, "2027-01-05T09:00", PEOPLE, OWNER);
        assert!(planned.contains(&format!("holder {TECH_LEAD} {TECH}")), "{planned:?}");
        assert!(planned.iter().all(|line| line.starts_with("holder ")), "{planned:?}");
        let mut without = checklist::every_kind_of_item();
        without.checklist.required_roles.retain(|required| required.role.as_str() != OPERATIONS);
        for part in &mut without.checklist.parts {
            for item in part.sections.iter_mut().flat_map(|section| &mut section.items) {
                item.role = item.role.take().filter(|role| role.as_str() != OPERATIONS);
            }
        }
        let fewer = plan(&world, &without, "2027-01-05T09:00", PEOPLE, OWNER);
        let gone: Vec<_> = planned.iter().filter(|line| !fewer.contains(line)).collect();
        assert!(!gone.is_empty() && gone.iter().all(|line| line.contains(OPERATIONS)), "{gone:?}");
    }

    #[test]
    fn people_who_left_are_not_carried_over() {
        let mut world = World::new();
        world.people.get_mut(&DEACTIVATED).unwrap().actor.active = true;
        let item = world.item("required-any");
        world.run(OWNER, Command::AddHolder { role: role(SECURITY), user: DEACTIVATED }).unwrap();
        world.run(OWNER, Command::Assign { item, assignee: Some(DEACTIVATED), due: None }).unwrap();
        let planned = plan(&world, &checklist::every_kind_of_item(), "2027-01-05T09:00", ALL, OWNER);
        assert!(planned.iter().all(|line| !line.contains(&DEACTIVATED.to_string())), "{planned:?}");
        assert!(!planned.iter().any(|line| line.starts_with("assign")), "{planned:?}");
    }

    #[test]
    fn owner_and_participants_of_a_restricted_launch_take_part_in_the_next() {
        let world = World::restricted();
        let version = checklist::every_kind_of_item();
        let people = |maker| {
            let planned = plan(&world, &version, "2027-01-05T09:00", PEOPLE, maker);
            planned.into_iter().filter(|line| line.starts_with("participant")).collect::<Vec<_>>()
        };
        assert_eq!(people(OWNER), [format!("participant {ANA}")]);
        assert_eq!(people(ANA), [format!("participant {OWNER}")]);
        assert_eq!(people(BEN), [format!("participant {ANA}"), format!("participant {OWNER}")]);
    }

    #[test]
    fn assignments_and_due_days_are_carried_over_where_wanted() {
        let (world, version) = (assigned(), checklist::every_kind_of_item());
        // The earlier target is 1 December 2026, and the item was due a week before.
        for (target, carried, expected) in [
            ("2027-01-05T09:00", ALL, Some(format!("assign required-any {ANA} 2026-12-29"))),
            ("2026-12-01T23:00", ALL, Some(format!("assign required-any {ANA} 2026-11-24"))),
            ("2026-10-01T09:00", ALL, Some(format!("assign required-any {ANA} 2026-09-24"))),
            ("2028-03-07T09:00", ALL, Some(format!("assign required-any {ANA} 2028-02-29"))),
            ("2027-01-05T09:00", CarriedOver { dues: false, ..ALL }, Some(format!("assign required-any {ANA} never"))),
            (
                "2027-01-05T09:00",
                CarriedOver { assignments: false, ..ALL },
                Some("assign required-any nobody 2026-12-29".into()),
            ),
            ("2027-01-05T09:00", PEOPLE, None),
        ] {
            let planned = plan(&world, &version, target, carried, OWNER);
            let items: Vec<_> = planned.into_iter().filter(|line| line.starts_with("assign")).collect();
            assert_eq!(items, Vec::from_iter(expected), "{target}, {carried:?}");
        }
    }

    #[test]
    fn item_that_the_version_does_not_have_is_left_out() {
        let world = assigned();
        let mut version = checklist::every_kind_of_item();
        for part in &mut version.checklist.parts {
            part.sections
                .iter_mut()
                .for_each(|section| section.items.retain(|item| item.key.as_str() != "required-any"));
        }
        let planned = plan(&world, &version, "2027-01-05T09:00", ALL, OWNER);
        assert!(!planned.iter().any(|line| line.starts_with("assign")), "{planned:?}");
    }
}
