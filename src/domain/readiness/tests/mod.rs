//! Table tests of each rule, of conditions, and of how long readiness stays the same.

mod items;
mod signatures;
mod window_and_verdict;

use super::*;
use crate::domain::ids::ItemId;
use crate::domain::launch::{event::ItemState::Open, fixture::*};

/// A change of a launch in which every before-item is done.
type ReadinessStep = fn(&mut World);

fn item_key(world: &World, item: ItemId) -> String {
    world.state.definition(world.state.item(item).unwrap()).key.to_string()
}

/// The reasons as text, without those of the rule for signatures.
fn describe_reasons(world: &World) -> Vec<String> {
    let words = |reason: Reason| match reason {
        Reason::Items { item, state, waiver } => {
            format!(
                "items {} {}{}",
                item_key(world, item),
                state.slug(),
                waiver.map_or(String::new(), |(_, w)| format!(" {w:?}"))
            )
        }
        Reason::Evidence { item, lapsed_on } => {
            format!("evidence {}{}", item_key(world, item), lapsed_on.map_or(String::new(), |day| format!(" {day}")))
        }
        Reason::Justification { item, refused } => {
            format!("justification {}{}", item_key(world, item), if refused { " refused" } else { "" })
        }
        Reason::Signatures { role, lack, .. } => format!("signatures {role} {lack:?}"),
        Reason::Objection { role, .. } => format!("objection {role}"),
        Reason::Window { since } => format!("window {since}"),
    };
    let all = world.readiness().reasons.into_iter();
    all.filter(|reason| reason.rule() != ReadinessRule::Signatures).map(words).collect()
}

fn describe_conditions(world: &World) -> Vec<String> {
    let words = |condition: Condition| match condition.kind {
        ConditionKind::Waiver { expires_on, .. } => format!("waiver {} {expires_on}", item_key(world, condition.item)),
        ConditionKind::Advisory { lack } => format!("advisory {} {}", item_key(world, condition.item), lack.slug()),
    };
    world.readiness().conditions.into_iter().map(words).collect()
}

fn mark_item(world: &mut World, key: &str, state: ItemState) {
    world.run_ok(ANA, world.mark(key, state));
}

fn reopen_and_waive(world: &mut World, key: &str) {
    mark_item(world, key, Open);
    world.waive(key, "2026-11-20", TECH);
}
