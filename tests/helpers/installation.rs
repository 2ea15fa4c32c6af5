//! An installation with content of every kind: an existing object for every route.

use serde_json::Value;
use signoff::{
    ambient,
    domain::{
        checklist_draft::ChecklistDraft,
        ids::{CommentId, EvidenceId, EvidenceRequestId, WaiverId},
        launch::{
            command::{Command, NewEvidence},
            texts::{NewText, Salt},
        },
    },
    web::route::{Right, Route},
};
use uuid::Uuid;

use super::{admin, client::Client, launch::Launch, member, people::PASSWORD};

/// An installation with an existing object for every route.
pub(crate) struct Installation {
    pub(crate) launch: Launch,
    pub(crate) admin: Client,
    /// The beginnings of addresses, and the id that follows each.
    pub(crate) ids: Vec<(&'static str, String)>,
}

fn text(value: &str) -> NewText {
    NewText { value: value.to_owned(), salt: Salt(ambient::random_bytes()) }
}

impl Installation {
    pub(crate) async fn make() -> Self {
        Self::of(Launch::ledger().make().await).await
    }

    /// Adds a member's content of every kind to the launch, and a signature of the holder for operations.
    pub(crate) async fn of(launch: Launch) -> Self {
        let admin = launch.app.sign_in(admin()).await;
        let item = launch.item("required");
        let (evidence, waiver): (EvidenceId, WaiverId) = (ambient::new_id(), ambient::new_id());
        let (comment, request): (CommentId, EvidenceRequestId) = (ambient::new_id(), ambient::new_id());
        let note = NewEvidence::Note(text("seen"));
        let expires_on = "2099-01-01".parse().unwrap();
        for command in [
            Command::AttachEvidence { item, evidence, content: note, observed_on: None, valid_until: None },
            Command::AskWaiver { item, waiver, reason: text("no time"), control: text("by hand"), expires_on },
            Command::AddComment { item, comment, body: text("a remark") },
            Command::RequestEvidence { item, request, text: text("the log, too") },
        ] {
            launch.run_command(&launch.member, command).await;
        }
        let launch_path = format!("/launches/{}", launch.id);
        let ready: Value =
            serde_json::from_str(&launch.operations.get(&format!("{launch_path}/readiness.json")).await.body).unwrap();
        let digest = ready["digest"]["operations"].as_str().unwrap();
        let form = [("role", "operations"), ("verdict", "go"), ("digest", digest), ("password", PASSWORD)];
        launch.operations.post(&format!("{launch_path}/signatures"), &form).await.expect_status(303);
        let signature = launch.state().await.signatures[0].record.id;
        let checklist: Uuid =
            sqlx::query_scalar("SELECT id FROM checklists").fetch_one(&launch.app.owner).await.unwrap();
        let draft = ChecklistDraft::from_version(checklist.into(), &launch.state().await.version.checklist, 1, 0);
        let part = &draft.parts[0];
        let invitation = [("name", "Ivo Invited"), ("email", "ivo@example.org"), ("roles", "member")];
        admin.post("/admin/invitations", &invitation).await.expect_status(303);
        let invitation: Uuid =
            sqlx::query_scalar("SELECT id FROM invitations").fetch_one(&launch.app.owner).await.unwrap();
        let renewed = launch.app.person(&member().named("Rea Renewed")).await;
        admin.post(&format!("/admin/people/{}/password-reset", renewed.id), &[]).await.expect_status(303);
        let renewal: Uuid =
            sqlx::query_scalar("SELECT id FROM way_in_renewals").fetch_one(&launch.app.owner).await.unwrap();
        let filter = [("name", "On hold"), ("query", "show=held")];
        admin.post("/saved-filters", &filter).await.expect_status(303);
        let filter: Uuid =
            sqlx::query_scalar("SELECT id FROM saved_filters").fetch_one(&launch.app.owner).await.unwrap();
        let form = [("email", "rea@new.example"), ("password", PASSWORD)];
        launch.app.session(&renewed).await.post("/account/address", &form).await.expect_status(303);
        let address_change: Uuid =
            sqlx::query_scalar("SELECT id FROM address_changes").fetch_one(&launch.app.owner).await.unwrap();
        let job: Uuid = sqlx::query_scalar(
            "INSERT INTO jobs (id, payload, due_at, run_at, dead_at, attempts, error)
             VALUES (gen_random_uuid(), '\\x00', now(), now(), now(), 54, 'the mail server answered 550') RETURNING id",
        )
        .fetch_one(&launch.app.owner)
        .await
        .unwrap();
        let webhook: Uuid = sqlx::query_scalar(
            "INSERT INTO webhooks (id, name, form, topics, language, address, host, created_at, created_by)
             SELECT gen_random_uuid(), 'Chat', 'slack', '{decisions}', 'en', '', 'chat.example.org', now(), id
             FROM users LIMIT 1 RETURNING id",
        )
        .fetch_one(&launch.app.owner)
        .await
        .unwrap();
        let message: Uuid = sqlx::query_scalar(
            "INSERT INTO webhook_deliveries (id, webhook_id, made_at, dead_at, attempts, error)
             VALUES (gen_random_uuid(), $1, now(), now(), 12, 'the answer was 500') RETURNING id",
        )
        .bind(webhook)
        .fetch_one(&launch.app.owner)
        .await
        .unwrap();
        let notification: Uuid = sqlx::query_scalar(
            "INSERT INTO notifications (id, user_id, launch_id, reason, must_act, things, at)
             VALUES (gen_random_uuid(), $1, $2, 'held', false, 1, now()) RETURNING id",
        )
        .bind(admin.person.id)
        .bind(launch.id)
        .fetch_one(&launch.app.owner)
        .await
        .unwrap();
        let ids = vec![
            ("/admin/webhooks/", webhook.to_string()),
            ("/admin/webhooks/deliveries/", message.to_string()),
            ("/calendars/", "nothing".to_owned()),
            ("/unsubscribe/", "nothing".to_owned()),
            ("/launches/", launch.id.to_string()),
            ("/items/", item.to_string()),
            ("/evidence/", evidence.to_string()),
            ("/waivers/", waiver.to_string()),
            ("/comments/", comment.to_string()),
            ("/evidence-requests/", request.to_string()),
            ("/signatures/", signature.to_string()),
            ("/checklists/", checklist.to_string()),
            ("/draft/parts/", part.id.to_string()),
            ("/draft/sections/", part.sections[0].id.to_string()),
            ("/draft/items/", part.sections[0].items[0].id.to_string()),
            ("/draft/removals/", "1".to_owned()),
            ("/admin/invitations/", invitation.to_string()),
            ("/admin/people/", launch.member.person.id.to_string()),
            ("/admin/renewals/", renewal.to_string()),
            ("/saved-filters/", filter.to_string()),
            ("/notifications/", notification.to_string()),
            // Numbers of versions and events; and tokens that only their owner knows, which nobody has here.
            ("/versions/", "1".to_owned()),
            ("/history/", "1".to_owned()),
            ("/as-of/", "1".to_owned()),
            ("/audit/rights/", launch.member.person.id.to_string()),
            ("/events/", "1".to_owned()),
            ("/help/", "owner".to_owned()),
            ("/account/address/", "nothing".to_owned()),
            ("/admin/operations/jobs/", job.to_string()),
            ("/admin/address-changes/", address_change.to_string()),
            ("/account/sessions/", "0".repeat(64)),
            ("/setup/", "nothing".to_owned()),
            ("/invitations/", "nothing".to_owned()),
            ("/password-resets/", "nothing".to_owned()),
            ("/assets/", "x".to_owned()),
            ("/assets/x/", "app.css".to_owned()),
        ];
        Self { launch, admin, ids }
    }

    /// The id that follows this beginning of an address: `id("/checklists/")`.
    pub(crate) fn id(&self, beginning: &str) -> String {
        self.ids.iter().find(|(known, _)| *known == beginning).unwrap().1.clone()
    }

    /// The address of a route, filled in with existing ids; the part of this index, counted from 0, can be replaced.
    pub(crate) fn address(&self, route: &Route, other: Option<(usize, &str)>) -> String {
        let (mut address, mut rest, mut part) = (String::new(), route.path, 0);
        while let Some((before, after)) = rest.split_once('{') {
            let (_, after) = after.split_once('}').unwrap();
            address.push_str(before);
            let known = self.ids.iter().filter(|(beginning, _)| address.ends_with(beginning));
            let id = known.max_by_key(|(beginning, _)| beginning.len()).map(|(_, id)| id.as_str());
            let id = id.unwrap_or_else(|| panic!("{}: what stands after {address}?", route.path));
            address.push_str(other.filter(|(at, _)| *at == part).map_or(id, |(_, other)| other));
            (rest, part) = (after, part + 1);
        }
        address + rest
    }

    /// A person with access to a route, if there is one for it.
    pub(crate) fn entitled_client(&self, route: &Route) -> &Client {
        if matches!(route.right, Right::Launch(_)) { &self.launch.owner } else { &self.admin }
    }
}
