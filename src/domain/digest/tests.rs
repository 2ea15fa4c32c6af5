//! Tests which fields are material to a signature (one row per field), the format of the digest, and the differences
//! between scopes.

use std::sync::Arc;

use uuid::Uuid;

use super::*;
use crate::domain::{
    checklist::{Checklist, RequiredRole},
    launch::{
        command::Command,
        event::{
            ItemState::{Blocked, NotApplicable, Open},
            Policy,
            Vote::{Go, NoGo},
        },
        fixture::*,
        state::{ChecklistVersion, Evidence, Item, Waiver, WaiverStatus},
    },
    readiness::{SignatureStatus, signature_status},
    text::Title,
};

/// A world with an item of each kind of exception in the scope of `tech_lead`, in which Tom has signed.
fn signed_world() -> World {
    let mut world = World::new().not_applicable("critical-tech");
    world.run_ok(TECH, world.agree("critical-tech", true));
    world.run_ok(ANA, world.mark("required-tech", Blocked));
    world.waive("required-tech", "2026-12-31", TECH);
    world.run_ok(
        ANA,
        world.attach_content(
            "required-tech-proof",
            world.file_content("report.txt", "all well"),
            None,
            Some("2026-12-24"),
        ),
    );
    world.run_ok(ANA, world.attach("required-any-proof"));
    world.run_ok(ANA, world.attach_until("required-any-proof", Some("2026-12-24")));
    world.run_ok(TECH2, world.sign(TECH_LEAD, Go));
    world
}

fn tech_lead_digest(world: &World) -> Sha256Hash {
    digest(&world.state, &role(TECH_LEAD))
}

fn item_mut<'a>(world: &'a mut World, key: &str) -> &'a mut Item {
    let id = world.item(key);
    world.state.items.iter_mut().find(|item| item.id == id).unwrap()
}

fn waiver_mut(world: &mut World) -> &mut Waiver {
    let id = world.newest_waiver("required-tech");
    world.state.waivers.get_mut(&id).unwrap()
}

fn approval_mut(world: &mut World) -> (&mut UserId, &mut Option<Commitment>) {
    match &mut waiver_mut(world).status {
        WaiverStatus::Approved { by, reason, .. } => (by, reason),
        other => panic!("{other:?}"),
    }
}

fn evidence_mut(world: &mut World) -> &mut Evidence {
    let id = world.newest_evidence("required-tech-proof");
    world.state.evidence.get_mut(&id).unwrap()
}

/// Puts other content into the same version, whose identity stays the same.
fn change_checklist(world: &mut World, change: impl FnOnce(&mut Checklist)) {
    let ChecklistVersion { id, checklist_id: of, number, hash, checklist } = &*world.state.version;
    let mut checklist = checklist.clone();
    change(&mut checklist);
    world.state.version =
        Arc::new(ChecklistVersion { id: *id, checklist_id: *of, number: *number, hash: *hash, checklist });
}

fn other_commitment() -> Commitment {
    Commitment(Sha256Hash::compute(b"something else"))
}

/// A row of the table: the name of a change, and the change.
type ScopeCase = (&'static str, fn(&mut World));

/// Changes that make a signature stale.
fn material_cases() -> [ScopeCase; 33] {
    [
        ("the launch", |w| w.state.id = LaunchId(Uuid::from_u128(7))),
        ("its name", |w| w.state.details.name = other_commitment()),
        ("its target's local time", |w| w.state.details.target = local_time("2026-12-01T09:01", "America/New_York")),
        ("its target's zone", |w| w.state.details.target = local_time("2026-12-01T09:00", "America/Toronto")),
        ("whether one person signs in one role only", |w| w.state.policy.separation_of_duties = false),
        ("the checklist version's hash", |w| {
            let ChecklistVersion { id, checklist_id: of, number, checklist, .. } = &*w.state.version;
            let (checklist, hash) = (checklist.clone(), Sha256Hash::compute(b"another"));
            w.state.version =
                Arc::new(ChecklistVersion { id: *id, checklist_id: *of, number: *number, hash, checklist });
        }),
        ("a role more that must sign", |w| {
            change_checklist(w, |list| {
                list.required_roles.push(RequiredRole { role: role("quality"), title: Title::new("Quality").unwrap() });
            });
        }),
        ("a role fewer that must sign", |w| change_checklist(w, |list| drop(list.required_roles.pop()))),
        ("an item's id", |w| item_mut(w, "required-tech").id = ItemId(Uuid::from_u128(7))),
        ("an item's state", |w| item_mut(w, "required-tech").status.state = Open),
        ("an item's reason", |w| item_mut(w, "required-tech").status.reason = Some(other_commitment())),
        ("an item's reason, removed", |w| item_mut(w, "required-tech").status.reason = None),
        ("the agreement that an item does not apply, removed", |w| {
            item_mut(w, "critical-tech").agreement = Agreement::None
        }),
        ("who agreed that an item does not apply", |w| {
            item_mut(w, "critical-tech").agreement = Agreement::Given { by: TECH2, at: w.now, reason: None };
        }),
        ("the state of an item of no role", |w| item_mut(w, "required-any").status.state = NotApplicable),
        ("the state of an item whose role need not sign", |w| {
            item_mut(w, "required-legal").status.state = NotApplicable
        }),
        ("the state of an advisory item", |w| item_mut(w, "advisory-tech").status.state = NotApplicable),
        ("which waiver it is", |w| waiver_mut(w).id = Uuid::from_u128(7).into()),
        ("who asked for a waiver", |w| waiver_mut(w).by = BEN),
        ("why a waiver was asked for", |w| waiver_mut(w).reason = other_commitment()),
        ("what a waiver has done instead", |w| waiver_mut(w).control = other_commitment()),
        ("a waiver's last day", |w| waiver_mut(w).expires_on = day("2026-12-30")),
        ("who approved a waiver", |w| *approval_mut(w).0 = TECH2),
        ("with what remark a waiver was approved", |w| *approval_mut(w).1 = None),
        ("an approved waiver, revoked", |w| drop(w.run_ok(OWNER, w.revoke_waiver("required-tech")).clone())),
        ("a waiver more, approved", |w| w.waive("advisory-tech", "2026-12-31", TECH)),
        ("evidence's kind", |w| {
            let hash = match &evidence_mut(w).content {
                EvidenceContent::File { sha256, .. } => *sha256,
                other => panic!("{other:?}"),
            };
            evidence_mut(w).content = EvidenceContent::Note { body: Commitment(hash) };
        }),
        ("evidence's hash", |w| match &mut evidence_mut(w).content {
            EvidenceContent::File { sha256, .. } => *sha256 = Sha256Hash::compute(b"not so well"),
            other => panic!("{other:?}"),
        }),
        ("the day on which evidence was observed", |w| evidence_mut(w).observed_on = day("2026-11-01")),
        ("the last day on which evidence is valid", |w| evidence_mut(w).valid_until = Some(day("2026-12-25"))),
        ("that day, removed", |w| evidence_mut(w).valid_until = None),
        ("evidence, withdrawn", |w| drop(w.run_ok(OWNER, w.withdraw_evidence("required-tech-proof")).clone())),
        ("a piece of evidence more", |w| drop(w.run_ok(ANA, w.attach("required-tech")).clone())),
    ]
}

/// Changes that leave a signature current.
fn immaterial_cases() -> [ScopeCase; 33] {
    [
        ("the summary", |w| {
            let (name, target) = (w.text(w.state.name()), w.state.details.target.clone());
            w.run_ok(OWNER, Command::ChangeDetails { name, summary: Some(w.text("something else")), target });
        }),
        ("how many days the target may pass", |w| {
            w.run_ok(OWNER, Command::ChangePolicy { policy: Policy { slip_days: 30, ..w.state.policy } });
        }),
        ("notes", |w| drop(w.run_ok(ANA, Command::WriteNotes { notes: Some(w.text("x")) }).clone())),
        ("a comment", |w| drop(w.run_ok(ANA, w.comment("required-tech")).clone())),
        ("an assignee or a due day", |w| {
            let item = w.item("required-tech");
            w.run_ok(ANA, Command::Assign { item, assignee: Some(BEN), due: Some(day("2026-11-20")) });
        }),
        ("a holder more", |w| {
            w.run_ok(OWNER, Command::AddHolder { role: role(TECH_LEAD), user: BEN });
        }),
        ("a holder fewer", |w| {
            w.run_ok(OWNER, Command::RemoveHolder { role: role(TECH_LEAD), user: TECH });
        }),
        ("a participant", |w| drop(w.run_ok(OWNER, Command::AddParticipant { user: BEN }).clone())),
        ("the owner", |w| drop(w.run_ok(OWNER, Command::TransferOwnership { to: BEN, reason: None }).clone())),
        ("who may see the launch", |w| drop(w.run_ok(OWNER, Command::ChangeRestriction { restricted: true }).clone())),
        ("an item of another role", |w| drop(w.run_ok(ANA, w.mark("critical-sec", Blocked)).clone())),
        ("evidence of another role's item", |w| drop(w.run_ok(ANA, w.attach("critical-sec")).clone())),
        ("a waiver of another role's item", |w| w.waive("critical-sec", "2026-12-31", SEC)),
        ("an after-item", |w| item_mut(w, "after-critical-any").status.state = Blocked),
        ("a request for evidence", |w| {
            let command =
                Command::RequestEvidence { item: w.item("required-tech"), request: w.id(), text: w.text("?") };
            w.run_ok(AUDITOR, command);
        }),
        ("a waiver asked for", |w| drop(w.run_ok(ANA, w.ask_waiver("advisory-tech", "2026-12-31")).clone())),
        ("a waiver refused", |w| {
            w.run_ok(ANA, w.ask_waiver("advisory-tech", "2026-12-31"));
            w.run_ok(TECH, w.decide_waiver("advisory-tech", false));
        }),
        ("agreement refused where there was none", |w| {
            item_mut(w, "critical-any").agreement =
                Agreement::Refused { by: TECH, at: w.now, reason: other_commitment() };
        }),
        ("when and with what remark someone agreed", |w| {
            item_mut(w, "critical-tech").agreement =
                Agreement::Given { by: TECH, at: w.now, reason: Some(other_commitment()) };
        }),
        ("who marked an item, and when", |w| item_mut(w, "required-tech").last_marked = Some((BEN, w.now))),
        ("how often an item was changed", |w| item_mut(w, "required-tech").version += 1),
        ("when a waiver was asked for", |w| waiver_mut(w).at = w.now),
        ("a file's name", |w| match &mut evidence_mut(w).content {
            EvidenceContent::File { name, .. } => *name = other_commitment(),
            other => panic!("{other:?}"),
        }),
        ("a file's size and type", |w| match &mut evidence_mut(w).content {
            EvidenceContent::File { size, media_type, .. } => (*size, *media_type) = (7, "text/html".to_owned()),
            other => panic!("{other:?}"),
        }),
        ("who attached evidence, and when", |w| (evidence_mut(w).by, evidence_mut(w).at) = (BEN, w.now)),
        ("evidence withdrawn and attached again, where it says the same", |w| {
            w.run_ok(ANA, w.withdraw_evidence("required-tech-proof"));
            w.run_ok(
                BEN,
                w.attach_content(
                    "required-tech-proof",
                    w.file_content("other.txt", "all well"),
                    None,
                    Some("2026-12-24"),
                ),
            );
        }),
        ("the order of evidence", |w| item_mut(w, "required-any-proof").evidence.reverse()),
        ("a signature", |w| drop(w.run_ok(TECH, w.sign(TECH_LEAD, Go)).clone())),
        ("an objection", |w| drop(w.run_ok(SEC, w.sign(SECURITY, NoGo)).clone())),
        ("signatures asked for", |w| drop(w.run_ok(OWNER, Command::AskSignatures).clone())),
        ("a launch put on hold", |w| *w = w.clone().held()),
        ("the order in which roles are required", |w| change_checklist(w, |list| list.required_roles.reverse())),
        ("time passing, evidence that lapses and waivers that expire", |w| w.now = moment("2027-06-01T00:00:00Z")),
    ]
}

/// The status of the only signature in `tech_lead`.
fn first_signature_status(world: &World) -> SignatureStatus {
    signature_status(&world.state, &world.state.signatures[0], &tech_lead_digest(world))
}

#[test]
fn signature_becomes_stale_when_a_material_value_changes() {
    let world = signed_world();
    assert_eq!(first_signature_status(&world), SignatureStatus::Counts);
    let mut seen = vec![tech_lead_digest(&world)];
    for (case, change) in material_cases() {
        let mut changed = world.clone();
        change(&mut changed);
        let digest = tech_lead_digest(&changed);
        assert!(!seen.contains(&digest), "{case}");
        assert_eq!(first_signature_status(&changed), SignatureStatus::Stale, "{case}");
        seen.push(digest);
    }
    assert!(!seen.contains(&digest(&world.state, &role(OPERATIONS))), "the role");
}

#[test]
fn signature_stays_current_when_an_immaterial_value_changes() {
    let world = signed_world();
    let before = tech_lead_digest(&world);
    for (case, change) in immaterial_cases() {
        let mut changed = world.clone();
        change(&mut changed);
        assert_eq!(tech_lead_digest(&changed), before, "{case}");
        assert_eq!(first_signature_status(&changed), SignatureStatus::Counts, "{case}");
    }
}

/// The table in the documentation has the same rows.
#[test]
fn scope_cases_match_the_table_in_the_documentation() {
    let page = include_str!("../../../docs/signatures.md");
    let rows = page.lines().skip_while(|line| !line.starts_with("| makes a `go` stale |")).skip(2);
    let rows: Vec<[&str; 2]> = rows
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            cells.try_into().unwrap()
        })
        .collect();
    let column = |at: usize| rows.iter().map(move |row| row[at]).filter(|cell| !cell.is_empty());
    assert!(
        column(0).eq(material_cases().iter().map(|(what, _)| *what)),
        "{:#?}",
        material_cases().map(|(what, _)| what)
    );
    assert!(
        column(1).eq(immaterial_cases().iter().map(|(what, _)| *what)),
        "{:#?}",
        immaterial_cases().map(|(what, _)| what)
    );
}

/// The world whose scope is compared with the fixture: the small checklist, with something in every field.
fn pinned_world() -> World {
    let mut world = World::from_version(checklist::small_version(), false).not_applicable("critical-tech");
    world.run_ok(TECH2, world.agree("critical-tech", true));
    world.waive("required-any-proof", "2026-12-31", SEC);
    world.run_ok(
        ANA,
        world.attach_content(
            "required-any-proof",
            world.file_content("report.txt", "all well"),
            Some("2026-10-30"),
            Some("2026-12-24"),
        ),
    );
    world.run_ok(ANA, world.attach("required-any-proof"));
    world
}

#[test]
fn scope_canonical_form_never_changes() {
    let world = pinned_world();
    let bytes = canonical::to_bytes(&build_scope(&world.state, &role(TECH_LEAD)));
    // If keys or shapes ever differ from this fixture, every signature made so far becomes stale.
    let expected = include_str!("../../../tests/fixtures/scope-v1.json");
    assert_eq!(std::str::from_utf8(&bytes).unwrap(), expected);
    assert_eq!(
        tech_lead_digest(&world).to_string(),
        "abfece1404568155e017c68bdb511dfffa4665a8f4b94ca13b93dc16d1172383"
    );
}

#[test]
fn scope_has_own_items_and_items_of_roles_that_do_not_sign() {
    let world = World::new();
    let count = |slug| build_scope(&world.state, &role(slug)).items.len();
    // Six items each of tech, sec, any and legal. Product and operations own no before-items.
    assert_eq!([TECH_LEAD, SECURITY, PRODUCT, OPERATIONS, LEGAL].map(count), [18, 18, 12, 12, 12]);
}

#[test]
fn scope_comparison_names_only_what_changed() {
    let world = signed_world();
    let old = build_scope(&world.state, &role(TECH_LEAD));
    let difference_after = |change: fn(&mut World)| {
        let mut changed = world.clone();
        change(&mut changed);
        compare_scopes(&old, &build_scope(&changed.state, &role(TECH_LEAD)))
    };
    assert_eq!(difference_after(|_| {}), []);
    let changes = difference_after(|w| {
        w.run_ok(OWNER, w.change_target(local_time("2026-12-02T09:00", "UTC")));
        w.run_ok(ANA, w.mark("required-tech", Open));
        w.run_ok(ANA, w.mark("required-sec", NotApplicable));
    });
    let [ScopeChange::Target { new, .. }, ScopeChange::Item { old: was, new: is }] = changes.as_slice() else {
        panic!("{changes:?}")
    };
    assert_eq!(new, &local_time("2026-12-02T09:00", "UTC"));
    assert_eq!((was.id, was.state, is.state), (world.item("required-tech"), Blocked, Open));
    let changes = difference_after(|w| {
        let name = w.text("Another name");
        w.run_ok(OWNER, Command::ChangeDetails { name, summary: None, target: w.state.details.target.clone() });
        w.run_ok(OWNER, Command::ChangePolicy { policy: Policy { separation_of_duties: false, ..w.state.policy } });
    });
    assert!(matches!(changes.as_slice(), [ScopeChange::Name { .. }, ScopeChange::Policy { .. }]), "{changes:?}");
}
