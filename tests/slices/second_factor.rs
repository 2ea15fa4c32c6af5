//! The second factor: setup, at sign-in and at signing, single use of codes, requirement, removal.

use reqwest::Method;
use signoff::{access::second_factor, domain::launch::event::ProofMethod, encryption::EncryptionKey};

use crate::helpers::{
    Launch, Person, TestApp, admin,
    client::{Answer, Client},
    member,
    people::PASSWORD,
    second_factor::Authenticator,
};

const PAGE: &str = "/account/second-factor";

/// Enters the password on the login page; the page that asks for the code is open then.
async fn log_in_without_code(app: &TestApp, person: &Person) -> Client {
    let client = app.client();
    assert_eq!(client.login(&person.email, PASSWORD).await.location(), "/login/code");
    client
}

async fn submit_code(client: &Client, code: &str) -> Answer {
    client.post("/login/code", &[("code", code)]).await
}

/// The new secret in the page's form.
fn read_setup_page(page: &Answer) -> (String, Authenticator) {
    let sealed = page.attribute("[name=secret]", "value").unwrap();
    (sealed, Authenticator::from_secret(&page.texts("[data-secret]")[0]))
}

async fn set_up(client: &Client, sealed: &str, password: &str, code: &str) -> Answer {
    client.post(PAGE, &[("secret", sealed), ("password", password), ("code", code)]).await
}

#[tokio::test]
async fn second_factor_setup_needs_a_code_and_the_password() {
    let app = TestApp::start().await;
    let person = app.person(&member()).await;
    let (here, elsewhere) = (app.session(&person).await, app.session(&person).await);
    let (sealed, app_on_phone) = read_setup_page(&here.get(PAGE).await.expect_status(200));
    assert_ne!(read_setup_page(&here.get(PAGE).await).0, sealed, "each look draws another");

    let code = app_on_phone.code(&app);
    let wrong = set_up(&here, &sealed, PASSWORD, "000000").await.expect_status(422);
    assert_eq!(wrong.texts(".field .error").len(), 1);
    assert_eq!(
        read_setup_page(&wrong).1.secret.to_base32_groups(),
        app_on_phone.secret.to_base32_groups(),
        "the app has it already"
    );
    let wrong = set_up(&here, &sealed, "wrong", &code).await.expect_status(422);
    assert_eq!(wrong.texts(".field .error"), ["This is not your password."]);
    // A secret made for somebody else, or not by the server, is refused.
    let other = app.sign_in(member().named("Otto Other")).await;
    for strange in [read_setup_page(&other.get(PAGE).await).0.as_str(), "", "AAAA", "%00"] {
        set_up(&here, strange, PASSWORD, &code).await.expect_status(422);
    }
    assert!(here.get("/account").await.body.contains("Set up a second factor"));

    let before = here.cookie("signoff");
    let done = set_up(&here, &sealed, PASSWORD, &format!(" {} {}", &code[..3], &code[3..])).await.expect_status(200);
    let codes = done.texts(".recovery-codes li");
    assert_eq!(codes.len(), 10);
    assert!(codes.iter().all(|code| code.len() == 29), "{codes:?}");
    assert_ne!(here.cookie("signoff"), before, "a session of its own");
    here.get("/account").await.expect_status(200);
    elsewhere.get("/account").await.expect_status(303);
    assert_eq!(here.get(PAGE).await.texts("[data-left]"), ["10"]);
    set_up(&here, &sealed, PASSWORD, &app_on_phone.next_code(&app)).await.expect_status(409);
    assert_eq!(app.installation_log().await, ["proof_refused", "second_factor_set_up"]);

    // Neither secret nor code is stored in plain text.
    let stored: Vec<u8> = sqlx::query_scalar("SELECT secret FROM second_factors").fetch_one(&app.owner).await.unwrap();
    assert!(!stored.windows(20).any(|part| part == app_on_phone.secret.as_bytes()));
    let hashes: Vec<Vec<u8>> =
        sqlx::query_scalar("SELECT code_hash FROM recovery_codes").fetch_all(&app.owner).await.unwrap();
    assert_eq!(hashes.len(), 10);

    // The code that confirmed it cannot be used to sign in as well.
    app.state.clock.advance(-30);
    submit_code(&log_in_without_code(&app, &person).await, &code).await.expect_status(422);
}

#[tokio::test]
async fn second_factor_setup_with_an_expired_secret_is_refused() {
    let app = TestApp::start().await;
    let client = app.sign_in(member()).await;
    let (sealed, old) = read_setup_page(&client.get(PAGE).await);
    app.state.clock.advance(3_600);
    let again = set_up(&client, &sealed, PASSWORD, &old.code(&app)).await.expect_status(422);
    assert!(again.texts(".problem")[0].contains("open for too long"));
    assert_ne!(read_setup_page(&again).0, sealed);
}

#[tokio::test]
async fn login_with_second_factor_needs_password_and_code() {
    let app = TestApp::start().await;
    let person = app.person(&member()).await;
    let phone = app.second_factor(&person).await;
    let client = app.client();
    let fields = [("email", person.email.as_str()), ("password", PASSWORD), ("next", "/launches")];
    assert_eq!(client.post("/login", &fields).await.location(), "/login/code");
    // A pending sign-in is not a session, whatever the cookie is called.
    client.get("/account").await.expect_status(303);
    client.set_cookie("signoff", &client.cookie("signoff-half").unwrap());
    client.get("/account").await.expect_status(303);
    client.get("/login/code").await.expect_status(200);
    for wrong in ["", "000000", "abcdefghijklmnop", "\u{661}23456"] {
        assert_eq!(submit_code(&client, wrong).await.expect_status(422).texts(".field .error").len(), 1, "{wrong}");
    }
    let code = phone.next_code(&app);
    assert_eq!(submit_code(&client, &code).await.location(), "/launches");
    client.get("/account").await.expect_status(200);
    assert_eq!(client.cookie("signoff-half"), None);
    assert_eq!(submit_code(&client, &code).await.location(), "/login", "nobody is half way in any more");

    // Password and code in one request, as programs send them; a wrong code leads to the page that asks for it.
    let both = |code: String| {
        let (client, email) = (app.client(), person.email.clone());
        async move {
            let answer = client.post("/login", &[("email", &email), ("password", PASSWORD), ("code", &code)]).await;
            (client, answer)
        }
    };
    both(phone.next_code(&app)).await.1.expect_status(303);
    let (client, wrong) = both("000000".to_owned()).await;
    assert_eq!(wrong.expect_status(422).attribute("form[action]", "action").as_deref(), Some("/login/code"));
    submit_code(&client, &phone.recovery[0].to_uppercase()).await.expect_status(303);
    let mut logged = vec!["proof_refused"; 4];
    logged.extend(["signed_in", "signed_in", "proof_refused", "signed_in"]);
    assert_eq!(app.installation_log().await, logged);
    let methods: Vec<String> = sqlx::query_scalar(
        "SELECT convert_from(bytes, 'UTF8')::jsonb #>> '{event,method}' FROM installation_events
         WHERE kind = 'signed_in' ORDER BY index",
    )
    .fetch_all(&app.owner)
    .await
    .unwrap();
    assert_eq!(methods, ["password_and_totp", "password_and_totp", "password_and_recovery_code"]);
}

#[tokio::test]
async fn wrong_password_answers_alike_with_and_without_second_factor() {
    let app = TestApp::start().await;
    let (with, without) = (app.person(&member()).await, app.person(&member().named("Otto Other")).await);
    app.second_factor(&with).await;
    let mut answers = Vec::new();
    for email in [with.email.as_str(), without.email.as_str(), "nobody@example.org"] {
        let answer = app.client().post("/login", &[("email", email), ("password", "wrong"), ("code", "123456")]).await;
        answers.push(answer.expect_status(422).body.replace(email, ""));
    }
    assert!(answers.windows(2).all(|two| two[0] == two[1]));
}

#[tokio::test]
async fn pending_second_factor_login_ends_with_the_sessions() {
    let app = TestApp::start().await;
    let person = app.person(&member()).await;
    let phone = app.second_factor(&person).await;
    for change in [
        "UPDATE users SET session_epoch = session_epoch + 1",
        "UPDATE users SET credential_version = credential_version + 1",
        "UPDATE users SET active = false",
    ] {
        let client = log_in_without_code(&app, &person).await;
        sqlx::query(change).execute(&app.owner).await.unwrap();
        assert_eq!(submit_code(&client, &phone.next_code(&app)).await.location(), "/login", "{change}");
        client.get("/account").await.expect_status(303);
    }
    let stranger = app.client();
    stranger.set_cookie("signoff-half", &"A".repeat(43));
    assert_eq!(submit_code(&stranger, "123456").await.location(), "/login");
}

/// Sends the same code from several browsers at once; returns how many signed in.
async fn submit_codes_at_once(app: &TestApp, person: &Person, code: &str) -> usize {
    let mut clients = Vec::new();
    for _ in 0..4 {
        clients.push(log_in_without_code(app, person).await);
    }
    let tries = clients.iter().map(|client| submit_code(client, code));
    let answers = futures_util::future::join_all(tries).await;
    assert!(answers.iter().all(|answer| matches!(answer.status.as_u16(), 303 | 422)));
    answers.iter().filter(|answer| answer.status == 303).count()
}

#[tokio::test]
async fn second_factor_code_used_several_times_at_once_works_once() {
    let app = TestApp::start().await;
    let person = app.person(&member()).await;
    let phone = app.second_factor(&person).await;
    let code = phone.next_code(&app);
    assert_eq!(submit_codes_at_once(&app, &person, &code).await, 1, "a code of the app");
    assert_eq!(submit_codes_at_once(&app, &person, &code).await, 0, "and not again while it is shown");
    // Nor the previous one, which the tolerance for clock drift would still allow.
    let before = phone.code(&app);
    submit_code(&log_in_without_code(&app, &person).await, &phone.next_code(&app)).await.expect_status(303);
    submit_code(&log_in_without_code(&app, &person).await, &before).await.expect_status(422);
    // Wait, since this many wrong codes are rate limited.
    app.state.clock.advance(3_600);
    assert_eq!(submit_codes_at_once(&app, &person, &phone.recovery[3]).await, 1, "a recovery code");
    assert_eq!(submit_codes_at_once(&app, &person, &phone.recovery[3]).await, 0);
    app.state.clock.advance(3_600);
    assert_eq!(submit_codes_at_once(&app, &person, &phone.recovery[4]).await, 1, "the others are as they were");
}

#[tokio::test]
async fn second_factor_guessing_is_limited_except_in_the_owners_browser() {
    let app = TestApp::start().await;
    let person = app.person(&member()).await;
    let phone = app.second_factor(&person).await;
    let owner = log_in_without_code(&app, &person).await;
    submit_code(&owner, &phone.next_code(&app)).await.expect_status(303);
    owner.post("/logout", &[]).await.expect_status(303);

    // Another session each time makes no difference.
    for _ in 0..10 {
        submit_code(&log_in_without_code(&app, &person).await, "000000").await.expect_status(422);
    }
    let slowed =
        submit_code(&log_in_without_code(&app, &person).await, &phone.next_code(&app)).await.expect_status(429);
    let again: u64 = slowed.header("retry-after").parse().unwrap();
    assert!((200..=300).contains(&again), "{again}");
    let fields = [("email", person.email.as_str()), ("password", PASSWORD), ("code", "000000")];
    app.client().post("/login", &fields).await.expect_status(429);

    owner.login(&person.email, PASSWORD).await.expect_status(303);
    submit_code(&owner, &phone.next_code(&app)).await.expect_status(303);
    app.state.clock.advance(300);
    submit_code(&log_in_without_code(&app, &person).await, &phone.next_code(&app)).await.expect_status(303);
}

async fn sign(launch: &Launch, code: &str) -> Answer {
    launch.sign(&launch.security, "security", "go", &[("code", code)]).await
}

#[tokio::test]
async fn signing_with_second_factor_needs_a_code_and_records_it() {
    let launch = Launch::payments().make().await;
    launch.resolve_all().await;
    let page = launch.security.get(&launch.path("go-no-go")).await;
    assert!(page.attribute("[name=code]", "id").is_none(), "who has none is not asked");
    let phone = launch.app.second_factor(&launch.security.person).await;
    let page = launch.security.get(&launch.path("go-no-go")).await;
    assert_eq!(page.attribute("[name=code]", "autocomplete").as_deref(), Some("one-time-code"));
    for wrong in ["", "000000"] {
        let answer = sign(&launch, wrong).await.expect_status(422);
        assert!(answer.attribute("[name=code][aria-invalid]", "id").is_some(), "{wrong}");
        assert!(answer.attribute("[name=password][aria-invalid]", "id").is_none(), "{wrong}");
        assert_eq!(answer.attribute("[name=code]", "value"), None);
    }
    let code = phone.next_code(&launch.app);
    let wrong = [("code", code.as_str()), ("password", "wrong")];
    launch.sign(&launch.security, "security", "go", &wrong).await.expect_status(422);
    sign(&launch, &code).await.expect_status(303);
    sign(&launch, &code).await.expect_status(422);
    let state = launch.state().await;
    let signature = &state.signatures.last().unwrap().record;
    assert_eq!(signature.proof, ProofMethod::PasswordAndTotp);

    let withdrawal = |code: String| {
        let path = format!("/signatures/{}/withdrawal", signature.id);
        let browser = launch.security.clone();
        async move { browser.post(&path, &[("comment", "wait"), ("password", PASSWORD), ("code", &code)]).await }
    };
    withdrawal(code).await.expect_status(422);
    withdrawal(phone.recovery[0].clone()).await.expect_status(303);
    sign(&launch, &phone.recovery[1]).await.expect_status(303);
    let last = launch.state().await.signatures.last().unwrap().record.proof;
    assert_eq!(last, ProofMethod::PasswordAndRecoveryCode);
    assert_eq!(launch.app.installation_log().await, ["proof_refused"; 4]);
}

#[tokio::test]
async fn signature_form_sent_twice_succeeds_with_one_code() {
    let launch = Launch::payments().make().await;
    let phone = launch.app.second_factor(&launch.security.person).await;
    let code = phone.next_code(&launch.app);
    let before = launch.state().await.seq;
    for _ in 0..2 {
        let once = [("code", code.as_str()), ("once", "6f1c5b1e-5a0e-4d0b-9a43-2f6f3f0c9a11")];
        launch.sign(&launch.security, "security", "go", &once).await.expect_status(303);
    }
    assert_eq!(launch.kinds_after(before).await, ["signed"]);
}

#[tokio::test]
async fn declaring_go_with_second_factor_needs_a_code() {
    let launch = Launch::payments().make().await;
    launch.resolve_all().await;
    launch.sign_all().await;
    let phone = launch.app.second_factor(&launch.owner.person).await;
    let decide = |code: String| {
        let (browser, path) = (launch.owner.clone(), launch.path("decision"));
        async move { browser.post(&path, &[("decision", "go"), ("password", PASSWORD), ("code", &code)]).await }
    };
    let question = decide(String::new()).await.expect_status(422);
    assert!(question.attribute("#declare [name=code][aria-invalid]", "id").is_some());
    decide(phone.next_code(&launch.app)).await.expect_status(303);
}

#[tokio::test]
async fn second_factor_removal_and_new_codes_need_password_and_code() {
    let app = TestApp::start().await;
    let person = app.person(&member()).await;
    let (client, elsewhere) = (app.session(&person).await, app.session(&person).await);
    let (renew, remove) = (format!("{PAGE}/recovery-codes"), format!("{PAGE}/removal"));
    for path in [&renew, &remove] {
        client.post(path, &[("password", PASSWORD)]).await.expect_status(409);
    }
    let phone = app.second_factor(&person).await;
    for path in [&renew, &remove] {
        client.post(path, &[("password", PASSWORD)]).await.expect_status(422);
        client.post(path, &[("password", PASSWORD), ("code", "000000")]).await.expect_status(422);
        client.post(path, &[("password", "wrong"), ("code", &phone.next_code(&app))]).await.expect_status(422);
    }
    let new = client.post(&renew, &[("password", PASSWORD), ("code", &phone.next_code(&app))]).await.expect_status(200);
    let codes = new.texts(".recovery-codes li");
    assert_eq!(codes.len(), 10);
    submit_code(&log_in_without_code(&app, &person).await, &phone.recovery[0]).await.expect_status(422);
    submit_code(&log_in_without_code(&app, &person).await, &codes[0]).await.expect_status(303);

    // A password change also needs a code.
    let change = [("password", PASSWORD), ("new_password", "copper lantern orchard")];
    let question = client.post("/account/password", &change).await.expect_status(422);
    assert!(question.attribute("[name=code][aria-invalid]", "id").is_some());

    assert_eq!(client.post(&remove, &[("password", PASSWORD), ("code", &codes[1])]).await.location(), PAGE);
    client.get("/account").await.expect_status(200);
    elsewhere.get("/account").await.expect_status(303);
    assert_eq!(app.client().login(&person.email, PASSWORD).await.location(), "/");
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM recovery_codes").fetch_one(&app.owner).await.unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn second_factor_is_removed_by_an_admin_for_others_only() {
    let app = TestApp::start().await;
    let (ann, mia) = (app.person(&admin()).await, app.person(&member()).await);
    let (anns, mias) = (app.session(&ann).await, app.session(&mia).await);
    let path = |person: &Person| format!("/admin/people/{}/second-factor/removal", person.id);
    anns.post(&path(&mia), &[]).await.expect_status(409);
    mias.get("/account").await.expect_status(200);
    app.second_factor(&mia).await;
    app.second_factor(&ann).await;
    mias.post(&path(&ann), &[]).await.expect_status(403);
    anns.post(&path(&ann), &[]).await.expect_status(409);
    assert!(anns.get("/admin").await.texts("[data-person] .chip").contains(&"second factor".to_owned()));
    anns.post(&path(&mia), &[]).await.expect_status(303);
    mias.get("/account").await.expect_status(303);
    assert_eq!(app.client().login(&mia.email, PASSWORD).await.location(), "/");
    assert_eq!(app.installation_log().await, ["second_factor_removed", "signed_in"]);
}

#[tokio::test]
async fn required_second_factor_must_be_set_up_before_anything_else() {
    let launch = Launch::payments().make().await;
    let ann = launch.app.person(&admin()).await;
    let admin = launch.app.session(&ann).await;
    admin.post("/admin/security/policy", &[("second_factor", "leads_and_admins")]).await.expect_status(303);
    admin.post("/admin/security/policy", &[("second_factor", "nonsense")]).await.expect_status(403);
    let log = launch.app.installation_log().await;
    assert_eq!(log, ["second_factor_policy_changed"]);

    for lead in [&launch.owner, &launch.security, &launch.operations, &admin] {
        assert_eq!(lead.get("/").await.location(), PAGE);
        assert_eq!(lead.get("/launches?q=a").await.location(), "/account/second-factor?next=%2Flaunches%3Fq%3Da");
        let json = lead.request(Method::GET, &launch.path("readiness.json")).header("accept", "application/json");
        Client::send(json).await.expect_status(403);
        assert!(lead.get(PAGE).await.expect_status(200).texts(".problem")[0].contains("requires a second factor"));
    }
    let before = launch.state().await.seq;
    assert!(
        launch.sign(&launch.security, "security", "go", &[]).await.expect_status(403).body.contains("second factor")
    );
    let hold = [("decision", "hold"), ("reason", "wait")];
    launch.owner.post(&launch.path("decision"), &hold).await.expect_status(403);
    admin.post(&format!("/admin/people/{}/deactivation", launch.member.person.id), &[]).await.expect_status(403);
    assert_eq!(launch.state().await.seq, before);
    assert_eq!(launch.app.installation_log().await, log);
    // People who are neither leads nor admins are not affected.
    launch.member.get("/").await.expect_status(200);
    launch.auditor.get("/").await.expect_status(200);

    // At the next sign-in the setup comes first, and leads on to the requested page.
    let sven = launch.app.client();
    let fields = [("email", launch.security.person.email.as_str()), ("password", PASSWORD), ("next", "/launches")];
    let first = sven.post("/login", &fields).await;
    let first = sven.get(first.location()).await;
    let page = sven.get(first.location()).await.expect_status(200);
    let (sealed, phone) = read_setup_page(&page);
    assert_eq!(page.attribute("[name=next]", "value").as_deref(), Some("/launches"));
    let fields = [
        ("secret", sealed.as_str()),
        ("password", PASSWORD),
        ("code", &phone.code(&launch.app)),
        ("next", "/launches"),
    ];
    let done = sven.post(PAGE, &fields).await.expect_status(200);
    assert_eq!(done.attribute("main a.button", "href").as_deref(), Some("/launches"));
    sven.get("/launches").await.expect_status(200);
    let code = phone.next_code(&launch.app);
    launch.sign(&sven, "security", "go", &[("code", &code)]).await.expect_status(303);

    // After removal, the setup is required again.
    let off = [("password", PASSWORD), ("code", &phone.next_code(&launch.app))];
    sven.post(&format!("{PAGE}/removal"), &off).await.expect_status(303);
    assert_eq!(sven.get("/").await.location(), PAGE);
    launch.app.second_factor(&launch.security.person).await;
    sven.get("/").await.expect_status(200);
}

#[tokio::test]
async fn launch_that_is_over_requires_no_second_factor() {
    let launch = Launch::payments().make().await;
    launch.app.require_second_factors().await;
    launch.owner.get("/").await.expect_status(303);
    sqlx::query("UPDATE launches SET stage = 'cancelled'").execute(&launch.app.owner).await.unwrap();
    launch.owner.get("/").await.expect_status(200);
    launch.security.get("/").await.expect_status(200);
}

#[tokio::test]
async fn second_factor_secret_in_another_row_or_key_cannot_be_decrypted() {
    let app = TestApp::start().await;
    let (mia, eve) = (app.person(&member()).await, app.person(&member().named("Eve")).await);
    app.second_factor(&mia).await;
    second_factor::check_key(&app.state).await.unwrap();
    let phone = app.second_factor(&eve).await;
    // Eve can write to the table, and replaces Mia's secret by her own.
    sqlx::query(
        "UPDATE second_factors SET secret = (SELECT secret FROM second_factors WHERE user_id = $1) WHERE user_id = $2",
    )
    .bind(eve.id)
    .bind(mia.id)
    .execute(&app.owner)
    .await
    .unwrap();
    submit_code(&log_in_without_code(&app, &mia).await, &phone.next_code(&app)).await.expect_status(500);

    // Another key is reported at the start.
    let mut config = app.state.config.clone();
    config.secret_key = EncryptionKey::from_hex(&"f".repeat(64));
    sqlx::query("DELETE FROM second_factors WHERE user_id = $1").bind(mia.id).execute(&app.owner).await.unwrap();
    let (db, redis, clock) = (app.state.db.clone(), app.state.redis.clone(), app.state.clock.clone());
    let blobs = signoff::blobs::Blobs::in_folder(&config.evidence_dir).unwrap();
    let other = signoff::state::AppState::new(config, db, redis, clock, blobs, app.key.clone());
    let message = format!("{:#}", second_factor::check_key(&other).await.unwrap_err());
    assert!(message.contains("SIGNOFF_SECRET_KEY") && message.contains("remove-second-factor"), "{message}");
    second_factor::check_key(&app.state).await.unwrap();
}
