//! What was typed for an item or a section that somebody removed meanwhile, or whose draft was published or discarded:
//! it is shown again, to be added elsewhere.

use axum::response::Response;
use http::StatusCode;

use super::{
    Desk,
    forms::{ItemForm, seen},
    rows,
    view::{Choices, Gone, Head},
};
use crate::{
    ambient,
    domain::ids::NodeId,
    state::AppState,
    web::{
        Error,
        apart::apart,
        form::{FieldErrors, Sent},
        markdown,
        page::{Nav, Page, html_with},
    },
};

/// Whether a form may well have been for something that was there once: it was removed from this draft, or the form
/// says something and is from a page of an earlier one.
fn is_of_the_past(desk: &Desk, node: NodeId, form: &ItemForm) -> bool {
    let earlier = (0..desk.draft.version).contains(&seen(&form.version));
    desk.draft.was_removed(node) || (earlier && !form.title.trim().is_empty())
}

/// Reads the form about an item that was sent to something of this id, which is in the draft or is not. What was there
/// once is answered with what was typed, as the inner error.
pub(super) async fn read(
    state: &AppState,
    page: &Page,
    desk: Desk,
    (node, is_there): (NodeId, bool),
    sent: Sent,
) -> Result<Result<(Desk, ItemForm), Response>, Error> {
    let form: ItemForm = match sent.form().await {
        // What never was there is no place to say what is wrong with a form.
        Err(_) if !is_there => return Err(Error::NotFound),
        form => form?,
    };
    if is_there {
        form.check_buttons()?;
    }
    match is_there {
        true => Ok(Ok((desk, form))),
        false if is_of_the_past(&desk, node, &form) => gone(state, page, desk, form).await.map(Err),
        false => Err(Error::NotFound),
    }
}

/// The page with what was typed, and the sections that there are.
pub(super) async fn gone(state: &AppState, page: &Page, desk: Desk, form: ItemForm) -> Result<Response, Error> {
    let roles = desk.roles(state).await?;
    let chrome = page.chrome(state, format!("Draft · {}", desk.name()), Nav::Checklists);
    apart(move || {
        let problem = if desk.archived {
            super::ARCHIVED.to_owned()
        } else {
            "This is no longer in the draft: it was removed meanwhile, or the draft was published or discarded. What you \
             typed is here, and can be added as a new item."
                .to_owned()
        };
        let mut fields = form;
        fields.once = ambient::opaque_id::<uuid::Uuid>().to_string();
        let view = Gone {
            chrome,
            head: Head::new(&desk),
            sections: rows::sections(&desk.draft),
            preview: fields.is_preview().then(|| markdown::render(&fields.guidance)),
            fields,
            choices: Choices::new(roles),
            errors: FieldErrors::new(),
            problem,
        };
        html_with(StatusCode::CONFLICT, &view)
    })
    .await?
}
