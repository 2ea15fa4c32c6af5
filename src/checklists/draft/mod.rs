//! Edits a checklist's draft, which is shared by all admins and saved with every change, until it is published or
//! discarded.
//!
//! A checklist without a saved draft is shown as the draft that its newest version would start, and the first change
//! saves it: nobody has to start a draft. Each form carries the version of the draft that its page showed; if the
//! edited thing itself has changed since, the response is 409 with the input and the current values.
//!
//! Every form takes the same way: `edit` reads it, `form` parses it into a command, `execute` applies the command to the
//! draft, and the answer is a redirect, or the page ([`page`]) with the form again. A new edit is a variant of
//! [`form::DraftForm`] with a line in each of their tables.

mod current;
mod edit;
mod execute;
mod form;
mod nesting_choices;
mod page;
mod parse;
mod redirect;
mod refusal;
pub(super) mod store;
mod titles;
mod view;

use self::{
    edit::edit_route,
    form::{DraftForm, OpenPage},
    page::page_route,
};
use crate::web::route::Route;

pub(super) fn routes() -> Vec<Route> {
    vec![
        page_route("/checklists/{id}/draft", |_| OpenPage::Outline),
        edit_route("/checklists/{id}/draft/about", DraftForm::SetDescription),
        edit_route("/checklists/{id}/draft/roles", DraftForm::EditRoles),
        edit_route("/checklists/{id}/draft/parts", DraftForm::AddPart),
        edit_route("/checklists/{id}/draft/parts/{node}/title", DraftForm::RenamePart),
        edit_route("/checklists/{id}/draft/parts/{node}/sections", DraftForm::AddSection),
        page_route("/checklists/{id}/draft/sections/{node}", OpenPage::Section),
        edit_route("/checklists/{id}/draft/sections/{node}/title", DraftForm::RenameSection),
        edit_route("/checklists/{id}/draft/sections/{node}/part", DraftForm::MoveSection),
        edit_route("/checklists/{id}/draft/sections/{node}/items", DraftForm::AddItem),
        page_route("/checklists/{id}/draft/items/{node}", OpenPage::Item),
        edit_route("/checklists/{id}/draft/items/{node}", DraftForm::ChangeItem),
        edit_route("/checklists/{id}/draft/items/{node}/place", DraftForm::PlaceItem),
        edit_route("/checklists/{id}/draft/order", DraftForm::MoveOneStep),
        edit_route("/checklists/{id}/draft/removals", DraftForm::Remove),
        edit_route("/checklists/{id}/draft/restorations", DraftForm::Restore),
        page_route("/checklists/{id}/draft/discard", |_| OpenPage::Discard),
        edit_route("/checklists/{id}/draft/discard", DraftForm::Discard),
        page_route("/checklists/{id}/draft/publication", |_| OpenPage::Publication),
        edit_route("/checklists/{id}/draft/publication", DraftForm::Publish),
    ]
}
