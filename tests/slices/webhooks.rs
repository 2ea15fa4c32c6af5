//! Webhooks: a receiver of their messages hears of what happens, in every form, signed as another implementation signs; what
//! fails is tried again, given up and sent again; what is restricted is heard of by nobody.

use std::{
    process::Command as Process,
    sync::{Arc, Mutex},
};

use axum::{Router, extract::State, routing::post};
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use signoff::domain::{launch::event::ItemState, webhook_rules::MAX_ATTEMPTS};
use tokio::net::TcpListener;

use crate::helpers::{Launch, Setting, admin, client::Client};

/// A server that stores what it is sent.
#[derive(Clone, Default)]
struct Receiver {
    received: Arc<Mutex<Vec<(HeaderMap, String)>>>,
    /// The status of its answers, if they are not 204.
    refuses: Arc<Mutex<Option<StatusCode>>>,
    port: u16,
}

impl Receiver {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Self { port: listener.local_addr().unwrap().port(), ..Self::default() };
        let keep = async |State(receiver): State<Self>, headers: HeaderMap, body: String| {
            receiver.received.lock().unwrap().push((headers, body));
            receiver.refuses.lock().unwrap().unwrap_or(StatusCode::NO_CONTENT)
        };
        let router = Router::new().route("/hook", post(keep)).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        receiver
    }

    fn address(&self) -> String {
        format!("http://127.0.0.1:{}/hook?key=very-secret", self.port)
    }

    fn take(&self) -> Vec<(HeaderMap, String)> {
        std::mem::take(&mut *self.received.lock().unwrap())
    }
}

/// A launch in an installation whose webhooks may reach this machine, and an admin.
async fn start() -> (Launch, Client, Receiver) {
    let set = vec![("SIGNOFF_WEBHOOK_INSIDE", "127.0.0.0/8".to_owned())];
    let launch = Launch::payments().setting(Setting { set, ..Setting::default() }).make().await;
    let admin = launch.app.sign_in(admin()).await;
    (launch, admin, Receiver::start().await)
}

async fn add(admin: &Client, form: &str, address: &str, more: &[(&str, &str)]) {
    let mut fields = vec![("name", form), ("form", form), ("address", address)];
    fields.extend([("topics", "decisions"), ("topics", "blocks")]);
    fields.extend(more);
    admin.post("/admin/webhooks", &fields).await.expect_status(303);
}

async fn send(launch: &Launch) {
    signoff::webhooks::send_due_messages(&launch.app.state).await.unwrap();
}

#[tokio::test]
async fn message_says_what_happened_what_blocks_and_who_is_awaited_in_every_form() {
    let (launch, admin, receiver) = start().await;
    for form in ["slack", "mattermost", "teams", "discord", "standard"] {
        add(&admin, form, &receiver.address(), &[]).await;
    }
    // Another topic, another tag.
    let fields = [("name", "other"), ("form", "slack"), ("address", &receiver.address()), ("topics", "exceptions")];
    admin.post("/admin/webhooks", &fields).await.expect_status(303);
    add(&admin, "slack", &receiver.address(), &[("tag", "another")]).await;
    launch.mark(&launch.member, "backups", ItemState::Blocked).await;
    send(&launch).await;
    let received = receiver.take();
    assert_eq!(received.len(), 5, "{received:?}");
    let page = launch.app.state.config.public_url.with_path(&format!("/launches/{}", launch.id));
    for (_, body) in &received {
        for expected in [&page, "Mia Member", "Not ready", "Sven Security"] {
            assert!(body.contains(expected), "{expected}: {body}");
        }
    }
    let bodies: Vec<Value> = received.iter().map(|(_, body)| serde_json::from_str(body).unwrap()).collect();
    assert!(bodies.iter().any(|body| body["attachments"][0]["content"]["type"] == "AdaptiveCard"));
    assert!(bodies.iter().any(|body| body["allowed_mentions"]["parse"] == Value::Array(vec![])));
    let generic = bodies.iter().find(|body| body["type"] == "launch.changed").unwrap();
    assert_eq!(generic["data"]["launch"]["verdict"], "no_go");
    // Nothing is due any more.
    send(&launch).await;
    assert!(receiver.take().is_empty());
}

#[tokio::test]
async fn signature_of_a_message_is_that_of_another_implementation() {
    let (launch, admin, receiver) = start().await;
    add(&admin, "standard", &receiver.address(), &[]).await;
    let page = admin.get("/admin/webhooks").await;
    let secret = page.attribute("#f-secret", "value").unwrap();
    assert!(secret.starts_with("whsec_"));
    let again = admin.get("/admin/webhooks").await.expect_status(200).body;
    assert!(!again.contains("whsec_") && !again.contains("very-secret"), "both are secrets");
    let stored: (Vec<u8>, Vec<u8>) =
        sqlx::query_as("SELECT address, secret FROM webhooks").fetch_one(&launch.app.owner).await.unwrap();
    assert!(!String::from_utf8_lossy(&stored.0).contains("very-secret"), "{stored:?}");
    let id = page.attribute("[data-webhook]", "data-webhook").unwrap();
    admin.post(&format!("/admin/webhooks/{id}/test"), &[]).await.expect_status(303);
    send(&launch).await;
    let [(headers, body)] = &receiver.take()[..] else { panic!("one message") };
    let header = |name: &str| headers[name].to_str().unwrap();
    let script = "import base64, hashlib, hmac, sys\n\
                  secret, id, time, body = sys.argv[1:]\n\
                  key = base64.b64decode(secret.removeprefix('whsec_'))\n\
                  signed = hmac.new(key, f'{id}.{time}.{body}'.encode(), hashlib.sha256).digest()\n\
                  print('v1,' + base64.b64encode(signed).decode(), end='')";
    let arguments = [script, &secret, header("webhook-id"), header("webhook-timestamp"), body];
    let output = Process::new("python3").arg("-c").args(arguments).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), header("webhook-signature"));
    let page = admin.get("/admin/webhooks").await;
    assert!(page.texts("[data-delivery]").concat().contains("Sent"));
}

#[tokio::test]
async fn message_that_fails_is_tried_again_given_up_and_sent_again() {
    let (launch, admin, receiver) = start().await;
    add(&admin, "slack", &receiver.address(), &[]).await;
    *receiver.refuses.lock().unwrap() = Some(StatusCode::INTERNAL_SERVER_ERROR);
    launch.mark(&launch.member, "backups", ItemState::Blocked).await;
    for attempt in 1..=MAX_ATTEMPTS {
        send(&launch).await;
        send(&launch).await;
        assert_eq!(receiver.take().len(), 1, "attempt {attempt}: the next is later");
        launch.app.state.clock.advance(16_000);
    }
    send(&launch).await;
    assert!(receiver.take().is_empty(), "it is given up");
    // Days have passed, and the session has ended.
    let admin = launch.app.session(&admin.person).await;
    let page = admin.get("/admin/webhooks").await;
    let row = page.texts("[data-delivery]").concat();
    assert!(row.contains("Given up") && row.contains("the answer was 500"), "{row}");
    *receiver.refuses.lock().unwrap() = None;
    let id = page.attribute("[data-delivery]", "data-delivery").unwrap();
    let again = format!("/admin/webhooks/deliveries/{id}/retry");
    admin.post(&again, &[]).await.expect_status(303);
    admin.post(&again, &[]).await.expect_status(404);
    send(&launch).await;
    assert_eq!(receiver.take().len(), 1);
}

#[tokio::test]
async fn restricted_launch_is_heard_of_by_nobody_even_if_it_was_open_before() {
    let (launch, admin, receiver) = start().await;
    add(&admin, "slack", &receiver.address(), &[]).await;
    launch.mark(&launch.member, "backups", ItemState::Blocked).await;
    let restriction = format!("/launches/{}/restriction", launch.id);
    launch.owner.post(&restriction, &[("restricted", "on")]).await.expect_status(303);
    send(&launch).await;
    assert!(receiver.take().is_empty());
    let waits: i64 = sqlx::query_scalar("SELECT count(*) FROM webhook_deliveries WHERE due_at IS NOT NULL")
        .fetch_one(&launch.app.owner)
        .await
        .unwrap();
    assert_eq!(waits, 0);
}

#[tokio::test]
async fn address_that_leads_inside_is_refused_at_the_field() {
    let launch = Launch::payments().make().await;
    let admin = launch.app.sign_in(admin()).await;
    for address in ["https://127.0.0.1/", "http://hooks.example.org/", "https://[::1]/", "nonsense", ""] {
        let fields = [("name", "Chat"), ("form", "slack"), ("address", address), ("topics", "decisions")];
        let page = admin.post("/admin/webhooks", &fields).await.expect_status(422);
        assert_eq!(page.attributes("p.error", "id"), ["f-address-error"], "{address}");
        assert_eq!(page.attribute("#f-name", "value").as_deref(), Some("Chat"), "what was typed stays");
    }
}
