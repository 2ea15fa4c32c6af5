//! GET: the admins' page of webhooks, also with the form that comes back.

use std::borrow::Cow;

use askama::Template;
use axum::{extract::State, response::Response};
use http::StatusCode;
use strum::IntoEnumIterator as _;

use super::{
    input::WebhookInput,
    store::{self, DeliveryRow, Webhook},
};
use crate::{
    access::Admin,
    domain::webhook_rules::{WebhookForm, WebhookTopic},
    state::AppState,
    texts,
    web::{
        Error,
        chrome::{Chrome, Nav, PageContext},
        form::FieldErrors,
        response::render_with_status,
    },
};

/// How many of the newest messages the page lists.
const MAX_DELIVERIES: i64 = 50;

#[derive(Template)]
#[template(path = "webhooks/list.html")]
struct WebhooksPage {
    chrome: Chrome,
    /// Whether secrets can be stored.
    can_add: bool,
    webhooks: Vec<Webhook>,
    deliveries: Vec<DeliveryRow>,
    input: WebhookInput,
    errors: FieldErrors,
}

impl WebhooksPage {
    /// The secret of a new webhook, on the one page that shows it.
    fn new_secret(&self) -> Option<&str> {
        let link = self.chrome.flash.as_ref().and_then(|flash| flash.link.as_deref());
        link.filter(|link| link.starts_with("whsec_"))
    }

    fn forms() -> impl Iterator<Item = WebhookForm> {
        WebhookForm::iter()
    }

    fn topics() -> impl Iterator<Item = WebhookTopic> {
        WebhookTopic::iter()
    }

    fn hears_of(webhook: &Webhook) -> String {
        let labels = WebhookTopic::iter().filter(|topic| webhook.topics.iter().any(|name| name == topic.name()));
        labels.map(|topic| Self::topic_label(&topic)).collect::<Vec<_>>().join(", ")
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the template hands it over")]
    fn form_label(form: &WebhookForm) -> Cow<'static, str> {
        match form {
            WebhookForm::Slack => "Slack".into(),
            WebhookForm::Mattermost => "Mattermost, Rocket.Chat".into(),
            WebhookForm::Teams => "Microsoft Teams".into(),
            WebhookForm::Discord => "Discord".into(),
            WebhookForm::Standard => texts::webhook_form_standard(),
        }
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the template hands it over")]
    fn topic_label(topic: &WebhookTopic) -> Cow<'static, str> {
        match topic {
            WebhookTopic::Decisions => texts::webhook_topic_decisions(),
            WebhookTopic::Signatures => texts::webhook_topic_signatures(),
            WebhookTopic::Blocks => texts::webhook_topic_blocks(),
            WebhookTopic::Exceptions => texts::webhook_topic_exceptions(),
            WebhookTopic::EvidenceRequests => texts::webhook_topic_evidence(),
        }
    }

    fn scope(webhook: &Webhook) -> Cow<'static, str> {
        match (&webhook.launch, &webhook.tag) {
            (Some(_), _) => texts::webhook_of_one_launch(),
            (None, Some(tag)) => texts::webhook_of_tag(tag),
            (None, None) => texts::webhook_of_all(),
        }
    }
}

pub(super) async fn show(State(state): State<AppState>, page: PageContext, _: Admin) -> Result<Response, Error> {
    render_page(&state, &page, StatusCode::OK, WebhookInput::default(), FieldErrors::new()).await
}

pub(super) async fn render_page(
    state: &AppState,
    page: &PageContext,
    status: StatusCode,
    input: WebhookInput,
    errors: FieldErrors,
) -> Result<Response, Error> {
    let webhooks = store::load_webhooks(&state.db).await?;
    let deliveries = store::load_deliveries(&state.db, MAX_DELIVERIES).await?;
    let chrome = page.chrome(state, texts::webhooks(), Nav::Admin);
    let can_add = state.config.secret_key.is_some();
    render_with_status(status, &WebhooksPage { chrome, can_add, webhooks, deliveries, input, errors })
}
