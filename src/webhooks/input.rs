//! The form of a new webhook.

use std::borrow::Cow;

use serde::Deserialize;
use strum::IntoEnumIterator as _;
use url::Url;

use crate::{
    domain::{
        text::{Tag, Title},
        webhook_rules::{WebhookForm, WebhookTopic},
    },
    outgoing::OutgoingClient,
    state::AppState,
    texts,
    web::form::FieldErrors,
};

/// Maximum number of bytes of an address.
const MAX_ADDRESS_BYTES: usize = 2_000;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WebhookInput {
    pub(super) name: String,
    pub(super) form: String,
    pub(super) address: String,
    /// Empty for all launches.
    pub(super) tag: String,
    pub(super) topics: Vec<String>,
}

impl WebhookInput {
    pub(super) fn hears_of(&self, topic: &str) -> bool {
        self.topics.iter().any(|name| name == topic)
    }
}

/// What a valid form asks for.
pub(super) struct CheckedWebhook {
    pub(super) name: Title,
    pub(super) form: WebhookForm,
    pub(super) address: Url,
    pub(super) tag: Option<Tag>,
    pub(super) topics: Vec<String>,
}

/// Checks a form; `None` where something is wrong, with the errors at its fields.
pub(super) fn check_input(state: &AppState, input: &WebhookInput, errors: &mut FieldErrors) -> Option<CheckedWebhook> {
    let name = errors.check("name", Title::new(&input.name));
    let form = errors.check("form", input.form.parse::<WebhookForm>().map_err(|_| texts::choose_a_webhook_form()));
    let address = errors.check("address", check_address(state, &input.address));
    let tag = match input.tag.trim() {
        "" => Some(None),
        tag => errors.check("tag", Tag::new(tag)).map(Some),
    };
    let topics: Vec<String> =
        WebhookTopic::iter().map(|topic| topic.name().to_owned()).filter(|topic| input.hears_of(topic)).collect();
    if topics.is_empty() {
        errors.add("topics", texts::choose_what_a_webhook_hears());
    }
    let checked = CheckedWebhook { name: name?, form: form?, address: address?, tag: tag?, topics };
    errors.is_empty().then_some(checked)
}

fn check_address(state: &AppState, text: &str) -> Result<Url, Cow<'static, str>> {
    let address = Url::parse(text.trim()).ok().filter(|address| address.as_str().len() <= MAX_ADDRESS_BYTES);
    let address = address.ok_or_else(texts::webhook_address_is_not_one)?;
    OutgoingClient::new(&state.config.webhooks_inside)
        .check_address(&address)
        .map_err(|_| texts::webhook_address_is_not_one())?;
    Ok(address)
}
