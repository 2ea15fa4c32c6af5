//! A form that is sent again without a change adds no event, and gets the same answer as the first time.

use scraper::{ElementRef, Selector};
use signoff::{app, domain::launch::event::ItemState, web::route::Right};

use crate::helpers::{
    TestApp,
    client::{Answer, Client},
    installation::Installation,
    launch::Launch,
    member,
    people::PASSWORD,
};

type Fields = Vec<(String, String)>;

/// The sender of a form, its address and its fields.
type Sent<'a> = (&'a Client, String, Vec<(&'a str, &'a str)>);

/// The traces of any change: the number of events in histories and, without refusals, in the audit log, and the
/// checklist drafts with their version numbers.
async fn recorded(app: &TestApp) -> (i64, i64, String) {
    app.wait_for_background_work().await;
    sqlx::query_as(
        "SELECT (SELECT count(*) FROM events),
            (SELECT count(*) FROM installation_events WHERE right(kind, 8) <> '_refused'),
            (SELECT concat(
                (SELECT string_agg(draft_version::text, ',' ORDER BY id) FROM checklists), ' ',
                (SELECT string_agg(md5(content) || edited_at, ',' ORDER BY checklist_id) FROM checklist_drafts)))",
    )
    .fetch_one(&app.owner)
    .await
    .unwrap()
}

fn select<'a>(element: ElementRef<'a>, selector: &str) -> Vec<ElementRef<'a>> {
    element.select(&Selector::parse(selector).unwrap()).collect()
}

/// The fields that a browser sends of an untouched form.
fn fields(form: ElementRef<'_>) -> Fields {
    let mut fields = Vec::new();
    for field in select(form, "[name]") {
        let (tag, kind) = (field.value().name(), field.attr("type").unwrap_or("text"));
        let name = field.attr("name").unwrap().to_owned();
        let value = match (tag, kind) {
            ("button", _) | ("input", "file" | "submit") => continue,
            ("input", "checkbox" | "radio") if field.attr("checked").is_none() => continue,
            ("input", "checkbox" | "radio") => field.attr("value").unwrap_or("on").to_owned(),
            ("textarea", _) => field.text().collect::<String>(),
            ("select", _) => {
                let chosen = select(field, "option[selected]").first().copied();
                let chosen = chosen.or_else(|| select(field, "option").first().copied());
                let value = chosen.map(|option| option.attr("value").unwrap_or_default().to_owned());
                let Some(value) = value else { continue };
                value
            }
            _ => field.attr("value").unwrap_or_default().to_owned(),
        };
        fields.push((name, value));
    }
    fields
}

/// Sends every form of a page with this action unchanged, and returns their number.
async fn send_unchanged(client: &Client, page: &Answer, action: &str) -> usize {
    let forms: Vec<Fields> = {
        let html = page.html();
        let forms = select(html.root_element(), "form[method=post]");
        forms.into_iter().filter(|form| form.attr("action") == Some(action)).map(fields).collect()
    };
    for form in &forms {
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = client.post(action, &form).await;
        assert_eq!(answer.status.as_u16(), 303, "{action} {form:?}: {}", answer.body);
    }
    forms.len()
}

#[tokio::test]
async fn form_sent_as_its_page_has_it_is_no_event() {
    let installation = Installation::of(Launch::ledger().make().await).await;
    let (launch, admin) = (&installation.launch, &installation.admin);
    let at = |rest: &str| format!("/launches/{}{rest}", launch.id);
    let (draft, person) = (format!("/checklists/{}/draft", installation.id("/checklists/")), launch.member.person.id);
    let section = format!("{draft}/sections/{}", installation.id("/draft/sections/"));
    let item = format!("{draft}/items/{}", installation.id("/draft/items/"));
    let part = format!("{draft}/parts/{}/title", installation.id("/draft/parts/"));
    // Texts of several lines, with whitespace around them.
    let notes = "First line.\r\n\r\n  - second\r\n";
    launch.member.post(&at("/notes"), &[("notes", notes)]).await.expect_status(303);
    let details = [("name", "Ledger"), ("summary", "Two\r\nlines"), ("target", "2099-01-01T09:00"), ("zone", "UTC")];
    launch.owner.post(&at("/details"), &details).await.expect_status(303);
    let assignment = [("assignee", &*launch.member.person.id.to_string()), ("due", "2098-01-01")];
    launch.member.post(&launch.item_path("required", "/assignment"), &assignment).await.expect_status(303);

    for (client, page, action) in [
        (&launch.owner, at("/settings"), at("/details")),
        (&launch.owner, at("/settings"), at("/policy")),
        (&launch.member, at(""), at("/notes")),
        (&launch.member, launch.item_path("required", ""), launch.item_path("required", "/assignment")),
        (&launch.member, launch.item_path("required", ""), format!("/comments/{}", installation.id("/comments/"))),
        (&launch.member, "/account".to_owned(), "/account/zone".to_owned()),
        (admin, "/admin".to_owned(), format!("/admin/people/{person}/roles")),
        (admin, "/admin/security".to_owned(), "/admin/security/policy".to_owned()),
    ] {
        let shown = client.get(&page).await.expect_status(200);
        let before = recorded(&launch.app).await;
        assert_ne!(send_unchanged(client, &shown, &action).await, 0, "{page} has {action}: {}", shown.body);
        assert_eq!(recorded(&launch.app).await, before, "{action}");
    }
    // Without a draft, none is begun; an existing draft does not change.
    for edited in [false, true] {
        if edited {
            let title = [("title", "Foundations"), ("version", "0")];
            admin.post(&format!("{section}/title"), &title).await.expect_status(303);
        }
        for (page, action) in [
            (draft.clone(), format!("{draft}/about")),
            (format!("{draft}?open={}", installation.id("/draft/parts/")), part.clone()),
            (format!("{draft}?open={}", installation.id("/draft/sections/")), format!("{section}/title")),
            (format!("{draft}?open={}", installation.id("/draft/items/")), item.clone()),
        ] {
            let shown = admin.get(&page).await.expect_status(200);
            let before = recorded(&launch.app).await;
            assert_ne!(send_unchanged(admin, &shown, &action).await, 0, "{page} has {action}: {}", shown.body);
            assert_eq!(recorded(&launch.app).await, before, "{action}, edited: {edited}");
        }
    }
}

#[tokio::test]
async fn form_sent_twice_is_one_event_at_most_and_the_same_answer() {
    let installation = Installation::of(Launch::ledger().make().await).await;
    let (launch, admin) = (&installation.launch, &installation.admin);
    let at = |rest: &str| format!("/launches/{}{rest}", launch.id);
    let comment = installation.id("/comments/");
    let checklist = installation.id("/checklists/");
    let gone = launch.app.person(&member().named("Gus Gone")).await.id;
    let (mia, chosen) = (launch.member.person.id.to_string(), format!("{}.1", launch.item("advisory")));
    let text = |name: &'static str| (name, "First.\r\n\r\n  Second. ");
    let holder = |action: &'static str| vec![("role", "security"), ("user", &*mia), ("action", action)];
    let participant = |action: &'static str| vec![("user", &*mia), ("action", action)];
    let forms: Vec<Sent<'_>> = vec![
        (
            &launch.member,
            launch.item_path("critical", "/state"),
            vec![("state", "not_applicable"), text("reason"), ("version", "1")],
        ),
        (&launch.security, launch.item_path("critical", "/agreement"), vec![("verdict", "refuse"), text("reason")]),
        (&launch.security, launch.item_path("critical", "/agreement"), vec![("verdict", "agree"), text("reason")]),
        (&launch.member, launch.item_path("required", "/assignment"), vec![("assignee", &*mia), ("due", "2098-01-01")]),
        (&launch.member, at("/items"), vec![("act", "done"), ("item", &*chosen)]),
        (&launch.member, at("/items"), vec![("act", "assign"), ("assignee", &*mia), ("item", &*chosen)]),
        (&launch.member, at("/items"), vec![("act", "due"), ("due", "2098-01-01"), ("item", &*chosen)]),
        (&launch.member, format!("/comments/{comment}"), vec![text("body")]),
        (&launch.owner, format!("/comments/{comment}/hiding"), vec![("hidden", "yes")]),
        (&launch.owner, format!("/comments/{comment}/hiding"), vec![("hidden", "no")]),
        (&launch.member, at("/notes"), vec![text("notes")]),
        (
            &launch.owner,
            at("/details"),
            vec![("name", " Ledger 2 "), text("summary"), ("target", "2098-01-01T09:00"), ("zone", "UTC")],
        ),
        (&launch.owner, at("/policy"), vec![("slip_days", "3"), ("separation_of_duties", "on")]),
        (&launch.owner, at("/restriction"), vec![("restricted", "on")]),
        (&launch.owner, at("/restriction"), vec![("restricted", "off")]),
        (&launch.owner, at("/holders"), holder("add")),
        (&launch.owner, at("/holders"), holder("remove")),
        (&launch.owner, at("/participants"), participant("add")),
        (&launch.owner, at("/participants"), participant("remove")),
        (admin, at("/owner"), vec![("owner", &*mia), ("reason", "She knows it best.")]),
        (&launch.member, "/account/zone".to_owned(), vec![("zone", "Europe/Lisbon")]),
        (admin, format!("/admin/people/{gone}/roles"), vec![("roles", "member"), ("roles", "admin")]),
        (admin, format!("/admin/people/{gone}/deactivation"), vec![]),
        (admin, format!("/admin/people/{gone}/reactivation"), vec![]),
        (admin, "/admin/security/policy".to_owned(), vec![("second_factor", "optional")]),
        (admin, format!("/checklists/{checklist}/archive"), vec![("archived", "on")]),
        (admin, format!("/checklists/{checklist}/archive"), vec![("archived", "off")]),
    ];
    for (client, path, form) in forms {
        let first = client.post(&path, &form).await.expect_status(303);
        let before = recorded(&launch.app).await;
        let again = client.post(&path, &form).await;
        assert_eq!(
            (again.status, again.header("location")),
            (first.status, first.location()),
            "{path}: {}",
            again.body
        );
        assert_eq!(recorded(&launch.app).await, before, "{path} {form:?}");
    }
    // A signature from an old page without an idempotency key.
    let json: serde_json::Value =
        serde_json::from_str(&launch.security.get(&at("/readiness.json")).await.expect_status(200).body).unwrap();
    let digest = json["digest"]["security"].as_str().unwrap();
    let form =
        [("role", "security"), ("verdict", "no_go"), ("comment", "Wait."), ("digest", digest), ("password", PASSWORD)];
    launch.security.post(&at("/signatures"), &form).await.expect_status(303);
    let before = recorded(&launch.app).await;
    launch.security.post(&at("/signatures"), &form).await.expect_status(303);
    assert_eq!(recorded(&launch.app).await, before);
    assert_eq!(launch.item_state("critical").await.status.state, ItemState::NotApplicable);
}

/// Actions of a single button, without fields.
const WITHOUT_FIELDS: [&str; 34] = [
    "/logout",
    "/account/address/{token}",
    "/account/calendar",
    "/account/calendar/removal",
    "/account/renewals/acknowledgement",
    "/account/sessions/revocation",
    "/account/sessions/{key}/revocation",
    "/admin/address-changes/{id}/confirmation",
    "/admin/invitations/{id}/link",
    "/admin/invitations/{id}/withdrawal",
    "/admin/operations/jobs/{id}/removal",
    "/admin/operations/jobs/{id}/retry",
    "/admin/operations/verification",
    "/admin/people/{id}/deactivation",
    "/admin/people/{id}/reactivation",
    "/admin/people/{id}/sessions/revocation",
    "/admin/people/{id}/password-reset",
    "/admin/people/{id}/second-factor/removal",
    "/admin/renewals/{id}/confirmation",
    "/admin/webhooks/deliveries/{id}/retry",
    "/admin/webhooks/{id}/removal",
    "/admin/webhooks/{id}/test",
    "/checklists/{id}/draft",
    "/checklists/{id}/draft/discard",
    "/comments/{id}/deletion",
    "/launches/{id}/events/{seq}/undo",
    "/desk/visit",
    "/launches/{id}/reminders",
    "/launches/{id}/signature-requests",
    "/notifications/read",
    "/notifications/{id}/open",
    "/notifications/{id}/read",
    "/notifications/{id}/unread",
    "/saved-filters/{id}/removal",
];

/// A form without its required fields, or with other fields, is refused and never read with default values.
#[tokio::test]
async fn form_without_its_fields_is_refused_and_changes_nothing() {
    let installation = Installation::of(Launch::ledger().make().await).await;
    let restriction = format!("/launches/{}/restriction", installation.launch.id);
    installation.launch.owner.post(&restriction, &[("restricted", "on")]).await.expect_status(303);
    let app = &installation.launch.app;
    let (launch, admin) = (&installation.launch, &installation.admin);
    let (mut tried, mut taken) = (0, Vec::new());
    for route in app::routes().iter().filter(|route| route.changes && !WITHOUT_FIELDS.contains(&route.path)) {
        let address = installation.address(route, None);
        let clients = match route.right {
            Right::Launch(_) => vec![&launch.owner, &launch.security, &launch.operations, &launch.member],
            Right::Public => vec![&launch.anon],
            _ => vec![admin, &launch.owner],
        };
        let before = recorded(app).await;
        for client in clients {
            for form in [
                &[][..],
                &[("unknown", "yes"), ("Restricted", "off"), ("constructor", "x"), ("[]", "x"), ("", "")],
                &[("next", "/"), ("once", "00000000-0000-4000-8000-00000000000a"), ("seq", "1"), ("version", "0")],
            ] {
                let answer = client.post(&address, form).await;
                let status = answer.status.as_u16();
                // Without a pending sign-in, the answer redirects to the login page.
                let led = status == 303 && answer.header("location") == "/login";
                if !led && !matches!(status, 400..=499) {
                    taken.push(format!("{address} {form:?}: {status} {}", answer.header("location")));
                }
            }
        }
        if recorded(app).await != before {
            taken.push(format!("{address} left something"));
        }
        tried += 1;
    }
    assert!(taken.is_empty(), "{taken:#?}");
    assert!(tried > 45, "{tried}");
    assert!(launch.state().await.restricted);
}
