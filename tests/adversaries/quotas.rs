//! Quotas: what one person may use at most, by any route.

use std::time::Duration;

use futures_util::StreamExt as _;
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::helpers::{Setting, client::Answer, launch::Launch, people::PASSWORD};

async fn make_launch(set: &[(&'static str, &str)]) -> Launch {
    let set = set.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    Launch::ledger().setting(Setting { set, ..Setting::default() }).make().await
}

#[tokio::test]
async fn changes_over_the_rate_limit_are_refused_and_keep_typed_text() {
    let launch = make_launch(&[("SIGNOFF_CHANGES_PER_MINUTE", "6")]).await;
    let (path, notes) = (launch.item_path("required", "/comments"), format!("/launches/{}/notes", launch.id));
    for n in 0..6 {
        let (path, field) = if n % 2 == 0 { (&path, "body") } else { (&notes, "notes") };
        launch.member.post(path, &[(field, &format!("Remark {n}"))]).await.expect_status(303);
    }
    let typed = [
        ("body", "A long <remark>"),
        ("once", "00000000-0000-4000-8000-00000000000a"),
        ("password", "not to be shown"),
    ];
    let answer = launch.member.post(&path, &typed).await.expect_status(429);
    assert!((1..=10).contains(&answer.header("retry-after").parse::<u32>().unwrap()), "{answer:?}");
    assert_eq!(answer.texts("textarea[name=body]"), ["A long <remark>"]);
    assert_eq!(answer.attribute("main form", "action"), Some(path.clone()));
    assert!(!answer.body.contains("not to be shown"));
    // A script gets its answer as JSON; reading, signing in and other people are not affected.
    let request = launch.member.form(&path, &typed).header("sec-fetch-site", "same-origin");
    let json_answer =
        crate::helpers::client::Client::send(request.header("accept", "application/json")).await.expect_status(429);
    assert!(json_answer.body.starts_with('{'), "{}", json_answer.body);
    launch.member.get(&launch.item_path("required", "")).await.expect_status(200);
    launch.other.post(&path, &[("body", "Mine")]).await.expect_status(303);
    launch.app.state.clock.advance(10);
    launch.member.post(&path, &typed).await.expect_status(303);
    launch.member.post(&path, &typed).await.expect_status(429);
}

#[tokio::test]
async fn live_streams_per_person_are_limited_until_one_closes() {
    for shared in [false, true] {
        assert_streams_are_limited(shared).await;
    }
}

/// Streams of one launch, or the shared stream for all launches that a browser shows.
async fn assert_streams_are_limited(shared: bool) {
    let launch = make_launch(&[("SIGNOFF_STREAMS_PER_PERSON", "2")]).await;
    let seq = launch.state().await.seq;
    let path =
        if shared { format!("/live?launch={}.{seq}.0", launch.id) } else { format!("/launches/{}/live", launch.id) };
    let open = async || launch.member.request(Method::GET, &path).send().await.unwrap();
    let (one, _two) = (open().await, open().await);
    assert_eq!((one.status().as_u16(), _two.status().as_u16()), (200, 200));
    let refused = launch.member.get(&path).await.expect_status(429);
    assert_eq!(refused.header("retry-after"), "30");
    assert_eq!(launch.other.request(Method::GET, &path).send().await.unwrap().status(), 200);
    drop(one);
    // The server notices soon, not at once, that a client has left.
    let again = tokio::time::timeout(Duration::from_secs(60), async {
        loop {
            let answer = open().await;
            if answer.status() == 200 {
                return answer;
            }
        }
    });
    let mut again = again.await.expect("there is room again").bytes_stream();
    launch.send_mark(&launch.other, "required", "done", "").await.expect_status(303);
    assert!(again.next().await.is_some());
}

#[tokio::test]
async fn simultaneous_uploads_per_person_are_limited() {
    let launch = make_launch(&[("SIGNOFF_UPLOADS_PER_PERSON", "1")]).await;
    let path = launch.item_path("required", "/evidence");
    let body = "--part\r\ncontent-disposition: form-data; name=\"note\"\r\n\r\nseen\r\n--part--\r\n";
    let mut half = TcpStream::connect(launch.app.address).await.unwrap();
    // The server answers "continue" when it begins to read the body; by then it has counted the upload.
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {}\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\n\
         Expect: 100-continue\r\nContent-Type: multipart/form-data; boundary=part\r\nContent-Length: {}\r\n\r\n",
        launch.member.cookies(),
        body.len(),
    );
    half.write_all(head.as_bytes()).await.unwrap();
    let mut interim = [0; b"HTTP/1.1 100 Continue\r\n\r\n".len()];
    half.read_exact(&mut interim).await.unwrap();
    assert_eq!(interim, *b"HTTP/1.1 100 Continue\r\n\r\n");
    let send = |who: &crate::helpers::client::Client| {
        let (who, path) = (who.clone(), path.clone());
        async move { who.upload(&path, Form::new().text("note", " ")).await }
    };
    let typed = Form::new().text("text", "Seen by me").text("password", "secret");
    let refused = launch.member.upload(&path, typed).await.expect_status(429);
    assert!(refused.body.contains("too many files at once"));
    assert_eq!(refused.texts("main textarea[readonly]"), ["Seen by me"]);
    send(&launch.other).await.expect_status(422);
    half.write_all(body.as_bytes()).await.unwrap();
    let mut answer = String::new();
    half.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    send(&launch.member).await.expect_status(422);
}

#[tokio::test]
async fn evidence_bytes_per_person_are_limited_daily_and_in_total() {
    let launch = make_launch(&[("SIGNOFF_EVIDENCE_DAY_MB", "1"), ("SIGNOFF_EVIDENCE_TOTAL_MB", "2")]).await;
    let path = launch.item_path("required", "/evidence");
    let send = async |kilobytes: usize| -> Answer {
        let file = Part::bytes(vec![b'x'; kilobytes * 1_000]).file_name("a.log");
        launch.member.upload(&path, Form::new().part("files", file).text("note", "Seen by me")).await
    };
    send(900).await.expect_status(303);
    let refused = send(200).await.expect_status(413);
    let error = refused.texts("#attach .error").join(" ");
    assert!(error.contains("1 MB of evidence in a day"), "{error}");
    assert_eq!(refused.texts("#attach textarea[name=text]"), ["Seen by me"]);
    send(100).await.expect_status(303);
    // Evidence without a file has no size, and other people's evidence is not counted.
    launch.member.upload(&path, Form::new().text("note", "Only a note")).await.expect_status(303);
    let file = Part::bytes(vec![b'x'; 900_000]).file_name("a.log");
    launch.other.upload(&path, Form::new().part("files", file)).await.expect_status(303);
    launch.app.state.clock.advance(24 * 3_600);
    launch.member.login("mia.member@example.org", PASSWORD).await.expect_status(303);
    send(900).await.expect_status(303);
    launch.app.state.clock.advance(24 * 3_600);
    launch.member.login("mia.member@example.org", PASSWORD).await.expect_status(303);
    let error = send(200).await.expect_status(413).texts("#attach .error").join(" ");
    assert!(error.contains("2 MB of evidence in all"), "{error}");
    assert_eq!(launch.kinds().await.iter().filter(|kind| *kind == "evidence_attached").count(), 2 + 2 + 1 + 1 + 2);
}

#[tokio::test]
async fn simultaneous_uploads_share_one_evidence_quota() {
    let launch = make_launch(&[("SIGNOFF_EVIDENCE_DAY_MB", "1")]).await;
    let path = launch.item_path("required", "/evidence");
    let send = || async {
        let file = Part::bytes(vec![b'x'; 400_000]).file_name("a.log");
        launch.member.upload(&path, Form::new().part("files", file)).await.status.as_u16()
    };
    let mut statuses = futures_util::future::join_all((0..6).map(|_| send())).await;
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 303, 413, 413, 413, 413]);
    // A refused upload stores nothing and is not counted, also when the launch refuses it.
    launch.cancel().await;
    for _ in 0..5 {
        assert_eq!(send().await, 413, "no room");
    }
    let file = || Part::bytes(vec![b'x'; 150_000]).file_name("b.log");
    for _ in 0..5 {
        launch.member.upload(&path, Form::new().part("files", file())).await.expect_status(409);
    }
}
