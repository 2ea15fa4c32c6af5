//! The pages of the editor, the forms on them, and the fields of the forms as they are sent.

use serde::Deserialize;

use crate::{
    domain::{
        checklist::{Importance, Phase, Window},
        checklist_draft::{ChecklistDraft, DraftItem, KeyFrom},
        ids::{ChecklistId, NodeId},
    },
    texts,
    web::{
        Error,
        form::{OptionalText, Toggle},
        form_base::FormBase,
        idempotency::SentIdempotencyKey,
    },
};

/// The pages of the editor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OpenPage {
    /// The whole draft, with at most one form open in it.
    Outline(OpenRow),
    /// What was typed for an item or section that is no longer in the draft.
    LostInput,
    Publication,
    Discard,
}

/// What has its form open on the outline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OpenRow {
    Nothing,
    /// A part, section or item.
    Node(NodeId),
    /// Something new: a section in this part, an item at the end of this section, or an item after this one.
    New(NodeId),
}

/// The query of the outline's address.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
pub(super) struct OutlineQuery {
    pub open: Option<NodeId>,
    pub add: Option<NodeId>,
    /// The version of the draft that a script's page shows: the answer is what changed since.
    pub since: Option<i64>,
}

/// The forms, one for each thing that can be done to a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DraftForm {
    SetDescription,
    /// Adds, removes or moves a role that must sign, as the button says.
    EditRoles,
    AddPart,
    RenamePart,
    AddSection,
    RenameSection,
    MoveSection,
    AddItem,
    ChangeItem,
    /// Moves an item to another place, or nests it.
    PlaceItem,
    /// Changes, moves or removes all chosen items, as the button says.
    EditItems,
    MoveOneStep,
    Remove,
    Restore,
    UndoRemoval,
    /// Undoes the latest change, or redoes what was undone, as the button says.
    TakeStep,
    Publish,
    Discard,
}

/// The id that stands for the whole draft, in forms that are about no part of it.
pub(super) const WHOLE_DRAFT: NodeId = NodeId(uuid::Uuid::nil());

/// The parameters of an address: the checklist, and the part, section or item of its draft, or the version of a removal.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct DraftAddress {
    pub id: ChecklistId,
    #[serde(default = "whole_draft")]
    pub node: NodeId,
    #[serde(default)]
    pub removal: u32,
}

const fn whole_draft() -> NodeId {
    WHOLE_DRAFT
}

/// The fields of all forms; a form leaves out those that it does not have.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct DraftInput {
    /// The version of the draft that the form's page showed.
    pub version: FormBase,
    pub once: SentIdempotencyKey,
    /// An item's title, or the name of a heading or role.
    pub title: String,
    pub name: String,
    /// Missing, it leaves the introduction as it is; empty, it deletes the introduction.
    pub introduction: OptionalText,
    /// What to do with a role: `add`, `remove`, `up` or `down`; with the chosen items: `change`, `move` or `remove`; or with
    /// the latest change: `undo` or `redo`.
    pub action: String,
    /// The ids of the items that are chosen for one change of all of them.
    pub item: Vec<String>,
    pub role: String,
    pub importance: String,
    pub phase: String,
    pub evidence: Toggle,
    pub guidance: String,
    pub key: String,
    /// `preview` shows the guidance and saves nothing.
    pub step: String,
    /// `next` continues with the next item, `below` with a new one.
    pub then: String,
    /// The part or section to move to, at its end.
    pub to: String,
    /// The item after which an item is added or moved; when it is moved, also a section, for its beginning.
    pub after: String,
    /// Whether a new item is nested in the one that `after` names.
    pub nested: Toggle,
    /// `deeper` nests an item in the one before it, `outward` takes it out.
    pub nest: String,
    /// The part, section or item of the button that was pressed.
    pub up: String,
    pub down: String,
    pub node: String,
    /// Whether a version that nobody must sign is meant.
    pub unsigned: Toggle,
    /// The number of the newest version that the page compared the draft with.
    pub newest: String,
    /// The version of the draft that a script's page shows: the answer is what changed since.
    pub since: Option<i64>,
}

impl DraftForm {
    /// What the form is about: `node` of its address, or the value of the button that was pressed.
    pub(super) fn target(self, node: NodeId, input: &DraftInput) -> Result<NodeId, Error> {
        let button = match (self, input.up.as_str(), input.down.as_str()) {
            (Self::Remove | Self::Restore, _, _) => input.node.as_str(),
            (Self::MoveOneStep, up, "") if !up.is_empty() => up,
            (Self::MoveOneStep, "", down) if !down.is_empty() => down,
            (Self::MoveOneStep, _, _) => {
                return Err(Error::Unprocessable(texts::choose_up_or_down()));
            }
            _ => return Ok(node),
        };
        button.parse().map_err(|_| Error::NotFound)
    }

    /// Whether what the form is about is in the draft.
    pub(super) fn is_target_in(self, draft: &ChecklistDraft, node: NodeId) -> bool {
        match self {
            Self::RenamePart | Self::AddSection => draft.part(node).is_some(),
            Self::RenameSection | Self::MoveSection | Self::AddItem => draft.section(node).is_some(),
            Self::ChangeItem | Self::PlaceItem => draft.item(node).is_some(),
            Self::MoveOneStep => draft.contains(node),
            Self::Remove | Self::Restore => draft.contains(node) || draft.was_removed(node),
            Self::SetDescription
            | Self::EditRoles
            | Self::AddPart
            | Self::EditItems
            | Self::UndoRemoval
            | Self::TakeStep
            | Self::Publish
            | Self::Discard => true,
        }
    }

    /// The page that has the form.
    pub(super) fn page(self, draft: &ChecklistDraft, node: NodeId, input: &DraftInput) -> OpenPage {
        OpenPage::Outline(match self {
            Self::Publish => return OpenPage::Publication,
            Self::Discard => return OpenPage::Discard,
            // A script keeps its forms open, and shows why a button was refused as a notice.
            _ if input.since.is_some() && self.is_button() => OpenRow::Nothing,
            Self::RenamePart
            | Self::RenameSection
            | Self::MoveSection
            | Self::ChangeItem
            | Self::PlaceItem
            | Self::MoveOneStep
            | Self::Remove => OpenRow::Node(node),
            Self::AddSection => OpenRow::New(node),
            Self::AddItem => {
                let after = input.after.parse().ok().filter(|after| draft.item(*after).is_some());
                OpenRow::New(after.unwrap_or(node))
            }
            Self::SetDescription
            | Self::EditRoles
            | Self::AddPart
            | Self::EditItems
            | Self::Restore
            | Self::UndoRemoval
            | Self::TakeStep => OpenRow::Nothing,
        })
    }

    /// Whether it has the fields of an item.
    pub(super) const fn is_item_form(self) -> bool {
        matches!(self, Self::AddItem | Self::ChangeItem)
    }

    /// Whether it is a button without fields, next to which no error can be shown.
    pub(super) const fn is_button(self) -> bool {
        matches!(
            self,
            Self::MoveOneStep
                | Self::PlaceItem
                | Self::EditItems
                | Self::Remove
                | Self::Restore
                | Self::UndoRemoval
                | Self::TakeStep
                | Self::Publish
                | Self::Discard
        )
    }
}

impl OutlineQuery {
    pub(super) fn page(&self) -> OpenPage {
        let open = self.open.map(OpenRow::Node).or(self.add.map(OpenRow::New));
        OpenPage::Outline(open.unwrap_or(OpenRow::Nothing))
    }
}

impl DraftInput {
    /// The version of the draft that the form's page showed; -1, which is always stale, if it is unreadable.
    pub(super) fn seen_version(&self) -> i64 {
        self.version.or(-1)
    }

    /// Whether it is from a page of an earlier draft, and has a text that could be lost.
    pub(super) fn has_text_of_earlier_draft(&self, draft: &ChecklistDraft) -> bool {
        (0..draft.version).contains(&self.seen_version()) && !self.title.trim().is_empty()
    }

    pub(super) fn for_new_item() -> Self {
        let (importance, phase) = (Importance::Required.slug().to_owned(), phase_slug(Phase::Before).to_owned());
        Self { importance, phase, ..Self::default() }
    }

    /// The form filled with an existing item.
    pub(super) fn from_item(existing: &DraftItem) -> Self {
        let item = &existing.item;
        Self {
            title: item.title.to_string(),
            importance: item.importance.slug().to_owned(),
            phase: phase_slug(item.phase).to_owned(),
            role: item.role.as_ref().map_or_else(String::new, ToString::to_string),
            evidence: Toggle::new(item.evidence_required),
            guidance: item.guidance.as_ref().map_or_else(String::new, ToString::to_string),
            key: if existing.key_from == KeyFrom::Choice { item.key.to_string() } else { String::new() },
            ..Self::default()
        }
    }

    pub(super) fn is_preview(&self) -> bool {
        self.step == "preview"
    }

    pub(super) fn needs_evidence(&self) -> bool {
        self.evidence.is_on()
    }

    /// All content of an item in a fixed order. Forms with equal content count as the same form.
    pub(super) fn idempotency_content(&self) -> [&[u8]; 8] {
        let evidence = if self.needs_evidence() { "evidence" } else { "" };
        let Self { title, importance, phase, role, guidance, key, .. } = self;
        ["item", title.trim(), importance, phase, role, evidence, guidance.trim(), key.trim()].map(str::as_bytes)
    }
}

/// All phases, the earliest first.
pub(super) const ALL_PHASES: [Phase; 4] =
    [Phase::Before, Phase::After(Window::Day), Phase::After(Window::Week), Phase::After(Window::Month)];

pub(super) const fn phase_slug(phase: Phase) -> &'static str {
    match phase {
        Phase::Before => "before",
        Phase::After(window) => window.slug(),
    }
}
