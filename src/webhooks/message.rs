//! What a message says, and the form in which each service takes it.

use std::{collections::BTreeMap, fmt::Write as _};

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    config::PublicUrl,
    domain::{
        launch::{event::Event, state::LaunchState},
        readiness::{Verdict, compute_readiness},
        time::Moment,
        webhook_rules::{WebhookForm, WebhookTopic},
    },
    presentation::{event_descriptions::describe_event, formatting},
    texts,
};

/// How many events, reasons and people a message names.
const MAX_NAMED: usize = 5;

/// Maximum number of characters of a line.
const MAX_LINE_CHARS: usize = 300;

/// What happened in a launch, and how it stands.
pub(super) struct WebhookMessage {
    id: Uuid,
    at: Moment,
    /// `None` for a test.
    launch: Option<MessageLaunch>,
    /// What happened, a sentence each.
    happened: Vec<String>,
}

struct MessageLaunch {
    id: String,
    name: String,
    link: String,
    verdict: Verdict,
    readiness: String,
    stage: &'static str,
    /// What keeps it from being ready, with the address where it can be fixed.
    blocking: Vec<(String, String)>,
    /// How many reasons there are.
    reasons: usize,
    /// Who can give a signature that is missing.
    awaited: Vec<String>,
}

impl WebhookMessage {
    /// A message that is no launch's: whether it arrives.
    pub(super) fn test(id: Uuid, at: Moment) -> Self {
        Self { id, at, launch: None, happened: vec![texts::webhook_test_message().into_owned()] }
    }

    /// Composes the message of these events, in the current language.
    pub(super) fn new(id: Uuid, site: &PublicUrl, launch: &LaunchState, events: &[Event], now: Moment) -> Self {
        let about: Vec<&Event> =
            events.iter().filter(|event| WebhookTopic::of_change(&event.change).is_some()).collect();
        let mut happened: Vec<String> = about
            .iter()
            .take(MAX_NAMED)
            .map(|event| shorten(&format!("{} {}", event.actor.name, describe_event(launch, event).sentence())))
            .collect();
        if about.len() > MAX_NAMED {
            happened.push(texts::webhook_more_events(about.len() - MAX_NAMED).into_owned());
        }
        let readiness = compute_readiness(launch, now);
        let (reasons, conditions) = (readiness.reasons.len(), readiness.conditions.len());
        let blocking = readiness.reasons.iter().take(MAX_NAMED).map(|reason| {
            let row = formatting::describe_reason(launch, reason);
            (shorten(&row.text), site.with_path(&row.href))
        });
        let mut awaited: BTreeMap<_, _> = formatting::possible_signers(launch, &readiness.reasons)
            .map(|signer| (signer, launch.person_name(signer).to_owned()))
            .collect();
        while awaited.len() > MAX_NAMED {
            awaited.pop_last();
        }
        let launch = MessageLaunch {
            id: launch.id.to_string(),
            name: shorten(launch.name()),
            link: site.with_path(&format!("/launches/{}", launch.id)),
            verdict: readiness.verdict,
            readiness: formatting::verdict_with_counts(readiness.verdict, reasons, conditions).into_owned(),
            stage: launch.stage.name().slug(),
            blocking: blocking.collect(),
            reasons,
            awaited: awaited.into_values().collect(),
        };
        Self { id, at: now, launch: Some(launch), happened }
    }

    /// The body of the request.
    pub(super) fn to_body(&self, form: WebhookForm) -> Value {
        match form {
            WebhookForm::Slack => {
                json!({ "text": self.to_text(escape_slack, |text, link| format!("<{link}|{text}>")) })
            }
            WebhookForm::Mattermost => json!({ "text": self.to_markdown() }),
            // Nobody is notified by what somebody typed.
            WebhookForm::Discord => {
                json!({ "content": limit(&self.to_markdown(), 1_900), "allowed_mentions": { "parse": [] } })
            }
            WebhookForm::Teams => self.to_adaptive_card(),
            WebhookForm::Standard => self.to_json(),
        }
    }

    fn to_markdown(&self) -> String {
        self.to_text(escape_markdown, |text, link| format!("[{text}]({link})"))
    }

    fn to_text(&self, escape: fn(&str) -> String, link: fn(&str, &str) -> String) -> String {
        let mut text = String::new();
        if let Some(launch) = &self.launch {
            let _ = writeln!(text, "{}: {}", link(&escape(&launch.name), &launch.link), escape(&launch.readiness));
        }
        for sentence in &self.happened {
            let _ = writeln!(text, "{}", escape(sentence));
        }
        if let Some(launch) = &self.launch {
            for (reason, address) in &launch.blocking {
                let _ = writeln!(text, "• {}", link(&escape(reason), address));
            }
            if launch.reasons > launch.blocking.len() {
                let more = texts::webhook_more_reasons(launch.reasons - launch.blocking.len());
                let _ = writeln!(text, "• {}", link(&more, &format!("{}/go-no-go", launch.link)));
            }
            if !launch.awaited.is_empty() {
                let _ = writeln!(text, "{}", escape(&texts::webhook_awaited(launch.awaited.join(", "))));
            }
        }
        text.trim_end().to_owned()
    }

    /// A message of a workflow of Teams: an adaptive card, whose texts are not read as Markdown.
    fn to_adaptive_card(&self) -> Value {
        let block = |text: &str, weight: &str| {
            json!({
                "type": "TextBlock", "text": escape_markdown(text), "wrap": true, "weight": weight
            })
        };
        let mut body = Vec::new();
        let mut actions = Vec::new();
        if let Some(launch) = &self.launch {
            body.push(block(&format!("{}: {}", launch.name, launch.readiness), "Bolder"));
            actions
                .push(json!({ "type": "Action.OpenUrl", "title": texts::webhook_open_launch(), "url": launch.link }));
        }
        body.extend(self.happened.iter().map(|sentence| block(sentence, "Default")));
        if let Some(launch) = &self.launch {
            body.extend(launch.blocking.iter().map(|(reason, _)| block(&format!("• {reason}"), "Default")));
            if !launch.awaited.is_empty() {
                body.push(block(&texts::webhook_awaited(launch.awaited.join(", ")), "Default"));
            }
        }
        json!({ "type": "message", "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard", "version": "1.4", "body": body, "actions": actions
            }
        }] })
    }

    /// The generic form. Members are only added.
    fn to_json(&self) -> Value {
        let launch = self.launch.as_ref().map(|launch| {
            json!({
                "id": launch.id,
                "name": launch.name,
                "url": launch.link,
                "stage": launch.stage,
                "verdict": launch.verdict,
                "readiness": launch.readiness,
                "reasons": launch.reasons,
                "blocking": launch.blocking.iter().map(|(text, url)| json!({ "text": text, "url": url })).collect::<Vec<_>>(),
                "awaited": launch.awaited,
            })
        });
        json!({
            "type": if launch.is_some() { "launch.changed" } else { "test" },
            "id": self.id,
            "timestamp": self.at,
            "data": { "happened": self.happened, "launch": launch },
        })
    }
}

/// A text as one line that is not too long.
fn shorten(text: &str) -> String {
    limit(&text.split_whitespace().collect::<Vec<_>>().join(" "), MAX_LINE_CHARS)
}

fn limit(text: &str, chars: usize) -> String {
    match text.char_indices().nth(chars) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Slack reads `<…>` as a link or a mention, and `&` as the beginning of an entity; its marks do nothing worse than
/// emphasise.
fn escape_slack(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Text that Markdown shows as it is; an `@` mentions nobody.
fn escape_markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | '*' | '_' | '`' | '~' | '[' | ']' | '(' | ')' | '<' | '>' | '#' | '|' | '!' => {
                escaped.extend(['\\', character]);
            }
            // A zero-width space keeps it from being a mention.
            '@' => escaped.push_str("@\u{200b}"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_text_is_no_link_mention_or_mark_in_any_form() {
        let name = "@here <!channel> [click](https://evil.example) **bold** & more";
        let message = WebhookMessage {
            id: Uuid::nil(),
            at: "2026-11-23T10:00:00Z".parse().unwrap(),
            launch: Some(MessageLaunch {
                id: String::new(),
                name: name.to_owned(),
                link: "https://signoff.example.org/launches/1".to_owned(),
                verdict: Verdict::NoGo,
                readiness: "Not ready".to_owned(),
                stage: "preparing",
                blocking: vec![(name.to_owned(), "https://signoff.example.org/items/1".to_owned())],
                reasons: 1,
                awaited: vec![name.to_owned()],
            }),
            happened: vec![name.to_owned()],
        };
        for (form, tricks) in [
            // Slack reads no Markdown links, and mentions only in angle brackets.
            (WebhookForm::Slack, &["<!channel>"][..]),
            (WebhookForm::Mattermost, &["<!channel>", "](https://evil.example)", "@here"]),
            (WebhookForm::Discord, &["<!channel>", "](https://evil.example)", "@here"]),
            (WebhookForm::Teams, &["](https://evil.example)", "@here"]),
        ] {
            let body = message.to_body(form).to_string();
            for trick in tricks {
                assert!(!body.contains(trick), "{form:?}: {body}");
            }
        }
    }
}
