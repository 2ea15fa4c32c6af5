//! What holds of any draft, whatever is done to it, in which order, and however much of it was seen.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{tests::draft, *};
use crate::domain::{
    checklist::{Importance, ItemKey, MAX_DEPTH, Phase, Window},
    markdown_checklist::{read, write},
    role::RoleSlug,
};

const NESTED: &str = "# List\n\n## A\n\n### X\n\n- [ ] One\n  - [ ] Two\n    - [ ] Three\n  - [ ] Four\n- Group\n  - [ ] Five\n\
    \x20 - [ ] Six\n- [ ] One again\n\n### Y\n\n- [ ] Seven\n\n## B\n\n- [ ] Eight\n  - [ ] Nine\n\n## Sign-off\n\n**Ops:** ____\n";

/// One thing that somebody tries, as numbers that are read on the draft as it stands then.
#[derive(Debug, Clone, Copy)]
struct Try {
    what: u8,
    which: u8,
    other: u8,
    how: u8,
    /// How many versions ago they looked.
    behind: i64,
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let one = (0..14_u8, any::<u8>(), any::<u8>(), any::<u8>(), prop_oneof![5 => Just(0_i64), 1 => 0..4_i64])
        .prop_map(|(what, which, other, how, behind)| Try { what, which, other, how, behind });
    prop::collection::vec(one, 1..60)
}

fn pick<T: Clone>(list: &[T], at: u8) -> Option<T> {
    list.get(usize::from(at) % list.len().max(1)).cloned()
}

/// Every id there is or was, and one that never was.
fn nodes(draft: &ChecklistDraft) -> Vec<NodeId> {
    let mut nodes: Vec<NodeId> = draft.items().map(|item| item.id).collect();
    for part in &draft.parts {
        nodes.push(part.id);
        nodes.extend(part.sections.iter().map(|section| section.id));
    }
    nodes.extend(draft.removed.iter().map(|removed| removed.node.id()));
    nodes.push(NodeId(Uuid::max()));
    nodes
}

impl Try {
    fn title(self) -> Title {
        Title::new(["One", "Two", "New", "Other", "X", "A", "Group"][usize::from(self.how) % 7]).unwrap()
    }

    fn fields(self) -> ItemFields {
        let keys = [None, None, None, "one".parse().ok(), "chosen".parse().ok()];
        ItemFields {
            title: self.title(),
            importance: Importance::ALL[usize::from(self.other) % 3],
            phase: if self.other > 200 { Phase::After(Window::Week) } else { Phase::Before },
            role: None,
            evidence_required: self.other.is_multiple_of(2),
            guidance: Markdown::optional(if self.other > 99 { "Look." } else { "" }).unwrap(),
            key: pick(&keys, self.other).flatten(),
        }
    }

    fn edit(self, draft: &ChecklistDraft) -> Option<Edit> {
        let all = nodes(draft);
        let node = pick(&all, self.which)?;
        let other = pick(&all, self.other)?;
        let new = NodeId(Uuid::from_u128(u128::from(self.which)));
        let step = if self.how.is_multiple_of(2) { Step::Up } else { Step::Down };
        let role: RoleSlug = ["ops", "legal", "support"][usize::from(self.how) % 3].parse().unwrap();
        Some(match self.what {
            0 => Edit::Describe { name: self.title(), introduction: None },
            1 => Edit::RequireRole(RequiredRole { role, title: self.title() }),
            2 => Edit::ReleaseRole(role),
            3 => Edit::StepRole(role, step),
            4 => Edit::AddPart { id: new, title: self.title() },
            5 => Edit::AddSection { id: new, part: other, title: self.title() },
            6 => Edit::AddItem { id: new, section: other, fields: self.fields() },
            7 => Edit::Entitle { node, title: self.title() },
            8 => Edit::EditItem { item: node, fields: self.fields() },
            9 => Edit::Step(node, step),
            10 => Edit::MoveTo { node, to: other },
            11 => {
                let all = [Nesting::Nothing, Nesting::In(other), Nesting::Beside(other), Nesting::In(other)];
                Edit::Nest { item: node, nesting: pick(&all, self.how)? }
            }
            12 => Edit::Remove(node),
            _ => Edit::BringBack(node),
        })
    }
}

/// What never fails to hold.
fn is_sound(draft: &ChecklistDraft, published: &BTreeSet<ItemKey>) {
    let keys: Vec<&ItemKey> = draft.items().map(|item| &item.item.key).collect();
    assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len(), "a key twice");
    let ids = nodes(draft);
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "an id twice");
    assert!(draft.items().all(|item| item.item.under.len() <= MAX_DEPTH));
    let kept = draft.items().filter(|item| item.key_from == KeyFrom::Published);
    assert!(kept.map(|item| &item.item.key).all(|key| published.contains(key)), "a published key was changed");
    let checklist = draft.checklist();
    assert_eq!(draft.faults().is_empty(), checklist.check().is_ok());
    if checklist.check().is_ok() {
        let again = read(&write(&checklist), &checklist.name).checklist;
        assert_eq!(again, checklist, "it is exported as what it is");
    }
    let again = ChecklistDraft::of(ChecklistId(Uuid::nil()), &checklist, 4, draft.version);
    assert_eq!(again.checklist(), checklist);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn a_draft_stays_sound_whatever_is_done_to_it(tries in tries()) {
        let mut draft = draft(NESTED);
        let published: BTreeSet<ItemKey> = draft.items().map(|item| item.item.key.clone()).collect();
        for one in tries {
            let Some(edit) = one.edit(&draft) else { continue };
            let Ok(next) = draft.apply(edit.clone(), draft.version - one.behind) else { continue };
            if next.version == draft.version {
                prop_assert_eq!(&next, &draft, "what changes nothing changes nothing");
            } else {
                prop_assert_eq!(next.version, draft.version + 1);
                prop_assert_ne!(next.checklist(), draft.checklist(), "{:?}", edit);
            }
            draft = next;
            is_sound(&draft, &published);
        }
    }

    #[test]
    fn what_is_removed_comes_back_as_it_was(which in any::<u8>()) {
        let draft = draft(NESTED);
        let all = nodes(&draft);
        let node = pick(&all[..all.len() - 1], which).unwrap();
        let without = draft.apply(Edit::Remove(node), draft.version).unwrap();
        prop_assert_ne!(without.checklist(), draft.checklist());
        let back = without.apply(Edit::BringBack(node), without.version).unwrap();
        prop_assert_eq!(back.checklist().hash(), draft.checklist().hash());
    }

    #[test]
    fn a_step_is_undone_by_the_step_back(which in any::<u8>(), up in any::<bool>()) {
        let draft = draft(NESTED);
        let all = nodes(&draft);
        let node = pick(&all[..all.len() - 1], which).unwrap();
        let (step, back) = if up { (Step::Up, Step::Down) } else { (Step::Down, Step::Up) };
        if let Ok(there) = draft.apply(Edit::Step(node, step), draft.version) {
            prop_assert_eq!(there.items().count(), draft.items().count());
            let again = there.apply(Edit::Step(node, back), there.version).unwrap();
            prop_assert_eq!(again.checklist(), draft.checklist());
        }
    }
}
