//! Where each form leads when it is done, and what the next page says.

use super::{current::CurrentDraft, execute::DraftOutcome, form::DraftForm, parse::SentDraftForm, titles::node_title};
use crate::{domain::ids::NodeId, texts, web::response::SeeOther};

/// The redirect after a form; `before` is the draft as it was.
pub(super) fn redirect(sent: &SentDraftForm, before: &CurrentDraft, after: &DraftOutcome) -> SeeOther {
    let (base, node, current) = (before.address(), sent.node, &after.current);
    let section_page = |section: NodeId| format!("{base}/sections/{section}");
    let title = |current: &CurrentDraft| node_title(&current.draft, node);
    match sent.form {
        DraftForm::SetDescription => SeeOther::to(base).with_success(texts::draft_saved()),
        DraftForm::EditRoles => SeeOther::to(format!("{base}#roles")),
        DraftForm::AddPart | DraftForm::RenamePart => {
            let part = sent.added.unwrap_or(node);
            SeeOther::to(format!("{base}#node-{part}"))
        }
        DraftForm::AddSection => SeeOther::to(sent.added.map_or_else(|| base.clone(), section_page)),
        DraftForm::RenameSection => SeeOther::to(section_page(node)).with_success(texts::section_renamed()),
        DraftForm::MoveSection => SeeOther::to(section_page(node)).with_success(texts::section_moved()),
        DraftForm::AddItem => {
            let added = texts::item_added(sent.input.title.trim());
            SeeOther::to(format!("{}#f-title", section_page(node))).with_success(added)
        }
        DraftForm::ChangeItem => {
            let next = current.draft.items().skip_while(|item| item.id != node).nth(1);
            let to = match next.filter(|_| sent.input.then == "next") {
                Some(next) => format!("{base}/items/{}", next.id),
                None => address_of(current, node),
            };
            SeeOther::to(to).with_success(title(current).map_or_else(texts::draft_saved, texts::item_saved))
        }
        DraftForm::PlaceItem => SeeOther::to(format!("{base}/items/{node}")).with_success(texts::item_moved()),
        DraftForm::MoveOneStep => SeeOther::to(address_of(current, node)),
        DraftForm::Remove => {
            let section = before.draft.item(node).map(|(_, section, _)| section.id);
            let removed = title(before).map_or_else(texts::removed_something, texts::removed_named);
            SeeOther::to(section.map_or_else(|| base.clone(), section_page)).with_success(removed)
        }
        DraftForm::Restore => {
            let restored = title(current).map_or_else(texts::restored_something, texts::restored_named);
            SeeOther::to(address_of(current, node)).with_success(restored)
        }
        DraftForm::Publish => match &after.published {
            Some(version) => SeeOther::to(version.href()).with_success(texts::new_version_published(version.number)),
            None => SeeOther::to(base),
        },
        DraftForm::Discard if before.newest.is_none() => {
            SeeOther::to("/checklists").with_success(texts::draft_discarded())
        }
        DraftForm::Discard => {
            SeeOther::to(format!("/checklists/{}", before.checklist)).with_success(texts::draft_discarded())
        }
    }
}

/// Where a part, section or item is shown in a list.
fn address_of(current: &CurrentDraft, node: NodeId) -> String {
    let base = current.address();
    match current.draft.item(node) {
        Some((_, section, _)) => format!("{base}/sections/{}#node-{node}", section.id),
        None => format!("{base}#node-{node}"),
    }
}
