//! The rules for items, evidence and justification, and the conditions that items make.

use super::*;
use crate::domain::launch::event::ItemState::{Blocked, Done, NotApplicable, Open};

#[test]
fn each_rule_for_items_blocks_exactly_what_it_says() {
    let table: [(&str, Step, &[&str], &[&str]); 26] = [
        ("nothing", |_| {}, &[], &[]),
        ("a required item open", |w| set(w, "required-tech", Open), &["items required-tech open"], &[]),
        ("a critical item blocked", |w| set(w, "critical-any", Blocked), &["items critical-any blocked"], &[]),
        (
            "an item of a role that need not sign",
            |w| set(w, "required-legal", Open),
            &["items required-legal open"],
            &[],
        ),
        ("an advisory item open", |w| set(w, "advisory-tech", Open), &[], &["advisory advisory-tech open"]),
        ("an advisory item blocked", |w| set(w, "advisory-tech", Blocked), &[], &["advisory advisory-tech blocked"]),
        ("an advisory item that does not apply", |w| set(w, "advisory-tech", NotApplicable), &[], &[]),
        ("a required item that does not apply", |w| set(w, "required-tech", NotApplicable), &[], &[]),
        (
            "a critical item that does not apply",
            |w| set(w, "critical-tech", NotApplicable),
            &["justification critical-tech"],
            &[],
        ),
        (
            "the same, agreed to",
            |w| {
                set(w, "critical-tech", NotApplicable);
                w.does(TECH, w.agree("critical-tech", true));
            },
            &[],
            &[],
        ),
        (
            "the same, refused",
            |w| {
                set(w, "critical-tech", NotApplicable);
                w.does(TECH, w.agree("critical-tech", false));
            },
            &["justification critical-tech refused"],
            &[],
        ),
        (
            "an evidence-requiring item without",
            |w| drop(w.does(ANA, w.withdraw_evidence("required-tech-proof")).clone()),
            &["evidence required-tech-proof"],
            &[],
        ),
        (
            "the same with evidence that lapsed",
            |w| {
                w.does(ANA, w.withdraw_evidence("required-tech-proof"));
                w.does(ANA, w.attach_until("required-tech-proof", Some("2026-11-04")));
                w.does(ANA, w.attach_until("required-tech-proof", Some("2026-11-05")));
                w.at("2026-11-06T05:00:00Z");
            },
            &["evidence required-tech-proof 2026-11-05"],
            &[],
        ),
        (
            "the same on its last day",
            |w| {
                w.does(ANA, w.withdraw_evidence("required-tech-proof"));
                w.does(ANA, w.attach_until("required-tech-proof", Some("2026-11-05")));
                w.at("2026-11-06T04:59:59.999999Z");
            },
            &[],
            &[],
        ),
        (
            "an advisory one without evidence",
            |w| drop(w.does(ANA, w.withdraw_evidence("advisory-tech-proof")).clone()),
            &[],
            &["advisory advisory-tech-proof no_evidence"],
        ),
        (
            "an item that requires no evidence and has none",
            |w| {
                w.does(ANA, w.attach("required-tech"));
                w.does(ANA, w.withdraw_evidence("required-tech"));
            },
            &[],
            &[],
        ),
        (
            "an evidence-requiring item that does not apply",
            |w| {
                set(w, "required-tech-proof", NotApplicable);
                w.does(ANA, w.withdraw_evidence("required-tech-proof"));
            },
            &[],
            &[],
        ),
        (
            "an open item without evidence is one reason",
            |w| {
                set(w, "required-tech-proof", Open);
                w.does(ANA, w.withdraw_evidence("required-tech-proof"));
            },
            &["items required-tech-proof open"],
            &[],
        ),
        (
            "a waiver asked for",
            |w| {
                set(w, "required-tech", Blocked);
                w.does(ANA, w.ask_waiver("required-tech", "2026-11-20"));
            },
            &["items required-tech blocked Asked"],
            &[],
        ),
        (
            "a waiver refused",
            |w| {
                set(w, "required-tech", Open);
                w.does(ANA, w.ask_waiver("required-tech", "2026-11-20"));
                w.does(TECH, w.decide_waiver("required-tech", false));
            },
            &["items required-tech open Refused"],
            &[],
        ),
        ("a waiver in force", |w| waive(w, "required-tech"), &[], &["waiver required-tech 2026-11-20"]),
        (
            "a waiver in force of an advisory item",
            |w| waive(w, "advisory-tech"),
            &[],
            &["waiver advisory-tech 2026-11-20"],
        ),
        (
            "a waiver revoked",
            |w| {
                waive(w, "required-tech");
                w.does(OWNER, w.revoke_waiver("required-tech"));
            },
            &["items required-tech open Revoked"],
            &[],
        ),
        (
            "a waiver expired",
            |w| {
                waive(w, "required-tech");
                w.at("2026-11-21T05:00:00Z");
            },
            &["items required-tech open Expired"],
            &[],
        ),
        (
            "a waiver of an item that is done after all",
            |w| {
                waive(w, "required-tech");
                set(w, "required-tech", Done);
            },
            &[],
            &[],
        ),
        (
            "a waiver asked for after one expired",
            |w| {
                waive(w, "required-tech");
                w.at("2026-11-21T05:00:00Z");
                w.does(ANA, w.ask_waiver("required-tech", "2026-11-30"));
            },
            &["items required-tech open Asked"],
            &[],
        ),
    ];
    let done = World::new().all_done();
    for (what, step, expected_reasons, expected_conditions) in table {
        let mut world = done.clone();
        step(&mut world);
        assert_eq!(reasons(&world), expected_reasons, "{what}");
        assert_eq!(conditions(&world), expected_conditions, "{what}");
    }
}

#[test]
fn after_items_are_not_judged_before_the_launch() {
    let world = World::new().signed();
    assert!(world.state.after().count() > 0);
    let found = world.readiness();
    assert_eq!((found.verdict, found.reasons, found.conditions), (Verdict::Go, vec![], vec![]));
}
