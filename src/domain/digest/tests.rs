//! What is material, a row a field; the form of the digest; and what a changed scope is told apart by.

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
    readiness::{SignatureStatus, status},
    text::Title,
};

/// An item of each kind of exception in the scope of `tech_lead`, in which Tom has signed.
fn furnished() -> World {
    let mut world = World::new().not_applicable("critical-tech");
    world.does(TECH, world.agree("critical-tech", true));
    world.does(ANA, world.mark("required-tech", Blocked));
    world.waive("required-tech", "2026-12-31", TECH);
    world.does(
        ANA,
        world.attach_this("required-tech-proof", world.file("report.txt", "all well"), None, Some("2026-12-24")),
    );
    world.does(ANA, world.attach("required-any-proof"));
    world.does(ANA, world.attach_until("required-any-proof", Some("2026-12-24")));
    world.does(TECH2, world.sign(TECH_LEAD, Go));
    world
}

fn of(world: &World) -> Sha256Hash {
    digest(&world.state, &role(TECH_LEAD))
}

fn item<'a>(world: &'a mut World, key: &str) -> &'a mut Item {
    let id = world.item(key);
    world.state.items.iter_mut().find(|item| item.id == id).unwrap()
}

fn waiver(world: &mut World) -> &mut Waiver {
    let id = world.waiver("required-tech");
    world.state.waivers.get_mut(&id).unwrap()
}

/// The approved waiver's approver and reason.
fn approval(world: &mut World) -> (&mut UserId, &mut Option<Commitment>) {
    match &mut waiver(world).status {
        WaiverStatus::Approved { by, reason, .. } => (by, reason),
        other => panic!("{other:?}"),
    }
}

fn file(world: &mut World) -> &mut Evidence {
    let id = world.newest_evidence("required-tech-proof");
    world.state.evidence.get_mut(&id).unwrap()
}

/// The same version by name, with another content.
fn revise(world: &mut World, change: impl FnOnce(&mut Checklist)) {
    let ChecklistVersion { id, of, number, hash, checklist } = &*world.state.version;
    let mut checklist = checklist.clone();
    change(&mut checklist);
    world.state.version = Arc::new(ChecklistVersion { id: *id, of: *of, number: *number, hash: *hash, checklist });
}

/// A commitment to something else.
fn other() -> Commitment {
    Commitment(Sha256Hash::of(b"something else"))
}

/// A row of the table: what changes, and a change of it.
type Row = (&'static str, fn(&mut World));

/// What makes a signature stale.
fn material() -> [Row; 33] {
    [
        ("the launch", |w| w.state.id = LaunchId(Uuid::from_u128(7))),
        ("its name", |w| w.state.details.name = other()),
        ("its target's local time", |w| w.state.details.target = local("2026-12-01T09:01", "America/New_York")),
        ("its target's zone", |w| w.state.details.target = local("2026-12-01T09:00", "America/Toronto")),
        ("whether one person signs in one role only", |w| w.state.policy.separation_of_duties = false),
        ("the checklist version's hash", |w| {
            let ChecklistVersion { id, of, number, checklist, .. } = &*w.state.version;
            let (checklist, hash) = (checklist.clone(), Sha256Hash::of(b"another"));
            w.state.version = Arc::new(ChecklistVersion { id: *id, of: *of, number: *number, hash, checklist });
        }),
        ("a role more that must sign", |w| {
            revise(w, |list| {
                list.required_roles.push(RequiredRole { role: role("quality"), title: Title::new("Quality").unwrap() });
            });
        }),
        ("a role fewer that must sign", |w| revise(w, |list| drop(list.required_roles.pop()))),
        ("an item's id", |w| item(w, "required-tech").id = ItemId(Uuid::from_u128(7))),
        ("an item's state", |w| item(w, "required-tech").standing.state = Open),
        ("an item's reason", |w| item(w, "required-tech").standing.reason = Some(other())),
        ("an item's reason, taken away", |w| item(w, "required-tech").standing.reason = None),
        ("the agreement that an item does not apply, taken away", |w| {
            item(w, "critical-tech").agreement = Agreement::None
        }),
        ("who agreed that an item does not apply", |w| {
            item(w, "critical-tech").agreement = Agreement::Given { by: TECH2, at: w.now, reason: None };
        }),
        ("the state of an item of no role", |w| item(w, "required-any").standing.state = NotApplicable),
        ("the state of an item whose role need not sign", |w| item(w, "required-legal").standing.state = NotApplicable),
        ("the state of an advisory item", |w| item(w, "advisory-tech").standing.state = NotApplicable),
        ("which waiver it is", |w| waiver(w).id = Uuid::from_u128(7).into()),
        ("who asked for a waiver", |w| waiver(w).by = BEN),
        ("why a waiver was asked for", |w| waiver(w).reason = other()),
        ("what a waiver has done instead", |w| waiver(w).control = other()),
        ("a waiver's last day", |w| waiver(w).expires_on = day("2026-12-30")),
        ("who approved a waiver", |w| *approval(w).0 = TECH2),
        ("with what remark a waiver was approved", |w| *approval(w).1 = None),
        ("an approved waiver, revoked", |w| drop(w.does(OWNER, w.revoke_waiver("required-tech")).clone())),
        ("a waiver more, approved", |w| w.waive("advisory-tech", "2026-12-31", TECH)),
        ("evidence's kind", |w| {
            let hash = match &file(w).content {
                EvidenceContent::File { sha256, .. } => *sha256,
                other => panic!("{other:?}"),
            };
            file(w).content = EvidenceContent::Note { body: Commitment(hash) };
        }),
        ("evidence's hash", |w| match &mut file(w).content {
            EvidenceContent::File { sha256, .. } => *sha256 = Sha256Hash::of(b"not so well"),
            other => panic!("{other:?}"),
        }),
        ("the day on which evidence was observed", |w| file(w).observed_on = day("2026-11-01")),
        ("the last day on which evidence is valid", |w| file(w).valid_until = Some(day("2026-12-25"))),
        ("that day, taken away", |w| file(w).valid_until = None),
        ("evidence, withdrawn", |w| drop(w.does(OWNER, w.withdraw_evidence("required-tech-proof")).clone())),
        ("a piece of evidence more", |w| drop(w.does(ANA, w.attach("required-tech")).clone())),
    ]
}

/// What leaves it standing.
fn beside() -> [Row; 33] {
    [
        ("the summary", |w| {
            let (name, target) = (w.text(w.state.name()), w.state.details.target.clone());
            w.does(OWNER, Command::ChangeDetails { name, summary: Some(w.text("something else")), target });
        }),
        ("how many days the target may pass", |w| {
            w.does(OWNER, Command::ChangePolicy { policy: Policy { slip_days: 30, ..w.state.policy } });
        }),
        ("notes", |w| drop(w.does(ANA, Command::WriteNotes { notes: Some(w.text("x")), base: None }).clone())),
        ("a comment", |w| drop(w.does(ANA, w.comment("required-tech")).clone())),
        ("an assignee or a due day", |w| {
            let item = w.item("required-tech");
            w.does(ANA, Command::Assign { item, assignee: Some(BEN), due: Some(day("2026-11-20")) });
        }),
        ("a holder more", |w| {
            w.does(OWNER, Command::AddHolder { role: role(TECH_LEAD), user: BEN });
        }),
        ("a holder fewer", |w| {
            w.does(OWNER, Command::RemoveHolder { role: role(TECH_LEAD), user: TECH });
        }),
        ("a participant", |w| drop(w.does(OWNER, Command::AddParticipant { user: BEN }).clone())),
        ("the owner", |w| drop(w.does(OWNER, Command::Transfer { to: BEN, reason: None }).clone())),
        ("who may see the launch", |w| drop(w.does(OWNER, Command::ChangeRestriction { restricted: true }).clone())),
        ("an item of another role", |w| drop(w.does(ANA, w.mark("critical-sec", Blocked)).clone())),
        ("evidence of another role's item", |w| drop(w.does(ANA, w.attach("critical-sec")).clone())),
        ("a waiver of another role's item", |w| w.waive("critical-sec", "2026-12-31", SEC)),
        ("an after-item", |w| item(w, "after-critical-any").standing.state = Blocked),
        ("a request for evidence", |w| {
            let command =
                Command::RequestEvidence { item: w.item("required-tech"), request: w.id(), text: w.text("?") };
            w.does(AUDITOR, command);
        }),
        ("a waiver asked for", |w| drop(w.does(ANA, w.ask_waiver("advisory-tech", "2026-12-31")).clone())),
        ("a waiver refused", |w| {
            w.does(ANA, w.ask_waiver("advisory-tech", "2026-12-31"));
            w.does(TECH, w.decide_waiver("advisory-tech", false));
        }),
        ("agreement refused where there was none", |w| {
            item(w, "critical-any").agreement = Agreement::Refused { by: TECH, at: w.now, reason: other() };
        }),
        ("when and with what remark someone agreed", |w| {
            item(w, "critical-tech").agreement = Agreement::Given { by: TECH, at: w.now, reason: Some(other()) };
        }),
        ("who marked an item, and when", |w| item(w, "required-tech").marked = Some((BEN, w.now))),
        ("how often an item was changed", |w| item(w, "required-tech").version += 1),
        ("when a waiver was asked for", |w| waiver(w).at = w.now),
        ("a file's name", |w| match &mut file(w).content {
            EvidenceContent::File { name, .. } => *name = other(),
            other => panic!("{other:?}"),
        }),
        ("a file's size and type", |w| match &mut file(w).content {
            EvidenceContent::File { size, media_type, .. } => (*size, *media_type) = (7, "text/html".to_owned()),
            other => panic!("{other:?}"),
        }),
        ("who attached evidence, and when", |w| (file(w).by, file(w).at) = (BEN, w.now)),
        ("evidence withdrawn and attached again, where it says the same", |w| {
            w.does(ANA, w.withdraw_evidence("required-tech-proof"));
            w.does(
                BEN,
                w.attach_this("required-tech-proof", w.file("other.txt", "all well"), None, Some("2026-12-24")),
            );
        }),
        ("the order of evidence", |w| item(w, "required-any-proof").evidence.reverse()),
        ("a signature", |w| drop(w.does(TECH, w.sign(TECH_LEAD, Go)).clone())),
        ("an objection", |w| drop(w.does(SEC, w.sign(SECURITY, NoGo)).clone())),
        ("signatures asked for", |w| drop(w.does(OWNER, Command::AskSignatures).clone())),
        ("a launch put on hold", |w| *w = w.clone().held()),
        ("the order in which roles are required", |w| revise(w, |list| list.required_roles.reverse())),
        ("time passing, evidence that lapses and waivers that expire", |w| w.now = moment("2027-06-01T00:00:00Z")),
    ]
}

/// How the one signature in `tech_lead` stands.
fn stands(world: &World) -> SignatureStatus {
    status(&world.state, &world.state.signatures[0], &of(world))
}

#[test]
fn what_is_material_makes_a_signature_stale() {
    let world = furnished();
    assert_eq!(stands(&world), SignatureStatus::Counts);
    let mut seen = vec![of(&world)];
    for (what, change) in material() {
        let mut changed = world.clone();
        change(&mut changed);
        let digest = of(&changed);
        assert!(!seen.contains(&digest), "{what}");
        assert_eq!(stands(&changed), SignatureStatus::Stale, "{what}");
        seen.push(digest);
    }
    assert!(!seen.contains(&digest(&world.state, &role(OPERATIONS))), "the role");
}

#[test]
fn what_is_not_material_leaves_it_standing() {
    let world = furnished();
    let before = of(&world);
    for (what, change) in beside() {
        let mut changed = world.clone();
        change(&mut changed);
        assert_eq!(of(&changed), before, "{what}");
        assert_eq!(stands(&changed), SignatureStatus::Counts, "{what}");
    }
}

/// The documentation has the same table, row for row.
#[test]
fn the_documentation_says_the_same() {
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
    assert!(column(0).eq(material().iter().map(|(what, _)| *what)), "{:#?}", material().map(|(what, _)| what));
    assert!(column(1).eq(beside().iter().map(|(what, _)| *what)), "{:#?}", beside().map(|(what, _)| what));
}

/// The scope whose form is pinned: of the small checklist, with something in every field.
fn pinned() -> World {
    let mut world = World::of(checklist::small(), false).not_applicable("critical-tech");
    world.does(TECH2, world.agree("critical-tech", true));
    world.waive("required-any-proof", "2026-12-31", SEC);
    world.does(
        ANA,
        world.attach_this(
            "required-any-proof",
            world.file("report.txt", "all well"),
            Some("2026-10-30"),
            Some("2026-12-24"),
        ),
    );
    world.does(ANA, world.attach("required-any-proof"));
    world
}

#[test]
fn its_form_is_the_one_that_signatures_were_made_over() {
    let world = pinned();
    let bytes = canonical::bytes(&scope(&world.state, &role(TECH_LEAD)));
    // Should keys or shapes ever differ from this, every signature made so far would go stale.
    let expected = include_str!("../../../tests/fixtures/scope-v1.json");
    assert_eq!(std::str::from_utf8(&bytes).unwrap(), expected);
    assert_eq!(of(&world).to_string(), "abfece1404568155e017c68bdb511dfffa4665a8f4b94ca13b93dc16d1172383");
}

#[test]
fn a_role_sees_its_own_items_and_those_that_nobody_else_signs_for() {
    let world = World::new();
    let count = |slug| scope(&world.state, &role(slug)).items.len();
    // Six each of tech, sec, any and legal; product and operations own none before the decision.
    assert_eq!([TECH_LEAD, SECURITY, PRODUCT, OPERATIONS, LEGAL].map(count), [18, 18, 12, 12, 12]);
}

#[test]
fn the_difference_names_what_changed_and_nothing_else() {
    let world = furnished();
    let old = scope(&world.state, &role(TECH_LEAD));
    let difference_after = |change: fn(&mut World)| {
        let mut changed = world.clone();
        change(&mut changed);
        difference(&old, &scope(&changed.state, &role(TECH_LEAD)))
    };
    assert_eq!(difference_after(|_| {}), []);
    let changes = difference_after(|w| {
        w.does(OWNER, w.retarget(local("2026-12-02T09:00", "UTC")));
        w.does(ANA, w.mark("required-tech", Open));
        w.does(ANA, w.mark("required-sec", NotApplicable));
    });
    let [ScopeChange::Target { new, .. }, ScopeChange::Item { old: was, new: is }] = changes.as_slice() else {
        panic!("{changes:?}")
    };
    assert_eq!(new, &local("2026-12-02T09:00", "UTC"));
    assert_eq!((was.id, was.state, is.state), (world.item("required-tech"), Blocked, Open));
    let changes = difference_after(|w| {
        let name = w.text("Another name");
        w.does(OWNER, Command::ChangeDetails { name, summary: None, target: w.state.details.target.clone() });
        w.does(OWNER, Command::ChangePolicy { policy: Policy { separation_of_duties: false, ..w.state.policy } });
    });
    assert!(matches!(changes.as_slice(), [ScopeChange::Name { .. }, ScopeChange::Policy { .. }]), "{changes:?}");
}
