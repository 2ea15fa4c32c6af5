//! Edits a checklist's draft, which is shared by all admins and saved with every change, until it is published or
//! discarded.
//!
//! A checklist without a saved draft is shown as the draft that its newest version would start, and the first change
//! saves it: nobody has to start a draft. Each form carries the version of the draft that its page showed; if the
//! edited thing itself has changed since, the response is 409 with the input and the current values.
//!
//! The outline is one page with all parts, sections and items; at most one of them has its form open in its place.
//!
//! Every form is handled in the same steps: `edit` reads it, `form` parses it into a command, `execute` applies the command to the
//! draft, and the response is a redirect, or the page ([`page`]) with the form again. The response to a script has what
//! changed in the draft since the version that its page shows. A new edit is a variant of [`form::DraftForm`] with a line in each
//! of their tables.

mod current;
mod draft_view;
mod edit;
mod execute;
mod form;
mod page;
mod parse;
mod redirect;
mod refusal;
mod steps;
pub(super) mod store;
mod titles;
mod view;

use self::{
    edit::edit_route,
    form::{DraftForm, OpenPage, OutlineQuery},
    page::{former_route, page_route},
};
use crate::web::route::Route;

pub(super) fn routes() -> Vec<Route> {
    vec![
        page_route("/checklists/{id}/draft", OutlineQuery::page),
        edit_route("/checklists/{id}/draft/about", DraftForm::SetDescription),
        edit_route("/checklists/{id}/draft/roles", DraftForm::EditRoles),
        edit_route("/checklists/{id}/draft/parts", DraftForm::AddPart),
        edit_route("/checklists/{id}/draft/parts/{node}/title", DraftForm::RenamePart),
        edit_route("/checklists/{id}/draft/parts/{node}/sections", DraftForm::AddSection),
        former_route("/checklists/{id}/draft/sections/{node}"),
        edit_route("/checklists/{id}/draft/sections/{node}/title", DraftForm::RenameSection),
        edit_route("/checklists/{id}/draft/sections/{node}/part", DraftForm::MoveSection),
        edit_route("/checklists/{id}/draft/sections/{node}/items", DraftForm::AddItem),
        edit_route("/checklists/{id}/draft/items", DraftForm::EditItems),
        former_route("/checklists/{id}/draft/items/{node}"),
        edit_route("/checklists/{id}/draft/items/{node}", DraftForm::ChangeItem),
        edit_route("/checklists/{id}/draft/items/{node}/place", DraftForm::PlaceItem),
        edit_route("/checklists/{id}/draft/order", DraftForm::MoveOneStep),
        edit_route("/checklists/{id}/draft/removals", DraftForm::Remove),
        edit_route("/checklists/{id}/draft/removals/{removal}/undo", DraftForm::UndoRemoval),
        edit_route("/checklists/{id}/draft/restorations", DraftForm::Restore),
        edit_route("/checklists/{id}/draft/steps", DraftForm::TakeStep),
        page_route("/checklists/{id}/draft/discard", |_| OpenPage::Discard),
        edit_route("/checklists/{id}/draft/discard", DraftForm::Discard),
        page_route("/checklists/{id}/draft/publication", |_| OpenPage::Publication),
        edit_route("/checklists/{id}/draft/publication", DraftForm::Publish),
    ]
}
