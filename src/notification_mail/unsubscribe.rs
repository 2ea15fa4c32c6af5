//! One click that ends a kind of mail (RFC 8058). The address has all it needs, encrypted: the person and the groups of
//! reasons. Doing it twice is doing it once.

use std::{borrow::Cow, collections::BTreeSet};

use askama::Template;
use axum::{extract::State, response::Response};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use strum::IntoEnumIterator as _;
use uuid::Uuid;

use super::store;
use crate::{
    access::rate_limit::{self, Bucket},
    domain::{
        ids::UserId,
        notification::{NotificationReason, ReasonGroup},
    },
    encryption::SecretPurpose,
    presentation::notifications::describe_reason_group,
    state::AppState,
    texts,
    web::{
        Error,
        chrome::{Chrome, Nav, PageContext},
        client_address::ClientAddress,
        form::Path,
        response::render,
    },
};

/// What the address has.
#[derive(Serialize, Deserialize)]
struct UnsubscribeToken {
    user: UserId,
    groups: Vec<String>,
}

#[derive(Template)]
#[template(path = "notification_mail/unsubscribe.html")]
struct UnsubscribePage {
    chrome: Chrome,
    action: String,
    /// What the mails are about.
    groups: Vec<Cow<'static, str>>,
    /// Whether it is done.
    is_done: bool,
}

/// The address at which a person ends mails about these groups.
pub fn unsubscribe_address(state: &AppState, user: UserId, groups: &BTreeSet<ReasonGroup>) -> anyhow::Result<String> {
    let key = state.config.secret_key.as_ref().ok_or_else(|| anyhow::anyhow!("there is no SIGNOFF_SECRET_KEY"))?;
    let groups = groups.iter().map(|group| group.name().to_owned()).collect();
    let open = serde_json::to_vec(&UnsubscribeToken { user, groups })?;
    let token = BASE64_URL_SAFE_NO_PAD.encode(key.encrypt(SecretPurpose::Unsubscription, Uuid::nil(), &open)?);
    Ok(state.config.public_url.with_path(&format!("/unsubscribe/{token}")))
}

fn parse(state: &AppState, token: &str) -> Option<(UserId, Vec<ReasonGroup>)> {
    let sealed = BASE64_URL_SAFE_NO_PAD.decode(token).ok()?;
    let open = state.config.secret_key.as_ref()?.decrypt(SecretPurpose::Unsubscription, Uuid::nil(), &sealed)?;
    let token: UnsubscribeToken = serde_json::from_slice(&open).ok()?;
    // A group that a later release does not know has no mails there.
    Some((token.user, token.groups.iter().filter_map(|group| group.parse().ok()).collect()))
}

async fn parse_or_refuse(
    state: &AppState,
    ClientAddress(from): ClientAddress,
    token: &str,
) -> Result<(UserId, Vec<ReasonGroup>), Error> {
    if let Some(known) = parse(state, token) {
        return Ok(known);
    }
    rate_limit::charge_with_fallback(&state.redis, &Bucket::one_time_address(from), state.clock.now()).await?;
    Err(Error::NotFound)
}

/// `GET /unsubscribe/{token}` changes nothing: programs open the links of mails.
pub(super) async fn show(
    State(state): State<AppState>,
    page: PageContext,
    from: ClientAddress,
    Path(token): Path<String>,
) -> Result<Response, Error> {
    let (_, groups) = parse_or_refuse(&state, from, &token).await?;
    render_page(&state, &page, &token, &groups, false)
}

/// `POST /unsubscribe/{token}`, by a mail program or from the page. The answer is no redirect, as the standard says.
pub(super) async fn end_mails(
    State(state): State<AppState>,
    page: PageContext,
    from: ClientAddress,
    Path(token): Path<String>,
) -> Result<Response, Error> {
    let (user, groups) = parse_or_refuse(&state, from, &token).await?;
    let reasons: Vec<_> = NotificationReason::iter().filter(|reason| groups.contains(&reason.group())).collect();
    let mut transaction = state.db.begin().await?;
    store::set_never(&mut transaction, user, &groups, &reasons).await?;
    transaction.commit().await?;
    render_page(&state, &page, &token, &groups, true)
}

fn render_page(
    state: &AppState,
    page: &PageContext,
    token: &str,
    groups: &[ReasonGroup],
    is_done: bool,
) -> Result<Response, Error> {
    render(&UnsubscribePage {
        chrome: page.chrome(state, texts::unsubscribe_title(), Nav::None),
        action: format!("/unsubscribe/{token}"),
        groups: groups.iter().map(|group| describe_reason_group(*group)).collect(),
        is_done,
    })
}
