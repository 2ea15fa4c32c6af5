//! The edits of a draft, and the reasons why one is refused.

use super::{ChecklistDraft, DraftItem, DraftPart, MAX_HEADINGS, MAX_TEXT};
use crate::{
    domain::{
        checklist::{Importance, ItemKey, MAX_DEPTH, MAX_ITEMS, Phase, RequiredRole},
        ids::NodeId,
        role::RoleSlug,
        text::{Markdown, Title},
    },
    texts,
};

/// One change of a draft. What an edit adds has the id that the edit brings: the same edit again finds it, and changes
/// nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DraftEdit {
    SetDescription {
        name: Title,
        introduction: Option<Markdown>,
    },
    /// Adds a role that must sign, or renames it.
    RequireRole(RequiredRole),
    RemoveRole(RoleSlug),
    MoveRole(RoleSlug, MoveDirection),
    /// Adds a part at the end, with a section without a heading for its first items.
    AddPart {
        id: NodeId,
        title: Title,
    },
    /// Adds a section at the end of a part.
    AddSection {
        id: NodeId,
        part: NodeId,
        title: Title,
    },
    AddItem {
        id: NodeId,
        place: ItemPlace,
        fields: DraftItemFields,
    },
    /// Changes the heading of a part or section.
    Rename {
        node: NodeId,
        title: Title,
    },
    EditItem {
        item: NodeId,
        fields: DraftItemFields,
    },
    /// Changes the same values of many items.
    ChangeItems {
        items: Vec<NodeId>,
        changes: ItemChanges,
    },
    /// Moves a part, section or item past the one before or after it. An item takes along what is nested in it.
    MoveOneStep(NodeId, MoveDirection),
    /// Moves a section to the end of another part.
    MoveSection {
        section: NodeId,
        part: NodeId,
    },
    /// Moves items, each with what is nested in it, to a place, in their order. Those that are in the section already of
    /// which the place is the end stay where they are.
    MoveItems {
        items: Vec<NodeId>,
        place: ItemPlace,
    },
    /// Nests an item one level deeper, in the item before it, or one level less.
    Nest(NodeId, NestDirection),
    /// Removes parts, sections and items. What is nested in an item stays, with the item's title as its context.
    Remove(Vec<NodeId>),
    Restore(NodeId),
    /// Restores everything that was removed in this version of the draft.
    UndoRemoval(i64),
}

/// The content of an item, as it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftItemFields {
    pub title: Title,
    pub importance: Importance,
    pub phase: Phase,
    /// Who answers for it.
    pub role: Option<RoleSlug>,
    pub evidence_required: bool,
    pub guidance: Option<Markdown>,
    /// The key, if somebody chose one; otherwise it is made from the title. A published key can't change.
    pub key: Option<ItemKey>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoveDirection {
    Up,
    Down,
}

/// The values that many items get; what is `None` stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ItemChanges {
    pub importance: Option<Importance>,
    pub phase: Option<Phase>,
    /// Who answers for them; the inner `None` is nobody in particular.
    pub role: Option<Option<RoleSlug>>,
    pub evidence_required: Option<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemPlace {
    /// The beginning of a section.
    StartOf(NodeId),
    /// The end of a section.
    EndOf(NodeId),
    /// After an item and what is nested in it, nested in the same.
    After(NodeId),
    /// The end of what is nested in an item.
    Inside(NodeId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NestDirection {
    Deeper,
    Outward,
}

/// Why an edit is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DraftEditError {
    /// What it names was never in the draft.
    #[error("{}", texts::not_in_the_draft())]
    NotInDraft,
    #[error("{}", texts::removed_from_the_draft())]
    Removed,
    /// What it changes has changed since its author saw it.
    #[error("{}", texts::changed_in_the_draft())]
    Stale,
    /// What it adds was added before by the same form, and is no longer as it was added.
    #[error("{}", texts::changed_since_it_was_added())]
    ChangedSinceAdded,
    #[error("{}", match .0 {
        MoveDirection::Up => texts::cannot_be_moved_up(),
        MoveDirection::Down => texts::cannot_be_moved_down(),
    })]
    CannotMoveFurther(MoveDirection),
    #[error("{}", texts::parent_was_removed())]
    ParentRemoved,
    #[error("{}", texts::nothing_to_undo())]
    NothingToUndo,
    #[error("{}", texts::title_is_taken())]
    TitleTaken,
    #[error("{}", texts::key_is_taken(.0))]
    KeyTaken(ItemKey),
    #[error("{}", texts::key_is_fixed())]
    KeyFixed,
    #[error("{}", texts::role_name_is_taken())]
    RoleTaken,
    #[error("{}", texts::draft_has_too_many_items(MAX_ITEMS))]
    TooManyItems,
    #[error("{}", texts::draft_has_too_many_headings(MAX_HEADINGS))]
    TooManyHeadings,
    #[error("{}", texts::nested_too_deep(MAX_DEPTH))]
    TooDeep,
    #[error("{}", texts::cannot_be_moved_there())]
    InvalidPlace,
    #[error("{}", texts::checklist_is_too_large())]
    TooLarge,
}

impl DraftEditError {
    /// The form field that it is about; `None` if it is about the draft.
    #[must_use]
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::TitleTaken | Self::RoleTaken | Self::TooManyItems | Self::TooManyHeadings => Some("title"),
            Self::KeyTaken(_) | Self::KeyFixed => Some("key"),
            Self::NotInDraft
            | Self::Removed
            | Self::Stale
            | Self::ChangedSinceAdded
            | Self::CannotMoveFurther(_)
            | Self::ParentRemoved
            | Self::NothingToUndo
            | Self::TooDeep
            | Self::InvalidPlace
            | Self::TooLarge => None,
        }
    }

    /// Whether the edit is valid, but the draft has changed so that it can't be applied.
    #[must_use]
    pub const fn is_conflict(&self) -> bool {
        matches!(
            self,
            Self::Removed
                | Self::Stale
                | Self::ChangedSinceAdded
                | Self::CannotMoveFurther(_)
                | Self::ParentRemoved
                | Self::NothingToUndo
        )
    }
}

impl ChecklistDraft {
    /// The draft after an edit by somebody who saw the version `seen`. Its version is the next one, unless the edit
    /// changes nothing.
    ///
    /// # Errors
    /// [`DraftEditError`]; the draft stays as it is.
    pub fn apply(&self, edit: DraftEdit, seen: i64) -> Result<Self, DraftEditError> {
        let mut next = Self { version: self.version + 1, ..self.clone() };
        let changed = next.apply_in_place(edit, seen)?;
        if !changed {
            next.version = self.version;
            return Ok(next);
        }
        let weight = next.text_bytes();
        if weight > MAX_TEXT && weight > self.text_bytes() {
            return Err(DraftEditError::TooLarge);
        }
        Ok(next)
    }

    /// Returns whether anything changed.
    fn apply_in_place(&mut self, edit: DraftEdit, seen: i64) -> Result<bool, DraftEditError> {
        match edit {
            DraftEdit::SetDescription { name, introduction } => self.set_description(name, introduction, seen),
            DraftEdit::RequireRole(role) => self.require_role(role),
            DraftEdit::RemoveRole(role) => Ok(self.remove_role(&role)),
            DraftEdit::MoveRole(role, step) => self.move_role(&role, step, seen),
            DraftEdit::AddPart { id, title } => self.add_part(id, title),
            DraftEdit::AddSection { id, part, title } => self.add_section(id, part, title),
            DraftEdit::AddItem { id, place, fields } => self.add_item(id, place, fields),
            DraftEdit::Rename { node, title } => self.rename_node(node, title, seen),
            DraftEdit::EditItem { item, fields } => self.edit_item(item, fields, seen),
            DraftEdit::ChangeItems { items, changes } => self.change_items(items, &changes, seen),
            DraftEdit::MoveOneStep(node, step) => self.move_one_step(node, step, seen),
            DraftEdit::MoveSection { section, part } => self.move_section(section, part),
            DraftEdit::MoveItems { items, place } => self.move_items(items, place),
            DraftEdit::Nest(item, direction) => self.nest_item(item, direction, seen),
            DraftEdit::Remove(nodes) => self.remove_nodes(nodes, seen),
            DraftEdit::Restore(node) => self.restore_node(node),
            DraftEdit::UndoRemoval(version) => self.undo_removal(version),
        }
    }

    fn text_bytes(&self) -> usize {
        let headings = self.parts.iter().map(DraftPart::heading);
        let headings = headings.chain(self.sections().map(|(_, section)| section.heading())).map(str::len);
        let items = self.items().map(DraftItem::text_bytes);
        self.introduction.as_ref().map_or(0, |text| text.as_str().len())
            + headings.sum::<usize>()
            + items.sum::<usize>()
    }
}

/// Fails if something changed after its author saw it.
pub(super) fn check_not_stale(stamp: i64, seen: i64) -> Result<(), DraftEditError> {
    if stamp > seen { Err(DraftEditError::Stale) } else { Ok(()) }
}

/// Answers a form that was sent again: nothing changes, and what it added has to be there as it was sent.
pub(super) fn answer_repeated_form(is_as_sent: bool) -> Result<bool, DraftEditError> {
    if is_as_sent { Ok(false) } else { Err(DraftEditError::ChangedSinceAdded) }
}

pub(super) fn swap_with_neighbor<T>(list: &mut [T], at: usize, step: MoveDirection) -> Result<(), DraftEditError> {
    let other = match step {
        MoveDirection::Up => at.checked_sub(1),
        MoveDirection::Down => Some(at + 1).filter(|other| *other < list.len()),
    };
    list.swap(at, other.ok_or(DraftEditError::CannotMoveFurther(step))?);
    Ok(())
}
