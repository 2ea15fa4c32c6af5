//! The rules for signatures and objections.

use super::*;
use crate::domain::launch::{
    command::Command,
    event::{
        ItemState::{Blocked, NotApplicable},
        Vote::{Go, NoGo},
    },
};

#[test]
fn each_required_role_needs_a_go_that_counts_and_the_lack_is_told() {
    let table: [(&str, Step, &[&str]); 10] = [
        ("all signed", |_| {}, &[]),
        ("withdrawn", |w| drop(w.does(TECH, w.withdraw_signature(first(w))).clone()), &["tech_lead Withdrawn"]),
        ("stale", |w| set(w, "critical-tech", Blocked), &["tech_lead Stale"]),
        (
            "all stale",
            |w| set(w, "critical-any", Blocked),
            &["tech_lead Stale", "operations Stale", "security Stale", "product Stale"],
        ),
        (
            "no holder any more",
            |w| drop(w.does(OWNER, Command::RemoveHolder { role: role(TECH_LEAD), user: TECH }).clone()),
            &["tech_lead NotHolder"],
        ),
        ("now against", |w| drop(w.does(TECH, w.sign(TECH_LEAD, NoGo)).clone()), &["tech_lead Objects"]),
        ("another against", |w| drop(w.does(TECH2, w.sign(TECH_LEAD, NoGo)).clone()), &[]),
        (
            "another for, this one stale",
            |w| {
                set(w, "critical-tech", Blocked);
                w.does(TECH2, w.sign(TECH_LEAD, Go));
            },
            &[],
        ),
        (
            "a stale go, then another's withdrawn",
            |w| {
                set(w, "critical-tech", Blocked);
                w.does(TECH2, w.sign(TECH_LEAD, Go));
                w.does(TECH2, w.withdraw_signature(w.newest_signature()));
            },
            &["tech_lead Withdrawn"],
        ),
        (
            "a role that need not sign",
            |w| {
                w.does(OWNER, Command::AddHolder { role: role(LEGAL), user: BEN });
                w.does(BEN, w.sign(LEGAL, Go));
            },
            &[],
        ),
    ];
    let signed = World::new().signed();
    for (what, step, expected) in table {
        let mut world = signed.clone();
        step(&mut world);
        let lacks = world.readiness().reasons.into_iter().filter_map(|reason| match reason {
            Reason::Signatures { role, lack, .. } => Some(format!("{role} {lack:?}")),
            _ => None,
        });
        assert_eq!(lacks.collect::<Vec<_>>(), expected, "{what}");
    }
    let unsigned: Vec<_> = World::new().all_done().readiness().reasons;
    let not_signed = |slug| Reason::Signatures { role: role(slug), lack: SignatureLack::NotSigned, signature: None };
    assert_eq!(unsigned, REQUIRED.map(not_signed));
}

/// Tess's signature for `tech_lead`.
fn first(world: &World) -> SignatureId {
    world.state.signatures[0].record.id
}

#[test]
fn an_objection_in_any_role_blocks_until_it_is_withdrawn_replaced_or_lifted() {
    let table: [(&str, Step, &[&str]); 7] = [
        ("none", |_| {}, &[]),
        ("beside a go that counts", |w| object(w), &["objection tech_lead"]),
        (
            "in a role that need not sign",
            |w| {
                w.does(OWNER, Command::AddHolder { role: role(LEGAL), user: BEN });
                w.does(BEN, w.sign(LEGAL, NoGo));
            },
            &["objection legal"],
        ),
        (
            "though the scope has changed and its signer is off the role",
            |w| {
                object(w);
                set(w, "advisory-tech", NotApplicable);
                w.does(OWNER, Command::RemoveHolder { role: role(TECH_LEAD), user: TECH2 });
            },
            &["objection tech_lead"],
        ),
        (
            "withdrawn",
            |w| {
                object(w);
                w.does(TECH2, w.withdraw_signature(w.newest_signature()));
            },
            &[],
        ),
        (
            "replaced by its signer's go",
            |w| {
                object(w);
                w.does(TECH2, w.sign(TECH_LEAD, Go));
            },
            &[],
        ),
        (
            "lifted",
            |w| {
                object(w);
                w.does(TECH, w.lift(TECH_LEAD, w.newest_signature()));
            },
            &[],
        ),
    ];
    let signed = World::new().signed();
    for (what, step, expected) in table {
        let mut world = signed.clone();
        step(&mut world);
        assert_eq!(reasons(&world), expected, "{what}");
    }
}

fn object(world: &mut World) {
    world.does(TECH2, world.sign(TECH_LEAD, NoGo));
}
