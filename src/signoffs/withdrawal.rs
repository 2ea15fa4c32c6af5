//! POST: withdrawing a signature.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};

use super::{
    forms::{GoNoGoForm, GoNoGoInput, ReturnedForm, SignatureWithdrawalForm, required_text},
    pages,
    signing_proof::{SigningProof, check_proof},
};
use crate::{
    access::launch_access::LaunchChildAccess,
    domain::{
        ids::SignatureId,
        launch::{access::Act, command::Command},
    },
    state::AppState,
    texts,
    web::{
        Error,
        chrome::PageContext,
        form::{FieldErrors, UnreadForm},
        idempotency::new_text,
        response::SeeOther,
    },
};

pub(super) async fn withdraw_signature(
    State(state): State<AppState>,
    LaunchChildAccess { access, id, .. }: LaunchChildAccess<SignatureId>,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    access.check_permission(&Act::WithdrawSignature(id))?;
    let form: SignatureWithdrawalForm = sent.read_form().await?;
    let mut errors = FieldErrors::new();
    let comment = errors.check("comment", required_text(&form.comment, texts::say_why_you_withdraw()));
    let proved = match comment {
        Some(_) => check_proof(&state, &access, &page, form.proof_input(), &mut errors).await?,
        None => SigningProof::Failed,
    };
    let back = |errors| {
        ReturnedForm::with_input(
            GoNoGoForm::Withdraw(id),
            GoNoGoInput { errors, text: form.comment.clone(), ..GoNoGoInput::default() },
        )
    };
    let (Some(comment), SigningProof::Proved(proof)) = (comment, &proved) else {
        return pages::render_returned_form(&state, &access, &page, proved.add_retry_after(back(errors))).await;
    };
    let command = Command::WithdrawSignature { signature: id, comment: new_text(comment) };
    let not_done = match state
        .record
        .execute(&state.db, access.requester(Some(proof.clone())), access.launch.id, vec![command])
        .await
    {
        Ok(_) => {
            let notice = texts::your_signature_is_withdrawn();
            return Ok(SeeOther::to(pages::page_href(&access)).with_success(notice).into_response());
        }
        Err(not_done) => not_done,
    };
    let access = access.reload(&state).await?;
    let returned = pages::to_returned_form(&access.launch, not_done, back)?;
    pages::render_returned_form(&state, &access, &page, returned).await
}
