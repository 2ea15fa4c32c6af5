//! Where each form leads when it is done, and what the next page says.

use super::{current::CurrentDraft, execute::DraftOutcome, form::DraftForm, parse::SentDraftForm, titles::node_title};
use crate::{domain::ids::NodeId, web::page::SeeOther};

/// The redirect after a form; `before` is the draft as it was.
pub(super) fn redirect(sent: &SentDraftForm, before: &CurrentDraft, after: &DraftOutcome) -> SeeOther {
    let (base, node, current) = (before.address(), sent.node, &after.current);
    let section_page = |section: NodeId| format!("{base}/sections/{section}");
    let title = |current: &CurrentDraft| node_title(&current.draft, node).unwrap_or_else(|| "It".to_owned());
    match sent.form {
        DraftForm::SetDescription => SeeOther::to(base).with_success("Saved."),
        DraftForm::EditRoles => SeeOther::to(format!("{base}#roles")),
        DraftForm::AddPart | DraftForm::RenamePart => {
            let part = sent.added.unwrap_or(node);
            SeeOther::to(format!("{base}#node-{part}"))
        }
        DraftForm::AddSection => SeeOther::to(sent.added.map_or_else(|| base.clone(), section_page)),
        DraftForm::RenameSection => SeeOther::to(section_page(node)).with_success("The section is renamed."),
        DraftForm::MoveSection => SeeOther::to(section_page(node)).with_success("The section is moved."),
        DraftForm::AddItem => {
            let added = format!("“{}” is added.", sent.input.title.trim());
            SeeOther::to(format!("{}#f-title", section_page(node))).with_success(added)
        }
        DraftForm::ChangeItem => {
            let next = current.draft.items().skip_while(|item| item.id != node).nth(1);
            let to = match next.filter(|_| sent.input.then == "next") {
                Some(next) => format!("{base}/items/{}", next.id),
                None => address_of(current, node),
            };
            SeeOther::to(to).with_success(format!("“{}” is saved.", title(current)))
        }
        DraftForm::PlaceItem => SeeOther::to(format!("{base}/items/{node}")).with_success("The item is moved."),
        DraftForm::MoveOneStep => SeeOther::to(address_of(current, node)),
        DraftForm::Remove => {
            let section = before.draft.item(node).map(|(_, section, _)| section.id);
            let removed = format!(
                "“{}” is removed. It can be restored on the draft’s page until the draft is published.",
                title(before)
            );
            SeeOther::to(section.map_or_else(|| base.clone(), section_page)).with_success(removed)
        }
        DraftForm::Restore => {
            SeeOther::to(address_of(current, node)).with_success(format!("“{}” is restored.", title(current)))
        }
        DraftForm::Publish => match &after.published {
            Some(version) => SeeOther::to(version.href())
                .with_success(format!("Version {} is published. Launches can be made from it.", version.number)),
            None => SeeOther::to(base),
        },
        DraftForm::Discard => {
            SeeOther::to(format!("/checklists/{}", before.checklist)).with_success("The draft is discarded.")
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
