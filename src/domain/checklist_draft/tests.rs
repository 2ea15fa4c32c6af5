//! Each edit, on a small draft: what it makes, and how it is refused.

use super::*;
use crate::domain::{
    checklist::{Importance, ItemKey, MAX_DEPTH, MAX_ITEMS, Phase},
    markdown_checklist::{read, write},
    role::RoleSlug,
};

const SMALL: &str = "# Going live\n\nWhat we check.\n\n## Database\n\n### Backup\n\n- [ ] Restored\n  - [ ] Copied\n\
    - [ ] Tested\n- [ ] Off site\n\n### Indexes\n\n- [ ] Used\n\n## Network\n\n- [ ] Reachable\n\n## Sign-off\n\n\
    **Operations:** ____\n\n**Security:** ____\n";

fn title(text: &str) -> Title {
    Title::new(text).unwrap()
}

fn role(slug: &str) -> RoleSlug {
    slug.parse().unwrap()
}

pub(super) fn draft(markdown: &str) -> ChecklistDraft {
    ChecklistDraft::of(ChecklistId(Uuid::nil()), &read(markdown, &title("Untitled")).checklist, 3, 7)
}

fn node(number: u128) -> NodeId {
    NodeId(Uuid::from_u128(number))
}

fn fields(text: &str) -> ItemFields {
    ItemFields {
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
fn id(draft: &ChecklistDraft, wanted: &str) -> NodeId {
    let is = |title: Option<&Title>| title.is_some_and(|title| title.as_str() == wanted);
    let item = draft.items().find(|item| is(Some(&item.item.title))).map(|item| item.id);
    let mut sections = draft.parts.iter().flat_map(|part| &part.sections);
    let section = || sections.find(|section| is(section.title.as_ref())).map(|section| section.id);
    let part = || draft.parts.iter().find(|part| is(part.title.as_ref())).map(|part| part.id);
    item.or_else(section).or_else(part).unwrap_or_else(|| panic!("no {wanted}"))
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
fn done(draft: &ChecklistDraft, edit: Edit) -> ChecklistDraft {
    draft.apply(edit, draft.version).unwrap()
}

fn refused(draft: &ChecklistDraft, edit: Edit) -> EditError {
    draft.apply(edit, draft.version).unwrap_err()
}

#[test]
fn a_draft_begins_as_what_was_published() {
    let published = read(SMALL, &title("x")).checklist;
    let draft = draft(SMALL);
    assert_eq!(draft.checklist(), published);
    assert_eq!(draft.checklist().hash(), published.hash());
    assert_eq!(draft.faults(), []);
    assert_eq!(
        outline(&draft),
        "Database[Backup(Restored .Copied Tested Off site) Indexes(Used)] Network[-(Reachable)]"
    );
    let kept: ChecklistDraft = serde_json::from_slice(&serde_json::to_vec(&draft).unwrap()).unwrap();
    assert_eq!(ChecklistDraft { version: 7, ..kept }, draft);
}

#[test]
fn parts_and_sections_are_added_named_moved_and_removed() {
    let draft = draft(SMALL);
    let with = done(&draft, Edit::AddPart { id: node(1), title: title("Legal") });
    assert_eq!(with.version, 8);
    assert_eq!(outline(&with).split("] ").last(), Some("Legal[-()]"));
    let with = done(&with, Edit::AddSection { id: node(2), part: node(1), title: title("Terms") });
    assert_eq!(outline(&with).split("] ").last(), Some("Legal[Terms()]"), "the place for bare items made room");
    assert_eq!(with.faults(), [Fault::EmptyPart(node(1), title("Legal"))]);
    let with = done(&with, Edit::AddItem { id: node(3), section: node(2), fields: fields("Read") });
    assert_eq!(with.faults(), []);
    let with = done(&with, Edit::Entitle { node: node(2), title: title("Terms of use") });
    let with = done(&with, Edit::Step(node(1), Step::Up));
    assert_eq!(
        outline(&with),
        "Database[Backup(Restored .Copied Tested Off site) Indexes(Used)] Legal[Terms of use(Read)] Network[-(Reachable)]"
    );
    let with = done(&with, Edit::MoveTo { node: id(&with, "Indexes"), to: node(1) });
    let with = done(&with, Edit::Step(id(&with, "Indexes"), Step::Up));
    let with = done(&with, Edit::Remove(id(&with, "Network")));
    assert_eq!(
        outline(&with),
        "Database[Backup(Restored .Copied Tested Off site)] Legal[Indexes(Used) Terms of use(Read)]"
    );
    let back = done(&with, Edit::BringBack(draft.parts[1].id));
    assert_eq!(outline(&back).split("] ").last(), Some("Network[-(Reachable)]"));
}

#[test]
fn an_item_keeps_its_key_and_a_new_one_takes_it_from_its_title() {
    let draft = draft(SMALL);
    let tested = id(&draft, "Tested");
    let edited = done(&draft, Edit::EditItem { item: tested, fields: fields("Tried out") });
    let key = |draft: &ChecklistDraft, id| draft.item(id).unwrap().2.item.key.to_string();
    assert_eq!(key(&edited, tested), "tested");
    let fixed = Edit::EditItem { item: tested, fields: ItemFields { key: "else".parse().ok(), ..fields("Tested") } };
    assert_eq!(refused(&draft, fixed), EditError::KeyFixed);

    let section = id(&draft, "Indexes");
    let add = |text: &str, key: Option<&str>| Edit::AddItem {
        id: node(1),
        section,
        fields: ItemFields { key: key.map(|key| key.parse().unwrap()), ..fields(text) },
    };
    assert_eq!(key(&done(&draft, add("Tested", None)), node(1)), "tested-2");
    assert_eq!(key(&done(&draft, add("Tested", Some("again"))), node(1)), "again");
    assert_eq!(refused(&draft, add("New", Some("tested"))), EditError::KeyTaken("tested".parse().unwrap()));
    assert_eq!(refused(&draft, add("Used", None)), EditError::TitleTaken);

    // Until it is published, the key follows the title, unless one was chosen.
    let made = done(&draft, add("Fist draft", None));
    let again = done(&made, Edit::EditItem { item: node(1), fields: fields("First draft") });
    assert_eq!(key(&again, node(1)), "first-draft");
    let chosen = ItemFields { key: "chosen".parse().ok(), ..fields("First draft") };
    let chosen = done(&again, Edit::EditItem { item: node(1), fields: chosen });
    assert_eq!(key(&chosen, node(1)), "chosen");
    let left = done(&chosen, Edit::EditItem { item: node(1), fields: fields("Another") });
    assert_eq!(key(&left, node(1)), "another");
}

#[test]
fn items_move_with_what_is_nested_in_them() {
    let draft = draft(SMALL);
    let backup = |draft: &ChecklistDraft| outline(draft).split(['(', ')']).nth(1).unwrap().to_owned();
    let step = |of: &str, step| draft.apply(Edit::Step(id(&draft, of), step), draft.version).map(|it| backup(&it));
    assert_eq!(step("Restored", Step::Down).as_deref(), Ok("Tested Restored .Copied Off site"));
    assert_eq!(step("Tested", Step::Up).as_deref(), Ok("Tested Restored .Copied Off site"));
    assert_eq!(step("Off site", Step::Up).as_deref(), Ok("Restored .Copied Off site Tested"));
    assert_eq!(step("Restored", Step::Up), Err(EditError::AtTheEnd(Step::Up)));
    assert_eq!(step("Off site", Step::Down), Err(EditError::AtTheEnd(Step::Down)));
    for way in [Step::Up, Step::Down] {
        assert_eq!(step("Copied", way), Err(EditError::AtTheEnd(way)), "it is the only one nested in that");
        assert_eq!(refused(&draft, Edit::StepRole(role("legal"), way)), EditError::Unknown);
    }
    assert_eq!(refused(&draft, Edit::Step(id(&draft, "Database"), Step::Up)), EditError::AtTheEnd(Step::Up));

    let moved = done(&draft, Edit::MoveTo { node: id(&draft, "Restored"), to: id(&draft, "Indexes") });
    assert_eq!(
        outline(&moved),
        "Database[Backup(Tested Off site) Indexes(Used Restored .Copied)] Network[-(Reachable)]"
    );
    let moved = done(&moved, Edit::MoveTo { node: id(&moved, "Copied"), to: id(&moved, "Backup") });
    assert_eq!(
        outline(&moved),
        "Database[Backup(Tested Off site Copied) Indexes(Used Restored)] Network[-(Reachable)]"
    );
    for (node, to) in [("Backup", "Indexes"), ("Restored", "Database"), ("Database", "Network"), ("Used", "Tested")] {
        let edit = Edit::MoveTo { node: id(&draft, node), to: id(&draft, to) };
        assert_eq!(refused(&draft, edit), EditError::Misplaced, "{node} to {to}");
    }
}

#[test]
fn a_step_passes_a_group_and_stays_within_its_own() {
    let text = "- [ ] One\n- Group\n  - [ ] Two\n  - [ ] Three\n- [ ] Four\n  - [ ] Five\n- [ ] Six\n";
    let draft = draft(text);
    let step = |of: &str, step| draft.apply(Edit::Step(id(&draft, of), step), 7).map(|it| outline(&it));
    let inner = |text: &str| Ok(format!("-[-({text})]"));
    assert_eq!(step("One", Step::Down), inner(".Two .Three One Four .Five Six"));
    assert_eq!(step("Four", Step::Up), inner("One Four .Five .Two .Three Six"));
    assert_eq!(step("Three", Step::Up), inner("One .Three .Two Four .Five Six"));
    assert_eq!(step("Two", Step::Up), Err(EditError::AtTheEnd(Step::Up)));
    assert_eq!(step("Three", Step::Down), Err(EditError::AtTheEnd(Step::Down)));
    assert_eq!(step("Six", Step::Up), inner("One .Two .Three Six Four .Five"));
}

#[test]
fn items_are_nested_and_taken_out_again() {
    let draft = draft("- [ ] One\n  - [ ] Two\n    - [ ] Three\n  - [ ] Four\n- [ ] Five\n- Group\n  - [ ] Six\n");
    let nest = |of: &str, nesting| {
        draft.apply(Edit::Nest { item: id(&draft, of), nesting }, 7).map(|it| (outline(&it), it.version))
    };
    let inner = |text: &str| Ok((format!("-[-({text})]"), 8));
    let (inside, beside) = (|of| Nesting::In(id(&draft, of)), |of| Nesting::Beside(id(&draft, of)));
    assert_eq!(nest("Five", inside("Two")), inner("One .Two ..Three ..Five .Four .Six"));
    assert_eq!(nest("Two", inside("Five")), inner("One .Four Five .Two ..Three .Six"));
    assert_eq!(nest("Two", Nesting::Nothing), inner("One .Four Two .Three Five .Six"));
    assert_eq!(nest("Three", beside("Four")), inner("One .Two .Four .Three Five .Six"));
    assert_eq!(nest("Five", beside("Six")), inner("One .Two ..Three .Four .Six .Five"));
    assert_eq!(nest("Six", Nesting::Nothing), inner("One .Two ..Three .Four Five Six"));
    assert_eq!(nest("One", inside("Three")), Err(EditError::Misplaced));
    assert_eq!(nest("One", inside("One")), Err(EditError::Misplaced));
    assert_eq!(nest("Four", inside("One")).map(|(_, version)| version), Ok(7), "it is there already");
    let elsewhere = Edit::Nest { item: id(&draft, "One"), nesting: Nesting::In(node(9)) };
    assert_eq!(refused(&draft, elsewhere), EditError::Misplaced);
}

#[test]
fn nesting_has_an_end() {
    let chain = |depth| (0..=depth).map(|at| format!("{}- [ ] L{at}\n", "  ".repeat(at))).collect::<String>();
    let draft = draft(&format!("{}- [ ] Last\n", chain(MAX_DEPTH)));
    let nesting = Nesting::In(id(&draft, &format!("L{MAX_DEPTH}")));
    assert_eq!(refused(&draft, Edit::Nest { item: id(&draft, "Last"), nesting }), EditError::TooDeep);
    let nesting = Nesting::In(id(&draft, "Last"));
    assert_eq!(refused(&draft, Edit::Nest { item: id(&draft, "L0"), nesting }), EditError::TooDeep);
}

#[test]
fn what_is_nested_follows_the_words_and_stays_when_they_go() {
    let draft = draft(SMALL);
    let restored = id(&draft, "Restored");
    let said = done(&draft, Edit::EditItem { item: restored, fields: fields("Restored in a drill") });
    let (_, _, copied) = said.item(id(&said, "Copied")).unwrap();
    assert_eq!(copied.item.under, [title("Restored in a drill")]);
    assert!(write(&said.checklist()).contains("- [ ] Restored in a drill {#restored}\n  - [ ] Copied"));
    let without = done(&said, Edit::Remove(restored));
    assert!(write(&without.checklist()).contains("- Restored in a drill\n  - [ ] Copied"));
    assert_eq!(done(&without, Edit::BringBack(restored)).checklist(), said.checklist());
}

#[test]
fn only_what_changed_since_it_was_seen_is_stale() {
    let draft = draft(SMALL);
    let (tested, used, backup) = (id(&draft, "Tested"), id(&draft, "Used"), id(&draft, "Backup"));
    let edit = |item, text: &str| Edit::EditItem { item, fields: fields(text) };
    let theirs = done(&draft, edit(tested, "Theirs"));
    // Another item, another heading, another order are nobody's business here.
    for mine in [
        edit(used, "Mine"),
        Edit::Entitle { node: backup, title: title("Mine") },
        Edit::Step(tested, Step::Up),
        Edit::AddItem { id: node(1), section: backup, fields: fields("Mine") },
        Edit::Describe { name: title("Mine"), introduction: None },
        Edit::Remove(used),
    ] {
        assert_eq!(theirs.apply(mine.clone(), 7).map(|it| it.version), Ok(9), "{mine:?}");
    }
    for mine in [edit(tested, "Mine"), Edit::Remove(tested), Edit::Remove(backup), Edit::Remove(id(&draft, "Database"))]
    {
        assert_eq!(theirs.apply(mine.clone(), 7), Err(EditError::Stale), "{mine:?}");
        assert!(theirs.apply(mine, 8).is_ok());
    }
    // What is as one wants it is no conflict.
    assert_eq!(theirs.apply(edit(tested, "Theirs"), 7).unwrap(), theirs);
    let stepped = done(&draft, Edit::Step(tested, Step::Up));
    assert_eq!(stepped.apply(Edit::Step(tested, Step::Down), 7), Err(EditError::Stale));
    let named = done(&draft, Edit::Describe { name: title("Theirs"), introduction: None });
    let mine = Edit::Describe { name: title("Mine"), introduction: None };
    assert_eq!(named.apply(mine, 7), Err(EditError::Stale));
    let signing = done(&draft, Edit::StepRole(role("security"), Step::Up));
    assert_eq!(signing.apply(Edit::StepRole(role("security"), Step::Down), 7), Err(EditError::Stale));
}

#[test]
fn the_same_edit_again_changes_nothing() {
    let draft = draft(SMALL);
    let security = RequiredRole { role: role("security"), title: title("Security") };
    let tested = id(&draft, "Tested");
    for edit in [
        Edit::AddPart { id: node(1), title: title("Legal") },
        Edit::AddSection { id: node(1), part: id(&draft, "Database"), title: title("Legal") },
        Edit::AddItem { id: node(1), section: id(&draft, "Backup"), fields: fields("Legal") },
        Edit::RequireRole(RequiredRole { role: role("legal"), title: title("Legal") }),
        Edit::ReleaseRole(role("security")),
        Edit::Entitle { node: id(&draft, "Backup"), title: title("Backups") },
        Edit::EditItem { item: tested, fields: fields("Tested twice") },
        Edit::Describe { name: title("Other"), introduction: None },
        Edit::MoveTo { node: tested, to: id(&draft, "Indexes") },
        Edit::Nest { item: tested, nesting: Nesting::In(id(&draft, "Restored")) },
        Edit::Remove(tested),
        Edit::Remove(id(&draft, "Database")),
    ] {
        let once = done(&draft, edit.clone());
        assert_eq!(once.version, 8, "{edit:?}");
        assert_eq!(once.apply(edit.clone(), 7), Ok(once), "{edit:?}");
    }
    assert_eq!(done(&draft, Edit::RequireRole(security)).version, 7);
    assert_eq!(done(&draft, Edit::BringBack(tested)).version, 7);
}

#[test]
fn what_is_gone_and_what_never_was_are_told_apart() {
    let draft = draft(SMALL);
    let tested = id(&draft, "Tested");
    let edit = |item| Edit::EditItem { item, fields: fields("Tested") };
    for gone in [tested, id(&draft, "Backup"), id(&draft, "Database")] {
        let without = done(&draft, Edit::Remove(gone));
        assert_eq!(refused(&without, edit(tested)), EditError::Removed);
        assert!(without.removed_item(tested).is_some());
    }
    for (edit, why) in [
        (edit(node(9)), EditError::Unknown),
        (edit(id(&draft, "Backup")), EditError::Unknown),
        (Edit::Entitle { node: tested, title: title("x") }, EditError::Unknown),
        (Edit::Entitle { node: node(9), title: title("x") }, EditError::Unknown),
        (Edit::AddSection { id: node(1), part: tested, title: title("x") }, EditError::Unknown),
        (Edit::AddItem { id: node(1), section: id(&draft, "Database"), fields: fields("x") }, EditError::Unknown),
        (Edit::Remove(node(9)), EditError::Unknown),
        (Edit::BringBack(node(9)), EditError::Unknown),
    ] {
        assert_eq!(refused(&draft, edit.clone()), why, "{edit:?}");
    }
    let without = done(&done(&draft, Edit::Remove(tested)), Edit::Remove(id(&draft, "Backup")));
    assert_eq!(refused(&without, Edit::BringBack(tested)), EditError::NoPlace);
}

#[test]
fn titles_and_keys_are_not_given_twice() {
    let draft = draft(SMALL);
    for edit in [
        Edit::AddPart { id: node(1), title: title("Network") },
        Edit::AddSection { id: node(1), part: id(&draft, "Database"), title: title("Backup") },
        Edit::Entitle { node: id(&draft, "Database"), title: title("Network") },
        Edit::Entitle { node: id(&draft, "Backup"), title: title("Indexes") },
        Edit::EditItem { item: id(&draft, "Tested"), fields: fields("Off site") },
    ] {
        assert_eq!(refused(&draft, edit.clone()), EditError::TitleTaken, "{edit:?}");
    }
    let other = Edit::RequireRole(RequiredRole { role: role("legal"), title: title("Security") });
    assert_eq!(refused(&draft, other), EditError::RoleTaken);

    let tested = id(&draft, "Tested");
    let taken = done(&draft, Edit::Remove(tested));
    let add = Edit::AddItem { id: node(1), section: id(&draft, "Indexes"), fields: fields("Tested") };
    let taken = done(&taken, add);
    assert_eq!(refused(&taken, Edit::BringBack(tested)), EditError::KeyTaken("tested".parse().unwrap()));
    // A new one that was removed takes another key when it comes back.
    let swapped = done(&done(&taken, Edit::Remove(node(1))), Edit::BringBack(tested));
    let both = done(&swapped, Edit::BringBack(node(1)));
    let keys: Vec<&ItemKey> =
        both.items().map(|item| &item.item.key).filter(|key| key.as_str().contains("tested")).collect();
    assert_eq!(keys, [&"tested".parse::<ItemKey>().unwrap(), &"tested-2".parse().unwrap()]);
}

#[test]
fn there_is_a_most_of_everything() {
    let many: String = (0..MAX_ITEMS).map(|at| format!("- [ ] Item {at}\n")).collect();
    let full = draft(&many);
    let section = full.parts[0].sections[0].id;
    let add = Edit::AddItem { id: node(1), section, fields: fields("One more") };
    assert_eq!(refused(&full, add.clone()), EditError::TooManyItems);
    let room = done(&full, Edit::Remove(id(&full, "Item 7")));
    let again = done(&room, add);
    assert_eq!(refused(&again, Edit::BringBack(id(&full, "Item 7"))), EditError::TooManyItems);

    let mut draft = draft(SMALL);
    let section = id(&draft, "Backup");
    let heavy = |at: u32| {
        let guidance = Markdown::new(&"x".repeat(Markdown::MAX)).ok();
        let fields = ItemFields { guidance, ..fields(&format!("Heavy {at}")) };
        Edit::AddItem { id: node(u128::from(at)), section, fields }
    };
    for at in 1..100 {
        draft = done(&draft, heavy(at));
    }
    assert_eq!(refused(&draft, heavy(100)), EditError::TooLarge);
    assert!(draft.apply(Edit::Remove(node(1)), draft.version).is_ok(), "less is always taken");
}

#[test]
fn a_draft_says_what_keeps_it_from_being_published() {
    let draft = draft(SMALL);
    let bare = done(&draft, Edit::Remove(id(&draft, "Used")));
    assert_eq!(bare.faults(), [Fault::EmptySection(id(&draft, "Indexes"), title("Indexes"))]);
    let none = draft.parts.iter().fold(draft.clone(), |draft, part| done(&draft, Edit::Remove(part.id)));
    assert_eq!(none.faults(), [Fault::Whole(BadChecklist::Empty)]);
}
