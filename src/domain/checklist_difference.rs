//! What changed between two versions of a checklist. Items compare by their key, which they keep through edits.

use std::collections::BTreeMap;

use super::{
    checklist::{Checklist, ChecklistItem, ItemKey},
    text::Title,
};

/// What changed from one version to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference<'a> {
    /// Items that only the later version has, in its order.
    pub added: Vec<Placed<'a>>,
    /// Items that only the earlier version had, in its order.
    pub removed: Vec<Placed<'a>>,
    /// Items that both have and that say something else, in the later version's order.
    pub changed: Vec<Change<'a>>,
    /// Items that stand elsewhere: in another part or section, nested in something else, or in another place among
    /// those that stayed. As few as can be.
    pub moved: Vec<Move<'a>>,
    /// What changed besides items.
    pub about: Vec<About>,
}

/// An item and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed<'a> {
    /// Its part's title.
    pub part: Option<&'a Title>,
    /// Its section's title.
    pub section: Option<&'a Title>,
    /// The item.
    pub item: &'a ChecklistItem,
}

/// An item that both versions have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change<'a> {
    /// As it was.
    pub before: &'a ChecklistItem,
    /// As it is.
    pub after: &'a ChecklistItem,
    /// In what it differs; never empty.
    pub fields: Vec<Field>,
}

/// An item that stands elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move<'a> {
    /// Where it stood.
    pub before: Placed<'a>,
    /// Where it stands.
    pub after: Placed<'a>,
}

/// What an item can differ in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// What has to be true.
    Title,
    /// How much it weighs.
    Importance,
    /// Before the decision, or after the launch and when.
    Phase,
    /// Who answers for it.
    Role,
    /// Whether "done" needs evidence.
    Evidence,
    /// How to verify it.
    Guidance,
}

/// What a checklist can differ in besides its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// Its name.
    Name,
    /// Its introduction.
    Introduction,
    /// Who must sign.
    RequiredRoles,
}

impl<'a> Difference<'a> {
    /// What changed from `before` to `after`, two checklists that can be published
    /// ([`check`](Checklist::check)).
    #[must_use]
    pub fn between(before: &'a Checklist, after: &'a Checklist) -> Self {
        let old = placed(before);
        let new = placed(after);
        let old_at: BTreeMap<&ItemKey, usize> =
            old.iter().enumerate().map(|(at, placed)| (&placed.item.key, at)).collect();
        let kept: Vec<(usize, Placed<'a>)> =
            new.iter().filter_map(|placed| Some((*old_at.get(&placed.item.key)?, *placed))).collect();
        let mut stayed = vec![false; old.len()];
        let in_place = kept.iter().filter(|(at, placed)| old[*at].stands_as(placed));
        for at in longest_rising(&in_place.map(|(at, _)| *at).collect::<Vec<_>>()) {
            stayed[at] = true;
        }
        let mut is_kept = vec![false; old.len()];
        kept.iter().for_each(|(at, _)| is_kept[*at] = true);
        Self {
            added: new.iter().filter(|placed| !old_at.contains_key(&placed.item.key)).copied().collect(),
            removed: old.iter().zip(&is_kept).filter(|(_, kept)| !**kept).map(|(placed, _)| *placed).collect(),
            changed: kept.iter().filter_map(|(at, placed)| change(old[*at].item, placed.item)).collect(),
            moved: kept
                .iter()
                .filter(|(at, _)| !stayed[*at])
                .map(|(at, placed)| Move { before: old[*at], after: *placed })
                .collect(),
            about: about(before, after),
        }
    }

    /// Whether nothing changed that is listed here. Renamed headings alone show as moved items.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let items =
            self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty() && self.moved.is_empty();
        items && self.about.is_empty()
    }
}

impl Placed<'_> {
    fn stands_as(&self, other: &Placed<'_>) -> bool {
        self.part == other.part && self.section == other.section && self.item.under == other.item.under
    }
}

fn placed(checklist: &Checklist) -> Vec<Placed<'_>> {
    let items = checklist.items();
    items
        .map(|(part, section, item)| Placed { part: part.title.as_ref(), section: section.title.as_ref(), item })
        .collect()
}

fn change<'a>(before: &'a ChecklistItem, after: &'a ChecklistItem) -> Option<Change<'a>> {
    let compared = [
        (Field::Title, before.title == after.title),
        (Field::Importance, before.importance == after.importance),
        (Field::Phase, before.phase == after.phase),
        (Field::Role, before.role == after.role),
        (Field::Evidence, before.evidence_required == after.evidence_required),
        (Field::Guidance, before.guidance == after.guidance),
    ];
    let fields: Vec<Field> = compared.into_iter().filter(|(_, same)| !same).map(|(field, _)| field).collect();
    (!fields.is_empty()).then_some(Change { before, after, fields })
}

fn about(before: &Checklist, after: &Checklist) -> Vec<About> {
    let compared = [
        (About::Name, before.name == after.name),
        (About::Introduction, before.introduction == after.introduction),
        (About::RequiredRoles, before.required_roles == after.required_roles),
    ];
    compared.into_iter().filter(|(_, same)| !same).map(|(about, _)| about).collect()
}

/// The longest rising subsequence of distinct numbers, by patience sorting, in O(n log n): what need not be said to
/// have moved.
fn longest_rising(numbers: &[usize]) -> Vec<usize> {
    // Of each length, where the subsequence with the least last number ends; and what comes before each number.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(numbers.len());
    for (at, number) in numbers.iter().enumerate() {
        let length = ends.partition_point(|end| numbers[*end] < *number);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        if length == ends.len() {
            ends.push(at);
        } else {
            ends[length] = at;
        }
    }
    let mut rising = Vec::with_capacity(ends.len());
    let mut next = ends.last().copied();
    while let Some(at) = next {
        rising.push(numbers[at]);
        next = before[at];
    }
    rising.reverse();
    rising
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{checklist::Importance, markdown_checklist::read};

    fn checklist(markdown: &str) -> Checklist {
        read(markdown, &Title::new("n").expect("a title")).checklist
    }

    /// What changed, as keys.
    fn told(before: &str, after: &str) -> String {
        let (before, after) = (checklist(before), checklist(after));
        let difference = Difference::between(&before, &after);
        let list = |placed: &[Placed<'_>], sign: &str| {
            placed.iter().map(|placed| format!("{sign}{}", placed.item.key)).collect::<Vec<_>>()
        };
        let mut told = list(&difference.added, "+");
        told.extend(list(&difference.removed, "-"));
        told.extend(difference.changed.iter().map(|change| format!("{}{:?}", change.after.key, change.fields)));
        told.extend(difference.moved.iter().map(|moved| format!(">{}", moved.after.item.key)));
        told.extend(difference.about.iter().map(|about| format!("{about:?}")));
        assert_eq!(difference.is_empty(), told.is_empty());
        told.join(" ")
    }

    #[test]
    fn what_changed_is_told_by_key() {
        let before = "# N\n## P\n- [ ] a\n- [ ] b\n- [ ] c\n## Q\n- [ ] d\n";
        for (after, expected) in [
            (before, ""),
            ("# N\n## P\n- [ ] a\n- [ ] b\n- [ ] c\n- [ ] e\n## Q\n- [ ] d\n", "+e"),
            ("# N\n## P\n- [ ] a\n- [ ] c\n## Q\n- [ ] d\n", "-b"),
            (
                "# N\n## P\n- [ ] a\n- [ ] B, said better {#b; critical; evidence}\n- [ ] c\n## Q\n- [ ] d\n",
                "b[Title, Importance, Evidence]",
            ),
            ("# N\n## P\n- [ ] c\n- [ ] a\n- [ ] b\n## Q\n- [ ] d\n", ">c"),
            ("# N\n## P\n- [ ] a\n- [ ] b\n## Q\n- [ ] c\n- [ ] d\n", ">c"),
            ("# N\n## P\n- [ ] a\n  - [ ] b\n- [ ] c\n## Q\n- [ ] d\n", ">b"),
            ("# N\n## P\n- [ ] a\n- [ ] b\n- [ ] c\n## R\n- [ ] d\n", ">d"),
            (
                "# M\n\nIntro.\n## P\n- [ ] a\n- [ ] b\n- [ ] c\n## Q\n- [ ] d\n## Sign-off\n**QA:** ___\n",
                "Name Introduction RequiredRoles",
            ),
        ] {
            assert_eq!(told(before, after), expected, "{after}");
        }
    }

    #[test]
    fn a_change_has_both_sides() {
        let (before, after) = (checklist("- [ ] a"), checklist("- [ ] a {critical}"));
        let difference = Difference::between(&before, &after);
        let [change] = difference.changed.as_slice() else { panic!("one change: {difference:?}") };
        assert_eq!((change.before.importance, change.after.importance), (Importance::Required, Importance::Critical));
    }

    #[test]
    fn as_few_as_can_be_have_moved() {
        for (numbers, length) in
            [(vec![], 0), (vec![3, 1, 2], 2), (vec![5, 4, 3], 1), (vec![0, 8, 4, 12, 2, 10, 6, 14], 4)]
        {
            let rising = longest_rising(&numbers);
            assert_eq!(rising.len(), length, "{numbers:?}");
            assert!(rising.is_sorted(), "{rising:?}");
        }
    }
}
