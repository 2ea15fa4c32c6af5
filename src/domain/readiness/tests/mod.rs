//! Table tests of each rule, of conditions, and of how long a judgement holds.

mod items;
mod signatures;
mod whole;

use super::*;
use crate::domain::launch::{event::ItemState::Open, fixture::*};

/// What changes a launch in which every before-item is done.
type Step = fn(&mut World);

fn key(world: &World, item: ItemId) -> String {
    world.state.definition(world.state.item(item).unwrap()).key.to_string()
}

/// Reasons but those of the rule for signatures, in words.
fn reasons(world: &World) -> Vec<String> {
    let words = |reason: Reason| match reason {
        Reason::Items { item, state, waiver } => {
            format!(
                "items {} {}{}",
                key(world, item),
                state.slug(),
                waiver.map_or(String::new(), |(_, w)| format!(" {w:?}"))
            )
        }
        Reason::Evidence { item, lapsed_on } => {
            format!("evidence {}{}", key(world, item), lapsed_on.map_or(String::new(), |day| format!(" {day}")))
        }
        Reason::Justification { item, refused } => {
            format!("justification {}{}", key(world, item), if refused { " refused" } else { "" })
        }
        Reason::Signatures { role, lack, .. } => format!("signatures {role} {lack:?}"),
        Reason::Objection { role, .. } => format!("objection {role}"),
        Reason::Window { since } => format!("window {since}"),
    };
    let all = world.readiness().reasons.into_iter();
    all.filter(|reason| reason.rule() != "signatures").map(words).collect()
}

/// Conditions, in words.
fn conditions(world: &World) -> Vec<String> {
    let words = |condition: Condition| match condition.kind {
        ConditionKind::Waiver { expires_on, .. } => format!("waiver {} {expires_on}", key(world, condition.item)),
        ConditionKind::Advisory { lack } => format!("advisory {} {}", key(world, condition.item), lack.slug()),
    };
    world.readiness().conditions.into_iter().map(words).collect()
}

fn set(world: &mut World, key: &str, state: ItemState) {
    world.does(ANA, world.mark(key, state));
}

fn waive(world: &mut World, key: &str) {
    set(world, key, Open);
    world.waive(key, "2026-11-20", TECH);
}
