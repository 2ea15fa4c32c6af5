//! The security log as a page for admins and as lines for shipping; and that no log contains a secret.

use http::Method;
use serde_json::{Value, json};
use signoff::{
    ambient,
    domain::installation::InstallationEvent,
    jobs,
    record::installation_log::{self, AuditedTransaction},
};

use crate::helpers::{
    Setting, TestApp, admin, auditor, client::Client, log_capture::LogCapture, member, people::PASSWORD,
    second_factor::Authenticator, smtp::MailServer,
};

const PAGE: &str = "/admin/security";

#[tokio::test]
async fn security_log_shows_logins_refusals_and_right_changes() {
    let app = TestApp::start().await;
    let ann = app.person(&admin()).await;
    let client = app.session(&ann).await;
    assert!(client.get(PAGE).await.expect_status(200).body.contains("Nothing here"));
    let mia = app.person(&member()).await;
    app.client().login(&mia.email, "wrong").await.expect_status(422);
    app.wait_for_background_work().await;
    app.client().login("nobody@example.org", "wrong").await.expect_status(422);
    app.wait_for_background_work().await;
    let hers = app.client();
    hers.login(&mia.email, PASSWORD).await.expect_status(303);
    hers.post("/logout", &[]).await.expect_status(303);
    client.post(&format!("/admin/people/{}/roles", mia.id), &[("roles", "auditor")]).await.expect_status(303);
    client.post("/admin/security/policy", &[("second_factor", "leads_and_admins")]).await.expect_status(303);
    app.second_factor(&ann).await;
    client.post("/admin/security/policy", &[("second_factor", "leads_and_admins")]).await.expect_status(303);
    client.post("/admin/security/policy", &[("second_factor", "nonsense")]).await.expect_status(422);

    let page = client.get(PAGE).await.expect_status(200);
    assert_eq!(page.attribute("[name=second_factor][checked]", "value").as_deref(), Some("leads_and_admins"));
    let shown = page.texts(".log .what");
    assert_eq!(
        shown,
        [
            "Ann Admin made a second factor mandatory for leads and admins, which had been optional",
            "Ann Admin changed the roles of Mia Member Roles from Member to Auditor",
            "Mia Member signed out",
            "Mia Member signed in with their password",
            "Somebody gave a wrong password to sign in, for an account that does not exist Address 127.0.0.1",
            "Somebody gave a wrong password to sign in as Mia Member Address 127.0.0.1",
        ]
    );
    let kinds = async |query: &str| {
        client.get(&format!("{PAGE}{query}")).await.expect_status(200).attributes(".log li", "data-kind")
    };
    assert_eq!(kinds("?kind=refusals").await, ["proof_refused", "proof_refused"]);
    let of_mia = ["roles_changed", "signed_out", "signed_in", "proof_refused"];
    assert_eq!(kinds(&format!("?person={}", mia.id)).await, of_mia);
    assert_eq!(kinds(&format!("?kind=sign_ins&person={}", mia.id)).await, ["signed_out", "signed_in"]);
    assert_eq!(kinds(&format!("?kind=people&person={}", ann.id)).await, ["roles_changed"]);
    for nothing in ["?kind=launches", "?person=x", "?before=x", "?before=0", "?kind=%3Cb%3E"] {
        assert_eq!(kinds(nothing).await, Vec::<String>::new(), "{nothing}");
    }
    for who in [member().named("Otto Other"), auditor()] {
        app.sign_in(who).await.get(PAGE).await.expect_status(403);
    }
}

#[tokio::test]
async fn security_log_limits_entries_of_refused_requests() {
    let app = TestApp::start().await;
    let (admin, mia) = (app.sign_in(admin()).await, app.person(&member()).await);
    let hers = app.session(&mia).await;
    let rejections = async || app.installation_entries(&["request_refused", "requests_refused"]).await;
    hers.get(&format!("/admin/people?secret={PASSWORD}")).await.expect_status(404);
    hers.get(PAGE).await.expect_status(403);
    let first = rejections().await;
    assert_eq!(first[0]["actor"]["id"], mia.id.to_string());
    assert_eq!(
        first[0]["event"],
        json!({ "kind": "request_refused", "why": "not_allowed", "what": "GET /admin/security" })
    );
    let anyone = app.client();
    let sent = anyone.request(Method::POST, "/logout").header("sec-fetch-site", "cross-site");
    Client::send(sent).await.expect_status(403);
    let elsewhere = rejections().await.remove(1);
    assert_eq!(elsewhere["actor"], Value::Null);
    assert_eq!(elsewhere["event"]["why"], "from_elsewhere");
    Client::send(anyone.request(Method::GET, "/setup/x").header("host", "elsewhere.example")).await.expect_status(421);
    let misdirected = rejections().await.remove(2);
    assert_eq!(
        misdirected["event"],
        json!({ "kind": "request_refused", "why": "wrong_host", "what": "GET /setup/{token}" })
    );
    for _ in 0..10 {
        anyone.login(&mia.email, "wrong").await.expect_status(422);
    }
    anyone.login(&mia.email, "wrong").await.expect_status(429);
    assert_eq!(
        rejections().await[3]["event"],
        json!({ "kind": "request_refused", "why": "too_often", "what": "POST /login" })
    );
    // Ten are logged singly, then a count, separately for each person and reason.
    for _ in 0..24 {
        hers.post("/admin/invitations", &[]).await.expect_status(403);
    }
    let all = rejections().await;
    assert_eq!(all.len(), 14, "{all:#?}");
    let counted: Vec<_> = all[4..].iter().filter(|entry| entry["event"]["kind"] == "requests_refused").collect();
    assert_eq!(counted.len(), 1, "{all:#?}");
    assert_eq!(counted[0]["event"], json!({ "kind": "requests_refused", "why": "not_allowed", "count": 20 }));

    let page = admin.get(&format!("{PAGE}?kind=refusals&person={}", mia.id)).await.expect_status(200);
    let shown = page.texts(".log .what");
    assert!(
        shown.contains(&"Mia Member was denied access to GET /admin/security: they have no right to it".to_owned())
    );
    let counted = "Mia Member was denied access, 20 times within the hour: they have no right to it";
    assert!(shown.contains(&counted.to_owned()), "{shown:#?}");
    let page = admin.get(&format!("{PAGE}?kind=refusals")).await.expect_status(200);
    let nobodys = "Somebody was denied access to POST /logout: it was not sent from a page of this site";
    assert!(page.texts(".log .what").contains(&nobodys.to_owned()));
}

#[tokio::test]
async fn security_log_pages_show_each_entry_once() {
    let app = TestApp::start().await;
    let client = app.sign_in(admin()).await;
    for n in 0..60 {
        let name = format!("Ina {n}");
        let email = format!("ina{n}@example.org");
        let fields = [("name", name.as_str()), ("email", email.as_str()), ("roles", "member")];
        client.post("/admin/invitations", &fields).await.expect_status(303);
    }
    let first = client.get("/admin/security?kind=people").await.expect_status(200);
    let older = first.attribute("a[rel=next]", "href").unwrap();
    let second = client.get(&older).await.expect_status(200);
    assert_eq!((first.texts(".log li").len(), second.texts(".log li").len()), (50, 10));
    let mut all = first.attributes(".log li", "id");
    all.extend(second.attributes(".log li", "id"));
    all.dedup();
    assert_eq!(all.len(), 60);
    assert!(second.attribute("a[rel=next]", "href").is_none());
    assert_eq!(second.attribute("a[rel=prev]", "href").as_deref(), Some("/admin/security?kind=people"));
}

#[tokio::test]
async fn security_log_line_has_ids_and_no_names() {
    let heard = LogCapture::listen();
    let app = TestApp::start().await;
    let client = app.sign_in(admin()).await;
    let mia = app.person(&member()).await;
    app.client().login(&mia.email, "wrong").await.expect_status(422);
    // A refused sign-in is recorded after its answer.
    app.wait_for_background_work().await;
    client.post(&format!("/admin/people/{}/roles", mia.id), &[("roles", "auditor")]).await.expect_status(303);
    let lines = heard.of_target("security");
    assert_eq!(lines.len(), 2, "{lines:?}");
    for (line, expected) in [
        (&lines[0], ["kind=\"proof_refused\"", "detail=\"password at sign_in\"", "index=1"]),
        (&lines[1], ["kind=\"roles_changed\"", "detail=\"member to auditor\"", "index=2"]),
    ] {
        assert!(expected.iter().all(|part| line.contains(part)), "{line}");
        assert!(line.contains(&format!("subject=\"{}\"", mia.id)), "{line}");
        assert!(!line.contains("Mia") && !line.contains("Ann") && !line.contains('@'), "{line}");
    }
}

/// A line is about an entry that exists: none is written for one that was rolled back, whether on purpose or because its
/// commit failed.
#[tokio::test]
async fn security_log_has_no_line_about_an_entry_that_was_rolled_back() {
    let heard = LogCapture::listen();
    let app = TestApp::start().await;
    let mia = app.person(&member()).await;
    let append = async |transaction: &mut AuditedTransaction| {
        let event = InstallationEvent::SessionsEnded { user: mia.id };
        let at = app.state.clock.now();
        installation_log::append_event(transaction, None, &event, None, ambient::new_id(), at).await.unwrap();
    };
    let mut transaction = AuditedTransaction::begin(&app.state.db).await.unwrap();
    append(&mut transaction).await;
    drop(transaction);
    let mut transaction = AuditedTransaction::begin(&app.state.db).await.unwrap();
    append(&mut transaction).await;
    assert_eq!(heard.of_target("security"), Vec::<String>::new(), "not before the commit");
    transaction.commit().await.unwrap();
    let lines = heard.of_target("security");
    assert!(matches!(&lines[..], [line] if line.contains("index=1 ")), "{lines:?}");

    // The database refuses to commit.
    for statement in [
        "CREATE FUNCTION refuse_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$",
        "CREATE CONSTRAINT TRIGGER refuse_commit AFTER INSERT ON installation_events DEFERRABLE INITIALLY DEFERRED
         FOR EACH ROW EXECUTE FUNCTION refuse_commit()",
    ] {
        sqlx::query(statement).execute(&app.owner).await.unwrap();
    }
    app.client().login(&mia.email, PASSWORD).await.expect_status(500);
    assert_eq!(heard.of_target("security").len(), 1);
    sqlx::query("DROP TRIGGER refuse_commit ON installation_events").execute(&app.owner).await.unwrap();
    app.client().login(&mia.email, PASSWORD).await.expect_status(303);
    let lines = heard.of_target("security");
    assert!(lines.len() == 2 && lines[1].contains("kind=\"signed_in\"") && lines[1].contains("index=2 "), "{lines:?}");
}

/// Every form with a secret is sent once with right and once with wrong values; then the log and the database are
/// searched for each secret.
#[tokio::test]
async fn logs_and_stores_contain_no_plain_secret_or_address() {
    let heard = LogCapture::listen();
    let server = MailServer::start().await;
    let mut set = server.settings();
    let key = "7b".repeat(32);
    set.push(("SIGNOFF_SECRET_KEY", key.clone()));
    let app = TestApp::start_with(Setting { set, ..Setting::default() }).await;
    let mut secrets = vec![key];
    let mut tokens = Vec::new();
    let path_of = |link: &str| url::Url::parse(link).unwrap().path().to_owned();

    // The first admin, an invitation, a sign-in with wrong and right passwords.
    let setup = path_of(&signoff::accounts::setup_address(&app.state).await.unwrap().unwrap());
    let ann = app.client();
    let [first, hers, new] = ["granite-willow-kettle", "copper lantern orchard", "velvet harbour compass"];
    let form = [("name", "Ann Admin"), ("email", "ann@private.example"), ("password", first)];
    ann.post(&setup, &form).await.expect_status(303);
    let form = [("name", "Ina Invited"), ("email", "ina@private.example"), ("roles", "member")];
    ann.post("/admin/invitations", &form).await.expect_status(303);
    let invitation = path_of(&ann.get("/admin").await.attribute("#f-link", "value").unwrap());
    let ina = app.client();
    ina.post(&invitation, &[("name", "Ina Invited"), ("password", hers)]).await.expect_status(303);
    ina.post("/login", &[("email", "ina@private.example"), ("password", "a-wrong-guess-of-hers")]).await;
    tokens.extend([setup, invitation].map(|path| path.rsplit('/').next().unwrap().to_owned()));

    // A second factor, with wrong and right codes.
    let page = ina.get("/account/second-factor").await.expect_status(200);
    let sealed = page.attribute("[name=secret]", "value").unwrap();
    let shown = page.texts("[data-secret]")[0].clone();
    let phone = Authenticator::from_secret(&shown);
    let code = phone.code(&app);
    let form = [("secret", sealed.as_str()), ("password", hers), ("code", code.as_str())];
    let codes = ina.post("/account/second-factor", &form).await.expect_status(200).texts(".recovery-codes li");
    ina.post("/logout", &[]).await.expect_status(303);
    ina.login("ina@private.example", hers).await.expect_status(303);
    tokens.push(ina.cookie("signoff-half").unwrap());
    ina.post("/login/code", &[("code", "wrong-code-of-hers")]).await.expect_status(422);
    let next = phone.next_code(&app);
    ina.post("/login/code", &[("code", &next)]).await.expect_status(303);
    tokens.extend([ina.cookie("signoff").unwrap(), ina.cookie("signoff-browser").unwrap()]);
    let form = [("password", hers), ("code", codes[0].as_str()), ("new_password", new)];
    ina.post("/account/password", &form).await.expect_status(303);
    tokens.push(ina.cookie("signoff").unwrap());

    // A forgotten password, by mail and by an admin's link; a mail server that rejects the mail and repeats an address.
    app.client().post("/forgotten-password", &[("email", "ina@private.example")]).await.expect_status(303);
    app.wait_for_background_work().await;
    server.reject(1);
    jobs::send_due_mails(&app.state).await.unwrap();
    app.state.clock.advance(120);
    jobs::send_due_mails(&app.state).await.unwrap();
    let letters = server.take_letters();
    let letter = letters.iter().find(|letter| letter.text().contains("/password-resets/")).unwrap();
    let by_mail = letter.link();
    let wrong = app.client().get(&format!("{by_mail}x")).await;
    assert_eq!(wrong.status, 404);
    app.client().post(&by_mail, &[("password", "amber staircase violin")]).await.expect_status(303);
    tokens.push(by_mail.rsplit('/').next().unwrap().to_owned());
    tokens.push(ann.cookie("signoff").unwrap());

    secrets.extend(
        [first, hers, new, "amber staircase violin", "a-wrong-guess-of-hers", "wrong-code-of-hers"].map(str::to_owned),
    );
    secrets.extend([sealed, shown.clone(), shown.replace(' ', ""), hex::encode(phone.secret.as_bytes())]);
    secrets.extend(codes.iter().flat_map(|code| [code.clone(), code.replace('-', "")]));
    secrets.extend(tokens);
    assert!(secrets.len() > 35 && secrets.iter().all(|secret| secret.len() >= 16));
    let log = heard.all();
    assert!(log.contains("a mail could not be sent") && log.contains("signed_in"), "the log was heard: {log}");
    for secret in secrets.iter().map(String::as_str).chain(["private.example", "Ina Invited"]) {
        assert!(!log.contains(secret), "the log holds {secret}: {log}");
    }
    // Six digits may occur in a longer number by chance; as a separate word they are a code.
    for code in [&code, &next] {
        let words = log.split(|c: char| !c.is_ascii_alphanumeric());
        assert!(words.into_iter().all(|word| word != code), "the log holds {code}");
    }
    let stored = dump_stored_data(&app).await;
    assert!(stored.contains("ina@private.example"), "the database was searched");
    for secret in &secrets {
        let bytes = hex::encode(secret);
        assert!(!stored.contains(secret.as_str()) && !stored.contains(&bytes), "the database holds {secret}");
    }
}

/// All rows of all tables, as text.
async fn dump_stored_data(app: &TestApp) -> String {
    let tables: Vec<String> = sqlx::query_scalar("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
        .fetch_all(&app.owner)
        .await
        .unwrap();
    let mut all = String::new();
    for table in tables {
        let query = sqlx::AssertSqlSafe(format!("SELECT coalesce(string_agg(t::text, E'\\n'), '') FROM {table} t"));
        all += &sqlx::query_scalar::<_, String>(query).fetch_one(&app.owner).await.unwrap();
    }
    all
}
