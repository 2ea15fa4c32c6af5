//! Requests over every limit of size and number.

use std::time::Duration;

use reqwest::{
    Body, Method,
    multipart::{Form, Part},
};
use sha2::{Digest as _, Sha256};
use signoff::{
    access::password,
    ambient,
    web::route::{FORM_BYTES, SIGNED_IN_FORM_BYTES},
};

use crate::helpers::{
    Setting, TestApp,
    client::{Answer, Client},
    launch::Launch,
    member,
    people::PASSWORD,
};

/// A chunked body, without a declared length.
fn chunked_body(bytes: Vec<u8>) -> Body {
    let pieces: Vec<Result<Vec<u8>, std::io::Error>> = bytes.chunks(10_000).map(|piece| Ok(piece.to_vec())).collect();
    Body::wrap_stream(futures_util::stream::iter(pieces))
}

#[tokio::test]
async fn body_one_byte_over_the_limit_is_refused() {
    let launch = Launch::ledger().make().await;
    let notes = format!("/launches/{}/notes", launch.id);
    let most = usize::try_from(SIGNED_IN_FORM_BYTES).unwrap();
    let page = format!("{}/launches/{}", launch.app.state.config.public_url.origin(), launch.id);
    let send = |body: Body| {
        let request = launch.member.request(Method::POST, &notes).header("sec-fetch-site", "same-origin");
        let request = request.header("referer", &page);
        Client::send(request.header("content-type", "application/x-www-form-urlencoded").body(body))
    };
    let form = |bytes: usize| format!("notes={}", "x".repeat(bytes - 6)).into_bytes();
    for (bytes, status) in [(most, 422), (most + 1, 413)] {
        // A body within the limit is read, and its notes are then found to be too long; they come back in the form.
        let answer = send(form(bytes).into()).await.expect_status(status);
        if status == 413 {
            assert!(answer.texts("main .error-page[data-unanswered]")[0].contains("where it is still in the form"));
            let back = answer.attribute("main .error-page a.button", "href");
            assert_eq!(back.as_deref(), Some(&*format!("/launches/{}", launch.id)));
        } else {
            assert!(answer.texts("textarea[name=notes]")[0].len() > most - 100);
        }
        assert_eq!(send(chunked_body(form(bytes))).await.status, status, "{bytes} bytes, in pieces");
    }
    // Nobody can make the server read as much without an account.
    let stranger = launch.app.client();
    let login = async |bytes: usize| {
        let body = format!("email={}", "x".repeat(bytes - 6));
        let request = stranger.request(Method::POST, "/login").header("sec-fetch-site", "same-origin");
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        Client::send(request.body(body)).await.status
    };
    let most = usize::try_from(FORM_BYTES).unwrap();
    assert_eq!((login(most).await.as_u16(), login(most + 1).await.as_u16()), (422, 413));
    // A file of the largest size that this installation accepts, and of one byte more.
    let upload = async |bytes: usize| {
        let part = Part::stream(chunked_body(vec![b'x'; bytes])).file_name("large.log");
        launch.member.upload(&launch.item_path("required", "/evidence"), Form::new().part("files", part)).await
    };
    upload(1_000_001).await.expect_status(413);
    assert!(launch.item_state("required").await.evidence.is_empty());
    upload(1_000_000).await.expect_status(303);
    assert_eq!(launch.item_state("required").await.evidence.len(), 1);
}

#[tokio::test]
async fn multipart_form_with_ten_thousand_parts_is_refused() {
    let launch = Launch::ledger().make().await;
    let path = launch.item_path("required", "/evidence");
    let files = (0..10_000).map(|n| ("files", Some(n))).collect::<Vec<_>>();
    let answer = send(&launch, &path, &files).await.expect_status(422);
    assert!(answer.texts("#attach .error")[0].contains("at most 50"));
    assert!(launch.kinds().await.is_empty());
    assert_eq!(stored_files(&launch), 0, "no bytes stay");
    // Of a repeated field one value counts, and unknown fields are ignored; but not without end, as the headers of all
    // parts together have a limit.
    let fields = [("unknown", None), ("note", None)];
    send(&launch, &path, &fields.map(|part| vec![part; 10_000]).concat()).await.expect_status(400);
    assert!(launch.kinds().await.is_empty());
    send(&launch, &path, &fields.map(|part| vec![part; 40]).concat()).await.expect_status(303);
    assert_eq!(launch.kinds().await, ["evidence_attached"]);
    // The same number of fields in an ordinary form.
    let fields: Vec<(String, &str)> = (0..10_000).map(|n| (format!("field{n}"), "x")).collect();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    launch.member.post(&launch.item_path("required", "/comments"), &fields).await.expect_status(422);
    let items = vec![("item", "x"); 10_000];
    launch.member.post(&format!("/launches/{}/items", launch.id), &items).await.expect_status(404);
    assert_eq!(launch.kinds().await, ["evidence_attached"]);
}

/// Sends parts: fields, and files of these numbers. (The client's own forms with so many parts exhaust its stack.)
async fn send(launch: &Launch, path: &str, parts: &[(&str, Option<usize>)]) -> Answer {
    let part = |(name, file): &(&str, Option<usize>)| {
        let file = file.map_or_else(String::new, |n| format!("; filename=\"{n}.txt\""));
        format!("--part\r\ncontent-disposition: form-data; name=\"{name}\"{file}\r\n\r\nx\r\n")
    };
    let body = format!("{}--part--\r\n", parts.iter().map(part).collect::<String>());
    let request = launch.member.request(Method::POST, path).header("sec-fetch-site", "same-origin");
    Client::send(request.header("content-type", "multipart/form-data; boundary=part").body(body)).await
}

/// The number of files in the evidence store.
fn stored_files(launch: &Launch) -> usize {
    fn count(folder: &std::path::Path) -> usize {
        let all = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        all.map(|path| if path.is_dir() { count(&path) } else { 1 }).sum()
    }
    count(&launch.app.state.config.evidence_dir)
}

#[tokio::test]
async fn uploads_over_the_rate_limit_are_refused() {
    let launch = Launch::ledger().make().await;
    let path = launch.item_path("required", "/evidence");
    let send = |note: &'static str| launch.other.upload(&path, Form::new().text("note", note));
    // Some are still accepted before the limit is reached.
    let mut sent = 0;
    while send(" ").await.status == 422 {
        sent += 1;
    }
    assert!((600..800).contains(&sent), "{sent}");
    launch.app.state.clock.advance(1);
    send("n").await.expect_status(303);
}

/// Changing the forwarded client address gives nobody a fresh bucket, with or without trusted proxies.
#[tokio::test]
async fn rate_limit_ignores_a_forged_client_address() {
    for trusted in ["", "127.0.0.1"] {
        let set = vec![("SIGNOFF_TRUSTED_PROXIES", trusted.to_owned())];
        let app = TestApp::start_with(Setting { set, ..Setting::default() }).await;
        let person = app.person(&member()).await;
        let guess = async |password: &str, made_up: usize, proxy: &str| {
            let form = [("email", person.email.as_str()), ("password", password)];
            let request = app.client().form("/login", &form).header("sec-fetch-site", "same-origin");
            let (one, other) = (format!("198.51.100.{made_up}"), format!("198.51.100.{made_up}, {proxy}"));
            let request = ["x-real-ip", "true-client-ip", "cf-connecting-ip", "x-client-ip", "x-forwarded"]
                .into_iter()
                .fold(request, |request, name| request.header(name, &one));
            Client::send(request.header("forwarded", format!("for={one}")).header("x-forwarded-for", other)).await
        };
        for made_up in 0..10 {
            guess("guess", made_up, "203.0.113.9").await.expect_status(422);
        }
        guess(PASSWORD, 99, "203.0.113.9").await.expect_status(429);
        // With a trusted proxy, the address it reports counts as the client's; without one, no reported address counts.
        let other = guess(PASSWORD, 99, "203.0.113.10").await;
        assert_eq!(other.status.as_u16(), if trusted.is_empty() { 429 } else { 303 }, "{trusted:?}");
    }
}

/// The shortest measured time, which an attacker who measures would use too.
#[derive(Clone, Copy)]
struct Quickest(Duration);

impl Quickest {
    const fn new() -> Self {
        Self(Duration::MAX)
    }

    async fn measure<T>(&mut self, work: impl Future<Output = T>) {
        let begun = ambient::monotonic_now();
        work.await;
        self.0 = self.0.min(begun.elapsed());
    }
}

/// One account is attacked from many addresses, as a botnet can do.
#[tokio::test]
async fn sign_in_from_many_addresses_is_limited_for_the_account() {
    let set = vec![("SIGNOFF_TRUSTED_PROXIES", "127.0.0.1".to_owned())];
    let app = TestApp::start_with(Setting { set, ..Setting::default() }).await;
    let person = app.person(&member()).await;
    let known = app.client();
    known.login(&person.email, PASSWORD).await.expect_status(303);
    known.post("/logout", &[]).await.expect_status(303);
    let guess = async |email: &str, from: String| {
        let form = [("email", email), ("password", "a guess")];
        let request = app.client().form("/login", &form).header("sec-fetch-site", "same-origin");
        Client::send(request.header("x-forwarded-for", from)).await.status.as_u16()
    };
    // An existing and an unknown account answer alike, from any address.
    for email in [person.email.as_str(), "nobody@example.org"] {
        let mut statuses = Vec::new();
        for n in 0..40 {
            let from = if n % 2 == 0 { format!("203.0.113.{n}") } else { format!("2001:db8:{n:x}::1") };
            statuses.push(guess(email, from).await);
        }
        assert_eq!(statuses, [vec![422; 30], vec![429; 10]].concat(), "{email}");
    }
    // Another account is not affected, and the owner signs in from the known browser.
    assert_eq!(guess("another@example.org", "203.0.113.1".to_owned()).await, 422);
    known.login(&person.email, PASSWORD).await.expect_status(303);
}

/// Many accounts are attacked from one IPv6 site, which has 65,536 networks.
#[tokio::test]
async fn sign_in_from_one_ipv6_site_is_limited_over_its_networks() {
    let set = vec![("SIGNOFF_TRUSTED_PROXIES", "127.0.0.1".to_owned())];
    let app = TestApp::start_with(Setting { set, ..Setting::default() }).await;
    let guess = async |n: usize, from: String| {
        let email = format!("nobody{n}@example.org");
        let form = [("email", email.as_str()), ("password", "a guess")];
        let request = app.client().form("/login", &form).header("sec-fetch-site", "same-origin");
        Client::send(request.header("x-forwarded-for", from)).await.status.as_u16()
    };
    let mut passed = 0;
    while guess(passed, format!("2001:db8:7:{passed:x}::1")).await == 422 {
        passed += 1;
        assert!(passed < 400, "no limit");
    }
    // One more attempt is accepted every two seconds.
    assert!((300..400).contains(&passed), "{passed}");
    assert_eq!(guess(1_000, "2001:db8:8::1".to_owned()).await, 422, "another site");
}

/// If the answer waited for its log entry, its time would reveal whether the account exists, since only a few refusals
/// are logged singly.
#[tokio::test]
async fn refused_sign_in_answers_without_waiting_for_the_log() {
    let app = TestApp::start().await;
    let person = app.person(&member()).await;
    let mut locked = app.owner.begin().await.unwrap();
    sqlx::query("SELECT size FROM installation_log FOR UPDATE").execute(&mut *locked).await.unwrap();
    for email in [person.email.as_str(), "nobody@example.org"] {
        app.client().login(email, "a wrong password").await.expect_status(422);
    }
    locked.rollback().await.unwrap();
    assert_eq!(app.installation_log().await, ["proof_refused"; 2]);
}

#[tokio::test]
async fn refused_sign_in_is_logged_with_a_commitment_to_the_address() {
    let app = TestApp::start().await;
    app.client().login("nobody@example.org", "a wrong password").await.expect_status(422);
    let entries = app.installation_entries(&["proof_refused"]).await;
    let committed = entries[0]["event"]["address"].as_str().unwrap();
    let (commitment, salt, value): (Vec<u8>, Vec<u8>, String) =
        sqlx::query_as("SELECT commitment, salt, value FROM refusal_addresses").fetch_one(&app.owner).await.unwrap();
    assert_eq!((hex::encode(&commitment), value.as_str()), (committed.to_owned(), "127.0.0.1"));
    assert_eq!(commitment, Sha256::digest([salt.as_slice(), value.as_bytes()].concat()).to_vec());
    assert!(!entries[0].to_string().contains("127.0.0.1"), "the entry is for ever, the address need not be");
    // The next refusal after ninety days deletes the address.
    app.state.clock.advance(91 * 86_400);
    app.client().login("nobody@example.org", "a wrong password").await.expect_status(422);
    app.wait_for_background_work().await;
    let stored: i64 = sqlx::query_scalar("SELECT count(*) FROM refusal_addresses").fetch_one(&app.owner).await.unwrap();
    assert_eq!(stored, 1);
}

#[tokio::test]
async fn login_with_unknown_address_takes_as_long_as_wrong_password() {
    let set = vec![("SIGNOFF_TRUSTED_PROXIES", "127.0.0.1".to_owned())];
    let app = TestApp::start_with(Setting { set, ..Setting::default() }).await;
    let person = app.person(&member()).await;
    let guess = async |email: &str, n: usize| {
        let form = [("email", email), ("password", "a wrong password")];
        let request = app.client().form("/login", &form).header("sec-fetch-site", "same-origin");
        Client::send(request.header("x-forwarded-for", format!("203.0.113.{n}"))).await.expect_status(422)
    };
    // The entries that are logged singly are used up for unknown addresses, but not for the account.
    for n in 0..12 {
        guess("somebody@example.org", n).await;
    }
    // Hashed with the program's own parameters, not the fast ones of tests.
    let hash = password::check_and_hash("velvet harbour compass", &[]).await.unwrap().unwrap();
    sqlx::query("UPDATE users SET password_hash = $1").bind(hash.as_str()).execute(&app.owner).await.unwrap();
    let (mut known, mut unknown, mut hashing) = (Quickest::new(), Quickest::new(), Quickest::new());
    // Alternate the cases, so that other load on the machine affects all of them alike.
    for n in 0..20 {
        known.measure(guess(&person.email, n)).await;
        unknown.measure(guess("nobody@example.org", n)).await;
        hashing.measure(password::verify("a wrong password", Some(hash.as_str().to_owned()))).await;
    }
    let apart = known.0.abs_diff(unknown.0);
    assert!(apart < hashing.0 / 2, "{:?} and {:?}, where hashing takes {:?}", known.0, unknown.0, hashing.0);
}
