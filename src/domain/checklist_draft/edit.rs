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
pub enum Edit {
    /// Names the checklist, and says what it is for.
    Describe {
        /// Its name.
        name: Title,
        /// What it is for.
        introduction: Option<Markdown>,
    },
    /// Has a role sign, or calls one that signs by another name.
    RequireRole(RequiredRole),
    /// Has a role no longer sign.
    ReleaseRole(RoleSlug),
    /// Moves a role among those that sign.
    StepRole(RoleSlug, Step),
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
        fields: ItemFields,
    },
    /// Gives a part or section another heading.
    Entitle {
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
        fields: ItemFields,
    },
    /// Moves a part, section or item past the one before or after it. An item takes along what is nested in it.
    Step(NodeId, Step),
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
        nesting: Nesting,
    },
    /// Removes a part, section or item. What is nested in an item stays, and keeps the item's words as its context.
    Remove(NodeId),
    /// Brings back what was removed.
    BringBack(NodeId),
}

/// What an item says, as it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemFields {
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
pub enum Step {
    /// Towards the beginning.
    Up,
    /// Towards the end.
    Down,
}

/// What an item is nested in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nesting {
    /// Nothing.
    Nothing,
    /// An item of its section.
    In(NodeId),
    /// Whatever this item of its section is nested in.
    Beside(NodeId),
}

/// Why an edit was not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// It is about nothing that was ever in the draft.
    #[error("This is not in the draft.")]
    Unknown,
    /// What it is about was removed.
    #[error("This was removed from the draft meanwhile. It can be brought back from the draft’s page.")]
    Removed,
    /// What it is about has changed since its author saw it.
    #[error("This was changed meanwhile. What it is now is shown here; send it again if it still holds.")]
    Stale,
    /// There is nothing before or after to move past.
    #[error("It can’t be moved further: there is nothing {} it among what is nested in the same.", match .0 {
        Step::Up => "before",
        Step::Down => "after",
    })]
    AtTheEnd(Step),
    /// What it stood in was removed too.
    #[error("What this stood in was removed as well. Bring that back first.")]
    NoPlace,
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
    Misplaced,
    /// The draft would have more text than a checklist may have.
    #[error("With this, the checklist would have more than 2 MB of text. Shorten it, or make several of it.")]
    TooLarge,
}

impl EditError {
    /// The field of a form that it is about; nothing when it is about the draft.
    #[must_use]
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::TitleTaken | Self::RoleTaken | Self::TooManyItems | Self::TooManyHeadings => Some("title"),
            Self::KeyTaken(_) | Self::KeyFixed => Some("key"),
            Self::TooDeep | Self::Misplaced => Some("to"),
            Self::Unknown | Self::Removed | Self::Stale | Self::AtTheEnd(_) | Self::NoPlace | Self::TooLarge => None,
        }
    }

    /// Whether the edit is sound, and only how things stand is in its way.
    #[must_use]
    pub const fn is_conflict(&self) -> bool {
        matches!(self, Self::Removed | Self::Stale | Self::AtTheEnd(_) | Self::NoPlace)
    }
}

impl ChecklistDraft {
    /// The draft after an edit, asked for by somebody who had the version `seen` before them. Its version is the next
    /// one, unless the edit changes nothing.
    ///
    /// # Errors
    /// [`EditError`]; the draft stays as it is.
    pub fn apply(&self, edit: Edit, seen: i64) -> Result<Self, EditError> {
        let mut next = Self { version: self.version + 1, ..self.clone() };
        let changed = next.make(edit, seen)?;
        if !changed {
            next.version = self.version;
            return Ok(next);
        }
        let weight = next.weight();
        if weight > MAX_TEXT && weight > self.weight() {
            return Err(EditError::TooLarge);
        }
        Ok(next)
    }

    /// Makes an edit; tells whether anything changed.
    fn make(&mut self, edit: Edit, seen: i64) -> Result<bool, EditError> {
        match edit {
            Edit::Describe { name, introduction } => self.describe(name, introduction, seen),
            Edit::RequireRole(role) => self.require(role),
            Edit::ReleaseRole(role) => Ok(self.release(&role)),
            Edit::StepRole(role, step) => self.step_role(&role, step, seen),
            Edit::AddPart { id, title } => self.add_part(id, title),
            Edit::AddSection { id, part, title } => self.add_section(id, part, title),
            Edit::AddItem { id, section, fields } => self.add_item(id, section, fields),
            Edit::Entitle { node, title } => self.entitle(node, title, seen),
            Edit::EditItem { item, fields } => self.edit_item(item, fields, seen),
            Edit::Step(node, step) => self.step(node, step, seen),
            Edit::MoveTo { node, to } => self.move_to(node, to),
            Edit::Nest { item, nesting } => self.nest(item, nesting),
            Edit::Remove(node) => self.remove(node, seen),
            Edit::BringBack(node) => self.bring_back(node),
        }
    }

    /// The bytes of all its texts.
    fn weight(&self) -> usize {
        let title = |title: Option<&Title>| title.map_or(0, |title| title.as_str().len());
        let headings = self.parts.iter().map(|part| {
            title(part.title.as_ref()) + part.sections.iter().map(|s| title(s.title.as_ref())).sum::<usize>()
        });
        let items = self.items().map(DraftItem::weight);
        self.introduction.as_ref().map_or(0, |text| text.as_str().len())
            + headings.sum::<usize>()
            + items.sum::<usize>()
    }
}

/// Whether something is as its author saw it.
pub(super) fn fresh(stamp: i64, seen: i64) -> Result<(), EditError> {
    if stamp > seen { Err(EditError::Stale) } else { Ok(()) }
}

/// Swaps one of a list with the one before or after it.
pub(super) fn swap<T>(list: &mut [T], at: usize, step: Step) -> Result<(), EditError> {
    let other = match step {
        Step::Up => at.checked_sub(1),
        Step::Down => Some(at + 1).filter(|other| *other < list.len()),
    };
    list.swap(at, other.ok_or(EditError::AtTheEnd(step))?);
    Ok(())
}
