//! Each edit, on a small draft: what it makes, and how it is refused.

use super::*;
use crate::domain::{
    checklist::{Importance, ItemKey, MAX_DEPTH, MAX_ITEMS, Phase},
    markdown_checklist::{parse_markdown, write_markdown},
    role::RoleSlug,
};

const SMALL_MARKDOWN: &str = "# Going live\n\nWhat we check.\n\n## Database\n\n### Backup\n\n- [ ] Restored\n  - [ ] Copied\n\
    - [ ] Tested\n- [ ] Off site\n\n### Indexes\n\n- [ ] Used\n\n## Network\n\n- [ ] Reachable\n\n## Sign-off\n\n\
    **Operations:** ____\n\n**Security:** ____\n";

fn title(text: &str) -> Title {
    Title::new(text).unwrap()
}

fn role(slug: &str) -> RoleSlug {
    slug.parse().unwrap()
}

pub(super) fn draft(markdown: &str) -> ChecklistDraft {
    ChecklistDraft::from_version(
        ChecklistId(Uuid::nil()),
        &parse_markdown(markdown, &title("Untitled")).checklist,
        3,
        7,
    )
}

fn node_id(number: u128) -> NodeId {
    NodeId(Uuid::from_u128(number))
}

fn fields(text: &str) -> DraftItemFields {
    DraftItemFields {
        title: title(text),
        importance: Importance::Required,
        phase: Phase::Before,
        role: None,
        evidence_required: false,
        guidance: None,
        key: None,
    }
}

/// The id of what has this title: an item, else a section, else a part.
fn node_id_by_title(draft: &ChecklistDraft, heading: &str) -> NodeId {
    let is = |title: Option<&Title>| title.is_some_and(|title| title.as_str() == heading);
    let item = draft.items().find(|item| is(Some(&item.item.title))).map(|item| item.id);
    let mut sections = draft.parts.iter().flat_map(|part| &part.sections);
    let section = || sections.find(|section| is(section.title.as_ref())).map(|section| section.id);
    let part = || draft.parts.iter().find(|part| is(part.title.as_ref())).map(|part| part.id);
    item.or_else(section).or_else(part).unwrap_or_else(|| panic!("no {heading}"))
}

/// The outline: parts, sections and items, a nested item behind a dot for each level.
fn outline(draft: &ChecklistDraft) -> String {
    let name = |title: Option<&Title>| title.map_or_else(|| "-".to_owned(), ToString::to_string);
    let item = |item: &DraftItem| format!("{}{}", ".".repeat(item.item.under.len()), item.item.title);
    let section = |section: &DraftSection| {
        let items: Vec<String> = section.items.iter().map(item).collect();
        format!("{}({})", name(section.title.as_ref()), items.join(" "))
    };
    let part = |part: &DraftPart| {
        let sections: Vec<String> = part.sections.iter().map(section).collect();
        format!("{}[{}]", name(part.title.as_ref()), sections.join(" "))
    };
    draft.parts.iter().map(part).collect::<Vec<_>>().join(" ")
}

/// Makes an edit with the newest version seen.
fn apply_edit(draft: &ChecklistDraft, edit: DraftEdit) -> ChecklistDraft {
    draft.apply(edit, draft.version).unwrap()
}

fn expect_refusal(draft: &ChecklistDraft, edit: DraftEdit) -> DraftEditError {
    draft.apply(edit, draft.version).unwrap_err()
}

#[test]
fn draft_without_edits_equals_published_version() {
    let published = parse_markdown(SMALL_MARKDOWN, &title("x")).checklist;
    let draft = draft(SMALL_MARKDOWN);
    assert_eq!(draft.checklist(), published);
    assert_eq!(draft.checklist().hash(), published.hash());
    assert_eq!(draft.faults(), []);
    assert_eq!(
        outline(&draft),
        "Database[Backup(Restored .Copied Tested Off site) Indexes(Used)] Network[-(Reachable)]"
    );
    let stored: ChecklistDraft = serde_json::from_slice(&serde_json::to_vec(&draft).unwrap()).unwrap();
    assert_eq!(ChecklistDraft { version: 7, ..stored }, draft);
}

#[test]
fn draft_parts_and_sections_can_be_added_renamed_moved_and_removed() {
    let draft = draft(SMALL_MARKDOWN);
    let with = apply_edit(&draft, DraftEdit::AddPart { id: node_id(1), title: title("Legal") });
    assert_eq!(with.version, 8);
    assert_eq!(outline(&with).split("] ").last(), Some("Legal[-()]"));
    let with = apply_edit(&with, DraftEdit::AddSection { id: node_id(2), part: node_id(1), title: title("Terms") });
    assert_eq!(outline(&with).split("] ").last(), Some("Legal[Terms()]"), "the place for bare items made room");
    assert_eq!(with.faults(), [DraftFault::EmptyPart(node_id(1), title("Legal"))]);
    let with = apply_edit(
        &with,
        DraftEdit::AddItem { id: node_id(3), place: ItemPlace::EndOf(node_id(2)), fields: fields("Read") },
    );
    assert_eq!(with.faults(), []);
    let with = apply_edit(&with, DraftEdit::Rename { node: node_id(2), title: title("Terms of use") });
    let with = apply_edit(&with, DraftEdit::MoveOneStep(node_id(1), MoveDirection::Up));
    assert_eq!(
        outline(&with),
        "Database[Backup(Restored .Copied Tested Off site) Indexes(Used)] Legal[Terms of use(Read)] Network[-(Reachable)]"
    );
    let with =
        apply_edit(&with, DraftEdit::MoveSection { section: node_id_by_title(&with, "Indexes"), part: node_id(1) });
    let with = apply_edit(&with, DraftEdit::MoveOneStep(node_id_by_title(&with, "Indexes"), MoveDirection::Up));
    let with = apply_edit(&with, DraftEdit::Remove(vec![node_id_by_title(&with, "Network")]));
    assert_eq!(
        outline(&with),
        "Database[Backup(Restored .Copied Tested Off site)] Legal[Indexes(Used) Terms of use(Read)]"
    );
    let back = apply_edit(&with, DraftEdit::Restore(draft.parts[1].id));
    assert_eq!(outline(&back).split("] ").last(), Some("Network[-(Reachable)]"));
}

#[test]
fn draft_item_keeps_published_key_and_new_item_derives_it_from_title() {
    let draft = draft(SMALL_MARKDOWN);
    let tested = node_id_by_title(&draft, "Tested");
    let edited = apply_edit(&draft, DraftEdit::EditItem { item: tested, fields: fields("Tried out") });
    let key = |draft: &ChecklistDraft, id| draft.item(id).unwrap().2.item.key.to_string();
    assert_eq!(key(&edited, tested), "tested");
    let fixed =
        DraftEdit::EditItem { item: tested, fields: DraftItemFields { key: "else".parse().ok(), ..fields("Tested") } };
    assert_eq!(expect_refusal(&draft, fixed), DraftEditError::KeyFixed);

    let section = node_id_by_title(&draft, "Indexes");
    let add = |text: &str, key: Option<&str>| DraftEdit::AddItem {
        id: node_id(1),
        place: ItemPlace::EndOf(section),
        fields: DraftItemFields { key: key.map(|key| key.parse().unwrap()), ..fields(text) },
    };
    assert_eq!(key(&apply_edit(&draft, add("Tested", None)), node_id(1)), "tested-2");
    assert_eq!(key(&apply_edit(&draft, add("Tested", Some("again"))), node_id(1)), "again");
    assert_eq!(expect_refusal(&draft, add("New", Some("tested"))), DraftEditError::KeyTaken("tested".parse().unwrap()));
    assert_eq!(expect_refusal(&draft, add("Used", None)), DraftEditError::TitleTaken);

    // Until it is published, the key follows the title, unless one was chosen.
    let made = apply_edit(&draft, add("Fist draft", None));
    let again = apply_edit(&made, DraftEdit::EditItem { item: node_id(1), fields: fields("First draft") });
    assert_eq!(key(&again, node_id(1)), "first-draft");
    let chosen = DraftItemFields { key: "chosen".parse().ok(), ..fields("First draft") };
    let chosen = apply_edit(&again, DraftEdit::EditItem { item: node_id(1), fields: chosen });
    assert_eq!(key(&chosen, node_id(1)), "chosen");
    let left = apply_edit(&chosen, DraftEdit::EditItem { item: node_id(1), fields: fields("Another") });
    assert_eq!(key(&left, node_id(1)), "another");
}

#[test]
fn draft_item_moves_with_its_nested_items() {
    let draft = draft(SMALL_MARKDOWN);
    let backup = |draft: &ChecklistDraft| outline(draft).split(['(', ')']).nth(1).unwrap().to_owned();
    let step = |of: &str, step| {
        draft.apply(DraftEdit::MoveOneStep(node_id_by_title(&draft, of), step), draft.version).map(|it| backup(&it))
    };
    assert_eq!(step("Restored", MoveDirection::Down).as_deref(), Ok("Tested Restored .Copied Off site"));
    assert_eq!(step("Tested", MoveDirection::Up).as_deref(), Ok("Tested Restored .Copied Off site"));
    assert_eq!(step("Off site", MoveDirection::Up).as_deref(), Ok("Restored .Copied Off site Tested"));
    assert_eq!(step("Restored", MoveDirection::Up), Err(DraftEditError::CannotMoveFurther(MoveDirection::Up)));
    assert_eq!(step("Off site", MoveDirection::Down), Err(DraftEditError::CannotMoveFurther(MoveDirection::Down)));
    for way in [MoveDirection::Up, MoveDirection::Down] {
        assert_eq!(
            step("Copied", way),
            Err(DraftEditError::CannotMoveFurther(way)),
            "it is the only one nested in that"
        );
        assert_eq!(expect_refusal(&draft, DraftEdit::MoveRole(role("legal"), way)), DraftEditError::NotInDraft);
    }
    assert_eq!(
        expect_refusal(&draft, DraftEdit::MoveOneStep(node_id_by_title(&draft, "Database"), MoveDirection::Up)),
        DraftEditError::CannotMoveFurther(MoveDirection::Up)
    );

    let moved = apply_edit(
        &draft,
        DraftEdit::MoveItems {
            items: vec![node_id_by_title(&draft, "Restored")],
            place: ItemPlace::EndOf(node_id_by_title(&draft, "Indexes")),
        },
    );
    assert_eq!(
        outline(&moved),
        "Database[Backup(Tested Off site) Indexes(Used Restored .Copied)] Network[-(Reachable)]"
    );
    let moved = apply_edit(
        &moved,
        DraftEdit::MoveItems {
            items: vec![node_id_by_title(&moved, "Copied")],
            place: ItemPlace::EndOf(node_id_by_title(&moved, "Backup")),
        },
    );
    assert_eq!(
        outline(&moved),
        "Database[Backup(Tested Off site Copied) Indexes(Used Restored)] Network[-(Reachable)]"
    );
    for (node, to) in [("Backup", "Indexes"), ("Restored", "Database"), ("Database", "Network"), ("Used", "Tested")] {
        let (node, to) = (node_id_by_title(&draft, node), node_id_by_title(&draft, to));
        for edit in [
            DraftEdit::MoveSection { section: node, part: to },
            DraftEdit::MoveItems { items: vec![node], place: ItemPlace::EndOf(to) },
            DraftEdit::MoveItems { items: vec![node], place: ItemPlace::StartOf(to) },
        ] {
            assert_eq!(expect_refusal(&draft, edit.clone()), DraftEditError::InvalidPlace, "{edit:?}");
        }
    }
}

#[test]
fn draft_step_passes_a_whole_group_and_stays_in_its_own() {
    let text = "- [ ] One\n- Group\n  - [ ] Two\n  - [ ] Three\n- [ ] Four\n  - [ ] Five\n- [ ] Six\n";
    let draft = draft(text);
    let step = |of: &str, step| {
        draft.apply(DraftEdit::MoveOneStep(node_id_by_title(&draft, of), step), 7).map(|it| outline(&it))
    };
    let inner = |text: &str| Ok(format!("-[-({text})]"));
    assert_eq!(step("One", MoveDirection::Down), inner(".Two .Three One Four .Five Six"));
    assert_eq!(step("Four", MoveDirection::Up), inner("One Four .Five .Two .Three Six"));
    assert_eq!(step("Three", MoveDirection::Up), inner("One .Three .Two Four .Five Six"));
    assert_eq!(step("Two", MoveDirection::Up), Err(DraftEditError::CannotMoveFurther(MoveDirection::Up)));
    assert_eq!(step("Three", MoveDirection::Down), Err(DraftEditError::CannotMoveFurther(MoveDirection::Down)));
    assert_eq!(step("Six", MoveDirection::Up), inner("One .Two .Three Six Four .Five"));
}

#[test]
fn draft_item_can_be_nested_and_unnested() {
    let draft = draft("- [ ] One\n  - [ ] Two\n    - [ ] Three\n  - [ ] Four\n- [ ] Five\n- Group\n  - [ ] Six\n");
    let nest = |of: &str, direction| {
        draft.apply(DraftEdit::Nest(node_id_by_title(&draft, of), direction), 7).map(|it| (outline(&it), it.version))
    };
    let inner = |text: &str| Ok((format!("-[-({text})]"), 8));
    let (deeper, outward) = (NestDirection::Deeper, NestDirection::Outward);
    assert_eq!(nest("Five", deeper), inner("One .Two ..Three .Four .Five .Six"));
    assert_eq!(nest("Four", deeper), inner("One .Two ..Three ..Four Five .Six"));
    assert_eq!(nest("Two", outward), inner("One .Four Two .Three Five .Six"));
    assert_eq!(nest("Three", outward), inner("One .Two .Three .Four Five .Six"));
    assert_eq!(nest("Six", outward), inner("One .Two ..Three .Four Five Six"));
    for (first, direction) in [("One", deeper), ("Two", deeper), ("Six", deeper), ("One", outward), ("Five", outward)] {
        assert_eq!(nest(first, direction), Err(DraftEditError::InvalidPlace), "{first}");
    }
    // It is one level each time: from a page that is out of date it is refused.
    let once = apply_edit(&draft, DraftEdit::Nest(node_id_by_title(&draft, "Five"), deeper));
    let again = DraftEdit::Nest(node_id_by_title(&draft, "Five"), deeper);
    assert_eq!(once.apply(again.clone(), 7), Err(DraftEditError::Stale));
    assert_eq!(outline(&apply_edit(&once, again)), "-[-(One .Two ..Three .Four ..Five .Six)]");
}

#[test]
fn draft_item_is_nested_in_the_group_before_it() {
    let draft = draft("- [ ] One\n- Group\n  - [ ] Two\n- [ ] Three\n");
    let nested = apply_edit(&draft, DraftEdit::Nest(node_id_by_title(&draft, "Three"), NestDirection::Deeper));
    let (_, _, three) = nested.item(node_id_by_title(&draft, "Three")).unwrap();
    assert_eq!(three.item.under, [title("Group")]);
}

#[test]
fn draft_item_moves_to_any_place_with_what_is_nested_in_it() {
    let draft = draft("# L\n\n## A\n\n- [ ] One\n  - [ ] Two\n- [ ] Three\n  - [ ] Four\n\n## B\n\n- [ ] Five\n");
    let section = |part: usize| draft.parts[part].sections[0].id;
    let place = |items: &[&str], place| {
        let items = items.iter().map(|of| node_id_by_title(&draft, of)).collect();
        draft.apply(DraftEdit::MoveItems { items, place }, 7).map(|it| outline(&it))
    };
    let id = |of: &str| node_id_by_title(&draft, of);
    let is = |text: &str| Ok(text.to_owned());
    assert_eq!(place(&["One"], ItemPlace::After(id("Four"))), is("A[-(Three .Four .One ..Two)] B[-(Five)]"));
    assert_eq!(place(&["Three"], ItemPlace::StartOf(section(0))), is("A[-(Three .Four One .Two)] B[-(Five)]"));
    assert_eq!(place(&["Two"], ItemPlace::After(id("Five"))), is("A[-(One Three .Four)] B[-(Five Two)]"));
    assert_eq!(place(&["Five"], ItemPlace::Inside(id("One"))), is("A[-(One .Two .Five Three .Four)] B[-()]"));
    assert_eq!(place(&["One"], ItemPlace::Inside(id("Two"))), Err(DraftEditError::InvalidPlace));
    assert_eq!(place(&["One"], ItemPlace::After(id("Two"))), Err(DraftEditError::InvalidPlace));
    assert_eq!(place(&["One"], ItemPlace::After(id("One"))), is(&outline(&draft)), "it is there already");
    // Many keep their order; those that are in the section stay, and a nested one follows its parent.
    assert_eq!(
        place(&["One", "Two", "Four", "Five"], ItemPlace::EndOf(section(1))),
        is("A[-(Three)] B[-(Five One .Two Four)]")
    );
    assert_eq!(place(&["Two", "Four"], ItemPlace::StartOf(section(1))), is("A[-(One Three)] B[-(Two Four Five)]"));
}

#[test]
fn draft_item_is_added_after_and_inside_another() {
    let draft = draft("- [ ] One\n  - [ ] Two\n- [ ] Three\n");
    let add = |place| {
        draft.apply(DraftEdit::AddItem { id: node_id(1), place, fields: fields("New") }, 7).map(|it| outline(&it))
    };
    let id = |of: &str| node_id_by_title(&draft, of);
    assert_eq!(add(ItemPlace::After(id("One"))).unwrap(), "-[-(One .Two New Three)]");
    assert_eq!(add(ItemPlace::After(id("Two"))).unwrap(), "-[-(One .Two .New Three)]");
    assert_eq!(add(ItemPlace::Inside(id("Three"))).unwrap(), "-[-(One .Two Three .New)]");
    let same = |place| draft.apply(DraftEdit::AddItem { id: node_id(1), place, fields: fields("Two") }, 7);
    assert_eq!(same(ItemPlace::After(id("Two"))), Err(DraftEditError::TitleTaken));
    assert!(same(ItemPlace::After(id("One"))).is_ok(), "it is not nested in the same");
}

#[test]
fn draft_values_of_many_items_change_together() {
    let draft = draft(SMALL_MARKDOWN);
    let ids = ["Tested", "Used"].map(|of| node_id_by_title(&draft, of));
    let changes = ItemChanges {
        importance: Some(Importance::Critical),
        role: Some(Some(role("security"))),
        ..ItemChanges::default()
    };
    let edit = |changes: &ItemChanges| DraftEdit::ChangeItems { items: ids.to_vec(), changes: changes.clone() };
    let changed = apply_edit(&draft, edit(&changes));
    for (before, after) in draft.items().zip(changed.items()) {
        let mut expected = before.clone();
        if ids.contains(&before.id) {
            expected.changed = 8;
            (expected.item.importance, expected.item.role) = (Importance::Critical, Some(role("security")));
        }
        assert_eq!(after, &expected);
    }
    let nobody = apply_edit(&changed, edit(&ItemChanges { role: Some(None), ..ItemChanges::default() }));
    assert!(nobody.items().all(|item| item.item.role.is_none()));
    // One that somebody else changed refuses all, unless it is as it should be.
    let theirs = apply_edit(&draft, DraftEdit::EditItem { item: ids[1], fields: fields("Theirs") });
    assert_eq!(theirs.apply(edit(&changes), 7), Err(DraftEditError::Stale));
    assert!(
        theirs
            .apply(edit(&ItemChanges { importance: Some(Importance::Required), ..ItemChanges::default() }), 7)
            .is_ok()
    );
    let gone = apply_edit(&draft, DraftEdit::Remove(vec![ids[0]]));
    assert_eq!(expect_refusal(&gone, edit(&changes)), DraftEditError::Removed);
    let unknown = DraftEdit::ChangeItems { items: vec![node_id(9)], changes };
    assert_eq!(expect_refusal(&draft, unknown), DraftEditError::NotInDraft);
}

#[test]
fn draft_removal_is_undone_as_a_whole() {
    let draft = draft(SMALL_MARKDOWN);
    let ids = ["Restored", "Tested", "Off site", "Used"].map(|of| node_id_by_title(&draft, of));
    let gone = apply_edit(&draft, DraftEdit::Remove(ids.to_vec()));
    assert_eq!(outline(&gone), "Database[Backup(.Copied) Indexes()] Network[-(Reachable)]");
    let later = apply_edit(&gone, DraftEdit::Remove(vec![node_id_by_title(&draft, "Network")]));
    let back = apply_edit(&later, DraftEdit::UndoRemoval(gone.version));
    assert_eq!(outline(&back), "Database[Backup(Restored .Copied Tested Off site) Indexes(Used)]");
    assert_eq!(back.removed.len(), 1, "another removal stays");
    for version in [gone.version, 3] {
        assert_eq!(expect_refusal(&back, DraftEdit::UndoRemoval(version)), DraftEditError::NothingToUndo);
    }
    // A draft that was stored before removals had a version is read.
    let mut stored = serde_json::to_value(&gone).unwrap();
    stored["removed"][0].as_object_mut().unwrap().remove("removed_in");
    let stored: ChecklistDraft = serde_json::from_value(stored).unwrap();
    assert_eq!(stored.removed[0].removed_in, 0);
}

#[test]
fn draft_nesting_beyond_maximum_depth_is_refused() {
    let chain = |depth| (0..=depth).map(|at| format!("{}- [ ] L{at}\n", "  ".repeat(at))).collect::<String>();
    let draft = draft(&format!("- [ ] First\n{}", chain(MAX_DEPTH)));
    let (first, chained) = (node_id_by_title(&draft, "L0"), node_id_by_title(&draft, &format!("L{MAX_DEPTH}")));
    assert_eq!(expect_refusal(&draft, DraftEdit::Nest(first, NestDirection::Deeper)), DraftEditError::TooDeep);
    let place = ItemPlace::Inside(chained);
    let moved = DraftEdit::MoveItems { items: vec![node_id_by_title(&draft, "First")], place };
    assert_eq!(expect_refusal(&draft, moved), DraftEditError::TooDeep);
    let add = DraftEdit::AddItem { id: node_id(1), place, fields: fields("x") };
    assert_eq!(expect_refusal(&draft, add), DraftEditError::TooDeep);
}

#[test]
fn draft_nested_items_follow_parent_rename_and_survive_its_removal() {
    let draft = draft(SMALL_MARKDOWN);
    let restored = node_id_by_title(&draft, "Restored");
    let edited = apply_edit(&draft, DraftEdit::EditItem { item: restored, fields: fields("Restored in a drill") });
    let (_, _, copied) = edited.item(node_id_by_title(&edited, "Copied")).unwrap();
    assert_eq!(copied.item.under, [title("Restored in a drill")]);
    assert!(write_markdown(&edited.checklist()).contains("- [ ] Restored in a drill {#restored}\n  - [ ] Copied"));
    let without = apply_edit(&edited, DraftEdit::Remove(vec![restored]));
    assert!(write_markdown(&without.checklist()).contains("- Restored in a drill\n  - [ ] Copied"));
    assert_eq!(apply_edit(&without, DraftEdit::Restore(restored)).checklist(), edited.checklist());
}

#[test]
fn draft_edit_is_stale_only_if_its_target_changed() {
    let draft = draft(SMALL_MARKDOWN);
    let (tested, used, backup) =
        (node_id_by_title(&draft, "Tested"), node_id_by_title(&draft, "Used"), node_id_by_title(&draft, "Backup"));
    let edit = |item, text: &str| DraftEdit::EditItem { item, fields: fields(text) };
    let theirs = apply_edit(&draft, edit(tested, "Theirs"));
    // Another item, another heading, another order are nobody's business here.
    for mine in [
        edit(used, "Mine"),
        DraftEdit::Rename { node: backup, title: title("Mine") },
        DraftEdit::MoveOneStep(tested, MoveDirection::Up),
        DraftEdit::AddItem { id: node_id(1), place: ItemPlace::EndOf(backup), fields: fields("Mine") },
        DraftEdit::SetDescription { name: title("Mine"), introduction: None },
        DraftEdit::Remove(vec![used]),
    ] {
        assert_eq!(theirs.apply(mine.clone(), 7).map(|it| it.version), Ok(9), "{mine:?}");
    }
    for mine in [
        edit(tested, "Mine"),
        DraftEdit::Remove(vec![tested]),
        DraftEdit::Remove(vec![backup]),
        DraftEdit::Remove(vec![node_id_by_title(&draft, "Database")]),
    ] {
        assert_eq!(theirs.apply(mine.clone(), 7), Err(DraftEditError::Stale), "{mine:?}");
        assert!(theirs.apply(mine, 8).is_ok());
    }
    // What is as one wants it is no conflict.
    assert_eq!(theirs.apply(edit(tested, "Theirs"), 7).unwrap(), theirs);
    let stepped = apply_edit(&draft, DraftEdit::MoveOneStep(tested, MoveDirection::Up));
    assert_eq!(stepped.apply(DraftEdit::MoveOneStep(tested, MoveDirection::Down), 7), Err(DraftEditError::Stale));
    let named = apply_edit(&draft, DraftEdit::SetDescription { name: title("Theirs"), introduction: None });
    let mine = DraftEdit::SetDescription { name: title("Mine"), introduction: None };
    assert_eq!(named.apply(mine, 7), Err(DraftEditError::Stale));
    let signing = apply_edit(&draft, DraftEdit::MoveRole(role("security"), MoveDirection::Up));
    assert_eq!(
        signing.apply(DraftEdit::MoveRole(role("security"), MoveDirection::Down), 7),
        Err(DraftEditError::Stale)
    );
}

#[test]
fn draft_edit_repeated_changes_nothing() {
    let draft = draft(SMALL_MARKDOWN);
    let security = RequiredRole { role: role("security"), title: title("Security") };
    let tested = node_id_by_title(&draft, "Tested");
    for edit in [
        DraftEdit::AddPart { id: node_id(1), title: title("Legal") },
        DraftEdit::AddSection { id: node_id(1), part: node_id_by_title(&draft, "Database"), title: title("Legal") },
        DraftEdit::AddItem {
            id: node_id(1),
            place: ItemPlace::EndOf(node_id_by_title(&draft, "Backup")),
            fields: fields("Legal"),
        },
        DraftEdit::RequireRole(RequiredRole { role: role("legal"), title: title("Legal") }),
        DraftEdit::RemoveRole(role("security")),
        DraftEdit::Rename { node: node_id_by_title(&draft, "Backup"), title: title("Backups") },
        DraftEdit::EditItem { item: tested, fields: fields("Tested twice") },
        DraftEdit::SetDescription { name: title("Other"), introduction: None },
        DraftEdit::MoveItems { items: vec![tested], place: ItemPlace::EndOf(node_id_by_title(&draft, "Indexes")) },
        DraftEdit::ChangeItems {
            items: vec![tested],
            changes: ItemChanges { evidence_required: Some(true), ..ItemChanges::default() },
        },
        DraftEdit::Remove(vec![tested]),
        DraftEdit::Remove(vec![node_id_by_title(&draft, "Database")]),
    ] {
        let once = apply_edit(&draft, edit.clone());
        assert_eq!(once.version, 8, "{edit:?}");
        assert_eq!(once.apply(edit.clone(), 7), Ok(once), "{edit:?}");
    }
    assert_eq!(apply_edit(&draft, DraftEdit::RequireRole(security)).version, 7);
    assert_eq!(apply_edit(&draft, DraftEdit::Restore(tested)).version, 7);
}

#[test]
fn draft_edit_distinguishes_removed_from_unknown_target() {
    let draft = draft(SMALL_MARKDOWN);
    let tested = node_id_by_title(&draft, "Tested");
    let edit = |item| DraftEdit::EditItem { item, fields: fields("Tested") };
    for gone in [tested, node_id_by_title(&draft, "Backup"), node_id_by_title(&draft, "Database")] {
        let without = apply_edit(&draft, DraftEdit::Remove(vec![gone]));
        assert_eq!(expect_refusal(&without, edit(tested)), DraftEditError::Removed);
        assert!(without.was_removed(tested));
    }
    for (edit, why) in [
        (edit(node_id(9)), DraftEditError::NotInDraft),
        (edit(node_id_by_title(&draft, "Backup")), DraftEditError::NotInDraft),
        (DraftEdit::Rename { node: tested, title: title("x") }, DraftEditError::NotInDraft),
        (DraftEdit::Rename { node: node_id(9), title: title("x") }, DraftEditError::NotInDraft),
        (DraftEdit::AddSection { id: node_id(1), part: tested, title: title("x") }, DraftEditError::NotInDraft),
        (
            DraftEdit::AddItem {
                id: node_id(1),
                place: ItemPlace::EndOf(node_id_by_title(&draft, "Database")),
                fields: fields("x"),
            },
            DraftEditError::InvalidPlace,
        ),
        (DraftEdit::Remove(vec![node_id(9)]), DraftEditError::NotInDraft),
        (DraftEdit::Restore(node_id(9)), DraftEditError::NotInDraft),
    ] {
        assert_eq!(expect_refusal(&draft, edit.clone()), why, "{edit:?}");
    }
    let without = apply_edit(
        &apply_edit(&draft, DraftEdit::Remove(vec![tested])),
        DraftEdit::Remove(vec![node_id_by_title(&draft, "Backup")]),
    );
    assert_eq!(expect_refusal(&without, DraftEdit::Restore(tested)), DraftEditError::ParentRemoved);
}

#[test]
fn draft_edit_with_taken_title_or_key_is_refused() {
    let draft = draft(SMALL_MARKDOWN);
    for edit in [
        DraftEdit::AddPart { id: node_id(1), title: title("Network") },
        DraftEdit::AddSection { id: node_id(1), part: node_id_by_title(&draft, "Database"), title: title("Backup") },
        DraftEdit::Rename { node: node_id_by_title(&draft, "Database"), title: title("Network") },
        DraftEdit::Rename { node: node_id_by_title(&draft, "Backup"), title: title("Indexes") },
        DraftEdit::EditItem { item: node_id_by_title(&draft, "Tested"), fields: fields("Off site") },
    ] {
        assert_eq!(expect_refusal(&draft, edit.clone()), DraftEditError::TitleTaken, "{edit:?}");
    }
    let other = DraftEdit::RequireRole(RequiredRole { role: role("legal"), title: title("Security") });
    assert_eq!(expect_refusal(&draft, other), DraftEditError::RoleTaken);

    let tested = node_id_by_title(&draft, "Tested");
    let taken = apply_edit(&draft, DraftEdit::Remove(vec![tested]));
    let add = DraftEdit::AddItem {
        id: node_id(1),
        place: ItemPlace::EndOf(node_id_by_title(&draft, "Indexes")),
        fields: fields("Tested"),
    };
    let taken = apply_edit(&taken, add);
    assert_eq!(expect_refusal(&taken, DraftEdit::Restore(tested)), DraftEditError::KeyTaken("tested".parse().unwrap()));
    // A new one that was removed takes another key when it comes back.
    let swapped = apply_edit(&apply_edit(&taken, DraftEdit::Remove(vec![node_id(1)])), DraftEdit::Restore(tested));
    let both = apply_edit(&swapped, DraftEdit::Restore(node_id(1)));
    let keys: Vec<&ItemKey> =
        both.items().map(|item| &item.item.key).filter(|key| key.as_str().contains("tested")).collect();
    assert_eq!(keys, [&"tested".parse::<ItemKey>().unwrap(), &"tested-2".parse().unwrap()]);
}

#[test]
fn draft_edit_beyond_any_maximum_is_refused() {
    let many: String = (0..MAX_ITEMS).map(|at| format!("- [ ] Item {at}\n")).collect();
    let full = draft(&many);
    let section = full.parts[0].sections[0].id;
    let add = DraftEdit::AddItem { id: node_id(1), place: ItemPlace::EndOf(section), fields: fields("One more") };
    assert_eq!(expect_refusal(&full, add.clone()), DraftEditError::TooManyItems);
    let room = apply_edit(&full, DraftEdit::Remove(vec![node_id_by_title(&full, "Item 7")]));
    let again = apply_edit(&room, add);
    assert_eq!(
        expect_refusal(&again, DraftEdit::Restore(node_id_by_title(&full, "Item 7"))),
        DraftEditError::TooManyItems
    );

    let mut draft = draft(SMALL_MARKDOWN);
    let section = node_id_by_title(&draft, "Backup");
    let heavy = |at: u32| {
        let guidance = Markdown::new(&"x".repeat(Markdown::MAX)).ok();
        let fields = DraftItemFields { guidance, ..fields(&format!("Heavy {at}")) };
        DraftEdit::AddItem { id: node_id(u128::from(at)), place: ItemPlace::EndOf(section), fields }
    };
    for at in 1..100 {
        draft = apply_edit(&draft, heavy(at));
    }
    assert_eq!(expect_refusal(&draft, heavy(100)), DraftEditError::TooLarge);
    assert!(draft.apply(DraftEdit::Remove(vec![node_id(1)]), draft.version).is_ok(), "less is always taken");
}

#[test]
fn draft_faults_list_what_prevents_publication() {
    let draft = draft(SMALL_MARKDOWN);
    let bare = apply_edit(&draft, DraftEdit::Remove(vec![node_id_by_title(&draft, "Used")]));
    assert_eq!(bare.faults(), [DraftFault::EmptySection(node_id_by_title(&draft, "Indexes"), title("Indexes"))]);
    let none =
        draft.parts.iter().fold(draft.clone(), |draft, part| apply_edit(&draft, DraftEdit::Remove(vec![part.id])));
    assert_eq!(none.faults(), [DraftFault::Checklist(ChecklistError::Empty)]);
}
