//! People who try to pass for others, or to give a reason that nobody can read.

use signoff::{accounts, domain::text::Email};

use crate::helpers::{
    Launch, TestApp, admin,
    client::{Answer, Client},
    member,
    people::PASSWORD,
};

/// Texts without any visible character.
const BLANK: [&str; 10] = [
    "\u{200b}",
    "\u{2060}",
    "\u{ad}",
    "\u{200f}",
    "\u{2800}",
    "\u{fffc}",
    "\u{3164}",
    "\u{fe0f}",
    "\u{e0041}\u{e007f}",
    " \u{a0}\u{200b}\u{301} ",
];

async fn invite(client: &Client, name: &str, email: &str) -> Answer {
    client.post("/admin/invitations", &[("name", name), ("email", email), ("roles", "member")]).await
}

/// Like [`invite`], by an admin who confirms what the form asks.
async fn invite_anyway(client: &Client, name: &str, email: &str) -> Answer {
    let confirmed = format!("{name} <{}>", email.to_lowercase());
    let fields = [("name", name), ("email", email), ("roles", "member"), ("confirmed", &confirmed)];
    client.post("/admin/invitations", &fields).await
}

/// Invites somebody, who accepts the invitation under a name of their own.
async fn join(app: &TestApp, client: &Client, (invited_as, email): (&str, &str), name: &str) -> Answer {
    let answer = invite_anyway(client, invited_as, email).await.expect_status(303);
    let page = client.get(answer.location()).await.expect_status(200);
    let link = page.attribute("#f-link", "value").unwrap();
    let path = link.split_once("/invitations/").unwrap().1;
    app.client().post(&format!("/invitations/{path}"), &[("name", name), ("password", PASSWORD)]).await
}

async fn names(app: &TestApp) -> Vec<String> {
    sqlx::query_scalar("SELECT name FROM users ORDER BY created_at, id").fetch_all(&app.owner).await.unwrap()
}

#[tokio::test]
async fn invitation_accepted_under_another_persons_name_is_refused() {
    let app = TestApp::start().await;
    let client = app.sign_in(admin()).await;
    app.person(&member().named("Jonas Reyes")).await;
    for (n, name) in [
        "Jonas Reyes",
        "jonas reyes",
        "Jonas-Reyes",
        "Jon\u{430}s Reyes",
        "Jon\u{200b}as Reyes",
        "Jonas Reyes\u{3164}",
        "Jonas Reyes\u{e0041}",
        "J0nas Reyes",
        "Jonas R\u{435}y\u{435}s",
        "\u{ff2a}onas Reyes",
        "Jonas\u{336} Reyes",
        "Jonas Reye\u{455}",
        "JONAS  REYES.",
        "Jonas Reyes (Tech lead, approved ✓)",
        "\u{3164}",
    ]
    .into_iter()
    .enumerate()
    {
        let email = format!("ivan{n}@example.org");
        let page = join(&app, &client, ("Ivan Petrov", &email), name).await.expect_status(422);
        assert_eq!(page.texts(".field .error").len(), 1, "{name:?}");
        assert_eq!(page.attribute("#f-name", "value").as_deref(), Some(name), "what was typed stays");
    }
    assert_eq!(names(&app).await, ["Ann Admin", "Jonas Reyes"]);
    // The same invitations work under the name that the admin entered, or under one that resembles nobody's.
    join(&app, &client, ("Ivan Petrov", "ivan20@example.org"), "Ivan Petrov").await.expect_status(303);
    assert_eq!(names(&app).await, ["Ann Admin", "Jonas Reyes", "Ivan Petrov"]);
}

#[tokio::test]
async fn invitation_refused_for_its_name_stays_open() {
    let app = TestApp::start().await;
    let client = app.sign_in(admin()).await;
    app.person(&member().named("Jonas Reyes")).await;
    let answer = invite(&client, "Ivan Petrov", "ivan@example.org").await.expect_status(303);
    let link = client.get(answer.location()).await.expect_status(200).attribute("#f-link", "value").unwrap();
    let path = format!("/invitations/{}", link.split_once("/invitations/").unwrap().1);
    app.client().post(&path, &[("name", "Jonas Reyes"), ("password", PASSWORD)]).await.expect_status(422);
    app.client().post(&path, &[("name", "Ivan Petrov"), ("password", PASSWORD)]).await.expect_status(303);
}

#[tokio::test]
async fn invitation_to_a_namesake_needs_confirmation_and_shows_the_address() {
    let app = TestApp::start().await;
    let client = app.sign_in(admin()).await;
    let first = app.person(&member().named("Jonas Reyes")).await;
    let page = invite(&client, "Jonas Reyes", "j.reyes@example.org").await.expect_status(422);
    let shown = page.texts(".choices .hint").concat();
    assert!(shown.contains(&first.email), "{shown}");
    assert_eq!(page.texts("#f-people")[0].trim(), "Jonas Reyes <j.reyes@example.org>");
    assert_eq!(page.texts("input[name=confirmed]").len(), 1);
    join(&app, &client, ("Jonas Reyes", "j.reyes@example.org"), "Jonas Reyes").await.expect_status(303);
    assert_eq!(names(&app).await, ["Ann Admin", "Jonas Reyes", "Jonas Reyes (j.reyes@example.org)"]);
    // A third one is shown with an address that distinguishes it from both.
    join(&app, &client, ("Jonas Reyes", "jr@example.org"), "Jonas  Reyes").await.expect_status(303);
    assert_eq!(names(&app).await.pop().as_deref(), Some("Jonas  Reyes (jr@example.org)"));
}

#[tokio::test]
async fn invitation_to_an_address_that_looks_like_another_is_confirmed() {
    let app = TestApp::start().await;
    let client = app.sign_in(admin()).await;
    sqlx::query("UPDATE users SET email = 'alan@example.org'").execute(&app.owner).await.unwrap();
    for email in ["a1an@example.org", "A1AN@Example.org", "alan@examp1e.org"] {
        let page = invite(&client, "Ivan Petrov", email).await.expect_status(422);
        let shown = page.texts(".choices .hint").concat();
        assert!(shown.contains("Ann Admin (alan@example.org)"), "{email}: {shown}");
        invite_anyway(&client, "Ivan Petrov", email).await.expect_status(303);
    }
    for email in
        ["\u{430}lan@example.org", "\u{ff41}lan@example.org", "al\u{200b}an@example.org", "alan@ex\u{430}mple.org"]
    {
        let page = invite_anyway(&client, "Ivan Petrov", email).await.expect_status(422);
        assert_eq!(page.texts(".list-problems > li").len(), 1, "{email}");
    }
}

#[tokio::test]
async fn people_in_select_lists_are_shown_with_their_addresses() {
    let launch = Launch::payments().make().await;
    let app = &launch.app;
    let email = "mia.other@example.org";
    sqlx::query(
        "INSERT INTO users (id, email, name, password_hash, roles, created_at)
         SELECT gen_random_uuid(), $1, name, password_hash, roles, now() FROM users WHERE id = $2",
    )
    .bind(email)
    .bind(launch.security.person.id)
    .execute(&app.owner)
    .await
    .unwrap();
    for (path, select) in [
        (launch.path("settings"), "select[name=user] option"),
        (format!("/items/{}", launch.item("backups")), "select[name=assignee] option"),
    ] {
        let options = launch.owner.get(&path).await.expect_status(200).texts(select);
        for address in [email, launch.security.person.email.as_str()] {
            assert!(options.iter().any(|option| option.contains(address)), "{path}: {options:?}");
        }
    }
}

#[tokio::test]
async fn mandatory_text_without_a_visible_character_is_empty() {
    let launch = Launch::payments().make().await;
    let client = &launch.security;
    let item = |key: &str, rest: &str| format!("/items/{}{rest}", launch.item(key));
    let before = super::count_events(&launch.app).await;
    for blank in BLANK {
        for (path, fields) in [
            (item("backups", "/state"), vec![("state", "not_applicable"), ("reason", blank), ("version", "1")]),
            (item("backups", "/state"), vec![("state", "blocked"), ("reason", blank), ("version", "1")]),
            (item("backups", "/comments"), vec![("body", blank)]),
            (
                item("runbook", "/waivers"),
                vec![("reason", blank), ("control", "By hand."), ("expires_on", "2099-06-01")],
            ),
            (
                item("runbook", "/waivers"),
                vec![("reason", "No time."), ("control", blank), ("expires_on", "2099-06-01")],
            ),
        ] {
            let page = client.post(&path, &fields).await;
            assert_eq!(page.status.as_u16(), 422, "{path} {blank:?}");
        }
        let fields = [("name", blank), ("target", "2099-06-01T10:00"), ("zone", "Etc/UTC")];
        assert_eq!(client.post("/launches", &fields).await.status.as_u16(), 422, "{blank:?}");
    }
    for rendered_empty in ["&#8203;", "&nbsp;", "[a]: https://example.org", "![x](https://example.org/x.png)"] {
        client.post(&item("backups", "/comments"), &[("body", rendered_empty)]).await.expect_status(422);
    }
    assert_eq!(super::count_events(&launch.app).await, before);
}

#[tokio::test]
async fn sign_in_with_an_address_in_another_normal_form_is_the_same_person() {
    let app = TestApp::start().await;
    let client = app.sign_in(admin()).await;
    join(&app, &client, ("Jose Alvarez", "JOSE\u{301}@example.org"), "José Álvarez").await.expect_status(303);
    for typed in ["jos\u{e9}@example.org", "jose\u{301}@example.org", "JOS\u{c9}@EXAMPLE.ORG"] {
        app.client().login(typed, PASSWORD).await.expect_status(303);
        invite(&client, "Other Name", typed).await.expect_status(422);
    }
    // The command line finds them, too.
    for typed in ["jos\u{e9}@example.org", "jose\u{301}@example.org", "JOSE\u{301}@EXAMPLE.ORG"] {
        accounts::make_reset_link(&app.state, &Email::new(typed).unwrap()).await.unwrap();
    }
    for disguised in ["j\u{43e}nas@example.org", "\u{ff41}na@example.org", "an\u{200b}a@example.org"] {
        let page = invite(&client, "Ana", disguised).await.expect_status(422);
        assert_eq!(page.texts(".list-problems > li").len(), 1, "{disguised:?}");
    }
}
