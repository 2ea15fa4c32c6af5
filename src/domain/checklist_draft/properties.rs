//! What holds of any draft, whatever is done to it, in which order, and however much of it was seen.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{tests::draft, *};
use crate::domain::{
    checklist::{Importance, ItemKey, MAX_DEPTH, Phase, Window},
    markdown_checklist::{parse_markdown, write_markdown},
    role::RoleSlug,
};

const NESTED_MARKDOWN: &str = "# List\n\n## A\n\n### X\n\n- [ ] One\n  - [ ] Two\n    - [ ] Three\n  - [ ] Four\n- Group\n  - [ ] Five\n\
    \x20 - [ ] Six\n- [ ] One again\n\n### Y\n\n- [ ] Seven\n\n## B\n\n- [ ] Eight\n  - [ ] Nine\n\n## Sign-off\n\n**Ops:** ____\n";

/// One thing that somebody tries, as numbers that are read on the draft as it stands then.
#[derive(Debug, Clone, Copy)]
struct RandomEdit {
    edit_kind: u8,
    node_index: u8,
    other_index: u8,
    variation: u8,
    /// How many versions ago they looked.
    versions_behind: i64,
}

fn random_edits() -> impl Strategy<Value = Vec<RandomEdit>> {
    let one = (0..17_u8, any::<u8>(), any::<u8>(), any::<u8>(), prop_oneof![5 => Just(0_i64), 1 => 0..4_i64]).prop_map(
        |(edit_kind, which, other, how, behind)| RandomEdit {
            edit_kind,
            node_index: which,
            other_index: other,
            variation: how,
            versions_behind: behind,
        },
    );
    prop::collection::vec(one, 1..60)
}

fn pick<T: Clone>(list: &[T], at: u8) -> Option<T> {
    list.get(usize::from(at) % list.len().max(1)).cloned()
}

/// Every id there is or was, and one that never was.
fn all_node_ids(draft: &ChecklistDraft) -> Vec<NodeId> {
    let mut nodes: Vec<NodeId> = draft.items().map(|item| item.id).collect();
    for part in &draft.parts {
        nodes.push(part.id);
        nodes.extend(part.sections.iter().map(|section| section.id));
    }
    nodes.extend(draft.removed.iter().map(|removed| removed.node.id()));
    nodes.push(NodeId(Uuid::max()));
    nodes
}

impl RandomEdit {
    fn title(self) -> Title {
        Title::new(["One", "Two", "New", "Other", "X", "A", "Group"][usize::from(self.variation) % 7]).unwrap()
    }

    fn fields(self) -> DraftItemFields {
        let keys = [None, None, None, "one".parse().ok(), "chosen".parse().ok()];
        DraftItemFields {
            title: self.title(),
            importance: Importance::ALL[usize::from(self.other_index) % 3],
            phase: if self.other_index > 200 { Phase::After(Window::Week) } else { Phase::Before },
            role: None,
            evidence_required: self.other_index.is_multiple_of(2),
            guidance: Markdown::optional(if self.other_index > 99 { "Look." } else { "" }).unwrap(),
            key: pick(&keys, self.other_index).flatten(),
        }
    }

    fn place(self, node: NodeId) -> ItemPlace {
        [ItemPlace::StartOf(node), ItemPlace::EndOf(node), ItemPlace::After(node), ItemPlace::Inside(node)]
            [usize::from(self.variation) % 4]
    }

    fn to_edit(self, draft: &ChecklistDraft) -> Option<DraftEdit> {
        let all = all_node_ids(draft);
        let node = pick(&all, self.node_index)?;
        let other = pick(&all, self.other_index)?;
        let new = NodeId(Uuid::from_u128(u128::from(self.node_index)));
        let step = if self.variation.is_multiple_of(2) { MoveDirection::Up } else { MoveDirection::Down };
        let role: RoleSlug = ["ops", "legal", "support"][usize::from(self.variation) % 3].parse().unwrap();
        Some(match self.edit_kind {
            0 => DraftEdit::SetDescription { name: self.title(), introduction: None },
            1 => DraftEdit::RequireRole(RequiredRole { role, title: self.title() }),
            2 => DraftEdit::RemoveRole(role),
            3 => DraftEdit::MoveRole(role, step),
            4 => DraftEdit::AddPart { id: new, title: self.title() },
            5 => DraftEdit::AddSection { id: new, part: other, title: self.title() },
            6 => DraftEdit::AddItem { id: new, place: self.place(other), fields: self.fields() },
            7 => DraftEdit::Rename { node, title: self.title() },
            8 => DraftEdit::EditItem { item: node, fields: self.fields() },
            9 => DraftEdit::MoveOneStep(node, step),
            10 => DraftEdit::MoveItems { items: vec![node], place: self.place(other) },
            11 => {
                let deeper = self.variation.is_multiple_of(2);
                DraftEdit::Nest(node, if deeper { NestDirection::Deeper } else { NestDirection::Outward })
            }
            12 => DraftEdit::Remove(vec![node]),
            13 => DraftEdit::MoveSection { section: node, part: other },
            14 => DraftEdit::ChangeItems {
                items: vec![node, other],
                changes: ItemChanges {
                    importance: pick(&Importance::ALL, self.variation),
                    role: Some(Some(role).filter(|_| self.variation > 99)),
                    ..ItemChanges::default()
                },
            },
            15 => DraftEdit::UndoRemoval(draft.version - i64::from(self.variation % 5)),
            _ => DraftEdit::Restore(node),
        })
    }
}

/// What never fails to hold.
fn assert_sound(draft: &ChecklistDraft, published: &BTreeSet<ItemKey>) {
    let keys: Vec<&ItemKey> = draft.items().map(|item| &item.item.key).collect();
    assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len(), "a key twice");
    let ids = all_node_ids(draft);
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "an id twice");
    assert!(draft.items().all(|item| item.item.under.len() <= MAX_DEPTH));
    let published_items = draft.items().filter(|item| item.key_from == KeyFrom::Published);
    assert!(
        published_items.map(|item| &item.item.key).all(|key| published.contains(key)),
        "a published key was changed"
    );
    let checklist = draft.checklist();
    assert_eq!(draft.faults().is_empty(), checklist.check().is_ok());
    if checklist.check().is_ok() {
        let again = parse_markdown(&write_markdown(&checklist), &checklist.name).checklist;
        assert_eq!(again, checklist, "it is exported as what it is");
    }
    let again = ChecklistDraft::from_version(ChecklistId(Uuid::nil()), &checklist, 4, draft.version);
    assert_eq!(again.checklist(), checklist);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn draft_after_random_edits_is_sound(tries in random_edits()) {
        let mut draft = draft(NESTED_MARKDOWN);
        let published: BTreeSet<ItemKey> = draft.items().map(|item| item.item.key.clone()).collect();
        for one in tries {
            let Some(edit) = one.to_edit(&draft) else { continue };
            let Ok(next) = draft.apply(edit.clone(), draft.version - one.versions_behind) else { continue };
            if next.version == draft.version {
                prop_assert_eq!(&next, &draft, "what changes nothing changes nothing");
            } else {
                prop_assert_eq!(next.version, draft.version + 1);
                prop_assert_ne!(next.checklist(), draft.checklist(), "{:?}", edit);
            }
            draft = next;
            assert_sound(&draft, &published);
        }
    }

    #[test]
    fn draft_with_its_earlier_content_is_stamped_where_it_differs(tries in random_edits()) {
        let first = draft(NESTED_MARKDOWN);
        let mut last = first.clone();
        for one in tries {
            let Some(edit) = one.to_edit(&last) else { continue };
            last = last.apply(edit, last.version).unwrap_or(last);
        }
        let undone = last.with_content_of(first.clone());
        prop_assert_eq!(undone.checklist(), first.checklist());
        prop_assert_eq!(undone.version, last.version + 1);
        for item in undone.items() {
            let is_same = last.item(item.id).is_some_and(|(_, _, present)| present.item == item.item);
            prop_assert_eq!(item.changed == undone.version, !is_same, "{:?}", item);
        }
        let redone = undone.with_content_of(last.clone());
        prop_assert_eq!(redone.checklist(), last.checklist());
        prop_assert_eq!(redone.removed, last.removed);
    }

    #[test]
    fn draft_node_removed_and_restored_is_unchanged(which in any::<u8>()) {
        let draft = draft(NESTED_MARKDOWN);
        let all = all_node_ids(&draft);
        let node = pick(&all[..all.len() - 1], which).unwrap();
        let without = draft.apply(DraftEdit::Remove(vec![node]), draft.version).unwrap();
        prop_assert_ne!(without.checklist(), draft.checklist());
        let back = without.apply(DraftEdit::Restore(node), without.version).unwrap();
        prop_assert_eq!(back.checklist().hash(), draft.checklist().hash());
    }

    #[test]
    fn draft_step_and_step_back_changes_nothing(which in any::<u8>(), up in any::<bool>()) {
        let draft = draft(NESTED_MARKDOWN);
        let all = all_node_ids(&draft);
        let node = pick(&all[..all.len() - 1], which).unwrap();
        let (step, back) = if up { (MoveDirection::Up, MoveDirection::Down) } else { (MoveDirection::Down, MoveDirection::Up) };
        if let Ok(moved) = draft.apply(DraftEdit::MoveOneStep(node, step), draft.version) {
            prop_assert_eq!(moved.items().count(), draft.items().count());
            let again = moved.apply(DraftEdit::MoveOneStep(node, back), moved.version).unwrap();
            prop_assert_eq!(again.checklist(), draft.checklist());
        }
    }
}
