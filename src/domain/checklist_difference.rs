//! What changed between two versions of a checklist. Items compare by their key, which they keep through edits.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    checklist::{Checklist, ChecklistItem, ItemKey},
    text::Title,
};

/// What changed from one version to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChecklistDifference<'a> {
    /// Items that only the later version has, in its order.
    pub added: Vec<PlacedItem<'a>>,
    /// Items that only the earlier version had, in its order.
    pub removed: Vec<PlacedItem<'a>>,
    /// Items that both have and that say something else, in the later version's order.
    pub changed: Vec<ChangedItem<'a>>,
    /// Items that stand elsewhere: in another part or section, nested in something else, or in another place among
    /// those that stayed. As few as can be.
    pub moved: Vec<MovedItem<'a>>,
    /// Parts and sections under another heading, with most of the items that they had.
    pub renamed_headings: Vec<RenamedHeading<'a>>,
    /// What changed besides parts, sections and items.
    pub properties: Vec<ChangedChecklistProperty>,
}

/// A part or section under another heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RenamedHeading<'a> {
    /// For a section, the heading of its part.
    pub part: Option<Option<&'a Title>>,
    /// What it was called.
    pub before: Option<&'a Title>,
    /// What it is called.
    pub after: Option<&'a Title>,
}

/// An item and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlacedItem<'a> {
    pub part: Option<&'a Title>,
    pub section: Option<&'a Title>,
    pub item: &'a ChecklistItem,
}

/// An item that both versions have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedItem<'a> {
    pub before: &'a ChecklistItem,
    pub after: &'a ChecklistItem,
    /// In what it differs; never empty.
    pub fields: Vec<ChangedItemField>,
}

/// An item that stands elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MovedItem<'a> {
    pub before: PlacedItem<'a>,
    pub after: PlacedItem<'a>,
}

/// What an item can differ in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangedItemField {
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
pub enum ChangedChecklistProperty {
    Name,
    Introduction,
    RequiredRoles,
}

impl<'a> ChecklistDifference<'a> {
    /// What changed from `before` to `after`, two checklists that can be published
    /// ([`check`](Checklist::check)), or a draft that can't be yet.
    #[must_use]
    pub fn compare(before: &'a Checklist, after: &'a Checklist) -> Self {
        let (old, new) = (number_items(before), number_items(after));
        let old_at: BTreeMap<&ItemKey, usize> =
            old.iter().enumerate().map(|(at, numbered)| (&numbered.placed.item.key, at)).collect();
        let pairs: Vec<(&NumberedItem<'a>, &NumberedItem<'a>)> =
            new.iter().filter_map(|numbered| Some((&old[*old_at.get(&numbered.placed.item.key)?], numbered))).collect();
        let headings = HeadingMatches::match_headings(before, after, &pairs);
        let mut stayed = vec![false; old.len()];
        let in_place: Vec<usize> = pairs
            .iter()
            .filter(|(old, new)| headings.is_same_place(old, new))
            .map(|(old, _)| old_at[&old.placed.item.key])
            .collect();
        for at in longest_increasing_subsequence(&in_place) {
            stayed[at] = true;
        }
        let has_stayed = |numbered: &NumberedItem<'_>| stayed[old_at[&numbered.placed.item.key]];
        let keys: BTreeSet<&ItemKey> = new.iter().map(|numbered| &numbered.placed.item.key).collect();
        Self {
            added: new
                .iter()
                .filter(|numbered| !old_at.contains_key(&numbered.placed.item.key))
                .map(|numbered| numbered.placed)
                .collect(),
            removed: old
                .iter()
                .filter(|numbered| !keys.contains(&numbered.placed.item.key))
                .map(|numbered| numbered.placed)
                .collect(),
            changed: pairs.iter().filter_map(|(old, new)| compare_items(old.placed.item, new.placed.item)).collect(),
            moved: pairs
                .iter()
                .filter(|(old, _)| !has_stayed(old))
                .map(|(old, new)| MovedItem { before: old.placed, after: new.placed })
                .collect(),
            renamed_headings: headings.renamed,
            properties: compare_properties(before, after),
        }
    }

    /// Whether nothing changed that is listed here.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let items =
            self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty() && self.moved.is_empty();
        items && self.renamed_headings.is_empty() && self.properties.is_empty()
    }
}

/// An item, where it stands, and the numbers of its part and section there.
#[derive(Debug, Clone, Copy)]
struct NumberedItem<'a> {
    placed: PlacedItem<'a>,
    part: usize,
    section: usize,
}

/// Every item of a checklist, in order. Sections are numbered through.
fn number_items(checklist: &Checklist) -> Vec<NumberedItem<'_>> {
    let mut numbered = Vec::new();
    let mut section = 0;
    for (at, part) in checklist.parts.iter().enumerate() {
        for within in &part.sections {
            let (of_part, of_section) = (part.title.as_ref(), within.title.as_ref());
            numbered.extend(within.items.iter().map(|item| NumberedItem {
                placed: PlacedItem { part: of_part, section: of_section, item },
                part: at,
                section,
            }));
            section += 1;
        }
    }
    numbered
}

/// Which headings of the later version stand for which of the earlier one.
struct HeadingMatches<'a> {
    /// The part that each part of the earlier version became under another heading.
    parts: BTreeMap<usize, usize>,
    /// As with parts; sections are numbered through.
    sections: BTreeMap<usize, usize>,
    /// The words that items are nested in, and what they became, where that is an item's title that changed.
    reworded_titles: BTreeMap<&'a Title, &'a Title>,
    renamed: Vec<RenamedHeading<'a>>,
}

impl<'a> HeadingMatches<'a> {
    fn match_headings(
        before: &'a Checklist,
        after: &'a Checklist,
        pairs: &[(&NumberedItem<'a>, &NumberedItem<'a>)],
    ) -> Self {
        let sections = |checklist: &'a Checklist| -> Vec<(usize, Option<&'a Title>)> {
            let parts = checklist.parts.iter().enumerate();
            parts.flat_map(|(at, part)| part.sections.iter().map(move |s| (at, s.title.as_ref()))).collect()
        };
        let titles = |checklist: &'a Checklist| -> Vec<Option<&'a Title>> {
            checklist.parts.iter().map(|part| part.title.as_ref()).collect()
        };
        let (old_parts, new_parts) = (titles(before), titles(after));
        let (old_sections, new_sections) = (sections(before), sections(after));
        // Sets, since checklists may have as many headings as items.
        let [known_old_parts, known_new_parts] =
            [&old_parts, &new_parts].map(|parts| parts.iter().copied().collect::<BTreeSet<_>>());
        let [known_old_sections, known_new_sections] =
            [&old_sections, &new_sections].map(|sections| sections.iter().copied().collect::<BTreeSet<_>>());
        let mut renamed = Vec::new();
        let mut parts = match_by_majority(pairs.iter().map(|(old, new)| (old.part, new.part)));
        parts.retain(|old, new| {
            let (old, new) = (old_parts[*old], new_parts[*new]);
            old != new && !known_new_parts.contains(&old) && !known_old_parts.contains(&new)
        });
        renamed.extend(parts.iter().map(|(old, new)| RenamedHeading {
            part: None,
            before: old_parts[*old],
            after: new_parts[*new],
        }));
        let same_part = |old: usize, new: usize| old_parts[old] == new_parts[new] || parts.get(&old) == Some(&new);
        let mut sections = match_by_majority(pairs.iter().map(|(old, new)| (old.section, new.section)));
        sections.retain(|old, new| {
            let ((old_part, old), (new_part, new)) = (old_sections[*old], new_sections[*new]);
            old != new
                && same_part(old_part, new_part)
                && !known_new_sections.contains(&(new_part, old))
                && !known_old_sections.contains(&(old_part, new))
        });
        renamed.extend(sections.iter().map(|(old, new)| RenamedHeading {
            part: Some(new_parts[new_sections[*new].0]),
            before: old_sections[*old].1,
            after: new_sections[*new].1,
        }));
        let reworded = pairs.iter().map(|(old, new)| (&old.placed.item.title, &new.placed.item.title));
        Self { parts, sections, reworded_titles: reworded.filter(|(old, new)| old != new).collect(), renamed }
    }

    /// Whether an item is in the same part, section and group as before, whatever their titles are now.
    fn is_same_place(&self, old: &NumberedItem<'_>, new: &NumberedItem<'_>) -> bool {
        let part = old.placed.part == new.placed.part || self.parts.get(&old.part) == Some(&new.part);
        let section = old.placed.section == new.placed.section || self.sections.get(&old.section) == Some(&new.section);
        let (above, now_above) = (&old.placed.item.under, &new.placed.item.under);
        let words = above.len() == now_above.len()
            && above.iter().zip(now_above).all(|(old, new)| old == new || self.reworded_titles.get(old) == Some(&new));
        part && section && words
    }
}

/// What became what: each the other's most common counterpart among the items that both versions have, by more than
/// half.
fn match_by_majority(pairs: impl Iterator<Item = (usize, usize)>) -> BTreeMap<usize, usize> {
    let mut together: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let (mut of_old, mut of_new): (BTreeMap<usize, usize>, BTreeMap<usize, usize>) = Default::default();
    for (old, new) in pairs {
        *together.entry((old, new)).or_default() += 1;
        *of_old.entry(old).or_default() += 1;
        *of_new.entry(new).or_default() += 1;
    }
    let most = together.into_iter().filter(|((old, new), count)| 2 * count > of_old[old] && 2 * count > of_new[new]);
    most.map(|(pair, _)| pair).collect()
}

fn compare_items<'a>(before: &'a ChecklistItem, after: &'a ChecklistItem) -> Option<ChangedItem<'a>> {
    let compared = [
        (ChangedItemField::Title, before.title == after.title),
        (ChangedItemField::Importance, before.importance == after.importance),
        (ChangedItemField::Phase, before.phase == after.phase),
        (ChangedItemField::Role, before.role == after.role),
        (ChangedItemField::Evidence, before.evidence_required == after.evidence_required),
        (ChangedItemField::Guidance, before.guidance == after.guidance),
    ];
    let fields: Vec<ChangedItemField> =
        compared.into_iter().filter(|(_, same)| !same).map(|(field, _)| field).collect();
    (!fields.is_empty()).then_some(ChangedItem { before, after, fields })
}

fn compare_properties(before: &Checklist, after: &Checklist) -> Vec<ChangedChecklistProperty> {
    let compared = [
        (ChangedChecklistProperty::Name, before.name == after.name),
        (ChangedChecklistProperty::Introduction, before.introduction == after.introduction),
        (ChangedChecklistProperty::RequiredRoles, before.required_roles == after.required_roles),
    ];
    compared.into_iter().filter(|(_, same)| !same).map(|(about, _)| about).collect()
}

/// The longest rising subsequence of distinct numbers, by patience sorting, in O(n log n): the items that have not moved.
fn longest_increasing_subsequence(numbers: &[usize]) -> Vec<usize> {
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
    use crate::domain::{checklist::Importance, markdown_checklist::parse_markdown};

    fn checklist(markdown: &str) -> Checklist {
        parse_markdown(markdown, &Title::new("n").expect("a title")).checklist
    }

    /// What changed, as keys.
    fn describe_difference(before: &str, after: &str) -> String {
        let (before, after) = (checklist(before), checklist(after));
        let difference = ChecklistDifference::compare(&before, &after);
        let list = |placed: &[PlacedItem<'_>], sign: &str| {
            placed.iter().map(|placed| format!("{sign}{}", placed.item.key)).collect::<Vec<_>>()
        };
        let mut changes = list(&difference.added, "+");
        changes.extend(list(&difference.removed, "-"));
        changes.extend(difference.changed.iter().map(|change| format!("{}{:?}", change.after.key, change.fields)));
        changes.extend(difference.moved.iter().map(|moved| format!(">{}", moved.after.item.key)));
        let name = |title: Option<&Title>| title.map_or_else(|| "-".to_owned(), ToString::to_string);
        changes.extend(difference.renamed_headings.iter().map(|to| format!("{}={}", name(to.before), name(to.after))));
        changes.extend(difference.properties.iter().map(|about| format!("{about:?}")));
        assert_eq!(difference.is_empty(), changes.is_empty());
        changes.join(" ")
    }

    #[test]
    fn difference_of_items_is_found_by_key() {
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
            ("# N\n## P\n- [ ] a\n- [ ] b\n- [ ] c\n## R\n- [ ] d\n", "Q=R"),
            ("# N\n## P\n- [ ] a\n- [ ] b\n- [ ] c\n- [ ] d\n", ">d"),
            ("# N\n## R\n- [ ] a\n- [ ] b\n## Q\n- [ ] d\n- [ ] c\n", ">c P=R"),
            ("# N\n## P\n### S\n- [ ] a\n- [ ] b\n- [ ] c\n## Q\n- [ ] d\n", "-=S"),
            ("# N\n## Q\n- [ ] a\n- [ ] b\n- [ ] c\n## P\n- [ ] d\n", ">a >b >c >d"),
            (
                "# M\n\nIntro.\n## P\n- [ ] a\n- [ ] b\n- [ ] c\n## Q\n- [ ] d\n## Sign-off\n**QA:** ___\n",
                "Name Introduction RequiredRoles",
            ),
        ] {
            assert_eq!(describe_difference(before, after), expected, "{after}");
        }
    }

    #[test]
    fn difference_of_items_under_reworded_parent_is_no_move() {
        let before = "- [ ] a\n  - [ ] b\n    - [ ] c\n";
        assert_eq!(describe_difference(before, "- [ ] A, now {#a}\n  - [ ] b\n    - [ ] c\n"), "a[Title]");
        assert_eq!(describe_difference(before, "- A, now\n  - [ ] b\n    - [ ] c\n"), "-a >b >c");
    }

    #[test]
    fn difference_of_item_has_before_and_after() {
        let (before, after) = (checklist("- [ ] a"), checklist("- [ ] a {critical}"));
        let difference = ChecklistDifference::compare(&before, &after);
        let [change] = difference.changed.as_slice() else { panic!("one change: {difference:?}") };
        assert_eq!((change.before.importance, change.after.importance), (Importance::Required, Importance::Critical));
    }

    #[test]
    fn difference_after_reordering_has_fewest_moves() {
        for (numbers, length) in
            [(vec![], 0), (vec![3, 1, 2], 2), (vec![5, 4, 3], 1), (vec![0, 8, 4, 12, 2, 10, 6, 14], 4)]
        {
            let rising = longest_increasing_subsequence(&numbers);
            assert_eq!(rising.len(), length, "{numbers:?}");
            assert!(rising.is_sorted(), "{rising:?}");
        }
    }
}
