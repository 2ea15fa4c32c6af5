//! Tests the rules for signatures and objections.

use super::*;
use crate::domain::ids::SignatureId;
use crate::domain::launch::{
    command::Command,
    event::{
        ItemState::{Blocked, NotApplicable},
        Vote::{Go, NoGo},
    },
};

#[test]
fn readiness_required_role_without_current_go_is_a_reason() {
    let table: [(&str, ReadinessStep, &[&str]); 10] = [
        ("all signed", |_| {}, &[]),
        (
            "withdrawn",
            |w| drop(w.run_ok(TECH, w.withdraw_signature(first_signature_id(w))).clone()),
            &["tech_lead Withdrawn"],
        ),
        ("stale", |w| mark_item(w, "critical-tech", Blocked), &["tech_lead Stale"]),
        (
            "all stale",
            |w| mark_item(w, "critical-any", Blocked),
            &["tech_lead Stale", "operations Stale", "security Stale", "product Stale"],
        ),
        (
            "no holder any more",
            |w| drop(w.run_ok(OWNER, Command::RemoveHolder { role: role(TECH_LEAD), user: TECH }).clone()),
            &["tech_lead NotHolder"],
        ),
        ("now against", |w| drop(w.run_ok(TECH, w.sign(TECH_LEAD, NoGo)).clone()), &["tech_lead Objects"]),
        ("another against", |w| drop(w.run_ok(TECH2, w.sign(TECH_LEAD, NoGo)).clone()), &[]),
        (
            "another for, this one stale",
            |w| {
                mark_item(w, "critical-tech", Blocked);
                w.run_ok(TECH2, w.sign(TECH_LEAD, Go));
            },
            &[],
        ),
        (
            "a stale go, then another's withdrawn",
            |w| {
                mark_item(w, "critical-tech", Blocked);
                w.run_ok(TECH2, w.sign(TECH_LEAD, Go));
                w.run_ok(TECH2, w.withdraw_signature(w.newest_signature()));
            },
            &["tech_lead Withdrawn"],
        ),
        (
            "a role that need not sign",
            |w| {
                w.run_ok(OWNER, Command::AddHolder { role: role(LEGAL), user: BEN });
                w.run_ok(BEN, w.sign(LEGAL, Go));
            },
            &[],
        ),
    ];
    let signed = World::new().signed();
    for (case, step, expected) in table {
        let mut world = signed.clone();
        step(&mut world);
        let lacks = world.readiness().reasons.into_iter().filter_map(|reason| match reason {
            Reason::Signatures { role, lack, .. } => Some(format!("{role} {lack:?}")),
            _ => None,
        });
        assert_eq!(lacks.collect::<Vec<_>>(), expected, "{case}");
    }
    let unsigned: Vec<_> = World::new().all_done().readiness().reasons;
    let not_signed = |slug| Reason::Signatures { role: role(slug), lack: SignatureProblem::NotSigned, signature: None };
    assert_eq!(unsigned, REQUIRED_ROLES.map(not_signed));
}

/// The id of Tess's signature for `tech_lead`.
fn first_signature_id(world: &World) -> SignatureId {
    world.state.signatures[0].record.id
}

#[test]
fn readiness_objection_blocks_until_withdrawn_replaced_or_lifted() {
    let table: [(&str, ReadinessStep, &[&str]); 7] = [
        ("none", |_| {}, &[]),
        ("beside a go that counts", |w| sign_objection(w), &["objection tech_lead"]),
        (
            "in a role that need not sign",
            |w| {
                w.run_ok(OWNER, Command::AddHolder { role: role(LEGAL), user: BEN });
                w.run_ok(BEN, w.sign(LEGAL, NoGo));
            },
            &["objection legal"],
        ),
        (
            "though the scope has changed and its signer is off the role",
            |w| {
                sign_objection(w);
                mark_item(w, "advisory-tech", NotApplicable);
                w.run_ok(OWNER, Command::RemoveHolder { role: role(TECH_LEAD), user: TECH2 });
            },
            &["objection tech_lead"],
        ),
        (
            "withdrawn",
            |w| {
                sign_objection(w);
                w.run_ok(TECH2, w.withdraw_signature(w.newest_signature()));
            },
            &[],
        ),
        (
            "replaced by its signer's go",
            |w| {
                sign_objection(w);
                w.run_ok(TECH2, w.sign(TECH_LEAD, Go));
            },
            &[],
        ),
        (
            "lifted",
            |w| {
                sign_objection(w);
                w.run_ok(TECH, w.lift_objection(TECH_LEAD, w.newest_signature()));
            },
            &[],
        ),
    ];
    let signed = World::new().signed();
    for (case, step, expected) in table {
        let mut world = signed.clone();
        step(&mut world);
        assert_eq!(describe_reasons(&world), expected, "{case}");
    }
}

fn sign_objection(world: &mut World) {
    world.run_ok(TECH2, world.sign(TECH_LEAD, NoGo));
}
