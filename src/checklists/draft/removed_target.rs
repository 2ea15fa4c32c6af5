//! Input for an item or section that somebody removed meanwhile, or whose draft was published or discarded: it is shown
//! again, so that it can be added elsewhere.

use axum::response::Response;
use http::StatusCode;

use super::{
    DraftContext,
    forms::{DraftItemForm, parse_seen_version},
    rows,
    view::{DraftHeadView, DraftItemChoices, DraftTargetRemovedPage},
};
use crate::{
    ambient,
    domain::ids::NodeId,
    state::AppState,
    web::{
        Error,
        blocking::run_blocking,
        form::{FieldErrors, UnreadForm},
        markdown,
        page::{Nav, PageContext, render_with_status},
    },
};

/// Whether the target of a form probably existed once: it was removed from this draft, or the form has content and is
/// from a page of an earlier draft.
fn may_have_been_removed(desk: &DraftContext, node: NodeId, form: &DraftItemForm) -> bool {
    let earlier = (0..desk.draft.version).contains(&parse_seen_version(&form.version));
    desk.draft.was_removed(node) || (earlier && !form.title.trim().is_empty())
}

/// Reads an item's form that was sent to the target `node`, which the draft may no longer contain. If the target
/// existed once, the inner error is a page with the input.
pub(super) async fn read_item_form(
    state: &AppState,
    page: &PageContext,
    desk: DraftContext,
    (node, is_there): (NodeId, bool),
    sent: UnreadForm,
) -> Result<Result<(DraftContext, DraftItemForm), Response>, Error> {
    let form: DraftItemForm = match sent.read_form().await {
        // If the target never existed, there is no page that could show the form's errors.
        Err(_) if !is_there => return Err(Error::NotFound),
        form => form?,
    };
    if is_there {
        form.check_button_values()?;
    }
    match is_there {
        true => Ok(Ok((desk, form))),
        false if may_have_been_removed(&desk, node, &form) => {
            render_removed_target(state, page, desk, form).await.map(Err)
        }
        false => Err(Error::NotFound),
    }
}

/// The page with the input and the sections to choose from.
pub(super) async fn render_removed_target(
    state: &AppState,
    page: &PageContext,
    desk: DraftContext,
    form: DraftItemForm,
) -> Result<Response, Error> {
    let roles = desk.load_roles(state).await?;
    let chrome = page.chrome(state, format!("Draft · {}", desk.name()), Nav::Checklists);
    run_blocking(move || {
        let problem = if desk.archived {
            super::ARCHIVED_MESSAGE.to_owned()
        } else {
            "This is no longer in the draft: it was removed meanwhile, or the draft was published or discarded. What you \
             typed is here, and can be added as a new item."
                .to_owned()
        };
        let mut fields = form;
        fields.once = ambient::new_opaque_id::<uuid::Uuid>().to_string();
        let view = DraftTargetRemovedPage {
            chrome,
            head: DraftHeadView::new(&desk),
            sections: rows::list_sections(&desk.draft),
            preview: fields.is_preview().then(|| markdown::render(&fields.guidance)),
            fields,
            choices: DraftItemChoices::new(roles),
            errors: FieldErrors::new(),
            problem,
        };
        render_with_status(StatusCode::CONFLICT, &view)
    })
    .await?
}
