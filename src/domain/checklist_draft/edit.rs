//! What can be done to a draft, and what comes of it.

use super::{ChecklistDraft, DraftItem, MAX_HEADINGS, MAX_TEXT};
use crate::domain::{
    checklist::{Importance, ItemKey, MAX_DEPTH, MAX_ITEMS, Phase, RequiredRole},
    ids::NodeId,
    role::RoleSlug,
    text::{Markdown, Title},
};

/// One thing that somebody does to a draft. What an edit makes has the id that the edit brings: the same edit again
/// finds it made, and changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DraftEdit {
    /// Names the checklist, and says what it is for.
    SetDescription {
        /// Its name.
        name: Title,
        /// What it is for.
        introduction: Option<Markdown>,
    },
    /// Has a role sign, or calls one that signs by another name.
    RequireRole(RequiredRole),
    /// Has a role no longer sign.
    RemoveRole(RoleSlug),
    /// Moves a role among those that sign.
    MoveRole(RoleSlug, MoveDirection),
    /// Adds a part at the end, ready to take items.
    AddPart {
        /// Its id.
        id: NodeId,
        /// Its heading.
        title: Title,
    },
    /// Adds a section at the end of a part.
    AddSection {
        /// Its id.
        id: NodeId,
        /// The part.
        part: NodeId,
        /// Its heading.
        title: Title,
    },
    /// Adds an item at the end of a section.
    AddItem {
        /// Its id.
        id: NodeId,
        /// The section.
        section: NodeId,
        /// What it says.
        fields: DraftItemFields,
    },
    /// Gives a part or section another heading.
    Rename {
        /// Which.
        node: NodeId,
        /// Its heading.
        title: Title,
    },
    /// Has an item say something else.
    EditItem {
        /// Which.
        item: NodeId,
        /// What it says.
        fields: DraftItemFields,
    },
    /// Moves a part, section or item past the one before or after it. An item takes along what is nested in it.
    MoveOneStep(NodeId, MoveDirection),
    /// Moves a section to the end of another part, or an item, with what is nested in it, to the end of another section.
    MoveTo {
        /// What is moved.
        node: NodeId,
        /// The part or section.
        to: NodeId,
    },
    /// Nests an item in something of its section, or in nothing.
    Nest {
        /// Which.
        item: NodeId,
        /// In what.
        nesting: ItemNesting,
    },
    /// Removes a part, section or item. What is nested in an item stays, and keeps the item's words as its context.
    Remove(NodeId),
    /// Brings back what was removed.
    Restore(NodeId),
}

/// What an item says, as it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftItemFields {
    /// What has to be true.
    pub title: Title,
    /// How much it weighs.
    pub importance: Importance,
    /// Before the decision, or after the launch.
    pub phase: Phase,
    /// Who answers for it.
    pub role: Option<RoleSlug>,
    /// Whether "done" needs evidence.
    pub evidence_required: bool,
    /// How to verify it.
    pub guidance: Option<Markdown>,
    /// The key, where somebody chose one; otherwise it is made from the title. One that is published stays as it is.
    pub key: Option<ItemKey>,
}

/// One place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoveDirection {
    /// Towards the beginning.
    Up,
    /// Towards the end.
    Down,
}

/// What an item is nested in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemNesting {
    /// Nothing.
    TopLevel,
    /// An item of its section.
    Inside(NodeId),
    /// Whatever this item of its section is nested in.
    Beside(NodeId),
}

/// Why an edit was not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DraftEditError {
    /// It is about nothing that was ever in the draft.
    #[error("This is not in the draft.")]
    NotInDraft,
    /// What it is about was removed.
    #[error("This was removed from the draft meanwhile. It can be brought back from the draft’s page.")]
    Removed,
    /// What it is about has changed since its author saw it.
    #[error("This was changed meanwhile. What it is now is shown here; send it again if it still holds.")]
    Stale,
    /// There is nothing before or after to move past.
    #[error("It can’t be moved further: there is nothing {} it among what is nested in the same.", match .0 {
        MoveDirection::Up => "before",
        MoveDirection::Down => "after",
    })]
    CannotMoveFurther(MoveDirection),
    /// What it stood in was removed too.
    #[error("What this stood in was removed as well. Bring that back first.")]
    ParentRemoved,
    /// Another beside it has this title.
    #[error("Another beside it has this title already. Say what tells them apart.")]
    TitleTaken,
    /// Another item has this key.
    #[error("Another item has the key “{0}”. A key is unique in its checklist.")]
    KeyTaken(ItemKey),
    /// The key is published.
    #[error("A published item keeps its key, by which versions compare.")]
    KeyFixed,
    /// Another role that signs has this name.
    #[error("Another role that signs has this name.")]
    RoleTaken,
    /// There are as many items as there may be.
    #[error("A checklist has at most {MAX_ITEMS} items. Make several of it.")]
    TooManyItems,
    /// There are as many parts or sections as there may be.
    #[error("A checklist has at most {MAX_HEADINGS} of these.")]
    TooManyHeadings,
    /// It would be nested too deep.
    #[error("Items are nested at most {MAX_DEPTH} deep.")]
    TooDeep,
    /// An item can't be nested in itself, nor a section be moved into an item.
    #[error("It can’t be moved there.")]
    InvalidPlace,
    /// The draft would have more text than a checklist may have.
    #[error("With this, the checklist would have more than 2 MB of text. Shorten it, or make several of it.")]
    TooLarge,
}

impl DraftEditError {
    /// The field of a form that it is about; nothing when it is about the draft.
    #[must_use]
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::TitleTaken | Self::RoleTaken | Self::TooManyItems | Self::TooManyHeadings => Some("title"),
            Self::KeyTaken(_) | Self::KeyFixed => Some("key"),
            Self::TooDeep | Self::InvalidPlace => Some("to"),
            Self::NotInDraft
            | Self::Removed
            | Self::Stale
            | Self::CannotMoveFurther(_)
            | Self::ParentRemoved
            | Self::TooLarge => None,
        }
    }

    /// Whether the edit is sound, and only how things stand is in its way.
    #[must_use]
    pub const fn is_conflict(&self) -> bool {
        matches!(self, Self::Removed | Self::Stale | Self::CannotMoveFurther(_) | Self::ParentRemoved)
    }
}

impl ChecklistDraft {
    /// The draft after an edit, asked for by somebody who had the version `seen` before them. Its version is the next
    /// one, unless the edit changes nothing.
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

    /// Makes an edit; tells whether anything changed.
    fn apply_in_place(&mut self, edit: DraftEdit, seen: i64) -> Result<bool, DraftEditError> {
        match edit {
            DraftEdit::SetDescription { name, introduction } => self.set_description(name, introduction, seen),
            DraftEdit::RequireRole(role) => self.require_role(role),
            DraftEdit::RemoveRole(role) => Ok(self.remove_role(&role)),
            DraftEdit::MoveRole(role, step) => self.move_role(&role, step, seen),
            DraftEdit::AddPart { id, title } => self.add_part(id, title),
            DraftEdit::AddSection { id, part, title } => self.add_section(id, part, title),
            DraftEdit::AddItem { id, section, fields } => self.add_item(id, section, fields),
            DraftEdit::Rename { node, title } => self.rename_node(node, title, seen),
            DraftEdit::EditItem { item, fields } => self.edit_item(item, fields, seen),
            DraftEdit::MoveOneStep(node, step) => self.move_one_step(node, step, seen),
            DraftEdit::MoveTo { node, to } => self.move_node(node, to),
            DraftEdit::Nest { item, nesting } => self.nest_item(item, nesting),
            DraftEdit::Remove(node) => self.remove_node(node, seen),
            DraftEdit::Restore(node) => self.restore_node(node),
        }
    }

    /// The bytes of all its texts.
    fn text_bytes(&self) -> usize {
        let title = |title: Option<&Title>| title.map_or(0, |title| title.as_str().len());
        let headings = self.parts.iter().map(|part| {
            title(part.title.as_ref()) + part.sections.iter().map(|s| title(s.title.as_ref())).sum::<usize>()
        });
        let items = self.items().map(DraftItem::text_bytes);
        self.introduction.as_ref().map_or(0, |text| text.as_str().len())
            + headings.sum::<usize>()
            + items.sum::<usize>()
    }
}

/// Whether something is as its author saw it.
pub(super) fn check_not_stale(stamp: i64, seen: i64) -> Result<(), DraftEditError> {
    if stamp > seen { Err(DraftEditError::Stale) } else { Ok(()) }
}

/// Swaps one of a list with the one before or after it.
pub(super) fn swap_with_neighbor<T>(list: &mut [T], at: usize, step: MoveDirection) -> Result<(), DraftEditError> {
    let other = match step {
        MoveDirection::Up => at.checked_sub(1),
        MoveDirection::Down => Some(at + 1).filter(|other| *other < list.len()),
    };
    list.swap(at, other.ok_or(DraftEditError::CannotMoveFurther(step))?);
    Ok(())
}
