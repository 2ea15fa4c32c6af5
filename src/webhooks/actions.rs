//! POST: a new webhook, its test and removal, and a message that is sent again.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use uuid::Uuid;

use super::{
    input::{WebhookInput, check_input},
    pages::render_page,
    signature::{SECRET_BYTES, secret_to_text},
    store::{self, NewWebhook},
};
use crate::{
    access::Admin,
    ambient,
    domain::{installation::InstallationEvent, text::Tag, webhook_rules::WebhookForm},
    encryption::SecretPurpose,
    record::installation_log::AuditedTransaction,
    state::AppState,
    texts::{self, Language},
    web::{
        Error,
        chrome::PageContext,
        form::{FieldErrors, Form, Path},
        response::SeeOther,
    },
};

const PAGE_PATH: &str = "/admin/webhooks";

pub(super) async fn add(
    State(state): State<AppState>,
    page: PageContext,
    Admin(by): Admin,
    Form(input): Form<WebhookInput>,
) -> Result<Response, Error> {
    let mut errors = FieldErrors::new();
    let Some(checked) = check_input(&state, &input, &mut errors) else {
        return render_page(&state, &page, StatusCode::UNPROCESSABLE_ENTITY, input, errors).await;
    };
    let Some(key) = &state.config.secret_key else {
        return Err(Error::Conflict(texts::webhooks_need_secret_key()));
    };
    let (id, now): (Uuid, _) = (ambient::new_id(), state.clock.now());
    let secret = (checked.form == WebhookForm::Standard).then(ambient::random_bytes::<SECRET_BYTES>);
    let address = key.encrypt(SecretPurpose::WebhookAddress, id, checked.address.as_str().as_bytes())?;
    let encrypted_secret = match &secret {
        Some(secret) => Some(key.encrypt(SecretPurpose::WebhookSecret, id, secret)?),
        None => None,
    };
    let mut transaction = AuditedTransaction::begin(&state.db).await?;
    let tag = checked.tag.as_ref().map(Tag::folded);
    let new = NewWebhook {
        id,
        name: checked.name.as_str(),
        form: checked.form,
        tag: tag.as_deref(),
        launch: None,
        topics: &checked.topics,
        language: Language::current().tag(),
        address: &address,
        host: checked.address.host_str().unwrap_or_default(),
        secret: encrypted_secret.as_deref(),
        at: now,
        by: by.id,
    };
    store::insert_webhook(&mut transaction, &new).await?;
    let event = InstallationEvent::WebhookAdded { webhook: id, name: checked.name.clone() };
    by.append_event(&mut transaction, &event, page.request_id, now).await?;
    transaction.commit().await?;
    let to = SeeOther::to(PAGE_PATH).with_success(texts::webhook_is_added(checked.name.as_str()));
    Ok(match secret {
        Some(secret) => to.with_link(secret_to_text(&secret)),
        None => to,
    }
    .into_response())
}

pub(super) async fn remove(
    State(state): State<AppState>,
    page: PageContext,
    Admin(by): Admin,
    Path(id): Path<Uuid>,
) -> Result<SeeOther, Error> {
    let now = state.clock.now();
    let mut transaction = AuditedTransaction::begin(&state.db).await?;
    let name = store::remove_webhook(&mut transaction, id, now).await?.ok_or(Error::NotFound)?;
    by.append_event(&mut transaction, &InstallationEvent::WebhookRemoved { webhook: id }, page.request_id, now).await?;
    transaction.commit().await?;
    Ok(SeeOther::to(PAGE_PATH).with_success(texts::webhook_is_removed(name)))
}

pub(super) async fn send_test(
    State(state): State<AppState>,
    _: Admin,
    Path(id): Path<Uuid>,
) -> Result<SeeOther, Error> {
    if !store::insert_test(&state.db, ambient::new_id(), id, state.clock.now()).await? {
        return Err(Error::NotFound);
    }
    Ok(SeeOther::to(PAGE_PATH).with_success(texts::webhook_test_is_on_its_way()))
}

pub(super) async fn send_again(
    State(state): State<AppState>,
    _: Admin,
    Path(id): Path<Uuid>,
) -> Result<SeeOther, Error> {
    if !store::make_due_again(&state.db, id, state.clock.now()).await? {
        return Err(Error::NotFound);
    }
    Ok(SeeOther::to(PAGE_PATH).with_success(texts::webhook_message_is_sent_again()))
}
