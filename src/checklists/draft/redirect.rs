//! Where each form leads when it is done, and what the next page says.

use super::{current::CurrentDraft, execute::DraftOutcome, form::DraftForm, parse::SentDraftForm, titles::node_title};
use crate::{domain::ids::NodeId, texts, web::response::SeeOther};

/// A sentence that something was done, and the address that undoes it.
#[derive(Debug, Clone)]
pub(super) struct DraftNotice {
    pub text: String,
    pub undo: Option<String>,
    /// The item that was added.
    pub added: Option<NodeId>,
}

/// What follows a form that was executed.
#[derive(Debug)]
pub(super) struct DraftAnswer {
    to: String,
    pub notice: Option<DraftNotice>,
}

impl DraftAnswer {
    /// `before` is the draft as it was.
    pub(super) fn new(sent: &SentDraftForm, before: &CurrentDraft, after: &DraftOutcome) -> Self {
        let (base, node, current) = (before.address(), sent.node, &after.current);
        let place = |node| format!("{base}#node-{node}");
        let title = |current: &CurrentDraft| node_title(&current.draft, node);
        match sent.form {
            DraftForm::SetDescription => Self::to(base).with_notice(texts::draft_saved()),
            DraftForm::EditRoles => Self::to(format!("{base}#roles")),
            DraftForm::AddPart | DraftForm::AddSection => Self::to(place(sent.added.unwrap_or(node))),
            DraftForm::RenamePart => Self::to(place(node)),
            DraftForm::RenameSection => Self::to(place(node)).with_notice(texts::section_renamed()),
            DraftForm::MoveSection => Self::to(place(node)).with_notice(texts::section_moved()),
            DraftForm::AddItem => {
                let added = sent.added.unwrap_or(node);
                let answer = Self::to(format!("{base}?add={added}#new"));
                answer.with_notice(texts::item_added(sent.input.title.trim())).with_added(sent)
            }
            DraftForm::ChangeItem => {
                let next = || current.draft.items().skip_while(|item| item.id != node).nth(1);
                let to = match sent.input.then.as_str() {
                    "below" => format!("{base}?add={node}#new"),
                    "next" => next().map_or_else(|| place(node), |next| current.address_of(next.id)),
                    _ => place(node),
                };
                Self::to(to).with_notice(title(current).map_or_else(texts::draft_saved, texts::item_saved))
            }
            DraftForm::PlaceItem => Self::to(current.address_of(node)).with_notice(texts::item_moved()),
            DraftForm::EditItems => Self::to(base.clone()).after_items(sent, after, &base),
            DraftForm::MoveOneStep => Self::to(current.address_of(node)),
            DraftForm::Remove => {
                let removed = title(before).map_or_else(texts::removed_something, texts::removed_named);
                let around = before.draft.item(node).map(|(_, section, _)| section.id);
                let around = around.or_else(|| before.draft.section(node).map(|(part, _)| part.id));
                Self::to(around.map_or_else(|| base.clone(), place)).with_notice(removed).with_undo(after, &base)
            }
            DraftForm::Restore => {
                let restored = title(current).map_or_else(texts::restored_something, texts::restored_named);
                Self::to(place(node)).with_notice(restored)
            }
            DraftForm::TakeStep if sent.input.action == "undo" => Self::to(base).with_notice(texts::change_undone()),
            DraftForm::TakeStep => Self::to(base).with_notice(texts::change_redone()),
            DraftForm::UndoRemoval => Self::to(base).with_notice(texts::removal_undone()),
            DraftForm::Publish => match &after.published {
                Some(version) => Self::to(version.href()).with_notice(texts::new_version_published(version.number)),
                None => Self::to(base),
            },
            DraftForm::Discard if before.newest.is_none() => {
                Self::to("/checklists".to_owned()).with_notice(texts::draft_discarded())
            }
            DraftForm::Discard => {
                Self::to(format!("/checklists/{}", before.checklist)).with_notice(texts::draft_discarded())
            }
        }
    }

    fn to(to: String) -> Self {
        Self { to, notice: None }
    }

    fn with_notice(mut self, text: impl Into<String>) -> Self {
        self.notice = Some(DraftNotice { text: text.into(), undo: None, added: None });
        self
    }

    fn with_added(mut self, sent: &SentDraftForm) -> Self {
        if let Some(notice) = &mut self.notice {
            notice.added = sent.added;
        }
        self
    }

    /// Adds the way to undo what was removed last.
    fn with_undo(mut self, after: &DraftOutcome, base: &str) -> Self {
        if let (Some(notice), Some(last)) = (&mut self.notice, after.current.draft.removed.last()) {
            notice.undo = Some(format!("{base}/removals/{}/undo", last.removed_in));
        }
        self
    }

    fn after_items(self, sent: &SentDraftForm, after: &DraftOutcome, base: &str) -> Self {
        let count = sent.input.item.len();
        match sent.input.action.as_str() {
            "remove" => self.with_notice(texts::items_removed_from_draft(count)).with_undo(after, base),
            "move" => self.with_notice(texts::items_moved_in_draft(count)),
            _ => self.with_notice(texts::items_changed_in_draft(count)),
        }
    }

    pub(super) fn into_redirect(self) -> SeeOther {
        match self.notice {
            Some(notice) => SeeOther::to(self.to).with_success(notice.text).with_undo(notice.undo),
            None => SeeOther::to(self.to),
        }
    }
}
