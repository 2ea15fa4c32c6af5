//! Tests the rules for items, evidence and justification, and the conditions that items create.

use super::*;
use crate::domain::launch::event::ItemState::{Blocked, Done, NotApplicable, Open};

#[test]
fn readiness_item_rules_block_exactly_what_they_say() {
    let table: [(&str, ReadinessStep, &[&str], &[&str]); 26] = [
        ("nothing", |_| {}, &[], &[]),
        ("a required item open", |w| mark_item(w, "required-tech", Open), &["items required-tech open"], &[]),
        ("a critical item blocked", |w| mark_item(w, "critical-any", Blocked), &["items critical-any blocked"], &[]),
        (
            "an item of a role that need not sign",
            |w| mark_item(w, "required-legal", Open),
            &["items required-legal open"],
            &[],
        ),
        ("an advisory item open", |w| mark_item(w, "advisory-tech", Open), &[], &["advisory advisory-tech open"]),
        (
            "an advisory item blocked",
            |w| mark_item(w, "advisory-tech", Blocked),
            &[],
            &["advisory advisory-tech blocked"],
        ),
        ("an advisory item that does not apply", |w| mark_item(w, "advisory-tech", NotApplicable), &[], &[]),
        ("a required item that does not apply", |w| mark_item(w, "required-tech", NotApplicable), &[], &[]),
        (
            "a critical item that does not apply",
            |w| mark_item(w, "critical-tech", NotApplicable),
            &["justification critical-tech"],
            &[],
        ),
        (
            "the same, agreed to",
            |w| {
                mark_item(w, "critical-tech", NotApplicable);
                w.run_ok(TECH, w.agree("critical-tech", true));
            },
            &[],
            &[],
        ),
        (
            "the same, refused",
            |w| {
                mark_item(w, "critical-tech", NotApplicable);
                w.run_ok(TECH, w.agree("critical-tech", false));
            },
            &["justification critical-tech refused"],
            &[],
        ),
        (
            "an evidence-requiring item without",
            |w| drop(w.run_ok(ANA, w.withdraw_evidence("required-tech-proof")).clone()),
            &["evidence required-tech-proof"],
            &[],
        ),
        (
            "the same with evidence that lapsed",
            |w| {
                w.run_ok(ANA, w.withdraw_evidence("required-tech-proof"));
                w.run_ok(ANA, w.attach_until("required-tech-proof", Some("2026-11-04")));
                w.run_ok(ANA, w.attach_until("required-tech-proof", Some("2026-11-05")));
                w.set_time("2026-11-06T05:00:00Z");
            },
            &["evidence required-tech-proof 2026-11-05"],
            &[],
        ),
        (
            "the same on its last day",
            |w| {
                w.run_ok(ANA, w.withdraw_evidence("required-tech-proof"));
                w.run_ok(ANA, w.attach_until("required-tech-proof", Some("2026-11-05")));
                w.set_time("2026-11-06T04:59:59.999999Z");
            },
            &[],
            &[],
        ),
        (
            "an advisory one without evidence",
            |w| drop(w.run_ok(ANA, w.withdraw_evidence("advisory-tech-proof")).clone()),
            &[],
            &["advisory advisory-tech-proof no_evidence"],
        ),
        (
            "an item that requires no evidence and has none",
            |w| {
                w.run_ok(ANA, w.attach("required-tech"));
                w.run_ok(ANA, w.withdraw_evidence("required-tech"));
            },
            &[],
            &[],
        ),
        (
            "an evidence-requiring item that does not apply",
            |w| {
                mark_item(w, "required-tech-proof", NotApplicable);
                w.run_ok(ANA, w.withdraw_evidence("required-tech-proof"));
            },
            &[],
            &[],
        ),
        (
            "an open item without evidence is one reason",
            |w| {
                mark_item(w, "required-tech-proof", Open);
                w.run_ok(ANA, w.withdraw_evidence("required-tech-proof"));
            },
            &["items required-tech-proof open"],
            &[],
        ),
        (
            "a waiver asked for",
            |w| {
                mark_item(w, "required-tech", Blocked);
                w.run_ok(ANA, w.ask_waiver("required-tech", "2026-11-20"));
            },
            &["items required-tech blocked Asked"],
            &[],
        ),
        (
            "a waiver refused",
            |w| {
                mark_item(w, "required-tech", Open);
                w.run_ok(ANA, w.ask_waiver("required-tech", "2026-11-20"));
                w.run_ok(TECH, w.decide_waiver("required-tech", false));
            },
            &["items required-tech open Refused"],
            &[],
        ),
        ("a waiver in force", |w| reopen_and_waive(w, "required-tech"), &[], &["waiver required-tech 2026-11-20"]),
        (
            "a waiver in force of an advisory item",
            |w| reopen_and_waive(w, "advisory-tech"),
            &[],
            &["waiver advisory-tech 2026-11-20"],
        ),
        (
            "a waiver revoked",
            |w| {
                reopen_and_waive(w, "required-tech");
                w.run_ok(OWNER, w.revoke_waiver("required-tech"));
            },
            &["items required-tech open Revoked"],
            &[],
        ),
        (
            "a waiver expired",
            |w| {
                reopen_and_waive(w, "required-tech");
                w.set_time("2026-11-21T05:00:00Z");
            },
            &["items required-tech open Expired"],
            &[],
        ),
        (
            "a waiver of an item that is done after all",
            |w| {
                reopen_and_waive(w, "required-tech");
                mark_item(w, "required-tech", Done);
            },
            &[],
            &[],
        ),
        (
            "a waiver asked for after one expired",
            |w| {
                reopen_and_waive(w, "required-tech");
                w.set_time("2026-11-21T05:00:00Z");
                w.run_ok(ANA, w.ask_waiver("required-tech", "2026-11-30"));
            },
            &["items required-tech open Asked"],
            &[],
        ),
    ];
    let done = World::new().all_done();
    for (case, step, expected_reasons, expected_conditions) in table {
        let mut world = done.clone();
        step(&mut world);
        assert_eq!(describe_reasons(&world), expected_reasons, "{case}");
        assert_eq!(describe_conditions(&world), expected_conditions, "{case}");
    }
}

#[test]
fn readiness_ignores_after_items_before_the_launch() {
    let world = World::new().signed();
    assert!(world.state.after_items().count() > 0);
    let readiness = world.readiness();
    assert_eq!((readiness.verdict, readiness.reasons, readiness.conditions), (Verdict::Go, vec![], vec![]));
}
